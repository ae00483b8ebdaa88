//! Applies remedies to a text.

use crate::lint::{LintOptions, lint_up_to};
use crate::report::{ApplicabilityName, EditReport, OffsetUnit, Report, SeverityName};
use std::collections::BTreeMap;

/// A text, put right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fixed {
    /// The text.
    pub text: Vec<u8>,
    /// The ids of the rules whose fixes were applied, in that order, each once.
    pub applied: Vec<&'static str>,
}

/// A fix can uncover the next fault: an indented comment is a comment once its indent is gone. Texts of people are done
/// after two or three rounds; this bounds the ones of others.
const MAX_ROUNDS: usize = 20;

/// Applies every safe fix, and every likely one of an error or a warning if asked to, until none is left.
///
/// ```
/// let fixed = mta_sts::fix(b"version: STSv1\n\nmode: none\nmax_age: 86400\n", &Default::default(), false);
/// assert_eq!(fixed.text, b"version: STSv1\nmode: none\nmax_age: 86400\n");
/// assert_eq!(fixed.applied, ["pol-blank-line"]);
/// ```
#[must_use]
pub fn fix(text: &[u8], options: &LintOptions, likely: bool) -> Fixed {
    let mut fixed = Fixed { text: text.to_vec(), applied: Vec::new() };
    for _ in 0..MAX_ROUNDS {
        // All findings, not the first hundred: a round is linear in the text, and few rounds are enough.
        let report = lint_up_to(&fixed.text, options, OffsetUnit::Bytes, usize::MAX);
        let edits = choose(&report, likely, &mut fixed.applied);
        if edits.is_empty() {
            break;
        }
        fixed.text = apply(&fixed.text, &edits);
    }
    fixed
}

/// The edits of all fixes that may be applied at once, in order of place; of two that touch the same place the graver
/// one's.
fn choose<'r>(report: &'r Report, likely: bool, applied: &mut Vec<&'static str>) -> Vec<&'r EditReport> {
    let mut chosen: BTreeMap<u32, &EditReport> = BTreeMap::new();
    for finding in &report.findings {
        let Some(fix) = &finding.fix else { continue };
        let wanted = match fix.applicability {
            ApplicabilityName::Safe => true,
            ApplicabilityName::Likely => likely && finding.severity != SeverityName::Info,
        };
        let clashes = |edit: &EditReport| {
            let before = chosen.range(..=edit.start).next_back();
            before.is_some_and(|(start, other)| other.end > edit.start || *start == edit.start)
                || chosen.range(edit.start..).next().is_some_and(|(start, _)| *start < edit.end)
        };
        if wanted && !fix.edits.iter().any(clashes) {
            chosen.extend(fix.edits.iter().map(|edit| (edit.start, edit)));
            if !applied.contains(&finding.id) {
                applied.push(finding.id);
            }
        }
    }
    chosen.into_values().collect()
}

/// The text with `edits`, in order of place, applied. Their offsets are bytes.
fn apply(text: &[u8], edits: &[&EditReport]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut at = 0;
    for edit in edits {
        out.extend_from_slice(&text[at..edit.start as usize]);
        out.extend_from_slice(edit.text.as_bytes());
        at = edit.end as usize;
    }
    out.extend_from_slice(&text[at..]);
    out
}
