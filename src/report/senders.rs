//! What each known sender makes of it, and which findings make the difference.

use super::{BecauseReport, KnownName, MxResult, Place, SenderKindName, SenderReport};
use crate::evidence::Seen;
use crate::finding::{Finding, Subject};
use crate::model::{Mode, Policy};
use crate::review::Reading;
use crate::senders::{ALL, Cause, Known, PolicyReading, RecordReading, Sender, SenderKind, policy, records};
use crate::span::Span;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt::Write;

/// The most patterns that are listed for a sender.
const MAX_PATTERNS: usize = 100;

/// The most patterns that hosts are held against for each sender: what it makes of more is not worth the time.
const MAX_MATCHED: usize = 200;

/// The most senders that a sentence names; of more it counts the rest.
const MAX_NAMED: usize = 4;

/// The readings of every sender that reads something of what is here.
pub(super) struct Senders<'r> {
    each: Vec<Each<'r>>,
    /// The first finding of each rule that found something, by its place in the list.
    first: Vec<(&'static str, usize)>,
    /// What there is to say of each rule that makes a difference.
    affected: Vec<(&'static str, Affected)>,
}

/// Whom a fault makes a difference to.
#[derive(Debug, Clone, Default)]
pub(super) struct Affected {
    /// Ids of those that refuse the whole because of it.
    pub(super) refused_by: Vec<&'static str>,
    /// Ids of those that read the whole differently because of it.
    pub(super) read_otherwise_by: Vec<&'static str>,
    /// The same in a sentence.
    pub(super) sentence: String,
}

/// One sender's reading.
struct Each<'r> {
    sender: &'static Sender,
    record: Part<RecordReading>,
    policy: Part<PolicyReading<'r>>,
    tlsrpt: Part<RecordReading>,
    causes: Vec<Cause>,
}

/// What a sender makes of one document.
enum Part<T> {
    /// It has no part here, or the sender does not read it.
    NotAsked,
    /// It could not be seen, or not what this sender would make of it.
    Unknown,
    /// Nothing is there to be read.
    Refused,
    Read(T),
}

impl<'r> Senders<'r> {
    pub(super) fn of(reading: &'r Reading<'_>, findings: &[Finding]) -> Self {
        let mut first: Vec<(&'static str, usize)> = Vec::new();
        for (at, finding) in findings.iter().enumerate() {
            if !first.iter().any(|(rule, _)| *rule == finding.rule.id) {
                first.push((finding.rule.id, at));
            }
        }
        let each = ALL.iter().filter_map(|sender| Each::of(sender, reading)).collect();
        let mut senders = Self { each, first, affected: Vec::new() };
        senders.affect(findings);
        senders
    }

    /// Collects for each finding whom it makes a difference to.
    fn affect(&mut self, findings: &[Finding]) {
        let mut affected: Vec<(&'static str, Affected)> = Vec::new();
        for each in &self.each {
            for cause in &each.causes {
                let Some(finding) = self.finding(cause, findings) else { continue };
                let rule = findings[finding].rule.id;
                let at = affected.iter().position(|(known, _)| *known == rule).unwrap_or_else(|| {
                    affected.push((rule, Affected::default()));
                    affected.len() - 1
                });
                let whom = &mut affected[at].1;
                let (list, other) = if cause.refuses {
                    (&mut whom.refused_by, &mut whom.read_otherwise_by)
                } else {
                    (&mut whom.read_otherwise_by, &mut whom.refused_by)
                };
                if cause.refuses {
                    other.retain(|id| *id != each.sender.id);
                }
                if !list.contains(&each.sender.id) && !other.contains(&each.sender.id) {
                    list.push(each.sender.id);
                }
            }
        }
        for (rule, whom) in &mut affected {
            let subject = self.first.iter().find(|(known, _)| known == rule);
            let subject = subject.map_or(Subject::Policy, |(_, at)| findings[*at].subject);
            whom.sentence = self.sentence(whom, subject);
        }
        self.affected = affected;
    }

    /// The finding about a cause: that of its rule; or, where one fault hides another, the gravest of its document.
    fn finding(&self, cause: &Cause, findings: &[Finding]) -> Option<usize> {
        let of_rule = self.first.iter().find(|(rule, _)| *rule == cause.rule).map(|(_, at)| *at);
        of_rule.or_else(|| {
            // Findings stand in order of gravity.
            findings.iter().position(|finding| {
                finding.subject == cause.subject || is_whole(finding.subject, cause.subject)
            })
        })
    }

    /// Whom the findings of a rule make a difference to, if anybody.
    pub(super) fn affected(&self, rule: &str) -> Option<&Affected> {
        self.affected.iter().find(|(known, _)| *known == rule).map(|(_, whom)| whom)
    }

    /// `mox and maddy (go-mtasts) drop the policy; the other 9 known senders apply it`.
    fn sentence(&self, whom: &Affected, subject: Subject) -> String {
        let (all, [drops, drop], takes, part): (_, _, _, fn(&Each<'_>) -> Option<bool>) = match subject {
            Subject::Policy | Subject::PolicyHost => {
                let all = "every known sender drops the policy";
                (all, ["drops the policy", "drop the policy"], ["applies it", "apply it"], |each| {
                    each.policy.accepts(PolicyReading::is_applied)
                })
            }
            Subject::Record(_) | Subject::RecordSet => {
                let all = "no known sender finds a usable record";
                (
                    all,
                    ["finds no usable record", "find no usable record"],
                    ["finds one", "find one"],
                    |each| each.record.accepts(RecordReading::is_applied),
                )
            }
            _ => ("no known sender reports", ["does not report", "do not report"], ["does", "do"], |each| {
                each.tlsrpt.accepts(RecordReading::is_applied)
            }),
        };
        let mut parts: Vec<String> = Vec::new();
        let (refused, otherwise) = (&whom.refused_by, &whom.read_otherwise_by);
        let others: Vec<&Each<'_>> = self
            .each
            .iter()
            .filter(|each| part(each).is_some())
            .filter(|each| !refused.contains(&each.sender.id) && !otherwise.contains(&each.sender.id))
            .collect();
        match refused.len() {
            0 => {}
            _ if others.is_empty() && otherwise.is_empty() => return all.into(),
            1 => parts.push(format!("{} {drops}", names(refused))),
            _ => parts.push(format!("{} {drop}", names(refused))),
        }
        match otherwise.len() {
            0 => {}
            1 => parts.push(format!("{} reads it in another way than the RFC", names(otherwise))),
            _ => parts.push(format!("{} read it in another way than the RFC", names(otherwise))),
        }
        let all_take = others.iter().all(|each| part(each) == Some(true));
        let ids: Vec<&'static str> = others.iter().map(|each| each.sender.id).collect();
        match ids.len() {
            0 => {}
            1 if all_take => parts.push(format!("{} {}", names(&ids), takes[0])),
            2 if all_take => parts.push(format!("{} {}", names(&ids), takes[1])),
            others if all_take => parts.push(format!("the other {others} known senders {}", takes[1])),
            1 => parts.push("to the other one it makes no difference".into()),
            others => parts.push(format!("to the other {others} it makes no difference")),
        }
        parts.join("; ")
    }

    /// The rows of the report; `place` turns a place in what a finding is about into one of the report.
    pub(super) fn rows(
        &self,
        reading: &Reading<'_>,
        findings: &[Finding],
        place: &mut dyn FnMut(Subject, Option<Span>) -> (String, Option<Place>),
    ) -> Vec<SenderReport> {
        let mut rows = Vec::with_capacity(self.each.len());
        for each in &self.each {
            // Of several, the first that refuses and that a finding tells of.
            let refusing = each.causes.iter().filter(|cause| cause.refuses);
            let because = refusing.chain(&each.causes).find_map(|cause| {
                let finding = &findings[self.finding(cause, findings)?];
                let is_its = finding.rule.id == cause.rule && finding.subject == cause.subject;
                // What is missing stands nowhere; the finding says where to put it.
                let span = cause.span.filter(|span| is_its && !span.is_empty()).or(finding.span);
                let (document, span) = place(finding.subject, span);
                Some(BecauseReport { id: finding.rule.id, document, span })
            });
            rows.push(each.row(reading, because));
        }
        rows
    }
}

/// Whether `whole` is what `part` is one of.
fn is_whole(whole: Subject, part: Subject) -> bool {
    matches!(
        (whole, part),
        (Subject::RecordSet, Subject::Record(_)) | (Subject::TlsrptSet, Subject::Tlsrpt(_))
    )
}

/// The senders of these ids, as people call them: `mox, Stalwart and 3 more`.
fn names(ids: &[&'static str]) -> String {
    let mut text = String::new();
    let shown = if ids.len() > MAX_NAMED + 1 { MAX_NAMED } else { ids.len() };
    for (at, id) in ids[..shown].iter().enumerate() {
        let is_last = at + 1 == ids.len();
        text.push_str(match at {
            0 => "",
            _ if is_last => " and ",
            _ => ", ",
        });
        text.push_str(crate::senders::find(id).map_or(id, |sender| sender.name));
    }
    if shown < ids.len() {
        let _ = write!(text, " and {} more", ids.len() - shown);
    }
    text
}

impl<T> Part<T> {
    const fn is_asked(&self) -> bool {
        !matches!(self, Self::NotAsked)
    }

    /// Whether the sender takes the document; `None` where that is not known, or nobody asks.
    fn accepts(&self, takes: fn(&T) -> bool) -> Option<bool> {
        match self {
            Self::NotAsked | Self::Unknown => None,
            Self::Refused => Some(false),
            Self::Read(reading) => Some(takes(reading)),
        }
    }

    const fn read(&self) -> Option<&T> {
        if let Self::Read(reading) = self { Some(reading) } else { None }
    }
}

impl<'r> Each<'r> {
    /// The sender's reading, if it reads anything of what is here.
    fn of(sender: &'static Sender, reading: &'r Reading<'_>) -> Option<Self> {
        let mut causes = Vec::new();
        let mut record = |set: &Option<_>, is_asked: bool| match set.as_ref().map(|set| records(sender, set))
        {
            Some(None) => Part::NotAsked,
            None if is_asked => Part::Unknown,
            None => Part::NotAsked,
            Some(Some(reading)) => {
                causes.extend_from_slice(&reading.causes);
                Part::Read(reading)
            }
        };
        let asked = !matches!(reading.evidence.record, Seen::NotAsked) && sender.reads_records();
        let sts = record(&reading.record, asked);
        let asked = !matches!(reading.evidence.tlsrpt, Seen::NotAsked) && sender.reads_tlsrpt();
        let tlsrpt = record(&reading.tlsrpt, asked);
        let policy = Self::policy(sender, reading, &mut causes);
        let each = Self { sender, record: sts, policy, tlsrpt, causes };
        (each.record.is_asked() || each.policy.is_asked() || each.tlsrpt.is_asked()).then_some(each)
    }

    fn policy(
        sender: &'static Sender,
        reading: &'r Reading<'_>,
        causes: &mut Vec<Cause>,
    ) -> Part<PolicyReading<'r>> {
        if !sender.reads_policies() {
            return Part::NotAsked;
        }
        let reply = match &reading.evidence.policy {
            Seen::NotAsked => return Part::NotAsked,
            Seen::Hidden(_) if reading.has_no_policy_host() => {
                let subject = Subject::PolicyHost;
                causes.push(Cause { rule: "http-host-dns", subject, span: None, refuses: true });
                return Part::Refused;
            }
            Seen::Hidden(_) => return Part::Unknown,
            Seen::Yes(reply) => reply,
        };
        if let Some(text) = &reading.policy {
            let Some(read) = policy(sender, text, reply) else { return Part::NotAsked };
            causes.extend_from_slice(&read.causes);
            return Part::Read(read);
        }
        // The body of an error is not read; who does not look at the status would read it as the policy.
        let read = policy(sender, &Policy::read(b""), reply);
        let before = causes.len();
        causes.extend(read.iter().flat_map(|read| &read.causes).filter(|c| c.subject == Subject::PolicyHost));
        if causes.len() > before { Part::Refused } else { Part::Unknown }
    }

    fn row(&self, reading: &Reading<'_>, because: Option<BecauseReport>) -> SenderReport {
        let record = self.record.accepts(RecordReading::is_applied);
        let policy = self.policy.accepts(PolicyReading::is_applied);
        let tlsrpt = self.tlsrpt.accepts(RecordReading::is_applied);
        let is_mta_sts = self.record.is_asked() || self.policy.is_asked();
        let missing = |part: Option<bool>, is_asked: bool| is_asked && part.is_none();
        let accepts = if !is_mta_sts {
            tlsrpt
        } else if record == Some(false) || policy == Some(false) {
            Some(false)
        } else if missing(record, self.record.is_asked()) || missing(policy, self.policy.is_asked()) {
            None
        } else {
            Some(true)
        };
        let read = self.policy.read().filter(|read| read.is_applied());
        let values = |part: &Part<RecordReading>| {
            let taken = part.read().filter(|read| read.is_applied());
            taken.map(|read| read.values.clone()).unwrap_or_default()
        };
        SenderReport {
            id: self.sender.id,
            name: self.sender.name,
            version: self.sender.version,
            kind: match self.sender.kind {
                SenderKind::MailServer => SenderKindName::MailServer,
                SenderKind::PolicyDaemon => SenderKindName::PolicyDaemon,
                SenderKind::Library => SenderKindName::Library,
                SenderKind::Validator => SenderKindName::Validator,
            },
            known: match self.sender.known {
                Known::Run => KnownName::Run,
                Known::Lifted => KnownName::Lifted,
            },
            accepts,
            record,
            policy,
            tlsrpt,
            mode: read.map(|read| read.mode.as_str()),
            max_age: read.map(|read| read.max_age),
            mx: read.map_or_else(Vec::new, |read| {
                read.mx.iter().take(MAX_PATTERNS).map(|mx| mx.clone().into_owned()).collect()
            }),
            policy_id: values(&self.record).into_iter().next(),
            rua: values(&self.tlsrpt),
            hosts: self.hosts(reading, accepts),
            because,
        }
    }

    /// What happens to its mail at each MX host, in the order of [`super::MxReport::hosts`].
    fn hosts(&self, reading: &Reading<'_>, accepts: Option<bool>) -> Vec<MxResult> {
        let Some(coverage) = &reading.coverage else { return Vec::new() };
        let result = |host: &str| match (accepts, self.policy.read()) {
            (Some(false), _) => MxResult::Allowed,
            (Some(true), Some(read)) if read.mode != Mode::Enforce => MxResult::Allowed,
            (Some(true), Some(read)) if read.mx.len() > MAX_MATCHED => MxResult::Unknown,
            (Some(true), Some(read)) => match self.sender.lets_through(&read.mx, host) {
                Some(true) => MxResult::Allowed,
                Some(false) => MxResult::Refused,
                None => MxResult::Unknown,
            },
            _ => MxResult::Unknown,
        };
        coverage.hosts.iter().take(super::build::MAX_HOSTS).map(|host| result(&host.name)).collect()
    }
}
