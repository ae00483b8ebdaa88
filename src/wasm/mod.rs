//! Every export to JavaScript. Texts and octets come in, and JSON goes out: a type that crosses the boundary by itself
//! is code on both sides of it. `pkg/` has the functions that people call, with their types.
//!
//! Where something cannot be judged at all, the JSON is `{"error": "…"}`. Lists come in as lines, and a time as seconds
//! since 1970 UTC.
#![expect(unreachable_pub, reason = "what JavaScript reaches is `pub`, though the module is not")]
#![expect(clippy::needless_pass_by_value, reason = "wasm-bindgen gives optional texts by value only")]

mod check;
#[cfg(feature = "freestanding")]
mod freestanding;
pub(crate) mod idna;

use crate::evidence::{MxRecord, TxtRecord};
use crate::generate::Request;
use crate::model::{Domain, Mode};
use crate::plan::{Change, DEFAULT_TTL};
use crate::render::json;
use crate::report::OffsetUnit;
use crate::{LintOptions, TextKind, mx_list};
use alloc::borrow::ToOwned;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use serde::Serialize;
use wasm_bindgen::prelude::wasm_bindgen;

/// Judges a text of this kind, `policy`, `record` or `tlsrpt`, or of any if it is empty. `domain` may be empty; `mx` lists
/// the MX hosts.
#[wasm_bindgen]
pub fn lint(text: &[u8], kind: &str, domain: &str, mx: Option<String>) -> String {
    or_fault(options(kind, domain, mx).map(|options| json(&crate::lint(text, &options, OffsetUnit::Utf16))))
}

/// Judges TXT records, given as the octets of all their strings one after the other, and for each record the number of
/// its strings and then the length of each.
#[wasm_bindgen]
pub fn lint_records(octets: &[u8], lengths: &[u32], kind: &str) -> String {
    let (mut octets, mut lengths) = (octets, lengths.iter());
    let mut records = Vec::new();
    while let Some(count) = lengths.next() {
        let mut strings = Vec::new();
        for length in lengths.by_ref().take(*count as usize) {
            let (string, rest) = octets.split_at((*length as usize).min(octets.len()));
            strings.push(string.to_vec());
            octets = rest;
        }
        records.push(TxtRecord::of(strings));
    }
    let kind = text_kind(kind).unwrap_or(TextKind::Record);
    json(&crate::lint_records(&records, kind, OffsetUnit::Utf16))
}

/// Applies every safe fix to a text, and every likely one of an error or a warning if asked to, until none is left.
#[wasm_bindgen]
pub fn fix(text: &[u8], kind: &str, domain: &str, mx: Option<String>, likely: bool) -> String {
    or_fault(options(kind, domain, mx).map(|options| {
        let crate::Fixed { text, applied, complete } = crate::fix(text, &options, likely);
        json(&Fixed { text: &String::from_utf8_lossy(&text), applied: &applied, complete })
    }))
}

/// [`crate::Fixed`] as JavaScript sees it.
#[derive(Serialize)]
struct Fixed<'a> {
    text: &'a str,
    applied: &'a [&'static str],
    complete: bool,
}

/// A draft of all that a domain publishes.
#[wasm_bindgen]
pub struct Draft {
    domain: Result<Option<Domain>, String>,
    policy: Option<Vec<u8>>,
    record: Option<String>,
    tlsrpt: Option<String>,
    mx: Option<Vec<MxRecord>>,
}

#[wasm_bindgen]
impl Draft {
    /// Takes the parts there are.
    #[wasm_bindgen(constructor)]
    pub fn new(
        domain: &str,
        policy: Option<Vec<u8>>,
        record: Option<String>,
        tlsrpt: Option<String>,
        mx: Option<String>,
    ) -> Self {
        Self { domain: self::domain(domain), policy, record, tlsrpt, mx: mx.map(|mx| mx_list(&mx)) }
    }

    fn parts(&self) -> crate::Draft<'_> {
        crate::Draft {
            policy: self.policy.as_deref(),
            record: self.record.as_deref().map(str::as_bytes),
            tlsrpt: self.tlsrpt.as_deref().map(str::as_bytes),
        }
    }
}

/// Judges a draft: each part by itself, and what they make together.
#[wasm_bindgen]
pub fn review(draft: &Draft) -> String {
    or_fault(draft.domain.clone().map(|domain| {
        let options = LintOptions { kind: None, domain, mx: draft.mx.clone() };
        json(&crate::review_draft(draft.parts(), &options, OffsetUnit::Utf16))
    }))
}

/// Plans a change.
#[wasm_bindgen]
pub fn plan(
    old: &Draft,
    new: &Draft,
    ttl: Option<u32>,
    mx_ttl: Option<u32>,
    longest_max_age: Option<f64>,
    now: f64,
) -> String {
    let domains = old.domain.clone().and_then(|old| Ok(new.domain.clone()?.or(old)));
    or_fault(domains.map(|domain| {
        let change = Change {
            domain,
            old: old.parts(),
            new: new.parts(),
            old_mx: old.mx.clone(),
            new_mx: new.mx.clone(),
            ttl: ttl.unwrap_or(DEFAULT_TTL),
            mx_ttl: mx_ttl.unwrap_or(DEFAULT_TTL),
            longest_max_age: longest_max_age.map(seconds),
            now: seconds(now),
        };
        json(&crate::plan::plan(&change, OffsetUnit::Utf16))
    }))
}

/// Makes what a domain has to publish, and says how.
#[wasm_bindgen]
#[expect(
    clippy::too_many_arguments,
    reason = "a type of its own would be code on both sides of the boundary"
)]
pub fn generate(
    domain: &str,
    mx: &str,
    wildcards: bool,
    mode: &str,
    max_age: Option<f64>,
    id: Option<String>,
    previous_id: Option<String>,
    rua: &str,
    now: f64,
) -> String {
    or_fault(Domain::typed(domain).map_err(|error| fault(&error)).and_then(|typed| {
        let request = Request {
            wildcards,
            mode: Mode::read(mode.as_bytes()).unwrap_or(Mode::Testing),
            max_age: max_age.map(seconds),
            id,
            previous_id,
            rua: rua.lines().map(str::to_owned).collect(),
            ..Request::new(typed.domain, mx_list(mx), seconds(now))
        };
        let generated = crate::generate::generate(&request).map_err(|refusal| fault(&refusal))?;
        Ok(json(&generated))
    }))
}

#[expect(clippy::cast_sign_loss, reason = "what is below zero, or no number, becomes zero")]
fn seconds(seconds: f64) -> u64 {
    seconds as u64
}

#[derive(Serialize)]
struct Fault<'a> {
    error: &'a str,
}

/// JSON that says why something makes no sense.
fn fault(error: &impl ToString) -> String {
    json(&Fault { error: &error.to_string() })
}

fn or_fault(judged: Result<String, String>) -> String {
    judged.unwrap_or_else(|fault| fault)
}

/// What is known beside a text.
fn options(kind: &str, domain: &str, mx: Option<String>) -> Result<LintOptions, String> {
    Ok(LintOptions { kind: text_kind(kind), domain: self::domain(domain)?, mx: mx.map(|mx| mx_list(&mx)) })
}

/// A domain as somebody types it; an empty text is none.
fn domain(typed: &str) -> Result<Option<Domain>, String> {
    if typed.trim().is_empty() {
        return Ok(None);
    }
    Domain::typed(typed).map(|typed| Some(typed.domain)).map_err(|error| fault(&error))
}

fn text_kind(kind: &str) -> Option<TextKind> {
    match kind {
        "policy" => Some(TextKind::Policy),
        "record" => Some(TextKind::Record),
        "tlsrpt" => Some(TextKind::Tlsrpt),
        _ => None,
    }
}
