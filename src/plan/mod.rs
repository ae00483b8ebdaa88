//! Changes that lose no mail: what to publish, in which order, and what to wait for.
//!
//! [`plan`] takes what is published, what is to be, and the time, and gives dated steps. Nothing here has a clock or asks
//! the network.
//!
//! # What senders hold
//!
//! A sender keeps a policy for up to `max_age` seconds from its last fetch and applies that copy whatever has been
//! published since (RFC 8461 §3.2, §3.3). It learns of a new policy by the id in the record alone (§3.1), so that a change
//! is complete only when no copy of the old text is left. How long that takes depends on the sender:
//!
//! - One that follows §5.1 looks for a new id before it gives a message up; many look at every delivery, or once a day
//!   (§3.3). It sees the new id once the old record has left the DNS caches: after the TTL of the record at most (§8.1).
//! - One that never looks keeps its copy to the end: chasquid does not read the id.
//! - One that takes an unchanged id for a fetch renews its copy: mox and postfix-mta-sts-resolver add another `max_age`
//!   when the id is the one they know, without looking at the text.
//!
//! The text is served before the id changes (§8.1), so that nobody fetches the old text under the new id. From then on
//! nobody can fetch the old text at all, and the first two kinds are rid of it `max_age` later. The third kind renews as
//! long as it sees the old id, which is until the record's TTL has passed after the id has changed. So
//!
//! ```text
//! last copy expired  =  id changed  +  TTL of the record  +  the longest max_age ever served
//! ```
//!
//! holds for all of them, and this is the date that a plan waits for. Policies before the old one may have been served
//! with a longer `max_age` (§8.3); they are taken to list the same hosts as the old one. Where waiting so long is not worth
//! it, [`PlanWait::early`] says from when on a sender that follows §5.1 at worst delays mail.
//!
//! Only a copy in mode enforce holds mail back, so that nothing has to be waited for where no such copy can be left.
//!
//! # What must hold at every moment
//!
//! Every MX host that a sender may see in the DNS matches every policy in mode enforce that it may hold. The MX records are
//! cached too, for a TTL of their own. To move from one set of hosts to another, therefore: serve a policy that lists both,
//! change the id, wait until the last copy of the old policy has expired, change the MX records, wait until the old ones
//! have left the caches, and only then leave the old hosts out of the policy. `tests/plan.rs` lets senders of every kind
//! above loose on the steps of a plan and holds them to this sentence.
//!
//! # What a plan does not do
//!
//! It does not lead to a state in which mail is held back: where the new policy has an error, or leaves out a host of the
//! new MX records, the one step is to correct that. It knows MX hosts by name alone; certificates are for the reader to
//! check. Where the MX hosts are not given they are taken to be those that the policies list.

mod situation;
mod steps;
mod texts;
mod timeline;

use crate::Draft;
use crate::evidence::{Hidden, MxRecord, Seen};
use crate::model::Domain;
use crate::report::{self, Document, FindingReport, OffsetUnit, SeverityName};
use crate::review::Reading;
use alloc::string::String;
use alloc::vec::Vec;
use core::mem::take;
use serde::Serialize;
use situation::Situation;

/// The TTL that a record is taken to have where it is not known: a day, in seconds.
pub const DEFAULT_TTL: u32 = 86_400;

/// The name of the shape of a [`Plan`]. It changes when a reader of the JSON would have to.
pub const SCHEMA: &str = "mta-sts-plan-1";

/// A change: what is published, and what is to be.
#[derive(Debug, Clone)]
pub struct Change<'a> {
    /// The policy domain, if it is known.
    pub domain: Option<Domain>,
    /// What is published. Without a policy there is none; a record that is not given is not known.
    pub old: Draft<'a>,
    /// What is to be. Without a policy there is to be none. The TLSRPT record is taken to stay where none is given here.
    pub new: Draft<'a>,
    /// The MX hosts as they are, where they are known. An empty list means that the domain has no MX record.
    pub old_mx: Option<Vec<MxRecord>>,
    /// The MX hosts as they are to be. They stay as they are where this is not given.
    pub new_mx: Option<Vec<MxRecord>>,
    /// The TTL of the record at `_mta-sts`, in seconds.
    pub ttl: u32,
    /// The TTL of the MX records, in seconds.
    pub mx_ttl: u32,
    /// The longest `max_age` that was ever served, in seconds, if it is longer than that of the old policy.
    pub longest_max_age: Option<u64>,
    /// The time of the first step, in seconds since 1970-01-01T00:00:00Z.
    pub now: u64,
}

impl Change<'_> {
    /// From nothing to nothing at this time, with TTLs of [`DEFAULT_TTL`].
    #[must_use]
    pub fn at(now: u64) -> Self {
        Self {
            domain: None,
            old: Draft::default(),
            new: Draft::default(),
            old_mx: None,
            new_mx: None,
            ttl: DEFAULT_TTL,
            mx_ttl: DEFAULT_TTL,
            longest_max_age: None,
            now,
        }
    }
}

/// What to do, in order, and what would go wrong if it were done at once.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct Plan {
    /// [`SCHEMA`].
    pub schema: &'static str,
    /// What the offsets and columns of the findings count.
    pub offsets: OffsetUnit,
    /// What kind of change it is.
    pub kind: PlanKind,
    /// The plan in a sentence.
    pub summary: String,
    /// The steps, in order. Their dates never decrease.
    pub steps: Vec<PlanStep>,
    /// The errors and warnings of what is to be, and what goes wrong if the change is made at once.
    pub findings: Vec<FindingReport>,
    /// What the findings point into: the texts of what is to be.
    pub documents: Vec<Document>,
}

/// What kind of change it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub enum PlanKind {
    /// Nothing changes for senders.
    Nothing,
    /// What is to be has errors, which come first.
    FixFirst,
    /// A policy is published where there was none.
    Publish,
    /// The policy changes, and the MX hosts stay.
    Update,
    /// The MX hosts change.
    MoveMx,
    /// The policy goes.
    Remove,
}

/// One thing to do.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct PlanStep {
    /// Names the step, once in a plan: `fix-first`, `publish-tlsrpt`, `publish-testing`, `publish-both`, `publish-none`,
    /// `publish-policy`, each with its `id-testing` and so on, `change-mx`, `delete-record`, `delete-policy`, `done`.
    pub id: &'static str,
    /// What to do.
    pub action: String,
    /// The exact text to publish.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub publish: Option<Publication>,
    /// Why, and why now.
    pub why: &'static str,
    /// The sections that rests on.
    pub rfc: &'static str,
    /// The earliest time, in seconds since 1970-01-01T00:00:00Z, if every step before was done at its own.
    pub not_before: u64,
    /// The same in UTC: `2026-03-15T12:00:00Z`.
    pub date: String,
    /// What has to be waited for before it: all of it.
    pub waits: Vec<PlanWait>,
}

/// A text to publish.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct Publication {
    /// What it is.
    pub kind: PublicationKind,
    /// Where it goes: a URL, or a name in the DNS; without the domain where that is not known.
    pub at: String,
    /// The text: a policy, the value of a TXT record, or MX hosts, one a line.
    pub text: String,
}

/// What a text to publish is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub enum PublicationKind {
    /// The policy.
    Policy,
    /// The TXT record at `_mta-sts`.
    Record,
    /// The TXT record at `_smtp._tls`.
    Tlsrpt,
    /// The hosts of the MX records.
    Mx,
}

/// Something to wait for.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify), tsify(missing_as_null))]
pub struct PlanWait {
    /// The step from which on it counts; without one, from now on.
    pub after: Option<&'static str>,
    /// How long, in seconds.
    pub seconds: u64,
    /// What that is made of: `TXT TTL 1 hour (3600 seconds) + max_age 7 days (604800 seconds)`.
    pub sum: String,
    /// What will have happened by then.
    pub until: &'static str,
    /// Whoever cannot wait so long.
    pub early: Option<PlanEarly>,
}

/// A date before the safe one.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct PlanEarly {
    /// The date, in seconds since 1970-01-01T00:00:00Z.
    pub not_before: u64,
    /// The same in UTC.
    pub date: String,
    /// What it costs.
    pub risk: &'static str,
}

/// Plans a change. Never fails; the same input gives the same plan.
///
/// ```
/// use mta_sts::plan::{Change, plan};
/// use mta_sts::{Draft, OffsetUnit, mx_list};
///
/// let policy = |mx| format!("version: STSv1\nmode: enforce\nmx: {mx}\nmax_age: 604800\n");
/// let (old, new) = (policy("mx.old.example"), policy("mx.new.example"));
/// let change = Change {
///     old: Draft { policy: Some(old.as_bytes()), ..Draft::default() },
///     new: Draft { policy: Some(new.as_bytes()), ..Draft::default() },
///     old_mx: Some(mx_list("mx.old.example")),
///     new_mx: Some(mx_list("mx.new.example")),
///     ttl: 3_600,
///     mx_ttl: 3_600,
///     ..Change::at(1_767_225_600)
/// };
/// let plan = plan(&change, OffsetUnit::Bytes);
/// let steps: Vec<_> = plan.steps.iter().map(|step| (step.id, &*step.date)).collect();
/// assert_eq!(steps, [
///     ("publish-both", "2026-01-01T00:00:00Z"),
///     ("id-both", "2026-01-01T00:00:00Z"),
///     ("change-mx", "2026-01-08T01:00:00Z"), // 7 days and an hour later: the last copy of the old policy has expired
///     ("publish-policy", "2026-01-08T02:00:00Z"), // the old MX records have left the DNS caches
///     ("id-policy", "2026-01-08T02:00:00Z"),
///     ("done", "2026-01-15T03:00:00Z"), // the last copy of the policy with both hosts has expired
/// ]);
/// ```
#[must_use]
pub fn plan(change: &Change<'_>, unit: OffsetUnit) -> Plan {
    let new_mx = change.new_mx.as_deref().or(change.old_mx.as_deref());
    let (old_evidence, _) = change.old.read(change.domain.as_ref(), change.old_mx.as_deref());
    let mut draft = Draft { tlsrpt: change.new.tlsrpt.or(change.old.tlsrpt), ..change.new };
    if draft.policy.is_none() {
        // Without a policy there is nothing to report on, and no record is as good as an empty one.
        draft.tlsrpt = None;
        draft.record = draft.record.filter(|record| !record.trim_ascii().is_empty());
    }
    let (mut new_evidence, layout) = draft.read(change.domain.as_ref(), new_mx);
    if draft.policy.is_none() {
        // That there is to be none is known, and then a record is one too many.
        new_evidence.policy = Seen::Hidden(Hidden::NoAddress);
    }
    let (old, new) = (Reading::of(&old_evidence), Reading::of(&new_evidence));
    let situation = Situation::of(&old, &new, change);
    let found = new.findings_of_change(&situation.transition(&old, &new));
    let (kind, steps) = steps::steps(&situation, change, &found);
    let mut report = report::build(&new, &found, &layout, unit);
    // What is only worth knowing of the new texts is for a report.
    let mut findings = Vec::new();
    for finding in take(&mut report.findings) {
        if finding.severity != SeverityName::Info || finding.id.starts_with("ops-") {
            findings.push(finding);
        }
    }
    Plan {
        schema: SCHEMA,
        offsets: unit,
        kind,
        summary: steps::summary(kind, &steps),
        steps,
        findings,
        documents: take(&mut report.documents),
    }
}
