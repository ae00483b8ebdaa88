//! Productions that the policy and the records share, under their names in the RFCs.

use nom::{
    IResult, Parser,
    branch::alt,
    bytes::complete::{tag, take_while, take_while_m_n},
    character::complete::char,
    combinator::recognize,
    multi::many1_count,
};

/// `WSP` (RFC 5234 B.1): one space or tab.
#[must_use]
pub const fn is_wsp(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

/// `*WSP`.
pub fn wsp(i: &[u8]) -> IResult<&[u8], &[u8]> {
    take_while(is_wsp).parse(i)
}

/// `sts-policy-field-delim` (RFC 8461 §3.2): a colon, then any spaces and tabs.
pub fn sts_policy_field_delim(i: &[u8]) -> IResult<&[u8], &[u8]> {
    recognize((char(':'), wsp)).parse(i)
}

/// `sts-policy-term` (RFC 8461 §3.2, erratum 6253): LF or CRLF.
pub fn sts_policy_term(i: &[u8]) -> IResult<&[u8], &[u8]> {
    alt((tag("\n"), tag("\r\n"))).parse(i)
}

/// What stands where a `sts-policy-term` should and is none: carriage returns that no rule of the
/// grammar takes (`CR`, `CR CR LF`, `LF CR`). Read as one line end, so that the lines after it are still judged.
pub fn stray_cr(i: &[u8]) -> IResult<&[u8], &[u8]> {
    alt((
        recognize((many1_count(char('\r')), char('\n'))),
        recognize((tag("\n"), many1_count(char('\r')))),
        recognize(many1_count(char('\r'))),
    ))
    .parse(i)
}

/// Where a line ends, however it ends: [`sts_policy_term`] or [`stray_cr`].
pub fn line_end(i: &[u8]) -> IResult<&[u8], &[u8]> {
    match i {
        // `LF CR` is a stray CR too, but only where the CR is not the first half of the next line's CRLF.
        [b'\n', b'\r', b'\n', ..] => sts_policy_term(i),
        [b'\n', b'\r', ..] => stray_cr(i),
        _ => alt((sts_policy_term, stray_cr)).parse(i),
    }
}

/// `sts-policy-ext-name`, `sts-ext-name` (RFC 8461 §3.1, §3.2) and `tlsrpt-ext-name` (RFC 8460 §3):
/// a letter or digit, then up to 31 letters, digits, `_`, `-`, `.`.
pub fn ext_name(i: &[u8]) -> IResult<&[u8], &[u8]> {
    recognize((
        take_while_m_n(1, 1, |b: u8| b.is_ascii_alphanumeric()),
        take_while_m_n(0, 31, |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.')),
    ))
    .parse(i)
}

/// Whether `parser` takes all of `text` and leaves nothing.
pub fn is_whole<'a, P>(mut parser: P, text: &'a [u8]) -> bool
where
    P: Parser<&'a [u8], Output = &'a [u8], Error = nom::error::Error<&'a [u8]>>,
{
    matches!(parser.parse(text), Ok((b"", _)))
}
