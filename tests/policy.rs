//! What holds for every text of a policy.

#![cfg(not(target_arch = "wasm32"))]

mod properties;

use mta_sts::rules::MAX_PER_RULE;
use mta_sts::{LintOptions, OffsetUnit, TextKind, lint};
use proptest::prelude::*;

/// Lines as people write them and as they should not, and octets of every kind.
fn text() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        Just(b"version: STSv1".to_vec()),
        Just(b"mode: enforce".to_vec()),
        Just(b"Mode : Testing ".to_vec()),
        Just(b"mx: *.example.com".to_vec()),
        Just(b"mx: 10 mx.example.com.".to_vec()),
        Just(b"max_age: 604800".to_vec()),
        Just(b"max_age: 7d".to_vec()),
        Just("note: caf\u{e9}: \u{1f4e7}".as_bytes().to_vec()),
        Just(b"# comment".to_vec()),
        Just(b"\n".to_vec()),
        Just(b"\r\n".to_vec()),
        Just(b"\r".to_vec()),
        Just(b"\xEF\xBB\xBF".to_vec()),
        Just(b" \t".to_vec()),
        proptest::collection::vec(any::<u8>(), 0..6),
    ];
    proptest::collection::vec((piece, prop_oneof![4 => Just("\n"), 1 => Just("")]), 0..14)
        .prop_map(|pieces| pieces.into_iter().flat_map(|(piece, end)| [piece, end.into()].concat()).collect())
}

proptest! {
    #[test]
    fn what_holds_for_every_policy(text in text()) {
        properties::policy_holds(&text);
    }

    #[test]
    fn what_holds_for_its_fixes(text in text()) {
        properties::fixes_hold(&text);
    }

    #[test]
    fn many_faults_of_one_kind_are_counted(count in 0_usize..400) {
        let text = "mx: a_b\n".repeat(count);
        let options = LintOptions { kind: Some(TextKind::Policy), ..LintOptions::default() };
        let report = lint(text.as_bytes(), &options, OffsetUnit::Bytes);
        let found: Vec<_> = report.findings.iter().filter(|finding| finding.id == "mx-underscore").collect();
        prop_assert_eq!(found.len(), count.min(MAX_PER_RULE));
        let counted = format!("(and {} more like it)", count.saturating_sub(MAX_PER_RULE));
        prop_assert_eq!(found.iter().any(|finding| finding.message.ends_with(&counted)), count > MAX_PER_RULE);
    }
}
