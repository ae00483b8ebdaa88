//! Applies remedies to a text.

use crate::lint::{LintOptions, lint_up_to};
use crate::order::by_key;
use crate::report::{
    ApplicabilityName, Document, EditReport, OffsetUnit, PolicyReport, Report, SeverityName,
};
use alloc::vec::Vec;

/// A text, put right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fixed {
    /// The text.
    pub text: Vec<u8>,
    /// The ids of the rules whose fixes were applied, in that order, each once.
    pub applied: Vec<&'static str>,
    /// Whether no fix is left that was asked for. Some are where applying them would make another text of it: what is told
    /// to be a policy and records by what it looks like alone would be told otherwise. Of a text that is made to uncover
    /// one fault after the other, some are left after twenty rounds.
    pub complete: bool,
}

/// A fix can uncover the next fault: an indented comment is a comment once its indent is gone. Texts of people are done
/// after two or three rounds; this bounds the ones of others.
const MAX_ROUNDS: usize = 20;

/// Applies every safe fix, and every likely one of an error or a warning if asked to, until none is left.
///
/// Of what a sender that follows the RFC could use, nothing becomes unusable, and by safe fixes alone nothing changes for
/// it. Octets outside of edits stay as they are, UTF-8 or not. Fixing what was fixed changes nothing.
///
/// ```
/// let fixed = mta_sts::fix(b"version: STSv1\n\nmode: none\nmax_age: 86400\n", &Default::default(), false);
/// assert_eq!(fixed.text, b"version: STSv1\nmode: none\nmax_age: 86400\n");
/// assert_eq!(fixed.applied, ["pol-blank-line"]);
/// ```
#[must_use]
pub fn fix(text: &[u8], options: &LintOptions, likely: bool) -> Fixed {
    // All findings, not the first hundred: a round is linear in the text, and few rounds are enough.
    let judge = |text: &[u8]| lint_up_to(text, options, OffsetUnit::Bytes, usize::MAX);
    let mut fixed = Fixed { text: text.to_vec(), applied: Vec::new(), complete: false };
    let mut report = judge(text);
    for _ in 0..MAX_ROUNDS {
        let mut applied = fixed.applied.clone();
        let edits = choose(&report, likely, &mut applied);
        fixed.complete = edits.is_empty();
        if fixed.complete {
            break;
        }
        let text = apply(&fixed.text, &edits);
        let after = judge(&text);
        if !is_same_kind(&report, &after, likely) {
            break;
        }
        fixed = Fixed { text, applied, complete: false };
        report = after;
    }
    fixed
}

/// Whether a text still holds what it held: no more documents than before, what was usable still is, and by safe fixes
/// alone a policy still says something.
fn is_same_kind(before: &Report, after: &Report, likely: bool) -> bool {
    // A bit for each that is usable; and one for fields, since a policy that is taken for UTF-16 has none any more. A likely
    // fix may find another mode, which the next round puts right.
    let says =
        |policy: &PolicyReport| policy.mode.is_some() || policy.max_age.is_some() || !policy.mx.is_empty();
    let usable = |report: &Report| {
        u8::from(report.policy.as_ref().is_some_and(|policy| policy.usable))
            | u8::from(report.record.as_ref().is_some_and(|record| record.usable)) << 1
            | u8::from(report.tlsrpt.as_ref().is_some_and(|record| record.usable)) << 2
            | u8::from(!likely && report.policy.as_ref().is_some_and(says)) << 3
    };
    let texts = |report: &Report| {
        let has_text = |document: &&Document| document.text.is_some() || document.text_of.is_some();
        report.documents.iter().filter(has_text).count()
    };
    texts(after) <= texts(before) && usable(before) & !usable(after) == 0
}

/// The edits of all fixes that may be applied at once, in order of place; of two that touch the same place the graver
/// one's.
fn choose<'r>(report: &'r Report, likely: bool, applied: &mut Vec<&'static str>) -> Vec<&'r EditReport> {
    let mut chosen: Vec<&EditReport> = Vec::new();
    let mut taken = Taken::default();
    for finding in &report.findings {
        let Some(fix) = &finding.fix else { continue };
        let wanted = match fix.applicability {
            ApplicabilityName::Safe => true,
            ApplicabilityName::Likely => likely && finding.severity != SeverityName::Info,
        };
        if wanted && !fix.edits.iter().any(|edit| taken.touches(edit)) {
            for edit in &fix.edits {
                taken.take(edit);
                chosen.push(edit);
            }
            if !applied.contains(&finding.id) {
                applied.push(finding.id);
            }
        }
    }
    let places: Vec<u64> = chosen.iter().map(|edit| edit.start.into()).collect();
    by_key(&places).into_iter().map(|at| chosen[at]).collect()
}

/// What is taken of a text by the edits that are chosen, at each of its offsets.
#[derive(Default)]
struct Taken(Vec<u8>);

impl Taken {
    /// The octet here goes.
    const OCTET: u8 = 1;
    /// An edit begins, ends or goes on here.
    const EDGE: u8 = 2;
    /// Something is put in here.
    const INSERTED: u8 = 4;

    fn take(&mut self, edit: &EditReport) {
        let (start, end) = (edit.start as usize, edit.end as usize);
        if self.0.len() <= end {
            self.0.resize(end + 1, 0);
        }
        for at in start..end {
            self.0[at] |= Self::OCTET;
        }
        for at in start..=end {
            self.0[at] |= Self::EDGE;
        }
        if start == end {
            self.0[start] |= Self::INSERTED;
        }
    }

    /// Whether an edit has octets in common with those that are chosen, or is beside one, where either puts something in:
    /// what is put in beside a line that goes may depend on that line.
    fn touches(&self, edit: &EditReport) -> bool {
        let (start, end) = (edit.start as usize, edit.end as usize);
        let any = |offsets: core::ops::RangeInclusive<usize>, mark: u8| {
            offsets.into_iter().any(|at| self.0.get(at).is_some_and(|marks| marks & mark != 0))
        };
        if start == end {
            any(start..=start, Self::EDGE)
        } else {
            any(start..=end - 1, Self::OCTET) || any(start..=end, Self::INSERTED)
        }
    }
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
