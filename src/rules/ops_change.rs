//! One state of a domain against another (RFC 8461 §3.1, §5, §8.1, §8.3).
//!
//! Each finding says what goes wrong if the change is made at once; [`crate::plan::plan`] says how to make it.

use super::{Check, Example, Findings, Rule, Transition};
use crate::date;
use crate::finding::{Consequence, Edit, Fix, Severity, Subject};
use crate::model::{Mode, MxPattern, Policy, RecordSet};
use crate::parse::Field;
use crate::quote::quote;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// A longer lifetime, with a new id.
const GOOD: Example = Example::Change(
    "--- old\nv=STSv1; id=20240315T120000\nversion: STSv1\nmode: enforce\nmx: mx1.example.com\nmax_age: 1209600\n\
     --- new\nv=STSv1; id=20240401T120000\nversion: STSv1\nmode: enforce\nmx: mx1.example.com\nmax_age: 2592000\n",
);

/// The most hosts that one message names.
const MAX_NAMED: usize = 5;

pub(super) static ID_UNCHANGED: Rule = Rule {
    id: "ops-id-unchanged",
    severity: Severity::Warning,
    consequence: Consequence::Practice,
    rfc: "RFC 8461 §3.1, §8.1",
    what: "the policy changes and the id does not",
    why: "the id is how a sender learns that its copy is out of date: with the same id it keeps the copy until that \
          expires, and mox and postfix-mta-sts-resolver renew it without looking at the policy",
    instead: "write another id: any value that was not used before",
    bad: Example::Change(
        "--- old\nv=STSv1; id=20240315T120000\nversion: STSv1\nmode: enforce\nmx: mx1.example.com\nmax_age: 1209600\n\
         --- new\nv=STSv1; id=20240315T120000\nversion: STSv1\nmode: enforce\nmx: mx1.example.com\nmax_age: 2592000\n",
    ),
    good: GOOD,
    check: Check::Change(|change, out| {
        let Some((old, new)) = ids(change).filter(|(old, new)| old == new) else { return };
        if !texts_differ(change) {
            return;
        }
        let Some((at, record)) = change
            .new
            .record
            .and_then(|set| set.records().iter().enumerate().find(|(_, record)| record.is_left()))
        else {
            return;
        };
        let place = record.required().map(Field::value);
        let fresh = date::compact(change.now);
        let message = format_args!("the policy is another, and the id is still {}", quote(old.as_bytes()));
        let finding = out.report_on(Subject::Record(at as u16), message);
        finding.span = place;
        if let Some(place) = place.filter(|_| new != fresh) {
            finding
                .instead(format!("write `id={fresh}`, or any other value that was not used before"))
                .fix(Fix::likely(Edit::replace(place, fresh)));
        }
    }),
};

pub(super) static ID_CHANGED_ONLY: Rule = Rule {
    id: "ops-id-changed-only",
    severity: Severity::Info,
    consequence: Consequence::Practice,
    rfc: "RFC 8461 §8.1",
    what: "the id changes and the policy does not",
    why: "every sender fetches the same text again, which does no harm; but if a new text is to follow, they now hold \
          the old one under the new id",
    instead: "nothing; or, if the policy is still to change, change it first and then the id once more",
    bad: Example::Change(
        "--- old\nv=STSv1; id=20240315T120000\nversion: STSv1\nmode: enforce\nmx: mx1.example.com\nmax_age: 1209600\n\
         --- new\nv=STSv1; id=20240401T120000\nversion: STSv1\nmode: enforce\nmx: mx1.example.com\nmax_age: 1209600\n",
    ),
    good: GOOD,
    check: Check::Change(|change, out| {
        let (Some(_), Some(_)) = (change.old.policy, change.new.policy) else { return };
        let Some((old, new)) = ids(change).filter(|(old, new)| old != new) else { return };
        if !texts_differ(change) {
            let (old, new) = (quote(old.as_bytes()), quote(new.as_bytes()));
            out.report_on(
                Subject::RecordSet,
                format_args!("the id goes from {old} to {new}, and the policy stays the same"),
            );
        }
    }),
};

pub(super) static OLD_POLICY: Rule = Rule {
    id: "ops-old-policy",
    severity: Severity::Warning,
    consequence: Consequence::Delivery,
    rfc: "RFC 8461 §4, §8.1",
    what: "the new policy leaves out a host that mail still goes to",
    why: "a sender that has the new policy and still sees the old MX records, which live on in DNS caches, holds mail \
          back from that host",
    instead: "list old and new hosts first; leave the old ones out once the old MX records have left the DNS caches",
    bad: Example::Change(
        "--- old\nMX mx1.example.com\nMX mx2.example.com\n\
         version: STSv1\nmode: enforce\nmx: mx1.example.com\nmx: mx2.example.com\nmax_age: 1209600\n\
         --- new\nMX mx1.example.com\nversion: STSv1\nmode: enforce\nmx: mx1.example.com\nmax_age: 1209600\n",
    ),
    good: Example::Change(
        "--- old\nMX mx1.example.com\nMX mx2.example.com\n\
         version: STSv1\nmode: enforce\nmx: mx1.example.com\nmx: mx2.example.com\nmax_age: 1209600\n\
         --- new\nMX mx1.example.com\n\
         version: STSv1\nmode: enforce\nmx: mx1.example.com\nmx: mx2.example.com\nmax_age: 1209600\n",
    ),
    check: Check::Change(|change, out| {
        if !change.dropped.is_empty() {
            let hosts = named(&change.dropped);
            let place = change.new.policy.and_then(|policy| policy.patterns().next()).map(|mx| mx.span);
            out.report_on(Subject::Policy, format_args!("the new policy does not list {hosts}")).span = place;
        }
    }),
};

pub(super) static ADD_MX: Rule = Rule {
    id: "ops-add-mx",
    severity: Severity::Warning,
    consequence: Consequence::Delivery,
    rfc: "RFC 8461 §4, §5, §8.1",
    what: "a new MX host is not in the copies that senders hold",
    why: "a sender that holds the old policy does not deliver to the new host; it looks for a new id before it gives a \
          message up, so that mail is at best delayed",
    instead: "publish the pattern, change the id, wait until the last copy has expired, then change the MX records",
    bad: Example::Change(
        "--- old\nMX mx1.example.com\nversion: STSv1\nmode: enforce\nmx: mx1.example.com\nmax_age: 1209600\n\
         --- new\nMX mx1.example.com\nMX mx2.example.com\n\
         version: STSv1\nmode: enforce\nmx: mx1.example.com\nmx: mx2.example.com\nmax_age: 1209600\n",
    ),
    good: Example::Change(
        "--- old\nMX mx1.example.com\n\
         version: STSv1\nmode: enforce\nmx: mx1.example.com\nmx: mx2.example.com\nmax_age: 1209600\n\
         --- new\nMX mx1.example.com\nMX mx2.example.com\n\
         version: STSv1\nmode: enforce\nmx: mx1.example.com\nmx: mx2.example.com\nmax_age: 1209600\n",
    ),
    check: Check::Change(|change, out| {
        if !change.refused.is_empty() {
            let (hosts, until) = (named(&change.refused), date::rfc3339(change.kept_until));
            out.report_on(
                Subject::Mx,
                format_args!("copies of the old policy, which last until {until}, do not list {hosts}"),
            );
        }
    }),
};

pub(super) static TESTING_LONG: Rule = Rule {
    id: "ops-testing-long",
    severity: Severity::Info,
    consequence: Consequence::Practice,
    rfc: "RFC 8461 §5",
    what: "the policy stays in mode testing",
    why: "mode testing protects no mail; it is meant to find out whether mode enforce is safe",
    instead: "go to mode enforce when reports are clean and every MX host is covered",
    bad: Example::Change(
        "--- old\nv=STSv1; id=20240315T120000\nversion: STSv1\nmode: testing\nmx: mx1.example.com\nmax_age: 604800\n\
         --- new\nv=STSv1; id=20240401T120000\nversion: STSv1\nmode: testing\nmx: mx1.example.com\nmax_age: 1209600\n",
    ),
    good: Example::Change(
        "--- old\nv=STSv1; id=20240315T120000\nversion: STSv1\nmode: testing\nmx: mx1.example.com\nmax_age: 604800\n\
         --- new\nv=STSv1; id=20240401T120000\nversion: STSv1\nmode: enforce\nmx: mx1.example.com\nmax_age: 1209600\n",
    ),
    check: Check::Change(|change, out| stays_in(Mode::Testing, change, out)),
};

pub(super) static ENFORCE_READY: Rule = Rule {
    id: "ops-enforce-ready",
    severity: Severity::Info,
    consequence: Consequence::Practice,
    rfc: "RFC 8461 §4, §5",
    what: "the policy goes to mode enforce",
    why: "from then on senders hold mail back from every host that fails: its name must match, it must offer STARTTLS, \
          and its certificate must be valid for its name",
    instead: "before, see to it that every MX host is matched, that the certificate of each is valid, and that reports \
              were clean for some weeks in mode testing",
    bad: Example::Change(
        "--- old\nversion: STSv1\nmode: testing\nmx: mx1.example.com\nmax_age: 604800\n\
         --- new\nversion: STSv1\nmode: enforce\nmx: mx1.example.com\nmax_age: 1209600\n",
    ),
    good: GOOD,
    check: Check::Change(|change, out| {
        let Some(new) = change.new.policy.filter(|policy| policy.mode() == Some(Mode::Enforce)) else {
            return;
        };
        let old = change.old.policy.and_then(Policy::mode);
        if old == Some(Mode::Enforce) {
            return;
        }
        let from = old.map_or("from no policy", |mode| match mode {
            Mode::Testing => "from mode testing",
            Mode::None | Mode::Enforce => "from mode none",
        });
        let finding = if let Some(coverage) = change.new.coverage {
            let all = coverage.hosts.len();
            let matched = all - coverage.uncovered().count();
            let message = format_args!("{from} to mode enforce; {matched} of {all} MX hosts match");
            out.report_on(Subject::Policy, message)
        } else {
            let message = format_args!("{from} to mode enforce; the MX hosts are not known here");
            out.report_on(Subject::Policy, message)
        };
        finding.span = new.mode.map(|mode| mode.span);
    }),
};

pub(super) static REMOVAL: Rule = Rule {
    id: "ops-removal",
    severity: Severity::Warning,
    consequence: Consequence::Delivery,
    rfc: "RFC 8461 §8.3",
    what: "the policy is removed by deleting it",
    why: "copies outlive it: a sender keeps to its copy until that expires, and nothing is left that would tell it to stop",
    instead: "serve `mode: none` with a small `max_age`, change the id, wait until the longest `max_age` ever served has \
              passed, then delete the record and after it the policy",
    bad: Example::Change(
        "--- old\nv=STSv1; id=20240315T120000\nversion: STSv1\nmode: enforce\nmx: mx1.example.com\nmax_age: 1209600\n\
         --- new\n",
    ),
    good: Example::Change(
        "--- old\nv=STSv1; id=20240315T120000\nversion: STSv1\nmode: enforce\nmx: mx1.example.com\nmax_age: 1209600\n\
         --- new\nv=STSv1; id=20240401T120000\nversion: STSv1\nmode: none\nmx: mx1.example.com\nmax_age: 86400\n",
    ),
    check: Check::Change(|change, out| {
        let Some(mode) = change.old.policy.and_then(Policy::mode).filter(|mode| *mode != Mode::None) else {
            return;
        };
        if change.new.policy.is_none() {
            let (mode, until) = (mode.as_str(), date::rfc3339(change.kept_until));
            out.report_on(
                Subject::Policy,
                format_args!("from mode {mode} to nothing; copies of the policy last until {until}"),
            );
        }
    }),
};

pub(super) static REMOVAL_NONE_KEPT: Rule = Rule {
    id: "ops-removal-none-kept",
    severity: Severity::Info,
    consequence: Consequence::Practice,
    rfc: "RFC 8461 §8.3",
    what: "mode none is kept",
    why: "it is a step on the way to no policy at all, and the record makes every sender fetch it",
    instead: "once every earlier policy has expired, delete the record, then the policy and its host",
    bad: Example::Change(
        "--- old\nv=STSv1; id=20240315T120000\nversion: STSv1\nmode: none\nmx: mx1.example.com\nmax_age: 86400\n\
         --- new\nv=STSv1; id=20240401T120000\nversion: STSv1\nmode: none\nmx: mx1.example.com\nmax_age: 604800\n",
    ),
    good: Example::Change(
        "--- old\nv=STSv1; id=20240315T120000\nversion: STSv1\nmode: none\nmx: mx1.example.com\nmax_age: 86400\n\
         --- new\n",
    ),
    check: Check::Change(|change, out| stays_in(Mode::None, change, out)),
};

/// Reports a policy that was in this mode and stays in it.
fn stays_in(mode: Mode, change: &Transition<'_>, out: &mut Findings) {
    let place = change.new.policy.and_then(|policy| policy.mode.filter(|is| is.value == Some(mode)));
    let was = change.old.policy.and_then(Policy::mode) == Some(mode);
    if let Some(place) = place.filter(|_| was) {
        out.report(place.span, format_args!("mode {} before and after", mode.as_str()));
    }
}

/// Old and new id, where both are known.
fn ids<'a>(change: &Transition<'a>) -> Option<(&'a str, &'a str)> {
    let id = |set: Option<&'a RecordSet>| set.and_then(RecordSet::policy_id);
    Some((id(change.old.record)?, id(change.new.record)?))
}

/// Whether there are two policies, and they are not the same octet for octet.
fn texts_differ(change: &Transition<'_>) -> bool {
    match (change.old.policy, change.new.policy) {
        (Some(old), Some(new)) => old.text.input != new.text.input,
        _ => false,
    }
}

/// The names of hosts for a message, not more than a reader takes in.
fn named(hosts: &[MxPattern<'_>]) -> String {
    let mut names: Vec<String> =
        hosts.iter().take(MAX_NAMED).map(|host| quote(host.to_string().as_bytes()).to_string()).collect();
    if let Some(more) = hosts.len().checked_sub(MAX_NAMED).filter(|n| *n > 0) {
        names.push(format!("{more} more"));
    }
    names.join(", ")
}
