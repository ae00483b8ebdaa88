//! The text of a policy (RFC 8461 §3.2): bytes to lines with spans. Never fails, loses no byte.

use super::grammar::{is_wsp, line_end, sts_policy_field_delim, wsp};
use crate::span::Span;
use alloc::vec::Vec;
use nom::{IResult, Parser, branch::alt, bytes::complete::take_till, combinator::eof};

/// The most octets of a policy that are read. RFC 8461 §3.3 suggests 64 kilobytes as a sender's limit.
pub const MAX_POLICY: usize = 65_536;

/// A policy file, split into lines. [`Text::bom`], the lines and [`Text::excess`] tile the input, byte for byte.
#[derive(Debug, Clone)]
pub struct Text<'a> {
    /// The whole input, as received.
    pub input: &'a [u8],
    /// A UTF-8 byte order mark before the first line. Empty if there is none.
    pub bom: Span,
    /// The lines, in order.
    pub lines: Vec<Line>,
    /// What lies beyond [`MAX_POLICY`] and was not read. Empty if all was read.
    pub excess: Span,
    /// Which oddities occur anywhere in the text, so that a rule about one looks no further when there is none.
    pub odd: Odd,
}

/// One line. Its parts, in order and without gaps: indent, name, gap, delimiter, value, trailing white space, terminator.
///
/// A line without a colon is all value: its name, gap and delimiter are empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line {
    start: u32,
    name: u32,
    gap: u32,
    delim: u32,
    value: u32,
    trailing: u32,
    term: u32,
    end: u32,
    /// What the line is.
    pub kind: LineKind,
}

/// What a line is, by its form alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineKind {
    /// Nothing, or white space only.
    Blank,
    /// A name, a colon, and what follows. The name may be none of the grammar's.
    Field,
    /// Something without a colon.
    NoColon,
}

impl Line {
    /// The line with its terminator.
    #[must_use]
    pub const fn span(&self) -> Span {
        Span::new(self.start, self.end)
    }
    /// The line from its first to its last visible character.
    #[must_use]
    pub const fn content(&self) -> Span {
        Span::new(self.name, self.trailing)
    }
    /// White space before the name.
    #[must_use]
    pub const fn indent(&self) -> Span {
        Span::new(self.start, self.name)
    }
    /// The name before the colon.
    #[must_use]
    pub const fn name(&self) -> Span {
        Span::new(self.name, self.gap)
    }
    /// White space between name and colon.
    #[must_use]
    pub const fn gap(&self) -> Span {
        Span::new(self.gap, self.delim)
    }
    /// `sts-policy-field-delim`: the colon and the white space after it.
    #[must_use]
    pub const fn delim(&self) -> Span {
        Span::new(self.delim, self.value)
    }
    /// The value, without the white space around it.
    #[must_use]
    pub const fn value(&self) -> Span {
        Span::new(self.value, self.trailing)
    }
    /// White space at the end of the line.
    #[must_use]
    pub const fn trailing(&self) -> Span {
        Span::new(self.trailing, self.term)
    }
    /// The line end: LF, CRLF, something with a stray CR, or nothing at the end of the text.
    #[must_use]
    pub const fn term(&self) -> Span {
        Span::new(self.term, self.end)
    }
    /// All parts in order; together they are [`Line::span`].
    #[must_use]
    pub const fn parts(&self) -> [Span; 7] {
        [self.indent(), self.name(), self.gap(), self.delim(), self.value(), self.trailing(), self.term()]
    }
}

/// Oddities of a text, as a set of bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Odd(u16);

impl Odd {
    /// A line end with a stray CR.
    pub const STRAY_CR: Self = Self(1);
    /// A line end of CR LF.
    pub const CRLF: Self = Self(1 << 1);
    /// A line end of LF.
    pub const LF: Self = Self(1 << 2);
    /// A blank line.
    pub const BLANK: Self = Self(1 << 3);
    /// White space before a name.
    pub const INDENT: Self = Self(1 << 4);
    /// White space between name and colon.
    pub const GAP: Self = Self(1 << 5);
    /// A line without a colon.
    pub const NO_COLON: Self = Self(1 << 6);
    /// White space at a line end.
    pub const TRAILING: Self = Self(1 << 7);
    /// A field with an empty value.
    pub const EMPTY_VALUE: Self = Self(1 << 8);
    /// An octet that is a control, within a line.
    pub const CONTROL: Self = Self(1 << 9);
    /// An octet above 0x7F.
    pub const NON_ASCII: Self = Self(1 << 10);
    /// A text whose last line has no terminator.
    pub const NO_FINAL_TERM: Self = Self(1 << 11);

    /// Both sets.
    #[must_use]
    pub const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether all of `other` is in this set.
    #[must_use]
    pub const fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Adds what is odd about a line that ends with `term`.
    fn add(&mut self, line: &Line, term: &[u8]) {
        let (blank, field) = (line.kind == LineKind::Blank, line.kind == LineKind::Field);
        self.note(Self::BLANK, blank);
        self.note(Self::INDENT, !blank && !line.indent().is_empty());
        self.note(Self::GAP, !line.gap().is_empty());
        self.note(Self::NO_COLON, line.kind == LineKind::NoColon);
        self.note(Self::TRAILING, !line.trailing().is_empty());
        self.note(Self::EMPTY_VALUE, field && line.value().is_empty());
        self.note(Self::LF, term == b"\n");
        self.note(Self::CRLF, term == b"\r\n");
        self.note(Self::STRAY_CR, !matches!(term, b"" | b"\n" | b"\r\n"));
    }

    /// Adds `other` if `yes`.
    const fn note(&mut self, other: Self, yes: bool) {
        self.0 |= other.0 * yes as u16;
    }
}

/// Splits the text of a policy into lines. Every input has a result.
///
/// ```
/// let text = mta_sts::parse::policy(b"mode: enforce\n\nhello");
/// let line = &text.lines[0];
/// assert_eq!(line.name().of(text.input), b"mode");
/// assert_eq!(line.value().of(text.input), b"enforce");
/// assert_eq!(text.lines.len(), 3);
/// ```
#[must_use]
pub fn policy(input: &[u8]) -> Text<'_> {
    let read = within_limit(input);
    let bom = if read.starts_with(b"\xEF\xBB\xBF") { 3 } else { 0 };
    let mut text = Text {
        input,
        bom: Span::new(0, bom as u32),
        lines: Vec::with_capacity(estimate(read)),
        excess: Span::new(read.len() as u32, input.len() as u32),
        odd: Odd::default(),
    };
    let mut rest = &read[bom..];
    while !rest.is_empty() {
        let start = (read.len() - rest.len()) as u32;
        let Ok((after, line)) = sts_policy_line(rest, start) else { break };
        text.odd.add(&line, line.term().of(read));
        text.lines.push(line);
        rest = after;
    }
    let ended = text.lines.last().is_none_or(|line| !line.term().is_empty());
    text.odd.note(Odd::NO_FINAL_TERM, !ended);
    text.odd.note(Odd::NON_ASCII, !read[bom..].is_ascii());
    // White space is no control that counts, but few texts have a tab, and only they are looked through line by line.
    let within = |line: &Line| has_control(line.name().of(read)) || has_control(line.value().of(read));
    text.odd.note(Odd::CONTROL, has_control(read) && text.lines.iter().any(within));
    text
}

/// Whether `text` holds a control that is no part of a line end.
fn has_control(text: &[u8]) -> bool {
    text.iter().fold(false, |any, byte| any | (byte.is_ascii_control() & !matches!(byte, b'\n' | b'\r')))
}

/// The first [`MAX_POLICY`] octets, cut at a line end, so that no line is judged in part.
fn within_limit(input: &[u8]) -> &[u8] {
    let Some(head) = input.get(..MAX_POLICY).filter(|_| input.len() > MAX_POLICY) else {
        return input;
    };
    let cut = head.iter().rposition(|b| *b == b'\n').map_or(MAX_POLICY, |at| at + 1);
    &input[..cut]
}

/// A first guess at the number of lines: a field is seldom shorter than 16 octets.
fn estimate(input: &[u8]) -> usize {
    input.len() / 16 + 2
}

/// `sts-policy-field *WSP sts-policy-term`, and everything else that stands on a line, which begins at `start`.
fn sts_policy_line(i: &[u8], start: u32) -> IResult<&[u8], Line> {
    let (rest, body) = take_till(|b| matches!(b, b'\n' | b'\r')).parse(i)?;
    let (after, term) = alt((line_end, eof)).parse(rest)?;
    let line = Line::read(body, start);
    Ok((after, Line { end: line.term + term.len() as u32, ..line }))
}

/// Reads `span` as one line without a terminator, whatever it holds: for those who part a text into lines otherwise.
#[must_use]
pub fn line(input: &[u8], span: Span) -> Line {
    Line::read(span.of(input), span.start)
}

/// How many spaces and tabs end `text`.
fn trailing_wsp(text: &[u8]) -> usize {
    text.iter().rev().take_while(|b| is_wsp(**b)).count()
}

impl Line {
    /// Parts a line without its terminator, which begins at `start`.
    fn read(line: &[u8], start: u32) -> Self {
        let (body, _) = wsp(line).unwrap_or((line, b""));
        let field = &body[..body.len() - trailing_wsp(body)];
        // Offsets are those of what is left after each part.
        let at = |rest: &[u8]| start + (line.len() - rest.len()) as u32;
        let (name, end) = (at(body), start + line.len() as u32);
        let line = Self {
            start,
            name,
            gap: name,
            delim: name,
            value: name,
            trailing: name + field.len() as u32,
            term: end,
            end,
            kind: if field.is_empty() { LineKind::Blank } else { LineKind::NoColon },
        };
        let Some(colon) = field.iter().position(|b| *b == b':') else { return line };
        let delim = name + colon as u32;
        // With no value the white space after the colon is the delimiter's, not trailing.
        let (rest, _) = sts_policy_field_delim(&body[colon..]).unwrap_or((&body[colon..], b""));
        let value = at(rest);
        Self {
            gap: delim - trailing_wsp(&field[..colon]) as u32,
            delim,
            value,
            trailing: line.trailing.max(value),
            kind: LineKind::Field,
            ..line
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{LineKind, MAX_POLICY, policy};
    use crate::span::Span;

    /// The first line's parts: indent, name, gap, delimiter, value, trailing white space, terminator.
    #[track_caller]
    fn line(text: &str, kind: LineKind, parts: [&str; 7]) {
        let read = policy(text.as_bytes());
        let line = read.lines[0];
        let found = line.parts().map(|part| str::from_utf8(part.of(text.as_bytes())).unwrap());
        assert_eq!((line.kind, found), (kind, parts), "{text:?}");
    }

    #[test]
    fn a_line_has_seven_parts() {
        use LineKind::{Blank, Field, NoColon};
        line("mode: enforce\n", Field, ["", "mode", "", ": ", "enforce", "", "\n"]);
        line("mode:enforce", Field, ["", "mode", "", ":", "enforce", "", ""]); // no white space, no terminator
        line("\tmode :\t x \t\r\n", Field, ["\t", "mode", " ", ":\t ", "x", " \t", "\r\n"]); // all of them
        line("mode:  \n", Field, ["", "mode", "", ":  ", "", "", "\n"]); // the white space is the delimiter's
        line("a: b: c\n", Field, ["", "a", "", ": ", "b: c", "", "\n"]); // the first colon parts the line
        line(": b\n", Field, ["", "", "", ": ", "b", "", "\n"]); // no name
        line("  \t\n", Blank, ["  \t", "", "", "", "", "", "\n"]); // white space is nothing
        line(" # a \n", NoColon, [" ", "", "", "", "# a", " ", "\n"]);
        line("a: b\r\r\nc", Field, ["", "a", "", ": ", "b", "", "\r\r\n"]); // stray CRs are one line end
        line("a: b\n\rc", Field, ["", "a", "", ": ", "b", "", "\n\r"]);
        line("a: b\n\r\nc", Field, ["", "a", "", ": ", "b", "", "\n"]); // a blank line with CR LF follows
        line("a: b\rc", Field, ["", "a", "", ": ", "b", "", "\r"]);
    }

    #[test]
    fn what_is_beyond_the_limit_is_kept_apart_at_a_line_end() {
        let line = "mx: mx.example.com\n";
        let text = line.repeat(MAX_POLICY / line.len() + 2);
        let read = policy(text.as_bytes());
        assert_eq!(read.excess, Span::new((MAX_POLICY / line.len() * line.len()) as u32, text.len() as u32));
        assert_eq!(read.lines.last().map(|line| line.span().end), Some(read.excess.start));
        assert!(policy(&text.as_bytes()[..MAX_POLICY]).excess.is_empty()); // just fits
        let one_line = vec![b'x'; MAX_POLICY + 1];
        assert_eq!(policy(&one_line).excess.len(), 1); // no line end to cut at
    }
}
