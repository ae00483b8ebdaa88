//! A text with line numbers, and marks at the exact characters of a fault.

use std::ops::Range;

use maud::{Markup, html};

use crate::frame::wire;

/// A longer text is shown up to here.
const MAX_LINES: usize = 14;

/// How places are marked.
#[derive(Clone, Copy)]
pub(crate) enum As {
    /// Faults of this severity.
    Fault(&'static str),
    /// What was put in.
    New,
}

/// The lines of `text` with `marks` in it; the last line end ends the text.
pub(crate) fn marked(text: &str, marks: &[Range<usize>], how: As) -> Markup {
    let mut lines: Vec<Range<usize>> = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let shown = line.strip_suffix('\n').map_or(line, |line| line.strip_suffix('\r').unwrap_or(line));
        lines.push(start..start + shown.len());
        start += line.len();
    }
    // Something may be missing after the last line.
    if marks.iter().any(|mark| mark.start >= start) && text.ends_with('\n') || lines.is_empty() {
        lines.push(start..start);
    }
    let beyond = lines.len().saturating_sub(MAX_LINES);
    html! {
        div class="marked" {
            @for (at, line) in lines.iter().take(MAX_LINES).enumerate() {
                div class="line" {
                    span class="number" aria-hidden="true" { (at + 1) }
                    span class="content" {
                        (content(text, line, marks, how))
                        @if line.is_empty() { "\u{200b}" }
                    }
                }
            }
            @if beyond > 0 { p class="more" { "… and " (beyond) " more lines" } }
        }
    }
}

fn content(text: &str, line: &Range<usize>, marks: &[Range<usize>], how: As) -> Markup {
    let clip = |at: usize| at.clamp(line.start, line.end);
    // What a mark covers beyond the line is the line's end.
    let mut inside: Vec<Range<usize>> = marks
        .iter()
        .filter(|mark| mark.start <= line.end && (mark.end > line.start || mark.start >= line.start))
        .map(|mark| clip(mark.start)..clip(mark.end))
        .collect();
    inside.sort_by_key(|mark| (mark.start, mark.end));
    let mut done = line.start;
    let mut pieces: Vec<(Option<bool>, &str)> = Vec::new();
    for mark in inside {
        let start = mark.start.max(done);
        if mark.end < start {
            continue;
        }
        pieces.push((None, &text[done..start]));
        pieces.push((Some(start == mark.end), &text[start..mark.end]));
        done = mark.end;
    }
    pieces.push((None, &text[done..line.end]));
    html! {
        @for (mark, piece) in pieces {
            @match (mark, how) {
                (None, _) => { (wire(piece)) }
                (Some(true), As::New) => {}
                (Some(false), As::New) => { ins { (wire(piece)) } }
                (Some(is_empty), As::Fault(severity)) => {
                    mark class=(format!("mark {severity}{}", if is_empty { " empty" } else { "" })) { (wire(piece)) }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[allow(clippy::single_range_in_vec_init)]
    fn marks_stand_at_the_exact_characters() {
        let html = |text, marks: &[Range<usize>]| marked(text, marks, As::Fault("error")).into_string();
        let mark = "<mark class=\"mark error\">";
        let empty = "<mark class=\"mark error empty\"></mark>";
        assert!(html("a: b\nc: d\n", &[8..9]).contains(&format!("c: {mark}d</mark>")));
        assert!(html("a\n\nb\n", &[2..3]).contains(&format!(">2</span><span class=\"content\">{empty}"))); // a line end
        assert!(html("ab\n", &[0..1, 0..2]).contains(&format!("{mark}a</mark>{mark}b</mark>"))); // each character once
        assert!(
            html("a\nb\n", &[0..3]).contains(&format!(">2</span><span class=\"content\">{mark}b</mark>"))
        ); // over lines
        assert!(html("a\n", &[2..2]).contains(&format!(">2</span><span class=\"content\">{empty}"))); // after the last line
        assert_eq!(html("a\nb\n", &[]).matches("class=\"line\"").count(), 2);
        assert!(html(&"a\n".repeat(100), &[]).contains("and 86 more lines"));
    }
}
