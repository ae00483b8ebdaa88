//! The one place where bytes become lines, columns and UTF-16 offsets, and back.

use crate::parse::grammar::line_end;
use crate::report::{OffsetUnit, Place};
use crate::span::Span;
use alloc::vec;
use alloc::vec::Vec;

/// At most this many bytes are decoded to answer one question about a text that is not ASCII.
const STRIDE: u32 = 64;

/// Lines, columns and UTF-16 offsets of one document.
///
/// The document need not be UTF-8: every octet sequence that is not counts as the one U+FFFD by which
/// [`String::from_utf8_lossy`](alloc::string::String::from_utf8_lossy) replaces it, so UTF-16 offsets fit the text that a reader is shown.
/// Lines end where the parser ends them, a stray CR included; a line end belongs to the line it ends, and
/// after a last one there is an empty line. An offset inside a character counts as its start, one beyond
/// the end as the end.
///
/// Building takes time linear in the text, a question time logarithmic in it, however long its lines are.
///
/// ```
/// use mta_sts::render::LineIndex;
/// use mta_sts::report::OffsetUnit;
/// let index = LineIndex::new("mode: none\nnote: 😀!\n".as_bytes());
/// let bang = 21;
/// assert_eq!(index.line_column(bang, OffsetUnit::Bytes), (2, 8));
/// assert_eq!(index.line_column(bang, OffsetUnit::Utf16), (2, 9));
/// assert_eq!(index.utf16(bang), 19);
/// assert_eq!(index.byte(19), bang);
/// ```
#[derive(Debug, Clone)]
pub struct LineIndex<'a> {
    text: &'a [u8],
    /// Offsets of the first byte of each line. Never empty.
    lines: Vec<u32>,
    /// Where the counts stand at every [`STRIDE`] bytes or a little more. Empty if the text is ASCII, where all agree.
    marks: Vec<Counts>,
}

/// How much of the text lies before a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Counts {
    bytes: u32,
    chars: u32,
    utf16: u32,
}

impl Counts {
    /// The place after one more character.
    const fn after(self, bytes: u32, utf16: u32) -> Self {
        Self { bytes: self.bytes + bytes, chars: self.chars + 1, utf16: self.utf16 + utf16 }
    }
}

impl<'a> LineIndex<'a> {
    /// Counts the lines of `text`, at most 4 GiB of it.
    #[must_use]
    pub fn new(text: &'a [u8]) -> Self {
        Self { text, lines: lines(text), marks: if text.is_ascii() { Vec::new() } else { marks(text) } }
    }

    /// Whether this is the index of this very text.
    #[must_use]
    pub(crate) fn is_of(&self, text: &[u8]) -> bool {
        core::ptr::eq(self.text, text)
    }

    /// The place of a span, its offsets and its column in `unit`.
    #[must_use]
    pub fn place(&self, span: Span, unit: OffsetUnit) -> Place {
        let (line, column) = self.line_column(span.start, unit);
        Place { start: self.offset(span.start, unit), end: self.offset(span.end, unit), line, column }
    }

    /// Line and column of a byte offset, both from 1. Columns count characters, or UTF-16 code units.
    #[must_use]
    pub fn line_column(&self, byte: u32, unit: OffsetUnit) -> (u32, u32) {
        let line = self.line_of(byte);
        let (start, at) = (self.counts(self.lines[line]), self.counts(byte));
        let column = match unit {
            OffsetUnit::Bytes => at.chars - start.chars,
            OffsetUnit::Utf16 => at.utf16 - start.utf16,
        };
        (line as u32 + 1, column + 1)
    }

    /// A byte offset in `unit`.
    #[must_use]
    pub fn offset(&self, byte: u32, unit: OffsetUnit) -> u32 {
        match unit {
            OffsetUnit::Bytes => byte.min(self.len()),
            OffsetUnit::Utf16 => self.utf16(byte),
        }
    }

    /// How many UTF-16 code units lie before a byte offset.
    #[must_use]
    pub fn utf16(&self, byte: u32) -> u32 {
        self.counts(byte).utf16
    }

    /// The byte offset before which that many UTF-16 code units lie. One inside a surrogate pair counts as its start.
    #[must_use]
    pub fn byte(&self, utf16: u32) -> u32 {
        if self.marks.is_empty() {
            return utf16.min(self.len());
        }
        let mark = self.marks.partition_point(|mark| mark.utf16 <= utf16) - 1;
        self.walk(mark, |next| next.utf16 <= utf16).bytes
    }

    /// The line a byte offset is on, with its line end.
    #[must_use]
    pub fn line(&self, byte: u32) -> Span {
        let line = self.line_of(byte);
        Span::new(self.lines[line], self.lines.get(line + 1).copied().unwrap_or(self.len()))
    }

    fn len(&self) -> u32 {
        self.text.len() as u32
    }

    /// The place of a line in [`LineIndex::lines`].
    fn line_of(&self, byte: u32) -> usize {
        self.lines.partition_point(|start| *start <= byte) - 1
    }

    fn counts(&self, byte: u32) -> Counts {
        let byte = byte.min(self.len());
        if self.marks.is_empty() {
            return Counts { bytes: byte, chars: byte, utf16: byte };
        }
        let mark = self.marks.partition_point(|mark| mark.bytes <= byte) - 1;
        self.walk(mark, |next| next.bytes <= byte)
    }

    /// Goes on from a mark, character by character, as long as `go` takes the place after the next one.
    fn walk(&self, mark: usize, go: impl Fn(&Counts) -> bool) -> Counts {
        let from = self.marks[mark];
        let end = self.marks.get(mark + 1).map_or(self.len(), |next| next.bytes);
        places(&self.text[from.bytes as usize..end as usize], from).take_while(go).last().unwrap_or(from)
    }
}

fn is_eol(byte: u8) -> bool {
    matches!(byte, b'\n' | b'\r')
}

/// Offsets of the first byte of each line.
fn lines(text: &[u8]) -> Vec<u32> {
    let mut lines = vec![0];
    let mut rest = text;
    while let Some(at) = rest.iter().position(|byte| is_eol(*byte)) {
        // It begins with CR or LF, so there is a line end; were there none, this line would go on to the end.
        let Ok((after, _)) = line_end(&rest[at..]) else { break };
        rest = after;
        lines.push((text.len() - rest.len()) as u32);
    }
    lines
}

/// The first place, and then one at the first character bound [`STRIDE`] bytes or more after the last.
fn marks(text: &[u8]) -> Vec<Counts> {
    let mut marks = vec![Counts::default()];
    let mut next = STRIDE;
    for place in places(text, Counts::default()) {
        if place.bytes >= next {
            marks.push(place);
            next = place.bytes + STRIDE;
        }
    }
    marks
}

/// The place after each character of `text`, which begins at `from`.
fn places(text: &[u8], from: Counts) -> impl Iterator<Item = Counts> + '_ {
    text.utf8_chunks()
        .flat_map(|chunk| {
            let replaced = (!chunk.invalid().is_empty()).then_some((chunk.invalid().len() as u32, 1));
            let valid = chunk.valid().chars().map(|c| (c.len_utf8() as u32, c.len_utf16() as u32));
            valid.chain(replaced)
        })
        .scan(from, |place, (bytes, utf16)| {
            *place = place.after(bytes, utf16);
            Some(*place)
        })
}

#[cfg(test)]
mod tests {
    use super::LineIndex;
    use crate::parse;
    use crate::report::OffsetUnit::{Bytes, Utf16};
    use crate::span::Span;
    use proptest::prelude::*;

    #[track_caller]
    fn at(text: &[u8], byte: u32, line: u32, chars: u32, units: u32) {
        let index = LineIndex::new(text);
        assert_eq!(index.line_column(byte, Bytes), (line, chars), "in characters");
        assert_eq!(index.line_column(byte, Utf16), (line, units), "in UTF-16 code units");
    }

    #[test]
    fn a_byte_has_a_line_and_a_column() {
        at(b"", 0, 1, 1, 1); // an empty text has one line
        at(b"mode: none", 6, 1, 7, 7);
        at(b"mode: none", 10, 1, 11, 11); // the end of the text is a place: something may be missing there
        at(b"mode: none", 99, 1, 11, 11); // beyond the end is the end
        at(b"a\nb", 1, 1, 2, 2); // a line end belongs to the line it ends
        at(b"a\nb", 2, 2, 1, 1);
        at(b"a\n", 2, 2, 1, 1); // after the last line end there is an empty line
        at(b"a\r\nb", 2, 1, 3, 3); // within CR LF
        at(b"a\r\nb", 3, 2, 1, 1);
        at(b"a\rb", 2, 2, 1, 1); // CR alone
        at(b"a\r\r\nb", 4, 2, 1, 1); // CR CR LF is one line end
        at(b"a\n\rb", 3, 2, 1, 1); // so is LF CR,
        at(b"a\n\r\nb", 2, 2, 1, 1); // unless the CR belongs to a CR LF
        at(b"a\n\r\nb", 4, 3, 1, 1);
        at("a\u{85}b\u{2028}c".as_bytes(), 7, 1, 5, 5); // Unicode's other line ends are none here
        at("é!".as_bytes(), 2, 1, 2, 2);
        at("é!".as_bytes(), 1, 1, 1, 1); // inside a character is its start
        at("😀!".as_bytes(), 4, 1, 2, 3); // two UTF-16 code units
        at("\u{FEFF}v".as_bytes(), 3, 1, 2, 2); // a byte order mark is a character like any other
        at(b"caf\xE9!", 4, 1, 5, 5); // not UTF-8: one U+FFFD,
        at(b"\xF0\x9F\x98!", 3, 1, 2, 2); // also for a character cut short,
        at(b"\xFF\xFE!", 2, 1, 3, 3); // and two for two octets that no character begins with
    }

    #[test]
    fn a_line_has_its_end() {
        #[track_caller]
        fn line(text: &[u8], byte: u32, expected: &[u8]) {
            assert_eq!(LineIndex::new(text).line(byte).of(text), expected);
        }
        line(b"a\r\nbc\n", 1, b"a\r\n");
        line(b"a\r\nbc\n", 4, b"bc\n");
        line(b"a\r\nbc\n", 6, b""); // after the last line end
        line(b"ab", 9, b"ab"); // beyond the end
    }

    #[test]
    fn utf16_offsets_lead_back() {
        #[track_caller]
        fn byte(text: &[u8], utf16: u32, expected: u32) {
            assert_eq!(LineIndex::new(text).byte(utf16), expected);
        }
        byte(b"ab", 1, 1);
        byte(b"ab", 9, 2); // beyond the end is the end
        byte("é😀!".as_bytes(), 1, 2);
        byte("é😀!".as_bytes(), 2, 2); // inside a surrogate pair is its start
        byte("é😀!".as_bytes(), 3, 6);
        byte("é😀!".as_bytes(), 9, 7);
        byte(b"\xFF\xFE!", 2, 2);
    }

    /// The same by decoding all that lies before. Line, column in characters, column in UTF-16, offset in UTF-16.
    fn naive(text: &[u8], byte: usize) -> (u32, u32, u32, u32) {
        let (mut line, mut start) = (1, 0);
        let ends = parse::policy(text).lines.into_iter().filter(|line| !line.term().is_empty());
        for end in ends.map(|line| line.span().end as usize).filter(|end| *end <= byte) {
            (line, start) = (line + 1, end);
        }
        let before = String::from_utf8_lossy(&text[start..byte]);
        let units = |text: &str| text.encode_utf16().count() as u32;
        let offset = units(&String::from_utf8_lossy(&text[..byte]));
        (line, before.chars().count() as u32 + 1, units(&before) + 1, offset)
    }

    /// Where a character begins, or the text ends.
    fn bounds(text: &[u8]) -> Vec<usize> {
        let mut bounds = vec![0];
        let mut at = 0;
        for chunk in text.utf8_chunks() {
            for c in chunk.valid().chars() {
                at += c.len_utf8();
                bounds.push(at);
            }
            if !chunk.invalid().is_empty() {
                at += chunk.invalid().len();
                bounds.push(at);
            }
        }
        bounds
    }

    /// Texts of what is hard to count: line ends of every kind, all widths of UTF-8 and of UTF-16, and what is neither.
    fn hard() -> impl Strategy<Value = Vec<u8>> {
        let piece = prop_oneof![
            4 => "[ -~]{0,8}".prop_map(String::into_bytes),
            3 => "[\r\n]{1,4}".prop_map(String::into_bytes),
            2 => "[é€😀\u{301}\u{200D}\u{2028}\u{FEFF}]{1,30}".prop_map(String::into_bytes),
            1 => prop::collection::vec(0x80..=0xFF_u8, 1..5),
        ];
        prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn agrees_with_decoding_from_the_start(text in hard()) {
            let index = LineIndex::new(&text);
            for byte in bounds(&text) {
                let (line, chars, units, utf16) = naive(&text, byte);
                let byte = byte as u32;
                prop_assert_eq!(index.line_column(byte, Bytes), (line, chars), "byte {}", byte);
                prop_assert_eq!(index.line_column(byte, Utf16), (line, units), "byte {}", byte);
                prop_assert_eq!(index.utf16(byte), utf16, "byte {}", byte);
                prop_assert_eq!(index.byte(utf16), byte, "byte {}", byte);
            }
        }

        #[test]
        fn any_offset_has_a_place_on_its_line(text in hard(), byte in 0..2000_u32) {
            let index = LineIndex::new(&text);
            let place = index.place(Span::point(byte), Utf16);
            prop_assert_eq!(place.start, place.end);
            prop_assert!(place.line >= 1 && place.column >= 1);
            let line = index.line(byte);
            prop_assert!(line.start <= byte);
            prop_assert!(byte < line.end || line.end as usize == text.len());
            prop_assert_eq!(index.line_column(line.start, Utf16), (place.line, 1));
        }

        #[test]
        fn the_shown_text_has_the_same_utf16_offsets(text in hard()) {
            let shown = String::from_utf8_lossy(&text);
            let (index, of_shown) = (LineIndex::new(&text), LineIndex::new(shown.as_bytes()));
            for (byte, byte_shown) in bounds(&text).into_iter().zip(bounds(shown.as_bytes())) {
                prop_assert_eq!(index.utf16(byte as u32), of_shown.utf16(byte_shown as u32));
                prop_assert_eq!(
                    index.line_column(byte as u32, Bytes),
                    of_shown.line_column(byte_shown as u32, Bytes)
                );
            }
        }
    }
}
