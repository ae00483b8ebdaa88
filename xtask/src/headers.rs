//! The headers of the deployed site: `www/_headers`, in the format static hosts such as Netlify and Cloudflare Pages
//! read. The local server sends the same, and the build writes the Content-Security-Policy into each page too, for
//! hosts that let nobody choose headers.
//!
//! ```text
//! /assets/*
//!   Cache-Control: public, max-age=31536000, immutable
//! ```
//!
//! A line at the margin is a path, or the beginning of one and a `*`; the indented lines below it are the headers of
//! whatever it matches. `#` begins a comment. A file has the headers of every path that matches it.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};

use crate::workspace::Workspace;

pub(crate) struct Headers {
    rules: Vec<Rule>,
}

struct Rule {
    path: String,
    headers: Vec<(String, String)>,
}

/// Directives that count only in a header: browsers ignore them in a page and say so in the console.
const NOT_IN_A_PAGE: &[&str] = &["frame-ancestors", "report-to", "report-uri", "sandbox"];

impl Headers {
    pub(crate) fn source(workspace: &Workspace) -> PathBuf {
        workspace.www().join("_headers")
    }

    pub(crate) fn read(workspace: &Workspace) -> Result<Self> {
        let text = fs::read_to_string(Self::source(workspace)).context("reading www/_headers")?;
        Self::parse(&text).context("reading www/_headers")
    }

    pub(crate) fn parse(text: &str) -> Result<Self> {
        let mut rules: Vec<Rule> = Vec::new();
        for (number, line) in (1..).zip(text.lines()) {
            let content = line.trim();
            if content.is_empty() || content.starts_with('#') {
                continue;
            }
            if !content.is_ascii() {
                bail!("line {number}: a header is ASCII, and this line is not");
            }
            if line.starts_with([' ', '\t']) {
                let (name, value) = content
                    .split_once(':')
                    .with_context(|| format!("line {number}: `{content}` is no header: there is no colon"))?;
                let rule =
                    rules.last_mut().with_context(|| format!("line {number}: a header before any path"))?;
                rule.headers.push((name.trim().to_owned(), value.trim().to_owned()));
            } else {
                let beginning = content.strip_suffix('*').unwrap_or(content);
                if !content.starts_with('/') || beginning.contains('*') {
                    bail!("line {number}: `{content}` is no path with an optional `*` at its end");
                }
                rules.push(Rule { path: content.to_owned(), headers: Vec::new() });
            }
        }
        Ok(Self { rules })
    }

    /// Names and values of the headers of `path`, which begins with a slash.
    pub(crate) fn of<'a>(&'a self, path: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
        let matches = move |rule: &&Rule| match rule.path.strip_suffix('*') {
            Some(beginning) => path.starts_with(beginning),
            None => path == rule.path,
        };
        self.rules
            .iter()
            .filter(matches)
            .flat_map(|rule| rule.headers.iter())
            .map(|(n, v)| (n.as_str(), v.as_str()))
    }

    /// `html`, served as `path`, with its Content-Security-Policy inside, right after the character encoding.
    pub(crate) fn write_policy_into(&self, html: &str, path: &str) -> Result<String> {
        let mut html = html.to_owned();
        for (_, policy) in
            self.of(path).filter(|(name, _)| name.eq_ignore_ascii_case("content-security-policy"))
        {
            let directives = policy.split(';').map(str::trim).filter(|directive| {
                let name = directive.split_whitespace().next();
                name.is_some_and(|name| !NOT_IN_A_PAGE.contains(&name))
            });
            let policy =
                directives.collect::<Vec<_>>().join("; ").replace('&', "&amp;").replace('"', "&quot;");
            let charset =
                html.find("<meta charset").with_context(|| format!("{path} has no `<meta charset`"))?;
            let end = charset
                + html[charset..].find('>').with_context(|| format!("{path}: `<meta charset` never ends"))?
                + 1;
            html.insert_str(
                end,
                &format!("<meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">"),
            );
        }
        Ok(html)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "\
# all of it
/*
  X-Content-Type-Options: nosniff
  Content-Security-Policy: default-src 'none'; frame-ancestors 'none'; script-src 'self'
/assets/*
  Cache-Control: immutable
/probe.html
  X-Probe: a: b
";

    #[test]
    fn a_path_has_the_headers_of_every_rule_that_matches() {
        const ALL: [&str; 2] = ["X-Content-Type-Options", "Content-Security-Policy"];
        let headers = Headers::parse(TEXT).unwrap();
        let names = |path| headers.of(path).map(|(name, _)| name).collect::<Vec<_>>();
        assert_eq!(names("/"), ALL);
        assert_eq!(names("/assets/a.js"), [&ALL[..], &["Cache-Control"]].concat()); // `*` matches the rest
        assert_eq!(names("/assets"), ALL); // and not less
        assert_eq!(names("/probe.html"), [&ALL[..], &["X-Probe"]].concat());
        assert_eq!(names("/probe.html5"), ALL); // without `*` the whole path has to match
        assert_eq!(headers.of("/probe.html").last(), Some(("X-Probe", "a: b"))); // only the first colon divides
    }

    #[test]
    fn what_cannot_be_read_is_refused_with_its_line() {
        for (text, reason) in [
            ("  A: b\n", "line 1: a header before any path"),
            ("/*\n  nothing\n", "line 2: `nothing` is no header: there is no colon"),
            ("/*.js\n", "line 1: `/*.js` is no path with an optional `*` at its end"),
            ("/*\n  A: \u{fc}\n", "line 2: a header is ASCII, and this line is not"),
            ("assets/*\n", "line 1: `assets/*` is no path with an optional `*` at its end"),
        ] {
            assert_eq!(Headers::parse(text).err().map(|error| error.to_string()).as_deref(), Some(reason));
        }
    }

    #[test]
    fn a_page_carries_its_policy_without_what_browsers_ignore_there() {
        let headers = Headers::parse(TEXT).unwrap();
        assert_eq!(
            headers.write_policy_into("<head><meta charset=utf-8><title>", "/index.html").unwrap(),
            "<head><meta charset=utf-8><meta http-equiv=\"Content-Security-Policy\" \
             content=\"default-src 'none'; script-src 'self'\"><title>"
        );
        assert!(headers.write_policy_into("<head><title>", "/index.html").is_err());
    }

    #[test]
    fn no_page_of_the_site_may_run_scripts_from_elsewhere() {
        let headers = Headers::parse(include_str!("../../www/_headers")).unwrap();
        for path in ["/", "/index.html", "/assets/index.js", "/any/other"] {
            let policies: Vec<_> =
                headers.of(path).filter(|(name, _)| *name == "Content-Security-Policy").collect();
            let [(_, policy)] = policies[..] else { panic!("{path} has {} policies", policies.len()) };
            let directive =
                |name: &str| policy.split(';').find_map(|d| d.trim().strip_prefix(name)).map(str::trim);
            assert_eq!(directive("default-src "), Some("'none'"), "{path}");
            assert_eq!(directive("script-src "), Some("'self' 'wasm-unsafe-eval'"), "{path}");
        }
    }
}
