//! What is to be asked about a domain: everything at once where one question does not wait for another. No rule runs
//! before all of it is answered, and none asks again.
//!
//! Nothing here asks by itself. Whoever has a network takes the questions and brings the answers, in any order:
//!
//! ```
//! use mta_sts::gather::{Answer, Gathering, Question};
//! # use mta_sts::{evidence::{Hidden, Lookup}, model::Domain};
//! let mut gathering = Gathering::of(&Domain::read("example.com").unwrap(), None);
//! let mut questions = gathering.ask();
//! while let Some((id, question)) = questions.pop() {
//!     gathering.answer(id, match question {
//!         Question::Dns { name, .. } => Answer::Dns(Lookup::given(name, Vec::new())),
//!         Question::Get { .. } | Question::Probe { .. } => Answer::Reply(Err(Hidden::NoUsableHttps)),
//!     });
//!     questions.append(&mut gathering.ask());
//! }
//! assert!(gathering.evidence().record.yes().is_some());
//! ```

use crate::dns::{Record, RecordType};
use crate::evidence::{
    Evidence, Hidden, HostAddresses, Lookup, MxRecord, Nearby, NearbyKind, Outcome, Reply, Seen, TxtRecord,
};
use crate::model::Domain;
use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;
use alloc::{format, vec};
use core::mem;

/// One question to the outside world. Timeouts and retries are the business of who asks it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Question {
    /// To the DNS.
    Dns {
        /// The name, without the final dot.
        name: String,
        /// The type.
        kind: RecordType,
    },
    /// For the policy: GET, no redirect followed, no credentials, no cache, at most
    /// [`MAX_POLICY`](crate::parse::MAX_POLICY) + 1 octets of body.
    Get {
        /// The URL.
        url: String,
    },
    /// Another look, by other means, where [`Question::Get`] came to [`Hidden::NoUsableHttps`] though the host has an
    /// address. Who has no other means says so again.
    Probe {
        /// The URL.
        url: String,
    },
}

/// What came of a question.
#[derive(Debug, Clone)]
pub enum Answer {
    /// Of the DNS: whatever goes wrong is an [`Outcome`].
    Dns(Lookup<Record>),
    /// Of the policy host.
    Reply(Result<Reply, Hidden>),
}

/// What is being asked for: the five stops of a message's way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// TXT at `_mta-sts`.
    Record,
    /// The addresses of the policy host.
    PolicyHost,
    /// The policy, by HTTPS.
    Policy,
    /// The MX records, and the addresses of their hosts.
    Mx,
    /// TXT at `_smtp._tls`.
    Reports,
}

/// How far a step has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Progress {
    /// The step.
    pub step: Step,
    /// Whether it is done; else it begins.
    pub done: bool,
}

/// The most MX hosts whose addresses are asked for.
pub const MAX_MX_HOSTS: usize = 20;

/// The policy's URL (RFC 8461 §3.3).
#[must_use]
pub fn policy_url(domain: &Domain) -> String {
    format!("https://mta-sts.{}/.well-known/mta-sts.txt", domain.as_str())
}

/// The questions about one domain, and what their answers say so far.
#[derive(Debug)]
pub struct Gathering {
    domain: Domain,
    evidence: Evidence,
    /// What each question is about, by its id; `None` once it is answered.
    subjects: Vec<Option<Subject>>,
    /// Questions that nobody took yet.
    waiting: Vec<(usize, Question)>,
    fetch: Fetch,
    /// Whether the names near the right ones were thought of.
    looked_nearby: bool,
    /// Steps that are not done.
    open: Vec<Step>,
    /// What nobody was told of yet.
    progress: Vec<Progress>,
}

/// What a question is about.
#[derive(Debug, Clone, Copy)]
enum Subject {
    Record,
    Reports,
    PolicyHost(RecordType),
    Policy,
    Mx,
    /// The MX records, and nothing about their hosts.
    MxAlone,
    /// The MX host at this place.
    MxHost(usize, RecordType),
    /// The name near the right ones at this place.
    Nearby(usize),
}

impl Subject {
    const fn step(self) -> Option<Step> {
        match self {
            Self::Record => Some(Step::Record),
            Self::Reports => Some(Step::Reports),
            Self::PolicyHost(_) => Some(Step::PolicyHost),
            Self::Policy => Some(Step::Policy),
            Self::Mx | Self::MxHost(..) => Some(Step::Mx),
            Self::MxAlone | Self::Nearby(_) => None,
        }
    }
}

/// How far the policy has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fetch {
    /// It is asked for, or was given.
    Asked,
    /// There is no usable HTTPS; the addresses of the host are to say why.
    Refused,
    /// It was asked for by other means.
    Probed,
}

/// The types of address, each a question of its own.
const ADDRESSES: [RecordType; 2] = [RecordType::A, RecordType::Aaaa];

impl Gathering {
    /// Begins to gather what is to be known of `domain`. A `policy` text that is given stands in for the one of the
    /// policy host, which then is not fetched.
    #[must_use]
    pub fn of(domain: &Domain, policy: Option<&[u8]>) -> Self {
        let name = domain.as_str();
        let host = format!("mta-sts.{name}");
        let mut gathering = Self::about(domain);
        gathering.evidence.policy_host = Seen::Yes(HostAddresses::not_asked(&*host));
        gathering.evidence.policy = policy.map_or(Seen::NotAsked, |text| Seen::Yes(Reply::given(text)));
        gathering.open = vec![Step::Record, Step::PolicyHost, Step::Policy, Step::Mx, Step::Reports];
        for step in &gathering.open {
            gathering.progress.push(Progress { step: *step, done: false });
        }
        gathering.look_up(Subject::Record, format!("_mta-sts.{name}"), RecordType::Txt);
        gathering.look_up(Subject::Reports, format!("_smtp._tls.{name}"), RecordType::Txt);
        gathering.look_up(Subject::Mx, name.to_owned(), RecordType::Mx);
        for kind in ADDRESSES {
            gathering.look_up(Subject::PolicyHost(kind), host.clone(), kind);
        }
        if policy.is_none() {
            gathering.put(Subject::Policy, Question::Get { url: policy_url(domain) });
        }
        gathering.tell();
        gathering
    }

    /// Begins to gather which MX hosts `domain` has: one question, and no step.
    #[must_use]
    pub fn mx_of(domain: &Domain) -> Self {
        let mut gathering = Self::about(domain);
        gathering.look_up(Subject::MxAlone, domain.as_str().to_owned(), RecordType::Mx);
        gathering
    }

    /// Knows nothing and asks nothing.
    fn about(domain: &Domain) -> Self {
        Self {
            domain: domain.clone(),
            evidence: Evidence { domain: Some(domain.clone()), ..Evidence::default() },
            subjects: Vec::new(),
            waiting: Vec::new(),
            fetch: Fetch::Asked,
            looked_nearby: false,
            open: Vec::new(),
            progress: Vec::new(),
        }
    }

    /// Questions that can be asked now, each with the id that its answer goes by; every question is given once. If there
    /// is none, another may come up when one that was given is answered.
    pub fn ask(&mut self) -> Vec<(usize, Question)> {
        mem::take(&mut self.waiting)
    }

    /// What began and what was done since this was asked last.
    pub fn progress(&mut self) -> Vec<Progress> {
        mem::take(&mut self.progress)
    }

    /// Takes the answer to the question of this id. A second answer, or one of the wrong kind, counts for nothing.
    pub fn answer(&mut self, id: usize, answer: Answer) {
        let Some(subject) = self.subjects.get_mut(id).and_then(Option::take) else { return };
        match answer {
            Answer::Dns(lookup) => self.looked_up(subject, lookup),
            Answer::Reply(reply) => self.replied(reply),
        }
        self.follow_up();
        self.tell();
    }

    /// What is known: everything, once no question is left.
    #[must_use]
    pub fn evidence(self) -> Evidence {
        self.evidence
    }

    fn put(&mut self, subject: Subject, question: Question) {
        self.waiting.push((self.subjects.len(), question));
        self.subjects.push(Some(subject));
    }

    fn look_up(&mut self, subject: Subject, name: String, kind: RecordType) {
        self.put(subject, Question::Dns { name, kind });
    }

    fn looked_up(&mut self, subject: Subject, lookup: Lookup<Record>) {
        let evidence = &mut self.evidence;
        match (subject, &mut evidence.policy_host) {
            (Subject::Record, _) => evidence.record = Seen::Yes(txt(lookup)),
            (Subject::Reports, _) => evidence.tlsrpt = Seen::Yes(txt(lookup)),
            (Subject::PolicyHost(kind), Seen::Yes(host)) => take_addresses(host, kind, lookup),
            (Subject::Mx, _) => self.take_mx(lookup),
            (Subject::MxAlone, _) => evidence.mx = Seen::Yes(mx(lookup)),
            (Subject::MxHost(at, kind), _) => take_addresses(&mut evidence.mx_hosts[at], kind, lookup),
            (Subject::Nearby(at), _) => {
                let nearby = &mut evidence.nearby[at];
                nearby.lookup = match nearby.kind {
                    NearbyKind::HostTypo => lookup.select(address_as_text),
                    _ => txt(lookup),
                };
            }
            _ => {}
        }
    }

    /// Takes the MX records in the order senders try them, and asks for the addresses of each host; of the domain itself
    /// where there is no MX record (RFC 5321 §5.1).
    fn take_mx(&mut self, lookup: Lookup<Record>) {
        let mx = mx(lookup);
        let hosts: Vec<String> = match &mx.outcome {
            Outcome::Found { records, .. } => records.iter().map(|record| record.host.clone()).collect(),
            Outcome::Empty | Outcome::NoSuchName => vec![self.domain.as_str().to_owned()],
            Outcome::Failed { .. } | Outcome::Unreachable { .. } => Vec::new(),
        };
        self.evidence.mx = Seen::Yes(mx);
        for (at, host) in hosts.into_iter().enumerate() {
            // A null MX (RFC 7505) names no host.
            if !host.is_empty() && at < MAX_MX_HOSTS {
                for kind in ADDRESSES {
                    self.look_up(Subject::MxHost(at, kind), host.clone(), kind);
                }
            }
            self.evidence.mx_hosts.push(HostAddresses::not_asked(host));
        }
    }

    fn replied(&mut self, reply: Result<Reply, Hidden>) {
        let is_offline = self.evidence.policy_host.yes().is_some_and(is_unreachable);
        self.evidence.policy = match (reply, self.fetch) {
            (Ok(reply), _) => Seen::Yes(reply),
            (Err(Hidden::NoUsableHttps), Fetch::Asked) => {
                self.fetch = Fetch::Refused;
                return;
            }
            // No resolver could be reached either: the fault is more likely on this side.
            (Err(Hidden::NoUsableHttps), _) if is_offline => Seen::Hidden(Hidden::NotAllowed),
            (Err(hidden), _) => Seen::Hidden(hidden),
        };
    }

    /// Asks what the answers so far give rise to.
    fn follow_up(&mut self) {
        let Some(host) =
            self.evidence.policy_host.yes().filter(|host| host.lookups().count() == ADDRESSES.len())
        else {
            return;
        };
        if self.fetch == Fetch::Refused {
            self.fetch = Fetch::Probed;
            if host.has_none() {
                self.evidence.policy = Seen::Hidden(Hidden::NoAddress);
            } else {
                self.put(Subject::Policy, Question::Probe { url: policy_url(&self.domain) });
            }
        }
        if !self.looked_nearby {
            self.look_nearby();
        }
    }

    /// Asks what is at names near the right ones: only where the right one is missing or odd, so that a domain in order
    /// costs no further question.
    fn look_nearby(&mut self) {
        let evidence = &self.evidence;
        let (Seen::Yes(record), Seen::Yes(tlsrpt), Seen::Yes(host)) =
            (&evidence.record, &evidence.tlsrpt, &evidence.policy_host)
        else {
            return;
        };
        let domain = self.domain.as_str();
        let mut names = Vec::new();
        let (no_record, no_tlsrpt) = (lacks(record, b"v=STSv1"), lacks(tlsrpt, b"v=TLSRPTv1"));
        if no_record {
            for prefix in ["mta-sts.", "_mta_sts.", "_mta-sts._tcp."] {
                names.push((NearbyKind::RecordTypo, format!("{prefix}{domain}")));
            }
            // What becomes of a name without its final dot in a zone file.
            names.push((NearbyKind::RecordTypo, format!("_mta-sts.{domain}.{domain}")));
            if let Some((_, parent)) = domain.split_once('.').filter(|(_, parent)| parent.contains('.')) {
                names.push((NearbyKind::Parent, format!("_mta-sts.{parent}")));
            }
        }
        if no_tlsrpt {
            for prefix in ["_smtp-tlsrpt.", "smtp._tls.", "_smtp_tls."] {
                names.push((NearbyKind::TlsrptTypo, format!("{prefix}{domain}")));
            }
        }
        let answers = |lookup: &Lookup<_>| !(lookup.records().is_empty() && lookup.aliases.is_empty());
        if no_record && answers(record) || no_tlsrpt && answers(tlsrpt) {
            names.push((NearbyKind::Wildcard, format!("_mta-sts-wildcard-test.{domain}")));
        }
        // A name that does not exist has no address either.
        if host.has_none() && !matches!(record.outcome, Outcome::NoSuchName) {
            names.push((NearbyKind::HostTypo, format!("_mta-sts.{domain}")));
        }
        self.looked_nearby = true;
        for (kind, name) in names {
            if name.len() <= Domain::MAX {
                let at = self.evidence.nearby.len();
                let question = if kind == NearbyKind::HostTypo { RecordType::A } else { RecordType::Txt };
                self.evidence.nearby.push(Nearby { kind, lookup: Lookup::given(&*name, Vec::new()) });
                self.look_up(Subject::Nearby(at), name, question);
            }
        }
    }

    /// Notes which steps are done.
    fn tell(&mut self) {
        let is_fetched = !matches!(self.evidence.policy, Seen::NotAsked);
        for step in mem::take(&mut self.open) {
            let is_open = self.subjects.iter().flatten().any(|subject| subject.step() == Some(step));
            if is_open || (step == Step::Policy && !is_fetched) {
                self.open.push(step);
            } else {
                self.progress.push(Progress { step, done: true });
            }
        }
    }
}

fn txt(lookup: Lookup<Record>) -> Lookup<TxtRecord> {
    let mut lookup = lookup.select(Record::txt);
    // They come in any order.
    sort(&mut lookup, |a, b| a.strings < b.strings);
    lookup
}

fn mx(lookup: Lookup<Record>) -> Lookup<MxRecord> {
    let mut mx = lookup.select(Record::mx);
    // Hosts of one preference come in any order; the report does not change with it.
    sort(&mut mx, |a, b| (a.preference, &a.host) < (b.preference, &b.host));
    mx
}

fn take_addresses(host: &mut HostAddresses, kind: RecordType, lookup: Lookup<Record>) {
    let addresses = Seen::Yes(lookup.select(Record::address));
    match kind {
        RecordType::A => host.ipv4 = addresses,
        _ => host.ipv6 = addresses,
    }
}

fn address_as_text(record: Record) -> Option<TxtRecord> {
    record.address().map(|address| TxtRecord::of(vec![address.into_bytes()]))
}

/// Puts records in order by insertion: the sort of the standard library would be ten times the size in wasm, for the same
/// few records.
fn sort<T>(lookup: &mut Lookup<T>, is_before: impl Fn(&T, &T) -> bool) {
    let Outcome::Found { records, .. } = &mut lookup.outcome else { return };
    for end in 1..records.len() {
        for at in (1..=end).rev() {
            if !is_before(&records[at], &records[at - 1]) {
                break;
            }
            records.swap(at, at - 1);
        }
    }
}

/// Whether the DNS says that no record begins with `version`, whatever its letter case.
fn lacks(lookup: &Lookup<TxtRecord>, version: &[u8]) -> bool {
    lookup.is_answered() && !lookup.records().iter().any(|record| record.begins_with(version))
}

/// Whether no resolver could be asked for the host.
fn is_unreachable(host: &HostAddresses) -> bool {
    host.lookups().all(|lookup| matches!(lookup.outcome, Outcome::Unreachable { .. }))
}

#[cfg(test)]
mod tests {
    use super::{Answer, Gathering, MAX_MX_HOSTS, Progress, Question, Step};
    use crate::dns::{Record, RecordType};
    use crate::evidence::{Evidence, Hidden, Lookup, MxRecord, Outcome, Seen, TxtRecord};
    use crate::model::Domain;

    /// Answers that are the same for every name, and a list of what was asked.
    struct World {
        txt: &'static str,
        mx: Vec<&'static str>,
        address: bool,
        asked: Vec<String>,
    }

    impl World {
        fn new(txt: &'static str, mx: &[&'static str], address: bool) -> Self {
            Self { txt, mx: mx.to_vec(), address, asked: Vec::new() }
        }

        fn gather(&mut self, policy: Option<&[u8]>) -> (Evidence, Vec<(Step, bool)>) {
            gather("a.example.com", policy, |question| self.answer(question))
        }

        fn answer(&mut self, question: Question) -> Answer {
            let (name, kind) = match question {
                Question::Dns { name, kind } => (name, kind),
                Question::Get { url } => {
                    self.asked.push(format!("GET {url}"));
                    return Answer::Reply(Err(Hidden::NoUsableHttps));
                }
                Question::Probe { .. } => {
                    self.asked.push("probe".to_owned());
                    return Answer::Reply(Err(Hidden::NoCors));
                }
            };
            self.asked.push(format!("{} {}", kind.as_str(), name.replace("a.example.com", "@")));
            let records = match kind {
                RecordType::Txt if !self.txt.is_empty() => {
                    vec![Record::Txt(TxtRecord::of(vec![self.txt.into()]))]
                }
                RecordType::A if self.address => vec![Record::Address([192, 0, 2, 1].into())],
                RecordType::Mx => {
                    let mx = |host: &&str| MxRecord { preference: 10, host: (*host).to_owned() };
                    self.mx.iter().map(|host| Record::Mx(mx(host))).collect()
                }
                _ => Vec::new(),
            };
            Answer::Dns(Lookup::given(name, records))
        }

        /// What was asked, without the domain, sorted.
        fn asked(&self) -> Vec<String> {
            let mut asked = self.asked.clone();
            asked.sort();
            asked
        }
    }

    /// Answers the questions, the last one first.
    fn gather(
        domain: &str,
        policy: Option<&[u8]>,
        mut answer: impl FnMut(Question) -> Answer,
    ) -> (Evidence, Vec<(Step, bool)>) {
        let mut gathering = Gathering::of(&Domain::read(domain).unwrap(), policy);
        let (mut questions, mut progress) = (gathering.ask(), gathering.progress());
        while let Some((id, question)) = questions.pop() {
            let answer = answer(question);
            gathering.answer(id, answer.clone());
            gathering.answer(id, answer); // a second answer counts for nothing
            questions.append(&mut gathering.ask());
            progress.append(&mut gathering.progress());
        }
        (gathering.evidence(), progress.iter().map(|Progress { step, done }| (*step, *done)).collect())
    }

    #[test]
    fn a_domain_in_order_costs_no_question_too_many() {
        let mut world = World::new("v=STSv1; id=1", &["mx.example"], true);
        let (evidence, _) = world.gather(None);
        let asked = world.asked();
        for question in
            ["A mta-sts.@", "AAAA mta-sts.@", "A mx.example", "AAAA mx.example", "MX @", "TXT _mta-sts.@"]
        {
            assert!(asked.contains(&question.to_owned()), "{question}");
        }
        assert!(
            !asked.contains(&"A @".to_owned()),
            "the domain's own addresses matter only where there is no MX"
        );
        assert!(!asked.contains(&"TXT _mta_sts.@".to_owned()), "the record is where it should be");
        assert!(matches!(evidence.policy, Seen::Hidden(Hidden::NoCors)), "narrowed by the probe");
    }

    #[test]
    fn names_nearby_are_asked_for_where_the_right_one_is_empty() {
        let mut world = World::new("", &[], false);
        let (evidence, _) = world.gather(None);
        let asked = [
            "A @",
            "A _mta-sts.@",
            "A mta-sts.@",
            "AAAA @",
            "AAAA mta-sts.@",
            "GET https://mta-sts.a.example.com/.well-known/mta-sts.txt",
            "MX @",
            "TXT _mta-sts.@",
            "TXT _mta-sts.@.@",
            "TXT _mta-sts._tcp.@",
            "TXT _mta-sts.example.com",
            "TXT _mta_sts.@",
            "TXT _smtp-tlsrpt.@",
            "TXT _smtp._tls.@",
            "TXT _smtp_tls.@",
            "TXT mta-sts.@",
            "TXT smtp._tls.@",
        ];
        assert_eq!(world.asked(), asked); // no probe: there is nobody to ask; no wildcard: nothing answered
        assert!(matches!(evidence.policy, Seen::Hidden(Hidden::NoAddress)));
        assert_eq!(evidence.mx_hosts[0].host, "a.example.com"); // the implicit MX
    }

    #[test]
    fn a_wildcard_is_looked_for_where_something_odd_answers() {
        let mut world = World::new("v=spf1 -all", &["."], true);
        world.gather(Some(b"version: STSv1\n"));
        let asked = world.asked();
        assert!(asked.contains(&"TXT _mta-sts-wildcard-test.@".to_owned()), "{asked:?}");
        assert!(!asked.iter().any(|question| question.starts_with("GET")), "the text was given");
    }

    #[test]
    fn hosts_are_bounded_and_in_the_order_of_the_records() {
        let hosts: Vec<&'static str> =
            (b'b'..=b'z').map(|c| &*format!("{}.example", char::from(c)).leak()).rev().collect();
        let mut world = World::new("v=STSv1; id=1", &hosts, true);
        let (evidence, _) = world.gather(None);
        let names =
            |lookup: &Lookup<MxRecord>| lookup.records().iter().map(|mx| mx.host.clone()).collect::<Vec<_>>();
        let asked: Vec<bool> = evidence.mx_hosts.iter().map(|host| host.ipv4.yes().is_some()).collect();
        let mx = evidence.mx.yes().unwrap();
        assert_eq!(evidence.mx_hosts.iter().map(|host| host.host.clone()).collect::<Vec<_>>(), names(mx));
        assert!(names(mx).is_sorted()); // one preference: the order of the answer does not matter
        assert_eq!(asked.iter().filter(|asked| **asked).count(), MAX_MX_HOSTS);
        assert!(asked[..MAX_MX_HOSTS].iter().all(|asked| *asked));
        let mut world = World::new("v=STSv1; id=1", &[""], true);
        assert!(world.gather(None).0.mx_hosts[0].ipv4.yes().is_none()); // a null MX names no host
    }

    #[test]
    fn the_mx_hosts_alone_are_one_question() {
        let mut world = World::new("v=STSv1; id=1", &["mx2.example", "mx1.example"], true);
        let mut gathering = Gathering::mx_of(&Domain::read("a.example.com").unwrap());
        let mut questions = gathering.ask();
        while let Some((id, question)) = questions.pop() {
            gathering.answer(id, world.answer(question));
            questions.append(&mut gathering.ask());
        }
        assert_eq!(world.asked(), ["MX @"]);
        assert!(gathering.progress().is_empty());
        let evidence = gathering.evidence();
        let hosts: Vec<&str> = evidence.mx.yes().unwrap().records().iter().map(|mx| &*mx.host).collect();
        assert_eq!(hosts, ["mx1.example", "mx2.example"]); // as senders try them
    }

    #[test]
    fn every_step_begins_and_ends_once() {
        for policy in [None, Some(&b"version: STSv1\n"[..])] {
            let (_, steps) = World::new("", &[], false).gather(policy);
            for step in [Step::Record, Step::PolicyHost, Step::Policy, Step::Mx, Step::Reports] {
                let own: Vec<bool> =
                    steps.iter().filter(|(of, _)| *of == step).map(|(_, done)| *done).collect();
                assert_eq!(own, [false, true], "{step:?}");
            }
        }
    }

    #[test]
    fn where_nothing_answers_the_fault_is_on_this_side() {
        let (evidence, _) = gather("example.com", None, |question| match question {
            Question::Dns { name, .. } => {
                let outcome = Outcome::Unreachable { reason: "offline".into() };
                Answer::Dns(Lookup { outcome, ..Lookup::given(name, Vec::new()) })
            }
            Question::Get { .. } | Question::Probe { .. } => Answer::Reply(Err(Hidden::NoUsableHttps)),
        });
        assert!(matches!(evidence.policy, Seen::Hidden(Hidden::NotAllowed)));
        assert!(evidence.nearby.is_empty() && evidence.mx_hosts.is_empty()); // no answer is no empty answer
    }
}
