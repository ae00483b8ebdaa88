//! The text as a whole: empty, a web page, the wrong encoding, too large.

use super::edits::{eol, fix_each};
use super::{Check, Example, Findings, Rule};
use crate::finding::{Consequence, Edit, Fix, Severity};
use crate::model::{Form, Policy};
use crate::parse::{LineKind, MAX_POLICY, Odd};
use crate::quote::quote;
use crate::span::Span;
use alloc::string::String;
use alloc::vec::Vec;

const GOOD: Example = Example::Policy("version: STSv1\nmode: testing\nmx: mx.example.com\nmax_age: 604800\n");

pub(super) static EMPTY: Rule = Rule {
    id: "pol-empty",
    severity: Severity::Error,
    consequence: Consequence::Refused,
    rfc: "RFC 8461 §3.2",
    what: "the policy is empty",
    why: "without `version`, `mode` and `max_age` there is no policy for a sender to apply",
    instead: "write the policy, one field a line: `version: STSv1`, `mode`, one `mx` for each MX host, `max_age`",
    bad: Example::Policy("\n"),
    good: GOOD,
    check: Check::Form(|policy, out| {
        if policy.form == Form::Empty {
            match policy.text.input.len() {
                0 => out.report(whole(policy), format_args!("the policy is empty")),
                _ => out.report(whole(policy), format_args!("the policy holds nothing but white space")),
            };
        }
    }),
};

pub(super) static HTML: Rule = Rule {
    id: "pol-html",
    severity: Severity::Error,
    consequence: Consequence::Refused,
    rfc: "RFC 8461 §3.2",
    what: "the file is a web page, not a policy",
    why: "no sender finds a policy in a web page; the web server answers with a page where the file should be",
    instead: "serve the plain file at https://mta-sts.<domain>/.well-known/mta-sts.txt, without any HTML around it",
    bad: Example::Policy("<!DOCTYPE html>\n<title>404 Not Found</title>\n"),
    good: GOOD,
    check: Check::Form(|policy, out| {
        if policy.form == Form::Html {
            let start = policy.text.input.len() - policy.text.input[bom(policy)..].trim_ascii_start().len();
            let tag = policy.text.input[start..].iter().position(|b| *b == b'>' || *b == b'\n');
            let end = tag.map_or(policy.text.input.len(), |at| start + at + 1);
            let span = Span::new(start as u32, end as u32);
            out.report(
                span,
                format_args!("the file is a web page: it begins with {}", quote(policy.of(span))),
            );
        }
    }),
};

pub(super) static BOM: Rule = Rule {
    id: "pol-bom",
    severity: Severity::Error,
    consequence: Consequence::Refused,
    rfc: "RFC 8461 §3.2",
    what: "a byte order mark stands before the first field",
    why: "the mark becomes part of the first field's name, so a strict sender finds no `version`",
    instead: "save the file as UTF-8 without byte order mark",
    bad: Example::Policy("\u{FEFF}version: STSv1\nmode: testing\nmx: mx.example.com\nmax_age: 604800\n"),
    good: GOOD,
    check: Check::Policy(|policy, out| {
        let mark = policy.text.bom;
        if !mark.is_empty() {
            out.report(mark, format_args!("the file begins with a byte order mark (U+FEFF)"))
                .fix(Fix::safe(Edit::delete(mark)));
        }
    }),
};

pub(super) static NOT_UTF8: Rule = Rule {
    id: "pol-not-utf8",
    severity: Severity::Error,
    consequence: Consequence::Refused,
    rfc: "RFC 8461 §3.2, RFC 3629 §4",
    what: "octets that are not UTF-8",
    why: "outside ASCII the grammar takes only well-formed UTF-8, and only in fields it does not know",
    instead: "save the file as plain ASCII or as UTF-8",
    // A Rust string is UTF-8, so what is shown here is ISO 8859-1, told by the notation `\xNN`.
    bad: Example::PolicyBytes(
        b"version: STSv1\nmode: testing\nmx: mx.example.com\nmax_age: 604800\nnote: caf\xE9\n",
    ),
    good: Example::Policy("version: STSv1\nmode: testing\nmx: mx.example.com\nmax_age: 604800\nnote: cafe\n"),
    check: Check::Form(not_utf8),
};

fn not_utf8(policy: &Policy<'_>, out: &mut Findings) {
    if policy.form == Form::Utf16 && matches!(policy.text.input[0], 0xFE | 0xFF) {
        out.report(Span::new(0, 2), format_args!("the file is UTF-16, by its byte order mark"))
            .fix(Fix::likely(Edit::replace(whole(policy), from_utf16(policy.text.input))));
        return;
    }
    if policy.form != Form::Lines || !policy.text.odd.has(Odd::NON_ASCII) {
        return;
    }
    let read = &policy.text.input[..policy.text.excess.start as usize];
    let mut at = 0;
    let mut spans: Vec<Span> = Vec::new();
    for chunk in read.utf8_chunks() {
        at += chunk.valid().len() as u32;
        let bad = Span::new(at, at + chunk.invalid().len() as u32);
        at = bad.end;
        match spans.last_mut() {
            _ if bad.is_empty() => {}
            Some(last) if last.end == bad.start => last.end = bad.end,
            _ => spans.push(bad),
        }
    }
    let Some(first) = spans.first() else { return };
    let octet = policy.of(*first)[0];
    fix_each(
        out.report(*first, format_args!("the octet 0x{octet:02X} is not UTF-8")),
        policy,
        &spans,
        Fix::likely,
        // The usual other encoding of text that is nearly ASCII.
        |bad| policy.of(bad).iter().filter(|b| **b >= 0xA0).map(|b| char::from(*b)).collect(),
    );
}

pub(super) static CONTROL_CHAR: Rule = Rule {
    id: "pol-control-char",
    severity: Severity::Error,
    consequence: Consequence::Refused,
    rfc: "RFC 8461 §3.2",
    what: "a control character inside a line",
    why: "no rule of the grammar takes a control character; a tab may stand only after the colon or at the line end",
    instead: "remove the character",
    bad: Example::Policy("version: STSv1\nmode: testing\nmx: mx.example.com\nmax_age: 604800\nnote: a\tb\n"),
    good: Example::Policy("version: STSv1\nmode: testing\nmx: mx.example.com\nmax_age: 604800\nnote: a b\n"),
    check: Check::Form(control_char),
};

fn control_char(policy: &Policy<'_>, out: &mut Findings) {
    if policy.form == Form::Utf16 && !matches!(policy.text.input[0], 0xFE | 0xFF) {
        out.report(Span::new(0, 2), format_args!("the file is full of NUL characters: it is UTF-16"))
            .instead("save the file as plain ASCII or as UTF-8")
            .fix(Fix::likely(Edit::replace(whole(policy), from_utf16(policy.text.input))));
        return;
    }
    if policy.form != Form::Lines || !policy.text.odd.has(Odd::CONTROL) {
        return;
    }
    let mut spans: Vec<Span> = Vec::new();
    for line in &policy.text.lines {
        let content = line.content();
        if line.kind == LineKind::NoColon && policy.of(content).iter().all(u8::is_ascii_control) {
            spans.push(content);
            continue;
        }
        for part in [line.name(), line.value()] {
            for (at, byte) in policy.of(part).iter().enumerate() {
                if byte.is_ascii_control() {
                    let at = part.start + at as u32;
                    spans.push(Span::new(at, at + 1));
                }
            }
        }
    }
    let Some(first) = spans.first() else { return };
    let byte = policy.of(*first)[0];
    let name = match byte {
        0 => "NUL",
        b'\t' => "a tab",
        0x0B => "a vertical tab",
        0x0C => "a form feed",
        0x1A => "a DOS end-of-file mark",
        0x1B => "an escape character",
        0x7F => "DEL",
        _ => "a control character",
    };
    fix_each(
        out.report(*first, format_args!("{name} (U+{byte:04X}) inside the line")),
        policy,
        &spans,
        Fix::likely,
        |span| match policy.of(span) {
            b"\t" => " ".into(),
            // Old editors end lines with these; at the end of the text nothing follows to be kept apart.
            [0x0B | 0x0C] if span.end < policy.text.excess.start => eol(policy).into(),
            _ => String::new(),
        },
    );
}

pub(super) static SIZE: Rule = Rule {
    id: "pol-size",
    severity: Severity::Error,
    consequence: Consequence::Refused,
    rfc: "RFC 8461 §3.3",
    what: "the policy is larger than senders read",
    why: "senders stop reading at 64 KiB (chasquid at 10 KiB) and then have no policy",
    instead: "keep the policy well below 10 KiB; a wildcard pattern stands for many hosts",
    bad: Example::PolicyOf(
        "version: STSv1\nmode: testing\nmax_age: 604800\nmx: mx.example.com\n",
        MAX_POLICY + 1,
    ),
    good: GOOD,
    check: Check::Form(|policy, out| {
        let size = policy.text.input.len();
        if size > MAX_POLICY {
            let span = if policy.text.excess.is_empty() { whole(policy) } else { policy.text.excess };
            out.report(span, format_args!("the policy is larger than 64 KiB; what lies beyond is not read"));
        } else if size > SMALL_LIMIT {
            out.report(
                Span::new(SMALL_LIMIT as u32, size as u32),
                format_args!("the policy is {size} bytes"),
            )
            .severity(Severity::Warning)
            .consequence(Consequence::Disputed);
        }
    }),
};

/// What the most sparing sender reads, in octets (chasquid).
const SMALL_LIMIT: usize = 10_240;

fn whole(policy: &Policy<'_>) -> Span {
    Span::new(0, policy.text.input.len() as u32)
}

fn bom(policy: &Policy<'_>) -> usize {
    policy.text.bom.end as usize
}

/// The text of a UTF-16 file, its byte order told by the mark or by where the NULs are.
fn from_utf16(input: &[u8]) -> String {
    let big_endian = matches!(input, [0xFE, 0xFF, ..] | [0, ..]);
    let units = input.chunks_exact(2).map(|pair| {
        let pair = [pair[0], pair[1]];
        if big_endian { u16::from_be_bytes(pair) } else { u16::from_le_bytes(pair) }
    });
    // A mark is of no use any more, and a NUL of none anywhere.
    char::decode_utf16(units).flatten().filter(|c| !matches!(c, '\u{FEFF}' | '\0')).collect()
}
