//! What holds for every rule.

#![cfg(not(target_arch = "wasm32"))]

#[path = "rules/no_fix.rs"]
mod no_fix;

use mta_sts::evidence::{Evidence, Seen};
use mta_sts::notation::Change;
use mta_sts::plan::plan;
use mta_sts::report::{Document, EditReport, FindingReport, SeverityName};
use mta_sts::rules::{ALL, Example, NOT_RULES, Rule, find};
use mta_sts::{LintOptions, OffsetUnit, TextKind, fix, lint, review};
use no_fix::NO_FIX;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// When a change is planned: 2024-04-01T12:00:00Z, the new id of examples.
const NOW: u64 = 1_711_972_800;

/// An example in the form in which a machine meets it.
enum Text {
    Given(TextKind, Vec<u8>),
    Seen(Box<Evidence>),
    Changed(Change),
}

/// What is said of an example.
struct Said {
    findings: Vec<FindingReport>,
    documents: Vec<Document>,
}

impl Text {
    fn of(example: Example) -> Self {
        match example {
            Example::Policy(text) => Self::Given(TextKind::Policy, text.into()),
            Example::PolicyBytes(text) => Self::Given(TextKind::Policy, text.into()),
            Example::PolicyOf(text, size) => {
                let last = text.lines().last().expect("a line to repeat");
                let lines = (size - text.len()).div_ceil(last.len() + 1);
                Self::Given(TextKind::Policy, format!("{text}{}", format!("{last}\n").repeat(lines)).into())
            }
            Example::Record(text) => Self::Given(TextKind::Record, text.into()),
            Example::Tlsrpt(text) => Self::Given(TextKind::Tlsrpt, text.into()),
            Example::Evidence(text) => {
                let evidence =
                    Evidence::from_notation(text).unwrap_or_else(|fault| panic!("{fault}:\n{text}"));
                Self::Seen(Box::new(evidence))
            }
            Example::Change(text) => {
                Self::Changed(Change::from_notation(text).unwrap_or_else(|fault| panic!("{fault}:\n{text}")))
            }
        }
    }

    fn report(&self) -> Said {
        let report = match self {
            Self::Given(kind, text) => lint(text, &as_kind(*kind), OffsetUnit::Bytes),
            Self::Seen(evidence) => review(evidence, OffsetUnit::Bytes),
            Self::Changed(change) => {
                let plan = plan(&change.at(NOW), OffsetUnit::Bytes);
                return Said { findings: plan.findings, documents: plan.documents };
            }
        };
        Said { findings: report.findings, documents: report.documents }
    }

    /// The text with a fix applied; `None` if what it is about is no text that somebody wrote.
    fn fixed(&self, finding: &FindingReport) -> Option<Self> {
        let edits = &finding.fix.as_ref()?.edits;
        match self {
            Self::Given(kind, text) => Some(Self::Given(*kind, apply(text, edits))),
            Self::Seen(evidence) if finding.document == "policy" => {
                let mut evidence = evidence.clone();
                let Seen::Yes(reply) = &mut evidence.policy else { return None };
                reply.body = apply(&reply.body, edits);
                Some(Self::Seen(evidence))
            }
            Self::Seen(_) => None,
            Self::Changed(change) => {
                let mut change = change.clone();
                let text = match finding.document.as_str() {
                    "policy" => change.new.policy.as_mut()?,
                    "record" => change.new.record.as_mut()?,
                    _ => return None,
                };
                *text = String::from_utf8(apply(text.as_bytes(), edits)).expect("an edit leaves text");
                Some(Self::Changed(change))
            }
        }
    }

    /// The text, once what a fix has uncovered is put right too; records without their last line end.
    fn mended(&self) -> Vec<u8> {
        match self {
            Self::Given(TextKind::Policy, text) => fix(text, &as_kind(TextKind::Policy), true).text,
            Self::Given(kind, text) => fix(text, &as_kind(*kind), true).text.trim_ascii_end().into(),
            Self::Seen(evidence) => evidence.policy.yes().map(|reply| reply.body.clone()).unwrap_or_default(),
            Self::Changed(change) => [&change.new.policy, &change.new.record]
                .into_iter()
                .flatten()
                .flat_map(|text| text.bytes())
                .collect(),
        }
    }
}

fn as_kind(kind: TextKind) -> LintOptions {
    LintOptions { kind: Some(kind), ..LintOptions::default() }
}

fn apply(text: &[u8], edits: &[EditReport]) -> Vec<u8> {
    let mut fixed = text.to_vec();
    for edit in edits.iter().rev() {
        fixed.splice(edit.start as usize..edit.end as usize, edit.text.bytes());
    }
    fixed
}

/// Findings that tell of something missing, which is a fault of its own.
const ENTAILED: &[(&str, &[&str])] = &[
    ("dns-subdomain", &["txt-missing"]),
    ("dns-cname-dangling", &["txt-missing"]),
    ("dns-name-typo", &["http-host-dns", "txt-missing"]),
    ("dns-wildcard", &["txt-unrelated"]), // the answer of the wildcard
    ("ops-policy-no-txt", &["txt-missing"]),
    ("ops-testing-no-rpt", &["rpt-missing"]),
];

/// The ids of the errors and warnings, but for that of `rule` and those it entails.
fn grave_beside<'r>(report: &'r Said, rule: &Rule) -> BTreeSet<&'r str> {
    let grave = report.findings.iter().filter(|f| f.severity != SeverityName::Info);
    let is_entailed = |id: &str| ENTAILED.iter().any(|(by, ids)| *by == rule.id && ids.contains(&id));
    grave.map(|finding| finding.id).filter(|id| *id != rule.id && !is_entailed(id)).collect()
}

const fn gravity(finding: &FindingReport) -> u8 {
    match finding.severity {
        SeverityName::Info => 0,
        SeverityName::Warning => 1,
        SeverityName::Error => 2,
    }
}

/// Runs a check for every rule and names every rule that fails it.
#[track_caller]
fn for_all(check: impl Fn(&Rule) -> Result<(), String>) {
    let failed: Vec<String> =
        ALL.iter().filter_map(|rule| check(rule).err().map(|why| format!("{}: {why}", rule.id))).collect();
    assert!(failed.is_empty(), "{} rules fail:\n{}", failed.len(), failed.join("\n"));
}

#[test]
fn ids_are_unique_and_found() {
    let mut seen = BTreeSet::new();
    let all = ALL.iter().map(|rule| rule.id).chain(NOT_RULES.iter().map(|(id, _)| *id));
    for id in all {
        assert!(seen.insert(id), "{id} stands twice");
    }
    for_all(|rule| match find(rule.id) {
        Some(found) if std::ptr::eq(found, rule) => Ok(()),
        _ => Err("is not found by its id".into()),
    });
}

#[test]
fn texts_say_something_in_house_style() {
    for_all(|rule| {
        for text in [rule.what, rule.why, rule.instead, rule.rfc] {
            if text.is_empty() || text.ends_with('.') || text.contains("  ") || text.contains('\n') {
                return Err(format!("{text:?}"));
            }
        }
        match [rule.what, rule.why, rule.instead].iter().find(|text| {
            let mut letters = text.chars();
            letters.next().is_some_and(char::is_uppercase) && !letters.next().is_some_and(char::is_uppercase)
        }) {
            Some(text) => Err(format!("{text:?} begins with a capital")),
            None if rule.rfc.starts_with("RFC ") => Ok(()),
            None => Err(format!("{:?} names no RFC", rule.rfc)),
        }
    });
}

#[test]
fn a_bad_example_has_this_fault_and_no_other() {
    for_all(|rule| {
        let report = Text::of(rule.bad).report();
        let others = grave_beside(&report, rule);
        if !report.findings.iter().any(|finding| finding.id == rule.id) {
            return Err(format!("is not found, but {others:?}"));
        }
        if others.is_empty() { Ok(()) } else { Err(format!("{others:?} too")) }
    });
}

#[test]
fn a_good_example_has_no_fault() {
    for_all(|rule| {
        let report = Text::of(rule.good).report();
        let others = grave_beside(&report, rule);
        if report.findings.iter().any(|finding| finding.id == rule.id) {
            return Err("is found in its good example".into());
        }
        if others.is_empty() { Ok(()) } else { Err(format!("{others:?}")) }
    });
}

#[test]
fn a_fix_removes_its_finding_and_adds_none() {
    for_all(|rule| {
        let bad = Text::of(rule.bad);
        let report = bad.report();
        for finding in report.findings.iter().filter(|finding| finding.id == rule.id) {
            let Some(fixed) = bad.fixed(finding) else { continue };
            let after = fixed.report();
            let count = |report: &Said| report.findings.iter().filter(|f| f.id == rule.id).count();
            if count(&after) >= count(&report) {
                return Err(format!("is still there: {:#?}", after.findings));
            }
            // What is less grave may come to light: a policy that has a mode again has that mode's advice.
            let is_new = |new: &&FindingReport| report.findings.iter().all(|old| old.id != new.id);
            if let Some(new) =
                after.findings.iter().filter(is_new).find(|new| gravity(new) >= gravity(finding).max(1))
            {
                return Err(format!("brings {}", new.id));
            }
        }
        Ok(())
    });
}

#[test]
fn a_rule_has_a_fix_or_a_reason_why_not() {
    let reasons: Vec<&str> = NO_FIX.iter().flat_map(|(ids, _)| *ids).copied().collect();
    for_all(|rule| {
        let report = Text::of(rule.bad).report();
        let mut own = report.findings.iter().filter(|finding| finding.id == rule.id);
        match (own.any(|finding| finding.fix.is_some()), reasons.iter().filter(|id| **id == rule.id).count())
        {
            (true, 0) | (false, 1) => Ok(()),
            (true, _) => Err("has a fix, and a reason why not".into()),
            (false, reasons) => Err(format!("has no fix, and {reasons} reasons why not")),
        }
    });
    let unknown: Vec<&&str> = reasons.iter().filter(|id| find(id).is_none()).collect();
    assert!(unknown.is_empty(), "{unknown:?} are no rules");
}

#[test]
fn fixes_turn_the_bad_example_into_the_good_one() {
    for_all(|rule| {
        let bad = Text::of(rule.bad);
        let report = bad.report();
        let is_own = |finding: &&FindingReport| finding.id == rule.id && finding.fix.is_some();
        let mut own: Vec<&FindingReport> = report.findings.iter().filter(is_own).collect();
        if own.is_empty() {
            return Ok(());
        }
        // From the last to the first, so that places stay right.
        own.sort_by_key(|finding| std::cmp::Reverse(finding.span.map(|place| place.start)));
        let Some(fixed) = own.into_iter().try_fold(bad, |text, finding| text.fixed(finding)) else {
            return Err("has a fix of what is no text".into());
        };
        let (fixed, good) = (fixed.mended(), Text::of(rule.good).mended());
        if fixed == good {
            return Ok(());
        }
        Err(format!("becomes {:?}", String::from_utf8_lossy(&fixed)))
    });
}

#[test]
fn places_lie_inside_their_document() {
    for_all(|rule| {
        for example in [rule.bad, rule.good] {
            let report = Text::of(example).report();
            for finding in &report.findings {
                let document = report.documents.iter().find(|document| document.name == finding.document);
                let Some(document) = document else {
                    return Err(format!("no document {}", finding.document));
                };
                let len = document.text_among(&report.documents).map_or(0, str::len) as u32;
                // Octets that are not UTF-8 are longer in the text that is shown.
                let places = finding.span.iter().chain(&finding.also);
                if let Some(place) =
                    places.into_iter().find(|place| place.start > place.end || place.end > len)
                {
                    return Err(format!("{place:?} of {}, which has {len} bytes", finding.document));
                }
            }
        }
        Ok(())
    });
}

#[test]
fn every_row_of_the_checklist_is_a_rule_or_has_a_reason_why_not() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/spec-checklist.md");
    let Ok(checklist) = fs::read_to_string(&path) else {
        println!("skipped: no checklist at {}", path.display());
        return;
    };
    let sections = checklist.split("\n## ").filter(|section| {
        let number = section.split_once('.').and_then(|(number, _)| number.parse().ok());
        number.is_some_and(|number: u32| (1..=8).contains(&number) || number == 10)
    });
    let rows = sections.flat_map(str::lines).filter_map(|line| line.strip_prefix("| ")?.split_once(" |"));
    let ids: Vec<&str> = rows
        .flat_map(|(ids, _)| ids.split(", "))
        .filter(|id| id.contains('-') && !id.starts_with('-'))
        .collect();
    assert!(ids.len() > 165, "the checklist has more rows than {}", ids.len());
    let reasons: BTreeSet<&str> = NOT_RULES.iter().map(|(id, _)| *id).collect();
    for id in ids {
        assert_ne!(
            find(id).is_some(),
            reasons.contains(id),
            "{id} is a rule, or has a reason why it is none"
        );
    }
}
