//! The test vectors, graded as `tests/vectors/README.md` says: natively, and compiled to wasm in a browser.
//!
//! Natively the folder is that of the environment variable `MTA_STS_VECTORS`, if it is set.

use mta_sts::evidence::{Evidence, Lookup, MxRecord, Reply, Seen, TxtRecord};
use mta_sts::model::{Domain, MxPattern, Protocol, RecordSet};
use mta_sts::report::{CoverageName, MxResult, SeverityName};
use mta_sts::{LintOptions, OffsetUnit, Report, TextKind, lint, review};
use serde_json::Value;
use std::collections::BTreeSet;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
#[cfg(target_arch = "wasm32")]
wasm_bindgen_test_configure!(run_in_browser);

/// One test a file, called as the file is.
macro_rules! graded {
    ($name:ident, $file:literal, $grade:expr) => {
        #[cfg_attr(not(target_arch = "wasm32"), test)]
        #[cfg_attr(target_arch = "wasm32", wasm_bindgen_test)]
        fn $name() {
            #[cfg(target_arch = "wasm32")]
            let text = include_str!(concat!("vectors/", $file));
            #[cfg(not(target_arch = "wasm32"))]
            let text = &read($file);
            grade($file, text, $grade);
        }
    };
}

graded!(policies, "policy.jsonl", policy);
graded!(mta_sts_records, "txt.jsonl", |vector| record(vector, Protocol::Sts));
graded!(tlsrpt_records, "tlsrpt.jsonl", |vector| record(vector, Protocol::Tlsrpt));
graded!(mx_matching, "mx-match.jsonl", mx_match);
graded!(mx_coverage, "coverage.jsonl", coverage);

#[cfg(not(target_arch = "wasm32"))]
fn read(file: &str) -> String {
    let own = || std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors");
    let folder = std::env::var_os("MTA_STS_VECTORS").map_or_else(own, Into::into);
    let path = folder.join(file);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Grades every vector of a file and says of every one that fails what was expected and what came.
fn grade(file: &str, text: &str, grade: fn(&Value) -> Vec<String>) {
    let (mut count, mut failures) = (0, Vec::new());
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        let vector: Value = serde_json::from_str(line).expect("a JSON object a line");
        let wrong = grade(&vector);
        if !wrong.is_empty() {
            let (id, why) = (str(&vector["id"]), str(&vector["why"]));
            failures.push(format!("{id}: {}\n  why: {why}\n  {line}", wrong.join("; ")));
        }
        count += 1;
    }
    assert!(count > 0, "{file} holds no vector");
    assert!(failures.is_empty(), "{} of {count} in {file} fail:\n{}", failures.len(), failures.join("\n"));
}

fn policy(vector: &Value) -> Vec<String> {
    let input = match &vector["input"] {
        Value::String(input) => input.as_bytes().to_vec(),
        _ => base64(str(&vector["input_base64"])),
    };
    let options = LintOptions { kind: Some(TextKind::Policy), ..LintOptions::default() };
    let report = lint(&input, &options, OffsetUnit::Bytes);
    let policy = report.policy.as_ref().expect("a policy was asked for");
    let valid = vector["valid"] == true;
    let mut wrong = problems(vector, &report, valid);
    same(&mut wrong, "valid", &policy.usable, &valid);
    if valid {
        same(&mut wrong, "mode", &policy.mode.unwrap_or_default(), &str(&vector["mode"]));
        same(&mut wrong, "max_age", &policy.max_age, &vector["max_age"].as_u64());
        same(&mut wrong, "mx", &policy.mx.iter().map(String::as_str).collect(), &list(&vector["mx"]));
    }
    wrong
}

fn record(vector: &Value, protocol: Protocol) -> Vec<String> {
    let record =
        |strings: &Value| TxtRecord::of(list(strings).iter().map(|s| s.as_bytes().to_vec()).collect());
    let records: Vec<TxtRecord> = vector["txt"].as_array().expect("records").iter().map(record).collect();
    let set = RecordSet::of(protocol, &records);
    let lookup = Seen::Yes(Lookup::given("", records));
    let (evidence, usable) = match protocol {
        Protocol::Sts => (Evidence { record: lookup, ..Evidence::default() }, "policy-id"),
        Protocol::Tlsrpt => (Evidence { tlsrpt: lookup, ..Evidence::default() }, "rua"),
    };
    let report = review(&evidence, OffsetUnit::Bytes);
    let outcome = match (set.is_usable(), set.left()) {
        (true, _) => usable,
        (false, 0) => "none",
        (false, _) => "invalid",
    };
    let expected = str(&vector["outcome"]);
    let mut wrong = problems(vector, &report, expected == usable);
    same(&mut wrong, "outcome", &outcome, &expected);
    match protocol {
        Protocol::Sts => {
            let record = report.record.expect("a record was given, if only its absence");
            same(&mut wrong, "policy_id", &record.policy_id.as_deref(), &vector["policy_id"].as_str());
            same(&mut wrong, "usable", &record.usable, &(expected == usable));
        }
        Protocol::Tlsrpt => {
            let record = report.tlsrpt.expect("a record was given, if only its absence");
            same(&mut wrong, "rua", &record.rua.iter().map(String::as_str).collect(), &list(&vector["rua"]));
            same(&mut wrong, "usable", &record.usable, &(expected == usable));
        }
    }
    wrong
}

fn mx_match(vector: &Value) -> Vec<String> {
    let host = str(&vector["host"]);
    let found =
        MxPattern::read(str(&vector["pattern"]).as_bytes()).is_ok_and(|pattern| pattern.matches(host));
    let mut wrong = Vec::new();
    same(&mut wrong, "match", &found, &(vector["match"] == true));
    wrong
}

fn coverage(vector: &Value) -> Vec<String> {
    let patterns: Vec<String> = list(&vector["mx_patterns"]).iter().map(|mx| format!("mx: {mx}\n")).collect();
    let mode = str(&vector["mode"]);
    let policy = format!("version: STSv1\nmode: {mode}\n{}max_age: 1209600\n", patterns.concat());
    let mx = list(&vector["mx_hosts"]).into_iter().zip(0..).map(|(host, preference)| MxRecord {
        preference,
        host: if host == "." { String::new() } else { host.to_owned() },
    });
    let evidence = Evidence {
        domain: vector["domain"].as_str().map(|name| Domain::read(name).expect("a domain")),
        mx: Seen::Yes(Lookup::given("", mx.collect())),
        policy: Seen::Yes(Reply::given(policy.as_bytes())),
        ..Evidence::default()
    };
    let report = review(&evidence, OffsetUnit::Bytes);
    // The vectors hold patterns that are unwise, and are about coverage alone.
    let found: BTreeSet<_> = grave(&report).filter(|id| id.starts_with("cov-")).collect();
    let mut wrong = Vec::new();
    same(&mut wrong, "problems", &found, &list(&vector["problems"]).into_iter().collect());
    let mx = report.mx.expect("MX hosts were given");
    let expected = &vector["expected"];
    let hosts: Vec<_> = mx
        .hosts
        .iter()
        .map(|host| (host.host.as_str(), host.matched_by.is_some(), result(host.result)))
        .collect();
    let wanted: Vec<_> = expected["hosts"]
        .as_array()
        .expect("hosts")
        .iter()
        .map(|host| (str(&host["host"]), host["matched"] == true, str(&host["result"])))
        .collect();
    same(&mut wrong, "hosts", &hosts, &wanted);
    let extent = match mx.coverage {
        Some(CoverageName::Full) => "full",
        Some(CoverageName::Partial) => "partial",
        Some(CoverageName::None) => "none",
        Some(CoverageName::NotApplied) => "not-applied",
        Some(CoverageName::NullMx) => "null-mx",
        None => "unknown",
    };
    same(&mut wrong, "coverage", &extent, &str(&expected["coverage"]));
    let refused = hosts.iter().filter(|(_, _, result)| *result == "refused").count();
    let overall = match refused {
        _ if hosts.is_empty() => "null-mx",
        0 => "all-allowed",
        all if all == hosts.len() => "all-refused",
        _ => "some-refused",
    };
    same(&mut wrong, "overall", &overall, &str(&expected["overall"]));
    wrong
}

const fn result(result: MxResult) -> &'static str {
    match result {
        MxResult::Allowed => "allowed",
        MxResult::Refused => "refused",
        MxResult::Unknown => "unknown",
    }
}

/// Whether the errors and warnings are those of the vector: exactly where the input is usable, else at least.
fn problems(vector: &Value, report: &Report, is_exact: bool) -> Vec<String> {
    let found: BTreeSet<_> = grave(report).collect();
    let expected: BTreeSet<_> = list(&vector["problems"]).into_iter().collect();
    let is_met = if is_exact { found == expected } else { found.is_superset(&expected) };
    if is_met { Vec::new() } else { vec![format!("problems are {found:?}, not {expected:?}")] }
}

/// The ids of the errors and warnings.
fn grave(report: &Report) -> impl Iterator<Item = &str> {
    report.findings.iter().filter(|finding| finding.severity != SeverityName::Info).map(|finding| finding.id)
}

fn same<T: PartialEq + std::fmt::Debug>(wrong: &mut Vec<String>, what: &str, found: &T, expected: &T) {
    if found != expected {
        wrong.push(format!("{what} is {found:?}, not {expected:?}"));
    }
}

#[track_caller]
fn str(value: &Value) -> &str {
    value.as_str().expect("a string")
}

#[track_caller]
fn list(value: &Value) -> Vec<&str> {
    value.as_array().expect("an array").iter().map(str).collect()
}

/// Decodes base64 (RFC 4648 §4).
fn base64(text: &str) -> Vec<u8> {
    let digit = |c: u8| match c {
        b'A'..=b'Z' => c - b'A',
        b'a'..=b'z' => c - b'a' + 26,
        b'0'..=b'9' => c - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => panic!("{c} is no base64"),
    };
    let (mut bits, mut held, mut out) = (0_u32, 0, Vec::new());
    for c in text.trim_end_matches('=').bytes() {
        bits = bits << 6 | u32::from(digit(c));
        held += 6;
        if held >= 8 {
            held -= 8;
            out.push((bits >> held) as u8);
        }
    }
    out
}
