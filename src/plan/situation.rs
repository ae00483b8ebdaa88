//! What a change comes down to: what senders may hold, and which hosts are at stake.

use super::Change;
use crate::model::coverage::Names;
use crate::model::{MaxAge, Mode, MxPattern, Policy, Record, RecordSet};
use crate::review::Reading;
use crate::rules::Transition;
use alloc::vec::Vec;

/// See the module.
pub(super) struct Situation<'a> {
    /// What is published.
    pub(super) old: State<'a>,
    /// What is to be.
    pub(super) new: State<'a>,
    /// Whether the MX hosts are known, both as they are and as they are to be.
    pub(super) mx_known: bool,
    /// Whether other MX hosts take mail than before.
    pub(super) moves: bool,
    /// Old hosts that take no mail any longer.
    pub(super) gone: Vec<MxPattern<'a>>,
    /// New hosts that copies of the old policy hold mail back from.
    pub(super) refused: Vec<MxPattern<'a>>,
    /// Old hosts that the new policy does not list.
    pub(super) unlisted: Vec<MxPattern<'a>>,
    /// Whether senders are known to find out where to report to.
    pub(super) reports: bool,
    /// How long a copy of what was served so far may last, in seconds, if there may be one.
    pub(super) held: Option<u64>,
    now: u64,
    kept_until: u64,
}

/// One side of the change.
pub(super) struct State<'a> {
    pub(super) policy: Option<&'a Policy<'a>>,
    pub(super) mode: Option<Mode>,
    /// The record's id, where the record is known and usable.
    pub(super) id: Option<&'a str>,
    /// The record as written, likewise.
    pub(super) record: Option<&'a [u8]>,
    /// The hosts that take mail.
    pub(super) hosts: Names<'a>,
}

impl<'a> State<'a> {
    fn of(reading: &'a Reading<'a>, hosts: Names<'a>) -> Self {
        let set = reading.record.as_ref().filter(|set| set.is_usable());
        Self {
            policy: reading.policy.as_ref(),
            mode: reading.policy.as_ref().and_then(Policy::mode),
            id: set.and_then(RecordSet::policy_id),
            record: set.and_then(RecordSet::only).map(Record::text),
            hosts,
        }
    }
}

impl<'a> Situation<'a> {
    pub(super) fn of(old: &'a Reading<'a>, new: &'a Reading<'a>, change: &'a Change<'a>) -> Self {
        let domain = change.domain.as_ref();
        let known = |mx: Option<&'a Vec<_>>| mx.and_then(|mx| Names::of_hosts(mx, domain));
        let old_mx = known(change.old_mx.as_ref());
        let new_mx = known(change.new_mx.as_ref().or(change.old_mx.as_ref()));
        let mx_known = old_mx.is_some() && new_mx.is_some();
        // Where MX hosts are not known they are those that a policy lists; where only one policy lists any, they stay.
        let listed = |reading: &'a Reading<'a>| reading.policy.as_ref().map(Names::of_policy);
        let filled = |reading: &'a Reading<'a>| listed(reading).filter(|names| !names.each().is_empty());
        let none = || Names::of(Vec::new());
        let same = |names: &Names<'a>| Names::of(names.each());
        let (old_hosts, new_hosts) = match (old_mx, new_mx) {
            (Some(old), Some(new)) => (old, new),
            (None, Some(new)) => (filled(old).unwrap_or_else(|| same(&new)), new),
            (_, None) => match (filled(old), filled(new)) {
                (Some(old), Some(new)) => (old, new),
                (Some(one), None) | (None, Some(one)) => (same(&one), one),
                (None, None) => (none(), none()),
            },
        };
        let (old_listed, new_listed) = (listed(old).unwrap_or_else(none), listed(new).unwrap_or_else(none));
        let reports = new.tlsrpt.as_ref().is_some_and(RecordSet::is_usable);
        let (old, new) = (State::of(old, old_hosts), State::of(new, new_hosts));

        let gone = old.hosts.apart(&new.hosts);
        let moves = !gone.is_empty() || !new.hosts.apart(&old.hosts).is_empty();
        let max_age = old.policy.and_then(Policy::max_age).map_or(0, MaxAge::seconds);
        let longest = change.longest_max_age.filter(|longest| *longest > max_age);
        // A policy that was served longer ago and for longer may have been in mode enforce.
        let holds_back = old.mode == Some(Mode::Enforce) || longest.is_some();
        let refused = if moves && holds_back { new.hosts.beyond(&old_listed) } else { Vec::new() };
        let enforces = new.mode == Some(Mode::Enforce);
        let unlisted = if moves && enforces { old.hosts.beyond(&new_listed) } else { Vec::new() };
        let held = longest.or(old.policy.map(|_| max_age));
        let kept = held.map_or(0, |held| held.saturating_add(change.ttl.into()));
        let kept_until = change.now.saturating_add(kept);
        Self {
            old,
            new,
            mx_known,
            moves,
            gone,
            refused,
            unlisted,
            reports,
            held,
            now: change.now,
            kept_until,
        }
    }

    /// The change as rules look at it.
    pub(super) fn transition(&self, old: &'a Reading<'a>, new: &'a Reading<'a>) -> Transition<'a> {
        Transition {
            old: old.case(),
            new: new.case(),
            refused: self.refused.clone(),
            dropped: self.unlisted.clone(),
            now: self.now,
            kept_until: self.kept_until,
        }
    }

    /// Whether there are two policies, and they are not the same octet for octet.
    pub(super) fn text_changes(&self) -> bool {
        let text = |state: &State<'a>| state.policy.map(|policy| policy.text.input);
        text(&self.old) != text(&self.new)
    }
}
