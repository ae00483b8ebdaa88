//! One line of a document around a place in it, cut to the width there is.

use super::Cell;
use crate::render::LineIndex;
use crate::span::Span;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// A line is not cut to fewer columns than this, however narrow the terminal says it is.
const MIN_WIDTH: usize = 40;

/// Stands for a part that is left out. One column wide.
const CUT: char = '…';

/// A line, or the part of it around a place.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Excerpt {
    /// The line as it is shown. Its line end is shown only if the place takes it in.
    pub(super) line: String,
    /// Columns before the place.
    pub(super) before: usize,
    /// Columns of the place, as far as it is on this line; at least one, for a place between two characters.
    pub(super) carets: usize,
}

impl Excerpt {
    /// The first line of `span`, in at most `width` columns. The work does not grow with the line.
    pub(super) fn new(text: &str, index: &LineIndex<'_>, span: Span, width: usize) -> Self {
        let width = width.max(MIN_WIDTH);
        let line = index.line(span.start);
        let (first, start, last) = (line.start as usize, span.start as usize, line.end as usize);
        let content = first + text[first..last].trim_end_matches(['\r', '\n']).len();
        let end = last.min(span.end as usize);
        let shown_end = if end > content { last } else { content };

        let mark = Run::take(text[start..end].chars(), width - width / 3);
        let after = if mark.cut { "" } else { &text[end.min(shown_end)..shown_end] };
        let left = Run::take(text[first..start].chars().rev(), width);
        let right = Run::take(after.chars(), width);

        // Each side has half of what the place leaves; what one side does not need is the other's.
        let spare = width - mark.columns();
        let left = left.within(spare.saturating_sub(right.columns()).max(spare / 2));
        let right = right.within(spare - left.columns());
        Self {
            line: left.backwards() + &mark.forwards() + &right.forwards(),
            before: left.columns(),
            carets: mark.columns().max(1),
        }
    }
}

/// Characters from a place outwards, as far as there is room.
struct Run {
    cells: Vec<Cell>,
    /// Columns of the cells.
    width: usize,
    /// Whether there is more than fits.
    cut: bool,
}

impl Run {
    /// At most `width` columns of `chars`.
    fn take(chars: impl Iterator<Item = char>, width: usize) -> Self {
        let mut run = Self { cells: Vec::new(), width: 0, cut: false };
        for cell in chars.map(Cell::of) {
            run.width += cell.width();
            run.cells.push(cell);
            if run.width > width {
                break;
            }
        }
        run.within(width)
    }

    /// In columns, with the mark that some is left out.
    fn columns(&self) -> usize {
        self.width + usize::from(self.cut)
    }

    /// The same in at most `width` columns.
    fn within(mut self, width: usize) -> Self {
        while self.columns() > width {
            let Some(cell) = self.cells.pop() else { break };
            self.width -= cell.width();
            self.cut = true;
        }
        self
    }

    fn forwards(&self) -> String {
        let mut text: String = self.cells.iter().map(ToString::to_string).collect();
        text.extend(self.cut.then_some(CUT));
        text
    }

    fn backwards(&self) -> String {
        self.cut
            .then_some(CUT)
            .iter()
            .map(ToString::to_string)
            .chain(self.cells.iter().rev().map(ToString::to_string))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::Excerpt;
    use crate::render::LineIndex;
    use crate::span::Span;

    /// The place is what stands between `[` and `]`.
    #[track_caller]
    fn shown(marked: &str, line: &str, carets: &str) {
        let start = marked.find('[').unwrap();
        let end = marked.find(']').unwrap() - 1;
        let text = marked.replace(['[', ']'], "");
        let excerpt =
            Excerpt::new(&text, &LineIndex::new(text.as_bytes()), Span::new(start as u32, end as u32), 40);
        let under = " ".repeat(excerpt.before) + &"^".repeat(excerpt.carets);
        assert_eq!((excerpt.line.as_str(), under.as_str()), (line, carets));
    }

    #[test]
    fn carets_stand_under_the_place() {
        shown("mode: [Enforce]\n", "mode: Enforce", "      ^^^^^^^");
        shown("a: b\nmode: [x]\nc: d", "mode: x", "      ^"); // its own line only
        shown("mode:[]enforce", "mode:enforce", "     ^"); // between two characters
        shown("mode: none[]", "mode: none", "          ^"); // at the end of the text
        shown("[]", "", "^"); // in an empty text
        shown("mx: [日本].example", "mx: 日本.example", "    ^^^^"); // wide characters
        shown("日本: [x]", "日本: x", "      ^");
        shown("mx: [a\u{200B}b]", "mx: a\\u{200B}b", "    ^^^^^^^^^^"); // invisible ones are shown
        shown("mx: e[\u{301}]", "mx: e\\u{301}", "     ^^^^^^^"); // so are combining ones
        shown("mx:[\t]a", "mx:\\ta", "   ^^");
        shown("\tmx: [\u{1B}][31m", "\\tmx: \\u{1B}[31m".replace('[', "").as_str(), "      ^^^^^^");
        shown("mx: [\u{202E}]abc", "mx: \\u{202E}abc", "    ^^^^^^^^");
        shown("mode: none[\r\r\n]max_age: 1", "mode: none\\r\\r\\n", "          ^^^^^^"); // the line end itself
        shown("mode: none[\r]\r\nmax_age: 1", "mode: none\\r\\r\\n", "          ^^"); // part of it
        shown("a: b\n[\n]c: d", "\\n", "^^"); // a blank line
        shown("a: [b\nc: d\ne]: f", "a: b\\n", "   ^^^"); // of several lines the first
    }

    #[test]
    fn long_lines_are_cut_around_the_place() {
        let (a, b) = ("a".repeat(99), "b".repeat(99));
        let (some_a, some_b) = (|n| "a".repeat(n), |n| "b".repeat(n));
        let at = |n| " ".repeat(n);
        shown(&format!("{a}[xx]{b}"), &format!("…{}xx{}…", some_a(18), some_b(18)), &(at(19) + "^^"));
        // One side needs less: the other has the rest.
        shown(&format!("aaa[xx]{b}"), &format!("aaaxx{}…", some_b(34)), "   ^^");
        shown(&format!("{a}[xx]bbb"), &format!("…{}xxbbb", some_a(34)), &(at(35) + "^^"));
        shown(&format!("{a}[]"), &format!("…{}", some_a(39)), &(at(40) + "^"));
        // A place longer than two thirds of the width is cut itself.
        let long = "x".repeat(99);
        let place = "x".repeat(26) + "…";
        shown(&format!("aaa[{long}]{b}"), &format!("aaa{place}"), &(at(3) + &"^".repeat(27)));
        shown(&format!("{a}[{long}]{b}"), &format!("…{}{place}", some_a(12)), &(at(13) + &"^".repeat(27)));
        // What just fits is whole.
        shown(&format!("[x]{}", some_b(39)), &format!("x{}", some_b(39)), "^");
        shown(&format!("[x]{}", some_b(40)), &format!("x{}…", some_b(38)), "^");
        // A wide character is not cut in two.
        shown(&format!("[x]{}", "日".repeat(20)), &format!("x{}…", "日".repeat(19)), "^");
    }
}
