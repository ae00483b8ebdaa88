//! Fields whatever their name: names the grammar refuses, empty values, repeats, and names it does not know.

use super::edits::{default_for, delete_aside, delete_stray, first, has, meant};
use super::{Check, Example, Findings, Rule, records};
use crate::finding::{Consequence, Edit, Fix, Severity};
use crate::model::{MxPattern, Policy, policy::FieldName, record::is_quote};
use crate::order::firsts;
use crate::parse::{Line, LineKind, Odd, grammar};
use crate::quote::quote;
use crate::span::Span;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

const GOOD: Example = Example::Policy("version: STSv1\nmode: testing\nmx: mx.example.com\nmax_age: 604800\n");

pub(super) static BAD_FIELD_NAME: Rule = Rule {
    id: "pol-bad-field-name",
    severity: Severity::Error,
    consequence: Consequence::Refused,
    rfc: "RFC 8461 §3.2",
    what: "a field name the grammar does not allow",
    why: "a name is a letter or digit, then up to 31 letters, digits, `_`, `-`, `.`; \
          a line with any other name is no field, and a strict sender drops the policy",
    instead: "rename the field, or remove the line",
    bad: Example::Policy("version: STSv1\nmode: testing\nmx: mx.example.com\nmax_age: 604800\nmy note: x\n"),
    good: GOOD,
    check: Check::Policy(|policy, out| {
        for line in &policy.unknown {
            let name = policy.of(line.name());
            if !grammar::is_whole(grammar::ext_name, name) && !out.is_counted() {
                bad_name(policy, line, name, out);
            }
        }
    }),
};

fn bad_name(policy: &Policy<'_>, line: &Line, name: &[u8], out: &mut Findings) {
    let shown = quote(name);
    let span = line.name();
    let known = meant(name).filter(|known| *known == FieldName::Mx || !has(policy, *known));
    let finding =
        match name {
            [] => out.report(line.delim(), format_args!("no name before the colon")),
            [b'#' | b';', ..] | [b'/', b'/' | b'*', ..] => {
                let finding = out
                    .report(line.content(), format_args!("{shown} reads like a comment; a policy has none"));
                finding.instead("remove the line").fix = delete_aside(policy, line).map(Fix::safe);
                return;
            }
            [b'{' | b'"', ..] => {
                out.report(span, format_args!("{shown} is JSON; a policy is lines of `name: value`"));
                return;
            }
            _ if known.is_some() => out.report(span, format_args!("{shown} is no field name")),
            _ if name.len() > 32 && name.is_ascii() => {
                let len = name.len();
                out.report(span, format_args!("the name {shown} has {len} characters; a name has at most 32"))
            }
            _ => {
                let odd = String::from_utf8_lossy(name);
                let odd = odd.chars().enumerate().find(|(at, c)| {
                    !(c.is_ascii_alphanumeric() || (*at > 0 && matches!(c, '_' | '-' | '.')))
                });
                match odd {
                    Some((0, c)) if c.is_ascii() => out
                        .report(span, format_args!("the name {shown} does not begin with a letter or digit")),
                    Some((_, ' ')) => out.report(span, format_args!("a space in the name {shown}")),
                    _ => out.report(span, format_args!("the name {shown} holds a character no name has")),
                }
            }
        };
    finding.fix = match known {
        Some(known) => {
            finding.instead(format!("write `{}:`", known.as_str()));
            Some(Fix::likely(Edit::replace(span, known.as_str())))
        }
        None => delete_stray(policy, line.span()),
    };
}

pub(super) static EMPTY_VALUE: Rule = Rule {
    id: "pol-empty-value",
    severity: Severity::Error,
    consequence: Consequence::Refused,
    rfc: "RFC 8461 §3.2",
    what: "a field without a value",
    why: "no rule of the grammar takes an empty value, so a strict sender drops the policy",
    instead: "write a value after the colon, or remove the line",
    bad: Example::Policy("version: STSv1\nmode: testing\nmx: mx.example.com\nmax_age: 604800\nnote:\n"),
    good: GOOD,
    check: Check::Odd(Odd::EMPTY_VALUE, |policy, out| {
        let empty = |line: &&Line| line.kind == LineKind::Field && line.value().is_empty();
        for line in policy.text.lines.iter().filter(empty) {
            let name = policy.of(line.name());
            // What has no field's name is told of that alone.
            if !grammar::is_whole(grammar::ext_name, name) || out.is_counted() {
                continue;
            }
            let finding =
                out.report(line.name().to(line.delim()), format_args!("{} has no value", quote(name)));
            finding.fix = match FieldName::read(name) {
                // Nothing is lost with an unknown field that says nothing.
                None => delete_aside(policy, line).map(Fix::safe),
                Some(FieldName::Mx) if policy.mx.is_empty() => None,
                Some(known) if is_one_of_several(policy, known, line) => {
                    Some(Fix::likely(Edit::delete(line.span())))
                }
                Some(known) => {
                    let space = if line.delim().len() == 1 { " " } else { "" };
                    let value = format!("{space}{}", default_for(policy, known));
                    Some(Fix::likely(Edit::insert(line.value().start, value)))
                }
            };
        }
    }),
};

/// Whether there is another field of the name of `line`.
fn is_one_of_several(policy: &Policy<'_>, name: FieldName, line: &Line) -> bool {
    let is_first = first(policy, name).is_some_and(|(value, _)| value == line.value());
    !is_first || policy.repeats.iter().any(|repeat| policy.of(repeat.name()) == name.as_str().as_bytes())
}

pub(super) static DUP_FIELD: Rule = Rule {
    id: "pol-dup-field",
    severity: Severity::Warning,
    consequence: Consequence::Disputed,
    rfc: "RFC 8461 §3.2",
    what: "a field that stands more than once",
    why: "the first counts, by the RFC; mox and postfix-tlspol take the first, several other senders the last, \
          and KumoMTA drops the policy",
    instead: "keep one; only `mx` may be repeated",
    bad: Example::Policy(
        "version: STSv1\nmode: testing\nmode: enforce\nmx: mx.example.com\nmax_age: 604800\n",
    ),
    good: GOOD,
    check: Check::Policy(dup_field),
};

fn dup_field(policy: &Policy<'_>, out: &mut Findings) {
    let mut report = |line: &Line, first: Span, is_good: bool| {
        if out.is_counted() {
            return;
        }
        let (name, value) = (policy.str(line.name()), quote(policy.of(line.value())));
        let kept = quote(policy.of(first));
        let finding = out.report(
            line.content(),
            format_args!("a second `{name}`: the first, {kept}, counts, not {value}"),
        );
        // While the first is none, this may be the one that was meant.
        if is_good {
            finding.fix(Fix::safe(Edit::delete(line.span())));
        }
    };
    for line in &policy.repeats {
        if let Some(name) = FieldName::read(policy.of(line.name()))
            && let Some((first, is_good)) = first(policy, name)
        {
            report(line, first, is_good);
        }
    }
    let names: Vec<&[u8]> = policy.unknown.iter().map(|line| policy.of(line.name())).collect();
    for (at, first) in firsts(&names).into_iter().enumerate() {
        // What should be an `mx` may well be repeated.
        if first != at && meant(names[at]) != Some(FieldName::Mx) {
            let value = policy.unknown[first].value();
            report(&policy.unknown[at], value, !value.is_empty());
        }
    }
}

pub(super) static FIELD_CASE: Rule = Rule {
    id: "pol-field-case",
    severity: Severity::Error,
    consequence: Consequence::Refused,
    rfc: "RFC 8461 §3.2",
    what: "a field name in the wrong letter case",
    why: "names are case-sensitive literals: to a sender this is an unknown field, which it ignores",
    instead: "write the name in lower case",
    bad: Example::Policy("version: STSv1\nmode: testing\nMode: none\nmx: mx.example.com\nmax_age: 604800\n"),
    good: GOOD,
    check: Check::Policy(|policy, out| {
        for line in &policy.unknown {
            let name = policy.of(line.name());
            let Some(known) =
                FieldName::ALL.into_iter().find(|known| known.as_str().as_bytes().eq_ignore_ascii_case(name))
            else {
                continue;
            };
            if out.is_counted() {
                continue;
            }
            let there = has(policy, known);
            let finding = out.report(
                line.name(),
                format_args!("{} is not `{}`: it is ignored", quote(name), known.as_str()),
            );
            if there {
                finding.severity(Severity::Warning).consequence(Consequence::Disputed);
            }
            let rename = Some(Fix::likely(Edit::replace(line.name(), known.as_str())));
            finding.fix = match known {
                FieldName::Mx if there && MxPattern::read(policy.of(line.value())).is_err() => None,
                FieldName::Mx => rename,
                // Beside the right name it is ignored, and taking it away changes nothing.
                _ if there => delete_aside(policy, line).map(Fix::safe),
                _ => rename,
            };
        }
    }),
};

pub(super) static UNKNOWN_FIELD: Rule = Rule {
    id: "pol-unknown-field",
    severity: Severity::Info,
    consequence: Consequence::Practice,
    rfc: "RFC 8461 §3.2, §9.3",
    what: "a field no RFC defines",
    why: "senders ignore fields they do not know",
    instead: "remove the line unless something of yours reads it",
    bad: Example::Policy(
        "version: STSv1\nmode: testing\nmx: mx.example.com\nnmx: mx2.example.com\nmax_age: 604800\n",
    ),
    good: Example::Policy(
        "version: STSv1\nmode: testing\nmx: mx.example.com\nmx: mx2.example.com\nmax_age: 604800\n",
    ),
    check: Check::Policy(|policy, out| {
        for line in &policy.unknown {
            let name = policy.of(line.name());
            if !grammar::is_whole(grammar::ext_name, name) {
                continue;
            }
            let meant = meant(name);
            // Another letter case is another rule's business.
            let is_case = |known: FieldName| known.as_str().as_bytes().eq_ignore_ascii_case(name);
            if meant.is_some_and(is_case) || out.is_counted() {
                continue;
            }
            let finding = match meant {
                Some(known) => {
                    let known = known.as_str();
                    let finding = out.report(
                        line.name(),
                        format_args!("{} is unknown; perhaps `{known}` is meant", quote(name)),
                    );
                    finding.instead(format!("write `{known}`, or remove the line"))
                }
                None => out.report(line.name(), format_args!("{} is unknown and ignored", quote(name))),
            };
            finding.fix = match meant {
                Some(FieldName::Mx) if MxPattern::read(policy.of(line.value())).is_ok() => {
                    Some(Fix::likely(Edit::replace(line.name(), "mx")))
                }
                // A slip for a field that is missing is put right by the rule that misses it.
                Some(known) if !has(policy, known) => None,
                _ => delete_aside(policy, line).map(Fix::likely),
            };
        }
    }),
};

pub(super) static EXT_COLON: Rule = Rule {
    id: "pol-ext-colon",
    severity: Severity::Info,
    consequence: Consequence::Disputed,
    rfc: "RFC 8461 §3.2",
    what: "a colon in the value of an unknown field",
    why: "the grammar allows it; maddy rejects a policy with a second colon in a line",
    instead: "remove the line unless something of yours reads it",
    bad: Example::Policy(
        "version: STSv1\nmode: testing\nmx: mx.example.com\nmax_age: 604800\nurl: https://example.com/\n",
    ),
    good: GOOD,
    check: Check::Policy(|policy, out| {
        for line in &policy.unknown {
            if let Some(at) = policy.of(line.value()).iter().position(|b| *b == b':')
                && !out.is_counted()
            {
                let at = line.value().start + at as u32;
                let name = quote(policy.of(line.name()));
                let place = Span::new(at, at + 1);
                let finding = out.report(place, format_args!("a second colon in the line of {name}"));
                finding.fix = delete_aside(policy, line).map(Fix::likely);
            }
        }
    }),
};

pub(super) static NON_ASCII: Rule = Rule {
    id: "pol-non-ascii",
    severity: Severity::Warning,
    consequence: Consequence::Disputed,
    rfc: "RFC 8461 §3.2",
    what: "characters outside ASCII in the value of an unknown field",
    why: "the grammar takes UTF-8 here; postfix-mta-sts-resolver reads ASCII unless a charset is sent, \
          and then drops the policy",
    instead: "keep the whole file to ASCII",
    bad: Example::Policy("version: STSv1\nmode: testing\nmx: mx.example.com\nmax_age: 604800\nnote: café\n"),
    good: Example::Policy("version: STSv1\nmode: testing\nmx: mx.example.com\nmax_age: 604800\nnote: cafe\n"),
    check: Check::Odd(Odd::NON_ASCII, |policy, out| {
        for line in &policy.unknown {
            let value = line.value();
            let Ok(text) = str::from_utf8(policy.of(value)) else { continue };
            if let Some((at, c)) = text.char_indices().find(|(_, c)| !c.is_ascii())
                && !out.is_counted()
            {
                let at = value.start + at as u32;
                let span = Span::new(at, at + c.len_utf8() as u32);
                let finding = out.report(
                    span,
                    format_args!("U+{:04X} in the value of {}", u32::from(c), quote(policy.of(line.name()))),
                );
                finding.fix = in_ascii(text).map(|ascii| Fix::likely(Edit::replace(value, ascii)));
            }
        }
    }),
};

/// What a reader takes for a note: letters without their marks, plain quotes. `None` if that is not known of all of it, or
/// is nothing.
fn in_ascii(text: &str) -> Option<String> {
    /// For U+00C0 to U+00FF.
    const LATIN: &[u8; 64] = b"AAAAAAACEEEEIIIIDNOOOOOxOUUUUYTsaaaaaaaceeeeiiiidnooooo/ouuuuyty";
    let mut ascii = String::new();
    for c in text.chars() {
        ascii.push(match c {
            '\0'..='\x7F' => c,
            '\u{C0}'..='\u{FF}' => char::from(LATIN[c as usize - 0xC0]),
            c if is_quote(c) => '\'',
            c => records::in_ascii(c)?,
        });
    }
    (!ascii.trim_ascii().is_empty()).then_some(ascii)
}
