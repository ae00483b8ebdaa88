//! What a fix comes to, in lines: what to write instead, to add or to remove.

use super::Source;
use crate::render::LineIndex;
use crate::report::{ApplicabilityName, EditReport, FixReport};
use crate::span::Span;
use alloc::borrow::ToOwned;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use alloc::{format, vec};

/// The most lines, or places, that are shown.
const MAX_LINES: usize = 5;

/// A change to more bytes than this at one place is not spelled out.
const MAX_BYTES: u32 = 2048;

/// What a fix comes to.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Remedy {
    /// `write instead`, `add` or `remove`.
    pub(super) verb: &'static str,
    /// `safe` or `likely`.
    pub(super) applicability: &'static str,
    /// The lines as they should be, or which to remove.
    pub(super) lines: Vec<String>,
}

impl Remedy {
    /// Nothing if the fix changes what cannot be seen, such as line ends, or too much to be shown.
    pub(super) fn of(fix: &FixReport, source: &Source<'_>) -> Option<Self> {
        let applicability = match fix.applicability {
            ApplicabilityName::Safe => "safe",
            ApplicabilityName::Likely => "likely",
        };
        let changes: Vec<Change> = places(fix, source)?.iter().filter_map(Change::at).collect();
        let (verb, lines) = if changes.iter().all(|change| change.after.is_empty()) {
            ("remove", vec![removed(&changes)?])
        } else {
            let first = changes.iter().find(|change| !change.after.is_empty())?;
            let mut lines: Vec<String> = first.after.iter().take(MAX_LINES).cloned().collect();
            if first.after.len() > MAX_LINES {
                lines.push(format!("… and {} more lines", first.after.len() - MAX_LINES));
            }
            match changes.len() - 1 {
                0 => {}
                1 => lines.push("… and so in 1 other place".to_owned()),
                more => lines.push(format!("… and so in {more} other places")),
            }
            (if first.gone == 0 { "add" } else { "write instead" }, lines)
        };
        Some(Self { verb, applicability, lines })
    }

    /// Whether `instead` says no more than this: the same lines, or what to write in them.
    pub(super) fn is_said_by(&self, instead: &str) -> bool {
        let mut words = instead.split('`').step_by(2);
        let mut code = instead.split('`').skip(1).step_by(2);
        let only_code = words.all(|words| matches!(words, "" | "write " | ", " | " and "));
        self.lines.iter().all(|line| instead.contains(&format!("`{line}`")))
            || only_code && code.all(|code| self.lines.iter().any(|line| line.contains(code)))
    }
}

/// `line 3`, `lines 2, 11 to 12`.
fn removed(changes: &[Change]) -> Option<String> {
    let (first, rest) = changes.split_first()?;
    let word = if rest.is_empty() && first.gone == 1 { "line" } else { "lines" };
    let ranges: Vec<String> = changes
        .iter()
        .take(MAX_LINES)
        .map(|change| match change.gone {
            1 => change.line.to_string(),
            gone => format!("{} to {}", change.line, change.line + gone - 1),
        })
        .collect();
    let more = match changes.len().saturating_sub(MAX_LINES) {
        0 => String::new(),
        more => format!(" and {more} more places"),
    };
    Some(format!("{word} {}{more}", ranges.join(", ")))
}

/// Whole lines that a fix touches, before and after.
struct Touched<'a> {
    /// Number of the first of them.
    line: usize,
    before: &'a str,
    after: String,
}

/// The lines that a fix touches, those that lie together in one.
fn places<'a>(fix: &FixReport, source: &Source<'a>) -> Option<Vec<Touched<'a>>> {
    let index = source.index.as_ref()?;
    let text = source.text;
    let mut regions: Vec<(Span, Vec<(Span, &EditReport)>)> = Vec::new();
    for edit in &fix.edits {
        let start = source.byte(edit.start);
        let span = Span::new(start, source.byte(edit.end).max(start));
        let region = region(index, span, &edit.text);
        match regions.last_mut() {
            Some((last, edits)) if region.start < last.end || span.start <= last.end => {
                last.end = last.end.max(region.end);
                edits.push((span, edit));
            }
            _ => regions.push((region, vec![(span, edit)])),
        }
    }
    regions.into_iter().map(|(region, edits)| touched(text, source, region, &edits)).collect()
}

/// The lines that change. A line that loses its end takes the next one in.
fn region(index: &LineIndex<'_>, span: Span, new: &str) -> Span {
    let first = index.line(span.start);
    let last = index.line(if span.is_empty() { span.start } else { span.end - 1 });
    let loses_end = span.end == last.end && !span.is_empty() && !new.ends_with(['\r', '\n']);
    let goes = span.start == first.start && new.is_empty();
    if loses_end && !goes { first.to(index.line(span.end)) } else { first.to(last) }
}

fn touched<'a>(
    text: &'a str,
    source: &Source<'_>,
    region: Span,
    edits: &[(Span, &EditReport)],
) -> Option<Touched<'a>> {
    if region.len() > MAX_BYTES {
        return None;
    }
    let mut after = String::new();
    let mut at = region.start;
    for (span, edit) in edits {
        after.push_str(text.get(at as usize..span.start as usize)?);
        after.push_str(&edit.text);
        at = span.end;
    }
    after.push_str(text.get(at as usize..region.end as usize)?);
    let before = text.get(region.start as usize..region.end as usize)?;
    Some(Touched { line: source.line_column(region.start).0 as usize, before, after })
}

/// The lines that differ at one place.
struct Change {
    /// Number of the first of them.
    line: usize,
    /// How many there were.
    gone: usize,
    /// What they become.
    after: Vec<String>,
}

impl Change {
    /// Nothing if no line differs but in its end.
    fn at(touched: &Touched<'_>) -> Option<Self> {
        let (before, after) = (lines(touched.before), lines(&touched.after));
        let same = before.iter().zip(&after).take_while(|(a, b)| a == b).count();
        let (before, after) = (&before[same..], &after[same..]);
        let same_end = before.iter().rev().zip(after.iter().rev()).take_while(|(a, b)| a == b).count();
        let (before, after) = (&before[..before.len() - same_end], &after[..after.len() - same_end]);
        (!before.is_empty() || !after.is_empty()).then(|| Self {
            line: touched.line + same,
            gone: before.len(),
            after: after.iter().map(|line| (*line).to_owned()).collect(),
        })
    }
}

/// The lines of a text, without their ends.
fn lines(text: &str) -> Vec<&str> {
    text.split_terminator('\n').map(|line| line.trim_matches('\r')).collect()
}

#[cfg(test)]
mod tests {
    use super::Remedy;
    use crate::render::LineIndex;
    use crate::render::text::Source;
    use crate::report::{ApplicabilityName, Document, DocumentKind, EditReport, FixReport, OffsetUnit};

    #[track_caller]
    fn fix(text: &str, edits: &[(u32, u32, &str)], expected: Option<(&str, &[&str])>) {
        let document = Document {
            name: "policy".to_owned(),
            kind: DocumentKind::Policy,
            source: String::new(),
            text: Some(text.to_owned()),
            text_of: None,
        };
        let index = Some(LineIndex::new(text.as_bytes()));
        let source =
            Source { document: &document, text, label: String::new(), unit: OffsetUnit::Utf16, index };
        let edit = |&(start, end, text): &(u32, u32, &str)| EditReport { start, end, text: text.to_owned() };
        let fix =
            FixReport { applicability: ApplicabilityName::Safe, edits: edits.iter().map(edit).collect() };
        let remedy = Remedy::of(&fix, &source).map(|remedy| (remedy.verb, remedy.lines));
        let expected =
            expected.map(|(verb, lines)| (verb, lines.iter().map(|line| (*line).to_owned()).collect()));
        assert_eq!(remedy, expected);
    }

    #[test]
    fn what_help_and_fix_both_say_is_said_once() {
        #[track_caller]
        fn said(lines: &[&str], instead: &str, expected: bool) {
            let lines = lines.iter().map(|line| (*line).to_owned()).collect();
            let remedy = Remedy { verb: "write instead", applicability: "safe", lines };
            assert_eq!(remedy.is_said_by(instead), expected);
        }
        said(&["mode: enforce"], "write `mode: enforce`", true);
        said(&["max_age: 86400"], "write `max_age: 86400` (1 day)", true); // the line itself
        said(&["v=STSv1; id=1"], "write `id=1`", true); // a part of the line
        said(&["mx: a", "mx: b"], "write `mx: a`, `mx: b`", true);
        said(&["v=STSv1; id=1"], "write `id=1` and wait a day", false); // it says more
        said(&["max_age: 86400"], "write `max_age: 604800`", false); // it says another thing
        said(&["line 3"], "remove the line", false);
    }

    #[test]
    fn a_fix_is_told_in_lines() {
        let text = "version: STSv1\n\nmode: x\nmode: y\n"; // lines begin at 0, 15, 16, 24
        fix(text, &[(22, 23, "none")], Some(("write instead", &["mode: none"])));
        fix(text, &[(22, 23, "a\nmode: b")], Some(("write instead", &["mode: a", "mode: b"])));
        fix(text, &[(15, 16, "")], Some(("remove", &["line 2"]))); // a blank line
        fix(text, &[(24, 32, "")], Some(("remove", &["line 4"])));
        fix(text, &[(16, 32, "")], Some(("remove", &["lines 3 to 4"])));
        fix(text, &[(15, 16, ""), (24, 32, "")], Some(("remove", &["lines 2, 4"]))); // what is between stays untold
        fix(text, &[(32, 32, "max_age: 1\n")], Some(("add", &["max_age: 1"]))); // at the end
        fix(text, &[(15, 15, "max_age: 1\n")], Some(("add", &["max_age: 1"]))); // in between
        fix(text, &[(23, 24, " ")], Some(("write instead", &["mode: x mode: y"]))); // two lines become one
        fix(text, &[(16, 17, "M"), (22, 23, "z")], Some(("write instead", &["Mode: z"]))); // twice on a line
        fix(
            text,
            &[(0, 1, "V"), (22, 23, "z")],
            Some(("write instead", &["Version: STSv1", "… and so in 1 other place"])),
        );
        fix("a: b\r\nc: d\n", &[(4, 6, "\n")], None); // line ends cannot be seen
        fix(&"a".repeat(3000), &[(0, 1, "b")], None); // too much to be shown
        fix("😀: é\nb", &[(0, 2, "x"), (6, 7, "c")], Some(("write instead", &["x: é", "c"]))); // UTF-16 offsets
        fix(
            "a",
            &[(0, 1, "1\n2\n3\n4\n5\n6\n7")],
            Some(("write instead", &["1", "2", "3", "4", "5", "… and 2 more lines"])),
        );
        fix("a", &[], None);
        fix("a", &[(9, 7, "")], None); // an edit that is none breaks nothing
    }
}
