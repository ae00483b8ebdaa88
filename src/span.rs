//! Places in a text: half-open byte ranges, as received.

use alloc::string::String;
use alloc::vec::Vec;
use core::ops::Range;

/// A half-open range of bytes, `start..end`, in one document as it was received.
///
/// Bytes, not characters: columns and UTF-16 offsets are made from spans in one place,
/// [`crate::render::LineIndex`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Span {
    /// Offset of the first byte.
    pub start: u32,
    /// Offset after the last byte.
    pub end: u32,
}

impl Span {
    /// The range `start..end`.
    #[must_use]
    pub const fn new(start: u32, end: u32) -> Self {
        debug_assert!(start <= end);
        Self { start, end }
    }

    /// The empty range before the byte at `at`: a place to insert something.
    #[must_use]
    pub const fn point(at: u32) -> Self {
        Self { start: at, end: at }
    }

    /// Number of bytes.
    #[must_use]
    pub const fn len(self) -> u32 {
        self.end - self.start
    }

    /// Whether the range holds no byte.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// From the start of `self` to the end of `other`.
    #[must_use]
    pub const fn to(self, other: Self) -> Self {
        Self::new(self.start, other.end)
    }

    /// The bytes of `text` in this range.
    #[must_use]
    pub fn of(self, text: &[u8]) -> &[u8] {
        &text[Range::from(self)]
    }
}

impl From<Span> for Range<usize> {
    fn from(span: Span) -> Self {
        span.start as usize..span.end as usize
    }
}

/// A value and the place it was read from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spanned<T> {
    /// What was read.
    pub value: T,
    /// Where it stands.
    pub span: Span,
}

impl<T> Spanned<T> {
    /// `value`, read from `span`.
    pub const fn new(value: T, span: Span) -> Self {
        Self { value, span }
    }
}

/// Where the bytes of a text made of several pieces stand in the text they were read from: the joined strings of a
/// TXT record in a line of a zone file, between its quotes and without its escapes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SourceMap {
    /// How the source writes them.
    pub notation: Notation,
    /// The lines of the source that hold them and nothing else, with their line end.
    pub lines: Span,
    /// Runs that tile the made text, in order; verbatim where both spans have one length, else an escape.
    runs: Vec<(Span, Span)>,
}

/// How a source writes a text, and so how it has to write what is put into it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Notation {
    /// As it is.
    #[default]
    Verbatim,
    /// As strings in quotes, with backslashes before quotes and backslashes (RFC 1035 §5.1).
    Quoted,
    /// As strings without quotes: what ends a string there needs a backslash too.
    Unquoted,
    /// In a way that was only guessed, as where a parenthesis is never closed. Nothing can be put into it.
    Unclear,
}

impl SourceMap {
    /// Adds `len` bytes to the made text, read from `source`.
    pub fn push(&mut self, len: u32, source: Span) {
        let start = self.runs.last().map_or(0, |(made, _)| made.end);
        if let Some((made, from)) = self.runs.last_mut()
            && len == source.len()
            && made.len() == from.len()
            && from.end == source.start
        {
            made.end += len;
            from.end = source.end;
        } else if len > 0 {
            self.runs.push((Span::new(start, start + len), source));
        }
    }

    /// How the source writes `text`; `None` if that is not known.
    #[must_use]
    pub fn write(&self, text: &str) -> Option<String> {
        let special = match self.notation {
            Notation::Verbatim => "",
            Notation::Quoted => "\"\\",
            Notation::Unquoted => "\"\\; \t()",
            Notation::Unclear => return None,
        };
        let mut written = String::new();
        for c in text.chars() {
            if special.contains(c) {
                written.push('\\');
            }
            written.push(c);
        }
        Some(written)
    }

    /// The place in the source of a span of the made text. An empty span stays empty, before the byte that it stood
    /// before, or after the last.
    #[must_use]
    pub fn place(&self, span: Span) -> Span {
        let run = |at: u32| self.runs[self.runs.partition_point(|(made, _)| made.end <= at)];
        let len = self.runs.last().map_or(0, |(made, _)| made.end);
        let start_of = |at: u32| {
            let (made, from) = run(at);
            if made.len() == from.len() { from.start + at - made.start } else { from.start }
        };
        let end_of = |at: u32| {
            let (made, from) = run(at);
            if made.len() == from.len() { from.start + at - made.start + 1 } else { from.end }
        };
        match (span.start.min(len), span.end.min(len)) {
            (_, 0) if len == 0 => Span::point(0),
            (start, end) if start < end => Span::new(start_of(start), end_of(end - 1)),
            (at, _) if at < len => Span::point(start_of(at)),
            (at, _) => Span::point(end_of(at - 1)),
        }
    }
}
