//! The policies on the way from the old to the new one.

use crate::finding::Edit;
use crate::model::{Mode, Policy};
use crate::order::by_key;
use crate::parse::MAX_POLICY;
use crate::rules::edits::mx_lines;
use std::fmt::Write;

/// The policy with `mx` lines for `more` hosts; in mode testing with at most this `max_age`, if one is given.
pub(super) fn on_the_way(policy: &Policy<'_>, more: &[String], testing: Option<u64>) -> String {
    let mut edits = Vec::new();
    if !more.is_empty() {
        edits.extend(mx_lines(policy, more));
    }
    if let Some(longest) = testing {
        edits.extend(policy.mode.map(|mode| Edit::replace(mode.span, Mode::Testing.as_str())));
        let longer = policy.max_age.filter(|age| age.value.is_some_and(|age| age.seconds() > longest));
        edits.extend(longer.map(|age| Edit::replace(age.span, longest.to_string())));
    }
    let (mut text, mut at) = (String::new(), 0);
    for edit in by_key(edits, |edit| u64::from(edit.span.start)) {
        text += &String::from_utf8_lossy(&policy.text.input[at..edit.span.start as usize]);
        text += &edit.text;
        at = edit.span.end as usize;
    }
    text + &String::from_utf8_lossy(&policy.text.input[at..])
}

/// The policy that takes the place of `old` for removal: mode none for a day (RFC 8461 §8.3). It keeps the `mx` lines, for
/// Stalwart and chasquid refuse mode none without any.
pub(super) fn none(old: &Policy<'_>) -> String {
    let mut mx = String::new();
    for pattern in old.patterns() {
        // Writing to a String cannot fail.
        let _ = writeln!(mx, "mx: {}", pattern.value);
    }
    let text = |mx: &str| format!("version: STSv1\nmode: none\n{mx}max_age: 86400\n");
    let whole = text(&mx);
    if whole.len() > MAX_POLICY { text("") } else { whole }
}
