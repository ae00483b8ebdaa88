//! A report as text for a terminal: each finding with its line and carets under the place, then what happens
//! at each MX host, what could not be seen, and last, where the eye is, the verdict and the counts.
//!
//! Whatever comes from outside is escaped: no control, invisible or reordering character reaches the terminal.

mod excerpt;
mod plan;
mod remedy;
mod style;

use super::{ExampleReport, LineIndex, RuleReport, is_shown};
use crate::report::{
    ConsequenceName, Document, FindingReport, MxReport, MxResult, NotSeen, OffsetUnit, Place, Report,
    SenderReport, SeverityName,
};
use crate::span::Span;
use alloc::borrow::ToOwned;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec;
use alloc::vec::Vec;
use core::fmt::{Display, Formatter, Write as _};
use excerpt::Excerpt;
pub use plan::plan;
use remedy::Remedy;
use style::{Paint, Role};
use unicode_width::UnicodeWidthChar as _;

/// The most further places of one fault that are listed; the rest are counted.
const MAX_ALSO: usize = 5;

/// How to write it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// Whether to colour it with ANSI escape sequences.
    pub color: bool,
    /// Columns of the terminal. Longer source lines are cut around the place they are shown for; prose is not.
    pub width: usize,
}

impl Default for Options {
    /// Without colour, 100 columns.
    fn default() -> Self {
        Self { color: false, width: 100 }
    }
}

/// Writes a report as text, ending in a line end.
///
/// Ask for the report in UTF-16 offsets ([`OffsetUnit::Utf16`]): they are right for the texts in it even where
/// octets that are not UTF-8 have been replaced. Lines and columns are counted anew here, columns in characters.
#[must_use]
pub fn text(report: &Report, options: Options) -> String {
    let sources = Source::all(&report.documents, report.offsets);
    let mut page = Page { out: String::new(), paint: Paint::new(options.color), width: options.width };
    for finding in &report.findings {
        let source = sources.iter().find(|source| source.document.name == finding.document);
        page.finding(finding, source);
    }
    if let Some(mx) = report.mx.as_ref().filter(|mx| !mx.hosts.is_empty()) {
        page.mx(mx);
    }
    page.senders(report, &sources);
    if !report.not_seen.is_empty() {
        page.not_seen(&report.not_seen);
    }
    page.verdict(report);
    page.out
}

/// Writes all there is to say about a rule, ending in a line end.
#[must_use]
pub fn rule(rule: &RuleReport, options: Options) -> String {
    let mut page = Page { out: String::new(), paint: Paint::new(options.color), width: options.width };
    page.title(rule.severity, rule.id, rule.what);
    page.note("", "why", format_args!("{} ({})", rule.why, rule.rfc));
    page.note("", "help", format_args!("{}", rule.instead));
    page.note("", "kind", format_args!("{}", consequence(rule.consequence)));
    page.example("wrong", &rule.bad);
    page.example("right", &rule.good);
    page.out
}

/// Writes a line for each rule, ending in a line end.
#[must_use]
pub fn rules(rules: &[RuleReport], options: Options) -> String {
    let width = rules.iter().map(|rule| rule.id.len()).max().unwrap_or(0);
    let mut page = Page { out: String::new(), paint: Paint::new(options.color), width: options.width };
    for rule in rules {
        let name = page.paint.as_(Role::of(rule.severity), severity(rule.severity));
        let after = " ".repeat("warning".len() - severity(rule.severity).len());
        page.line(format_args!("{name}{after}  {:width$}  {}", rule.id, rule.what));
    }
    page.out
}

/// A document, ready for places in it to be looked up.
struct Source<'a> {
    document: &'a Document,
    text: &'a str,
    /// What stands before line and column: the file's name, and which part of it if it holds several.
    label: String,
    unit: OffsetUnit,
    index: Option<LineIndex<'a>>,
}

impl<'a> Source<'a> {
    fn all(documents: &'a [Document], unit: OffsetUnit) -> Vec<Self> {
        documents.iter().map(|document| Self::new(document, documents, unit)).collect()
    }

    fn new(document: &'a Document, documents: &'a [Document], unit: OffsetUnit) -> Self {
        // Several documents may come from one file. A place needs no more than the file's name if it counts within
        // the whole file, and the document's name too if it counts within a part of it.
        let text = document.text_among(documents);
        let is_part = documents
            .iter()
            .any(|other| other.source == document.source && other.text_among(documents) != text);
        let label = match document.source.as_str() {
            "" => document.name.clone(),
            source if is_part => format!("{source} ({})", document.name),
            source => source.to_owned(),
        };
        let index = text.map(|text| LineIndex::new(text.as_bytes()));
        Self { document, text: text.unwrap_or_default(), label, unit, index }
    }

    /// An offset of the report as a byte offset in [`Source::text`], at a character bound.
    fn byte(&self, offset: u32) -> u32 {
        match (&self.index, self.unit) {
            (Some(index), OffsetUnit::Utf16) => index.byte(offset),
            _ => self.text.floor_char_boundary(offset as usize) as u32,
        }
    }

    fn span(&self, place: Place) -> Span {
        let start = self.byte(place.start);
        Span::new(start, self.byte(place.end).max(start))
    }

    /// Line and column, in characters.
    fn line_column(&self, byte: u32) -> (u32, u32) {
        self.index.as_ref().map_or((1, 1), |index| index.line_column(byte, OffsetUnit::Bytes))
    }
}

/// The text so far.
struct Page {
    out: String,
    paint: Paint,
    width: usize,
}

impl Page {
    /// Adds a line. Writing to a `String` cannot fail.
    fn line(&mut self, text: core::fmt::Arguments<'_>) {
        let _ = self.out.write_fmt(text);
        self.out.push('\n');
    }

    /// `severity[id]: what`
    fn title(&mut self, name: SeverityName, id: &str, what: &str) {
        let title = self.paint.as_(Role::of(name), format!("{}[{id}]", severity(name)));
        let what = self.paint.as_(Role::Title, Shown(what));
        self.line(format_args!("{title}: {what}"));
    }

    fn finding(&mut self, finding: &FindingReport, source: Option<&Source<'_>>) {
        self.title(finding.severity, finding.id, &finding.message);
        let span = source.and_then(|source| Some((source, source.span(finding.span?))));
        let gutter = span.map_or(1, |(source, span)| source.line_column(span.start).0.to_string().len());
        let indent = " ".repeat(gutter);
        let arrow = self.paint.as_(Role::Frame, "-->");
        if let Some((source, span)) = span {
            let (line, column) = source.line_column(span.start);
            self.line(format_args!("{indent}{arrow} {}:{line}:{column}", Shown(&source.label)));
        } else {
            let label = source.map_or(finding.document.as_str(), |source| &source.label);
            self.line(format_args!("{indent}{arrow} {}", Shown(label)));
        }
        // What is only worth knowing is kept short; `explain` says the rest.
        let short = finding.severity == SeverityName::Info;
        if let Some((source, span)) = span.filter(|_| !short) {
            self.excerpt(Role::of(finding.severity), source, span, gutter);
            self.also(finding, source, &indent);
        }
        self.note(&indent, "why", format_args!("{} ({})", Shown(finding.why), finding.rfc));
        if let Some(senders) = &finding.senders {
            self.note(&indent, "senders", format_args!("{}", Shown(senders)));
        }
        if !short {
            let remedy = finding.fix.as_ref().zip(source).and_then(|(fix, source)| Remedy::of(fix, source));
            self.remedy(&indent, &finding.instead, remedy.as_ref());
        }
        self.out.push('\n');
    }

    /// The line with the place, and carets below the place.
    fn excerpt(&mut self, role: Role, source: &Source<'_>, span: Span, gutter: usize) {
        let Some(index) = &source.index else { return };
        let excerpt = Excerpt::new(source.text, index, span, self.width.saturating_sub(gutter + 3));
        let (line, _) = source.line_column(span.start);
        let paint = self.paint;
        let bar = paint.as_(Role::Frame, "|");
        let number = paint.as_(Role::Frame, line);
        let to = match source.line_column(span.end.saturating_sub(1).max(span.start)).0 {
            last if last > line => format!(" to line {last}"),
            _ => String::new(),
        };
        let carets = paint.as_(role, "^".repeat(excerpt.carets) + &to);
        self.line(format_args!("{:gutter$} {bar}", ""));
        self.line(format_args!("{number} {bar} {}", excerpt.line));
        self.line(format_args!("{:gutter$} {bar} {}{carets}", "", " ".repeat(excerpt.before)));
    }

    /// Further places of the same fault.
    fn also(&mut self, finding: &FindingReport, source: &Source<'_>, indent: &str) {
        if finding.also.is_empty() {
            return;
        }
        let place = |place: &Place| {
            let (line, column) = source.line_column(source.byte(place.start));
            format!("{line}:{column}")
        };
        let places: Vec<String> = finding.also.iter().take(MAX_ALSO).map(place).collect();
        let more = match finding.also.len().saturating_sub(MAX_ALSO) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        self.note(indent, "also at", format_args!("{}{more}", places.join(", ")));
    }

    /// What to do, and the lines to write where a machine knows them.
    fn remedy(&mut self, indent: &str, instead: &str, remedy: Option<&Remedy>) {
        if !remedy.is_some_and(|remedy| remedy.is_said_by(instead)) {
            self.note(indent, "help", format_args!("{}", Shown(instead)));
        }
        let Some(remedy) = remedy else { return };
        let key = format!("{} ({})", remedy.verb, remedy.applicability);
        for (at, line) in remedy.lines.iter().enumerate() {
            if at == 0 {
                self.note(indent, &key, format_args!("{}", Shown(line)));
            } else {
                let under = " ".repeat(key.len() + 2);
                self.line(format_args!("{indent}   {under}{}", Shown(line)));
            }
        }
    }

    /// The text of an example, indented.
    fn example(&mut self, heading: &str, example: &ExampleReport) {
        self.line(format_args!("\n{}", self.paint.as_(Role::Title, heading)));
        for line in example.text.split_terminator('\n') {
            self.line(format_args!("    {}", Shown(line)));
        }
        if let Some(size) = example.repeated_to {
            self.line(format_args!("    … the last line again and again, {size} bytes in all"));
        }
    }

    /// `= key: text`
    fn note(&mut self, indent: &str, key: &str, text: core::fmt::Arguments<'_>) {
        let sign = self.paint.as_(Role::Frame, "=");
        let key = self.paint.as_(Role::Title, key);
        self.line(format_args!("{indent} {sign} {key}: {text}"));
    }

    /// What happens to mail at each host.
    fn mx(&mut self, mx: &MxReport) {
        let paint = self.paint;
        self.line(format_args!("{}", paint.as_(Role::Title, "MX hosts")));
        for host in &mx.hosts {
            let (role, word) = match host.result {
                MxResult::Allowed => (Role::Good, "allowed"),
                MxResult::Refused => (Role::Error, "refused"),
                MxResult::Unknown => (Role::Frame, "unknown"),
            };
            let preference = host.preference.map_or(String::new(), |preference| format!("{preference} "));
            self.line(format_args!(
                "  {} {preference}{}: {}",
                paint.as_(role, word),
                Shown(&host.host),
                Shown(&host.outcome)
            ));
        }
        self.out.push('\n');
    }

    /// What the known senders make of it: a line for all that do the same for the same reason.
    fn senders(&mut self, report: &Report, sources: &[Source<'_>]) {
        let senders = &report.senders;
        let mut groups: Vec<(u8, String, Role, Vec<&str>)> = Vec::new();
        for sender in senders {
            let (outcome, role, rank) = outcome(sender, report, sources);
            match groups.iter_mut().find(|(_, known, ..)| *known == outcome) {
                Some((.., names)) => names.push(sender.name),
                None => groups.push((rank, outcome, role, vec![sender.name])),
            }
        }
        groups.sort_by_key(|(rank, ..)| *rank);
        if groups.is_empty() {
            return;
        }
        let paint = self.paint;
        self.line(format_args!("{}", paint.as_(Role::Title, "senders")));
        for (_, outcome, role, names) in &groups {
            let (word, rest) = outcome.split_once(' ').unwrap_or((outcome, ""));
            let space = if rest.is_empty() { "" } else { " " };
            let whom = match names.len() {
                len if len == senders.len() && len > 1 => format!("all {len} known senders"),
                _ => names.join(", "),
            };
            self.line(format_args!("  {}{space}{}: {whom}", paint.as_(*role, word), Shown(rest)));
        }
        self.out.push('\n');
    }

    /// What could not be seen, why, and what to do about it.
    fn not_seen(&mut self, list: &[NotSeen]) {
        let paint = self.paint;
        self.line(format_args!("{}", paint.as_(Role::Title, "not seen from here")));
        for item in list {
            self.line(format_args!("  {}: {}; {}", Shown(&item.what), Shown(&item.why), Shown(&item.next)));
            if let Some(command) = &item.command {
                self.line(format_args!("    $ {}", Shown(command)));
            }
            if let Some(url) = &item.url {
                self.line(format_args!("    {}", Shown(url)));
            }
        }
        let mut rules: Vec<&str> = list.iter().flat_map(|item| item.rules.iter().copied()).collect();
        rules.sort_unstable();
        rules.dedup();
        match rules.len() {
            0 => {}
            1 => self.line(format_args!("  1 rule could not run: {}", rules[0])),
            many => self.line(format_args!("  {many} rules could not run because of it")),
        }
        self.out.push('\n');
    }

    fn verdict(&mut self, report: &Report) {
        let sentence = Shown(&report.verdict.sentence);
        self.line(format_args!("{}", self.paint.as_(Role::Title, sentence)));
        if !report.verdict.consequence.is_empty() {
            self.line(format_args!("{}", Shown(&report.verdict.consequence)));
        }
        match report.documents.iter().find(|document| !document.source.is_empty()) {
            Some(document) => self.line(format_args!("{}: {}", Shown(&document.source), counts(report))),
            None => self.line(format_args!("{}", counts(report))),
        }
    }
}

/// What a sender does, in a few words whose first is the gist: `applied`, `applied with mode none (pol-dup-field at 5:1)`.
/// Beside it how it is coloured, and where it stands among others.
fn outcome(sender: &SenderReport, report: &Report, sources: &[Source<'_>]) -> (String, Role, u8) {
    let mut text = String::new();
    let (word, role, rank) = match (sender.accepts, &sender.because) {
        (Some(true), None) => ("applied", Role::Good, 0),
        (Some(true), Some(_)) => ("applied", Role::Warning, 1),
        (Some(false), _) => ("refused", Role::Error, 2),
        (None, _) => ("unknown", Role::Frame, 3),
    };
    text.push_str(word);
    let Some(because) = &sender.because else { return (text, role, rank) };
    if sender.accepts == Some(true) {
        let policy = report.policy.as_ref();
        let mode = sender.mode.filter(|mode| policy.is_some_and(|policy| policy.mode != Some(mode)));
        let max_age = sender.max_age.filter(|age| policy.is_some_and(|policy| policy.max_age != Some(*age)));
        let mx = policy.is_some_and(|policy| !policy.mx.iter().take(sender.mx.len()).eq(&sender.mx));
        let record = report.record.as_ref().and_then(|record| record.policy_id.as_ref());
        let id = sender.policy_id.as_ref().filter(|id| Some(*id) != record && report.record.is_some());
        let parts = [
            id.map(|id| format!("id {id}")),
            mode.map(|mode| format!("mode {mode}")),
            max_age.map(|seconds| format!("max_age {seconds}")),
            mx.then(|| format!("mx `{}`", sender.mx.join("`, `"))),
        ];
        for (at, part) in parts.into_iter().flatten().enumerate() {
            let _ = write!(text, "{}{part}", if at == 0 { " with " } else { ", " });
        }
    }
    let source = sources.iter().find(|source| source.document.name == because.document);
    let place = source.zip(because.span).map(|(source, place)| source.line_column(source.span(place).start));
    let _ = match place {
        Some((line, column)) => write!(text, " ({} at {line}:{column})", because.id),
        None => write!(text, " ({})", because.id),
    };
    (text, role, rank)
}

/// `2 errors, 1 warning`, or `no findings`.
fn counts(report: &Report) -> String {
    let mut counts = Vec::new();
    for of in [SeverityName::Error, SeverityName::Warning, SeverityName::Info] {
        match report.findings.iter().filter(|finding| finding.severity == of).count() {
            0 => {}
            1 => counts.push(format!("1 {}", severity(of))),
            count => counts.push(format!("{count} {}s", severity(of))),
        }
    }
    if counts.is_empty() { "no findings".to_owned() } else { counts.join(", ") }
}

fn consequence(consequence: ConsequenceName) -> &'static str {
    match consequence {
        ConsequenceName::Refused => "not what the RFC asks for; a sender that follows it cannot use this",
        ConsequenceName::Disputed => "the RFC allows it, or can be read to; senders in use differ",
        ConsequenceName::Delivery => "applied as written; mail to some host is refused or unprotected",
        ConsequenceName::Practice => "it works; there is a better way",
    }
}

fn severity(severity: SeverityName) -> &'static str {
    match severity {
        SeverityName::Error => "error",
        SeverityName::Warning => "warning",
        SeverityName::Info => "info",
    }
}

/// Text from outside, safe for a terminal: what has no shape of its own is written as its code, `\u{202E}`.
pub struct Shown<'a>(pub &'a str);

impl Display for Shown<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> core::fmt::Result {
        self.0.chars().try_for_each(|c| Cell::of(c).fmt(f))
    }
}

/// One character as a terminal shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cell {
    /// As itself, this many columns wide.
    Itself(char, usize),
    /// As `\t`, `\r` or `\n`.
    Letter(char),
    /// As its code.
    Code(u32),
}

impl Cell {
    fn of(c: char) -> Self {
        match c {
            '\t' => Self::Letter('t'),
            '\r' => Self::Letter('r'),
            '\n' => Self::Letter('n'),
            _ => match c.width() {
                Some(width) if width > 0 && is_shown(c) => Self::Itself(c, width),
                _ => Self::Code(u32::from(c)),
            },
        }
    }

    /// In columns.
    fn width(self) -> usize {
        match self {
            Self::Itself(_, width) => width,
            Self::Letter(_) => 2,
            Self::Code(code) => format!("\\u{{{code:X}}}").len(),
        }
    }
}

impl Display for Cell {
    fn fmt(&self, f: &mut Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Itself(c, _) => f.write_char(*c),
            Self::Letter(letter) => write!(f, "\\{letter}"),
            Self::Code(code) => write!(f, "\\u{{{code:X}}}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Options, text};
    use crate::render::is_shown;
    use crate::{LintOptions, OffsetUnit, lint};
    use proptest::prelude::*;

    /// What people and others put into policies and records.
    const PIECES: &[&[u8]] = &[
        b"version: STSv1\n",
        b"mode: enforce\r\n",
        b"mode:Testing ",
        b"mx: *.example.com\n",
        b"mx: ",
        b"max_age: 99999999",
        b"v=STSv1; id=",
        b"v=TLSRPTv1; rua=mailto:",
        b"\n",
        b"\r",
        b"\t ",
        b"\x1b[31m",
        b"\0",
        b"\xff\xfe",
        "é日😀e\u{301}".as_bytes(),
        "\u{202e}\u{2066}\u{200b}\u{feff}\u{9b}\u{2028}".as_bytes(),
    ];

    /// Texts that are nearly policies or records.
    fn nearly() -> impl Strategy<Value = Vec<u8>> {
        prop::collection::vec(prop::sample::select(PIECES), 0..30).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn names_every_finding_in_order_and_steers_no_terminal(input in nearly(), width in 0..120_usize) {
            let report = lint(&input, &LintOptions::default(), OffsetUnit::Utf16);
            let text = text(&report, Options { color: false, width });
            prop_assert_eq!(text.chars().find(|c| *c != '\n' && !is_shown(*c)), None);
            let mut rest = text.as_str();
            for finding in &report.findings {
                let title = format!("[{}]: ", finding.id);
                let at = rest.find(&title);
                prop_assert!(at.is_some(), "{} is missing in {}", title, text);
                rest = &rest[at.unwrap_or(0) + title.len()..];
            }
        }

        #[test]
        fn lines_and_columns_do_not_depend_on_the_unit(input in nearly()) {
            let report = lint(&input, &LintOptions::default(), OffsetUnit::Utf16);
            let in_bytes = lint(&input, &LintOptions::default(), OffsetUnit::Bytes);
            let text = text(&report, Options::default());
            for place in in_bytes.findings.iter().filter_map(|finding| finding.span) {
                let said = format!(":{}:{}\n", place.line, place.column);
                prop_assert!(text.contains(&said), "{} is missing in {}", said, text);
            }
        }
    }
}
