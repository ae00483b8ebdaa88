//! `max_age` (RFC 8461 §3.2, §8.3, §10.2).

use super::edits::{append_line, default_for, is_placeholder, missing, unwrapped};
use super::{Check, Example, Rule};
use crate::finding::{Consequence, Edit, Finding, Fix, Severity};
use crate::model::{MaxAge, Mode, Policy, policy::FieldName};
use crate::quote::quote;
use crate::span::Span;
use alloc::format;
use alloc::string::String;
use alloc::string::ToString;

const GOOD: Example =
    Example::Policy("version: STSv1\nmode: enforce\nmx: mx.example.com\nmax_age: 1209600\n");

/// A lifetime to write.
struct Lifetime {
    /// In seconds, as the policy says it.
    value: &'static str,
    /// What to do.
    instead: &'static str,
}

const DAY: Lifetime = Lifetime { value: "86400", instead: "write `max_age: 86400` (1 day)" };
const TWO_WEEKS: Lifetime = Lifetime { value: "1209600", instead: "write `max_age: 1209600` (14 days)" };
/// What a policy may ask for without meeting a sender's own ceiling. Stalwart falls back to a day at exactly
/// [`MaxAge::CEILING`].
const BELOW_CEILING: Lifetime =
    Lifetime { value: "31536000", instead: "write `max_age: 31536000` (365 days)" };

pub(super) static MISSING: Rule = Rule {
    id: "pol-max-age-missing",
    severity: Severity::Error,
    consequence: Consequence::Refused,
    rfc: "RFC 8461 §3.2",
    what: "no `max_age`",
    why: "every policy needs a lifetime, with mode none too; without it there is no policy, and senders ignore it",
    instead: "add `max_age` with the seconds: 1209600 is 14 days, 86400 is a day",
    bad: Example::Policy("version: STSv1\nmode: enforce\nmx: mx.example.com\n"),
    good: GOOD,
    check: Check::Policy(|policy, out| {
        if policy.max_age.is_none() {
            let line = ["max_age: ", default_for(policy, FieldName::MaxAge)].concat();
            missing(policy, FieldName::MaxAge, out, || Some(append_line(policy, &line)));
        }
    }),
};

pub(super) static SYNTAX: Rule = Rule {
    id: "pol-max-age-syntax",
    severity: Severity::Error,
    consequence: Consequence::Refused,
    rfc: "RFC 8461 §3.2",
    what: "`max_age` is not a plain number of seconds",
    why: "the value is one to ten ASCII digits, without sign, unit, separator or fraction; \
          with any other there is no lifetime, and senders ignore the policy",
    instead: "write the seconds in plain digits: `max_age: 1209600` for 14 days",
    bad: Example::Policy("version: STSv1\nmode: enforce\nmx: mx.example.com\nmax_age: 14d\n"),
    good: GOOD,
    check: Check::Policy(|policy, out| {
        let Some(max_age) = policy.max_age.filter(|age| age.value.is_none() && !age.span.is_empty()) else {
            return;
        };
        let value = policy.of(max_age.span);
        let finding = out
            .report(max_age.span, format_args!("max_age is {}, not a plain number of seconds", quote(value)));
        if let Some(seconds) = meant(&policy.str(max_age.span)) {
            let lasting = match seconds / 86_400 {
                0 => String::new(),
                1 => " (1 day)".into(),
                days => format!(" ({days} days)"),
            };
            finding
                .instead(format!("write `max_age: {seconds}`{lasting}"))
                .fix(Fix::likely(Edit::replace(max_age.span, seconds.to_string())));
        } else if !is_placeholder(value) {
            let seconds = default_for(policy, FieldName::MaxAge);
            finding.fix(Fix::likely(Edit::replace(max_age.span, seconds)));
        }
    }),
};

/// The seconds that a value most likely means: `7d`, `604,800`, `+604800`, `604800.0`, `6048e2`, `０１２`.
fn meant(value: &str) -> Option<u64> {
    let value = String::from_utf8_lossy(unwrapped(value.as_bytes())).into_owned();
    let mut digits = String::new();
    let mut rest = value.strip_prefix('+').unwrap_or(&value).chars();
    let mut unit = String::new();
    for c in rest.by_ref() {
        match c {
            '0'..='9' if unit.is_empty() => digits.push(c),
            // Full-width digits, as an input method writes them.
            '\u{FF10}'..='\u{FF19}' if unit.is_empty() => {
                digits.push(char::from(b'0' + (u32::from(c) - 0xFF10) as u8));
            }
            ',' | '_' | '\'' | ' ' | '\u{A0}' => {}
            '.' => break,
            _ => unit.push(c.to_ascii_lowercase()),
        }
    }
    // After a dot only a fraction of nothing may follow.
    if rest.any(|c| c != '0') {
        return None;
    }
    let number: u64 = digits.parse().ok()?;
    let seconds = match unit.as_str() {
        "" | "s" | "sec" | "seconds" => 1,
        "m" | "min" | "minutes" => 60,
        "h" | "hours" => 3_600,
        "d" | "day" | "days" => 86_400,
        "w" | "week" | "weeks" => 604_800,
        "y" | "year" | "years" => 31_536_000,
        exponent => 10_u64.checked_pow(exponent.strip_prefix('e')?.parse().ok()?)?,
    };
    Some(number.checked_mul(seconds)?.min(365 * 86_400))
}

pub(super) static RANGE: Rule = Rule {
    id: "pol-max-age-range",
    severity: Severity::Error,
    consequence: Consequence::Refused,
    rfc: "RFC 8461 §3.2",
    what: "`max_age` is above the ceiling of 31557600 seconds",
    why: "some senders cap the value, some take it, and chasquid, mailauth and postfix-mta-sts-resolver discard \
          the whole policy",
    instead: "write at most `max_age: 31536000` (365 days)",
    bad: Example::Policy("version: STSv1\nmode: enforce\nmx: mx.example.com\nmax_age: 63072000\n"),
    good: Example::Policy("version: STSv1\nmode: enforce\nmx: mx.example.com\nmax_age: 31536000\n"),
    check: Check::Policy(|policy, out| {
        if let Some((age, span)) = seen(policy).filter(|(age, _)| *age > MaxAge::CEILING) {
            let (seconds, ceiling) = (age.seconds(), MaxAge::CEILING.seconds());
            let finding =
                out.report(span, format_args!("max_age is {seconds} seconds; the ceiling is {ceiling}"));
            suggest(finding, span, &BELOW_CEILING);
        }
    }),
};

pub(super) static ZERO: Rule = Rule {
    id: "pol-max-age-zero",
    severity: Severity::Warning,
    consequence: Consequence::Disputed,
    rfc: "RFC 8461 §3.2",
    what: "`max_age` is 0",
    why: "a policy that may not be kept protects nothing, and some senders take 0 for an error",
    instead: "write weeks: `max_age: 1209600` is 14 days",
    bad: Example::Policy("version: STSv1\nmode: enforce\nmx: mx.example.com\nmax_age: 0\n"),
    good: GOOD,
    check: Check::Policy(|policy, out| {
        if let Some((_, span)) = seen(policy).filter(|(age, _)| age.seconds() == 0) {
            let finding = out.report(span, format_args!("max_age is 0 seconds"));
            suggest(finding, span, &usual(policy));
        }
    }),
};

pub(super) static VERY_SHORT: Rule = Rule {
    id: "pol-max-age-very-short",
    severity: Severity::Warning,
    consequence: Consequence::Practice,
    rfc: "RFC 8461 §3.2, §10.2",
    what: "`max_age` is less than a day",
    why: "protection lasts only while senders hold the policy, and a sender that writes once a day never does; \
          the RFC expects weeks",
    instead: "write weeks: `max_age: 1209600` is 14 days",
    bad: Example::Policy("version: STSv1\nmode: enforce\nmx: mx.example.com\nmax_age: 3600\n"),
    good: GOOD,
    check: Check::Policy(|policy, out| {
        let active = matches!(policy.mode(), Some(Mode::Enforce | Mode::Testing));
        if let Some((age, span)) =
            seen(policy).filter(|(age, _)| active && age.seconds() > 0 && *age < MaxAge::DAY)
        {
            let finding = out.report(span, format_args!("max_age is {age}, less than a day"));
            suggest(finding, span, &TWO_WEEKS);
        }
    }),
};

pub(super) static SHORT: Rule = Rule {
    id: "pol-max-age-short",
    severity: Severity::Info,
    consequence: Consequence::Practice,
    rfc: "RFC 8461 §3.2, §10.2",
    what: "`max_age` is less than two weeks in mode enforce",
    why: "the longer senders hold the policy, the longer an attacker must block them from the policy host",
    instead: "raise it once the policy is stable: `max_age: 1209600` is 14 days",
    bad: Example::Policy("version: STSv1\nmode: enforce\nmx: mx.example.com\nmax_age: 86400\n"),
    good: GOOD,
    check: Check::Policy(|policy, out| {
        let enforced = policy.mode() == Some(Mode::Enforce);
        let short = |age: MaxAge| enforced && age >= MaxAge::DAY && age < MaxAge::TWO_WEEKS;
        if let Some((age, span)) = seen(policy).filter(|(age, _)| short(*age)) {
            let finding = out.report(span, format_args!("max_age is {age}"));
            suggest(finding, span, &TWO_WEEKS);
        }
    }),
};

pub(super) static NONE_LONG: Rule = Rule {
    id: "pol-max-age-none-long",
    severity: Severity::Info,
    consequence: Consequence::Practice,
    rfc: "RFC 8461 §8.3",
    what: "`max_age` is more than a week in mode none",
    why: "for removal the RFC suggests a small value, such as a day: senders look again soon",
    instead: "write `max_age: 86400` (1 day)",
    bad: Example::Policy("version: STSv1\nmode: none\nmx: mx.example.com\nmax_age: 1209600\n"),
    good: Example::Policy("version: STSv1\nmode: none\nmx: mx.example.com\nmax_age: 86400\n"),
    check: Check::Policy(|policy, out| {
        let removed = policy.mode() == Some(Mode::None);
        let long = |age: MaxAge| removed && age > MaxAge::WEEK && age <= MaxAge::CEILING;
        if let Some((age, span)) = seen(policy).filter(|(age, _)| long(*age)) {
            let finding = out.report(span, format_args!("max_age is {age} in mode none"));
            suggest(finding, span, &DAY);
        }
    }),
};

/// The lifetime and its place, where it is a number.
fn seen(policy: &Policy<'_>) -> Option<(MaxAge, Span)> {
    policy.max_age.and_then(|max_age| Some((max_age.value?, max_age.span)))
}

/// What fits most policies: weeks, and a day for one that is being removed.
fn usual(policy: &Policy<'_>) -> Lifetime {
    if policy.mode() == Some(Mode::None) { DAY } else { TWO_WEEKS }
}

/// Offers another lifetime.
fn suggest(finding: &mut Finding, span: Span, lifetime: &Lifetime) {
    finding.instead(lifetime.instead).fix(Fix::likely(Edit::replace(span, lifetime.value)));
}

#[cfg(test)]
mod tests {
    use super::meant;

    #[test]
    fn what_people_write_for_seconds() {
        for (value, expected) in [
            ("7d", Some(604_800)),
            ("2 weeks", Some(1_209_600)),
            ("604,800", Some(604_800)),
            ("604 800", Some(604_800)),
            ("+604800", Some(604_800)),
            ("604800.0", Some(604_800)),
            ("604800.5", None), // half a second is nobody's meaning
            ("6048e2", Some(604_800)),
            ("６０４８００", Some(604_800)),
            ("604800 # a week", Some(604_800)),
            ("\"604800\"", Some(604_800)),
            ("000000604800", Some(604_800)),    // twelve digits
            ("315576000000", Some(31_536_000)), // brought below the ceiling
            ("-1", None),
            ("0x93A80", None),
            ("forever", None),
            ("1e99999", None), // no overflow
        ] {
            assert_eq!(meant(value), expected, "{value}");
        }
    }
}
