//! The text of a policy: its pieces tile it, places lie inside it, every sender's refusal is a finding, and the report
//! can be written down.
#![no_main]

#[path = "../../tests/properties/mod.rs"]
mod properties;

use mta_sts::render::text::{Options, text};
use mta_sts::{LintOptions, OffsetUnit, lint, render};

libfuzzer_sys::fuzz_target!(|input: &[u8]| {
    properties::policy_holds(input);
    properties::senders_hold(input);
    rendering_holds(input);
});

/// What a terminal is given: every finding, and nothing that steers it.
fn rendering_holds(input: &[u8]) {
    let report = lint(input, &LintOptions::default(), OffsetUnit::Utf16);
    let written = text(&report, Options::default());
    for finding in &report.findings {
        assert!(written.contains(&format!("[{}]", finding.id)), "{}", finding.id);
    }
    assert!(!written.contains(|c: char| c != '\n' && !render::is_shown(c)));
}
