//! Asks for everything that is to be known of a domain, all at once where one question does not wait for another.
//! No rule runs before this is done, and none asks again.

use crate::dns::{Record, RecordType};
use crate::evidence::{
    Evidence, Hidden, HostAddresses, Lookup, MxRecord, Nearby, NearbyKind, Outcome, Reply, Seen, TxtRecord,
};
use crate::model::Domain;
use futures_util::future::{join, join4};
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::Poll;

/// The outside world, as far as MTA-STS needs it. Timeouts and retries are the network's own.
pub trait Network {
    /// Asks the DNS. Whatever goes wrong is an [`Outcome`].
    fn dns(&self, name: &str, kind: RecordType) -> impl Future<Output = Lookup<Record>>;

    /// Fetches a policy: GET, no redirect followed, no credentials, no cache, at most [`MAX_POLICY`](crate::parse::MAX_POLICY) + 1 octets of body.
    fn get(&self, url: &str) -> impl Future<Output = Result<Reply, Hidden>>;

    /// Looks again, by other means, where [`Network::get`] came to [`Hidden::NoUsableHttps`] though the host has an
    /// address. `Ok` where that shows a redirect.
    fn probe(&self, _url: &str) -> impl Future<Output = Result<Reply, Hidden>> {
        std::future::ready(Err(Hidden::NoUsableHttps))
    }
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

/// Gathers what is to be known of `domain`. A `policy` text that is given stands in for the one of the policy host,
/// which then is not fetched.
pub async fn gather(
    domain: &Domain,
    policy: Option<&[u8]>,
    network: &impl Network,
    progress: &dyn Fn(Progress),
) -> Evidence {
    let asker = Asker { domain, network, progress };
    let (record, tlsrpt, (policy_host, policy), (mx, mx_hosts)) =
        join4(asker.record(), asker.reports(), asker.policy(policy), asker.mx()).await;
    let nearby = asker.nearby(&record, &tlsrpt, &policy_host).await;
    Evidence {
        domain: Some(domain.clone()),
        record: Seen::Yes(record),
        tlsrpt: Seen::Yes(tlsrpt),
        mx: Seen::Yes(mx),
        mx_hosts,
        policy_host: Seen::Yes(policy_host),
        policy,
        nearby,
        ..Evidence::default()
    }
}

/// One domain, and whom to ask about it.
struct Asker<'a, N> {
    domain: &'a Domain,
    network: &'a N,
    progress: &'a dyn Fn(Progress),
}

impl<N: Network> Asker<'_, N> {
    fn begin(&self, step: Step) {
        (self.progress)(Progress { step, done: false });
    }

    fn done(&self, step: Step) {
        (self.progress)(Progress { step, done: true });
    }

    /// Says that `step` begins, and when it is done.
    async fn step<T>(&self, step: Step, work: impl Future<Output = T>) -> T {
        self.begin(step);
        let result = work.await;
        self.done(step);
        result
    }

    async fn txt(&self, name: &str) -> Lookup<TxtRecord> {
        let mut lookup = self.network.dns(name, RecordType::Txt).await.select(Record::txt);
        // They come in any order.
        sort(&mut lookup, |a, b| a.strings < b.strings);
        lookup
    }

    async fn addresses(&self, host: &str) -> HostAddresses {
        let ask = |kind| self.network.dns(host, kind);
        let (ipv4, ipv6) = join(ask(RecordType::A), ask(RecordType::Aaaa)).await;
        let seen = |lookup: Lookup<Record>| Seen::Yes(lookup.select(Record::address));
        HostAddresses { host: host.to_owned(), ipv4: seen(ipv4), ipv6: seen(ipv6) }
    }

    async fn record(&self) -> Lookup<TxtRecord> {
        let name = format!("_mta-sts.{}", self.domain.as_str());
        self.step(Step::Record, self.txt(&name)).await
    }

    async fn reports(&self) -> Lookup<TxtRecord> {
        let name = format!("_smtp._tls.{}", self.domain.as_str());
        self.step(Step::Reports, self.txt(&name)).await
    }

    /// The policy host and its reply, or the text that was given.
    async fn policy(&self, given: Option<&[u8]>) -> (HostAddresses, Seen<Reply>) {
        let name = format!("mta-sts.{}", self.domain.as_str());
        let host = self.step(Step::PolicyHost, self.addresses(&name));
        let url = policy_url(self.domain);
        self.begin(Step::Policy);
        let (host, reply) = match given {
            Some(text) => (host.await, Ok(Reply::given(text))),
            None => join(host, self.network.get(&url)).await,
        };
        let reply = match reply {
            Err(Hidden::NoUsableHttps) if host.has_none() => Err(Hidden::NoAddress),
            Err(Hidden::NoUsableHttps) => match self.network.probe(&url).await {
                // No resolver could be reached either: the fault is more likely on this side.
                Err(Hidden::NoUsableHttps) if is_unreachable(&host) => Err(Hidden::NotAllowed),
                probed => probed,
            },
            other => other,
        };
        self.done(Step::Policy);
        (host, reply.map_or_else(Seen::Hidden, Seen::Yes))
    }

    /// The MX records in the order senders try them, and the addresses of each host; of the domain itself where there
    /// is no MX record (RFC 5321 §5.1).
    async fn mx(&self) -> (Lookup<MxRecord>, Vec<HostAddresses>) {
        self.begin(Step::Mx);
        let mut mx = self.network.dns(self.domain.as_str(), RecordType::Mx).await.select(Record::mx);
        // Hosts of one preference come in any order; the report does not change with it.
        sort(&mut mx, |a, b| (a.preference, &a.host) < (b.preference, &b.host));
        let hosts: Vec<&str> = match &mx.outcome {
            Outcome::Found { records, .. } => records.iter().map(|record| &*record.host).collect(),
            Outcome::Empty | Outcome::NoSuchName => vec![self.domain.as_str()],
            Outcome::Failed { .. } | Outcome::Unreachable { .. } => Vec::new(),
        };
        let hosts = all(hosts.into_iter().enumerate().map(|(at, host)| async move {
            // A null MX (RFC 7505) names no host.
            if host.is_empty() || at >= MAX_MX_HOSTS {
                HostAddresses::not_asked(host)
            } else {
                self.addresses(host).await
            }
        }))
        .await;
        self.done(Step::Mx);
        (mx, hosts)
    }

    /// What is at names near the right ones: only where the right one is missing or odd, so that a domain in order
    /// costs no further question.
    async fn nearby(
        &self,
        record: &Lookup<TxtRecord>,
        tlsrpt: &Lookup<TxtRecord>,
        policy_host: &HostAddresses,
    ) -> Vec<Nearby> {
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
        if policy_host.has_none() && !matches!(record.outcome, Outcome::NoSuchName) {
            names.push((NearbyKind::HostTypo, format!("_mta-sts.{domain}")));
        }
        let names = names.into_iter().filter(|(_, name)| name.len() <= Domain::MAX);
        all(names.map(|(kind, name)| async move {
            let lookup = match kind {
                NearbyKind::HostTypo => {
                    let text = |address: String| TxtRecord::of(vec![address.into_bytes()]);
                    self.network.dns(&name, RecordType::A).await.select(|record| record.address().map(text))
                }
                _ => self.txt(&name).await,
            };
            Nearby { kind, lookup }
        }))
        .await
    }
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

enum MaybeDone<F: Future> {
    Running(Pin<Box<F>>),
    Done(F::Output),
}

/// Runs all futures at once. Their results, in their order.
async fn all<F: Future>(futures: impl Iterator<Item = F>) -> Vec<F::Output> {
    let mut running: Vec<MaybeDone<F>> = futures.map(|future| MaybeDone::Running(Box::pin(future))).collect();
    poll_fn(|context| {
        let mut pending = false;
        for slot in &mut running {
            let MaybeDone::Running(future) = slot else { continue };
            match future.as_mut().poll(context) {
                Poll::Ready(output) => *slot = MaybeDone::Done(output),
                Poll::Pending => pending = true,
            }
        }
        if pending { Poll::Pending } else { Poll::Ready(()) }
    })
    .await;
    let done = |slot| if let MaybeDone::Done(output) = slot { Some(output) } else { None };
    running.into_iter().filter_map(done).collect()
}

#[cfg(test)]
mod tests {
    use super::{MAX_MX_HOSTS, Network, Progress, Step, gather};
    use crate::dns::{Record, RecordType};
    use crate::evidence::{Evidence, Hidden, Lookup, MxRecord, Outcome, Reply, Seen, TxtRecord};
    use crate::model::Domain;
    use std::cell::RefCell;
    use std::future::{Future, ready};
    use std::pin::pin;
    use std::task::{Context, Poll, Waker};

    /// Answers that are the same for every name, and a list of what was asked.
    struct World {
        txt: &'static str,
        mx: Vec<&'static str>,
        address: bool,
        asked: RefCell<Vec<String>>,
    }

    impl World {
        fn new(txt: &'static str, mx: &[&'static str], address: bool) -> Self {
            Self { txt, mx: mx.to_vec(), address, asked: RefCell::default() }
        }

        fn gather(&self, policy: Option<&[u8]>) -> (Evidence, Vec<(Step, bool)>) {
            let steps = RefCell::new(Vec::new());
            let progress = |Progress { step, done }| steps.borrow_mut().push((step, done));
            let domain = Domain::read("a.example.com").unwrap();
            let future = pin!(gather(&domain, policy, self, &progress));
            let Poll::Ready(evidence) = future.poll(&mut Context::from_waker(Waker::noop())) else {
                panic!("nothing here waits")
            };
            (evidence, steps.take())
        }

        /// What was asked, without the domain, sorted.
        fn asked(&self) -> Vec<String> {
            let mut asked = self.asked.take();
            asked.sort();
            asked
        }
    }

    impl Network for World {
        fn dns(&self, name: &str, kind: RecordType) -> impl Future<Output = Lookup<Record>> {
            let short = name.replace("a.example.com", "@");
            self.asked.borrow_mut().push(format!("{} {short}", kind.as_str()));
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
            ready(Lookup::given(name, records))
        }

        fn get(&self, url: &str) -> impl Future<Output = Result<Reply, Hidden>> {
            self.asked.borrow_mut().push(format!("GET {url}"));
            ready(Err(Hidden::NoUsableHttps))
        }

        fn probe(&self, _url: &str) -> impl Future<Output = Result<Reply, Hidden>> {
            self.asked.borrow_mut().push("probe".to_owned());
            ready(Err(Hidden::NoCors))
        }
    }

    #[test]
    fn a_domain_in_order_costs_no_question_too_many() {
        let world = World::new("v=STSv1; id=1", &["mx.example"], true);
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
        let world = World::new("", &[], false);
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
        let world = World::new("v=spf1 -all", &["."], true);
        world.gather(Some(b"version: STSv1\n"));
        let asked = world.asked();
        assert!(asked.contains(&"TXT _mta-sts-wildcard-test.@".to_owned()), "{asked:?}");
        assert!(!asked.iter().any(|question| question.starts_with("GET")), "the text was given");
    }

    #[test]
    fn hosts_are_bounded_and_in_the_order_of_the_records() {
        let hosts: Vec<&'static str> =
            (b'b'..=b'z').map(|c| &*format!("{}.example", char::from(c)).leak()).rev().collect();
        let world = World::new("v=STSv1; id=1", &hosts, true);
        let (evidence, _) = world.gather(None);
        let names =
            |lookup: &Lookup<MxRecord>| lookup.records().iter().map(|mx| mx.host.clone()).collect::<Vec<_>>();
        let asked: Vec<bool> = evidence.mx_hosts.iter().map(|host| host.ipv4.yes().is_some()).collect();
        let mx = evidence.mx.yes().unwrap();
        assert_eq!(evidence.mx_hosts.iter().map(|host| host.host.clone()).collect::<Vec<_>>(), names(mx));
        assert!(names(mx).is_sorted()); // one preference: the order of the answer does not matter
        assert_eq!(asked.iter().filter(|asked| **asked).count(), MAX_MX_HOSTS);
        assert!(asked[..MAX_MX_HOSTS].iter().all(|asked| *asked));
        let world = World::new("v=STSv1; id=1", &[""], true);
        assert!(world.gather(None).0.mx_hosts[0].ipv4.yes().is_none()); // a null MX names no host
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
        struct Offline;
        impl Network for Offline {
            fn dns(&self, name: &str, _: RecordType) -> impl Future<Output = Lookup<Record>> {
                let outcome = Outcome::Unreachable { reason: "offline".into() };
                ready(Lookup { outcome, ..Lookup::given(name, Vec::new()) })
            }
            fn get(&self, _: &str) -> impl Future<Output = Result<Reply, Hidden>> {
                ready(Err(Hidden::NoUsableHttps))
            }
        }
        let domain = Domain::read("example.com").unwrap();
        let future = pin!(gather(&domain, None, &Offline, &|_| {}));
        let Poll::Ready(evidence) = future.poll(&mut Context::from_waker(Waker::noop())) else { panic!() };
        assert!(matches!(evidence.policy, Seen::Hidden(Hidden::NotAllowed)));
        assert!(evidence.nearby.is_empty() && evidence.mx_hosts.is_empty()); // no answer is no empty answer
    }
}
