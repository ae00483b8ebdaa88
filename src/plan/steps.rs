//! The steps of each kind of change.

use super::situation::Situation;
use super::timeline::{Timeline, Why};
use super::{Change, PlanKind, PlanStep, Publication, PublicationKind, texts};
use crate::date;
use crate::finding::{Finding, Severity, Subject};
use crate::model::{MaxAge, Mode, MxPattern, Policy};
use crate::parse::MAX_POLICY;
use alloc::borrow::ToOwned;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// How long a policy stays in mode testing before it goes to mode enforce: two weeks, in seconds. The RFC sets no length.
const TESTING: u64 = 14 * 86_400;

/// The longest lifetime of a policy in mode testing that is to become mode enforce: a week, in seconds.
const TESTING_MAX_AGE: u64 = 7 * 86_400;

/// What every wait for copies is for.
const COPIES_GONE: &str = "the last cached copy of the old policy has expired";
/// What every wait for old MX records is for.
const MX_GONE: &str = "the old MX records have left the DNS caches";

/// The kind of change, and its steps.
pub(super) fn steps(
    situation: &Situation<'_>,
    change: &Change<'_>,
    findings: &[Finding],
) -> (PlanKind, Vec<PlanStep>) {
    let used = [situation.old.id, situation.new.id];
    let mut planner =
        Planner { situation, change, time: Timeline::new(change.now, change.domain.as_ref(), &used) };
    let kind = planner.plan(findings);
    (kind, planner.time.steps)
}

/// The plan in a sentence.
pub(super) fn summary(kind: PlanKind, steps: &[PlanStep]) -> String {
    let what = match kind {
        PlanKind::Nothing => return "nothing changes for senders".into(),
        PlanKind::FixFirst => return "what is to be has errors, which come first".into(),
        PlanKind::Publish => "publish a policy",
        PlanKind::Update => "change the policy",
        PlanKind::MoveMx => "change the MX hosts",
        PlanKind::Remove => "remove the policy",
    };
    let (count, last) = (steps.len(), steps.last().map_or("", |step| &*step.date));
    let s = if count == 1 { "" } else { "s" };
    format!("{what}: {count} step{s}, the last not before {last}")
}

struct Planner<'s, 'a> {
    situation: &'s Situation<'a>,
    change: &'s Change<'a>,
    time: Timeline<'s>,
}

impl Planner<'_, '_> {
    fn plan(&mut self, findings: &[Finding]) -> PlanKind {
        // Reports hold no mail back: a fault in their record is corrected on the way.
        let stands_in_the_way = |finding: &&Finding| {
            finding.severity == Severity::Error
                && !matches!(finding.subject, Subject::TlsrptSet | Subject::Tlsrpt(_))
        };
        let first = findings.iter().find(stands_in_the_way);
        if let Some(first) = first {
            let others = findings.iter().filter(stands_in_the_way).count() - 1;
            let others = match others {
                0 => String::new(),
                n => format!("; and {n} more"),
            };
            return self.fix_first(format!("correct what is to be: {}{others}", first.message));
        }
        let (old, new) = (&self.situation.old, &self.situation.new);
        match new.policy {
            None => self.remove(),
            Some(_) if !self.situation.text_changes() => self.keep(),
            // A policy that goes to mode enforce is tested before.
            Some(policy)
                if new.mode == Some(Mode::Enforce)
                    && !matches!(old.mode, Some(Mode::Enforce | Mode::Testing)) =>
            {
                self.roll_out(policy)
            }
            Some(policy) => self.replace(policy),
        }
    }

    fn fix_first(&mut self, action: String) -> PlanKind {
        let why = "no sender could use it, or mail would be held back, so there is no safe way to it";
        self.time.step("fix-first", action, Why(why, "RFC 8461 §3, §4, §5"));
        PlanKind::FixFirst
    }

    /// The policy stays; the id or the MX hosts may change.
    fn keep(&mut self) -> PlanKind {
        let (old, new) = (&self.situation.old, &self.situation.new);
        if matches!((old.id, new.id), (Some(old), Some(new)) if old != new) {
            self.new_id("id-policy");
        }
        if self.situation.moves {
            self.wait_for_copies(None);
            self.change_mx();
            return PlanKind::MoveMx;
        }
        if self.time.steps.is_empty() { PlanKind::Nothing } else { PlanKind::Update }
    }

    /// From no policy, or one that applies nothing, to mode enforce.
    fn roll_out(&mut self, policy: &Policy<'_>) -> PlanKind {
        let more = lines(&self.situation.unlisted);
        self.reports();
        let text = texts::on_the_way(policy, &more, Some(TESTING_MAX_AGE));
        let max_age = policy.max_age().map_or(0, MaxAge::seconds).min(TESTING_MAX_AGE);
        if text.len() > MAX_POLICY {
            return self.too_large();
        }
        let why =
            "in mode testing senders report what mode enforce would hold back, and deliver all the same";
        self.time.policy("publish-testing", text, Why(why, "RFC 8461 §5"));
        self.new_id("id-testing");
        if self.situation.moves {
            self.wait_for_copies(Some("id-testing"));
            self.change_mx();
            self.time.wait(Some("change-mx"), &[("MX TTL", self.change.mx_ttl.into())], MX_GONE, false);
        }
        let until = "reports are clean and every MX host is covered; the RFC sets no length";
        self.time.wait(Some("id-testing"), &[("testing", TESTING)], until, false);
        let why = "go on only when reports are clean and every MX host is covered and has a valid certificate: from now \
                   on mail to a host that fails is held back";
        self.publish(policy, Why(why, "RFC 8461 §5"));
        self.done(Some(max_age));
        if self.situation.old.policy.is_some() { PlanKind::Update } else { PlanKind::Publish }
    }

    /// From one policy to another that takes effect at once.
    fn replace(&mut self, policy: &Policy<'_>) -> PlanKind {
        let Situation { old, new, moves, refused, unlisted, .. } = self.situation;
        if new.mode == Some(Mode::Testing) && old.mode != Some(Mode::Testing) {
            self.reports();
        }
        let text_first = "the policy comes before the id: whoever sees a new id fetches at once";
        let text_first = Why(text_first, "RFC 8461 §8.1");
        if !moves {
            self.publish(policy, text_first);
            self.done(None);
            return if old.policy.is_some() { PlanKind::Update } else { PlanKind::Publish };
        }
        if unlisted.is_empty() {
            // The new policy lists all hosts, old and new, or holds nothing back.
            self.publish(policy, text_first);
            self.wait_for_copies(Some("id-policy"));
            self.change_mx();
            self.done(None);
            return PlanKind::MoveMx;
        }
        let both = texts::on_the_way(policy, &lines(unlisted), None);
        let mut both_max_age = None;
        if !refused.is_empty() {
            if both.len() > MAX_POLICY {
                return self.too_large();
            }
            let why = "it lists old and new hosts, so that whoever holds it delivers before the MX records change and after";
            self.time.policy("publish-both", both, Why(why, "RFC 8461 §4.1, §8.1"));
            self.new_id("id-both");
            self.wait_for_copies(Some("id-both"));
            both_max_age = policy.max_age().map(MaxAge::seconds);
        }
        self.change_mx();
        self.time.wait(Some("change-mx"), &[("MX TTL", self.change.mx_ttl.into())], MX_GONE, false);
        let why = "no sender sees the old hosts in the DNS any longer, so that the policy can leave them out";
        self.publish(policy, Why(why, "RFC 8461 §8.1"));
        self.done(both_max_age);
        PlanKind::MoveMx
    }

    /// To no policy.
    fn remove(&mut self) -> PlanKind {
        let Situation { old, moves, .. } = self.situation;
        let had_record = self.change.old.record.is_some_and(|record| !record.trim_ascii().is_empty());
        let mut after = None;
        if let Some(policy) = old.policy.filter(|_| old.mode != Some(Mode::None)) {
            let why = "mode none tells senders to treat the domain as one without a policy, and its small max_age to ask \
                       again soon";
            self.time.policy("publish-none", texts::none(policy), Why(why, "RFC 8461 §8.3"));
            self.new_id("id-none");
            after = Some("id-none");
        }
        self.wait_for(after, false);
        if *moves {
            self.change_mx();
        }
        if old.policy.is_none() && !had_record {
            return if *moves { PlanKind::MoveMx } else { PlanKind::Nothing };
        }
        let name = self.time.name("_mta-sts");
        let why = "no copy is left that holds mail back; the record goes first, so that no sender looks for a policy that \
                   is gone";
        self.time.step(
            "delete-record",
            format!("delete the TXT record at `{name}`"),
            Why(why, "RFC 8461 §8.3"),
        );
        if old.policy.is_some() {
            self.time.wait(
                Some("delete-record"),
                &[("TXT TTL", self.change.ttl.into())],
                "the record has left the DNS caches",
                false,
            );
            let host = self.time.name("mta-sts");
            let why = "nobody asks for the policy any longer";
            let action = format!("delete the policy, and the host `{host}` with its certificate");
            self.time.step("delete-policy", action, Why(why, "RFC 8461 §8.3"));
        }
        PlanKind::Remove
    }

    /// The new policy as it is, and its record.
    fn publish(&mut self, policy: &Policy<'_>, why: Why) {
        let text = String::from_utf8_lossy(policy.text.input).into_owned();
        self.time.policy("publish-policy", text, why);
        self.new_id("id-policy");
    }

    /// A record with a new id: the one of the new policy if that is known and new, or one that is made up.
    fn new_id(&mut self, step: &'static str) {
        let Situation { old, new, .. } = self.situation;
        let given = new.record.filter(|_| step == "id-policy" && old.id != new.id);
        let had_one = old.policy.is_some() || old.id.is_some();
        let is_first = !had_one && !self.time.steps.iter().any(|step| step.id.starts_with("id-"));
        self.time.record(step, is_first, given.map(|text| String::from_utf8_lossy(text).into_owned()));
    }

    /// A TLSRPT record, unless a usable one is known.
    fn reports(&mut self) {
        let given = self.change.new.tlsrpt.or(self.change.old.tlsrpt);
        if self.situation.reports {
            return;
        }
        let unless = if given.is_none() { ", unless there is one" } else { "" };
        let domain = self.change.domain.as_ref().map_or("example.com", |domain| domain.as_str());
        let text = format!("v=TLSRPTv1; rua=mailto:tls-reports@{domain}");
        let at = self.time.name("_smtp._tls");
        let action = format!("publish a TLSRPT record with an address that somebody reads{unless}");
        let why = "reports are all that mode testing gives, and nobody sends any without this record";
        self.time.step("publish-tlsrpt", action, Why(why, "RFC 8461 §5, §6, RFC 8460 §3")).publish =
            Some(Publication { kind: PublicationKind::Tlsrpt, at, text });
    }

    /// Other MX records.
    fn change_mx(&mut self) {
        let Situation { new, mx_known, gone, refused, .. } = self.situation;
        let why = if refused.is_empty() {
            "no policy that a sender can hold keeps mail from the new hosts"
        } else {
            "no sender is left that holds a policy without the new hosts"
        };
        let hosts = names(&new.hosts.each());
        let mut action = match (*mx_known, hosts.as_slice()) {
            (true, []) => "publish a null MX: the domain takes no mail any longer".to_owned(),
            (true, _) => "let the MX records name these hosts and no others".to_owned(),
            (false, _) => {
                "change the MX records, if they change: only to hosts that match these patterns".to_owned()
            }
        };
        if !gone.is_empty() {
            let until = self.time.now().saturating_add(self.change.mx_ttl.into());
            action.extend([
                "; keep the old hosts running until the old records have left the DNS caches, at ",
                &date::rfc3339(until),
            ]);
        }
        let text = if hosts.is_empty() { ".".to_owned() } else { hosts.join("\n") };
        let at = self.time.name("");
        self.time.step("change-mx", action, Why(why, "RFC 8461 §4, §5, §8.1")).publish =
            Some(Publication { kind: PublicationKind::Mx, at, text });
    }

    /// Waits until no copy is left that holds mail back from a new host, if one may be.
    fn wait_for_copies(&mut self, after: Option<&'static str>) {
        if !self.situation.refused.is_empty() {
            self.wait_for(after, true);
        }
    }

    /// Waits until no copy is left of what was served so far, if there may be one.
    fn wait_for(&mut self, after: Option<&'static str>, looks_for_id: bool) {
        if let Some(held) = self.situation.held {
            let parts = [("TXT TTL", self.change.ttl.into()), ("max_age", held)];
            self.time.wait(after, &parts, COPIES_GONE, looks_for_id);
        }
    }

    /// The moment from which on no copy is left but of the new policy, if that is still to come. `between` is the `max_age`
    /// of a policy on the way to it.
    fn done(&mut self, between: Option<u64>) {
        let ttl = u64::from(self.change.ttl);
        let first = self.time.steps.iter().map(|step| step.id).find(|id| id.starts_with("id-"));
        let copies = [
            (first, self.situation.held, COPIES_GONE),
            (Some("id-policy"), between, "the last cached copy of the policy on the way has expired"),
        ];
        let now = self.time.now();
        for (after, max_age, until) in copies {
            let Some(max_age) = max_age else { continue };
            if self.time.time_of(after).saturating_add(ttl).saturating_add(max_age) > now {
                self.time.wait(after, &[("TXT TTL", ttl), ("max_age", max_age)], until, false);
            }
        }
        if self.time.now() > now {
            let why = "until then some senders apply what they hold, whatever is published";
            self.time.step("done", "the change is complete".into(), Why(why, "RFC 8461 §3.2, §8.1"));
        }
    }

    fn too_large(&mut self) -> PlanKind {
        self.time.steps.clear();
        self.fix_first(format!(
            "make the policy smaller: with the old hosts in it too it has more than {MAX_POLICY} octets; a wildcard takes \
             the place of many hosts"
        ))
    }
}

/// The names of hosts.
fn names(hosts: &[MxPattern<'_>]) -> Vec<String> {
    let mut names = Vec::new();
    for host in hosts {
        names.push(host.to_string().to_ascii_lowercase());
    }
    names
}

/// Hosts as they are written after `mx:`. What is no pattern can be in no policy, and was not in the old one.
fn lines(hosts: &[MxPattern<'_>]) -> Vec<String> {
    let mut lines = Vec::new();
    for name in names(hosts) {
        if MxPattern::read(name.as_bytes()).is_ok() {
            lines.push(name);
        }
    }
    lines
}
