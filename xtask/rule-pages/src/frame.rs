//! What all pages have around them, and how texts of the engine are shown on them.

use anyhow::{Context, Result};
use maud::{DOCTYPE, Markup, PreEscaped, html};
use mta_sts::render::is_shown;
use mta_sts::report::{ConsequenceName, SeverityName};
use regex_lite::Regex;

/// The header of the start page: other pages have the same.
pub(crate) struct Frame {
    header: String,
}

/// One page: everything but what is in its `<main>`.
pub(crate) struct Head<'a> {
    pub(crate) title: &'a str,
    pub(crate) description: &'a str,
    /// The way back to the start page: `../`.
    pub(crate) root: &'a str,
    /// Scripts it loads, as the start page would name them.
    pub(crate) script: Option<&'a str>,
}

/// Beside the policy of the site: these pages ask nobody else for anything.
const POLICY: &str = "connect-src 'self'; object-src 'none'; frame-src 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

impl Frame {
    /// Takes the header out of the start page.
    pub(crate) fn of(start: &str) -> Result<Self> {
        let begin = start.find("<header class=\"site\">").context("the start page has no header")?;
        let length = start[begin..].find("</header>").context("the header of the start page never ends")?;
        let header = &start[begin..begin + length + "</header>".len()];
        Ok(Self { header: header.replace(" aria-current=\"page\"", "") })
    }

    /// The header on a page whose way to the start page is `root`. Its links are relative, and lead out of there.
    fn header(&self, root: &str) -> Markup {
        let header =
            self.header.replace("href=\"./", "href=\"").replace("href=\"", &format!("href=\"{root}"));
        let rules = format!("href=\"{root}rules/\"");
        PreEscaped(header.replace(&rules, &format!("{rules} aria-current=\"page\"")))
    }

    pub(crate) fn page(&self, head: &Head<'_>, main: &Markup) -> Markup {
        let Head { title, description, root, script } = head;
        html! {
            (DOCTYPE)
            html lang="en" {
                head {
                    meta charset="utf-8";
                    meta http-equiv="Content-Security-Policy" content=(POLICY);
                    title { (title) " · MTA-STS" }
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="description" content=(description);
                    meta name="color-scheme" content="light dark";
                    meta name="referrer" content="no-referrer";
                    link rel="icon" href=(format!("{root}icon.svg")) type="image/svg+xml";
                    link rel="manifest" href=(format!("{root}manifest.webmanifest"));
                    link rel="stylesheet" href=(format!("{root}src/style.css"));
                    @if let Some(script) = script {
                        script type="module" src=(format!("{root}{script}")) {}
                    }
                }
                body {
                    (self.header(root))
                    main { (main) }
                    footer class="site" {
                        p {
                            (link("https://www.rfc-editor.org/rfc/rfc8461", "RFC 8461"))
                            ", judged by Rust compiled to WebAssembly. This page was written by the same engine."
                        }
                    }
                }
            }
        }
    }
}

/// A link to another site.
fn link(url: &str, text: &str) -> Markup {
    html! { a href=(url) target="_blank" rel="noopener noreferrer" { (text) } }
}

/// The shape of a severity. A word is always beside it.
pub(crate) fn shape(severity: SeverityName) -> Markup {
    let (class, drawn) = match severity {
        SeverityName::Error => ("broken", html! { rect x="3.5" y="3.5" width="13" height="13" {} }),
        SeverityName::Warning => ("warn", html! { path d="M10 2.2 18.4 17H1.6z" {} }),
        SeverityName::Info => ("note", html! { circle class="hollow" cx="10" cy="10" r="4.5" {} }),
    };
    html! { svg class=(format!("shape {class}")) viewBox="0 0 20 20" aria-hidden="true" { (drawn) } }
}

pub(crate) const fn severity_word(severity: SeverityName) -> &'static str {
    match severity {
        SeverityName::Error => "error",
        SeverityName::Warning => "warning",
        SeverityName::Info => "note",
    }
}

pub(crate) const fn consequence_words(consequence: ConsequenceName) -> &'static str {
    match consequence {
        ConsequenceName::Refused => "A sender that follows the RFC cannot use it.",
        ConsequenceName::Disputed => "The RFC allows it; senders in use differ.",
        ConsequenceName::Delivery => "Mail to some host is refused, undeliverable or unprotected.",
        ConsequenceName::Practice => "It works; there is a better way.",
    }
}

/// A clause of a rule as a sentence.
pub(crate) fn sentence(clause: &str) -> Markup {
    html! { (prose(&capital(clause))) "." }
}

/// With a capital, unless it begins with somebody's name for something.
pub(crate) fn capital(clause: &str) -> String {
    let mut letters = clause.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// A text of the engine, whose values stand in backticks.
pub(crate) fn prose(text: &str) -> Markup {
    html! {
        @for (at, part) in text.split('`').enumerate() {
            @if at % 2 == 1 { code { (wire(part)) } } @else { (part) }
        }
    }
}

/// The same without backticks, where there is no markup.
pub(crate) fn plain(text: &str) -> String {
    text.replace('`', "")
}

/// Text as on the wire: what cannot be seen has its name.
pub(crate) fn wire(text: &str) -> Markup {
    let mut pieces: Vec<(bool, String)> = Vec::new();
    for c in text.chars() {
        let is_hidden = !is_shown(c) || matches!(c, '\u{a0}' | '\u{fffd}');
        if is_hidden {
            pieces.push((true, name(c)));
        } else if let Some((false, piece)) = pieces.last_mut() {
            piece.push(c);
        } else {
            pieces.push((false, c.into()));
        }
    }
    html! {
        @for (is_hidden, piece) in &pieces {
            @if *is_hidden { span class="hidden-char" { (piece) } } @else { (piece) }
        }
    }
}

fn name(c: char) -> String {
    match c {
        '\r' => "CR".into(),
        '\n' => "LF".into(),
        '\t' => "TAB".into(),
        '\0' => "NUL".into(),
        '\u{7f}' => "DEL".into(),
        c => format!("U+{:04X}", u32::from(c)),
    }
}

/// `RFC 8461 §3.2, RFC 3629 §4`, each section a link to its page at the RFC Editor.
pub(crate) fn references(text: &str) -> Markup {
    let reference =
        Regex::new(r"RFC (\d{1,5})(?: §(\d+(?:\.\d+)*))?|§(\d+(?:\.\d+)*)|erratum (\d+)").expect("a pattern");
    let mut out = String::new();
    let (mut done, mut rfc) = (0, "");
    for found in reference.captures_iter(text) {
        let Some(whole) = found.get(0) else { continue };
        if let Some(number) = found.get(1) {
            rfc = number.as_str();
        }
        let url = match (found.get(4), found.get(2).or_else(|| found.get(3))) {
            (Some(erratum), _) => format!("https://www.rfc-editor.org/errata/eid{}", erratum.as_str()),
            (None, Some(section)) => {
                format!("https://www.rfc-editor.org/rfc/rfc{rfc}#section-{}", section.as_str())
            }
            (None, None) => format!("https://www.rfc-editor.org/rfc/rfc{rfc}"),
        };
        out += &html! { (&text[done..whole.start()]) (link(&url, whole.as_str())) }.into_string();
        done = whole.end();
    }
    html! { (PreEscaped(out)) (&text[done..]) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_of_the_header_lead_out_of_the_folder() {
        let start = "<header class=\"site\"><a href=\"./\">x</a><a href=\"#check\" aria-current=\"page\">y</a>\
                     <a href=\"rules/\">z</a></header>";
        assert_eq!(
            Frame::of(start).unwrap().header("../../").into_string(),
            "<header class=\"site\"><a href=\"../../\">x</a><a href=\"../../#check\">y</a>\
             <a href=\"../../rules/\" aria-current=\"page\">z</a></header>"
        );
        assert!(Frame::of("<header>").is_err());
    }

    #[test]
    fn sections_are_links() {
        let links = |text| references(text).into_string().matches("href=\"").count();
        assert_eq!(links("RFC 8461 §3.2, §5, RFC 3629 §4 and erratum 7282"), 4);
        assert!(references("RFC 8461 §3.2, §5").into_string().contains("rfc8461#section-5")); // the RFC before it
        assert_eq!(references("see <b>").into_string(), "see &lt;b&gt;");
    }

    #[test]
    fn what_cannot_be_seen_is_named() {
        assert_eq!(
            wire("a\t<\u{feff}").into_string(),
            "a<span class=\"hidden-char\">TAB</span>&lt;<span class=\"hidden-char\">U+FEFF</span>"
        );
    }
}
