//! Record, policy and reports of one domain that do not go together (RFC 8461 §3.1, §3.3, §5, §6).
//!
//! What is missing has an error or a warning of its own. These say what it means for whoever runs the domain, and so are
//! only worth knowing where that other finding is there.

use super::{Case, Check, Example, Findings, Rule};
use crate::evidence::{Hidden, HostAddresses, Reply, Seen};
use crate::finding::{Consequence, Severity, Subject};
use crate::model::{Mode, RecordSet};
use crate::quote::quote;

/// Record, policy and reports as they should be.
const GOOD: Example = Example::Evidence(
    "_mta-sts.example.com. TXT \"v=STSv1; id=20240315T120000\"\n\
     _smtp._tls.example.com. TXT \"v=TLSRPTv1; rua=mailto:tls-reports@example.com\"\n\n\
     version: STSv1\nmode: enforce\nmx: mx1.example.com\nmax_age: 1209600\n",
);

pub(super) static TXT_NO_POLICY: Rule = Rule {
    id: "ops-txt-no-policy",
    severity: Severity::Error,
    consequence: Consequence::Delivery,
    rfc: "RFC 8461 §3.3, §6",
    what: "a record without a policy",
    why: "a sender without a copy of an earlier policy delivers as if there were none, and counts a failure to report; \
          one with a copy keeps to it until it expires",
    instead: "serve the policy; to be rid of MTA-STS, serve one with `mode: none` until every copy has expired",
    bad: Example::Change(
        "--- old\nv=STSv1; id=20240315T120000\nversion: STSv1\nmode: none\nmx: mx1.example.com\nmax_age: 86400\n\
         --- new\nv=STSv1; id=20240315T120000\n",
    ),
    good: GOOD,
    check: Check::Case(|case, out| {
        let Some(id) = case.record.and_then(RecordSet::policy_id) else { return };
        let nowhere = match &case.evidence.policy {
            Seen::Yes(reply) => !reply.holds_policy(),
            Seen::Hidden(hidden) => *hidden == Hidden::NoAddress,
            Seen::NotAsked => false,
        };
        if nowhere {
            let id = quote(id.as_bytes());
            let finding = out.report_on(
                Subject::PolicyHost,
                format_args!("the record with the id {id} tells of a policy that cannot be fetched"),
            );
            // Why it cannot is then an error of its own.
            let seen = case.evidence.policy.yes().is_some_and(Reply::is_fetched)
                || case.evidence.policy_host.yes().is_some_and(HostAddresses::has_none);
            if seen {
                finding.severity(Severity::Info);
            }
        }
    }),
};

pub(super) static POLICY_NO_TXT: Rule = Rule {
    id: "ops-policy-no-txt",
    severity: Severity::Info,
    consequence: Consequence::Practice,
    rfc: "RFC 8461 §3.1",
    what: "a policy without a record",
    why: "no sender looks for it that does not hold a copy; one that does keeps to it until it expires",
    instead: "publish the record, or serve `mode: none` with a record until every copy has expired and then delete both",
    bad: Example::Evidence(
        "_mta-sts.example.com. TXT\n\nversion: STSv1\nmode: enforce\nmx: mx1.example.com\nmax_age: 1209600\n",
    ),
    good: GOOD,
    check: Check::Case(|case, out| {
        if case.policy.is_some() && case.record.is_some_and(|set| set.left() == 0) {
            out.report_on(
                Subject::RecordSet,
                format_args!("a policy is there, and no record that tells senders of it"),
            );
        }
    }),
};

pub(super) static TESTING_NO_RPT: Rule = Rule {
    id: "ops-testing-no-rpt",
    severity: Severity::Info,
    consequence: Consequence::Practice,
    rfc: "RFC 8461 §5, §6",
    what: "mode testing, and senders cannot report",
    why: "mode testing does nothing but have failures reported: without a valid TLSRPT record nobody hears of them, and \
          nobody knows when mode enforce is safe",
    instead: "publish a valid record at `_smtp._tls` before anything else",
    bad: Example::Evidence(
        "_smtp._tls.example.com. TXT\n\nversion: STSv1\nmode: testing\nmx: mx1.example.com\nmax_age: 604800\n",
    ),
    good: Example::Evidence(
        "_smtp._tls.example.com. TXT \"v=TLSRPTv1; rua=mailto:tls-reports@example.com\"\n\n\
         version: STSv1\nmode: testing\nmx: mx1.example.com\nmax_age: 604800\n",
    ),
    check: Check::Case(|case, out| without_reports(case, Mode::Testing, out)),
};

pub(super) static ENFORCE_NO_RPT: Rule = Rule {
    id: "ops-enforce-no-rpt",
    severity: Severity::Info,
    consequence: Consequence::Practice,
    rfc: "RFC 8461 §6",
    what: "mode enforce, and senders cannot report",
    why: "mail that is held back shows nowhere else before somebody complains",
    instead: "publish a valid record at `_smtp._tls`",
    bad: Example::Evidence(
        "_smtp._tls.example.com. TXT\n\nversion: STSv1\nmode: enforce\nmx: mx1.example.com\nmax_age: 1209600\n",
    ),
    good: GOOD,
    check: Check::Case(|case, out| without_reports(case, Mode::Enforce, out)),
};

/// Reports a policy of this mode where it is known that no sender finds out where to report to.
fn without_reports(case: &Case<'_>, mode: Mode, out: &mut Findings) {
    let in_mode = case.policy.is_some_and(|policy| policy.mode() == Some(mode));
    if in_mode && case.tlsrpt.is_some_and(|set| !set.is_usable()) {
        let mode = mode.as_str();
        out.report_on(
            Subject::TlsrptSet,
            format_args!("mode {mode} without a TLSRPT record that senders can use"),
        );
    }
}
