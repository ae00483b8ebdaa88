//! What holds for every text of a policy.

#![cfg(not(target_arch = "wasm32"))]

use mta_sts::model::Policy;
use mta_sts::report::SeverityName;
use mta_sts::rules::MAX_PER_RULE;
use mta_sts::{LintOptions, OffsetUnit, TextKind, fix, lint, parse};
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

fn options() -> LintOptions {
    LintOptions { kind: Some(TextKind::Policy), ..LintOptions::default() }
}

proptest! {
    #[test]
    fn pieces_tile_the_input(text in text()) {
        let read = parse::policy(&text);
        let parts = read.lines.iter().flat_map(parse::Line::parts);
        let mut at = 0;
        for part in std::iter::once(read.bom).chain(parts).chain([read.excess]) {
            prop_assert_eq!(part.start, at);
            at = part.end;
        }
        prop_assert_eq!(at as usize, text.len());
    }

    #[test]
    fn a_policy_is_usable_when_a_strict_sender_can_read_it(text in text()) {
        let report = lint(&text, &options(), OffsetUnit::Bytes);
        let read = Policy::read(&text);
        let policy = report.policy.expect("a policy was asked for");
        if policy.usable {
            // What a sender needs is there, and nothing that was written as a pattern is none.
            prop_assert_eq!(read.version.map(|version| version.value), Some(&b"STSv1"[..]));
            prop_assert!(read.mode().is_some() && read.max_age().is_some());
            prop_assert_eq!(read.mx_faults, 0);
        } else {
            prop_assert!(report.findings.iter().any(|finding| finding.severity == SeverityName::Error));
        }
    }

    #[test]
    fn spans_lie_inside_the_text_on_character_bounds(text in text()) {
        let shown = String::from_utf8_lossy(&text);
        let utf16: Vec<u16> = shown.encode_utf16().collect();
        let report = lint(&text, &options(), OffsetUnit::Utf16);
        for place in report.findings.iter().flat_map(|finding| finding.span.iter().chain(&finding.also)) {
            let of = utf16.get(place.start as usize..place.end as usize);
            prop_assert!(of.is_some_and(|of| String::from_utf16(of).is_ok()), "{:?} of {:?}", place, shown);
        }
    }

    #[test]
    fn fixing_comes_to_an_end(text in text(), likely in any::<bool>()) {
        let fixed = fix(&text, &options(), likely);
        let again = fix(&fixed.text, &options(), likely);
        prop_assert_eq!(String::from_utf8_lossy(&again.text), String::from_utf8_lossy(&fixed.text));
        // What was usable stays usable.
        let usable = |text: &[u8]| lint(text, &options(), OffsetUnit::Bytes).policy.is_some_and(|policy| policy.usable);
        prop_assert!(!usable(&text) || usable(&fixed.text));
    }

    #[test]
    fn many_faults_of_one_kind_are_counted(count in 0_usize..400) {
        let text = "mx: a_b\n".repeat(count);
        let report = lint(text.as_bytes(), &options(), OffsetUnit::Bytes);
        let found: Vec<_> = report.findings.iter().filter(|finding| finding.id == "mx-underscore").collect();
        prop_assert_eq!(found.len(), count.min(MAX_PER_RULE));
        let counted = format!("(and {} more like it)", count.saturating_sub(MAX_PER_RULE));
        prop_assert_eq!(found.iter().any(|finding| finding.message.ends_with(&counted)), count > MAX_PER_RULE);
    }
}
