//! The report: findings in order, the verdict in a sentence, what happens to mail at each MX host,
//! and what could not be seen, with the reason and the next step. One shape for every reader of JSON.

mod build;
mod mx;
mod senders;
mod unseen;
mod verdict;

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
pub(crate) use build::build;
pub use mx::{MxHost, MxLookup, MxOutcome, mx};

use crate::finding::{Consequence, Severity};
use alloc::borrow::Cow;
use serde::Serialize;

/// The name of this shape. It changes when a reader of the JSON would have to.
pub const SCHEMA: &str = "mta-sts-report-1";

/// A report. Text from outside is as it came: escape it before it meets a terminal or a page.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct Report {
    /// [`SCHEMA`].
    pub schema: &'static str,
    /// What the offsets and columns of this report count.
    pub offsets: OffsetUnit,
    /// The domain, if it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub domain: Option<DomainReport>,
    /// The outcome in a sentence.
    pub verdict: Verdict,
    /// The five stops of a message's way, in the order a sender meets them.
    pub route: [Stop; 5],
    /// What the findings point into.
    pub documents: Vec<Document>,
    /// All findings, the gravest first, then in order of place.
    pub findings: Vec<FindingReport>,
    /// The record, where there is one or should be one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub record: Option<RecordReport>,
    /// The policy, where its text is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub policy: Option<PolicyReport>,
    /// The TLSRPT record, where there is one or should be one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tlsrpt: Option<TlsrptReport>,
    /// The MX hosts and what happens at each, where they are known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mx: Option<MxReport>,
    /// What each known sender makes of the record and the policy; of the TLSRPT record where there is neither.
    pub senders: Vec<SenderReport>,
    /// What could not be seen, why, and what to do about it.
    pub not_seen: Vec<NotSeen>,
    /// Every question to the DNS and what came back, in the order asked.
    pub lookups: Vec<LookupReport>,
    /// The reply of the policy host, where it was fetched.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reply: Option<ReplyReport>,
}

/// What an offset counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub enum OffsetUnit {
    /// Bytes from the start of the document; columns count characters.
    #[serde(rename = "bytes")]
    Bytes,
    /// UTF-16 code units, as JavaScript counts; columns too.
    #[serde(rename = "utf-16")]
    Utf16,
}

/// The domain that was judged.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct DomainReport {
    /// In A-labels, as the DNS is asked.
    pub name: String,
    /// As people write it; the same as `name` unless it is internationalised.
    pub unicode: String,
    /// What was done to the text that was typed: `took the domain of the e-mail address`.
    pub notes: Vec<String>,
}

/// The outcome.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct Verdict {
    /// The outcome in one word.
    pub outcome: VerdictOutcome,
    /// One plain sentence, with the domain's name where it is known.
    pub sentence: String,
    /// What comes of it, in one sentence.
    pub consequence: String,
}

/// The outcome in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub enum VerdictOutcome {
    /// Enforced, and every MX host is covered.
    Protected,
    /// Enforced, with a gap: some MX host is refused or at risk.
    Gap,
    /// Mail from senders that honour MTA-STS stops.
    Refused,
    /// Testing: nothing is held back.
    Testing,
    /// Mode none, or a domain that takes no mail.
    Inactive,
    /// Something is published, and no sender applies it.
    NotApplied,
    /// Nothing is published.
    Absent,
    /// What decides it could not be seen from here.
    Unknown,
    /// A text was judged by itself and is usable.
    Usable,
}

/// One stop of a message's way.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct Stop {
    /// Which stop.
    pub id: StopId,
    /// How it stands there.
    pub state: StopState,
    /// A few words: `id=20240315T120000`, `2 of 3 hosts covered`.
    pub summary: String,
}

/// Which stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub enum StopId {
    /// TXT at `_mta-sts`.
    Record,
    /// Name, address and HTTPS of the policy host.
    PolicyHost,
    /// The text of the policy.
    Policy,
    /// The MX hosts against the policy.
    Mx,
    /// TXT at `_smtp._tls`.
    Reports,
}

/// How it stands at a stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub enum StopState {
    /// Nothing to do.
    Fine,
    /// It works, but.
    Warn,
    /// It does not work.
    Broken,
    /// It cannot be seen from here: neither good nor bad.
    Unseen,
    /// It has no part in this report.
    NotNeeded,
}

/// Something findings point into.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct Document {
    /// What findings call it: `policy`, `record`, `record 2`, `tlsrpt`, `mx`, `policy-host`, `domain`.
    pub name: String,
    /// What kind of text it is.
    pub kind: DocumentKind,
    /// Where it comes from: a file name, a DNS name, a URL; empty if pasted.
    pub source: String,
    /// The text; octets that are not UTF-8 are replaced by U+FFFD. Absent where there is no text to point into, and where
    /// another document has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// The document that has the text of this one too: several records may lie in one text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text_of: Option<String>,
}

impl Document {
    /// The text findings point into, which may be that of another of `documents`.
    #[must_use]
    pub fn text_among<'a>(&'a self, documents: &'a [Self]) -> Option<&'a str> {
        let other =
            || documents.iter().find(|other| Some(&other.name) == self.text_of.as_ref())?.text.as_deref();
        self.text.as_deref().or_else(other)
    }
}

/// What kind of text a document is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub enum DocumentKind {
    /// A policy.
    Policy,
    /// A TXT record at `_mta-sts`.
    Record,
    /// A TXT record at `_smtp._tls`.
    Tlsrpt,
    /// MX records.
    Mx,
    /// The policy host's name, addresses and reply.
    PolicyHost,
    /// The domain as it was typed.
    Domain,
}

/// One finding.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct FindingReport {
    /// The rule's id; `explain` knows the rest.
    pub id: &'static str,
    /// `error`, `warning` or `info`.
    pub severity: SeverityName,
    /// Which kind of fault it is.
    pub consequence: ConsequenceName,
    /// The name of the document it is about.
    pub document: String,
    /// The place to show, where there is a text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub span: Option<Place>,
    /// Further places of the same fault.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "typescript", tsify(optional))]
    pub also: Vec<Place>,
    /// What is wrong, with the reader's own value.
    pub message: String,
    /// What comes of it.
    pub why: &'static str,
    /// The sections it rests on.
    pub rfc: &'static str,
    /// What to write instead, or to do.
    pub instead: Cow<'static, str>,
    /// The remedy, where a machine can apply it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fix: Option<FixReport>,
    /// The ids of the senders that refuse the whole document because of findings of this rule.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "typescript", tsify(optional))]
    pub refused_by: Vec<&'static str>,
    /// The ids of the senders that read the document in another way than the RFC because of findings of this rule.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "typescript", tsify(optional))]
    pub read_otherwise_by: Vec<&'static str>,
    /// Both in a sentence, where there are any: `mox drops the policy; the other 10 known senders do not`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub senders: Option<String>,
}

/// A severity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub enum SeverityName {
    /// A sender may drop the policy or record, or mail is refused.
    Error,
    /// It works, but.
    Warning,
    /// Worth knowing.
    Info,
}

/// Which kind of fault it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub enum ConsequenceName {
    /// A sender that follows the RFC cannot use it.
    Refused,
    /// The RFC allows it; senders in use differ.
    Disputed,
    /// Mail to some host is refused, undeliverable or unprotected.
    Delivery,
    /// It works; there is a better way.
    Practice,
}

/// A place in a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct Place {
    /// Offset of the first unit.
    pub start: u32,
    /// Offset after the last unit.
    pub end: u32,
    /// Line of `start`, from 1.
    pub line: u32,
    /// Column of `start`, from 1.
    pub column: u32,
}

/// A remedy.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct FixReport {
    /// Whether it keeps the meaning or guesses it.
    pub applicability: ApplicabilityName,
    /// The edits, in order of place; they do not overlap.
    pub edits: Vec<EditReport>,
}

/// How sure a remedy is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub enum ApplicabilityName {
    /// It keeps the meaning.
    Safe,
    /// It guesses the meaning.
    Likely,
}

/// One edit.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct EditReport {
    /// Offset of the first unit that goes.
    pub start: u32,
    /// Offset after the last unit that goes; `start` to insert.
    pub end: u32,
    /// What comes in its place.
    pub text: String,
}

/// The `_mta-sts` record.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify), tsify(missing_as_null))]
pub struct RecordReport {
    /// Whether a sender that follows the RFC finds exactly one record and an id in it.
    pub usable: bool,
    /// The id, if it is usable.
    pub policy_id: Option<String>,
}

/// The policy.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify), tsify(missing_as_null))]
pub struct PolicyReport {
    /// Whether a sender that follows the RFC can apply it.
    pub usable: bool,
    /// The mode, where it is one of the three.
    pub mode: Option<&'static str>,
    /// The lifetime in seconds, where it is a number.
    pub max_age: Option<u64>,
    /// The patterns as written, in order, repeats kept.
    pub mx: Vec<String>,
}

/// The `_smtp._tls` record.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct TlsrptReport {
    /// Whether a sender that follows RFC 8460 finds exactly one record and an address in it.
    pub usable: bool,
    /// The addresses as written.
    pub rua: Vec<String>,
}

/// The MX hosts against the policy.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify), tsify(missing_as_null))]
pub struct MxReport {
    /// The hosts in the order senders try them.
    pub hosts: Vec<MxHostReport>,
    /// How much of the MX set the policy covers, where the policy is known.
    pub coverage: Option<CoverageName>,
}

/// One MX host.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify), tsify(missing_as_null))]
pub struct MxHostReport {
    /// Its name.
    pub host: String,
    /// Its preference; absent for the implicit MX and in a draft without one.
    pub preference: Option<u16>,
    /// Its addresses, where they were looked up.
    pub addresses: Vec<String>,
    /// The pattern that matches, as written.
    pub matched_by: Option<String>,
    /// A wildcard that ends alike and stands for exactly one label, where no pattern matches.
    pub near_miss: Option<String>,
    /// What happens to mail in the published mode.
    pub result: MxResult,
    /// The same in a sentence.
    pub outcome: String,
}

/// What happens to mail at one MX host: by its name and the mode, no certificate involved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub enum MxResult {
    /// It may be delivered there.
    Allowed,
    /// It is not delivered there.
    Refused,
    /// The policy is not known.
    Unknown,
}

/// How much of the MX set is covered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub enum CoverageName {
    /// Every host.
    Full,
    /// Some.
    Partial,
    /// None.
    None,
    /// Mode none: patterns are not applied.
    NotApplied,
    /// The domain takes no mail.
    NullMx,
}

/// What one known sender makes of it: by the traits of its reader, as far as they are known.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify), tsify(missing_as_null))]
pub struct SenderReport {
    /// Its id, as in the table of observations.
    pub id: &'static str,
    /// As people call it.
    pub name: &'static str,
    /// The version that was looked at.
    pub version: &'static str,
    /// What it is.
    pub kind: SenderKindName,
    /// How it is known what it does.
    pub known: KnownName,
    /// Whether it applies the policy, as far as record and policy are here; `null` where what decides could not be seen.
    pub accepts: Option<bool>,
    /// The mode as it reads it; `null` if it refuses the policy or the policy is not here.
    pub mode: Option<&'static str>,
    /// The lifetime as it reads it, in seconds; likewise.
    pub max_age: Option<u64>,
    /// The patterns as it reads them, in order, at most 100; empty likewise.
    pub mx: Vec<String>,
    /// The finding that makes it refuse, or read in another way than the RFC; `null` if there is none.
    pub because: Option<BecauseReport>,
    /// Whether it takes the record at `_mta-sts`; `null` where it is not here, not seen, or not read by this one.
    pub record: Option<bool>,
    /// Whether it takes the policy and the way it is served; likewise.
    pub policy: Option<bool>,
    /// Whether it takes the record at `_smtp._tls`; likewise.
    pub tlsrpt: Option<bool>,
    /// The id as it reads it; `null` if it refuses the record or does not look at the id.
    pub policy_id: Option<String>,
    /// Where it reports to, as it reads the addresses.
    pub rua: Vec<String>,
    /// What happens to its mail at each host of [`MxReport::hosts`], in that order; `unknown` where the names in the
    /// host's certificate decide, or of a policy with more than 200 patterns. Empty where the MX hosts are not known.
    pub hosts: Vec<MxResult>,
}

/// What kind of program a sender is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub enum SenderKindName {
    /// A mail server.
    MailServer,
    /// A daemon that a mail server asks.
    PolicyDaemon,
    /// A library that mail servers use.
    Library,
    /// A validator, which delivers no mail.
    Validator,
}

/// How it is known what a sender does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub enum KnownName {
    /// Its own reader was run.
    Run,
    /// Functions of its source were lifted out and run.
    Lifted,
}

/// The finding that makes the difference to a sender.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify), tsify(missing_as_null))]
pub struct BecauseReport {
    /// Its id.
    pub id: &'static str,
    /// The name of the document it is about.
    pub document: String,
    /// The place, where there is a text.
    pub span: Option<Place>,
}

/// Something that could not be seen.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct NotSeen {
    /// Which stop it belongs to.
    pub stop: StopId,
    /// What: `the text of the policy`.
    pub what: String,
    /// Why not, exactly as far as it is known.
    pub why: String,
    /// The one thing to do next.
    pub next: String,
    /// A command that shows it, ready to paste into a shell.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub command: Option<String>,
    /// A page to open in a tab.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The rules that could not run because of it.
    pub rules: Vec<&'static str>,
}

/// One question to the DNS.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify), tsify(missing_as_null))]
pub struct LookupReport {
    /// Which stop it belongs to.
    pub stop: StopId,
    /// The name.
    pub name: String,
    /// The type: `TXT`, `MX`, `A`, `AAAA`.
    pub kind: &'static str,
    /// `NOERROR`, `NOERROR, no such record`, `NXDOMAIN`, `SERVFAIL`, or why no resolver answered.
    pub outcome: String,
    /// Whether a resolver answered at all.
    pub answered: bool,
    /// The records in presentation form.
    pub answers: Vec<String>,
    /// The least TTL in seconds.
    pub ttl: Option<u32>,
    /// The CNAME chain, each as `from → to`.
    pub aliases: Vec<String>,
    /// Whether the resolver says that it validated the answer.
    pub authenticated: bool,
    /// The URL of the resolver that answered, or that was tried last.
    pub resolver: String,
    /// How long it took, in milliseconds.
    pub millis: u32,
}

/// The reply of the policy host.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify), tsify(missing_as_null))]
pub struct ReplyReport {
    /// The URL.
    pub url: String,
    /// The status code.
    pub status: Option<u16>,
    /// The `Content-Type` header; empty if there is none.
    pub content_type: Option<String>,
    /// Octets of body read.
    pub size: u32,
    /// How long it took, in milliseconds.
    pub millis: Option<u32>,
}

impl From<Severity> for SeverityName {
    fn from(severity: Severity) -> Self {
        match severity {
            Severity::Error => Self::Error,
            Severity::Warning => Self::Warning,
            Severity::Info => Self::Info,
        }
    }
}

impl From<Consequence> for ConsequenceName {
    fn from(consequence: Consequence) -> Self {
        match consequence {
            Consequence::Refused => Self::Refused,
            Consequence::Disputed => Self::Disputed,
            Consequence::Delivery => Self::Delivery,
            Consequence::Practice => Self::Practice,
        }
    }
}

/// An RCODE by its name (RFC 1035 §4.1.1, RFC 6895 §2.3).
fn rcode(code: u16) -> String {
    match code {
        1 => "FORMERR".into(),
        2 => "SERVFAIL".into(),
        3 => "NXDOMAIN".into(),
        4 => "NOTIMP".into(),
        5 => "REFUSED".into(),
        code => format!("RCODE {code}"),
    }
}
