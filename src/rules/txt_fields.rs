//! The fields of a record, whatever their name, and the strings they are made of. Both records have the same grammar but
//! for the one field that each must have.

use super::records::{
    Named, delim_before, example, faulty, first_misfit, good, in_ascii, left, rfc, without,
};
use super::{Check, Example, Findings, Rule};
use crate::finding::{Consequence, Edit, Fix, Severity};
use crate::model::tlsrpt::{Member, Target, domain_span, members};
use crate::model::{Domain, FieldFault, Protocol, Record, RecordSet};
use crate::order::firsts;
use crate::parse::record::{is_ext_value_octet, sts_id};
use crate::parse::{Field, MAX_RECORD, grammar};
use crate::quote::quote;
use crate::span::Span;
use alloc::borrow::ToOwned;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec;
use alloc::vec::Vec;

/// What the rules in this file have in common.
const fn refused(protocol: Protocol, id: &'static str) -> Rule {
    Rule {
        id,
        severity: Severity::Error,
        consequence: Consequence::Refused,
        rfc: rfc(protocol),
        what: "",
        why: "the record breaks the grammar: a sender that follows it treats the record as none",
        instead: "",
        bad: good(protocol),
        good: good(protocol),
        check: Check::Records(Some(protocol), |_, _| {}),
    }
}

/// The value of the first member, if it is a URI that some sender has a way to.
fn is_address(text: &[u8], span: Span) -> bool {
    members(text, span).next().is_some_and(|member: Member| member.is_usable())
}

/// An unknown field that is most likely a slip for the required one: another letter case, or a longer name.
pub(super) fn slip_for_required(record: &Record, protocol: Protocol) -> Option<&Field> {
    record.fields().iter().find(|field| {
        let name = record.name(field);
        let fits = match protocol {
            Protocol::Sts => {
                name.len() >= 2
                    && name[name.len() - 2..].eq_ignore_ascii_case(b"id")
                    && grammar::is_whole(sts_id, record.value(field))
            }
            Protocol::Tlsrpt => {
                matches!(name.to_ascii_lowercase().as_slice(), b"ruf" | b"ru" | b"uri" | b"rui")
                    && is_address(record.text(), field.value())
            }
        };
        let is_case = name.eq_ignore_ascii_case(protocol.required().as_bytes());
        !field.equals().is_empty() && field.gap().is_empty() && (fits || is_case)
    })
}

/// Whether the name of a field is `wanted` in another letter case, or with something odd around it, such as a space that
/// is none.
pub(super) fn is_like(record: &Record, field: &Field, wanted: &str) -> bool {
    let name = String::from_utf8_lossy(record.name(field));
    name.trim_matches(|c: char| !c.is_ascii_alphanumeric()).eq_ignore_ascii_case(wanted)
}

/// What puts malformed field `at` right, if it was most likely meant to be the required one.
pub(super) fn meant_required(record: &Record, protocol: Protocol, at: usize) -> Option<Fix> {
    let field = record.fields().get(at)?;
    if record.fault_at(at) != Some(FieldFault::Malformed) {
        return None;
    }
    let wanted = protocol.required();
    if !field.gap().is_empty() && record.name(field) == wanted.as_bytes() {
        return Some(Fix::safe(Edit::delete(field.gap())));
    }
    let content = field.content();
    let text = record.of_span(content);
    if let Some(rest) = text.strip_prefix(wanted.as_bytes()) {
        let spaces = rest.len() - rest.trim_ascii_start().len();
        if rest[spaces..].starts_with(b":") {
            let after = &rest[spaces + 1..];
            let joint = spaces + 1 + after.len() - after.trim_ascii_start().len();
            let start = content.start + wanted.len() as u32;
            return Some(Fix::likely(Edit::replace(Span::new(start, start + joint as u32), "=")));
        }
        let is_value = match protocol {
            Protocol::Sts => grammar::is_whole(sts_id, rest),
            Protocol::Tlsrpt => is_address(rest, Span::new(0, rest.len() as u32)),
        };
        if is_value {
            return Some(Fix::likely(Edit::insert(content.start + wanted.len() as u32, "=")));
        }
    }
    // The value alone, where there is no other.
    let is_value = match protocol {
        Protocol::Sts => {
            grammar::is_whole(sts_id, text) && text.iter().filter(|b| b.is_ascii_digit()).count() >= 4
        }
        Protocol::Tlsrpt => is_address(record.text(), content),
    };
    (is_value && record.required().is_none())
        .then(|| Fix::likely(Edit::insert(content.start, format!("{wanted}="))))
}

pub(super) static TXT_FIELD_CASE: Rule =
    field_case(Protocol::Sts, "txt-field-case", "v=STSv1; id=20240315T120000; ID=20240315T120001");
pub(super) static RPT_FIELD_CASE: Rule = field_case(
    Protocol::Tlsrpt,
    "rpt-field-case",
    "v=TLSRPTv1; rua=mailto:tls-reports@example.com; RUA=mailto:a@example.com",
);

const fn field_case(protocol: Protocol, id: &'static str, bad: &'static str) -> Rule {
    Rule {
        what: "a field name in the wrong letter case",
        why: "names are case-sensitive literals: to a sender this is an unknown field, which it ignores",
        instead: "write the name in lower case",
        bad: example(protocol, bad, bad),
        check: Check::Records(Some(protocol), |set, out| {
            let wanted = set.protocol.required();
            for (subject, record) in left(set) {
                for (at, field) in record.fields().iter().enumerate() {
                    let name = record.name(field);
                    let Some(known) = [wanted, "v"].into_iter().find(|known| {
                        name.eq_ignore_ascii_case(known.as_bytes()) && name != known.as_bytes()
                    }) else {
                        continue;
                    };
                    let is_needed = known == wanted && record.required().is_none();
                    let message = format_args!("{} is not `{known}`: it is ignored", quote(name));
                    let finding = out.report_at(subject, field.name(), message);
                    if is_needed {
                        finding.fix(Fix::likely(Edit::replace(field.name(), wanted)));
                    } else {
                        finding
                            .severity(Severity::Warning)
                            .consequence(Consequence::Disputed)
                            .fix(Fix::safe(without(record, at)));
                    }
                }
            }
        }),
        ..refused(protocol, id)
    }
}

pub(super) static TXT_DUP_FIELD: Rule = Rule {
    severity: Severity::Warning,
    consequence: Consequence::Disputed,
    rfc: "RFC 8461 §3.2",
    what: "a field that stands more than once",
    why: "the first counts, by the RFC; mox drops the whole record for a second id",
    instead: "keep one",
    bad: Example::Record("v=STSv1; id=20240315T120000; id=20240315T120001"),
    check: Check::Records(Some(Protocol::Sts), |set, out| {
        for (subject, record) in left(set) {
            // The version, whatever it is called, and all fields with a name.
            let mut fields: Vec<(&[u8], usize)> = vec![(b"v", 0)];
            for (at, field) in record.fields().iter().enumerate() {
                let is_none = matches!(record.fault_at(at), Some(FieldFault::Malformed | FieldFault::Name));
                if !is_none && !field.name().is_empty() {
                    fields.push((record.name(field), at + 1));
                }
            }
            let names: Vec<&[u8]> = fields.iter().map(|(name, _)| *name).collect();
            for (second, first) in firsts(&names).into_iter().enumerate().filter(|(at, first)| at != first) {
                let [first, second] = [first, second].map(|at| fields[at].1);
                let [counts, field] = [first, second].map(|at| &record.all_fields()[at]);
                let is_good = first == 0 || record.fault(counts).is_none();
                let finding = out.report_at(
                    subject,
                    field.content(),
                    format_args!(
                        "a second {}: the first, {}, counts, not {}",
                        quote(record.name(field)),
                        quote(record.value(counts)),
                        quote(record.value(field))
                    ),
                );
                // While the first is none, this may be the one that was meant.
                if is_good {
                    finding.fix(Fix::safe(without(record, second - 1)));
                }
            }
        }
    }),
    ..refused(Protocol::Sts, "txt-dup-field")
};

pub(super) static TXT_EMPTY_FIELD: Rule = empty_field(Protocol::Sts, "txt-empty-field");
pub(super) static RPT_EMPTY_FIELD: Rule = empty_field(Protocol::Tlsrpt, "rpt-empty-field");

const fn empty_field(protocol: Protocol, id: &'static str) -> Rule {
    Rule {
        what: "nothing between two semicolons",
        instead: "remove the extra semicolon",
        bad: example(
            protocol,
            "v=STSv1;; id=20240315T120000",
            "v=TLSRPTv1;; rua=mailto:tls-reports@example.com",
        ),
        check: Check::Records(Some(protocol), |set, out| {
            for (subject, record, at, field) in faulty(set, FieldFault::Empty) {
                if out.is_counted() {
                    continue;
                }
                let before = delim_before(record, at);
                // Of the two delimiters the one with white space stays; but the first belongs to the version, unless the
                // other stays there for sure.
                let is_prefix =
                    at == 0 && record.required().is_none_or(|next| next.span().start != field.span().end);
                let is_wider = before.len() > field.span().len();
                out.report_at(
                    subject,
                    Span::new(before.start, field.span().end),
                    format_args!("nothing stands between two semicolons"),
                )
                .fix(Fix::safe(Edit::delete(if is_prefix || is_wider {
                    field.span()
                } else {
                    before
                })));
            }
        }),
        ..refused(protocol, id)
    }
}

pub(super) static TXT_MALFORMED_FIELD: Rule =
    malformed_field(Protocol::Sts, "txt-malformed-field", "v=STSv1; id=20240315T120000; flag");
pub(super) static RPT_MALFORMED_FIELD: Rule = malformed_field(
    Protocol::Tlsrpt,
    "rpt-malformed-field",
    "v=TLSRPTv1; rua=mailto:tls-reports@example.com; flag",
);

const fn malformed_field(protocol: Protocol, id: &'static str, bad: &'static str) -> Rule {
    Rule {
        what: "a field that is not `name=value`",
        instead: "write `name=value`, without spaces around the equals sign",
        bad: example(protocol, bad, bad),
        check: Check::Records(Some(protocol), |set, out| {
            for (subject, record, at, field) in faulty(set, FieldFault::Malformed) {
                if out.is_counted() {
                    continue;
                }
                let (content, shown) = (field.content(), quote(record.of_span(field.content())));
                let fix = meant_required(record, set.protocol, at);
                if !field.gap().is_empty() {
                    out.report_at(
                        subject,
                        field.gap(),
                        format_args!("white space stands before the equals sign of {shown}"),
                    )
                    .fix(Fix::safe(Edit::delete(field.gap())));
                } else if is_further_uri(record, set.protocol, at) {
                    out.report_at(
                        subject,
                        delim_before(record, at),
                        format_args!("a semicolon stands before {shown}; commas part the members of a list"),
                    )
                    .instead("part the members of `rua` with commas")
                    .fix(Fix::likely(Edit::replace(delim_before(record, at), ",")));
                } else {
                    let message = if field.equals().is_empty() {
                        format_args!("{shown} has no equals sign")
                    } else {
                        format_args!("the name of {shown} holds a colon")
                    };
                    let is_meant = fix.is_some();
                    let finding = out.report_at(subject, content, message);
                    if let Some(fix) = fix {
                        finding.fix(fix);
                    } else if !super::rpt_rua::is_cut_uri(record, set.protocol, at)
                        && !record.of_span(content).eq_ignore_ascii_case(set.protocol.required().as_bytes())
                    {
                        finding.fix(Fix::likely(without(record, at)));
                    }
                    if is_meant {
                        finding.instead(match set.protocol {
                            Protocol::Sts => "write `id=` and the id",
                            Protocol::Tlsrpt => "write `rua=` and the address",
                        });
                    }
                }
            }
        }),
        ..refused(protocol, id)
    }
}

/// Whether field `at` is a URI that should be a member of the `rua` before it.
fn is_further_uri(record: &Record, protocol: Protocol, at: usize) -> bool {
    protocol == Protocol::Tlsrpt
        && at > 0
        && record.name(&record.fields()[at - 1]) == b"rua"
        && is_address(record.text(), record.fields()[at].content())
}

pub(super) static TXT_EXT_NAME: Rule =
    ext_name(Protocol::Sts, "txt-ext-name", "v=STSv1; id=20240315T120000; _x=1");
pub(super) static RPT_EXT_NAME: Rule =
    ext_name(Protocol::Tlsrpt, "rpt-ext-name", "v=TLSRPTv1; rua=mailto:tls-reports@example.com; _x=1");

const fn ext_name(protocol: Protocol, id: &'static str, bad: &'static str) -> Rule {
    Rule {
        what: "a field name the grammar does not allow",
        instead: "remove the field, or give it a name of a letter or digit \
                  and up to 31 letters, digits, `_`, `-`, `.`",
        bad: example(protocol, bad, bad),
        check: Check::Records(Some(protocol), |set, out| {
            for (subject, record, at, field) in faulty(set, FieldFault::Name) {
                if out.is_counted() {
                    continue;
                }
                let name = record.name(field);
                let (shown, span) = (quote(name), field.name());
                let fits = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.');
                let finding = if name.is_empty() {
                    out.report_at(
                        subject,
                        field.content(),
                        format_args!("no name stands before the equals sign"),
                    )
                } else if let Some((_, misfit)) = first_misfit(name, fits) {
                    out.report_at(subject, span, format_args!("the name {shown} holds {}", Named(misfit)))
                } else if name[0].is_ascii_alphanumeric() || !name[0].is_ascii() {
                    let len = name.len();
                    let message =
                        format_args!("the name {shown} is {len} characters long; at most 32 are allowed");
                    out.report_at(subject, span, message)
                } else {
                    let message = format_args!("the name {shown} begins with neither letter nor digit");
                    out.report_at(subject, span, message)
                };
                finding.fix(Fix::likely(without(record, at)));
            }
        }),
        ..refused(protocol, id)
    }
}

pub(super) static TXT_EXT_VALUE: Rule =
    ext_value(Protocol::Sts, "txt-ext-value", "v=STSv1; id=20240315T120000; x=a b");
pub(super) static RPT_EXT_VALUE: Rule =
    ext_value(Protocol::Tlsrpt, "rpt-ext-value", "v=TLSRPTv1; rua=mailto:tls-reports@example.com; x=a b");

const fn ext_value(protocol: Protocol, id: &'static str, bad: &'static str) -> Rule {
    Rule {
        what: "a value the grammar does not allow",
        instead: "remove the field; a value is visible ASCII without `=` and `;`, and not empty",
        bad: example(protocol, bad, bad),
        check: Check::Records(Some(protocol), |set, out| {
            for (subject, record, at, field) in faulty(set, FieldFault::Value) {
                if out.is_counted() {
                    continue;
                }
                let (name, value) = (quote(record.name(field)), record.value(field));
                let finding = match first_misfit(value, is_ext_value_octet) {
                    Some((offset, misfit)) => {
                        let at = field.value().start + offset;
                        let message = format_args!("the value of {name} holds {}", Named(misfit));
                        out.report_at(subject, Span::new(at, at + 1), message)
                    }
                    None => out.report_at(subject, field.content(), format_args!("{name} has no value")),
                };
                // Senders ignore the field; one that was meant to be the one they need is for another rule.
                if !is_like(record, field, set.protocol.required()) {
                    // Nothing is lost with a field that says nothing.
                    let sure = if value.is_empty() { Fix::safe } else { Fix::likely };
                    finding.fix(sure(without(record, at)));
                }
            }
        }),
        ..refused(protocol, id)
    }
}

pub(super) static TXT_TRAILING_WSP: Rule =
    trailing_wsp(Protocol::Sts, "txt-trailing-wsp", "v=STSv1; id=20240315T120000 ");
pub(super) static RPT_TRAILING_WSP: Rule =
    trailing_wsp(Protocol::Tlsrpt, "rpt-trailing-wsp", "v=TLSRPTv1; rua=mailto:tls-reports@example.com ");

const fn trailing_wsp(protocol: Protocol, id: &'static str, bad: &'static str) -> Rule {
    Rule {
        what: "white space at the end of the record",
        why: "white space may stand only around a semicolon; most senders forgive it, strict ones find no record",
        instead: "remove it",
        bad: example(protocol, bad, bad),
        check: Check::Records(Some(protocol), |set, out| {
            for (subject, record) in left(set) {
                if let Some(span) =
                    record.fields().last().map(Field::trailing).filter(|span| !span.is_empty())
                {
                    out.report_at(subject, span, format_args!("white space ends the record"))
                        .fix(Fix::safe(Edit::delete(span)));
                }
            }
        }),
        ..refused(protocol, id)
    }
}

pub(super) static FINAL_WSP: Rule = Rule {
    id: "txt-final-wsp",
    severity: Severity::Info,
    consequence: Consequence::Disputed,
    rfc: "RFC 8461 §3.1",
    what: "white space after the last semicolon",
    why: "the grammar allows it; KumoMTA takes it for a field and finds no record",
    instead: "end the record with the semicolon, or before it",
    bad: Example::Record("v=STSv1; id=20240315T120000; "),
    good: Example::Record("v=STSv1; id=20240315T120000;"),
    check: Check::Records(Some(Protocol::Sts), |set, out| {
        for (subject, record) in left(set) {
            let Some(delim) = record.fields().last().map(Field::delim) else { continue };
            let octets = record.of_span(delim);
            if let Some(semicolon) = octets.iter().position(|b| *b == b';')
                && semicolon + 1 < octets.len()
            {
                let span = Span::new(delim.start + semicolon as u32 + 1, delim.end);
                out.report_at(subject, span, format_args!("white space follows the last semicolon"))
                    .fix(Fix::safe(Edit::delete(span)));
            }
        }
    }),
};

pub(super) static TXT_NON_ASCII: Rule =
    non_ascii(Protocol::Sts, "txt-non-ascii", "v=STSv1;\u{A0}id=20240315T120000");
pub(super) static RPT_NON_ASCII: Rule =
    non_ascii(Protocol::Tlsrpt, "rpt-non-ascii", "v=TLSRPTv1;\u{A0}rua=mailto:tls-reports@example.com");

const fn non_ascii(protocol: Protocol, id: &'static str, bad: &'static str) -> Rule {
    Rule {
        what: "a character outside ASCII",
        why: "the record is ASCII; such characters mostly come from a page that was copied, and strict senders \
              find no record",
        instead: "write it anew in plain ASCII",
        bad: example(protocol, bad, bad),
        check: Check::Records(Some(protocol), |set, out| {
            for (subject, record) in left(set) {
                for field in
                    record.fields().iter().filter(|field| !record.of_span(field.content()).is_ascii())
                {
                    let content = field.content();
                    let (spans, edits) = odd_characters(record, set.protocol, field);
                    let Some(first) = spans.first() else { continue };
                    let text = String::from_utf8_lossy(record.of_span(*first)).into_owned();
                    let shown = quote(record.of_span(content));
                    let message = match text.chars().next() {
                        Some(c) if c != char::REPLACEMENT_CHARACTER => format!("{shown} holds {}", Named(c)),
                        _ => format!("{shown} holds the octet 0x{:02X}", record.of_span(*first)[0]),
                    };
                    let finding = out.report_at(subject, *first, format_args!("{message}"));
                    finding.also(spans[1..].iter().take(100).copied());
                    if let Some(name) = a_labels(record, field) {
                        finding.instead(format!("write the domain as `{}`", name.text));
                        finding.fix(Fix::likely(name));
                    } else if let Some(edits) = edits {
                        finding.fix(Fix::likely(edits));
                    }
                }
            }
        }),
        ..refused(protocol, id)
    }
}

/// Where characters outside ASCII stand in a field, and what to write for them, where that can be guessed for all.
fn odd_characters(record: &Record, protocol: Protocol, field: &Field) -> (Vec<Span>, Option<Vec<Edit>>) {
    let content = field.content();
    let (mut spans, mut edits) = (Vec::new(), Some(Vec::new()));
    let mut at = content.start;
    for chunk in record.of_span(content).utf8_chunks() {
        for c in chunk.valid().chars() {
            let span = Span::new(at, at + c.len_utf8() as u32);
            at = span.end;
            if c.is_ascii() {
                continue;
            }
            spans.push(span);
            let is_in_value = !field.equals().is_empty() && span.start >= field.value().start;
            let is_id = protocol == Protocol::Sts && is_in_value && record.name(field) == b"id";
            let text = match in_ascii(c) {
                // Around a name or value a delimiter takes white space; inside an id nothing does.
                Some(' ') if is_in_value || span.start > content.start => Some(String::new()),
                Some(c) if is_id && !c.is_ascii_alphanumeric() => Some(String::new()),
                Some(c) => Some(c.to_string()),
                None if crate::model::record::is_quote(c) || !crate::quote::is_shown(c) => {
                    Some(String::new())
                }
                None => None,
            };
            match (&mut edits, text) {
                (Some(list), Some(text)) => list.push(Edit::replace(span, text)),
                (edits, _) => *edits = None,
            }
        }
        if !chunk.invalid().is_empty() {
            let span = Span::new(at, at + chunk.invalid().len() as u32);
            at = span.end;
            spans.push(span);
            edits = None;
        }
    }
    (spans, edits)
}

/// The A-labels of the one internationalised domain in a `rua`.
fn a_labels(record: &Record, field: &Field) -> Option<Edit> {
    let text = record.text();
    let is_there = |member: &Member| matches!(member.kind, Ok(Target::Mail | Target::Https));
    let mut odd = (record.name(field) == b"rua")
        .then(|| members(text, field.value()).filter(|member| !member.span.of(text).is_ascii()))?;
    let member = odd.next().filter(is_there)?;
    let domain = domain_span(text, member.span)?;
    let others = [Span::new(member.span.start, domain.start), Span::new(domain.end, member.span.end)];
    let is_alone = odd.next().is_none() && others.iter().all(|span| span.of(text).is_ascii());
    let name = Domain::to_a_labels(str::from_utf8(domain.of(text)).ok()?)?;
    is_alone.then(|| Edit::replace(domain, name))
}

pub(super) static TXT_UNKNOWN_FIELD: Rule = unknown_field(
    Protocol::Sts,
    "txt-unknown-field",
    "RFC 8461 §3.1, §9.2",
    "v=STSv1; id=20240315T120000; mode=enforce",
);
pub(super) static RPT_UNKNOWN_FIELD: Rule = unknown_field(
    Protocol::Tlsrpt,
    "rpt-unknown-field",
    "RFC 8460 §3",
    "v=TLSRPTv1; rua=mailto:tls-reports@example.com; ruf=mailto:tls-reports@example.com",
);

const fn unknown_field(protocol: Protocol, id: &'static str, rfc: &'static str, bad: &'static str) -> Rule {
    Rule {
        severity: Severity::Info,
        consequence: Consequence::Practice,
        rfc,
        what: "a field no RFC defines",
        why: "senders ignore fields they do not know",
        instead: "remove the field unless something of yours reads it",
        bad: example(protocol, bad, bad),
        check: Check::Records(Some(protocol), |set, out| {
            for (subject, record) in left(set) {
                for (at, field) in record.fields().iter().enumerate() {
                    let name = record.name(field);
                    // A second `v` of the one protocol is a repeat, for which the other has no rule.
                    let is_repeat = set.protocol == Protocol::Sts && name.eq_ignore_ascii_case(b"v");
                    let is_known = name.eq_ignore_ascii_case(set.protocol.required().as_bytes());
                    if record.fault_at(at).is_some() || is_known || is_repeat || out.is_counted() {
                        continue;
                    }
                    let whose = match (set.protocol, name) {
                        (Protocol::Sts, b"version" | b"mode" | b"mx" | b"max_age") => {
                            "belongs in the policy file, and is ignored here"
                        }
                        (Protocol::Sts, b"rua") => "belongs in the TLSRPT record, and is ignored here",
                        (
                            Protocol::Tlsrpt,
                            b"ruf" | b"p" | b"sp" | b"pct" | b"fo" | b"ri" | b"rf" | b"aspf" | b"adkim",
                        ) => "is DMARC's, and is ignored here",
                        (Protocol::Tlsrpt, b"v") => "is a second version, and is ignored here",
                        (Protocol::Tlsrpt, b"id") => "belongs in the `_mta-sts` record, and is ignored here",
                        _ => "is unknown and ignored",
                    };
                    let message = format_args!("{} {whose}", quote(name));
                    let finding = out.report_at(subject, field.name(), message);
                    // A slip for the field that is missing is put right by the rule that misses it.
                    if record.required().is_some() {
                        finding.fix(Fix::likely(without(record, at)));
                    }
                }
            }
        }),
        ..refused(protocol, id)
    }
}

pub(super) static STRING_TOO_LONG: Rule = Rule {
    id: "txt-string-too-long",
    severity: Severity::Error,
    consequence: Consequence::Refused,
    rfc: "RFC 1035 §3.3, §3.3.14",
    what: "a string of more than 255 octets",
    why: "a name server cannot hold it in one string: many providers split it by themselves, others refuse it",
    instead: "split it into strings of at most 255 octets, each in quotes; they are joined without a space",
    bad: Example::Record(concat!(
        "v=STSv1; id=20240315T120000; x=",
        "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789",
        "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789",
        "01234567890123456789012345678901234567890"
    )),
    good: Example::Record(concat!(
        "\"v=STSv1; id=20240315T120000; x=",
        "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789\" \"",
        "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789",
        "01234567890123456789012345678901234567890\""
    )),
    check: Check::Records(None, |set, out| {
        for (at, record) in set.records().iter().enumerate() {
            let subject = super::records::subject(set, at);
            if !record.excess().is_empty() {
                let message =
                    format_args!("the record is longer than {MAX_RECORD} octets; the rest is not read");
                out.report_at(subject, record.excess(), message);
            } else if let Some(string) = record.overlong() {
                let message = format_args!("a string is {} octets long; at most 255 fit", string.len());
                let rest = Span::new(string.start + 255, string.end);
                let finding = out.report_at(subject, rest, message);
                if record.is_value() {
                    finding.severity(Severity::Warning).consequence(Consequence::Practice);
                }
            }
        }
    }),
};

pub(super) static SPLIT: Rule = Rule {
    id: "txt-split",
    severity: Severity::Info,
    consequence: Consequence::Practice,
    rfc: "RFC 8461 §3.1, RFC 8460 §3",
    what: "a field cut across two strings",
    why: "the strings of a record are joined with nothing between: no space, no semicolon",
    instead: "put the semicolon and the space inside the quotes",
    bad: Example::Record("\"v=STSv1; id=20240315\" \"T120000\""),
    good: Example::Record("\"v=STSv1; \" \"id=20240315T120000\""),
    check: Check::Records(None, split),
};

fn split(set: &RecordSet, out: &mut Findings) {
    let version = set.protocol.version();
    for (at, record) in set.records().iter().enumerate() {
        let subject = super::records::subject(set, at);
        // Both lists are in order of place; a cut that a provider makes every 255 octets is no news.
        let mut fields = record.all_fields().iter().peekable();
        for (n, cut) in record.cuts().iter().enumerate() {
            while fields.next_if(|field| field.content().end <= *cut).is_some() {}
            let Some(field) = fields.peek().filter(|field| field.content().start < *cut) else { continue };
            let whole = field.content();
            let is_version = whole.start == 0 && record.of_span(whole).starts_with(version.as_bytes());
            let before = n.checked_sub(1).map_or(0, |n| record.cuts()[n]);
            let is_telling = if record.is_left() && whole.start > 0 {
                record.fault(field).is_some()
                    || (cut - before < 250 && record.name(field) == set.protocol.required().as_bytes())
            } else {
                is_version && *cut as usize == version.len()
            };
            if !is_telling {
                continue;
            }
            let (left, right) = (Span::new(whole.start, *cut), Span::new(*cut, whole.end));
            let message = format_args!(
                "string {} goes on where string {} ends: {} and {} are one field",
                n + 2,
                n + 1,
                quote(record.of_span(left)),
                quote(record.of_span(right))
            );
            let finding = out.report_at(subject, whole, message);
            let rest = record.of_span(right).trim_ascii_start();
            let name = rest.split(|b| *b == b'=').next().unwrap_or_default();
            if rest.contains(&b'=') && grammar::is_whole(grammar::ext_name, name) {
                finding.fix(Fix::likely(Edit::insert(*cut, if is_version { ";" } else { "; " })));
                continue;
            }
            // Where quotes show the cut, the field goes on from its start in the string where it ends.
            let end = record.cuts().get(n + 1).map_or(record.text().len() as u32, |next| *next);
            let is_room = before <= left.start && end - left.start <= 255;
            if let Some(text) =
                str::from_utf8(record.of_span(left)).ok().filter(|_| is_room && record.is_quoted())
            {
                finding.fix(Fix::safe([Edit::delete(left), Edit::insert(*cut, text.to_owned())]));
            }
        }
    }
}
