//! What a row of the table (`table.rs`) says of one domain, and how a row is written.

use serde::Serialize;

use crate::host::{Host, Reply};

/// How the zone of a domain stands with DNSSEC.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dnssec {
    /// Part of the unsigned zone `test`.
    Unsigned,
    /// A signed zone of its own, with its trust anchor: answers carry AD.
    Signed,
    /// Signed, but the anchor names another key: every question ends in SERVFAIL.
    Bogus,
}

/// One domain of the world.
pub(crate) struct Scenario {
    /// In A-labels, as DNS and the web servers know it.
    pub(crate) domain: &'static str,
    /// What the visitor types; the domain, unless the point is that people type other things.
    pub(crate) typed: &'static str,
    pub(crate) why: &'static str,
    pub(crate) dnssec: Dnssec,
    /// Master file lines, relative to the domain: one part for each thing MTA-STS looks at.
    pub(crate) record: String,
    pub(crate) mx: String,
    pub(crate) reports: String,
    /// Address lines of the policy host; empty: those that its behaviour needs.
    pub(crate) host_lines: String,
    pub(crate) host: Host,
    /// The text the policy host serves, whatever else it does wrong.
    pub(crate) policy: String,
    /// What the page says.
    pub(crate) says: Says,
}

/// What the page says of a domain, in its own words.
#[derive(Default, Serialize)]
pub(crate) struct Says {
    /// Sentences of the verdict, all of them.
    pub(crate) verdict: Vec<String>,
    /// States of the stops record, policy host, policy, MX, reports, in this order.
    pub(crate) stops: Vec<&'static str>,
    /// `severity rule-id`: every error and every warning there is, and some of the notes.
    pub(crate) findings: Vec<&'static str>,
    /// Phrases of what could not be seen, one for each item there is.
    pub(crate) unseen: Vec<&'static str>,
    /// Phrases to be found anywhere in the result.
    pub(crate) anywhere: Vec<&'static str>,
}

/// A domain that does everything right; the methods spoil one thing at a time.
pub(crate) fn case(domain: &'static str, why: &'static str) -> Scenario {
    Scenario {
        domain,
        typed: domain,
        why,
        dnssec: Dnssec::Unsigned,
        record: r#"_mta-sts TXT "v=STSv1; id=20261101T000000""#.into(),
        mx: "@ MX 10 mx1\nmx1 A 127.0.0.25".into(),
        reports: r#"_smtp._tls TXT "v=TLSRPTv1; rua=mailto:tls-reports@elsewhere.test""#.into(),
        host_lines: String::new(),
        host: Host::Reply(Reply::default()),
        policy: policy("enforce", &[&format!("mx1.{domain}")]),
        says: Says { stops: vec!["fine"; 5], unseen: vec![CERTIFICATE, STARTTLS], ..Says::default() },
    }
}

/// What a browser never shows of a policy host and of an MX host.
pub(crate) const CERTIFICATE: &str = "the policy host's certificate as mail servers see it";
pub(crate) const STARTTLS: &str = "STARTTLS and the certificate of each MX host";
/// What it shows of a policy host that lets pages read its reply.
pub(crate) const POLICY_TEXT: &str = "the text of the policy";

/// A policy text without fault.
pub(crate) fn policy(mode: &str, mx: &[&str]) -> String {
    let mx = mx.iter().map(|mx| format!("mx: {mx}\n")).collect::<Vec<_>>().concat();
    format!("version: STSv1\nmode: {mode}\n{mx}max_age: 1209600\n")
}

impl Scenario {
    pub(crate) fn typed(self, typed: &'static str) -> Self {
        Self { typed, ..self }
    }
    pub(crate) fn dnssec(self, dnssec: Dnssec) -> Self {
        Self { dnssec, ..self }
    }
    pub(crate) fn record(self, lines: &str) -> Self {
        Self { record: lines.into(), ..self }
    }
    pub(crate) fn mx(self, lines: &str) -> Self {
        Self { mx: lines.into(), ..self }
    }
    pub(crate) fn reports(self, lines: &str) -> Self {
        Self { reports: lines.into(), ..self }
    }
    pub(crate) fn host_lines(self, lines: &str) -> Self {
        Self { host_lines: lines.into(), ..self }
    }
    pub(crate) fn host(self, host: Host) -> Self {
        Self { host, ..self }
    }
    /// The policy host answers, but spoils its reply.
    pub(crate) fn reply(self, spoil: impl FnOnce(Reply) -> Reply) -> Self {
        self.host(Host::Reply(spoil(Reply::default())))
    }
    pub(crate) fn policy(self, text: impl Into<String>) -> Self {
        Self { policy: text.into(), ..self }
    }

    /// A sentence of the verdict; `@` stands for the domain.
    pub(crate) fn verdict(mut self, sentence: &str) -> Self {
        self.says.verdict.push(sentence.replace('@', self.domain));
        self
    }
    /// States of record, policy host, policy, MX and reports.
    pub(crate) fn stops(mut self, states: [&'static str; 5]) -> Self {
        self.says.stops = states.into();
        self
    }
    pub(crate) fn finds(mut self, finding: &'static str) -> Self {
        self.says.findings.push(finding);
        self
    }
    /// Takes the place of what usually cannot be seen.
    pub(crate) fn unseen<const N: usize>(mut self, phrases: [&'static str; N]) -> Self {
        self.says.unseen = phrases.into();
        self
    }
    pub(crate) fn anywhere(mut self, phrase: &'static str) -> Self {
        self.says.anywhere.push(phrase);
        self
    }

    /// The name of the policy host.
    pub(crate) fn policy_host(&self) -> String {
        format!("mta-sts.{}", self.domain)
    }

    /// All of the domain's master file lines, under its own `$ORIGIN`.
    pub(crate) fn zone_lines(&self) -> String {
        let host = match (self.host_lines.as_str(), self.host.address()) {
            ("", Some(address)) => format!("mta-sts A {address}"),
            (lines, _) => lines.to_owned(),
        };
        let Self { domain, record, mx, reports, .. } = self;
        format!("$ORIGIN {domain}.\n{record}\n{host}\n{mx}\n{reports}\n")
    }
}
