//! Lines: their ends, blank ones, indents, and what is no field at all.

use super::edits::{delete_aside, delete_stray, eol, few, fix_all, fix_each, front_matter, if_pattern};
use super::{Check, Example, Findings, Rule};
use crate::finding::{Consequence, Edit, Fix, Severity};
use crate::model::{Form, Policy, policy::FieldName};
use crate::parse::{Line, LineKind, Odd};
use crate::quote::quote;
use crate::span::Span;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

const GOOD: Example = Example::Policy("version: STSv1\nmode: testing\nmx: mx.example.com\nmax_age: 604800\n");

pub(super) static EOL_CR: Rule = Rule {
    id: "pol-eol-cr",
    severity: Severity::Error,
    consequence: Consequence::Refused,
    rfc: "RFC 8461 §3.2",
    what: "a carriage return that is not part of CR LF",
    why: "a lone CR ends no line and stands in no value, so a strict sender finds no field after it",
    instead: "save the file with LF or CR LF line ends",
    bad: Example::Policy("version: STSv1\rmode: testing\rmx: mx.example.com\rmax_age: 604800\r"),
    good: GOOD,
    check: Check::Odd(Odd::STRAY_CR, |policy, out| {
        let terms = policy.text.lines.iter().map(Line::term);
        let stray = |term: &Span| !matches!(policy.of(*term), b"" | b"\n" | b"\r\n");
        let spans: Vec<Span> = terms.filter(stray).collect();
        let shown = match policy.of(spans[0]) {
            [b'\n', ..] => "LF CR ends no line",
            [b'\r', b'\r', ..] => "CR CR ends no line",
            _ => "a CR alone ends no line",
        };
        fix_each(out.report(spans[0], format_args!("{shown}")), policy, &spans, Fix::safe, |_| {
            eol(policy).into()
        });
    }),
};

pub(super) static BLANK_LINE: Rule = Rule {
    id: "pol-blank-line",
    severity: Severity::Error,
    consequence: Consequence::Refused,
    rfc: "RFC 8461 §3.2",
    what: "an empty line",
    why: "a line end is followed by a field or by the end of the file; many senders forgive an empty line, \
          mox, maddy and postfix-tlspol reject the whole policy",
    instead: "remove the empty line",
    bad: Example::Policy("version: STSv1\nmode: testing\nmx: mx.example.com\nmax_age: 604800\n\n"),
    good: GOOD,
    check: Check::Odd(Odd::BLANK, blank_line),
};

fn blank_line(policy: &Policy<'_>, out: &mut Findings) {
    let mut spans: Vec<Span> = Vec::new();
    let mut count = 0;
    for line in policy.text.lines.iter().filter(|line| line.kind == LineKind::Blank) {
        count += 1;
        match spans.last_mut() {
            Some(last) if last.end == line.span().start => last.end = line.span().end,
            _ => spans.push(line.span()),
        }
    }
    let at_end = if spans[0].end == policy.text.excess.start { " at the end" } else { "" };
    let finding = match count {
        1 => out.report(spans[0], format_args!("an empty line{at_end}")),
        n => out.report(spans[0], format_args!("{n} empty lines{at_end}")),
    };
    spans.retain(|span| !is_before_mark(policy, *span));
    if !spans.is_empty() {
        fix_all(finding, policy, &spans, Fix::safe, |_| String::new());
    }
}

/// Whether a byte order mark would become that of the file, and no longer be a part of a name, once the file began after
/// `span`.
fn is_before_mark(policy: &Policy<'_>, span: Span) -> bool {
    span.start == policy.text.bom.end && policy.text.input[span.end as usize..].starts_with(b"\xEF\xBB\xBF")
}

pub(super) static LEADING_WSP: Rule = Rule {
    id: "pol-leading-wsp",
    severity: Severity::Error,
    consequence: Consequence::Refused,
    rfc: "RFC 8461 §3.2",
    what: "white space before a field name",
    why: "nothing may stand before the name, and a line is never a continuation of the one before; \
          a strict sender drops the policy, others overlook the field",
    instead: "begin the line with the field's name",
    bad: Example::Policy("version: STSv1\n  mode: testing\n  mx: mx.example.com\nmax_age: 604800\n"),
    good: GOOD,
    check: Check::Odd(Odd::INDENT, |policy, out| {
        let indented = |line: &&Line| line.kind != LineKind::Blank && !line.indent().is_empty();
        let mut spans: Vec<Span> = policy.text.lines.iter().filter(indented).map(Line::indent).collect();
        let finding = out.report(spans[0], format_args!("white space before the field name"));
        spans.retain(|span| !is_before_mark(policy, *span));
        if !spans.is_empty() {
            fix_each(finding, policy, &spans, Fix::safe, |_| String::new());
        }
    }),
};

pub(super) static WSP_BEFORE_COLON: Rule = Rule {
    id: "pol-wsp-before-colon",
    severity: Severity::Error,
    consequence: Consequence::Refused,
    rfc: "RFC 8461 §3.2",
    what: "white space between a field name and its colon",
    why: "the colon follows the name at once; to a strict sender the line is no field",
    instead: "write the name and the colon without a space: `mode: testing`",
    bad: Example::Policy("version: STSv1\nmode : testing\nmx: mx.example.com\nmax_age: 604800\n"),
    good: GOOD,
    check: Check::Odd(Odd::GAP, |policy, out| {
        let spans: Vec<Span> =
            policy.text.lines.iter().map(Line::gap).filter(|gap| !gap.is_empty()).collect();
        let finding = out.report(spans[0], format_args!("white space before the colon"));
        fix_each(finding, policy, &spans, Fix::safe, |_| String::new());
    }),
};

pub(super) static NO_COLON: Rule = Rule {
    id: "pol-no-colon",
    severity: Severity::Error,
    consequence: Consequence::Refused,
    rfc: "RFC 8461 §3.2",
    what: "a line that is no field",
    why: "every line is a name, a colon and a value; a strict sender drops a policy with any other line",
    instead: "remove the line, or write it as `name: value`",
    bad: Example::Policy(
        "version: STSv1\nmode: testing\n# our only MX\nmx: mx.example.com\nmax_age: 604800\n",
    ),
    good: GOOD,
    check: Check::Form(no_colon),
};

fn no_colon(policy: &Policy<'_>, out: &mut Findings) {
    if policy.form == Form::Rtf {
        let start = policy.text.bom.end;
        let found = out.report(Span::new(start, start + 5), format_args!("the file is rich text (RTF)"));
        found.instead("save the file as plain text");
        // What follows is put right line by line, once it is read as lines.
        let text = &policy.text.input[start as usize..];
        if let Some(at) = text.windows(8).position(|part| part == b"version:") {
            found.fix(Fix::likely(Edit::delete(Span::new(start, start + at as u32))));
        }
        return;
    }
    if policy.form != Form::Lines || !policy.text.odd.has(Odd::NO_COLON) {
        return;
    }
    for line in policy.text.lines.iter().filter(|line| line.kind == LineKind::NoColon) {
        let content = line.content();
        let text = policy.of(content);
        // A line of control characters only is another rule's business.
        if text.iter().all(u8::is_ascii_control) || out.is_counted() {
            continue;
        }
        let shown = quote(text);
        let (finding, fix) = if text.starts_with(b"v=STSv1") {
            let finding = out.report(content, format_args!("{shown} is the TXT record, not the policy"));
            finding
                .instead("put this into a TXT record at `_mta-sts.<domain>`, and the policy into the file");
            (finding, delete_stray(policy, line.span()))
        } else if matches!(text, [b'#' | b';', ..] | [b'/', b'/' | b'*', ..]) {
            let finding =
                out.report(content, format_args!("{shown} reads like a comment; a policy has none"));
            finding.instead("remove the line");
            (finding, delete_aside(policy, line).map(Fix::safe))
        } else if text == b"---" {
            let finding = out.report(
                content,
                format_args!("{shown} is front matter of a site generator; a policy has none"),
            );
            finding.instead("serve what follows the second `---`");
            let comes_first = |matter: &Span| {
                line.span().end <= matter.end
                    && policy.version.is_some_and(|version| version.span.start >= matter.end)
            };
            match front_matter(policy).filter(comes_first) {
                Some(matter) => (finding, Some(Fix::likely(Edit::delete(matter)))),
                None => (finding, delete_stray(policy, line.span())),
            }
        } else if let [b'{' | b'}' | b'[' | b']', ..] = text {
            (out.report(content, format_args!("{shown} is JSON; a policy is lines of `name: value`")), None)
        } else {
            let finding = out.report(content, format_args!("no colon in {shown}"));
            match missing_colon(policy, line) {
                Some(edit) => {
                    finding.instead(format!("write `{}`", edit.text));
                    (finding, Some(Fix::likely(edit)))
                }
                None => (finding, delete_stray(policy, line.span())),
            }
        };
        finding.fix = fix;
    }
}

/// The field that a line without a colon was meant to be: `mode=testing`, `mode testing`, a full-width colon,
/// or a YAML list's `- mx.example.com`.
fn missing_colon(policy: &Policy<'_>, line: &Line) -> Option<Edit> {
    let text = str::from_utf8(policy.of(line.content())).ok()?;
    if let Some(host) = text.strip_prefix("- ").and_then(|host| if_pattern(host.trim())) {
        return Some(Edit::replace(line.content(), format!("mx: {host}")));
    }
    let name_len = text.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))?;
    let (name, rest) = text.split_at(name_len);
    FieldName::read(name.as_bytes())?;
    let value = rest.trim_start_matches([' ', '\t', '=', '：', '\u{A0}']);
    Some(Edit::replace(line.content(), format!("{name}: {value}")))
}

pub(super) static EOL: Rule = Rule {
    id: "pol-eol",
    severity: Severity::Info,
    consequence: Consequence::Practice,
    rfc: "RFC 8461 §3.2, erratum 6253",
    what: "LF and CR LF line ends mixed",
    why: "both end a line, also within one file; the prose of the RFC names CR LF only, its grammar takes both",
    instead: "nothing is wrong; one kind of line end is easier to look after",
    bad: Example::Policy("version: STSv1\r\nmode: testing\nmx: mx.example.com\r\nmax_age: 604800\n"),
    good: GOOD,
    check: Check::Odd(Odd::LF.with(Odd::CRLF), |policy, out| {
        let place = policy.text.lines[0].term();
        let crlf = policy.text.lines.iter().map(Line::term).filter(|term| policy.of(*term) == b"\r\n");
        let edits = crlf.map(|term| Edit::delete(Span::new(term.start, term.start + 1))).collect();
        out.report(place, format_args!("some lines end in LF, others in CR LF"))
            .fix(Fix::safe(few(policy, edits)));
    }),
};

pub(super) static NO_FINAL_EOL: Rule = Rule {
    id: "pol-no-final-eol",
    severity: Severity::Info,
    consequence: Consequence::Practice,
    rfc: "RFC 8461 §3.2",
    what: "no line end after the last line",
    why: "the last line end is optional",
    instead: "nothing is wrong; a line end there keeps a line added later apart",
    bad: Example::Policy("version: STSv1\nmode: testing\nmx: mx.example.com\nmax_age: 604800"),
    good: GOOD,
    check: Check::Odd(Odd::NO_FINAL_TERM, |policy, out| {
        let end = policy.text.excess.start;
        out.report(Span::point(end), format_args!("the last line has no line end"))
            .fix(Fix::safe(Edit::insert(end, eol(policy))));
    }),
};

pub(super) static TRAILING_WSP: Rule = Rule {
    id: "pol-trailing-wsp",
    severity: Severity::Info,
    consequence: Consequence::Practice,
    rfc: "RFC 8461 §3.2",
    what: "white space at a line end",
    why: "the grammar allows it",
    instead: "nothing is wrong; a clean line end is easier to look after",
    bad: Example::Policy("version: STSv1  \nmode: testing\nmx: mx.example.com\nmax_age: 604800\n"),
    good: GOOD,
    check: Check::Odd(Odd::TRAILING, |policy, out| {
        let spans: Vec<Span> =
            policy.text.lines.iter().map(Line::trailing).filter(|wsp| !wsp.is_empty()).collect();
        let finding = out.report(spans[0], format_args!("white space at the line end"));
        fix_each(finding, policy, &spans, Fix::safe, |_| String::new());
    }),
};
