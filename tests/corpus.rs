//! Real policies and records, where a collection of them lies beside the project: nothing panics, and the verdict on each
//! policy is that of another reader's quick script, or the difference has a reason.

use mta_sts::OffsetUnit;
use mta_sts::{LintOptions, TextKind, lint};
use std::fs;
use std::path::{Path, PathBuf};

/// Policies on which the other reader's verdict is another, each with the reason. There is none.
const DIFFERENCES: &[(&str, &str)] = &[];

/// The collection. Without it there is nothing to do, and that is said.
fn corpus() -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus");
    if path.is_dir() {
        return Some(path);
    }
    println!("skipped: no corpus at {}", path.display());
    None
}

#[test]
fn policies_are_judged_as_another_reader_judges_them() {
    let Some(corpus) = corpus() else { return };
    let index = fs::read_to_string(corpus.join("index.tsv")).expect("the index of the corpus");
    let mut judged = 0;
    for row in index.lines().skip(1) {
        let columns: Vec<&str> = row.split('\t').collect();
        let (file, notes) = (columns[0], columns[columns.len() - 1]);
        let reading = notes.split("my reading: ").nth(1).expect("every row ends with a reading");
        let usable = reading == "ok" || reading.starts_with("ok;");
        let text = fs::read(corpus.join("policies").join(file)).expect("a policy of the corpus");
        let options = LintOptions { kind: Some(TextKind::Policy), ..LintOptions::default() };
        let report = lint(&text, &options, OffsetUnit::Bytes);
        let policy = report.policy.expect("a policy was asked for");
        if !DIFFERENCES.iter().any(|(known, _)| *known == file) {
            assert_eq!(policy.usable, usable, "{file}: {reading}; {:#?}", report.findings);
        }
        judged += 1;
    }
    println!("{judged} policies, {} differences", DIFFERENCES.len());
    assert!(judged > 300, "the index lists more than {judged} policies");
}

#[test]
fn records_are_judged() {
    let Some(corpus) = corpus() else { return };
    for (file, kind) in [("records-sts.txt", TextKind::Record), ("records-tlsrpt.txt", TextKind::Tlsrpt)] {
        let records = fs::read_to_string(corpus.join(file)).expect("the records of the corpus");
        let options = LintOptions { kind: Some(kind), ..LintOptions::default() };
        let usable = records.lines().filter(|record| {
            let report = lint(record.as_bytes(), &options, OffsetUnit::Utf16);
            let usable = match kind {
                TextKind::Record => report.record.is_some_and(|record| record.usable),
                _ => report.tlsrpt.is_some_and(|record| record.usable),
            };
            // What cannot be used has a reason, and what can has none.
            let refused = report.findings.iter().any(|f| f.severity == mta_sts::report::SeverityName::Error);
            assert_eq!(usable, !refused, "{record}: {:#?}", report.findings);
            usable
        });
        println!("{file}: {} of {} usable", usable.count(), records.lines().count());
    }
}
