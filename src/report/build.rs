//! Writes the report: places in the reader's unit, the route, the hosts, the lookups.

use super::senders::Senders;
use super::{
    ApplicabilityName, CoverageName, Document, DocumentKind, DomainReport, EditReport, FindingReport,
    FixReport, LookupReport, MxHostReport, MxReport, MxResult, OffsetUnit, Place, PolicyReport, RecordReport,
    ReplyReport, Report, SCHEMA, Stop, StopId, StopState, TlsrptReport, rcode, unseen, verdict,
};
use crate::evidence::{Evidence, HostAddresses, Lookup, MxRecord, Outcome, Seen, TxtRecord};
use crate::finding::{Applicability, Finding, Severity, Subject};
use crate::gather::policy_url;
use crate::model::coverage::{Extent, near_miss};
use crate::model::{MaxAge, Mode, RecordSet};
use crate::quote::{is_shown, lossy};
use crate::render::LineIndex;
use crate::review::{Layout, Reading};
use crate::span::Span;
use alloc::borrow::ToOwned;
use alloc::format;
use alloc::rc::Rc;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt::Write;

/// The most MX hosts a report lists.
pub(super) const MAX_HOSTS: usize = 200;

/// Writes down what was read and found.
pub(crate) fn build(
    reading: &Reading<'_>,
    findings: &[Finding],
    layout: &Layout<'_>,
    unit: OffsetUnit,
) -> Report {
    let mut texts = Texts::new(reading, layout, unit);
    let senders = Senders::of(reading, findings);
    let findings_out = findings.iter().map(|finding| texts.finding(finding, &senders)).collect();
    let senders = senders.rows(reading, findings, &mut |subject, span| texts.named_place(subject, span));
    Report {
        schema: SCHEMA,
        offsets: unit,
        domain: domain(reading.evidence),
        verdict: verdict::verdict(reading, findings),
        route: route(reading, findings),
        documents: texts.documents,
        findings: findings_out,
        record: reading
            .record
            .as_ref()
            .map(|set| RecordReport { usable: set.is_usable(), policy_id: set.policy_id().map(Into::into) }),
        policy: reading.policy.as_ref().map(|policy| PolicyReport {
            usable: is_usable(findings),
            mode: policy.mode().map(Mode::as_str),
            max_age: policy.max_age().map(MaxAge::seconds),
            mx: policy.patterns().map(|mx| policy.str(mx.span).into_owned()).collect(),
        }),
        tlsrpt: reading.tlsrpt.as_ref().map(|set| TlsrptReport { usable: set.is_usable(), rua: set.rua() }),
        mx: mx(reading),
        senders,
        not_seen: unseen::not_seen(reading),
        lookups: lookups(reading),
        reply: reply(reading),
    }
}

/// Whether a sender that follows the RFC can apply the policy.
fn is_usable(findings: &[Finding]) -> bool {
    !findings.iter().any(|finding| finding.subject == Subject::Policy && finding.refuses())
}

/// The documents, and how places in them are said.
struct Texts<'r> {
    reading: &'r Reading<'r>,
    layout: &'r Layout<'r>,
    unit: OffsetUnit,
    documents: Vec<Document>,
    /// What the finding's subject is called, in the order of `documents`, and the index of its lines.
    index: Vec<(Subject, Option<Rc<LineIndex<'r>>>)>,
}

impl<'r> Texts<'r> {
    fn new(reading: &'r Reading<'r>, layout: &'r Layout<'r>, unit: OffsetUnit) -> Self {
        let mut texts = Self { reading, layout, unit, documents: Vec::new(), index: Vec::new() };
        let evidence = reading.evidence;
        if let Some(set) = &reading.record {
            let whole = (Subject::RecordSet, "record", DocumentKind::Record);
            texts.records(set, whole, Subject::Record, &evidence.record, layout.record);
        }
        if let Some(policy) = &reading.policy {
            let text = layout.policy.map_or(policy.text.input, |(text, _)| text);
            let source = evidence.domain.as_ref().filter(|_| reading.is_fetched()).map(policy_url);
            texts.add(
                Subject::Policy,
                "policy",
                DocumentKind::Policy,
                &source.unwrap_or_default(),
                Some(text),
            );
        }
        if let Some(set) = &reading.tlsrpt {
            let whole = (Subject::TlsrptSet, "tlsrpt", DocumentKind::Tlsrpt);
            texts.records(set, whole, Subject::Tlsrpt, &evidence.tlsrpt, layout.tlsrpt);
        }
        texts
    }

    fn records(
        &mut self,
        set: &'r RecordSet,
        (whole, name, kind): (Subject, &str, DocumentKind),
        one: fn(u16) -> Subject,
        lookup: &Seen<Lookup<TxtRecord>>,
        given: Option<&'r [u8]>,
    ) {
        let source = lookup.yes().map_or("", |lookup| lookup.name.as_str());
        if set.is_empty() {
            self.add(whole, name, kind, source, None);
        }
        for (at, record) in set.records().iter().enumerate() {
            let name = if set.records().len() == 1 { name.to_owned() } else { format!("{name} {}", at + 1) };
            let text = given.or_else(|| Some(record.text()));
            self.add(one(at as u16), &name, kind, source, text);
        }
    }

    fn add(
        &mut self,
        subject: Subject,
        name: &str,
        kind: DocumentKind,
        source: &str,
        text: Option<&'r [u8]>,
    ) {
        // Many records may lie in one text.
        let known = text.and_then(|text| {
            self.index.iter().position(|(_, index)| index.as_ref().is_some_and(|index| index.is_of(text)))
        });
        let mut document =
            Document { name: name.to_owned(), kind, source: source.to_owned(), text: None, text_of: None };
        let index = if let Some(at) = known {
            document.text_of = Some(self.documents[at].name.clone());
            self.index[at].1.clone()
        } else {
            document.text = text.map(|text| lossy(text).into_owned());
            text.map(|text| Rc::new(LineIndex::new(text)))
        };
        self.documents.push(document);
        self.index.push((subject, index));
    }

    /// The document a subject is in; made when it is first needed.
    fn document(&mut self, subject: Subject) -> usize {
        if let Some(at) = self.index.iter().position(|(known, _)| *known == subject) {
            return at;
        }
        let (name, kind) = match subject {
            Subject::Domain => ("domain", DocumentKind::Domain),
            Subject::RecordSet | Subject::Record(_) => ("record", DocumentKind::Record),
            Subject::PolicyHost => ("policy-host", DocumentKind::PolicyHost),
            Subject::Policy => ("policy", DocumentKind::Policy),
            Subject::Mx => ("mx", DocumentKind::Mx),
            Subject::TlsrptSet | Subject::Tlsrpt(_) => ("tlsrpt", DocumentKind::Tlsrpt),
        };
        // Findings about a whole set are filed under the first record's name.
        if let Some(at) = self.documents.iter().position(|document| document.kind == kind) {
            return at;
        }
        self.add(subject, name, kind, "", None);
        self.documents.len() - 1
    }

    /// A span of a subject's own text, as a span of the text that is shown.
    fn shown(&self, subject: Subject, span: Span) -> Span {
        match subject {
            Subject::Policy => {
                let at = self.layout.policy.map_or(0, |(_, at)| at);
                Span::new(span.start + at, span.end + at)
            }
            Subject::Record(at) => self.reading.record.as_ref().map_or(span, |set| set.place(at, span)),
            Subject::Tlsrpt(at) => self.reading.tlsrpt.as_ref().map_or(span, |set| set.place(at, span)),
            _ => span,
        }
    }

    /// The name of the document a subject is in, and a span of it as a place of the report.
    fn named_place(&mut self, subject: Subject, span: Option<Span>) -> (String, Option<Place>) {
        let at = self.document(subject);
        let index = self.index[at].1.as_ref();
        let place = span.zip(index).map(|(span, index)| index.place(self.shown(subject, span), self.unit));
        (self.documents[at].name.clone(), place)
    }

    fn finding(&mut self, finding: &Finding, senders: &Senders<'_>) -> FindingReport {
        let affected = senders.affected(finding.rule.id);
        let at = self.document(finding.subject);
        let index = self.index[at].1.as_ref();
        let shown = |span: &Span| self.shown(finding.subject, *span);
        let place = |span: &Span| index.map(|index| index.place(shown(span), self.unit));
        FindingReport {
            id: finding.rule.id,
            severity: finding.severity.into(),
            consequence: finding.consequence.into(),
            document: self.documents[at].name.clone(),
            span: finding.span.as_ref().and_then(place),
            also: finding.also.iter().filter_map(place).collect(),
            message: finding.message.clone(),
            why: finding.rule.why,
            rfc: finding.rule.rfc,
            instead: finding.instead.clone(),
            fix: finding.fix.as_ref().zip(index).and_then(|(fix, index)| {
                let mut edits = Vec::new();
                for edit in &fix.edits {
                    let place = index.place(shown(&edit.span), self.unit);
                    let text = self.written(finding.subject, &edit.text)?;
                    edits.push(EditReport { start: place.start, end: place.end, text });
                }
                let applicability = match fix.applicability {
                    Applicability::Safe => ApplicabilityName::Safe,
                    Applicability::Likely => ApplicabilityName::Likely,
                };
                Some(FixReport { applicability, edits })
            }),
            refused_by: affected.map(|whom| whom.refused_by.clone()).unwrap_or_default(),
            read_otherwise_by: affected.map(|whom| whom.read_otherwise_by.clone()).unwrap_or_default(),
            senders: affected.map(|whom| whom.sentence.clone()),
        }
    }

    /// How a subject's own text writes `text`; `None` if that is not known.
    fn written(&self, subject: Subject, text: &str) -> Option<String> {
        let (set, at) = match subject {
            Subject::Record(at) => (self.reading.record.as_ref(), at),
            Subject::Tlsrpt(at) => (self.reading.tlsrpt.as_ref(), at),
            _ => return Some(text.to_owned()),
        };
        set.and_then(|set| set.records().get(usize::from(at))?.write(text))
    }
}

/// The stop a finding belongs to: the coverage of MX hosts is judged in the policy's text and met at the MX.
pub(super) fn stop_of(finding: &Finding) -> StopId {
    match finding.subject {
        _ if finding.rule.id.starts_with("cov-") => StopId::Mx,
        Subject::Domain | Subject::RecordSet | Subject::Record(_) => StopId::Record,
        Subject::PolicyHost => StopId::PolicyHost,
        Subject::Policy => StopId::Policy,
        Subject::Mx => StopId::Mx,
        Subject::TlsrptSet | Subject::Tlsrpt(_) => StopId::Reports,
    }
}

fn is_answered<T>(lookup: &Seen<Lookup<T>>) -> bool {
    lookup.yes().is_some_and(Lookup::is_answered)
}

fn route(reading: &Reading<'_>, findings: &[Finding]) -> [Stop; 5] {
    // A warning that something was not seen does not make it seen.
    let judged = |id: StopId, seen: bool, (state, summary): (StopState, String)| {
        let gravest = findings.iter().filter(|finding| stop_of(finding) == id).map(|f| f.severity).max();
        let state = match gravest {
            Some(Severity::Error) => StopState::Broken,
            Some(Severity::Warning) if seen => StopState::Warn,
            _ => state,
        };
        Stop { id, state, summary }
    };
    let fine_or = |summary: Option<String>, otherwise: (StopState, &str)| match summary {
        Some(summary) => (StopState::Fine, summary),
        None => (otherwise.0, otherwise.1.to_owned()),
    };
    let evidence = reading.evidence;
    let replied = evidence.policy.yes().is_some();
    [
        judged(
            StopId::Record,
            is_answered(&evidence.record),
            fine_or(record_summary(reading), lookup_otherwise(&evidence.record)),
        ),
        judged(StopId::PolicyHost, replied, fine_or(host_summary(reading), host_otherwise(reading))),
        judged(StopId::Policy, replied, fine_or(policy_summary(reading), policy_otherwise(reading))),
        judged(StopId::Mx, is_answered(&evidence.mx), mx_stop(reading)),
        judged(
            StopId::Reports,
            is_answered(&evidence.tlsrpt),
            fine_or(reports_summary(reading), lookup_otherwise(&evidence.tlsrpt)),
        ),
    ]
}

/// How a stop stands whose lookup says nothing good or bad.
fn lookup_otherwise<T>(lookup: &Seen<Lookup<T>>) -> (StopState, &'static str) {
    match lookup {
        Seen::Yes(lookup) if lookup.is_answered() => (StopState::NotNeeded, "nothing published"),
        Seen::Yes(_) | Seen::Hidden(_) => (StopState::Unseen, "lookup failed"),
        Seen::NotAsked => (StopState::NotNeeded, "not asked"),
    }
}

fn host_otherwise(reading: &Reading<'_>) -> (StopState, &'static str) {
    match reading.evidence.policy {
        Seen::NotAsked => (StopState::NotNeeded, "not asked"),
        Seen::Hidden(_) if reading.has_no_policy_host() => (StopState::NotNeeded, "no address"),
        Seen::Yes(_) | Seen::Hidden(_) => (StopState::Unseen, "reply not seen from here"),
    }
}

fn policy_otherwise(reading: &Reading<'_>) -> (StopState, &'static str) {
    match reading.evidence.policy {
        Seen::NotAsked => (StopState::NotNeeded, "not asked"),
        Seen::Hidden(_) if !reading.has_no_policy_host() => (StopState::Unseen, "not seen from here"),
        Seen::Yes(_) | Seen::Hidden(_) => (StopState::NotNeeded, "there is none"),
    }
}

/// Whether the policy covers the MX hosts: nothing is fine here while one of the two is not known.
fn mx_stop(reading: &Reading<'_>) -> (StopState, String) {
    let (otherwise, why) = lookup_otherwise(&reading.evidence.mx);
    match (mx_summary(reading), &reading.coverage) {
        (Some(summary), Some(_)) => (StopState::Fine, summary),
        (Some(summary), None) => (policy_otherwise(reading).0, summary),
        (None, _) => (otherwise, why.to_owned()),
    }
}

fn record_summary(reading: &Reading<'_>) -> Option<String> {
    let set = reading.record.as_ref().filter(|set| !set.is_empty())?;
    Some(match (set.policy_id().filter(|_| set.is_usable()), set.records().len()) {
        (Some(id), _) => format!("id {id}"),
        (None, 1) => "1 record, not usable".into(),
        (None, n) => format!("{n} records, none usable"),
    })
}

fn host_summary(reading: &Reading<'_>) -> Option<String> {
    let reply = reading.evidence.policy.yes().filter(|reply| reply.is_fetched())?;
    if reply.redirect.is_some() {
        return Some("redirects".into());
    }
    let status = reply.status?;
    Some(match &reply.content_type {
        Some(content_type) if !content_type.is_empty() => {
            format!("HTTP {status}, {}", plain(content_type, 60))
        }
        _ => format!("HTTP {status}"),
    })
}

fn policy_summary(reading: &Reading<'_>) -> Option<String> {
    let policy = reading.policy.as_ref()?;
    let mode = policy.mode().map_or_else(|| "no mode".to_owned(), |mode| format!("mode {}", mode.as_str()));
    Some(match policy.max_age() {
        Some(age) => format!("{mode}, {age}"),
        None => mode,
    })
}

fn mx_summary(reading: &Reading<'_>) -> Option<String> {
    let lookup = reading.evidence.mx.yes().filter(|lookup| lookup.is_answered())?;
    let hosts = |n: usize| if n == 1 { "1 host".to_owned() } else { format!("{n} hosts") };
    Some(match &reading.coverage {
        Some(coverage) if coverage.extent == Extent::NullMx => "takes no mail".into(),
        Some(coverage) => {
            let covered = coverage.hosts.len() - coverage.uncovered().count();
            format!("{covered} of {} covered", hosts(coverage.hosts.len()))
        }
        None if reading.has_no_mail_host() => "no MX record, no address".into(),
        None if lookup.records().is_empty() => "no MX record".into(),
        None => hosts(lookup.records().len()),
    })
}

fn reports_summary(reading: &Reading<'_>) -> Option<String> {
    let set = reading.tlsrpt.as_ref().filter(|set| !set.is_empty())?;
    Some(match (set.is_usable(), set.rua().len()) {
        (false, _) => "record not usable".into(),
        (true, 1) => "1 address".into(),
        (true, n) => format!("{n} addresses"),
    })
}

fn mx(reading: &Reading<'_>) -> Option<MxReport> {
    let lookup = reading.evidence.mx.yes().filter(|lookup| lookup.is_answered())?;
    let addresses = |host: &str| -> Vec<String> {
        let of =
            |lookup: &Seen<Lookup<String>>| lookup.yes().map(|l| l.records().to_vec()).unwrap_or_default();
        let known = reading.evidence.mx_hosts.iter().find(|known| known.host == host);
        known.map(|known| [of(&known.ipv4), of(&known.ipv6)].concat()).unwrap_or_default()
    };
    // A list that somebody gave without preferences has none.
    let is_known = !lookup.resolver.is_empty() || lookup.records().iter().any(|mx| mx.preference > 0);
    let preference = |preference: Option<u16>| preference.filter(|_| is_known);
    let Some((policy, coverage)) = reading.policy.as_ref().zip(reading.coverage.as_ref()) else {
        let hosts = lookup.records().iter().take(MAX_HOSTS).map(|mx| MxHostReport {
            addresses: addresses(&mx.host),
            host: mx.host.clone(),
            preference: preference(Some(mx.preference)),
            matched_by: None,
            near_miss: None,
            result: MxResult::Unknown,
            outcome: "what senders do here depends on the policy, which is not known".into(),
        });
        return Some(MxReport { hosts: hosts.collect(), coverage: None });
    };
    let hosts = coverage.hosts.iter().take(MAX_HOSTS).map(|host| MxHostReport {
        addresses: addresses(&host.name),
        host: host.name.clone(),
        preference: preference(host.preference),
        matched_by: host.matched.map(|mx| mx.value.to_string()),
        near_miss: match host.matched {
            None => near_miss(policy, &host.name).map(|pattern| pattern.to_string()),
            Some(_) => None,
        },
        result: if host.allowed { MxResult::Allowed } else { MxResult::Refused },
        outcome: outcome(policy.mode(), host.matched.is_some()).into(),
    });
    let extent = match coverage.extent {
        Extent::Full => CoverageName::Full,
        Extent::Partial => CoverageName::Partial,
        Extent::None => CoverageName::None,
        Extent::NotApplied => CoverageName::NotApplied,
        Extent::NullMx => CoverageName::NullMx,
    };
    Some(MxReport { hosts: hosts.collect(), coverage: Some(extent) })
}

/// What happens to mail at a host, in a sentence.
fn outcome(mode: Option<Mode>, matched: bool) -> &'static str {
    match (mode, matched) {
        (Some(Mode::Enforce), true) => "delivered, if its certificate is valid for this name",
        (Some(Mode::Enforce), false) => "not delivered: no pattern matches",
        (Some(Mode::Testing), true) => "delivered; a TLS failure is reported",
        (Some(Mode::Testing), false) => {
            "delivered; the mismatch is reported, and would stop mail in mode enforce"
        }
        (Some(Mode::None) | None, _) => "delivered as without a policy",
    }
}

/// The domain as it is named in a report.
pub(super) fn domain(evidence: &Evidence) -> Option<DomainReport> {
    evidence.domain.as_ref().map(|domain| DomainReport {
        name: domain.as_str().to_owned(),
        unicode: domain.to_unicode(),
        notes: evidence.notes.iter().map(ToString::to_string).collect(),
    })
}

fn lookups(reading: &Reading<'_>) -> Vec<LookupReport> {
    let evidence = reading.evidence;
    let mut list = Vec::new();
    let txt = |record: &TxtRecord| {
        let strings = record.strings.iter().map(|s| presentation(s)).collect::<Vec<_>>();
        if strings.is_empty() { "\"\"".to_owned() } else { strings.join(" ") }
    };
    add(&mut list, StopId::Record, "TXT", &evidence.record, txt);
    if let Some(host) = evidence.policy_host.yes() {
        add_addresses(&mut list, StopId::PolicyHost, host);
    }
    if let Some(asked) = evidence.mx.yes().filter(|lookup| !lookup.resolver.is_empty()) {
        list.push(mx_lookup(asked));
    }
    for host in &evidence.mx_hosts {
        add_addresses(&mut list, StopId::Mx, host);
    }
    add(&mut list, StopId::Reports, "TXT", &evidence.tlsrpt, txt);
    for nearby in &evidence.nearby {
        list.push(lookup(StopId::Record, "TXT", &nearby.lookup, txt));
    }
    list
}

fn add_addresses(list: &mut Vec<LookupReport>, stop: StopId, host: &HostAddresses) {
    add(list, stop, "A", &host.ipv4, Clone::clone);
    add(list, stop, "AAAA", &host.ipv6, Clone::clone);
}

fn add<T>(
    list: &mut Vec<LookupReport>,
    stop: StopId,
    kind: &'static str,
    seen: &Seen<Lookup<T>>,
    say: impl Fn(&T) -> String,
) {
    // A draft's records were given, not asked for.
    if let Some(asked) = seen.yes().filter(|lookup| !lookup.resolver.is_empty()) {
        list.push(lookup(stop, kind, asked, say));
    }
}

fn lookup<T>(
    stop: StopId,
    kind: &'static str,
    lookup: &Lookup<T>,
    say: impl Fn(&T) -> String,
) -> LookupReport {
    LookupReport {
        stop,
        name: lookup.name.clone(),
        kind,
        outcome: match &lookup.outcome {
            Outcome::Found { .. } => "NOERROR".into(),
            Outcome::Empty => "NOERROR, no such record".into(),
            Outcome::NoSuchName => "NXDOMAIN".into(),
            Outcome::Failed { rcode: code } => rcode(*code),
            Outcome::Unreachable { reason } => reason.clone(),
        },
        answered: !matches!(lookup.outcome, Outcome::Unreachable { .. }),
        answers: lookup.records().iter().map(say).collect(),
        ttl: if let Outcome::Found { ttl, .. } = lookup.outcome { Some(ttl) } else { None },
        aliases: lookup.aliases.iter().map(|alias| format!("{} → {}", alias.from, alias.to)).collect(),
        authenticated: lookup.authenticated,
        resolver: lookup.resolver.clone(),
        millis: lookup.millis,
    }
}

pub(super) fn mx_lookup(asked: &Lookup<MxRecord>) -> LookupReport {
    lookup(StopId::Mx, "MX", asked, |mx| {
        let host = if mx.host.is_empty() { "." } else { &mx.host };
        format!("{} {}", mx.preference, plain(host, 255))
    })
}

/// A character-string as a zone file writes it (RFC 1035 §5.1).
fn presentation(string: &[u8]) -> String {
    let mut text = String::with_capacity(string.len() + 2);
    text.push('"');
    for byte in string {
        match byte {
            b'"' | b'\\' => text.extend(['\\', char::from(*byte)]),
            b' '..=b'~' => text.push(char::from(*byte)),
            // Writing to a String cannot fail.
            _ => _ = write!(text, "\\{byte:03}"),
        }
    }
    text.push('"');
    text
}

/// A text from outside, short and without what moves or hides text.
fn plain(text: &str, most: usize) -> String {
    text.chars().filter(|c| is_shown(*c)).take(most).collect()
}

fn reply(reading: &Reading<'_>) -> Option<ReplyReport> {
    let reply = reading.evidence.policy.yes().filter(|reply| reply.is_fetched())?;
    let domain = reading.evidence.domain.as_ref()?;
    Some(ReplyReport {
        url: policy_url(domain),
        status: reply.status,
        content_type: reply.content_type.clone(),
        size: reply.body.len() as u32,
        millis: reply.millis,
    })
}

#[cfg(test)]
mod tests {
    use crate::evidence::Evidence;
    use crate::report::{OffsetUnit, StopState::*};

    #[test]
    fn a_stop_is_fine_only_where_everything_about_it_was_seen() {
        const RECORD: &str = "_mta-sts.example.com. TXT \"v=STSv1; id=20240315T120000\"\n";
        const MX: &str = "example.com. MX 10 mx1.example.com.\n";
        const HOST: &str = "mta-sts.example.com. A 192.0.2.1\n";
        const OK: &str = "HTTP/1.1 200 OK\nContent-Type: text/plain\n\n";
        const POLICY: &str = "version: STSv1\nmode: enforce\nmx: mx1.example.com\nmax_age: 1209600\n";
        for (notation, expected, reason) in [
            (format!("{RECORD}{MX}{HOST}\n{OK}{POLICY}"), [Fine, Fine, Fine, Fine], "all of it was seen"),
            (
                format!("{RECORD}{MX}{HOST}\nGET https://x hidden: no-cors"),
                [Fine, Unseen, Unseen, Unseen],
                "hosts are matched against a policy",
            ),
            (
                format!("_mta-sts.example.com. SERVFAIL\nexample.com. SERVFAIL\n{HOST}\n{OK}{POLICY}"),
                [Unseen, Fine, Fine, Unseen],
                "a warning that a lookup fails makes nothing seen",
            ),
            (
                format!("{RECORD}{MX}{HOST}\nHTTP/1.1 404 X\nContent-Type: text/html\n\n<h1>"),
                [Fine, Broken, NotNeeded, NotNeeded],
                "there is no policy, and that was seen",
            ),
            (
                format!("{RECORD}{MX}{HOST}\n{OK}<html>"),
                [Fine, Fine, Broken, NotNeeded],
                "a text without patterns has nothing to match",
            ),
        ] {
            let evidence = Evidence::from_notation(&notation).unwrap();
            let report = crate::review(&evidence, OffsetUnit::Bytes);
            let states: Vec<_> = report.route.iter().take(4).map(|stop| stop.state).collect();
            assert_eq!(states, expected, "{reason}:\n{notation}");
        }
    }
}
