//! The questions of [`gather`](crate::gather) as HTTPS requests, those to the DNS in wire format (RFC 8484), and what is
//! made of the outcomes. Nothing here sends one: whoever can takes the requests and says how each ended, in any order.

use crate::dns::{self, Record, RecordType, Resolver};
use crate::evidence::{Evidence, Hidden, Lookup, Origin, Outcome, Redirect, Reply};
use crate::gather::{Answer, Gathering, Progress, Question};
use crate::model::Domain;
use crate::parse::MAX_POLICY;
use alloc::borrow::ToOwned;
use alloc::boxed::Box;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::mem;

/// How long one resolver may take for one question, in milliseconds.
pub const DNS_TIMEOUT: u32 = 5_000;
/// How long the policy host may take to its last octet, in milliseconds, unless the caller says otherwise.
pub const POLICY_TIMEOUT: u32 = 10_000;
/// The most resolvers that are asked one after the other.
pub const MAX_RESOLVERS: usize = 4;
/// The media type of a DNS message (RFC 8484 §6).
pub const DNS_MESSAGE: &str = "application/dns-message";

/// One request: GET, without credentials, cache and referrer, and no redirect is followed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// What its outcome goes by.
    pub id: usize,
    /// What it is for.
    pub kind: RequestKind,
    /// The URL.
    pub url: String,
    /// How long it may take to its last octet, in milliseconds.
    pub timeout: u32,
    /// The most octets of body that are of interest.
    pub limit: usize,
}

/// What a request is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RequestKind {
    /// A question to a resolver; it accepts [`DNS_MESSAGE`].
    Dns,
    /// The policy.
    Policy,
    /// Whether the policy host replies at all, where its reply cannot be read.
    Probe,
}

/// What is seen of a reply.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Response<'a> {
    /// The status; 0 for a redirect of which nothing else can be seen.
    pub status: u16,
    /// The `Content-Type` header; empty if there is none.
    pub content_type: &'a str,
    /// The `Location` header; empty if there is none.
    pub location: &'a str,
    /// The `Age` header; empty if there is none.
    pub age: &'a str,
    /// The body, as far as it is of interest.
    pub body: &'a [u8],
}

/// Why a request came to nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Failure {
    /// It took too long.
    Timeout,
    /// There is no reply that can be read.
    NoReply,
    /// The reply ended before its end.
    CutShort,
}

/// What is found of a policy host whose reply cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Probed {
    /// It redirects to another host.
    Redirect,
    /// A reply came, which is an HTTP error or not to be framed.
    HttpError,
    /// A reply came.
    Reply,
    /// No reply came.
    Nothing,
}

/// The requests for one domain.
#[derive(Debug)]
pub struct Fetching {
    gathering: Gathering,
    resolvers: Vec<Resolver>,
    /// The resolver to begin with: one that gave no answer is not asked first again.
    first: usize,
    policy_timeout: u32,
    /// What each request is for, by its id; `None` once its outcome is known.
    pending: Vec<Option<Pending>>,
    waiting: Vec<Request>,
}

#[derive(Debug)]
enum Pending {
    Dns(Box<Asking>),
    Policy { question: usize },
}

/// One question to the DNS, put to one resolver after the other.
#[derive(Debug)]
struct Asking {
    question: usize,
    name: String,
    kind: RecordType,
    message: Vec<u8>,
    /// The resolver it was put to first.
    first: usize,
    /// How often it was put to a resolver.
    attempts: usize,
    millis: u32,
    /// Why resolvers gave no answer, each reason once.
    reasons: Vec<String>,
    /// An answer that says no more than that the resolver failed.
    failed: Option<Lookup<Record>>,
}

impl Fetching {
    /// Begins with a `domain`. A `policy` text that is given is not fetched. Without `resolvers` it takes
    /// [`Resolver::DEFAULT`].
    #[must_use]
    pub fn of(domain: &Domain, policy: Option<&[u8]>, resolvers: Vec<Resolver>, policy_timeout: u32) -> Self {
        Self::go(Gathering::of(domain, policy), resolvers, policy_timeout)
    }

    /// Begins to ask for the MX hosts of a `domain`, and nothing else.
    #[must_use]
    pub fn mx_of(domain: &Domain, resolvers: Vec<Resolver>) -> Self {
        Self::go(Gathering::mx_of(domain), resolvers, POLICY_TIMEOUT)
    }

    fn go(gathering: Gathering, resolvers: Vec<Resolver>, policy_timeout: u32) -> Self {
        let usual = || Resolver::DEFAULT.iter().filter_map(|url| Resolver::read(url).ok()).collect();
        let mut fetching = Self {
            gathering,
            resolvers: if resolvers.is_empty() { usual() } else { resolvers },
            first: 0,
            policy_timeout,
            pending: Vec::new(),
            waiting: Vec::new(),
        };
        fetching.go_on();
        fetching
    }

    /// The requests that can be sent now; each is given once. If there is none, another may come up when one that was
    /// given has ended.
    pub fn requests(&mut self) -> Vec<Request> {
        mem::take(&mut self.waiting)
    }

    /// What began and what was done since this was asked last.
    pub fn progress(&mut self) -> Vec<Progress> {
        self.gathering.progress()
    }

    /// What is known: everything, once no request is left.
    #[must_use]
    pub fn evidence(self) -> Evidence {
        self.gathering.evidence()
    }

    /// Takes a reply that came after `millis` milliseconds.
    pub fn replied(&mut self, id: usize, response: &Response<'_>, millis: u32) {
        match self.take(id) {
            Some(Pending::Dns(asking)) => {
                let answer = read_answer(response, &asking.name, asking.kind);
                self.answered(asking, answer, millis);
            }
            Some(Pending::Policy { question }) => {
                self.answer(question, Answer::Reply(Ok(read_reply(response, millis))));
            }
            None => {}
        }
    }

    /// Takes a request's failure, after `millis` milliseconds.
    pub fn failed(&mut self, id: usize, failure: Failure, millis: u32) {
        match self.take(id) {
            Some(Pending::Dns(asking)) => {
                let reason = match failure {
                    Failure::Timeout => format!("timed out after {} s", DNS_TIMEOUT / 1000),
                    _ => "the browser could not reach it, or it does not let pages ask (CORS)".to_owned(),
                };
                self.answered(asking, Err(reason), millis);
            }
            Some(Pending::Policy { question }) => {
                let hidden = match failure {
                    Failure::Timeout => Hidden::Timeout(self.policy_timeout),
                    Failure::NoReply => Hidden::NoUsableHttps,
                    Failure::CutShort => Hidden::CutShort,
                };
                self.answer(question, Answer::Reply(Err(hidden)));
            }
            None => {}
        }
    }

    /// Takes what a request of the kind [`RequestKind::Probe`] shows.
    pub fn probed(&mut self, id: usize, probed: Probed) {
        let Some(Pending::Policy { question }) = self.take(id) else { return };
        let reply = match probed {
            Probed::Redirect => {
                Ok(Reply { origin: Origin::Fetched, redirect: Some(Redirect::default()), ..Reply::default() })
            }
            Probed::HttpError => Err(Hidden::ProbablyHttpError),
            Probed::Reply => Err(Hidden::NoCors),
            Probed::Nothing => Err(Hidden::NoUsableHttps),
        };
        self.answer(question, Answer::Reply(reply));
    }

    fn take(&mut self, id: usize) -> Option<Pending> {
        self.pending.get_mut(id)?.take()
    }

    fn answer(&mut self, question: usize, answer: Answer) {
        self.gathering.answer(question, answer);
        self.go_on();
    }

    /// Makes requests of the questions there are.
    fn go_on(&mut self) {
        for (question, asked) in self.gathering.ask() {
            match asked {
                Question::Dns { name, kind } => self.ask(question, name, kind),
                Question::Get { url } => self.fetch(question, RequestKind::Policy, url),
                Question::Probe { url } => self.fetch(question, RequestKind::Probe, url),
            }
        }
    }

    fn fetch(&mut self, question: usize, kind: RequestKind, url: String) {
        let (timeout, limit) = (self.policy_timeout, MAX_POLICY + 1);
        self.send(Pending::Policy { question }, kind, url, timeout, limit);
    }

    fn send(&mut self, pending: Pending, kind: RequestKind, url: String, timeout: u32, limit: usize) {
        self.waiting.push(Request { id: self.pending.len(), kind, url, timeout, limit });
        self.pending.push(Some(pending));
    }

    fn ask(&mut self, question: usize, name: String, kind: RecordType) {
        let message = dns::query(&name, kind);
        let asking = Box::new(Asking {
            question,
            name,
            kind,
            message: message.unwrap_or_default(),
            first: self.first,
            attempts: 0,
            millis: 0,
            reasons: Vec::new(),
            failed: None,
        });
        if asking.message.is_empty() {
            self.conclude(&asking, unreachable("the DNS cannot hold this name".to_owned()));
        } else {
            self.ask_next(asking);
        }
    }

    /// Puts a question to the next resolver; where there is none, it stays without an answer.
    fn ask_next(&mut self, mut asking: Box<Asking>) {
        // A single resolver is asked twice: a packet may get lost.
        if asking.attempts < self.resolvers.len().max(2) {
            asking.attempts += 1;
            let url = self.resolver(&asking).url(&asking.message);
            self.send(Pending::Dns(asking), RequestKind::Dns, url, DNS_TIMEOUT, dns::MAX_MESSAGE + 1);
        } else if let Some(failed) = asking.failed.take() {
            self.answer(asking.question, Answer::Dns(failed));
        } else {
            let reasons = asking.reasons.join("; ");
            self.conclude(&asking, unreachable(reasons));
        }
    }

    /// The resolver that a question was put to last.
    fn resolver(&self, asking: &Asking) -> &Resolver {
        &self.resolvers[self.resolver_at(asking)]
    }

    fn resolver_at(&self, asking: &Asking) -> usize {
        (asking.first + asking.attempts.max(1) - 1) % self.resolvers.len()
    }

    /// Takes what a resolver said; `Err` says, for a person, why that is no answer.
    fn answered(&mut self, mut asking: Box<Asking>, answer: Result<dns::Answer, String>, millis: u32) {
        asking.millis += millis;
        match answer {
            Ok(answer) if matches!(answer.outcome, Outcome::Failed { .. }) => {
                asking.failed = Some(self.lookup(&asking, answer));
            }
            Ok(answer) => {
                if !asking.reasons.is_empty() {
                    self.first = self.resolver_at(&asking);
                }
                return self.conclude(&asking, answer);
            }
            Err(reason) => {
                let reason = format!("{}: {reason}", self.resolver(&asking).as_str());
                if !asking.reasons.contains(&reason) {
                    asking.reasons.push(reason);
                }
            }
        }
        self.ask_next(asking);
    }

    fn conclude(&mut self, asking: &Asking, answer: dns::Answer) {
        let lookup = self.lookup(asking, answer);
        self.answer(asking.question, Answer::Dns(lookup));
    }

    fn lookup(&self, asking: &Asking, answer: dns::Answer) -> Lookup<Record> {
        Lookup {
            name: asking.name.clone(),
            outcome: answer.outcome,
            aliases: answer.aliases,
            authenticated: answer.authenticated,
            resolver: self.resolver(asking).as_str().to_owned(),
            millis: asking.millis,
        }
    }
}

/// An answer that never came.
fn unreachable(reason: String) -> dns::Answer {
    dns::Answer { outcome: Outcome::Unreachable { reason }, aliases: Vec::new(), authenticated: false }
}

/// The answer in a resolver's reply.
fn read_answer(response: &Response<'_>, name: &str, kind: RecordType) -> Result<dns::Answer, String> {
    if !(200..300).contains(&response.status) {
        return Err(format!("it answered HTTP {}", response.status));
    }
    let media_type = response.content_type.split(';').next().unwrap_or_default();
    if !media_type.trim().eq_ignore_ascii_case(DNS_MESSAGE) {
        let shown = crate::quote::quote(response.content_type.as_bytes());
        return Err(format!("it answered {shown}, not `{DNS_MESSAGE}`"));
    }
    let age = response.age.trim().parse().unwrap_or(0);
    dns::decode(response.body, name, kind, age).map_err(|fault| fault.to_string())
}

/// The policy host's reply.
fn read_reply(response: &Response<'_>, millis: u32) -> Reply {
    let mut reply = Reply { origin: Origin::Fetched, millis: Some(millis), ..Reply::default() };
    if response.status == 0 {
        reply.redirect = Some(Redirect::default());
        return reply;
    }
    reply.status = Some(response.status);
    reply.content_type = Some(response.content_type.to_owned());
    // Outside a browser a redirect is shown.
    if (300..400).contains(&response.status) && !response.location.is_empty() {
        reply.redirect = Some(Redirect { location: Some(response.location.to_owned()) });
    }
    // The body of anything but a policy is of no use.
    if response.status == 200 {
        reply.body = response.body.to_vec();
    }
    reply
}

#[cfg(test)]
mod tests {
    use super::{DNS_MESSAGE, Failure, Fetching, POLICY_TIMEOUT, Probed, Request, RequestKind, Response};
    use crate::dns::Resolver;
    use crate::evidence::{Evidence, Hidden, Outcome, Reply, Seen};
    use crate::model::Domain;

    /// How one request ends.
    enum End {
        Replied(Response<'static>),
        Failed(Failure),
        Probed(Probed),
    }
    use End::{Failed, Probed as Found, Replied};

    const SERVFAIL: Response<'_> = Response {
        status: 200,
        content_type: DNS_MESSAGE,
        location: "",
        age: "",
        body: b"\0\0\x81\x82\0\0\0\0\0\0\0\0",
    };

    /// Runs to the end, and lists the URLs that were asked for, without what is behind a question mark.
    fn run(resolvers: &[&str], end: impl Fn(&Request) -> End) -> (Evidence, Vec<String>) {
        let resolvers = resolvers.iter().map(|url| Resolver::read(url).unwrap()).collect();
        let domain = Domain::read("example.com").unwrap();
        let mut fetching = Fetching::of(&domain, None, resolvers, POLICY_TIMEOUT);
        let (mut requests, mut urls) = (fetching.requests(), Vec::new());
        while !requests.is_empty() {
            let request = requests.remove(0);
            urls.push(request.url.split('?').next().unwrap().to_owned());
            match end(&request) {
                Replied(response) => fetching.replied(request.id, &response, 7),
                Failed(failure) => fetching.failed(request.id, failure, 7),
                Found(probed) => fetching.probed(request.id, probed),
            }
            requests.append(&mut fetching.requests());
        }
        (fetching.evidence(), urls)
    }

    fn outcome_of(evidence: &Evidence) -> (String, &str, u32) {
        let lookup = evidence.record.yes().unwrap();
        let outcome = match &lookup.outcome {
            Outcome::Unreachable { reason } => reason.clone(),
            other => format!("{other:?}"),
        };
        (outcome, &lookup.resolver, lookup.millis)
    }

    #[test]
    fn the_next_resolver_is_asked_where_one_gives_no_answer() {
        let html = Response { status: 200, content_type: "text/html; charset=utf-8", ..Response::default() };
        let none = Response { status: 503, ..Response::default() };
        let end = |request: &Request| match request.url.as_bytes()[8] {
            b'a' => Failed(Failure::Timeout),
            b'b' => Replied(html.clone()),
            b'c' => Replied(none.clone()),
            _ => Failed(Failure::NoReply),
        };
        let (a, b, c) = ("https://a.example/q", "https://b.example/q", "https://c.example/q");
        let (evidence, _) = run(&[a, b, c], end);
        let reasons = "https://a.example/q: timed out after 5 s; \
                       https://b.example/q: it answered `text/html; charset=utf-8`, not `application/dns-message`; \
                       https://c.example/q: it answered HTTP 503";
        assert_eq!(outcome_of(&evidence), (reasons.to_owned(), c, 21));

        // A single resolver is asked twice, and what it says twice is said once.
        let (evidence, urls) = run(&[a], end);
        assert_eq!(outcome_of(&evidence), ("https://a.example/q: timed out after 5 s".to_owned(), a, 14));
        assert_eq!(urls.iter().filter(|url| *url == a).count(), 2 * 5);

        // That a resolver fails is an answer, if there is no better one.
        let end = |request: &Request| {
            if request.url.starts_with(a) { Replied(SERVFAIL) } else { Failed(Failure::NoReply) }
        };
        let (evidence, _) = run(&[a, b], end);
        assert_eq!(outcome_of(&evidence), ("Failed { rcode: 2 }".to_owned(), a, 7));
    }

    #[test]
    fn a_resolver_that_gave_no_answer_is_not_asked_first_again() {
        let (a, b) = ("https://a.example/q", "https://b.example/q");
        let end = |request: &Request| match request.kind {
            RequestKind::Dns if request.url.starts_with(a) => Failed(Failure::Timeout),
            RequestKind::Dns => {
                // NXDOMAIN, with the question that was asked.
                let dns = request.url.split_once("dns=").unwrap().1;
                Replied(Response {
                    status: 200,
                    content_type: DNS_MESSAGE,
                    body: no_such_name(dns),
                    ..Response::default()
                })
            }
            _ => Failed(Failure::NoReply),
        };
        let (evidence, urls) = run(&[a, b], end);
        assert_eq!(outcome_of(&evidence), ("NoSuchName".to_owned(), b, 14));
        assert!(matches!(evidence.policy, Seen::Hidden(Hidden::NoAddress)));
        // The five questions at once go to both; what comes up later goes to the second only.
        assert_eq!(urls.iter().filter(|url| *url == a).count(), 5);
        assert!(urls.iter().filter(|url| *url == b).count() > 5);
    }

    /// A negative answer to the question in base64url.
    fn no_such_name(question: &str) -> &'static [u8] {
        let sextet = |letter: u8| match letter {
            b'A'..=b'Z' => letter - b'A',
            b'a'..=b'z' => letter - b'a' + 26,
            b'0'..=b'9' => letter - b'0' + 52,
            b'-' => 62,
            _ => 63,
        };
        let mut octets = Vec::new();
        for letters in question.as_bytes().chunks(4) {
            let bits = letters.iter().fold(0_u32, |bits, letter| bits << 6 | u32::from(sextet(*letter)));
            let bits = bits << (6 * (4 - letters.len()));
            octets.extend_from_slice(&bits.to_be_bytes()[1..letters.len()]);
        }
        octets[2] |= 0x80;
        octets[3] = 3;
        octets.leak()
    }

    #[track_caller]
    fn policy(end: impl Fn(&Request) -> End, expected: &Result<Reply, Hidden>) {
        let (evidence, _) = run(&["https://a.example/q"], |request| match request.kind {
            RequestKind::Dns => Replied(SERVFAIL),
            _ => end(request),
        });
        let found = match evidence.policy {
            Seen::Yes(reply) => Ok(reply),
            Seen::Hidden(hidden) => Err(hidden),
            Seen::NotAsked => panic!("it was asked for"),
        };
        assert_eq!(format!("{found:?}"), format!("{expected:?}"));
    }

    #[test]
    fn what_is_seen_of_the_policy_host() {
        let reply = |status: u16, location: Option<&str>, body: &[u8]| {
            let mut reply = super::read_reply(&Response { status: 1, ..Response::default() }, 7);
            reply.status = Some(status);
            reply.redirect = location.map(|to| super::Redirect { location: Some(to.to_owned()) });
            reply.body = body.to_vec();
            Ok(reply)
        };
        let response = |status, location, body| Response { status, location, body, ..Response::default() };
        policy(|_| Replied(response(200, "", b"x")), &reply(200, None, b"x"));
        policy(|_| Replied(response(404, "", b"x")), &reply(404, None, b"")); // of no use
        policy(|_| Replied(response(301, "https://x", b"")), &reply(301, Some("https://x"), b"")); // outside a browser
        policy(|_| Replied(response(304, "", b"")), &reply(304, None, b"")); // no redirect
        policy(|_| Failed(Failure::Timeout), &Err(Hidden::Timeout(POLICY_TIMEOUT)));
        policy(|_| Failed(Failure::CutShort), &Err(Hidden::CutShort));
        for (probed, hidden) in [
            (Probed::Reply, Hidden::NoCors),
            (Probed::HttpError, Hidden::ProbablyHttpError),
            (Probed::Nothing, Hidden::NoUsableHttps),
        ] {
            let end = |request: &Request| match request.kind {
                RequestKind::Probe => Found(probed),
                _ => Failed(Failure::NoReply),
            };
            policy(end, &Err(hidden));
        }
        let redirect = super::Redirect::default();
        let origin = super::Origin::Fetched;
        let opaque = Reply { origin, redirect: Some(redirect), millis: Some(7), ..Reply::default() };
        policy(|_| Replied(response(0, "", b"")), &Ok(opaque));
    }
}
