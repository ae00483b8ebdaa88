//! Steps one after the other, and the dates they come to.

use super::{PlanEarly, PlanStep, PlanWait, Publication, PublicationKind};
use crate::date::{self, Lasting};
use crate::gather::policy_url;
use crate::model::Domain;
use alloc::borrow::ToOwned;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt::Write;

/// The steps so far, and the time at which the last of them is done.
pub(super) struct Timeline<'a> {
    pub(super) steps: Vec<PlanStep>,
    clock: u64,
    domain: Option<&'a Domain>,
    /// What the next step waits for.
    waits: Vec<PlanWait>,
    /// Ids that were used, or will be.
    used: Vec<String>,
}

/// Why a step is taken.
pub(super) struct Why(pub(super) &'static str, pub(super) &'static str);

impl<'a> Timeline<'a> {
    /// Nothing done yet. No step makes up one of the ids in `used`.
    pub(super) fn new(now: u64, domain: Option<&'a Domain>, used: &[Option<&str>]) -> Self {
        let used = used.iter().filter_map(|id| id.map(str::to_owned)).collect();
        Self { steps: Vec::new(), clock: now.min(date::LAST), domain, waits: Vec::new(), used }
    }

    /// Adds a step at the earliest time there is for it.
    pub(super) fn step(&mut self, id: &'static str, action: String, Why(why, rfc): Why) -> &mut PlanStep {
        self.steps.push(PlanStep {
            id,
            action,
            publish: None,
            why,
            rfc,
            not_before: self.clock,
            date: date::rfc3339(self.clock),
            waits: core::mem::take(&mut self.waits),
        });
        let last = self.steps.len() - 1;
        &mut self.steps[last]
    }

    /// The earliest time for the next step, in seconds since 1970.
    pub(super) fn now(&self) -> u64 {
        self.clock
    }

    /// When step `id` is done; now, if there is no such step.
    pub(super) fn time_of(&self, id: Option<&str>) -> u64 {
        let step = self.steps.iter().find(|step| Some(step.id) == id);
        step.or(self.steps.first()).map_or(self.clock, |step| step.not_before)
    }

    /// Lets the next step wait for the sum of `parts`, each with its name, after step `after`. With `looks_for_id` it says
    /// from when on a sender that looks for a new id finds it: after the first of the parts.
    pub(super) fn wait(
        &mut self,
        after: Option<&'static str>,
        parts: &[(&str, u64)],
        until: &'static str,
        looks_for_id: bool,
    ) {
        let from = self.time_of(after);
        let later = |seconds: u64| from.saturating_add(seconds).min(date::LAST);
        let (mut seconds, mut sum) = (0_u64, String::new());
        for (name, part) in parts {
            seconds = seconds.saturating_add(*part);
            let plus = if sum.is_empty() { "" } else { " + " };
            // Writing to a String cannot fail.
            let _ = write!(sum, "{plus}{name} {}", Lasting(*part));
        }
        if seconds == 0 {
            return;
        }
        let not_before = later(parts[0].1);
        let early = (looks_for_id && not_before < later(seconds)).then(|| PlanEarly {
            not_before,
            date: date::rfc3339(not_before),
            risk: "a sender that follows RFC 8461 §5.1 looks for a new id before it gives a message up, so that its mail \
                   is at worst delayed; one that never looks, such as chasquid, holds mail back to the end",
        });
        self.clock = self.clock.max(later(seconds));
        self.waits.push(PlanWait { after, seconds, sum, until, early });
    }

    /// Serves a policy.
    pub(super) fn policy(&mut self, id: &'static str, text: String, why: Why) {
        let at = self.domain.map_or_else(|| "/.well-known/mta-sts.txt".to_owned(), policy_url);
        let action =
            "serve this policy, and see to it that every server and every cache in front of it does".into();
        self.step(id, action, why).publish = Some(Publication { kind: PublicationKind::Policy, at, text });
    }

    /// Publishes a record: this one, or one with an id that is new.
    pub(super) fn record(&mut self, id: &'static str, is_first: bool, text: Option<String>) {
        let text = text.unwrap_or_else(|| {
            let mut fresh = date::compact(self.clock);
            while self.used.contains(&fresh) {
                fresh.push('a');
            }
            let text = format!("v=STSv1; id={fresh};");
            self.used.push(fresh);
            text
        });
        let at = self.name("_mta-sts");
        let action = if is_first { "publish the record" } else { "give the record a new id" };
        let why = if is_first {
            "senders look for the policy only where there is a record; the policy comes first, so that they find it"
        } else {
            "a sender fetches the policy again when the id is another than that of its copy; the policy comes first, so \
             that nobody keeps the old text under the new id"
        };
        self.step(id, action.into(), Why(why, "RFC 8461 §3.1, §8.1")).publish =
            Some(Publication { kind: PublicationKind::Record, at, text });
    }

    /// A name below the domain.
    pub(super) fn name(&self, label: &str) -> String {
        match self.domain {
            Some(domain) if label.is_empty() => domain.as_str().to_owned(),
            Some(domain) => format!("{label}.{}", domain.as_str()),
            None => label.to_owned(),
        }
    }
}
