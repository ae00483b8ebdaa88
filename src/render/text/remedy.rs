//! What a fix comes to, in lines: what to write, to add or to remove.

use super::Source;
use crate::report::{ApplicabilityName, EditReport, FixReport};
use crate::span::Span;

/// The most lines shown.
const MAX_LINES: usize = 5;

/// A fix that reaches over more bytes than this is not spelled out.
const MAX_BYTES: u32 = 2048;

/// What a fix comes to.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Remedy {
    /// `write instead`, `add` or `remove`.
    pub(super) verb: &'static str,
    /// `safe` or `likely`.
    pub(super) applicability: &'static str,
    /// The lines as they should be, or which to remove. Empty if the fix changes too much to be shown here.
    pub(super) lines: Vec<String>,
}

impl Remedy {
    pub(super) fn of(fix: &FixReport, source: &Source<'_>) -> Self {
        let applicability = match fix.applicability {
            ApplicabilityName::Safe => "safe",
            ApplicabilityName::Likely => "likely",
        };
        let (verb, lines) = change(fix, source).unwrap_or(("", Vec::new()));
        Self { verb, applicability, lines }
    }
}

/// The lines that differ, before and after.
fn change(fix: &FixReport, source: &Source<'_>) -> Option<(&'static str, Vec<String>)> {
    let index = source.index.as_ref()?;
    let edits: Vec<(Span, &EditReport)> = fix
        .edits
        .iter()
        .map(|edit| (Span::new(source.byte(edit.start), source.byte(edit.end.max(edit.start))), edit))
        .collect();
    let region = index.line(edits.first()?.0.start).to(index.line(edits.last()?.0.end));
    if region.len() > MAX_BYTES {
        return None;
    }
    let text = source.text();
    let mut after = String::new();
    let mut at = region.start;
    for (span, edit) in &edits {
        after.push_str(text.get(at as usize..span.start as usize)?);
        after.push_str(&edit.text);
        at = span.end;
    }
    after.push_str(text.get(at as usize..region.end as usize)?);

    let before = lines(&text[region.start as usize..region.end as usize]);
    let after = lines(&after);
    let same = before.iter().zip(&after).take_while(|(a, b)| a == b).count();
    let (mut before, mut after) = (&before[same..], &after[same..]);
    while let (Some((a, before_rest)), Some((b, after_rest))) = (before.split_last(), after.split_last()) {
        if a != b {
            break;
        }
        (before, after) = (before_rest, after_rest);
    }
    let first = source.line_column(region.start).0 as usize + same;
    let verb = match (before.len(), after.len()) {
        // Only line ends change, and they cannot be seen.
        (0, 0) => return None,
        (1, 0) => return Some(("remove", vec![format!("line {first}")])),
        (gone, 0) => return Some(("remove", vec![format!("lines {first} to {}", first + gone - 1)])),
        (0, _) => "add",
        _ => "write instead",
    };
    let mut lines: Vec<String> = after.iter().take(MAX_LINES).map(|line| (*line).to_owned()).collect();
    if after.len() > MAX_LINES {
        lines.push(format!("… and {} more lines", after.len() - MAX_LINES));
    }
    Some((verb, lines))
}

/// The lines of a text, without their ends.
fn lines(text: &str) -> Vec<&str> {
    let mut lines: Vec<&str> = text.split('\n').map(|line| line.trim_matches('\r')).collect();
    // What follows the last line end is no line.
    if lines.last().is_some_and(|last| last.is_empty()) {
        lines.pop();
    }
    lines
}
