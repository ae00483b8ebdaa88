//! The page of one rule.

use anyhow::Result;
use maud::{Markup, html};
use mta_sts::finding::Severity;
use mta_sts::render::RuleReport;
use mta_sts::report::{ApplicabilityName, SenderReport, SeverityName};
use mta_sts::rules::{ALL, Rule};

use crate::example::Judged;
use crate::frame::{
    Frame, Head, capital, consequence_words, plain, prose, references, sentence, severity_word, shape,
};
use crate::marked::{As, marked};
use crate::no_fix::NO_FIX;
use crate::terminal::terminal;
use crate::{Family, family};

/// Rules of the family that are named before and after this one.
const NEIGHBOURS: usize = 3;

pub(crate) fn page(rule: &'static Rule, frame: &Frame) -> Result<Markup> {
    let said = RuleReport::from(rule);
    let family = family(rule.id)?;
    let bad = Judged::of(rule.bad)?;
    let good = Judged::of(rule.good)?;
    let title = format!("{}: {}", rule.id, plain(rule.what));
    let description =
        format!("{}: {}. {}.", severity_word(said.severity), plain(rule.what), capital(&plain(rule.why)));
    let head = Head { title: &title, description: &description, root: "../../", script: None };
    let main = html! {
        article class="rule" {
            nav class="trail" aria-label="Where this is" {
                a href="../" { "Rules" } " / " a href=(format!("../#{}", family.prefix)) { (family.name) }
            }
            h1 { (prose(&capital(rule.what))) }
            p class="rule-id" {
                (shape(said.severity)) " " (severity_word(said.severity)) " " code { (rule.id) }
            }
            dl class="rule-facts" {
                div { dt { "Why" } dd { (sentence(rule.why)) } }
                div { dt { "Means" } dd { (consequence_words(said.consequence)) } }
                div { dt { "Instead" } dd { (sentence(rule.instead)) } }
                div { dt { "Source" } dd { (references(rule.rfc)) } }
            }
            section {
                h2 { "With the fault" }
                (marked(&bad.text, &bad.marks(rule.id), As::Fault(class(rule.severity))))
                @if let Some(cut) = &bad.cut { p class="more" { (cut) } }
                @if let Some(link) = bad.lint_link(rule.id) {
                    p class="try" { a href=(format!("../../{link}")) { "Try it in the linter" } }
                }
            }
            section {
                h2 { "What is said of it" }
                pre class="terminal" { (terminal(&bad.terminal())) }
            }
            (remedy(rule, &bad, &good))
            (senders(rule, &bad))
            (neighbours(rule, family))
        }
    };
    Ok(frame.page(&head, &main))
}

const fn class(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "info",
    }
}

/// The good example, and how a machine gets there.
fn remedy(rule: &Rule, bad: &Judged, good: &Judged) -> Markup {
    let fix = bad.of_rule(rule.id).find_map(|finding| finding.fix.as_ref());
    let kind = fix.map(|fix| match fix.applicability {
        ApplicabilityName::Safe => "There is a fix, and it keeps the meaning.",
        ApplicabilityName::Likely => {
            "There is a fix, and it guesses the meaning: look at it before it is applied."
        }
    });
    let fixed = bad.fixed(rule.id).filter(|_| fix.is_some());
    let reason = NO_FIX.iter().find(|(ids, _)| ids.contains(&rule.id)).map(|(_, reason)| *reason);
    let is_good = |text: &str| text.trim_end() == good.text.trim_end();
    let shown = |text: &str, new: &[std::ops::Range<usize>]| marked(text, new, As::New);
    html! {
        section {
            h2 { "Without it" }
            @match (kind, &fixed, reason) {
                (Some(kind), Some((text, new)), _) if is_good(text) => {
                    p { (kind) " It makes this of the text above:" }
                    (shown(text, new))
                }
                (Some(kind), Some((text, new)), _) => {
                    p { (kind) " It makes this of the text above:" }
                    (shown(text, new))
                    p { "What it brings to light is put right as well:" }
                    (shown(&good.text, &[]))
                }
                (Some(kind), None, _) => { p { (kind) } (shown(&good.text, &[])) }
                (None, _, Some(reason)) => {
                    p { "There is no fix that a machine could apply: " (prose(reason)) "." }
                    (shown(&good.text, &[]))
                }
                (None, _, None) => { (shown(&good.text, &[])) }
            }
            @if let Some(cut) = &good.cut { p class="more" { (cut) } }
        }
    }
}

/// Whom the fault makes a difference to.
fn senders(rule: &Rule, bad: &Judged) -> Markup {
    let all = bad.senders();
    if all.is_empty() {
        return html! {};
    }
    let is_in = |list: fn(&mta_sts::report::FindingReport) -> &Vec<&'static str>, id: &str| {
        bad.of_rule(rule.id).any(|finding| list(finding).contains(&id))
    };
    let mut refuse: Vec<&SenderReport> = Vec::new();
    let mut differ: Vec<&SenderReport> = Vec::new();
    for sender in all {
        if is_in(|finding| &finding.refused_by, sender.id) {
            refuse.push(sender);
        } else if is_in(|finding| &finding.read_otherwise_by, sender.id) {
            differ.push(sender);
        }
    }
    let said = bad.of_rule(rule.id).find_map(|finding| finding.senders.as_deref());
    let names = |senders: &[&SenderReport]| {
        let names: Vec<String> =
            senders.iter().map(|sender| format!("{} {}", sender.name, sender.version)).collect();
        names.join(", ")
    };
    html! {
        section {
            h2 { "Which senders care" }
            @if let Some(said) = said { p { (prose(said)) "." } }
            @else { p { "None of the " (all.len()) " known senders refuses it or reads it in another way." } }
            @if !refuse.is_empty() || !differ.is_empty() {
                dl class="rule-facts" {
                    @if !refuse.is_empty() { div { dt { "Refuse" } dd { (names(&refuse)) } } }
                    @if !differ.is_empty() { div { dt { "Differ" } dd { (names(&differ)) } } }
                }
            }
            p class="senders-note" {
                "By the readers of these versions, run on odd inputs or read in source. Google and Microsoft apply MTA-STS too; their readers are not public."
            }
        }
    }
}

fn neighbours(rule: &Rule, family: &Family) -> Markup {
    let all: Vec<&Rule> =
        ALL.iter().copied().filter(|other| other.id.starts_with(&format!("{}-", family.prefix))).collect();
    let at = all.iter().position(|other| other.id == rule.id).unwrap_or(0);
    let end = (at + NEIGHBOURS + 1).max(2 * NEIGHBOURS + 1).min(all.len());
    let start = end.saturating_sub(2 * NEIGHBOURS + 1);
    html! {
        nav class="neighbours" aria-labelledby="neighbours" {
            h2 id="neighbours" { "Beside it" }
            ul class="rule-list" {
                @for other in all[start..end].iter().filter(|other| other.id != rule.id) {
                    (entry(other, &format!("../{}/", other.id)))
                }
            }
            p { a href=(format!("../#{}", family.prefix)) { "All " (all.len()) " about: " (family.name) } }
        }
    }
}

/// A rule in a list.
pub(crate) fn entry(rule: &Rule, href: &str) -> Markup {
    let severity = SeverityName::from(rule.severity);
    html! {
        li {
            a href=(href) {
                (shape(severity))
                span class="rule-what" { span class="sr-only" { (severity_word(severity)) ": " } (prose(&capital(rule.what))) }
                " " code { (rule.id) }
            }
        }
    }
}
