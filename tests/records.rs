//! The edges of the two records: rows first, then what holds for every text.

#![cfg(not(target_arch = "wasm32"))]

mod properties;

use mta_sts::model::Protocol;
use mta_sts::report::{FindingReport, Report, SeverityName};
use mta_sts::{LintOptions, OffsetUnit, TextKind, fix, lint};
use proptest::prelude::*;

fn lint_as(text: &[u8], kind: TextKind) -> Report {
    lint(text, &LintOptions { kind: Some(kind), ..LintOptions::default() }, OffsetUnit::Bytes)
}

/// The findings that are errors (`E`) or warnings (`W`), in the order of the report.
fn grave(report: &Report) -> Vec<String> {
    let letter = |finding: &FindingReport| match finding.severity {
        SeverityName::Error => Some(format!("E {}", finding.id)),
        SeverityName::Warning => Some(format!("W {}", finding.id)),
        SeverityName::Info => None,
    };
    report.findings.iter().filter_map(letter).collect()
}

#[track_caller]
fn sts(text: &str, expected: &[&str]) {
    assert_eq!(grave(&lint_as(text.as_bytes(), TextKind::Record)), expected, "{text:?}");
}

#[track_caller]
fn tlsrpt(text: &str, expected: &[&str]) {
    assert_eq!(grave(&lint_as(text.as_bytes(), TextKind::Tlsrpt)), expected, "{text:?}");
}

#[test]
fn a_text_of_several_records_stands_once() {
    let text = "v=STSv1; id=1\nv=STSv1; id=2; id=3\n";
    let report = lint_as(text.as_bytes(), TextKind::Record);
    let documents = &report.documents;
    let told = documents.iter().map(|d| (d.name.as_str(), d.text.as_deref(), d.text_of.as_deref()));
    assert_eq!(
        told.collect::<Vec<_>>(),
        [("record 1", Some(text), None), ("record 2", None, Some("record 1"))]
    );
    assert!(documents.iter().all(|document| document.text_among(documents) == Some(text)));
    let second = report.findings.iter().find(|finding| finding.id == "txt-dup-field").unwrap();
    let place = second.span.unwrap();
    assert_eq!(
        (second.document.as_str(), &text[place.start as usize..place.end as usize]),
        ("record 2", "id=3")
    );
}

#[test]
fn a_dropped_record_has_one_reason() {
    sts("'v=STSv1; id=1'", &["E txt-quoted"]);
    sts("\u{201C}v=STSv1; id=1\u{201D}", &["E txt-quoted"]); // typographic
    sts("\\\"v=STSv1; id=1\\\"", &["E txt-quoted"]); // escaped once too often
    sts("\"v=spf1 -all\"", &["E txt-unrelated"]); // quoted, and not ours
    sts("\u{FEFF}v=STSv1; id=1", &["E txt-leading-wsp"]); // a byte order mark
    sts(" v=stsv1; id=1", &["E txt-version-case"]); // the case is what hides it
    sts("V=STSv1; id=1", &["E txt-version-case"]);
    sts("v=stsv1", &["E txt-version-case"]);
    sts(" v=STSv1", &["E txt-version-only"]);
    sts("v=STSv1 ; id=1", &["E txt-wsp-before-first-semicolon"]);
    sts("v=STSv1.0; id=1", &["E txt-version-unsupported"]);
    sts("v=STSv2", &["E txt-version-unsupported"]);
    sts("v=STSv01; id=1", &["E txt-version-unsupported"]);
    sts("v=stsv2; id=1", &["E txt-version-unsupported"]); // its case is the lesser fault
    sts("v = STSv1; id=1", &["E txt-version-malformed"]);
    sts("v=STSv1\\; id=1", &["E txt-version-malformed"]); // zone-file escaping left over
    sts("v=STSv1 id=1", &["E txt-version-malformed"]);
    sts("v=STSv1id=1", &["E txt-version-malformed"]);
    sts("v:STSv1; id=1", &["E txt-version-malformed"]);
    sts(";v=STSv1; id=1", &["E txt-version-not-first"]);
    sts("id=1;v=stsv1", &["E txt-version-not-first"]);
    sts("STSv1; id=1", &["E txt-unrelated"]); // no near miss of the checklist; its message says more
    sts("v=STS1; id=1", &["E txt-unrelated"]);
    sts("version=STSv1; id=1", &["E txt-unrelated"]);
    tlsrpt("v=TLSRPTv1 ; rua=mailto:a@example.com", &["E rpt-version-malformed"]); // no id of its own here
    tlsrpt("v=STSv1; id=1", &["E rpt-unrelated"]);
}

#[test]
fn a_dropped_record_beside_a_good_one_is_a_warning() {
    sts("v=STSv1; id=1\nv=spf1 -all", &["W txt-unrelated"]);
    sts("v=STSv1; id=1\n\"v=STSv1; id=2\"", &["W txt-quoted"]);
    sts("v=STSv1; id=1\nv=STSv1; id=1", &["E txt-multiple"]); // though they agree
    sts("v=STSv1; id=1\nv=STSv1;", &["E txt-multiple", "E txt-missing-id"]); // though one is broken
    sts("v=STSv1; id=1\nv=STSv1; id=2\nx", &["E txt-multiple", "W txt-unrelated"]);
}

#[test]
fn ids() {
    sts("v=STSv1; id=0", &[]);
    sts("v=STSv1; id=abc\u{660}", &["E txt-non-ascii"]); // a digit, and not ASCII
    sts("v=STSv1; id=123e4567-e89b-12d3-a456-426614174000", &["E txt-id-syntax", "E txt-id-too-long"]); // a UUID
    sts("v=STSv1; id=<id>", &["E txt-id-syntax"]);
    sts("v=STSv1; id= 1", &["E txt-id-syntax"]); // no space after the equals sign
    sts("v=STSv1; id=1; id=a-b", &["W txt-dup-field"]); // an extension, which is ignored
    sts("v=STSv1; id=1; id=a b", &["E txt-ext-value", "W txt-dup-field"]); // no extension either
    sts("v=STSv1; id=a-b; id=1", &["E txt-id-syntax", "W txt-dup-field"]); // the first counts, and is none
    sts("v=STSv1; id", &["E txt-malformed-field", "E txt-missing-id"]);
    sts("v=STSv1; id = 1", &["E txt-malformed-field"]);
    sts("v=STSv1; 20240315", &["E txt-malformed-field"]); // its name was left out
    sts("v=STSv1; V=STSv1; id=1", &["W txt-field-case"]);
    sts("v=STSv1; ID=a b", &["E txt-missing-id", "E txt-field-case", "E txt-ext-value"]);
}

#[test]
fn other_fields() {
    sts("v=STSv1; id=1;;", &["E txt-empty-field"]);
    sts("v=STSv1;;;", &["E txt-empty-field", "E txt-empty-field", "E txt-missing-id"]);
    sts("v=STSv1; id=1; =x", &["E txt-ext-name"]);
    sts("v=STSv1; id=1; a\tb=x", &["E txt-ext-name"]);
    sts("v=STSv1; id=1; url:x=y", &["E txt-malformed-field"]);
    sts("v=STSv1; id=1; x=y=", &["E txt-ext-value"]);
    sts("v=STSv1; id=1; ", &[]); // the delimiter takes the space
    sts("v=STSv1; id=1;  \t", &[]);
    sts("v=STSv1; id=1; x=\u{E9}", &["E txt-non-ascii"]);
    sts("v=STSv1; id=1; \u{E9}=x", &["E txt-non-ascii"]);
}

#[test]
fn rua() {
    tlsrpt("v=TLSRPTv1; rua=mailto:a@example.com , https://example.com/", &[]);
    tlsrpt("v=TLSRPTv1; rua=mailto:a@example.com;foo=bar", &[]); // a mailbox ends where its domain does
    tlsrpt("v=TLSRPTv1; rua=https://example.com;foo=bar", &[]);
    tlsrpt("v=TLSRPTv1; rua=https://example.com/r; foo=bar", &[]); // white space: a field on purpose
    tlsrpt("v=TLSRPTv1; rua=https://example.com/r;id=7", &["W rpt-raw-semicolon"]);
    tlsrpt("v=TLSRPTv1; rua=https://example.com/r;id", &["E rpt-malformed-field", "W rpt-raw-semicolon"]);
    tlsrpt(
        "v=TLSRPTv1; rua=mailto:a;b@example.com",
        &["E rpt-rua-scheme", "E rpt-malformed-field", "W rpt-raw-semicolon"],
    );
    tlsrpt(
        "v=TLSRPTv1; rua=mailto:a,b@example.com",
        &["E rpt-rua-scheme", "E rpt-rua-unencoded", "E rpt-rua-syntax"],
    );
    tlsrpt("v=TLSRPTv1; rua=mailto:a@example.com!10m", &["E rpt-rua-unencoded"]);
    tlsrpt("v=TLSRPTv1; rua=mailto:a!b@example.com", &["E rpt-rua-unencoded"]);
    tlsrpt("v=TLSRPTv1; rua=http://example.com/", &["E rpt-rua-scheme"]);
    tlsrpt("v=TLSRPTv1; rua=mailto:a@example.com,http://example.com/", &["W rpt-rua-scheme"]); // one is left
    tlsrpt("v=TLSRPTv1; rua=mailto://a@b", &["E rpt-rua-scheme"]);
    tlsrpt("v=TLSRPTv1; rua=https:///r", &["E rpt-rua-scheme"]);
    tlsrpt("v=TLSRPTv1; rua=mailto:a@example.com; rua=mailto:b@example.com", &["W rpt-dup-rua"]);
    tlsrpt("v=TLSRPTv1; rua=mailto:a@example.com; rua=b", &["E rpt-rua-syntax"]);
    tlsrpt("v=TLSRPTv1; x=1; x=2; rua=mailto:a@example.com", &[]); // no rule against repeats here
    tlsrpt("v=TLSRPTv1; mailto:a@example.com", &["E rpt-malformed-field"]);
    tlsrpt("v=TLSRPTv1; rua=mailto:a@b\u{FC}cher.example", &["E rpt-non-ascii"]);
}

#[test]
fn a_set_is_never_too_large() {
    let many = "v=STSv1; id=1\n".repeat(3_000);
    let found = grave(&lint_as(many.as_bytes(), TextKind::Record));
    assert_eq!(found, ["E txt-multiple", "W txt-unrelated"]); // the second says how many were only counted
    let long = format!("v=STSv1; id=1; {}", "x;".repeat(1_000_000));
    let report = lint_as(long.as_bytes(), TextKind::Record);
    assert!(grave(&report).contains(&"E txt-string-too-long".to_owned()));
    assert!(report.findings.len() < 1_000);
}

#[test]
fn all_fixes_together_leave_what_a_strict_sender_takes() {
    for (kind, text, fixed) in [
        (TextKind::Record, "\"v=STSv1; id=2024\"\n", "v=STSv1; id=2024\n"),
        (TextKind::Record, " v = stsv1, id=2024-03-15;;", "v=STSv1; id=20240315;"),
        (TextKind::Record, "_mta-sts TXT \"v=STSv1\" \"id=2024\"", "_mta-sts TXT \"v=STSv1; \" \"id=2024\""),
        (
            TextKind::Record,
            "_mta-sts TXT \"v=STSv1; id=2024\" \"x=1\"",
            "_mta-sts TXT \"v=STSv1; id=2024\" \"; x=1\"",
        ),
        (
            TextKind::Record,
            "_mta-sts IN TXT \"v=STSv1\\; id=20\" \"24\\;\\;\"",
            "_mta-sts IN TXT \"v=STSv1\\; \" \"id=2024\\;\"",
        ),
        (TextKind::Record, "id:2024; v=STSv1", "v=STSv1; id=2024"),
        (TextKind::Record, "v=STSv1; ID=2024; flag", "v=STSv1; id=2024"),
        (TextKind::Record, "v=STSv1; id=abc, x=y", "v=STSv1; id=abc; x=y"),
        (TextKind::Tlsrpt, "v=TLSRPTv1; rua=<tls@example.com>", "v=TLSRPTv1; rua=<tls@example.com>"),
        (
            TextKind::Tlsrpt,
            "v=TLSRPTv1; rua=<mailto:a@b.example>, c@d.example,",
            "v=TLSRPTv1; rua=mailto:a@b.example, mailto:c@d.example",
        ),
        (
            TextKind::Tlsrpt,
            "v=TLSRPTv1; rua=mailto: a@b.example;https://d.example/",
            "v=TLSRPTv1; rua=mailto:a@b.example,https://d.example/",
        ),
        (
            TextKind::Tlsrpt,
            "v=TLSRPTv1; rua=mailto:a@b\u{FC}cher.example",
            "v=TLSRPTv1; rua=mailto:a@xn--bcher-kva.example",
        ),
    ] {
        let options = LintOptions { kind: Some(kind), ..LintOptions::default() };
        let found = fix(text.as_bytes(), &options, true);
        assert_eq!(String::from_utf8_lossy(&found.text), fixed, "{text:?}: {:?}", found.applied);
    }
}

/// Records made of the pieces that matter, and of anything.
fn record(protocol: Protocol) -> impl Strategy<Value = String> {
    let pieces: &[&str] = match protocol {
        Protocol::Sts => &[
            "v=STSv1;",
            "v=STSv1",
            "v=stsv1",
            "STSv",
            "id=",
            "id",
            "ID=",
            "2024",
            "; ",
            ";",
            " ",
            "\t",
            "=",
            ":",
            ",",
            "\"",
            "\\",
            "x",
            "x=1",
            "_",
            "-",
            "\u{A0}",
            "\u{660}",
            "\u{1}",
            "<",
            "1.0",
            "aaaaaaaaaaaaaaaaaaaa",
        ],
        Protocol::Tlsrpt => &[
            "v=TLSRPTv1;",
            "v=TLSRPTv1",
            "TLSRPTv",
            "rua=",
            "rua",
            "RUA=",
            "mailto:",
            "a@example.com",
            "https://",
            "example.com/",
            "; ",
            ";",
            " ",
            ",",
            "=",
            ":",
            "%",
            "%2C",
            "!",
            "10m",
            "\"",
            "<",
            ">",
            "[",
            "#",
            "?",
            "\u{FC}",
            "x=1",
            "ruf=",
            "/",
        ],
    };
    let piece = prop_oneof![9 => prop::sample::select(pieces).prop_map(str::to_owned), 1 => ".{0,3}"];
    let prefix = prop_oneof![3 => Just(protocol.prefix()), 1 => Just("")];
    (prefix, prop::collection::vec(piece, 0..9))
        .prop_map(|(prefix, pieces)| format!("{prefix}{}", pieces.concat()))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn what_holds_for_every_record(text in prop_oneof![record(Protocol::Sts), record(Protocol::Tlsrpt)]) {
        properties::records_hold(text.as_bytes());
    }

    #[test]
    fn what_holds_for_its_fixes(text in prop_oneof![record(Protocol::Sts), record(Protocol::Tlsrpt)]) {
        properties::fixes_hold(text.as_bytes());
    }

    #[test]
    fn what_holds_for_every_paste(lines in prop::collection::vec(prop_oneof![
        record(Protocol::Sts),
        record(Protocol::Tlsrpt),
        record(Protocol::Sts).prop_map(|text| format!("_mta-sts.example.com. 300 IN TXT \"{text}\" \"x\"")),
        record(Protocol::Sts).prop_map(|text| format!("_mta-sts TXT ( \"{text}\"\n\"x\" ) ; c")),
        prop::sample::select(&["", "mode: none", "; c", "_smtp._tls TXT (", "\"a\" \"b\\", "example.net.", "\\", "\r"][..]).prop_map(str::to_owned),
        ".{0,12}",
    ], 0..6), crlf in any::<bool>()) {
        let text = lines.join(if crlf { "\r\n" } else { "\n" });
        properties::pastes_hold(text.as_bytes());
    }

    #[test]
    fn what_holds_for_any_octets(text in prop::collection::vec(any::<u8>(), 0..80), prefix in any::<bool>()) {
        let text = [if prefix { &b"v=STSv1; "[..] } else { b"" }, &text].concat();
        properties::policy_holds(&text);
        properties::records_hold(&text);
        properties::pastes_hold(&text);
    }
}
