//! MX records and the hosts they name, by themselves (RFC 5321 §5.1, RFC 7505).

use super::{Case, Check, Example, Findings, Rule};
use crate::evidence::{HostAddresses, MxRecord};
use crate::finding::{Consequence, Severity, Subject};
use crate::quote::quote;
use alloc::format;
use alloc::string::String;
use core::net::{Ipv4Addr, Ipv6Addr};

/// A domain whose one MX host is as it should be.
const GOOD: Example =
    Example::Evidence("example.com. MX 10 mx1.example.com.\nmx1.example.com. A 192.0.2.25\n");

pub(super) static NULL_MX_MIXED: Rule = Rule {
    id: "cov-null-mx-mixed",
    severity: Severity::Error,
    consequence: Consequence::Delivery,
    rfc: "RFC 7505 §3",
    what: "a null MX stands beside other MX records",
    why: "it says that the domain takes no mail, the others say that it does; senders may believe either",
    instead: "delete the MX record whose host is `.`, or delete all others",
    bad: Example::Evidence(
        "example.com. MX 0 .\nexample.com. MX 10 mx1.example.com.\nmx1.example.com. A 192.0.2.25\n",
    ),
    good: GOOD,
    check: Check::Case(|case, out| {
        let others = records(case).iter().filter(|record| !record.host.is_empty()).count();
        if others > 0 && others < records(case).len() {
            let (is, records) = if others == 1 { ("is", "record") } else { ("are", "records") };
            out.report_on(
                Subject::Mx,
                format_args!("there is a null MX (`.`), and there {is} {others} other MX {records}"),
            );
        }
    }),
};

pub(super) static NULL_MX_PREFERENCE: Rule = Rule {
    id: "cov-null-mx-preference",
    severity: Severity::Info,
    consequence: Consequence::Practice,
    rfc: "RFC 7505 §3",
    what: "the preference of a null MX is not 0",
    why: "0 is what the RFC writes; the number has no effect",
    instead: "set it to 0: `MX 0 .`",
    bad: Example::Evidence("example.com. MX 10 .\n"),
    good: GOOD,
    check: Check::Case(|case, out| {
        for record in records(case).iter().filter(|record| record.host.is_empty() && record.preference != 0) {
            let preference = record.preference;
            out.report_on(Subject::Mx, format_args!("the null MX has preference {preference}"));
        }
    }),
};

pub(super) static NO_ADDRESS: Rule = Rule {
    id: "cov-mx-no-address",
    severity: Severity::Error,
    consequence: Consequence::Delivery,
    rfc: "RFC 5321 §5.1",
    what: "an MX host has no address",
    why: "no sender can connect to it; it helps nobody while the other hosts are down",
    instead: "give the host an A or AAAA record, or remove the MX record",
    bad: Example::Evidence("example.com. MX 10 mx1.example.com.\nmx1.example.com. NXDOMAIN\n"),
    good: GOOD,
    check: Check::Case(|case, out| {
        let dead = |host: &HostAddresses| host.has_none() && !is_address(&host.host);
        each_host(case, out, dead, |host| {
            format!("the MX host {} has no address", quote(host.host.as_bytes()))
        });
    }),
};

pub(super) static CNAME: Rule = Rule {
    id: "cov-mx-cname",
    severity: Severity::Warning,
    consequence: Consequence::Disputed,
    rfc: "RFC 5321 §5.1, RFC 2181 §10.3",
    what: "an MX host is an alias",
    why: "the name in an MX record must not be a CNAME, and some senders refuse it; pattern and certificate go by this \
          name, not by the one it leads to",
    instead: "let the MX record name the host itself",
    bad: Example::Evidence(
        "example.com. MX 10 mx1.example.com.\nmx1.example.com. CNAME mail.example.net.\nmail.example.net. A 192.0.2.25\n",
    ),
    good: GOOD,
    check: Check::Case(|case, out| {
        let target =
            |host: &HostAddresses| host.lookups().find_map(|l| l.aliases.first().map(|a| a.to.clone()));
        each_host(
            case,
            out,
            |host| target(host).is_some(),
            |host| {
                let to = target(host).unwrap_or_default();
                format!(
                    "the MX host {} is an alias for {}",
                    quote(host.host.as_bytes()),
                    quote(to.as_bytes())
                )
            },
        );
    }),
};

pub(super) static IP: Rule = Rule {
    id: "cov-mx-ip",
    severity: Severity::Error,
    consequence: Consequence::Delivery,
    rfc: "RFC 5321 §5.1",
    what: "an MX record holds an address instead of a name",
    why: "senders look it up as a name, and no such name exists",
    instead: "give the server a name with an A or AAAA record, and let the MX record hold that name",
    bad: Example::Evidence("example.com. MX 10 192.0.2.25.\n"),
    good: GOOD,
    check: Check::Case(|case, out| {
        each_host(
            case,
            out,
            |host| is_address(&host.host),
            |host| format!("the MX record holds the address {}, not a name", quote(host.host.as_bytes())),
        );
    }),
};

fn records<'a>(case: &Case<'a>) -> &'a [MxRecord] {
    case.evidence.mx.yes().map_or(&[], |lookup| lookup.records())
}

/// Reports each MX host that `is_at_fault`, once. The implicit MX host is not one of them: there is no record to mend.
fn each_host(
    case: &Case<'_>,
    out: &mut Findings,
    is_at_fault: impl Fn(&HostAddresses) -> bool,
    message: impl Fn(&HostAddresses) -> String,
) {
    if records(case).is_empty() {
        return;
    }
    let hosts = &case.evidence.mx_hosts;
    for (at, host) in hosts.iter().enumerate() {
        let is_repeat = hosts[..at].iter().any(|before| before.host.eq_ignore_ascii_case(&host.host));
        if !is_repeat && is_at_fault(host) {
            out.report_on(Subject::Mx, format_args!("{}", message(host)));
        }
    }
}

/// Whether a name is an address that somebody took for one.
fn is_address(name: &str) -> bool {
    name.parse::<Ipv4Addr>().is_ok() || name.parse::<Ipv6Addr>().is_ok()
}

#[cfg(test)]
mod tests {
    use crate::evidence::Evidence;

    #[track_caller]
    fn mx(notation: &str, expected: &[(&str, &str)]) {
        let evidence = Evidence::from_notation(notation).unwrap();
        let findings = crate::Reading::of(&evidence).findings();
        let found: Vec<_> = findings
            .iter()
            .filter(|finding| finding.rule.id.starts_with("cov-"))
            .map(|finding| (finding.rule.id, &*finding.message))
            .collect();
        assert_eq!(found, expected, "{notation:?}");
    }

    #[test]
    fn hosts_are_judged_one_by_one() {
        let none = "the MX host `a.example` has no address";
        mx("example.com. MX 10 a.example.\na.example. TXT \"x\"", &[("cov-mx-no-address", none)]);
        mx("example.com. MX 10 a.example.\na.example. SERVFAIL", &[]); // not known: not a fault
        mx("example.com. MX 10 a.example.", &[]); // not asked for
        mx("example.com. MX 10 a.example.\na.example. AAAA 2001:db8::1", &[]); // IPv6 alone is an address
        mx("example.com. NXDOMAIN", &[]); // no MX record to mend
        let twice = "example.com. MX 10 a.example.\nexample.com. MX 20 A.example.\na.example. NXDOMAIN";
        mx(twice, &[("cov-mx-no-address", none)]);
        let alias = "the MX host `a.example` is an alias for `b.example`";
        let dead = "example.com. MX 10 a.example.\na.example. CNAME b.example.\nb.example. NXDOMAIN";
        mx(dead, &[("cov-mx-no-address", none), ("cov-mx-cname", alias)]);
        let address = "the MX record holds the address `192.0.2.1`, not a name";
        mx("example.com. MX 10 192.0.2.1.\n192.0.2.1. NXDOMAIN", &[("cov-mx-ip", address)]); // said once
    }

    #[test]
    fn a_null_mx_stands_alone() {
        mx("example.com. MX 0 .", &[]);
        mx("example.com. MX 1 .", &[("cov-null-mx-preference", "the null MX has preference 1")]);
        let two = "there is a null MX (`.`), and there are 2 other MX records";
        mx(
            "example.com. MX 0 .\nexample.com. MX 10 a.example.\nexample.com. MX 20 b.example.",
            &[("cov-null-mx-mixed", two)],
        );
    }
}
