//! The index of all rules.

use maud::{Markup, html};
use mta_sts::report::SeverityName;
use mta_sts::rules::{ALL, Rule};

use crate::FAMILIES;
use crate::frame::{Frame, Head, severity_word, shape};
use crate::page::entry;

pub(crate) fn page(frame: &Frame) -> Markup {
    let description = format!(
        "The {} rules of this MTA-STS validator: what each finds, why it matters, and what to write instead.",
        ALL.len()
    );
    let head = Head { title: "Rules", description: &description, root: "../", script: Some("src/rules.ts") };
    let main = html! {
        div class="rule-index" {
            h1 { "Rules" }
            p class="lead" {
                "Each of the " (ALL.len()) " has a page: what it finds, why that matters and to which senders, an example with the fault and one without."
            }
            p class="legend" {
                @for severity in [SeverityName::Error, SeverityName::Warning, SeverityName::Info] {
                    span { (shape(severity)) (severity_word(severity)) }
                }
            }
            // Without script the style takes it away. Were it the script that shows it, what is below would jump.
            search {
                label for="rules-search" { "Search the rules" }
                input id="rules-search" type="search" autocomplete="off" autocapitalize="off" spellcheck="false"
                    placeholder="wildcard, error, txt-" aria-describedby="rules-count";
                p id="rules-count" class="hint" role="status" { (ALL.len()) " rules" }
            }
            @for family in FAMILIES {
                @let prefix = format!("{}-", family.prefix);
                @let rules: Vec<&Rule> = ALL.iter().copied().filter(|rule| rule.id.starts_with(&prefix)).collect();
                section id=(family.prefix) aria-labelledby=(format!("{prefix}name")) {
                    h2 id=(format!("{prefix}name")) { (family.name) }
                    p class="hint" { (family.about) }
                    ul class="rule-list" {
                        @for rule in rules { (entry(rule, &format!("{}/", rule.id))) }
                    }
                }
            }
        }
    };
    frame.page(&head, &main)
}
