//! The policies on the way from the old to the new one.

use crate::model::{MaxAge, Mode, Policy};
use crate::parse::MAX_POLICY;
use crate::rules::edits::mx_lines;
use crate::span::Span;
use alloc::format;
use alloc::string::{String, ToString};
use core::fmt::Write;

/// The policy with `mx` lines for `more` hosts; in mode testing with at most this `max_age`, if one is given.
pub(super) fn on_the_way(policy: &Policy<'_>, more: &[String], testing: Option<u64>) -> String {
    let mx = if more.is_empty() { None } else { mx_lines(policy, more) };
    let testing_at = policy.mode.filter(|_| testing.is_some()).map(|mode| mode.span);
    let longer = |age: MaxAge| testing.is_some_and(|longest| age.seconds() > longest);
    let max_age_at = policy.max_age.filter(|age| age.value.is_some_and(longer)).map(|age| age.span);
    let (mut text, mut at) = (String::new(), 0);
    let mut replace = |span: Span, new: &str| {
        text += &policy.str(Span::new(at, span.start));
        text += new;
        at = span.end;
    };
    for line in &policy.text.lines {
        if Some(line.value()) == testing_at {
            replace(line.value(), Mode::Testing.as_str());
        } else if Some(line.value()) == max_age_at {
            replace(line.value(), &testing.unwrap_or_default().to_string());
        } else if let Some(mx) = mx.as_ref().filter(|mx| mx.span.end == line.span().end) {
            replace(mx.span, &mx.text);
        }
    }
    replace(Span::point(policy.text.input.len() as u32), "");
    text
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
