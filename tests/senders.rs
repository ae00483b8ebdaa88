//! The evaluator of senders against what was seen of them: `tests/senders/`.
#![cfg(not(target_arch = "wasm32"))]

#[path = "senders/fixture.rs"]
mod fixture;

use fixture::{Input, Observation};
use mta_sts::evidence::{Evidence, Origin, Reply, TxtRecord};
use mta_sts::model::{Policy, RecordSet};
use mta_sts::report::MxResult::{Allowed, Refused, Unknown};
use mta_sts::senders::{self, ALL, Sender};
use mta_sts::{LintOptions, OffsetUnit, Report, TextKind, lint, lint_records, review};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

const INPUTS: [&str; 2] = [include_str!("senders/inputs.tsv"), include_str!("senders/inputs-more.tsv")];
const OBSERVATIONS: [&str; 2] =
    [include_str!("senders/observations.tsv"), include_str!("senders/observations-more.tsv")];

/// Observations that the evaluator does not share: kind, names of inputs, senders, and the reason.
const DIFFERENCES: &[(&str, &[&str], &[&str], &str)] = &[
    (
        "policy",
        &["max_age-1.5", "max_age-decimal-first"],
        &["mailauth-lax"],
        "reports leave out fractions of seconds",
    ),
    ("policy", &["over-64KiB"], &["mox"], "its parser was run without its fetch, which reads 64 KiB"),
    ("policy", &["size-65537-last"], &["mailrs", "checkdmarc"], "what lies beyond 64 KiB is not read here"),
    ("policy", &["end-cr"], &["checkdmarc"], "a CR that ends the text is a stray CR here"),
    (
        "policy",
        &["dup-version-empty-second", "dup-mode-empty-second", "dup-max_age-empty-second"],
        &["checkdmarc"],
        "it reads no repeat at all; here a field without a value is refused wherever it stands",
    ),
    (
        "txt",
        &["id-non-ascii", "id-bad-utf8", "nbsp-last"],
        &["mailauth-lax"],
        "it reads octets as ISO 8859-1",
    ),
    ("txt", &["vt-separator"], &["mailauth-lax"], "a vertical tab is no white space of ASCII here"),
    (
        "txt",
        &["plus-unrelated"],
        &["go-mtasts"],
        "its parser was run on one record; by its source, two of any kind are refused",
    ),
    ("txt", &["quote-last", "nbsp-before-semicolon"], &["checkdmarc"], "too odd to be worth a trait"),
    (
        "txt",
        &["id-no-equals"],
        &["postfix-mta-sts-resolver"],
        "likewise: an `id` without `=` is an empty one",
    ),
    (
        "txt",
        &["id-space-inside", "comment-last"],
        &["mail-auth"],
        "likewise: it takes white space out of values",
    ),
    ("tlsrpt", &["leading-semicolon"], &["mailrs"], "likewise"),
    ("tlsrpt", &["nbsp-after-semicolon", "uri-nbsp-after-comma"], &["checkdmarc"], "likewise"),
    (
        "tlsrpt",
        &["uri-https-userinfo", "uri-mailto-subject"],
        &["checkdmarc"],
        "it takes plain addresses and URLs only",
    ),
    ("tlsrpt", &["uri-mailto-space"], &["mail-auth"], "it takes white space out of values"),
    (
        "tlsrpt",
        &["broken-first", "broken-second"],
        &["mailrs", "mail-auth"],
        "which of several records is taken is the caller's choice",
    ),
    (
        "http",
        &["status-201", "status-202", "status-203", "status-206"],
        &["mailauth-lax"],
        "the body of such a reply is not read here, so that what it would make of it is not known",
    ),
    (
        "http",
        &["type-garbage-parameter", "type-charset-empty"],
        &["chasquid"],
        "it refuses parameters that are none",
    ),
    (
        "http",
        &["type-charset-utf-16", "bom-utf-8-sig", "nbsp-as-latin-1", "utf-7"],
        &["postfix-mta-sts-resolver", "checkdmarc"],
        "they decode what the reply declares; here a text is octets",
    ),
    (
        "http",
        &["gzip"],
        &["postfix-mta-sts-resolver", "chasquid", "checkdmarc"],
        "their clients unpack it; a browser has done so already",
    ),
];

/// The body of inputs that are a reply's head alone.
const PLAIN: &[u8] = b"version: STSv1\nmode: enforce\nmx: mail.example.com\nmax_age: 86400\n";

/// What a sender makes of an input: whether it takes it, and how it reads it.
fn read(sender: &'static Sender, input: &Input) -> Option<(bool, String)> {
    let set: Vec<TxtRecord> = input.records.iter().cloned().map(TxtRecord::of).collect();
    let (applied, value) = match &*input.kind {
        "policy" => policy(sender, &Reply::given(input.body()))?,
        "http" => policy(sender, &reply(input))?,
        "txt" => {
            let read = senders::records(sender, &RecordSet::sts(&set))?;
            (read.is_applied(), read.values.first().map_or(String::new(), |id| format!("id={id}")))
        }
        _ => {
            let read = senders::records(sender, &RecordSet::tlsrpt(&set))?;
            (read.is_applied(), format!("rua={}", read.values.join(",")))
        }
    };
    Some((applied, if applied { value } else { String::new() }))
}

fn policy(sender: &'static Sender, reply: &Reply) -> Option<(bool, String)> {
    let policy = Policy::read(&reply.body);
    let read = senders::policy(sender, &policy, reply)?;
    Some((
        read.is_applied(),
        format!("mode={} max_age={} mx={}", read.mode.as_str(), read.max_age, read.mx.join(",")),
    ))
}

/// A reply: its status, its headers, and its body unless that is [`PLAIN`].
fn reply(input: &Input) -> Reply {
    let head: Vec<String> =
        input.records[0].iter().map(|line| String::from_utf8_lossy(line).into_owned()).collect();
    let header = |name: &str| {
        head[1..].iter().find_map(|line| Some(line.strip_prefix(name)?.strip_prefix(':')?.trim().to_owned()))
    };
    let status: u16 = head[0].parse().expect("a status");
    let body = input.records.get(1).map_or(PLAIN, |body| &body[0]).to_vec();
    Reply {
        origin: Origin::Fetched,
        status: Some(status),
        content_type: Some(header("content-type").unwrap_or_default()),
        content_encoding: header("content-encoding"),
        body: if status == 200 { body } else { Vec::new() },
        ..Reply::default()
    }
}

/// A reading in the form in which readings are compared: letter case and repeats of a pattern change nothing
/// (RFC 6125 §6.4.1), and some senders do away with them.
fn normal(value: &str) -> String {
    let Some((before, mx)) = value.split_once(" mx=") else { return value.to_owned() };
    let mut patterns: Vec<String> = Vec::new();
    for pattern in mx.split(',').map(str::to_lowercase) {
        if !patterns.contains(&pattern) {
            patterns.push(pattern);
        }
    }
    format!("{before} mx={}", patterns.join(","))
}

fn input<'i>(inputs: &'i [Input], of: &Observation) -> &'i Input {
    inputs.iter().find(|input| input.kind == of.kind && input.name == of.name).expect("its input")
}

#[test]
fn the_evaluator_agrees_with_every_observation() {
    let inputs: Vec<Input> = INPUTS.into_iter().flat_map(fixture::inputs).collect();
    let observations: Vec<Observation> = OBSERVATIONS.into_iter().flat_map(fixture::observations).collect();
    let mut wrong = Vec::new();
    let mut differing = BTreeSet::new();
    for seen in &observations {
        if seen.sender == "tlsrpt-reporter" {
            continue; // not in the table of senders: it reads no policies, and reports only
        }
        let sender = senders::find(&seen.sender).expect("a row of the table for every sender");
        let (applied, value) = read(sender, input(&inputs, seen)).expect("it reads this kind");
        // A sender that says no more than yes or no is held to that.
        let said = String::from_utf8_lossy(&seen.value);
        let agrees = applied == seen.accepted && (said.is_empty() || normal(&said) == normal(&value));
        let row = DIFFERENCES.iter().position(|(kind, names, senders, _)| {
            *kind == seen.kind && names.contains(&&*seen.name) && senders.contains(&&*seen.sender)
        });
        if let Some(row) = row.filter(|_| !agrees) {
            differing.insert(row);
        }
        match (agrees, row.is_some()) {
            (true, _) | (false, true) => {}
            (false, false) => wrong.push(format!(
                "{} {} {}: {} {said}, evaluated {} {value}",
                seen.kind,
                seen.name,
                seen.sender,
                if seen.accepted { "A" } else { "R" },
                if applied { "A" } else { "R" },
            )),
        }
    }
    assert!(observations.len() > 4000, "the table is there");
    for (at, (kind, names, ..)) in DIFFERENCES.iter().enumerate() {
        assert!(differing.contains(&at), "{kind} {names:?}: no difference any more");
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), observations.len(), wrong.join("\n"));
}

/// What is reported of an input.
fn report(input: &Input) -> Report {
    let set: Vec<TxtRecord> = input.records.iter().cloned().map(TxtRecord::of).collect();
    match &*input.kind {
        "policy" => lint_as(TextKind::Policy, input.body()),
        "txt" => lint_records(&set, TextKind::Record, OffsetUnit::Bytes),
        _ => lint_records(&set, TextKind::Tlsrpt, OffsetUnit::Bytes),
    }
}

fn lint_as(kind: TextKind, text: &[u8]) -> Report {
    lint(text, &LintOptions { kind: Some(kind), ..LintOptions::default() }, OffsetUnit::Bytes)
}

/// What holds for the senders of every report.
#[track_caller]
fn holds(report: &Report, of: &str) {
    let finding = |id: &str| report.findings.iter().find(|finding| finding.id == id);
    for row in &report.senders {
        let because = row.because.as_ref();
        if row.accepts == Some(false) {
            assert!(because.is_some(), "{of}: {} refuses it for no reason that is reported", row.id);
        }
        if let Some(because) = because {
            let found = finding(because.id).unwrap_or_else(|| panic!("{of}: {} is no finding", because.id));
            let of_finding = [&found.refused_by, &found.read_otherwise_by];
            assert!(
                of_finding.iter().any(|ids| ids.contains(&row.id)),
                "{of}: {} does not name {}",
                found.id,
                row.id
            );
            assert!(found.senders.is_some(), "{of}: {} has no sentence", found.id);
        }
    }
    for found in &report.findings {
        for id in found.refused_by.iter().chain(&found.read_otherwise_by) {
            assert!(report.senders.iter().any(|row| row.id == *id), "{of}: {id} has no row");
        }
    }
}

#[test]
fn every_refusal_is_explained_by_a_finding() {
    for input in INPUTS.into_iter().flat_map(fixture::inputs) {
        holds(&report(&input), &format!("{} {}", input.kind, input.name));
    }
    let vectors = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/policy.jsonl");
    for line in fs::read_to_string(vectors).unwrap().lines() {
        let vector: serde_json::Value = serde_json::from_str(line).unwrap();
        if let Some(text) = vector["input"].as_str() {
            holds(&lint_as(TextKind::Policy, text.as_bytes()), line);
        }
    }
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus/policies");
    let Ok(files) = fs::read_dir(&corpus) else {
        println!("skipped: no corpus at {}", corpus.display());
        return;
    };
    for file in files {
        let path = file.unwrap().path();
        holds(&lint_as(TextKind::Policy, &fs::read(&path).unwrap()), &path.display().to_string());
    }
}

#[test]
fn a_sender_that_reads_what_the_rfc_accepts_reads_it_as_the_rfc_does_or_says_why() {
    for input in INPUTS.into_iter().flat_map(fixture::inputs).filter(|input| input.kind == "policy") {
        let report = report(&input);
        let Some(policy) = report.policy.as_ref().filter(|policy| policy.usable) else { continue };
        for row in report.senders.iter().filter(|row| row.accepts == Some(true) && row.because.is_none()) {
            let read = (row.mode, row.max_age, &row.mx);
            assert_eq!(read, (policy.mode, policy.max_age, &policy.mx), "{} {}", input.name, row.id);
        }
    }
}

#[test]
fn the_way_a_policy_is_served_counts() {
    let policy = "version: STSv1\nmode: enforce\nmx: mx1.example.com\nmax_age: 1209600\n";
    let all = |accepts: bool| {
        ALL.iter().filter(|s| s.reads_policies()).map(|s| (s.id, accepts)).collect::<Vec<_>>()
    };
    for (head, because, exceptions) in [
        ("HTTP/1.1 200 OK\nContent-Type: text/plain\n", None, &[][..]),
        (
            "HTTP/1.1 200 OK\nContent-Type: application/octet-stream\n",
            Some("http-content-type"),
            &["mox", "stalwart", "mailauth-lax", "checkdmarc"][..], // they do not look
        ),
        (
            "HTTP/1.1 200 OK\nContent-Type: Text/Plain\n",
            None,
            &["kumomta"], // it minds the letter case; by RFC 9110 §8.3.1 there is none
        ),
        ("HTTP/1.1 301 Moved Permanently\nLocation: https://example.com/\n", Some("http-redirect"), &[]),
        (
            "GET https://mta-sts.example.com/.well-known/mta-sts.txt took 6.2 s\nHTTP/1.1 200 OK\nContent-Type: text/plain\n",
            None,
            &["postfix-tlspol", "postfix-mta-sts-resolver"], // they wait 2 and 4 seconds
        ),
    ] {
        let seen = format!(
            "_mta-sts.example.com. TXT \"v=STSv1; id=1\"\nmta-sts.example.com. A 192.0.2.1\n\n{head}\n{policy}"
        );
        let report = review(&Evidence::from_notation(&seen).unwrap(), OffsetUnit::Bytes);
        holds(&report, head);
        let rows = report.senders.iter().filter(|row| senders::find(row.id).unwrap().reads_policies());
        let found: Vec<(&str, Option<bool>)> = rows.map(|row| (row.id, row.accepts)).collect();
        let expected = all(because.is_none())
            .into_iter()
            .map(|(id, accepts)| (id, Some(accepts != exceptions.contains(&id))))
            .collect::<Vec<_>>();
        assert_eq!(found, expected, "{head}");
        for row in report.senders.iter().filter(|row| row.accepts == Some(false) && because.is_some()) {
            assert_eq!(row.because.as_ref().map(|because| because.id), because, "{head}: {}", row.id);
        }
    }
}

#[test]
fn what_cannot_be_seen_is_neither_applied_nor_refused() {
    let hidden = "_mta-sts.example.com. TXT \"v=STSv1; id=1; foo\"\nmta-sts.example.com. A 192.0.2.1\n\n\
                  GET https://x hidden: no-cors";
    let report = review(&Evidence::from_notation(hidden).unwrap(), OffsetUnit::Bytes);
    let accepts =
        |id: &str| report.senders.iter().find(|row| row.id == id).map(|row| (row.record, row.accepts));
    assert_eq!(accepts("mox"), Some((Some(false), Some(false)))); // it never fetches the policy
    assert_eq!(accepts("mailrs"), Some((Some(true), None))); // it would fetch it
}

#[test]
fn each_sender_matches_hosts_in_its_own_way() {
    let policy = b"version: STSv1\nmode: enforce\nmx: *.example.com\nmax_age: 1209600\n";
    let mx = Some(mta_sts::mx_list("a.example.com, a.b.example.com, example.com"));
    let report = lint(policy, &LintOptions { mx, ..LintOptions::default() }, OffsetUnit::Bytes);
    for (id, hosts) in [
        ("mox", [Allowed, Refused, Refused]),          // RFC 8461 §4.1: one label
        ("mailauth-lax", [Allowed, Allowed, Refused]), // any number of labels
        ("postfix-tlspol", [Allowed, Allowed, Unknown]), // the certificate decides
    ] {
        let row = report.senders.iter().find(|row| row.id == id).unwrap();
        assert_eq!(row.hosts, hosts, "{id}");
    }
}

/// Inputs of the README's table, in its order, and what to call them.
const SHOWN: [(&str, &str, &str); 22] = [
    ("policy", "blank-line-inside", "an empty line"),
    ("policy", "line-without-colon", "a line without a colon"),
    ("policy", "space-before-colon", "`mode : enforce`"),
    ("policy", "upper-keys", "`Mode:` for `mode:`"),
    ("policy", "upper-mode-value", "`mode: Enforce`"),
    ("policy", "lower-version-value", "`version: stsv1`"),
    ("policy", "missing-version", "no version"),
    ("policy", "dup-mode-first-enforce", "`mode: enforce`, later `mode: none`"),
    ("policy", "max_age-0", "`max_age: 0`"),
    ("policy", "max_age-10-digits", "`max_age: 9999999999`"),
    ("policy", "max_age-plus", "`max_age: +86400`"),
    ("policy", "mx-leading-dot", "`mx: .example.com`"),
    ("policy", "mx-underscore", "`mx: mail_1.example.com`"),
    ("policy", "mx-u-label", "`mx: bücher.example`"),
    ("policy", "no-mx-none", "mode none without `mx`"),
    ("policy", "cr-only", "CR line ends"),
    ("policy", "bad-utf8-unknown-value", "octets that are not UTF-8"),
    ("txt", "id-first", "`id=1; v=STSv1`"),
    ("txt", "id-33", "an id of 33 letters"),
    ("txt", "trailing-space-after-semicolon", "`v=STSv1; id=1; `"),
    ("txt", "two-records", "two records"),
    ("txt", "plus-unrelated", "another TXT record beside it"),
];

/// The README's section: a row an input, a column a sender; where one reads it in another way, how.
fn table() -> String {
    let inputs: Vec<Input> = INPUTS.into_iter().flat_map(fixture::inputs).collect();
    let columns: Vec<&Sender> = ALL.iter().filter(|sender| sender.reads_policies()).collect();
    let ids: Vec<&str> = columns.iter().map(|sender| sender.id).collect();
    let mut table = format!("| | {} |\n| ---{} |\n", ids.join(" | "), " | ---".repeat(columns.len()));
    for (kind, name, shown) in SHOWN {
        let input = inputs.iter().find(|input| input.kind == kind && input.name == name).expect("an input");
        let report = report(input);
        let cells: Vec<String> = columns.iter().map(|sender| cell(sender, &report, kind)).collect();
        let _ = writeln!(table, "| {shown} | {} |", cells.join(" | "));
    }
    table
}

/// What a sender makes of it, in a word or two.
fn cell(sender: &Sender, report: &Report, kind: &str) -> String {
    let row = report.senders.iter().find(|row| row.id == sender.id).expect("a row");
    match (row.accepts, row.because.is_some(), kind) {
        (Some(true), false, _) => "yes".to_owned(),
        (Some(true), true, "policy") => {
            let policy = report.policy.as_ref().expect("a policy");
            match (row.mode, row.max_age) {
                (Some(mode), _) if policy.mode != Some(mode) => format!("yes, {mode}"),
                (_, Some(age)) if policy.max_age != Some(age) => format!("yes, {age} s"),
                _ => "yes, converted".to_owned(),
            }
        }
        (Some(true), true, _) => format!("yes, `{}`", row.policy_id.as_deref().unwrap_or_default()),
        _ => "no".to_owned(),
    }
}

/// With `MTA_STS_README=write` the section is written instead.
#[test]
fn the_readme_says_what_senders_do() {
    const BEGIN: &str = "<!-- Written by `MTA_STS_README=write cargo test --test senders`. -->\n\n";
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let readme = fs::read_to_string(&path).unwrap();
    let (before, rest) = readme.split_once(BEGIN).expect("the table begins");
    let (shown, after) = rest.split_once("\n\n").expect("the table ends");
    if std::env::var_os("MTA_STS_README").is_some_and(|what| what == "write") {
        fs::write(&path, format!("{before}{BEGIN}{}\n{after}", table())).unwrap();
    } else {
        assert_eq!(format!("{shown}\n"), table(), "the table is written anew as its first line says");
    }
}
