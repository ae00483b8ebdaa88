//! The outcome in a sentence: who does what with mail to the domain.

use super::{Verdict, VerdictOutcome};
use crate::evidence::{Hidden, Outcome, Seen};
use crate::finding::{Finding, Subject};
use crate::model::coverage::Extent;
use crate::model::{Coverage, Mode, Policy};
use crate::review::Reading;
use alloc::borrow::ToOwned;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt::{self, Display, Formatter};

/// The most hosts a sentence names.
const MAX_NAMED: usize = 3;

/// What decides the verdict on one part.
enum Part<T> {
    /// It is there and a strict sender can use it.
    Usable(T),
    /// It is there, or should be, and no strict sender can use it: the reason, as a clause.
    Unusable(String),
    /// There is none.
    Absent,
    /// It could not be seen: the reason, as a clause.
    Unseen(String),
    /// Nobody asked.
    NotAsked,
}

/// Judges everything that was read.
pub(super) fn verdict(reading: &Reading<'_>, findings: &[Finding]) -> Verdict {
    let whom = Whom(reading);
    let record = record(reading, findings);
    let policy = policy(reading, findings);
    if let (Part::NotAsked, Part::NotAsked) = (&record, &policy) {
        return without_policy(reading, findings);
    }
    match (record, policy) {
        (Part::Unusable(why), _) => not_applied(&whom, &why),
        (Part::Unseen(why), _) => Verdict {
            outcome: VerdictOutcome::Unknown,
            sentence: format!("Whether {whom} publishes MTA-STS cannot be seen from here: {why}."),
            consequence: "A failed lookup is not an absent record; senders that hold a policy keep it."
                .into(),
        },
        (Part::Absent, Part::Usable(_) | Part::Unusable(_)) if reading.evidence.policy.yes().is_some() => {
            not_applied(&whom, "there is no record at `_mta-sts` that tells them to look for it")
        }
        (Part::Absent, _) => Verdict {
            outcome: VerdictOutcome::Absent,
            sentence: format!("{} does not publish MTA-STS.", capital(&whom.to_string())),
            consequence:
                "Senders deliver to it with TLS where they find it, without checking whom they talk to."
                    .into(),
        },
        (_, Part::Unusable(why)) => not_applied(&whom, &why),
        (Part::Usable(id), Part::NotAsked) => Verdict {
            outcome: VerdictOutcome::Usable,
            sentence: format!("Senders find one record, with the id {id}."),
            consequence: "They fetch the policy when the id differs from the one they hold.".into(),
        },
        (_, Part::Unseen(why)) => Verdict {
            outcome: VerdictOutcome::Unknown,
            sentence: format!("The policy of {whom} cannot be seen from here: {why}."),
            consequence: "This says nothing about how senders fare, who are not bound by a browser's rules."
                .into(),
        },
        (_, Part::Absent | Part::NotAsked) => not_applied(&whom, "there is no policy to apply"),
        (record, Part::Usable(policy)) => applied(reading, &whom, &record, policy),
    }
}

/// Senders that follow the RFC find something and apply nothing.
fn not_applied(whom: &Whom<'_, '_>, why: &str) -> Verdict {
    Verdict {
        outcome: VerdictOutcome::NotApplied,
        sentence: match whom.0.evidence.domain {
            Some(_) => format!("No sender that follows RFC 8461 applies a policy to {whom}, because {why}."),
            None => format!("No sender that follows RFC 8461 can use this, because {why}."),
        },
        consequence:
            "Mail is delivered as if there were no MTA-STS; a sender that holds an older policy keeps to it \
                      until it expires."
                .into(),
    }
}

/// The policy is usable and, where a record was asked for, senders are told of it.
fn applied(
    reading: &Reading<'_>,
    whom: &Whom<'_, '_>,
    record: &Part<String>,
    policy: &Policy<'_>,
) -> Verdict {
    let lasting = policy.max_age().map(|age| age.to_string()).unwrap_or_default();
    let subject = match record {
        Part::NotAsked => "Senders that honour MTA-STS and find this policy",
        _ => "Senders that honour MTA-STS",
    };
    let verdict = |outcome, sentence, consequence| Verdict { outcome, sentence, consequence };
    let coverage = reading.coverage.as_ref();
    if coverage.is_some_and(|coverage| coverage.extent == Extent::NullMx) {
        return verdict(
            VerdictOutcome::Inactive,
            format!("{} takes no mail: it has a null MX.", capital(&whom.to_string())),
            "The policy has nothing to act on.".into(),
        );
    }
    if reading.has_no_mail_host() {
        return verdict(
            VerdictOutcome::Inactive,
            format!(
                "{} takes no mail: it has neither an MX record nor an address.",
                capital(&whom.to_string())
            ),
            "The policy has nothing to act on.".into(),
        );
    }
    match policy.mode() {
        Some(Mode::None) | None => verdict(
            VerdictOutcome::Inactive,
            format!("{subject} treat {whom} as a domain without a policy (mode none)."),
            format!("They look again when their copy is {lasting} old, or when the id changes."),
        ),
        Some(Mode::Testing) => verdict(
            VerdictOutcome::Testing,
            format!(
                "{subject} deliver to {whom} whether or not TLS can be verified, and report failures (mode testing)."
            ),
            match coverage.map(|coverage| (coverage, coverage.uncovered().count())) {
                Some((coverage, n)) if n > 0 => {
                    let hosts = uncovered(coverage);
                    format!(
                        "After a switch to mode enforce they would not deliver to {hosts}, which no pattern matches."
                    )
                }
                Some(_) => "Every MX host matches the policy; mode enforce is what protects.".into(),
                None => "Mode enforce is what protects.".into(),
            },
        ),
        Some(Mode::Enforce) => enforced(reading, whom, subject, &lasting, policy),
    }
}

fn enforced(
    reading: &Reading<'_>,
    whom: &Whom<'_, '_>,
    subject: &str,
    lasting: &str,
    policy: &Policy<'_>,
) -> Verdict {
    let kept = format!("They keep the policy for {lasting}.");
    let Some(coverage) = &reading.coverage else {
        let patterns: Vec<String> = policy.patterns().map(|mx| mx.value.to_string()).collect();
        let patterns = list(patterns.iter().map(String::as_str));
        let sentence = format!("{subject} deliver to {whom} only over verified TLS to {patterns}.");
        let outcome = if reading.evidence.mx.yes().is_some() {
            VerdictOutcome::Unknown
        } else {
            VerdictOutcome::Usable
        };
        let consequence = match outcome {
            VerdictOutcome::Unknown => {
                "Whether the MX hosts match cannot be seen: their lookup failed.".into()
            }
            _ => kept,
        };
        return Verdict { outcome, sentence, consequence };
    };
    match coverage.extent {
        Extent::None => Verdict {
            outcome: VerdictOutcome::Refused,
            sentence: format!("{subject} deliver no mail to {whom}: no MX host matches the policy."),
            consequence: format!("Mail for {} waits at the sender and then bounces.", uncovered(coverage)),
        },
        Extent::Partial => Verdict {
            outcome: VerdictOutcome::Gap,
            sentence: format!("{subject} will not deliver to {}.", uncovered(coverage)),
            consequence: format!("They deliver only over verified TLS to {}.", covered(coverage)),
        },
        _ => Verdict {
            outcome: VerdictOutcome::Protected,
            sentence: format!("{subject} deliver to {whom} only over verified TLS to {}.", covered(coverage)),
            consequence: kept,
        },
    }
}

/// Neither record nor policy was asked for: TLSRPT or MX by themselves.
fn without_policy(reading: &Reading<'_>, findings: &[Finding]) -> Verdict {
    let usable = |sentence: &str| Verdict {
        outcome: VerdictOutcome::Usable,
        sentence: sentence.into(),
        consequence: "Reports are for whoever runs the domain; they hold no mail back.".into(),
    };
    match reading.tlsrpt.as_ref().map(|set| (set.is_usable(), set.rua())) {
        Some((true, rua)) => {
            let rua = list(rua.iter().map(String::as_str));
            usable(&format!("Senders report TLS failures to {rua}."))
        }
        Some((false, _)) => {
            let why = reason(findings, |subject| matches!(subject, Subject::TlsrptSet | Subject::Tlsrpt(_)));
            Verdict {
                outcome: VerdictOutcome::NotApplied,
                sentence: format!("No sender that follows RFC 8460 sends reports, because {why}."),
                consequence: "Nobody is told of TLS failures.".into(),
            }
        }
        None => Verdict {
            outcome: VerdictOutcome::Unknown,
            sentence: "There is nothing here to judge.".into(),
            consequence: "Give a domain, a policy or a record.".into(),
        },
    }
}

/// How it stands with the `_mta-sts` record; the id where it is usable.
fn record(reading: &Reading<'_>, findings: &[Finding]) -> Part<String> {
    let Some(lookup) = reading.evidence.record.yes() else { return Part::NotAsked };
    match &lookup.outcome {
        Outcome::Failed { rcode } => {
            return Part::Unseen(format!(
                "the lookup of `{}` failed ({})",
                lookup.name,
                super::rcode(*rcode)
            ));
        }
        Outcome::Unreachable { reason } => return Part::Unseen(format!("no resolver answered ({reason})")),
        Outcome::Empty | Outcome::NoSuchName | Outcome::Found { .. } => {}
    }
    match &reading.record {
        Some(set) if set.is_usable() => Part::Usable(set.policy_id().unwrap_or_default().to_owned()),
        Some(set) if !set.is_empty() => Part::Unusable(reason(findings, |subject| {
            matches!(subject, Subject::RecordSet | Subject::Record(_))
        })),
        _ => Part::Absent,
    }
}

/// How it stands with the policy.
fn policy<'r>(reading: &'r Reading<'_>, findings: &[Finding]) -> Part<&'r Policy<'r>> {
    let host = |subject: Subject| subject == Subject::PolicyHost;
    let refused_host = findings.iter().any(|finding| host(finding.subject) && finding.refuses());
    match &reading.evidence.policy {
        Seen::NotAsked if refused_host => Part::Absent,
        Seen::NotAsked => Part::NotAsked,
        // No such host: that there is no policy is known, however the fetch failed.
        Seen::Hidden(_) if refused_host => Part::Unusable(reason(findings, host)),
        Seen::Hidden(hidden) => Part::Unseen(hidden_because(hidden, reading)),
        Seen::Yes(_) if refused_host => Part::Unusable(reason(findings, host)),
        Seen::Yes(_) => match &reading.policy {
            Some(policy) if !findings.iter().any(|f| f.subject == Subject::Policy && f.refuses()) => {
                Part::Usable(policy)
            }
            _ => Part::Unusable(reason(findings, |subject| subject == Subject::Policy)),
        },
    }
}

/// Why the reply of the policy host could not be read, as a clause.
pub(super) fn hidden_because(hidden: &Hidden, reading: &Reading<'_>) -> String {
    // Without an address nobody was asked.
    let failed = reading.evidence.policy_host.yes().and_then(|host| {
        let has_address = host.addresses().next().is_some();
        host.lookups().find(|lookup| !has_address && !lookup.is_answered())
    });
    if let Some(lookup) = failed {
        return match &lookup.outcome {
            Outcome::Failed { rcode } => {
                format!("the lookup of its host `{}` failed ({})", lookup.name, super::rcode(*rcode))
            }
            _ => format!("no resolver answered for its host `{}`", lookup.name),
        };
    }
    match hidden {
        Hidden::NoCors => "its host answers with a valid certificate, but does not let pages of other sites read it".into(),
        Hidden::ProbablyHttpError => {
            "its host answers with a valid certificate, does not let pages of other sites read it, and sends an HTTP \
             error or a reply that browsers show in no frame"
                .into()
        }
        Hidden::NoUsableHttps => {
            "the browser got no usable HTTPS reply from its host, and cannot tell a bad certificate from a refused \
             connection"
                .into()
        }
        Hidden::Timeout(millis) => format!("its host gave no complete answer within {} s", millis / 1000),
        Hidden::CutShort => "the reply of its host ended before the end it announced".into(),
        Hidden::NoAddress => "its host has no address".into(),
        Hidden::NotAllowed => "the browser is offline or forbids the request".into(),
    }
}

/// Why something cannot be used, to follow "because": how many faults, and the gravest.
fn reason(findings: &[Finding], about: impl Fn(Subject) -> bool) -> String {
    let refusing = || findings.iter().filter(|finding| about(finding.subject) && finding.refuses());
    match (refusing().next(), refusing().count()) {
        (None, _) => "of a fault".into(),
        (Some(only), 1) => format!("of one fault: {}", only.message),
        (Some(first), n) => format!("of {n} faults, the first: {}", first.message),
    }
}

/// The hosts that are covered, as in `mx1 and mx2`.
fn covered(coverage: &Coverage<'_>) -> String {
    list(coverage.hosts.iter().filter(|host| host.matched.is_some()).map(|host| host.name.as_str()))
}

fn uncovered(coverage: &Coverage<'_>) -> String {
    list(coverage.uncovered().map(|host| host.name.as_str()))
}

/// `a`, `a and b`, `a, b and c`, `a, b, c and 4 more`.
fn list<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let mut names: Vec<String> = names.map(|name| name.trim_end_matches('.').to_owned()).collect();
    if names.len() > MAX_NAMED + 1 {
        let more = names.len() - MAX_NAMED;
        names.truncate(MAX_NAMED);
        names.push(format!("{more} more"));
    }
    match names.split_last() {
        None => "no host".into(),
        Some((only, [])) => only.clone(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
    }
}

/// The domain's name as people write it, or words for it.
struct Whom<'r, 'e>(&'r Reading<'e>);

impl Display for Whom<'_, '_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match &self.0.evidence.domain {
            Some(domain) => f.write_str(&domain.to_unicode()),
            None => f.write_str("the domain"),
        }
    }
}

fn capital(text: &str) -> String {
    // A domain name keeps its case.
    text.strip_prefix("the ").map_or_else(|| text.to_owned(), |rest| format!("The {rest}"))
}
