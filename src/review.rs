//! From what was seen to a report: reads the documents, runs the rules, writes it all down.

use crate::evidence::{Evidence, HostAddresses, Lookup, Reply, Seen, TxtRecord};
use crate::finding::{Finding, Severity};
use crate::model::{Coverage, Mode, Policy, RecordSet};
use crate::order::{by_key, in_order};
use crate::report::{self, OffsetUnit, Report};
use crate::rules::{Case, Findings, MAX_PER_RULE, Transition};
use alloc::vec::Vec;

/// What was seen of a domain, and the documents read from it, each where it was seen at all.
#[derive(Debug)]
pub struct Reading<'a> {
    /// What was seen.
    pub evidence: &'a Evidence,
    /// The TXT records at `_mta-sts`, where their lookup was answered.
    pub record: Option<RecordSet>,
    /// The policy, where its text is known.
    pub policy: Option<Policy<'a>>,
    /// The MX hosts against the policy, where both are known.
    pub coverage: Option<Coverage<'a>>,
    /// The TXT records at `_smtp._tls`, where their lookup was answered.
    pub tlsrpt: Option<RecordSet>,
}

impl<'a> Reading<'a> {
    /// Reads the documents.
    #[must_use]
    pub fn of(evidence: &'a Evidence) -> Self {
        let records =
            |lookup: &'a Seen<Lookup<TxtRecord>>| lookup.yes().filter(|lookup| lookup.is_answered());
        let policy =
            evidence.policy.yes().filter(|reply| reply.holds_policy()).map(|reply| Policy::read(&reply.body));
        // Without a pattern there is nothing to match; that it is missing is said of the policy.
        let matchable =
            |policy: &&Policy<'_>| policy.mode() == Some(Mode::None) || policy.patterns().next().is_some();
        let coverage = policy.as_ref().filter(matchable).and_then(|policy| {
            let mx =
                evidence.mx.yes().filter(|lookup| lookup.is_answered() && !evidence.has_no_mail_host())?;
            Coverage::of(policy, mx.records(), evidence.domain.as_ref())
        });
        Self {
            evidence,
            record: records(&evidence.record).map(|lookup| RecordSet::sts(lookup.records())),
            tlsrpt: records(&evidence.tlsrpt).map(|lookup| RecordSet::tlsrpt(lookup.records())),
            policy,
            coverage,
        }
    }

    /// Whether the DNS says that the policy host has no address.
    #[must_use]
    pub fn has_no_policy_host(&self) -> bool {
        self.evidence.policy_host.yes().is_some_and(HostAddresses::has_none)
    }

    /// Whether the domain has neither an MX record nor an address.
    #[must_use]
    pub fn has_no_mail_host(&self) -> bool {
        self.evidence.has_no_mail_host()
    }

    /// Whether the policy came over the network.
    #[must_use]
    pub fn is_fetched(&self) -> bool {
        self.evidence.policy.yes().is_some_and(Reply::is_fetched)
    }

    /// Runs every rule. The gravest finding comes first, then the order in which a sender meets things, then the place.
    #[must_use]
    pub fn findings(&self) -> Vec<Finding> {
        self.findings_up_to(MAX_PER_RULE)
    }

    /// As [`Reading::findings`], with at most `limit` findings of each rule.
    pub(crate) fn findings_up_to(&self, limit: usize) -> Vec<Finding> {
        self.run(Findings::up_to(limit), None)
    }

    /// As [`Reading::findings`], of what a change leads to, and with those of the change.
    pub(crate) fn findings_of_change(&self, change: &Transition<'_>) -> Vec<Finding> {
        self.run(Findings::new(), Some(change))
    }

    /// The documents, as rules look at them.
    pub(crate) fn case(&self) -> Case<'_> {
        Case {
            evidence: self.evidence,
            record: self.record.as_ref(),
            tlsrpt: self.tlsrpt.as_ref(),
            policy: self.policy.as_ref(),
            coverage: self.coverage.as_ref(),
        }
    }

    fn run(&self, mut findings: Findings, change: Option<&Transition<'_>>) -> Vec<Finding> {
        if let Some(policy) = &self.policy {
            findings.policy(policy);
        }
        for set in [&self.record, &self.tlsrpt].into_iter().flatten() {
            findings.records(set);
        }
        findings.case(&self.case());
        if let Some(change) = change {
            findings.change(change);
        }
        let findings = findings.into_vec();
        let mut keys = Vec::with_capacity(findings.len());
        for finding in &findings {
            let severity = match finding.severity {
                Severity::Error => 0,
                Severity::Warning => 1,
                Severity::Info => 2,
            };
            let place = finding.span.map_or(0, |span| u64::from(span.start));
            keys.push(severity << 60 | u64::from(finding.subject.rank()) << 32 | place);
        }
        in_order(findings, &by_key(&keys))
    }
}

/// Judges what was seen of a domain.
#[must_use]
pub fn review(evidence: &Evidence, unit: OffsetUnit) -> Report {
    review_as(evidence, &Layout::default(), unit, MAX_PER_RULE)
}

/// The texts that the documents of a report were found in, where somebody gave them.
#[derive(Debug, Default)]
pub(crate) struct Layout<'a> {
    /// The text that holds the policy, and where in it the policy begins.
    pub(crate) policy: Option<(&'a [u8], u32)>,
    /// The text that holds the records at `_mta-sts`.
    pub(crate) record: Option<&'a [u8]>,
    /// The text that holds the records at `_smtp._tls`.
    pub(crate) tlsrpt: Option<&'a [u8]>,
}

/// As [`review`], for documents that lie in a text.
pub(crate) fn review_as(evidence: &Evidence, layout: &Layout<'_>, unit: OffsetUnit, limit: usize) -> Report {
    let reading = Reading::of(evidence);
    let findings = reading.findings_up_to(limit);
    report::build(&reading, &findings, layout, unit)
}
