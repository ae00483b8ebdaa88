//! `id` (RFC 8461 §3.1): what tells senders that the policy has changed.

use super::records::{Named, faulty, first_misfit, good, left};
use super::txt_fields::{is_like, meant_required, slip_for_required};
use super::{Check, Example, Findings, Rule};
use crate::evidence::Outcome;
use crate::finding::{Consequence, Edit, Fix, Severity, Subject};
use crate::model::{FieldFault, Protocol, Record, RecordSet};
use crate::parse::grammar::{ext_name, is_wsp};
use crate::parse::record::sts_id;
use crate::parse::{Field, grammar};
use crate::quote::quote;
use crate::span::Span;
use alloc::format;
use alloc::string::String;

/// Longest id, in characters.
const MAX_ID: usize = 32;

pub(super) static MISSING: Rule = Rule {
    id: "txt-missing-id",
    severity: Severity::Error,
    consequence: Consequence::Refused,
    rfc: "RFC 8461 §3.1",
    what: "no `id` field",
    why: "the id tells senders when to fetch the policy anew; a record without one is treated as none",
    instead: "add `id=` with 1 to 32 letters and digits: `v=STSv1; id=20240315T120000`",
    bad: Example::Record("v=STSv1; policy_id=20240315T120000"),
    good: good(Protocol::Sts),
    check: Check::Records(Some(Protocol::Sts), missing),
};

/// Reports a record without its required field, unless a malformed field was meant to be it; then that one is to be
/// put right.
pub(super) fn missing(set: &RecordSet, out: &mut Findings) {
    let wanted = set.protocol.required();
    for (subject, record) in left(set) {
        // A name with an odd character in it, mostly a space that is none, is put right where that is reported.
        let is_odd = |field: &Field| !record.name(field).is_ascii() && is_like(record, field, wanted);
        let is_meant = (0..record.fields().len())
            .any(|at| meant_required(record, set.protocol, at).is_some() || is_odd(&record.fields()[at]));
        if record.required().is_some() || is_meant {
            continue;
        }
        let Some(slip) = slip_for_required(record, set.protocol) else {
            let end = Span::point(record.text().len() as u32);
            out.report_at(subject, end, format_args!("there is no `{wanted}` field"));
            continue;
        };
        let (name, written) = (slip.name(), quote(record.name(slip)));
        let finding =
            out.report_at(subject, name, format_args!("there is no `{wanted}` field, but {written}"));
        finding.instead(format!("write `{wanted}` for {written}"));
        // Another letter case has a rule of its own, and its fix.
        if !record.name(slip).eq_ignore_ascii_case(wanted.as_bytes()) {
            finding.fix(Fix::likely(Edit::replace(name, wanted)));
        }
    }
}

pub(super) static SYNTAX: Rule = Rule {
    id: "txt-id-syntax",
    severity: Severity::Error,
    consequence: Consequence::Refused,
    rfc: "RFC 8461 §3.1",
    what: "an id with other characters than letters and digits",
    why: "senders that follow the grammar find no id and treat the record as none",
    instead: "write 1 to 32 letters and digits, such as `id=20240315T120000`",
    bad: Example::Record("v=STSv1; id=2024-03-15T12:00:00"),
    good: good(Protocol::Sts),
    check: Check::Records(Some(Protocol::Sts), |set, out| {
        for (subject, record, _, field) in faulty(set, FieldFault::Required) {
            let (span, value) = (field.value(), record.value(field));
            if value.is_empty() {
                out.report_at(subject, field.content(), format_args!("`id` has no value"));
                continue;
            }
            let Some((_, misfit)) = first_misfit(value, |b| b.is_ascii_alphanumeric()) else { continue };
            let shown = quote(value);
            let finding = out.report_at(
                subject,
                span,
                format_args!("the id {shown} holds {}; it is letters and digits only", Named(misfit)),
            );
            if is_placeholder(value) {
                finding.instead("put an id of your own in place of the placeholder: `id=20240315T120000`");
            } else if let Some(edit) = remedy(record, field) {
                if edit.span == span {
                    finding.instead(format!("write `id={}`", edit.text));
                } else {
                    finding.instead("end the id with a semicolon");
                }
                finding.fix(Fix::likely(edit));
            }
        }
    }),
};

/// Whether a value was left as some guide shows it: `<unique-id>`, `{timestamp}`.
fn is_placeholder(value: &[u8]) -> bool {
    value.iter().any(|b| matches!(b, b'<' | b'>' | b'{' | b'}' | b'[' | b']' | b'$'))
}

/// The id without what does not belong in it; or a semicolon before another field that it swallowed.
fn remedy(record: &Record, field: &Field) -> Option<Edit> {
    let value = record.value(field);
    if value.contains(&b'=') {
        // Joined strings: the id ends where its string does.
        let start = field.value().start;
        let cut = record.cuts().iter().find(|cut| (start + 1..field.value().end).contains(cut));
        if let Some(cut) = cut {
            let (left, right) = value.split_at((cut - start) as usize);
            let name = right.split(|b| *b == b'=').next().unwrap_or_default();
            if grammar::is_whole(sts_id, left) && grammar::is_whole(ext_name, name) {
                return Some(Edit::insert(*cut, "; "));
            }
        }
        let id = value.iter().take_while(|b| b.is_ascii_alphanumeric()).count();
        let parted = |b: &&u8| is_wsp(**b) || matches!(**b, b',' | b':' | b'|' | b'&' | b'\n' | b'\r');
        let next = id + value[id..].iter().take_while(parted).count();
        let name = value[next..].split(|b| *b == b'=').next().unwrap_or_default();
        let between = Span::new(start + id as u32, start + next as u32);
        let is_field = id > 0 && next > id && grammar::is_whole(ext_name, name);
        return is_field.then(|| Edit::replace(between, "; "));
    }
    cleaned(value).map(|id| Edit::replace(field.value(), id))
}

fn cleaned(value: &[u8]) -> Option<String> {
    let letters = value.iter().filter(|b| b.is_ascii_alphanumeric());
    let id: String = letters.map(|b| char::from(*b)).take(MAX_ID).collect();
    (!id.is_empty() && value.is_ascii()).then_some(id)
}

pub(super) static TOO_LONG: Rule = Rule {
    id: "txt-id-too-long",
    severity: Severity::Error,
    consequence: Consequence::Refused,
    rfc: "RFC 8461 §3.1",
    what: "an id longer than 32 characters",
    why: "senders that follow the grammar find no id and treat the record as none",
    instead: "shorten it; a UTC time without punctuation fits, such as `id=20240315T120000Z`",
    bad: Example::Record("v=STSv1; id=0123456789012345678901234567890123456789"),
    good: Example::Record("v=STSv1; id=01234567890123456789012345678901"),
    check: Check::Records(Some(Protocol::Sts), |set, out| {
        for (subject, record, _, field) in faulty(set, FieldFault::Required) {
            let value = record.value(field);
            let len = String::from_utf8_lossy(value).chars().count();
            if len <= MAX_ID || value.contains(&b'=') {
                continue;
            }
            let message = format_args!("the id is {len} characters long; at most {MAX_ID} are allowed");
            let finding = out.report_at(subject, field.value(), message);
            if let Some(id) = cleaned(value).filter(|_| !is_placeholder(value)) {
                finding.fix(Fix::likely(Edit::replace(field.value(), id)));
            }
        }
    }),
};

pub(super) static TTL: Rule = Rule {
    id: "txt-ttl",
    severity: Severity::Warning,
    consequence: Consequence::Practice,
    rfc: "RFC 8461 §8.1",
    what: "the record is cached for long",
    why: "the old id lives on in caches until its TTL has passed, so senders learn late of a new policy",
    instead: "lower the TTL: a few minutes to an hour is usual",
    bad: Example::Evidence("_mta-sts.example.com. 172800 TXT \"v=STSv1; id=20240315T120000\"\n"),
    good: Example::Evidence("_mta-sts.example.com. 3600 TXT \"v=STSv1; id=20240315T120000\"\n"),
    check: Check::Case(|case, out| {
        let Some(Outcome::Found { ttl, .. }) = case.evidence.record.yes().map(|lookup| &lookup.outcome)
        else {
            return;
        };
        // A resolver says what is left of the TTL, so it may be longer, never shorter.
        let (hours, is_long) = (ttl / 3600, *ttl > 86_400);
        if *ttl > 3600 {
            let message = format_args!("resolvers keep the record for {ttl} seconds ({hours} h) or more");
            let finding = out.report_on(Subject::RecordSet, message);
            if !is_long {
                finding.severity(Severity::Info);
            }
        }
    }),
};

pub(super) static MEANING: Rule = Rule {
    id: "txt-id-meaning",
    severity: Severity::Info,
    consequence: Consequence::Practice,
    rfc: "RFC 8461 §3.1",
    what: "the id looks like a counter",
    why: "ids are compared for equality only: a higher one is not newer, and any new value will do",
    instead: "nothing has to change; a UTC time such as `20240315T120000` cannot be used twice by mistake",
    bad: Example::Record("v=STSv1; id=1"),
    good: good(Protocol::Sts),
    check: Check::Records(Some(Protocol::Sts), |set, out| {
        for (subject, record) in left(set).into_iter().filter(|_| set.left() == 1) {
            let Some(field) = record.required() else { continue };
            let value = record.value(field);
            if (1..=4).contains(&value.len()) && value.iter().all(u8::is_ascii_digit) {
                let message = format_args!("the id {} looks like a counter", quote(value));
                out.report_at(subject, field.value(), message);
            }
        }
    }),
};
