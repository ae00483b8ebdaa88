//! Names, delegation and lookups that fail (RFC 8461 §3.1, §8.2).

use super::{Case, Check, Example, Rule};
use crate::dns::rcode_name;
use crate::evidence::{Alias, HostAddresses, Lookup, Nearby, NearbyKind, Outcome, TxtRecord};
use crate::finding::{Consequence, Severity, Subject};
use crate::quote::quote;
use alloc::string::String;
use alloc::vec::Vec;

/// A domain whose record is where it should be.
const GOOD: Example = Example::Evidence("_mta-sts.example.com. TXT \"v=STSv1; id=20240315T120000\"\n");

pub(super) static SUBDOMAIN: Rule = Rule {
    id: "dns-subdomain",
    severity: Severity::Warning,
    consequence: Consequence::Practice,
    rfc: "RFC 8461 §3.4",
    what: "a domain that takes mail relies on the record of its parent",
    why: "nothing is inherited: mail to the subdomain is not protected",
    instead: "give the subdomain a record, a policy host and a certificate of its own",
    bad: Example::Evidence(
        "dept.example.com. MX 10 mx1.example.com.\n_mta-sts.dept.example.com. NXDOMAIN\n\
         _mta-sts.example.com. TXT \"v=STSv1; id=20240315T120000\"\n",
    ),
    good: Example::Evidence(
        "dept.example.com. MX 10 mx1.example.com.\n_mta-sts.dept.example.com. TXT \"v=STSv1; id=20240315T120000\"\n",
    ),
    check: Check::Case(|case, out| {
        let takes_mail =
            case.evidence.mx.yes().is_some_and(|mx| mx.records().iter().any(|mx| !mx.host.is_empty()));
        if !takes_mail || case.evidence.record.yes().is_none_or(|record| !record.records().is_empty()) {
            return;
        }
        for parent in nearby(case, NearbyKind::Parent).filter(|nearby| begins(&nearby.lookup, b"v=STSv1")) {
            let name = quote(parent.lookup.name.as_bytes());
            out.report_on(
                Subject::RecordSet,
                format_args!("there is a record at {name}, which does not hold for this domain"),
            );
        }
    }),
};

pub(super) static CNAME: Rule = Rule {
    id: "dns-cname",
    severity: Severity::Info,
    consequence: Consequence::Practice,
    rfc: "RFC 8461 §3.1",
    what: "the record is delegated by a CNAME",
    why: "senders follow it; the id is then the other side's to change",
    instead: "nothing, as long as the other side changes the id whenever the policy changes",
    bad: Example::Evidence(
        "_mta-sts.example.com. CNAME example.com._mta-sts.example.net.\n\
         example.com._mta-sts.example.net. TXT \"v=STSv1; id=20240315T120000\"\n",
    ),
    good: GOOD,
    check: Check::Case(|case, out| {
        let Some(record) = case.evidence.record.yes().filter(|record| !record.records().is_empty()) else {
            return;
        };
        if let Some(alias) = record.aliases.last() {
            let (name, to) = (quote(record.name.as_bytes()), quote(alias.to.as_bytes()));
            out.report_on(Subject::RecordSet, format_args!("{name} is an alias for {to}"));
        }
    }),
};

pub(super) static CNAME_DANGLING: Rule = Rule {
    id: "dns-cname-dangling",
    severity: Severity::Error,
    consequence: Consequence::Refused,
    rfc: "RFC 8461 §3.1, §8.2",
    what: "a CNAME leads to a name without a TXT record",
    why: "senders find no record at the end of the chain",
    instead: "ask the provider for the right target, or publish the record here",
    bad: Example::Evidence("_mta-sts.example.com. CNAME gone.example.net.\ngone.example.net. NXDOMAIN\n"),
    good: GOOD,
    check: Check::Case(|case, out| {
        let lookups =
            [(Subject::RecordSet, &case.evidence.record), (Subject::TlsrptSet, &case.evidence.tlsrpt)];
        for (subject, seen) in lookups {
            let Some(lookup) = seen.yes().filter(|l| l.is_answered() && l.records().is_empty()) else {
                continue;
            };
            let Some(Alias { to, .. }) = lookup.aliases.last() else { continue };
            let end = if matches!(lookup.outcome, Outcome::NoSuchName) {
                "does not exist"
            } else {
                "has no TXT record"
            };
            let (name, to) = (quote(lookup.name.as_bytes()), quote(to.as_bytes()));
            let found = out.report_on(subject, format_args!("{name} is an alias for {to}, which {end}"));
            if subject == Subject::TlsrptSet {
                // Reports are for the domain's own good; mail does not depend on them.
                found.severity(Severity::Warning);
            }
        }
    }),
};

pub(super) static CNAME_AND_TXT: Rule = Rule {
    id: "dns-cname-and-txt",
    severity: Severity::Error,
    consequence: Consequence::Refused,
    rfc: "RFC 1034 §3.6.2",
    what: "a CNAME stands beside other records at one name",
    why: "resolvers give the one or the other, so that senders see different records",
    instead: "keep the CNAME or the TXT record, not both",
    bad: Example::Evidence(
        "_mta-sts.example.com. CNAME sts.example.net.\n_mta-sts.example.com. TXT \"v=STSv1; id=20240315T120000\"\n\
         sts.example.net. TXT \"v=STSv1; id=20240315T120000\"\n",
    ),
    good: GOOD,
    check: Check::Case(|case, out| {
        let lookups =
            [(Subject::RecordSet, &case.evidence.record), (Subject::TlsrptSet, &case.evidence.tlsrpt)];
        for (subject, seen) in lookups {
            let aliases = seen.yes().map_or(&[][..], |lookup| &lookup.aliases);
            for alias in aliases.iter().filter(|alias| alias.beside) {
                let name = quote(alias.from.as_bytes());
                out.report_on(subject, format_args!("{name} has a CNAME and a TXT record"));
            }
        }
    }),
};

pub(super) static DELEGATION_HALF: Rule = Rule {
    id: "dns-delegation-half",
    severity: Severity::Warning,
    consequence: Consequence::Practice,
    rfc: "RFC 8461 §8.2",
    what: "record and policy host are not in the same hands",
    why: "whoever changes the policy must change the id too, and here one of them is somebody else's",
    instead: "delegate both or neither, or agree who changes the id when the policy changes",
    bad: Example::Evidence(
        "_mta-sts.example.com. CNAME example.com._mta-sts.example.net.\n\
         example.com._mta-sts.example.net. TXT \"v=STSv1; id=20240315T120000\"\nmta-sts.example.com. A 192.0.2.1\n",
    ),
    good: Example::Evidence(
        "_mta-sts.example.com. TXT \"v=STSv1; id=20240315T120000\"\nmta-sts.example.com. A 192.0.2.1\n",
    ),
    check: Check::Case(|case, out| {
        let Some(record) = case.evidence.record.yes().filter(|record| !record.records().is_empty()) else {
            return;
        };
        let Some(host) = case.evidence.policy_host.yes().filter(|host| host.addresses().next().is_some())
        else {
            return;
        };
        let host_alias = host.lookups().find_map(|lookup| lookup.aliases.last());
        let (record_name, host_name) = (quote(record.name.as_bytes()), quote(host.host.as_bytes()));
        match (record.aliases.last(), host_alias) {
            (Some(to), None) => {
                let to = quote(to.to.as_bytes());
                out.report_on(
                    Subject::RecordSet,
                    format_args!("{record_name} is delegated to {to}, {host_name} is not delegated"),
                );
            }
            // A file on somebody's web hosting with the record kept at home is common, and works.
            (None, Some(to)) => {
                let to = quote(to.to.as_bytes());
                out.report_on(
                    Subject::RecordSet,
                    format_args!("{host_name} is delegated to {to}, {record_name} is not delegated"),
                )
                .severity(Severity::Info);
            }
            (None, None) | (Some(_), Some(_)) => {}
        }
    }),
};

pub(super) static NAME_TYPO: Rule = Rule {
    id: "dns-name-typo",
    severity: Severity::Error,
    consequence: Consequence::Refused,
    rfc: "RFC 8461 §3.1, RFC 8460 §3",
    what: "what should be at the right name is at one near it",
    why: "senders look at the right name only",
    instead: "move it to the right name: `_mta-sts` for the record, `mta-sts` for the policy host, `_smtp._tls` for TLSRPT",
    bad: Example::Evidence(
        "_mta-sts.example.com. NXDOMAIN\n_mta_sts.example.com. TXT \"v=STSv1; id=20240315T120000\"\n",
    ),
    good: GOOD,
    check: Check::Case(|case, out| {
        for Nearby { kind, lookup } in &case.evidence.nearby {
            let (subject, what, of) = match kind {
                NearbyKind::RecordTypo if begins(lookup, b"v=STSv1") => {
                    (Subject::RecordSet, "a record", &case.evidence.record)
                }
                NearbyKind::TlsrptTypo if begins(lookup, b"v=TLSRPTv1") => {
                    (Subject::TlsrptSet, "a TLSRPT record", &case.evidence.tlsrpt)
                }
                NearbyKind::HostTypo if !lookup.records().is_empty() => {
                    let name = quote(lookup.name.as_bytes());
                    let Some(host) = case.evidence.policy_host.yes() else { continue };
                    let right = quote(host.host.as_bytes());
                    out.report_on(
                        Subject::PolicyHost,
                        format_args!("there is a host at {name}, none at {right}"),
                    );
                    continue;
                }
                _ => continue,
            };
            let right = of.yes().map_or("", |lookup| &*lookup.name);
            let (name, right) = (quote(lookup.name.as_bytes()), quote(right.as_bytes()));
            let found = out.report_on(subject, format_args!("there is {what} at {name}, none at {right}"));
            if subject == Subject::TlsrptSet {
                found.severity(Severity::Warning);
            }
        }
    }),
};

pub(super) static WILDCARD: Rule = Rule {
    id: "dns-wildcard",
    severity: Severity::Warning,
    consequence: Consequence::Practice,
    rfc: "RFC 8461 §3.1, RFC 4592 §2",
    what: "a DNS wildcard answers where a record should be",
    why: "what it gives at this name was meant for others, and some senders count it",
    instead: "publish the record at this name: the wildcard then no longer answers for it",
    bad: Example::Evidence(
        "_mta-sts.example.com. TXT \"v=spf1 -all\"\n_mta-sts-wildcard-test.example.com. TXT \"v=spf1 -all\"\n",
    ),
    good: GOOD,
    check: Check::Case(|case, out| {
        for wildcard in nearby(case, NearbyKind::Wildcard).filter(|nearby| answers(&nearby.lookup)) {
            let lookups = [
                (Subject::RecordSet, &case.evidence.record, &b"v=STSv1"[..]),
                (Subject::TlsrptSet, &case.evidence.tlsrpt, b"v=TLSRPTv1"),
            ];
            for (subject, seen, version) in lookups {
                let Some(lookup) = seen.yes().filter(|lookup| answers(lookup) && !begins(lookup, version))
                else {
                    continue;
                };
                let targets =
                    |lookup: &Lookup<TxtRecord>| lookup.aliases.last().map(|alias| alias.to.clone());
                // What the wildcard does not give comes from elsewhere.
                if lookup.records() == wildcard.lookup.records()
                    && targets(lookup) == targets(&wildcard.lookup)
                {
                    let name = quote(lookup.name.as_bytes());
                    out.report_on(subject, format_args!("a wildcard answers for {name}"));
                }
            }
        }
    }),
};

pub(super) static SERVFAIL: Rule = Rule {
    id: "dns-servfail",
    severity: Severity::Warning,
    consequence: Consequence::Delivery,
    rfc: "RFC 8461 §3.1, §3.3",
    what: "a lookup fails",
    why: "a failed lookup is not the absence of a record: senders keep the policy they have, and new ones find none; \
          a common cause is DNSSEC whose signatures do not verify",
    instead: "check the zone's name servers and its DNSSEC signatures, then check again",
    bad: Example::Evidence("_mta-sts.example.com. SERVFAIL\n"),
    good: GOOD,
    check: Check::Case(|case, out| {
        let evidence = case.evidence;
        let hosts = |hosts: &[HostAddresses]| -> Vec<(String, u16)> {
            hosts.iter().filter_map(|host| host.lookups().find_map(failed)).collect()
        };
        let policy_host = evidence.policy_host.yes().map_or(&[][..], core::slice::from_ref);
        for (subject, failed) in [
            (Subject::RecordSet, Vec::from_iter(evidence.record.yes().and_then(failed))),
            (Subject::PolicyHost, hosts(policy_host)),
            (Subject::Mx, Vec::from_iter(evidence.mx.yes().and_then(failed))),
            (Subject::Mx, hosts(&evidence.mx_hosts)),
            (Subject::TlsrptSet, Vec::from_iter(evidence.tlsrpt.yes().and_then(failed))),
        ] {
            for (name, rcode) in failed {
                let (name, rcode) = (quote(name.as_bytes()), rcode_name(rcode));
                out.report_on(subject, format_args!("the lookup of {name} fails ({rcode})"));
            }
        }
    }),
};

/// The name and the RCODE of a lookup that failed.
fn failed<T>(lookup: &Lookup<T>) -> Option<(String, u16)> {
    let Outcome::Failed { rcode } = lookup.outcome else { return None };
    Some((lookup.name.clone(), rcode))
}

fn nearby<'a>(case: &Case<'a>, kind: NearbyKind) -> impl Iterator<Item = &'a Nearby> {
    case.evidence.nearby.iter().filter(move |nearby| nearby.kind == kind)
}

/// Whether a lookup gives anything at all.
fn answers(lookup: &Lookup<TxtRecord>) -> bool {
    !(lookup.records().is_empty() && lookup.aliases.is_empty())
}

/// Whether a record begins with `version`, whatever its letter case.
fn begins(lookup: &Lookup<TxtRecord>, version: &[u8]) -> bool {
    lookup.records().iter().any(|record| record.begins_with(version))
}

#[cfg(test)]
mod tests {
    use crate::evidence::Evidence;
    use crate::finding::Severity::{self, Error, Info, Warning};

    #[track_caller]
    fn dns(notation: &str, expected: &[(Severity, &str, &str)]) {
        let evidence = Evidence::from_notation(notation).unwrap();
        let findings = crate::Reading::of(&evidence).findings();
        let found: Vec<_> = findings
            .iter()
            .filter(|finding| finding.rule.id.starts_with("dns-"))
            .map(|finding| (finding.severity, finding.rule.id, &*finding.message))
            .collect();
        assert_eq!(found, expected, "{notation:?}");
    }

    const RECORD: &str = "_mta-sts.example.com. TXT \"v=STSv1; id=1\"\n";

    #[test]
    fn an_alias_is_followed_to_its_end() {
        let chain = "_mta-sts.example.com. CNAME a.example.\na.example. CNAME b.example.\n";
        let to = "`_mta-sts.example.com` is an alias for `b.example`";
        dns(&format!("{chain}b.example. TXT \"v=STSv1; id=1\""), &[(Info, "dns-cname", to)]);
        let gone = format!("{to}, which does not exist");
        dns(&format!("{chain}b.example. NXDOMAIN"), &[(Error, "dns-cname-dangling", &gone)]);
        let empty = format!("{to}, which has no TXT record");
        dns(&format!("{chain}b.example. A 192.0.2.1"), &[(Error, "dns-cname-dangling", &empty)]);
        let failed = "the lookup of `_mta-sts.example.com` fails (SERVFAIL)";
        dns(&format!("{chain}b.example. SERVFAIL"), &[(Warning, "dns-servfail", failed)]); // not known to be empty
        let reports = "`_smtp._tls.example.com` is an alias for `gone.example`, which does not exist";
        dns(
            &format!("{RECORD}_smtp._tls.example.com. CNAME gone.example.\ngone.example. NXDOMAIN"),
            &[(Warning, "dns-cname-dangling", reports)], // mail does not depend on reports
        );
    }

    #[test]
    fn delegation_is_whole_or_not() {
        let record = "_mta-sts.example.com. CNAME a.example.\na.example. TXT \"v=STSv1; id=1\"\n";
        let alias = (Info, "dns-cname", "`_mta-sts.example.com` is an alias for `a.example`");
        let host = "mta-sts.example.com. CNAME b.example.\nb.example. A 192.0.2.1\n";
        dns(&format!("{record}{host}"), &[alias]);
        let half =
            "`_mta-sts.example.com` is delegated to `a.example`, `mta-sts.example.com` is not delegated";
        dns(
            &format!("{record}mta-sts.example.com. A 192.0.2.1"),
            &[(Warning, "dns-delegation-half", half), alias],
        );
        let hosted =
            "`mta-sts.example.com` is delegated to `b.example`, `_mta-sts.example.com` is not delegated";
        dns(&format!("{RECORD}{host}"), &[(Info, "dns-delegation-half", hosted)]); // common, and works
        dns(record, &[alias]); // nothing is known of the host
    }

    #[test]
    fn names_near_the_right_one_are_looked_at_where_it_is_empty() {
        let none = "_mta-sts.example.com. NXDOMAIN\n";
        let found = |name: &str| format!("there is a record at `{name}`, none at `_mta-sts.example.com`");
        for name in ["mta-sts.example.com", "_mta_sts.example.com", "_mta-sts.example.com.example.com"] {
            let world = format!("{none}{name}. TXT \"v=STSv1; id=1\"");
            dns(&world, &[(Error, "dns-name-typo", &found(name))]);
        }
        dns(&format!("{none}mta-sts.example.com. TXT \"v=spf1 -all\""), &[]); // something else
        dns(&format!("{RECORD}_mta_sts.example.com. TXT \"v=STSv1; id=1\""), &[]); // the right one is there
        let drafts =
            "there is a TLSRPT record at `_smtp-tlsrpt.example.com`, none at `_smtp._tls.example.com`";
        dns(
            &format!(
                "{RECORD}_smtp._tls.example.com. NXDOMAIN\n_smtp-tlsrpt.example.com. TXT \"v=TLSRPTv1; rua=x\""
            ),
            &[(Warning, "dns-name-typo", drafts)],
        );
        let host = "there is a host at `_mta-sts.example.com`, none at `mta-sts.example.com`";
        dns(
            "_mta-sts.example.com. A 192.0.2.1\nmta-sts.example.com. NXDOMAIN",
            &[(Error, "dns-name-typo", host)],
        );
    }

    #[test]
    fn a_parent_gives_nothing() {
        let parent = "_mta-sts.a.example.com. NXDOMAIN\n_mta-sts.example.com. TXT \"v=STSv1; id=1\"\n";
        let found = "there is a record at `_mta-sts.example.com`, which does not hold for this domain";
        dns(&format!("{parent}a.example.com. MX 10 mx.example.com."), &[(Warning, "dns-subdomain", found)]);
        dns(&format!("{parent}a.example.com. MX 0 ."), &[]); // takes no mail
        dns(&format!("{parent}a.example.com. MX"), &[]); // nor this
    }

    #[test]
    fn a_wildcard_is_told_by_a_name_nobody_publishes() {
        let wildcard = "_mta-sts-wildcard-test.example.com. TXT \"x\"\n";
        let found = "a wildcard answers for `_mta-sts.example.com`";
        dns(&format!("_mta-sts.example.com. TXT \"x\"\n{wildcard}"), &[(Warning, "dns-wildcard", found)]);
        dns(&format!("_mta-sts.example.com. TXT \"y\"\n{wildcard}"), &[]); // published, whatever it is
        dns(&format!("{RECORD}{wildcard}"), &[]); // covered by the record
        let alias = "_mta-sts.example.com. CNAME w.example.\n_mta-sts-wildcard-test.example.com. CNAME w.example.\nw.example. A 192.0.2.1";
        let dangling = "`_mta-sts.example.com` is an alias for `w.example`, which has no TXT record";
        dns(alias, &[(Error, "dns-cname-dangling", dangling), (Warning, "dns-wildcard", found)]);
    }

    #[test]
    fn a_failed_lookup_is_not_an_empty_one() {
        let failed = |name: &str| format!("the lookup of `{name}` fails (SERVFAIL)");
        let world = "_mta-sts.example.com. SERVFAIL\nexample.com. MX 10 a.example.\na.example. SERVFAIL\n";
        dns(
            world,
            &[
                (Warning, "dns-servfail", &failed("_mta-sts.example.com")),
                (Warning, "dns-servfail", &failed("a.example")),
            ],
        );
        dns("_mta-sts.example.com. UNREACHABLE timed out", &[]); // what cannot be seen is no fault
    }
}
