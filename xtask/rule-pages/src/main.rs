//! Writes the page of each rule and their index: `rule-pages WWW FOLDER`.
//!
//! What a page says is what the engine says: the rule's own texts, its examples, and what becomes of the bad one when the
//! engine of this very build judges it. The build of the site bundles what the pages name, as it does for those of
//! `www/`, and runs this as a program of its own: a rule that changed is a page that changed, also while the site is
//! served.

mod example;
mod frame;
mod index;
mod marked;
#[path = "../../../tests/rules/no_fix.rs"]
mod no_fix;
mod page;
mod terminal;

use std::env;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use mta_sts::rules::ALL;

use frame::Frame;

fn main() -> Result<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [www, out] = arguments.as_slice() else { bail!("usage: rule-pages WWW FOLDER") };
    let start = Path::new(www).join("index.html");
    let frame = Frame::of(&fs::read_to_string(&start).with_context(|| start.display().to_string())?)?;

    let out = Path::new(out);
    let write = |folder: &Path, html: String| -> Result<()> {
        fs::create_dir_all(folder)?;
        fs::write(folder.join("index.html"), html).with_context(|| folder.display().to_string())
    };
    for rule in ALL {
        let html = page::page(rule, &frame).with_context(|| rule.id)?;
        write(&out.join(rule.id), html.into_string())?;
    }
    write(out, index::page(&frame).into_string())
}

/// What rules are about, by the beginning of their ids.
pub(crate) struct Family {
    pub(crate) prefix: &'static str,
    pub(crate) name: &'static str,
    pub(crate) about: &'static str,
}

/// In the order in which a sender meets things.
pub(crate) const FAMILIES: &[Family] = &[
    Family {
        prefix: "txt",
        name: "Record",
        about: "The TXT record at _mta-sts, which says that there is a policy",
    },
    Family { prefix: "http", name: "Policy host", about: "The web server at mta-sts, and its reply" },
    Family { prefix: "pol", name: "Policy", about: "The text of the policy, line by line" },
    Family { prefix: "mx", name: "Patterns", about: "The values of mx, which stand for mail servers" },
    Family { prefix: "cov", name: "MX hosts", about: "The MX records of the domain against the patterns" },
    Family { prefix: "dns", name: "DNS", about: "Names, aliases and answers" },
    Family {
        prefix: "rpt",
        name: "Reports",
        about: "The TXT record at _smtp._tls, which says who hears of failures",
    },
    Family { prefix: "ops", name: "Change", about: "Publishing, changing and removing a policy" },
];

/// The family of a rule.
pub(crate) fn family(id: &str) -> Result<&'static Family> {
    let prefix = id.split('-').next().unwrap_or(id);
    FAMILIES.iter().find(|family| family.prefix == prefix).with_context(|| format!("{id} has no family"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_has_a_family_and_every_family_a_rule() {
        for rule in ALL {
            assert!(family(rule.id).is_ok(), "{}", rule.id);
        }
        for family in FAMILIES {
            assert!(
                ALL.iter().any(|rule| rule.id.starts_with(&format!("{}-", family.prefix))),
                "{}",
                family.prefix
            );
        }
    }

    #[test]
    fn every_page_is_written_and_holds_nothing_unescaped() {
        let frame = Frame::of(include_str!("../../../www/index.html")).unwrap();
        for rule in ALL {
            let html = page::page(rule, &frame)
                .unwrap_or_else(|fault| panic!("{}: {fault:#}", rule.id))
                .into_string();
            // The one script-like thing in any example: markup in a policy.
            assert!(!html.contains("<script"), "{}", rule.id);
            assert!(html.contains(&format!("<code>{}</code>", rule.id)), "{}", rule.id);
        }
        let index = index::page(&frame).into_string();
        for rule in ALL {
            assert!(index.contains(&format!("href=\"{}/\"", rule.id)), "{} is not in the index", rule.id);
        }
    }
}
