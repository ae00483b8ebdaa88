//! The MX hosts of a domain, looked up by themselves.

use super::build::{domain, mx_lookup};
use super::{DomainReport, LookupReport, rcode};
use crate::evidence::{Evidence, MxRecord, Outcome};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use serde::Serialize;

/// The MX hosts of a domain.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct MxLookup {
    /// The domain that was asked about.
    pub domain: DomainReport,
    /// What came of it, in one word.
    pub outcome: MxOutcome,
    /// The same in a sentence, with the domain's name.
    pub sentence: String,
    /// The hosts, in the order in which senders try them. A null MX is none.
    pub hosts: Vec<MxHost>,
    /// The question, and what came back.
    pub lookup: LookupReport,
}

/// A host that an MX record names.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct MxHost {
    /// The preference: lower is tried first.
    pub preference: u16,
    /// The host, without the final dot; `.` for a null MX beside others.
    pub host: String,
}

/// What came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub enum MxOutcome {
    /// There are hosts.
    Found,
    /// The domain says that it takes no mail (RFC 7505).
    NullMx,
    /// There is no MX record, so that the domain is its own host (RFC 5321 §5.1).
    Empty,
    /// The domain does not exist.
    NoSuchName,
    /// A resolver answered that it cannot say.
    Failed,
    /// No resolver answered.
    Unreachable,
}

/// Writes down what was seen of the MX records; `None` where nobody asked for them.
#[must_use]
pub fn mx(evidence: &Evidence) -> Option<MxLookup> {
    let (seen, domain) = (evidence.mx.yes()?, domain(evidence)?);
    let name = &domain.name;
    let mut hosts = Vec::new();
    let (outcome, sentence) = match &seen.outcome {
        Outcome::Found { records, .. } => match &records[..] {
            [MxRecord { host, .. }] if host.is_empty() => {
                (MxOutcome::NullMx, format!("{name} takes no mail: its MX record is a null MX (RFC 7505)."))
            }
            records => {
                for MxRecord { preference, host } in records {
                    let host = if host.is_empty() { "." } else { host };
                    hosts.push(MxHost { preference: *preference, host: host.into() });
                }
                let plural = if hosts.len() == 1 { "" } else { "s" };
                (MxOutcome::Found, format!("{name} has {} MX host{plural}.", hosts.len()))
            }
        },
        Outcome::Empty => (
            MxOutcome::Empty,
            format!("{name} has no MX record: mail goes to its own addresses (RFC 5321 §5.1)."),
        ),
        Outcome::NoSuchName => {
            (MxOutcome::NoSuchName, format!("{name} does not exist: the DNS answers NXDOMAIN."))
        }
        Outcome::Failed { rcode: code } => {
            let code = rcode(*code);
            (MxOutcome::Failed, format!("The resolver cannot say which MX hosts {name} has: {code}."))
        }
        Outcome::Unreachable { reason } => {
            (MxOutcome::Unreachable, format!("Which MX hosts {name} has is not known: {reason}."))
        }
    };
    Some(MxLookup { outcome, sentence, hosts, lookup: mx_lookup(seen), domain })
}

#[cfg(test)]
mod tests {
    use super::{MxOutcome, mx};
    use crate::evidence::{Evidence, Lookup, MxRecord, Outcome, Seen};
    use crate::model::Domain;

    #[track_caller]
    fn says(outcome: Outcome<MxRecord>, expected: MxOutcome, hosts: &[(u16, &str)], sentence: &str) {
        let evidence = Evidence {
            domain: Some(Domain::read("a.example").unwrap()),
            mx: Seen::Yes(Lookup { outcome, ..Lookup::given("a.example", Vec::new()) }),
            ..Evidence::default()
        };
        let found = mx(&evidence).unwrap();
        let listed: Vec<_> = found.hosts.iter().map(|mx| (mx.preference, &*mx.host)).collect();
        assert_eq!((found.outcome, &*found.sentence, &*listed), (expected, sentence, hosts));
        assert_eq!((found.lookup.kind, &*found.lookup.name), ("MX", "a.example"));
    }

    fn found(hosts: &[(u16, &str)]) -> Outcome<MxRecord> {
        let record =
            |(preference, host): &(u16, &str)| MxRecord { preference: *preference, host: (*host).into() };
        Outcome::Found { records: hosts.iter().map(record).collect(), ttl: 300 }
    }

    #[test]
    fn each_outcome_has_its_words() {
        use MxOutcome::{Empty, Failed, Found, NoSuchName, NullMx, Unreachable};
        says(found(&[(10, "mx.example")]), Found, &[(10, "mx.example")], "a.example has 1 MX host.");
        says(found(&[(10, "b"), (20, "c")]), Found, &[(10, "b"), (20, "c")], "a.example has 2 MX hosts.");
        let null = "a.example takes no mail: its MX record is a null MX (RFC 7505).";
        says(found(&[(0, "")]), NullMx, &[], null);
        says(found(&[(0, ""), (1, "b")]), Found, &[(0, "."), (1, "b")], "a.example has 2 MX hosts."); // a rule minds
        let empty = "a.example has no MX record: mail goes to its own addresses (RFC 5321 §5.1).";
        says(Outcome::Empty, Empty, &[], empty);
        says(Outcome::NoSuchName, NoSuchName, &[], "a.example does not exist: the DNS answers NXDOMAIN.");
        let failed = "The resolver cannot say which MX hosts a.example has: SERVFAIL.";
        says(Outcome::Failed { rcode: 2 }, Failed, &[], failed);
        let offline = Outcome::Unreachable { reason: "offline".into() };
        says(offline, Unreachable, &[], "Which MX hosts a.example has is not known: offline.");
        assert!(mx(&Evidence::default()).is_none());
    }
}
