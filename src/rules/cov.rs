//! The MX set against the policy (RFC 8461 §4.1, §5, §8.4).

use super::edits::{line_of, mx_lines};
use super::{Case, Check, Example, Findings, Rule};
use crate::finding::{Consequence, Edit, Fix, Severity, Subject};
use crate::model::{
    Mode, Policy,
    coverage::{Coverage, Extent, near_miss},
};
use crate::quote::quote;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// A domain whose one MX host the policy names.
const GOOD: Example = Example::Evidence(
    "example.com. MX 10 mx1.example.com.\n\nversion: STSv1\nmode: enforce\nmx: mx1.example.com\nmax_age: 1209600\n",
);

/// The most hosts that one message names.
const MAX_NAMED: usize = 5;

pub(super) static MX_NOT_COVERED: Rule = Rule {
    id: "cov-mx-not-covered",
    severity: Severity::Error,
    consequence: Consequence::Delivery,
    rfc: "RFC 8461 §4.1, §5",
    what: "an MX host matches no `mx` pattern",
    why: "in mode enforce senders skip such a host; it may show only when the other hosts are down",
    instead: "add an `mx` line for the host, or remove the MX record",
    bad: Example::Evidence(
        "example.com. MX 10 mx1.example.com.\nexample.com. MX 20 mx2.example.com.\n\n\
         version: STSv1\nmode: enforce\nmx: mx1.example.com\nmax_age: 1209600\n",
    ),
    good: Example::Evidence(
        "example.com. MX 10 mx1.example.com.\nexample.com. MX 20 mx2.example.com.\n\n\
         version: STSv1\nmode: enforce\nmx: mx1.example.com\nmx: mx2.example.com\nmax_age: 1209600\n",
    ),
    check: Check::Case(|case, out| {
        let Some((policy, coverage)) = applied(case) else { return };
        if coverage.extent == Extent::Partial {
            uncovered(policy, coverage, out, |hosts| format!("no `mx` pattern matches {hosts}"));
        }
    }),
};

pub(super) static NONE_COVERED: Rule = Rule {
    id: "cov-none-covered",
    severity: Severity::Error,
    consequence: Consequence::Delivery,
    rfc: "RFC 8461 §4.1, §5",
    what: "no MX host matches any `mx` pattern",
    why: "in mode enforce all mail from senders that honour MTA-STS stops; in mode testing it would, \
          after the switch to enforce",
    instead: "add an `mx` line for each MX host",
    bad: Example::Evidence(
        "example.com. MX 10 mx1.example.com.\n\n\
         version: STSv1\nmode: enforce\nmx: old.example.net\nmax_age: 1209600\n",
    ),
    good: Example::Evidence(
        "example.com. MX 10 mx1.example.com.\n\n\
         version: STSv1\nmode: enforce\nmx: old.example.net\nmx: mx1.example.com\nmax_age: 1209600\n",
    ),
    check: Check::Case(|case, out| {
        let Some((policy, coverage)) = applied(case) else { return };
        if coverage.extent == Extent::None {
            uncovered(policy, coverage, out, |hosts| format!("no `mx` pattern matches any MX host: {hosts}"));
        }
    }),
};

/// The policy and its coverage, where patterns are applied.
fn applied<'a>(case: &Case<'a>) -> Option<(&'a Policy<'a>, &'a Coverage<'a>)> {
    let policy = case.policy.filter(|policy| policy.mode() != Some(Mode::None))?;
    Some((policy, case.coverage?))
}

/// Reports the hosts that nothing matches, and offers a line for each.
fn uncovered(
    policy: &Policy<'_>,
    coverage: &Coverage<'_>,
    out: &mut Findings,
    say: impl Fn(String) -> String,
) {
    let names: Vec<&str> = coverage.uncovered().map(|host| host.name.trim_end_matches('.')).collect();
    let mut shown: Vec<String> =
        names.iter().take(MAX_NAMED).map(|name| quote(name.as_bytes()).to_string()).collect();
    if let Some(more) = names.len().checked_sub(MAX_NAMED).filter(|n| *n > 0) {
        shown.push(format!("{more} more"));
    }
    let mut message = say(shown.join(", "));
    if let Some(near) = near_miss(policy, names[0]) {
        message.extend(["; `", &near.to_string(), "` stands for exactly one label"]);
    }
    let first = policy.patterns().next().map(|mx| mx.span);
    let finding = match first {
        Some(span) => out.report_at(Subject::Policy, span, format_args!("{message}")),
        None => out.report_on(Subject::Mx, format_args!("{message}")),
    };
    finding.also(policy.patterns().skip(1).take(MAX_NAMED * 4).map(|mx| mx.span));
    if policy.mode() == Some(Mode::Testing) {
        finding.severity(Severity::Warning);
    }
    let names: Vec<String> = names.iter().map(|name| name.to_ascii_lowercase()).collect();
    let lines: Vec<String> = names.iter().take(MAX_NAMED).map(|name| format!("`mx: {name}`")).collect();
    finding.instead(format!("add {}", lines.join(", ")));
    finding.fix = mx_lines(policy, &names).map(Fix::likely);
}

pub(super) static UNUSED_PATTERN: Rule = Rule {
    id: "cov-unused-pattern",
    severity: Severity::Info,
    consequence: Consequence::Practice,
    rfc: "RFC 8461 §4",
    what: "an `mx` pattern matches no MX host",
    why: "it does no harm, and is right for a host that is planned or not yet gone from caches",
    instead: "remove it once it is stale",
    bad: Example::Evidence(
        "example.com. MX 10 mx1.example.com.\n\n\
         version: STSv1\nmode: enforce\nmx: mx1.example.com\nmx: old.example.net\nmax_age: 1209600\n",
    ),
    good: GOOD,
    check: Check::Case(|case, out| {
        let Some((policy, coverage)) = applied(case) else { return };
        if matches!(coverage.extent, Extent::Full | Extent::Partial) {
            for pattern in &coverage.unused {
                let line = line_of(policy, pattern.span).span();
                out.report(pattern.span, format_args!("`{}` matches no MX host", pattern.value))
                    .fix(Fix::likely(Edit::delete(line)));
            }
        }
    }),
};

pub(super) static NULL_MX: Rule = Rule {
    id: "cov-null-mx",
    severity: Severity::Warning,
    consequence: Consequence::Practice,
    rfc: "RFC 7505 §3",
    what: "a policy for a domain that takes no mail",
    why: "a null MX tells senders not to try; the policy has nothing to act on",
    instead: "remove record and policy, or the null MX",
    bad: Example::Evidence(
        "example.com. MX 0 .\n\nversion: STSv1\nmode: enforce\nmx: mx1.example.com\nmax_age: 1209600\n",
    ),
    good: GOOD,
    check: Check::Case(|case, out| {
        if case.coverage.is_some_and(|coverage| coverage.extent == Extent::NullMx) {
            out.report_on(Subject::Mx, format_args!("the domain has a null MX and takes no mail"));
        }
    }),
};

pub(super) static IMPLICIT_MX: Rule = Rule {
    id: "cov-implicit-mx",
    severity: Severity::Warning,
    consequence: Consequence::Practice,
    rfc: "RFC 5321 §5.1",
    what: "the domain has no MX record",
    why: "senders then take the domain itself as the one host, so a pattern must name the domain",
    instead: "publish an MX record; until then name the domain itself in an `mx` line",
    bad: Example::Evidence(
        "example.com. MX\n\nversion: STSv1\nmode: enforce\nmx: example.com\nmax_age: 1209600\n",
    ),
    good: GOOD,
    check: Check::Case(|case, out| {
        if case.policy.is_some() && case.evidence.has_no_mail_host() {
            out.report_on(
                Subject::Mx,
                format_args!("neither an MX record nor an address: the domain takes no mail"),
            )
            .instead("publish an MX record, or remove record and policy");
        } else if let Some(host) =
            case.coverage.filter(|coverage| coverage.implicit).and_then(|c| c.hosts.first())
        {
            out.report_on(Subject::Mx, format_args!("no MX record: `{}` is its own MX host", host.name));
        }
    }),
};

pub(super) static BACKUP: Rule = Rule {
    id: "cov-backup",
    severity: Severity::Info,
    consequence: Consequence::Practice,
    rfc: "RFC 8461 §8.4",
    what: "hosts of lower priority are tried only on failure",
    why: "a fault at a backup host shows only when the first host is down",
    instead: "check the certificate of every host, not only of the first",
    bad: Example::Evidence(
        "example.com. MX 10 mx1.example.com.\nexample.com. MX 20 mx2.example.com.\n\n\
         version: STSv1\nmode: enforce\nmx: mx1.example.com\nmx: mx2.example.com\nmax_age: 1209600\n",
    ),
    good: GOOD,
    check: Check::Case(|case, out| {
        let Some((_, coverage)) = applied(case) else { return };
        let Some(first) = coverage.hosts.first() else { return };
        let backups: Vec<String> = coverage
            .hosts
            .iter()
            .filter(|host| host.preference > first.preference)
            .take(MAX_NAMED)
            .map(|host| quote(host.name.as_bytes()).to_string())
            .collect();
        if !backups.is_empty() {
            out.report_on(Subject::Mx, format_args!("only tried on failure: {}", backups.join(", ")));
        }
    }),
};

pub(super) static NOT_APPLIED: Rule = Rule {
    id: "cov-not-applied",
    severity: Severity::Info,
    consequence: Consequence::Practice,
    rfc: "RFC 8461 §5",
    what: "in mode none no pattern is applied",
    why: "senders deliver as if there were no policy, whatever the patterns say",
    instead: "nothing is wrong while the policy is being removed",
    bad: Example::Evidence(
        "example.com. MX 10 mx1.example.com.\n\n\
         version: STSv1\nmode: none\nmx: old.example.net\nmax_age: 86400\n",
    ),
    good: GOOD,
    check: Check::Case(|case, out| {
        let Some(coverage) = case.coverage.filter(|coverage| coverage.extent == Extent::NotApplied) else {
            return;
        };
        let uncovered = coverage.uncovered().count();
        if uncovered > 0 {
            let all = coverage.hosts.len();
            out.report_on(
                Subject::Mx,
                format_args!(
                    "{uncovered} of {all} MX hosts match no pattern, which mode none makes meaningless"
                ),
            );
        }
    }),
};
