//! TXT records at `_mta-sts` (RFC 8461 §3.1) and `_smtp._tls` (RFC 8460 §3): joined octets to fields with spans.
//! Never fails, loses no byte. The strict grammars stand below, under the names of the RFCs.

use super::grammar::{ext_name, is_whole, is_wsp, wsp};
use crate::span::Span;
use alloc::vec::Vec;
use nom::{
    IResult, Parser,
    branch::alt,
    bytes::complete::{tag, take_till, take_while, take_while_m_n},
    character::complete::char,
    combinator::{eof, not, opt, peek, recognize},
    multi::{many0_count, many1_count},
    sequence::{preceded, terminated},
};

/// The most octets of a record that are read: no TXT record can hold more (RFC 1035 §3.2.1, RDLENGTH).
pub const MAX_RECORD: usize = 65_535;

/// The fields of one record. They and [`RecordText::excess`] tile the joined octets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordText {
    /// The fields, in order; what stands where the version should is the first.
    pub fields: Vec<Field>,
    /// What lies beyond [`MAX_RECORD`] and was not read.
    pub excess: Span,
}

/// One field. Its parts, in order and without gaps: indent, name, gap, equals sign, value, trailing white space, delimiter.
///
/// A field without `=` is all value: its name, gap and equals sign are empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field {
    start: u32,
    name: u32,
    gap: u32,
    equals: u32,
    value: u32,
    trailing: u32,
    delim: u32,
    end: u32,
}

impl Field {
    /// The field with the delimiter after it.
    #[must_use]
    pub const fn span(&self) -> Span {
        Span::new(self.start, self.end)
    }
    /// From the first octet of the name to the last of the value.
    #[must_use]
    pub const fn content(&self) -> Span {
        Span::new(self.name, self.trailing)
    }
    /// White space before the name. Only the first field can have it; elsewhere it belongs to the delimiter before.
    #[must_use]
    pub const fn indent(&self) -> Span {
        Span::new(self.start, self.name)
    }
    /// The name.
    #[must_use]
    pub const fn name(&self) -> Span {
        Span::new(self.name, self.gap)
    }
    /// White space between the name and the equals sign.
    #[must_use]
    pub const fn gap(&self) -> Span {
        Span::new(self.gap, self.equals)
    }
    /// The equals sign; empty if there is none.
    #[must_use]
    pub const fn equals(&self) -> Span {
        Span::new(self.equals, self.value)
    }
    /// What follows the equals sign, leading white space included.
    #[must_use]
    pub const fn value(&self) -> Span {
        Span::new(self.value, self.trailing)
    }
    /// White space at the end of the record, which no delimiter takes.
    #[must_use]
    pub const fn trailing(&self) -> Span {
        Span::new(self.trailing, self.delim)
    }
    /// `sts-field-delim`: the semicolon and the white space around it; empty at the end of the record.
    #[must_use]
    pub const fn delim(&self) -> Span {
        Span::new(self.delim, self.end)
    }
    /// All parts in order; together they are [`Field::span`].
    #[must_use]
    pub const fn parts(&self) -> [Span; 7] {
        [self.indent(), self.name(), self.gap(), self.equals(), self.value(), self.trailing(), self.delim()]
    }
}

/// Splits the joined octets of a record into fields. Every input has a result.
///
/// ```
/// let text = b"v=STSv1; id=2024";
/// let record = mta_sts::parse::record(text);
/// assert_eq!(record.fields[1].name().of(text), b"id");
/// assert_eq!(record.fields[1].value().of(text), b"2024");
/// ```
#[must_use]
pub fn record(input: &[u8]) -> RecordText {
    let read = &input[..input.len().min(MAX_RECORD)];
    let mut fields = Vec::new();
    let mut rest = read;
    while !rest.is_empty() {
        let start = (read.len() - rest.len()) as u32;
        let Ok((after, field)) = field(rest, start) else { break };
        fields.push(field);
        rest = after;
    }
    RecordText { fields, excess: Span::new(read.len() as u32, input.len() as u32) }
}

/// One field and its delimiter, at the offset `start`.
fn field(i: &[u8], start: u32) -> IResult<&[u8], Field> {
    let (rest, (indent, body)) = (wsp, take_till(|b| b == b';')).parse(i)?;
    let content = body.len() - body.iter().rev().take_while(|b| is_wsp(**b)).count();
    let (body, space) = body.split_at(content);
    let (rest, semicolon) = opt(recognize((char(';'), wsp))).parse(rest)?;
    let name = start + indent.len() as u32;
    let (gap, equals, value) = match body.iter().position(|b| *b == b'=') {
        Some(at) => {
            let gap = body[..at].iter().rev().take_while(|b| is_wsp(**b)).count();
            ((at - gap) as u32, at as u32, at as u32 + 1)
        }
        None => (0, 0, 0),
    };
    let trailing = name + body.len() as u32;
    let delim = trailing + if semicolon.is_none() { space.len() as u32 } else { 0 };
    let end = start + (i.len() - rest.len()) as u32;
    let field = Field {
        start,
        name,
        gap: name + gap,
        equals: name + equals,
        value: name + value,
        trailing,
        delim,
        end,
    };
    Ok((rest, field))
}

/// `sts-text-record`, the whole of `i` (RFC 8461 §3.1).
pub fn is_sts_text_record(i: &[u8]) -> bool {
    is_whole(recognize((sts_version, many1_count((sts_field_delim, sts_field)), opt(sts_field_delim))), i)
}

/// `sts-version`: a case-sensitive literal (RFC 7405).
pub fn sts_version(i: &[u8]) -> IResult<&[u8], &[u8]> {
    tag("v=STSv1").parse(i)
}

/// `sts-field-delim` (RFC 8461 §3.1), `field-delim` (RFC 8460 §3): a semicolon with any spaces and tabs around it.
pub fn sts_field_delim(i: &[u8]) -> IResult<&[u8], &[u8]> {
    recognize((wsp, char(';'), wsp)).parse(i)
}

/// `sts-field`. An `id=` that `sts-id` does not take to its end may still be an extension of that name.
pub fn sts_field(i: &[u8]) -> IResult<&[u8], &[u8]> {
    alt((terminated(recognize((tag("id="), sts_id)), field_end), sts_extension)).parse(i)
}

/// The value of `sts-id`: 1 to 32 letters and digits.
pub fn sts_id(i: &[u8]) -> IResult<&[u8], &[u8]> {
    take_while_m_n(1, 32, |b: u8| b.is_ascii_alphanumeric()).parse(i)
}

/// `sts-extension`, `tlsrpt-extension`.
pub fn sts_extension(i: &[u8]) -> IResult<&[u8], &[u8]> {
    recognize((ext_name, char('='), sts_ext_value)).parse(i)
}

/// `sts-ext-value`, `tlsrpt-ext-value`: visible ASCII without `=` and `;`.
pub fn sts_ext_value(i: &[u8]) -> IResult<&[u8], &[u8]> {
    take_while_m_n(1, MAX_RECORD, is_ext_value_octet).parse(i)
}

/// An octet of `sts-ext-value`: `%x21-3A / %x3C / %x3E-7E`.
#[must_use]
pub const fn is_ext_value_octet(byte: u8) -> bool {
    byte.is_ascii_graphic() && !matches!(byte, b'=' | b';')
}

/// Where a field ends: before a delimiter, or with the record.
fn field_end(i: &[u8]) -> IResult<&[u8], &[u8]> {
    peek(alt((sts_field_delim, eof))).parse(i)
}

/// `tlsrpt-record`, the whole of `i` (RFC 8460 §3).
pub fn is_tlsrpt_record(i: &[u8]) -> bool {
    let fields = many1_count((sts_field_delim, tlsrpt_field));
    is_whole(recognize((tlsrpt_version, fields, opt(sts_field_delim))), i)
}

/// `tlsrpt-version`: a case-sensitive literal.
pub fn tlsrpt_version(i: &[u8]) -> IResult<&[u8], &[u8]> {
    tag("v=TLSRPTv1").parse(i)
}

/// `tlsrpt-field`.
pub fn tlsrpt_field(i: &[u8]) -> IResult<&[u8], &[u8]> {
    alt((terminated(recognize((tag("rua="), tlsrpt_rua)), field_end), sts_extension)).parse(i)
}

/// The value of `tlsrpt-rua`: URIs, parted by commas with any spaces and tabs around them.
pub fn tlsrpt_rua(i: &[u8]) -> IResult<&[u8], &[u8]> {
    recognize((tlsrpt_uri, many0_count((wsp, char(','), wsp, tlsrpt_uri)))).parse(i)
}

/// `tlsrpt-uri`: `URI` of RFC 3986 §3, without the comma, exclamation point and semicolon that RFC 8460 §3
/// wants percent-encoded.
pub fn tlsrpt_uri(i: &[u8]) -> IResult<&[u8], &[u8]> {
    let query = || many0_count(alt((pchar, tag("/"), tag("?"))));
    let path = many0_count(alt((pchar, tag("/"))));
    recognize((
        scheme,
        char(':'),
        // A path does not begin with two slashes: what follows them is an authority.
        alt((recognize((tag("//"), authority)), recognize(not(tag("//"))))),
        path,
        opt((char('?'), query())),
        opt((char('#'), query())),
    ))
    .parse(i)
}

/// `scheme` (RFC 3986 §3.1).
pub fn scheme(i: &[u8]) -> IResult<&[u8], &[u8]> {
    recognize((
        take_while_m_n(1, 1, |b: u8| b.is_ascii_alphabetic()),
        take_while(|b: u8| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.')),
    ))
    .parse(i)
}

/// `authority` (RFC 3986 §3.2), up to the slash, question mark or number sign that ends it.
fn authority(i: &[u8]) -> IResult<&[u8], &[u8]> {
    let name = || recognize(many0_count(alt((unreserved, pct_encoded))));
    let userinfo = recognize(many0_count(alt((unreserved, pct_encoded, tag(":")))));
    let literal_octet = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b':' | b'.');
    let ip_literal = recognize((char('['), take_while_m_n(1, 64, literal_octet), char(']')));
    let port = preceded(char(':'), take_while(|b: u8| b.is_ascii_digit()));
    let end = peek(alt((eof, recognize(nom::character::complete::one_of("/?#, \t;")))));
    recognize((opt((userinfo, char('@'))), alt((ip_literal, name())), opt(port), end)).parse(i)
}

/// `pchar` (RFC 3986 §3.3), as far as RFC 8460 §3 lets it stand.
fn pchar(i: &[u8]) -> IResult<&[u8], &[u8]> {
    alt((unreserved, pct_encoded, tag(":"), tag("@"))).parse(i)
}

/// `unreserved` and those of `sub-delims` that need no encoding here; at least one.
fn unreserved(i: &[u8]) -> IResult<&[u8], &[u8]> {
    let taken = |b: u8| {
        b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_' | b'~' | b'$' | b'&'..=b'+' | b'=')
    };
    take_while_m_n(1, MAX_RECORD, taken).parse(i)
}

/// `pct-encoded` (RFC 3986 §2.1).
pub fn pct_encoded(i: &[u8]) -> IResult<&[u8], &[u8]> {
    preceded(peek(char('%')), recognize((char('%'), take_while_m_n(2, 2, |b: u8| b.is_ascii_hexdigit()))))
        .parse(i)
}

#[cfg(test)]
mod tests {
    use super::{is_sts_text_record, is_tlsrpt_record, is_whole, record, tlsrpt_rua};

    #[test]
    fn fields_tile_the_record() {
        for (text, parts) in [
            ("", &[][..]),
            ("v=STSv1;", &["v=STSv1|;"]),
            ("v=STSv1; id=1", &["v=STSv1|; ", "id=1|"]),
            (" v = STSv1 ;\tid= 1 \t", &["v = STSv1| ;\t", "id= 1|"]), // trailing space belongs to no delimiter
            (";; x", &["|;", "|; ", "x|"]),
            ("  ", &["|"]),
            ("a=b=c;", &["a=b=c|;"]), // the first `=` parts name and value
        ] {
            let read = record(text.as_bytes());
            let mut at = 0;
            for part in read.fields.iter().flat_map(super::Field::parts) {
                assert_eq!(part.start, at, "{text:?}");
                at = part.end;
            }
            assert_eq!(at as usize, text.len(), "{text:?}");
            let str =
                |span: crate::span::Span| String::from_utf8_lossy(span.of(text.as_bytes())).into_owned();
            let shown: Vec<String> =
                read.fields.iter().map(|f| format!("{}|{}", str(f.content()), str(f.delim()))).collect();
            assert_eq!(shown, parts, "{text:?}");
        }
    }

    #[test]
    fn what_no_record_can_hold_is_not_read() {
        let text = vec![b';'; super::MAX_RECORD + 5];
        let read = record(&text);
        assert_eq!(read.excess.len(), 5);
        assert_eq!(read.fields.last().map(|field| field.span().end), Some(read.excess.start));
    }

    #[test]
    fn the_strict_grammar_of_mta_sts() {
        for (text, expected) in [
            ("v=STSv1; id=1", true),
            ("v=STSv1 ;id=1", true), // in the ABNF; the prefix rule is not the grammar's
            ("v=STSv1;", false),     // at least one field
            ("v=STSv1; id=1;;", false),
            ("v=STSv1; id=1 ", false),       // white space belongs to delimiters
            ("v=STSv1; id=1; id=a-b", true), // an extension named `id`
            ("v=STSv1; id=a b", false),      // nor is it an extension
        ] {
            assert_eq!(is_sts_text_record(text.as_bytes()), expected, "{text}");
        }
    }

    #[test]
    fn the_strict_grammar_of_rua() {
        for (rua, expected) in [
            ("mailto:tls@example.com", true),
            ("mailto:a@example.com , https://example.com/r", true),
            ("https://example.com:443/a?b=c&d=/?#e", true),
            ("https://user:pw@[2001:db8::1]/", true),
            ("https://[2001:db8::1/", false),     // the bracket is not closed
            ("https://example.com:port/", false), // a port is digits
            ("mailto:a[b@example.com", false),    // brackets only around an address of a host
            ("mailto:a%2Cb@example.com", true),
            ("mailto:a%2@example.com", false), // half an octet
            ("mailto:tls@example.com!10m", false),
            ("https://example.com/a#b#c", false), // one fragment
            (" mailto:tls@example.com", false),
        ] {
            assert_eq!(is_whole(tlsrpt_rua, rua.as_bytes()), expected, "{rua}");
        }
    }

    #[test]
    fn the_strict_grammar_of_tlsrpt() {
        for (text, expected) in [
            ("v=TLSRPTv1; rua=mailto:a@example.com; x=1;", true),
            ("v=TLSRPTv1; rua=a@example.com", true), // an extension named `rua`
            ("v=TLSRPTv1; rua=a b", false),          // nor is it an extension
            ("v=TLSRPTv1;", false),
        ] {
            assert_eq!(is_tlsrpt_record(text.as_bytes()), expected, "{text}");
        }
    }
}
