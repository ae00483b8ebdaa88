//! An example, judged: what the engine of this build says of it.

use std::ops::Range;

use anyhow::{Context, Result, anyhow};
use mta_sts::evidence::Evidence;
use mta_sts::notation::Change;
use mta_sts::plan::{Plan, plan};
use mta_sts::render::LineIndex;
use mta_sts::render::text::{self, Options};
use mta_sts::report::{Document, FindingReport, Report, SenderReport};
use mta_sts::rules::Example;
use mta_sts::{LintOptions, OffsetUnit, TextKind, lint, review};

/// When a change is planned: 2024-04-01T12:00:00Z, the new id of examples.
const NOW: u64 = 1_711_972_800;

/// Fits beside the page's own margins without a scroll bar.
const COLOURED: Options = Options { color: true, width: 80 };

/// An example and what is said of it.
pub(crate) struct Judged {
    /// As it is shown.
    pub(crate) text: String,
    /// What is left out of `text`, in words.
    pub(crate) cut: Option<String>,
    said: Said,
    kind: Option<TextKind>,
}

enum Said {
    Report(Box<Report>),
    Plan(Box<Plan>),
}

impl Judged {
    pub(crate) fn of(example: Example) -> Result<Self> {
        let given = |kind, text: &[u8]| {
            let report = lint(text, &as_kind(kind), OffsetUnit::Utf16);
            (String::from_utf8_lossy(text).into_owned(), Said::Report(Box::new(report)), Some(kind))
        };
        let mut cut = None;
        let (text, said, kind) = match example {
            Example::Policy(text) => given(TextKind::Policy, text.as_bytes()),
            Example::PolicyBytes(text) => given(TextKind::Policy, text),
            Example::PolicyOf(text, size) => {
                let last = text.lines().last().context("a line to repeat")?;
                let lines = (size - text.len()).div_ceil(last.len() + 1);
                let whole = format!("{text}{}", format!("{last}\n").repeat(lines));
                cut = Some(format!("… the last line again and again, {} bytes in all", whole.len()));
                let (_, said, kind) = given(TextKind::Policy, whole.as_bytes());
                (text.to_owned(), said, kind)
            }
            Example::Record(text) => given(TextKind::Record, text.as_bytes()),
            Example::Tlsrpt(text) => given(TextKind::Tlsrpt, text.as_bytes()),
            Example::Evidence(text) => {
                let evidence = Evidence::from_notation(text).map_err(|fault| anyhow!("{fault}"))?;
                (text.to_owned(), Said::Report(Box::new(review(&evidence, OffsetUnit::Utf16))), None)
            }
            Example::Change(text) => {
                let change = Change::from_notation(text).map_err(|fault| anyhow!("{fault}"))?;
                (text.to_owned(), Said::Plan(Box::new(plan(&change.at(NOW), OffsetUnit::Utf16))), None)
            }
        };
        Ok(Self { text, cut, said, kind })
    }

    /// What the command line prints.
    pub(crate) fn terminal(&self) -> String {
        match &self.said {
            Said::Report(report) => text::text(report, COLOURED),
            Said::Plan(plan) => text::plan(plan, COLOURED),
        }
    }

    fn findings(&self) -> &[FindingReport] {
        match &self.said {
            Said::Report(report) => &report.findings,
            Said::Plan(plan) => &plan.findings,
        }
    }

    /// The findings of a rule.
    pub(crate) fn of_rule(&self, id: &str) -> impl Iterator<Item = &FindingReport> {
        self.findings().iter().filter(move |finding| finding.id == id)
    }

    /// What each known sender makes of it; nothing where a change was planned.
    pub(crate) fn senders(&self) -> &[SenderReport] {
        match &self.said {
            Said::Report(report) => &report.senders,
            Said::Plan(_) => &[],
        }
    }

    fn document(&self, name: &str) -> Option<&Document> {
        let documents = match &self.said {
            Said::Report(report) => &report.documents,
            Said::Plan(plan) => &plan.documents,
        };
        documents.iter().find(|document| document.name == name)
    }

    /// From offsets in the document of a finding to those in [`Judged::text`]; `None` where the document does not stand
    /// there as it was read, as with a record of several strings.
    fn place(&self, finding: &FindingReport) -> Option<impl Fn(u32, u32) -> Range<usize>> {
        let document = self.document(&finding.document)?.text.as_deref()?;
        // What a repeated line makes of a text begins as the text does.
        let base = if document.starts_with(&self.text) { Some(0) } else { self.text.rfind(document) }?;
        let index = LineIndex::new(document.as_bytes());
        let at: Vec<u32> =
            (0..=index.utf16(document.len() as u32)).map(|offset| index.byte(offset)).collect();
        Some(move |start: u32, end: u32| base + at[start as usize] as usize..base + at[end as usize] as usize)
    }

    /// The places of a rule's findings in [`Judged::text`].
    pub(crate) fn marks(&self, id: &str) -> Vec<Range<usize>> {
        let mut marks = Vec::new();
        for finding in self.of_rule(id) {
            if let Some(place) = self.place(finding) {
                marks
                    .extend(finding.span.iter().chain(&finding.also).map(|span| place(span.start, span.end)));
            }
        }
        marks.retain(|mark| mark.end <= self.text.len());
        marks
    }

    /// [`Judged::text`] with the fixes of a rule, and what they put in; `None` if it has none.
    pub(crate) fn fixed(&self, id: &str) -> Option<(String, Vec<Range<usize>>)> {
        let mut edits: Vec<(Range<usize>, &str)> = Vec::new();
        for finding in self.of_rule(id) {
            let (fix, place) = (finding.fix.as_ref()?, self.place(finding)?);
            edits.extend(fix.edits.iter().map(|edit| (place(edit.start, edit.end), edit.text.as_str())));
        }
        edits.sort_by_key(|(range, _)| (range.start, range.end));
        let (mut text, mut new, mut done) = (String::new(), Vec::new(), 0);
        for (range, replacement) in edits {
            // A second fix of the same place waits until the first is applied.
            if range.start < done {
                continue;
            }
            text += self.text.get(done..range.start)?;
            if !replacement.is_empty() {
                new.push(text.len()..text.len() + replacement.len());
            }
            text += replacement;
            done = range.end;
        }
        text += self.text.get(done..)?;
        Some((text, new))
    }

    /// The fragment of the lint view with this text, if the linter finds there what this is an example of.
    pub(crate) fn lint_link(&self, id: &str) -> Option<String> {
        let (text, options, mx) = match (self.kind, &self.said) {
            (Some(kind), _) if self.cut.is_none() => (self.text.clone(), as_kind(kind), Vec::new()),
            (None, Said::Report(report)) => {
                let text = self.document("policy")?.text.clone()?;
                let mx: Vec<String> =
                    report.mx.as_ref()?.hosts.iter().map(|host| host.host.clone()).collect();
                let options =
                    LintOptions { mx: Some(mta_sts::mx_list(&mx.join("\n"))), ..as_kind(TextKind::Policy) };
                (text, options, mx)
            }
            _ => return None,
        };
        let report = lint(text.as_bytes(), &options, OffsetUnit::Utf16);
        if !report.findings.iter().any(|finding| finding.id == id) {
            return None;
        }
        let kind = match options.kind? {
            TextKind::Policy => "policy",
            TextKind::Record => "record",
            TextKind::Tlsrpt => "tlsrpt",
        };
        let mx: Vec<String> = mx.iter().map(|host| escape(host)).collect();
        let mx = if mx.is_empty() { String::new() } else { format!("&mx={}", mx.join(",")) };
        Some(format!("#lint?text={}&kind={kind}{mx}", escape(&text)))
    }
}

fn as_kind(kind: TextKind) -> LintOptions {
    LintOptions { kind: Some(kind), ..LintOptions::default() }
}

/// As `encodeURIComponent` does.
fn escape(text: &str) -> String {
    use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
    const KEPT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');
    utf8_percent_encode(text, KEPT).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use mta_sts::rules::{ALL, find};

    #[test]
    fn most_examples_have_marks_and_a_link_to_try_them() {
        let count = |has: fn(&Judged, &str) -> bool| {
            ALL.iter().filter(|rule| has(&Judged::of(rule.bad).unwrap(), rule.id)).count()
        };
        let links = count(|judged, id| judged.lint_link(id).is_some());
        let marks = count(|judged, id| !judged.marks(id).is_empty());
        // Where nothing is said of a text: the DNS, a reply, a host; a change.
        assert!(links > 110, "{links} of {} have a link", ALL.len());
        assert!(marks > 110, "{marks} of {} have marks", ALL.len());
    }

    #[test]
    fn places_are_those_of_the_text_that_is_shown() {
        let at = |id: &str| {
            let judged = Judged::of(find(id).unwrap().bad).unwrap();
            judged.marks(id).into_iter().map(|mark| judged.text[mark].to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(at("pol-mode-invalid"), ["Testing"]);
        assert_eq!(at("pol-bom"), ["\u{feff}"]);
    }

    #[test]
    fn a_text_becomes_a_fragment_as_scripts_write_it() {
        assert_eq!(escape("a b\n#&=%é,*"), "a%20b%0A%23%26%3D%25%C3%A9%2C%2A");
    }
}
