//! What a person reads. Read a changed snapshot as you would read prose.

use super::support::{run, run_in};
use insta::assert_snapshot;
use std::fs;

/// Faults of many kinds in one policy.
const BROKEN: &str = "\u{FEFF}version: STSv1\n\nmode: Enforce\nmx: mx1.example.com, mx2.example.com\n\
                      mx: m\u{fc}.example.com\nmax_age: 63072000\n# old hosts\nnote: caf\u{e9} \u{202e}abc\n\
                      mode: testing  \n\n";

#[test]
fn help() {
    assert_snapshot!("help", run(&["--help"], "").stdout);
    assert_snapshot!("help_lint", run(&["lint", "--help"], "").stdout);
    assert_snapshot!("help_explain", run(&["explain", "--help"], "").stdout);
    assert_eq!(run(&[], "").code, 2, "nothing was asked for");
}

#[test]
fn version() {
    let expected = concat!("mta-sts ", env!("CARGO_PKG_VERSION"), "\n");
    assert_eq!(run(&["--version"], "").stdout, expected);
}

#[test]
fn a_broken_policy() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("mta-sts.txt"), BROKEN).unwrap();
    assert_snapshot!("broken_policy", run_in(folder.path(), &["lint", "mta-sts.txt"]).stdout);
    let json = run_in(folder.path(), &["lint", "mta-sts.txt", "--format", "json"]).stdout;
    assert_snapshot!("broken_policy_json", json);
}

#[test]
fn a_good_policy_and_its_hosts() {
    let policy = "version: STSv1\nmode: enforce\nmx: mx1.example.com\nmx: *.example.net\nmax_age: 1209600\n";
    let mx = "mx1.example.com,a.example.net,a.b.example.net";
    assert_snapshot!("good_policy", run(&["lint", "--domain", "example.com"], policy).stdout);
    assert_snapshot!("policy_with_mx", run(&["lint", "--domain", "example.com", "--mx", mx], policy).stdout);
}

#[test]
fn records() {
    let args = &["lint", "--kind", "record"];
    assert_snapshot!("record", run(args, "v=STSv1; id=20240315T120000;").stdout);
    assert_snapshot!("broken_record", run(args, "v=STSv1; id=2024-03-15\n\"v=spf1 -all\"\n").stdout);
    assert_snapshot!(
        "broken_tlsrpt",
        run(&["lint", "--kind", "tlsrpt"], "v=TLSRPTv1; rua=a@example.com").stdout
    );
    assert_snapshot!(
        "record_and_policy",
        run(&["lint"], "v=STSv1; id=1\n\nversion: STSv1\nmode: none\n").stdout
    );
}

#[test]
fn colours_are_there_only_when_asked_for() {
    let coloured = run(&["lint", "--color", "always"], BROKEN).stdout;
    assert!(coloured.contains("\u{1b}["), "{coloured}");
    let mut plain = String::new();
    for (at, part) in coloured.split("\u{1b}[").enumerate() {
        plain.push_str(if at == 0 { part } else { part.split_once('m').unwrap().1 });
    }
    assert_eq!(plain, run(&["lint"], BROKEN).stdout, "the words are the same");
    assert_eq!(plain, run(&["lint", "--color", "never"], BROKEN).stdout);
}

#[test]
fn several_files_are_several_reports() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.txt"), "version: STSv1\nmode: none\nmax_age: 86400\n").unwrap();
    fs::write(folder.path().join("b.txt"), "version: STSv1\nmode: none\n").unwrap();
    assert_snapshot!("two_files", run_in(folder.path(), &["lint", "a.txt", "b.txt"]).stdout);
    let json = |files: &[&str]| {
        let args = [&["lint", "--format", "json"], files].concat();
        serde_json::from_str::<serde_json::Value>(&run_in(folder.path(), &args).stdout).unwrap()
    };
    let both = json(&["a.txt", "b.txt"]);
    let sources: Vec<_> =
        both.as_array().unwrap().iter().map(|report| &report["documents"][0]["source"]).collect();
    assert_eq!(sources, ["a.txt", "b.txt"]);
    assert_eq!(json(&["b.txt"]), both[1], "one input is one report");
}

#[test]
fn json_has_what_scripts_read() {
    let json = |args: &[&str], text: &str| {
        let args = [&["lint", "--format", "json"], args].concat();
        serde_json::from_str::<serde_json::Value>(&run(&args, text).stdout).unwrap()
    };
    let report =
        json(&[], "version: STSv1\nnote: \u{e9} \nmode: Enforce\nmx: mx.example.com\nmax_age: 86400\n");
    let at = |path: &str| report.pointer(path).unwrap_or_else(|| panic!("{path} in {report:#}")).clone();
    assert_eq!(at("/schema"), mta_sts::report::SCHEMA);
    assert_eq!(at("/documents/0/name"), "policy");
    assert_eq!(at("/documents/0/source"), "<stdin>");
    assert_eq!(at("/findings/0/id"), "pol-mode-invalid");
    assert_eq!(at("/findings/0/severity"), "error");
    assert_eq!(at("/findings/0/document"), "policy");
    // Offsets count bytes: the letter before it takes two.
    assert_eq!(at("/findings/0/span"), serde_json::json!({ "start": 31, "end": 38, "line": 3, "column": 7 }));
    assert!(at("/findings/0/message").as_str().unwrap().contains("`Enforce`"));
    assert_eq!(at("/policy/usable"), false);
    assert_eq!(at("/policy/mode"), serde_json::Value::Null);
    assert_eq!(at("/policy/max_age"), 86400);
    assert_eq!(at("/policy/mx"), serde_json::json!(["mx.example.com"]));
    assert_eq!(json(&[], "v=STSv1; id=20240315T120000;")["record"]["policy_id"], "20240315T120000");
    assert_eq!(json(&[], "v=STSv1;")["record"]["policy_id"], serde_json::Value::Null);
}

#[test]
fn rules() {
    assert_snapshot!("explain", run(&["explain", "pol-max-age-range"], "").stdout);
    assert_snapshot!("explain_json", run(&["explain", "pol-max-age-range", "--format", "json"], "").stdout);
    let list = run(&["explain"], "").stdout;
    let json = run(&["explain", "--format", "json"], "").stdout;
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(list.lines().count(), mta_sts::rules::ALL.len());
    assert_eq!(json.as_array().unwrap().len(), mta_sts::rules::ALL.len());
}
