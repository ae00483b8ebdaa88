//! What was seen of a domain, written down: the form in which rules show their examples and tests write their worlds.
//!
//! ```text
//! _mta-sts.example.com. 300 TXT "v=STSv1; id=20240315T120000"
//! example.com. MX 10 mx1.example.com.
//! mx1.example.com. AAAA
//! mta-sts.example.com. CNAME hosting.example.net.
//! hosting.example.net. NXDOMAIN
//! _smtp._tls.example.com. SERVFAIL
//!
//! GET https://mta-sts.example.com/.well-known/mta-sts.txt took 6.2 s
//! HTTP/1.1 200 OK
//! Content-Type: text/plain
//!
//! version: STSv1
//! ```
//!
//! First come answers of the DNS, as in a zone file with whole names; the domain is that of the first line, without
//! `_mta-sts.`, `mta-sts.` or `_smtp._tls.`. A type without data means that the name exists and has no such record; an
//! RCODE, or `UNREACHABLE` and a reason, in place of the type holds for every type. A name that is not mentioned was not
//! asked for; of one that is mentioned, so was every type. The TTL is 300 seconds unless a line says otherwise.
//!
//! After an empty line comes the reply of the policy host, or the text of a policy that somebody gave. The `GET` line may
//! be left out. It may say `took 6.2 s`, `redirected` (and nothing more is known), or `hidden: ` and one of
//! `no-cors`, `probably-http-error`, `no-usable-https`, `timeout`, `cut-short` and `not-allowed`.
//!
//! A [`Change`] is two states, each with records, MX hosts and the text of a policy, as far as they are there:
//!
//! ```text
//! --- old
//! v=STSv1; id=20240315T120000
//! MX mx1.example.com
//! version: STSv1
//! mode: enforce
//! mx: mx1.example.com
//! max_age: 1209600
//! --- new
//! ```

use crate::dns::{Record, RecordType};
use crate::evidence::{
    Alias, Evidence, Hidden, Lookup, MxRecord, Origin, Outcome, Redirect, Reply, Seen, TxtRecord,
};
use crate::gather::{Answer, Gathering, Question};
use crate::model::{Domain, DomainFault};
use crate::{Draft, mx_list, plan};
use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

impl Evidence {
    /// Reads what was seen of a domain from its [notation](crate::notation).
    pub fn from_notation(text: &str) -> Result<Self, NotationFault> {
        let (answers, reply) = match text.split_once("\n\n") {
            Some((answers, reply)) => (answers, Some(reply)),
            None => (text, None),
        };
        let world = World::read(answers)?;
        let mut evidence = world.gather();
        match reply.map(read_reply).transpose()? {
            Some(reply) => evidence.policy = reply,
            None if matches!(evidence.policy, Seen::Hidden(Hidden::NoAddress)) => {}
            None => evidence.policy = Seen::NotAsked,
        }
        Ok(evidence)
    }
}

/// What is published and what is to be, read from the [notation](self).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Change {
    /// What is published.
    pub old: State,
    /// What is to be.
    pub new: State,
}

/// One side of a [`Change`]: what of it is there, each kind with its line ends.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct State {
    /// The text of the policy.
    pub policy: Option<String>,
    /// The TXT records at `_mta-sts`.
    pub record: Option<String>,
    /// The TXT records at `_smtp._tls`.
    pub tlsrpt: Option<String>,
    /// The MX hosts.
    pub mx: Option<String>,
}

impl Change {
    /// Reads a change. A line that begins with `v=STSv1`, `v=TLSRPTv1` or `MX ` is what it looks like, any other is one of
    /// the policy.
    pub fn from_notation(text: &str) -> Result<Self, NotationFault> {
        let mut change = Self::default();
        let mut state = None;
        for (at, line) in text.split_inclusive('\n').enumerate() {
            match line.trim_end() {
                "--- old" => state = Some(&mut change.old),
                "--- new" => state = Some(&mut change.new),
                _ => {
                    let what = "a change begins with `--- old` or `--- new`";
                    let state = state.as_mut().ok_or(NotationFault { line: at + 1, what })?;
                    let (part, line) = match line.strip_prefix("MX ") {
                        Some(host) => (&mut state.mx, host),
                        None if line.starts_with("v=STSv1") => (&mut state.record, line),
                        None if line.starts_with("v=TLSRPTv1") => (&mut state.tlsrpt, line),
                        None => (&mut state.policy, line),
                    };
                    part.get_or_insert_default().push_str(line);
                }
            }
        }
        Ok(change)
    }

    /// The change, to be planned from this time on, with TTLs of an hour.
    #[must_use]
    pub fn at(&self, now: u64) -> plan::Change<'_> {
        let mx = |state: &State| state.mx.as_deref().map(mx_list);
        plan::Change {
            old: self.old.draft(),
            new: self.new.draft(),
            old_mx: mx(&self.old),
            new_mx: mx(&self.new),
            ttl: 3_600,
            mx_ttl: 3_600,
            ..plan::Change::at(now)
        }
    }
}

impl State {
    /// The same as a draft, without its MX hosts.
    #[must_use]
    pub fn draft(&self) -> Draft<'_> {
        let [policy, record, tlsrpt] =
            [&self.policy, &self.record, &self.tlsrpt].map(|text| text.as_ref().map(String::as_bytes));
        Draft { policy, record, tlsrpt }
    }
}

/// Why a text is no such notation: the line, from 1, and what is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotationFault {
    /// The line, counted from 1 in its part.
    pub line: usize,
    /// What is wrong.
    pub what: &'static str,
}

impl fmt::Display for NotationFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.what)
    }
}

impl core::error::Error for NotationFault {}

/// The DNS, as far as it is written down.
struct World {
    domain: Domain,
    rows: Vec<Row>,
}

struct Row {
    owner: String,
    ttl: u32,
    data: Data,
}

enum Data {
    /// One record, or none of this type.
    Record(RecordType, Option<Record>),
    Alias(String),
    /// An outcome for every type.
    Outcome(Outcome<Record>),
}

/// The reason of [`Outcome::Unreachable`] for what is not written down; no notation can say it.
const NOT_MENTIONED: &str = "\0";

impl World {
    fn read(text: &str) -> Result<Self, NotationFault> {
        let mut rows: Vec<Row> = Vec::new();
        let mut domain = None;
        for (at, line) in text.lines().enumerate() {
            let row = Row::read(line).map_err(|what| NotationFault { line: at + 1, what })?;
            if domain.is_none() {
                let owner = &row.owner;
                let prefixes = ["_mta-sts.", "mta-sts.", "_smtp._tls."];
                let name = prefixes.iter().find_map(|prefix| owner.strip_prefix(prefix)).unwrap_or(owner);
                let fault =
                    |_: DomainFault| NotationFault { line: at + 1, what: "the name is no policy domain" };
                domain = Some(Domain::read(name).map_err(fault)?);
            }
            rows.push(row);
        }
        let domain = domain.ok_or(NotationFault { line: 1, what: "there is no answer of the DNS" })?;
        Ok(Self { domain, rows })
    }

    /// Answers what the real DNS is asked, and forgets what is not written down.
    fn gather(&self) -> Evidence {
        let mut gathering = Gathering::of(&self.domain, None);
        let mut questions = gathering.ask();
        while let Some((id, question)) = questions.pop() {
            let answer = match question {
                Question::Dns { name, kind } => Answer::Dns(self.look_up(&name, kind)),
                Question::Get { .. } | Question::Probe { .. } => Answer::Reply(Err(Hidden::NoUsableHttps)),
            };
            gathering.answer(id, answer);
            questions.append(&mut gathering.ask());
        }
        let mut evidence = gathering.evidence();
        forget(&mut evidence.record);
        forget(&mut evidence.tlsrpt);
        forget(&mut evidence.mx);
        for host in &mut evidence.mx_hosts {
            forget(&mut host.ipv4);
            forget(&mut host.ipv6);
        }
        if evidence.policy_host.yes().is_some_and(|host| host.lookups().any(is_not_mentioned)) {
            evidence.policy_host = Seen::NotAsked;
        }
        evidence.nearby.retain(|nearby| !is_not_mentioned(&nearby.lookup));
        evidence
    }
    fn look_up(&self, name: &str, kind: RecordType) -> Lookup<Record> {
        let mut aliases = Vec::new();
        let mut at = name.to_owned();
        let outcome = loop {
            let rows: Vec<&Row> =
                self.rows.iter().filter(|row| row.owner.eq_ignore_ascii_case(&at)).collect();
            let mut records = Vec::new();
            let mut ttl = u32::MAX;
            let mut alias = None;
            let mut outcome = None;
            for row in &rows {
                match &row.data {
                    Data::Alias(to) => alias = Some((to.clone(), row.ttl)),
                    Data::Outcome(other) => outcome = Some(other.clone()),
                    Data::Record(of, Some(record)) if *of == kind => {
                        ttl = ttl.min(row.ttl);
                        records.push(record.clone());
                    }
                    Data::Record(..) => {}
                }
            }
            // A chain is cut where a resolver would call it a circle.
            if let Some((to, ttl)) = alias.filter(|_| aliases.len() < crate::dns::MAX_ALIASES) {
                aliases.push(Alias { from: at, to: to.clone(), ttl, beside: !records.is_empty() });
                at = to;
                continue;
            }
            break match outcome {
                Some(outcome) => outcome,
                None if !records.is_empty() => Outcome::Found { records, ttl },
                None if rows.is_empty() => Outcome::Unreachable { reason: NOT_MENTIONED.to_owned() },
                None => Outcome::Empty,
            };
        };
        Lookup {
            name: name.to_owned(),
            outcome,
            aliases,
            authenticated: false,
            resolver: "https://dns.example/dns-query".to_owned(),
            millis: 10,
        }
    }
}

fn forget<T>(seen: &mut Seen<Lookup<T>>) {
    if seen.yes().is_some_and(is_not_mentioned) {
        *seen = Seen::NotAsked;
    }
}

fn is_not_mentioned<T>(lookup: &Lookup<T>) -> bool {
    matches!(&lookup.outcome, Outcome::Unreachable { reason } if reason == NOT_MENTIONED)
}

impl Row {
    fn read(line: &str) -> Result<Self, &'static str> {
        let (owner, rest) = line.split_once(' ').ok_or("a line needs a name and a type")?;
        let owner = owner.strip_suffix('.').ok_or("a name ends in a dot")?.to_owned();
        let (word, after) = word(rest);
        let (ttl, kind, data) = match word.parse() {
            Ok(ttl) => {
                let (kind, data) = self::word(after);
                (ttl, kind, data)
            }
            Err(_) => (300, word, after),
        };
        let record = |kind, record: Option<Record>| match (data, record) {
            ("", _) => Ok(Data::Record(kind, None)),
            (_, Some(record)) => Ok(Data::Record(kind, Some(record))),
            (_, None) => Err("the data does not fit the type"),
        };
        let data = match kind {
            "A" => {
                record(RecordType::A, data.parse().ok().map(|v4| Record::Address(core::net::IpAddr::V4(v4))))
            }
            "AAAA" => record(
                RecordType::Aaaa,
                data.parse().ok().map(|v6| Record::Address(core::net::IpAddr::V6(v6))),
            ),
            "MX" => record(RecordType::Mx, mx(data).map(Record::Mx)),
            "TXT" => {
                record(RecordType::Txt, strings(data).map(|strings| Record::Txt(TxtRecord::of(strings))))
            }
            "CNAME" => Ok(Data::Alias(data.strip_suffix('.').ok_or("a name ends in a dot")?.to_owned())),
            "NXDOMAIN" => Ok(Data::Outcome(Outcome::NoSuchName)),
            "SERVFAIL" => Ok(Data::Outcome(Outcome::Failed { rcode: 2 })),
            "REFUSED" => Ok(Data::Outcome(Outcome::Failed { rcode: 5 })),
            "UNREACHABLE" => Ok(Data::Outcome(Outcome::Unreachable { reason: data.to_owned() })),
            _ => Err("the type is none of A, AAAA, MX, TXT, CNAME, and no outcome"),
        }?;
        Ok(Self { owner, ttl, data })
    }
}

/// The first word, and what follows it.
fn word(text: &str) -> (&str, &str) {
    text.split_once(' ').unwrap_or((text, ""))
}

/// Preference and exchange.
fn mx(data: &str) -> Option<MxRecord> {
    let (preference, host) = data.split_once(' ')?;
    Some(MxRecord { preference: preference.parse().ok()?, host: host.strip_suffix('.')?.to_owned() })
}

/// Character-strings in quotes, with the escapes of a zone file (RFC 1035 §5.1).
fn strings(data: &str) -> Option<Vec<Vec<u8>>> {
    let mut strings = Vec::new();
    let mut rest = data.as_bytes();
    while let [b'"', inner @ ..] = rest.trim_ascii_start() {
        let mut string = Vec::new();
        rest = inner;
        loop {
            match rest {
                [b'"', after @ ..] => {
                    rest = after;
                    break;
                }
                [b'\\', a @ b'0'..=b'9', b @ b'0'..=b'9', c @ b'0'..=b'9', after @ ..] => {
                    let digit = |octet: &u8| u32::from(octet - b'0');
                    string.push(u8::try_from(digit(a) * 100 + digit(b) * 10 + digit(c)).ok()?);
                    rest = after;
                }
                [b'\\', octet, after @ ..] | [octet, after @ ..] => {
                    string.push(*octet);
                    rest = after;
                }
                [] => return None,
            }
        }
        strings.push(string);
    }
    (rest.trim_ascii().is_empty() && !strings.is_empty()).then_some(strings)
}

/// What the policy host said, or the text of a policy.
fn read_reply(text: &str) -> Result<Seen<Reply>, NotationFault> {
    let fault = |what| NotationFault { line: 1, what };
    let mut reply = Reply { origin: Origin::Fetched, millis: Some(100), ..Reply::default() };
    let (request, text) = match text.strip_prefix("GET https://") {
        Some(rest) => rest.split_once('\n').unwrap_or((rest, "")),
        None if text.starts_with("HTTP/") => ("", text),
        None => return Ok(Seen::Yes(Reply::given(text.as_bytes()))),
    };
    if let Some((_, how)) = request.split_once(" hidden: ") {
        return Ok(Seen::Hidden(match how {
            "no-cors" => Hidden::NoCors,
            "probably-http-error" => Hidden::ProbablyHttpError,
            "no-usable-https" => Hidden::NoUsableHttps,
            "timeout" => Hidden::Timeout(10_000),
            "cut-short" => Hidden::CutShort,
            "not-allowed" => Hidden::NotAllowed,
            _ => return Err(fault("`hidden:` is followed by none of the words it knows")),
        }));
    }
    if let Some((_, time)) = request.split_once(" took ") {
        let seconds: f64 = word(time).0.parse().map_err(|_| fault("`took` is followed by no number"))?;
        #[expect(clippy::cast_sign_loss, reason = "what is below zero becomes zero")]
        {
            reply.millis = Some((seconds * 1000.0).round() as u32);
        }
    }
    if request.ends_with(" redirected") {
        reply.redirect = Some(Redirect::default());
        return Ok(Seen::Yes(reply));
    }
    let (head, body) = text.split_once("\n\n").unwrap_or((text, ""));
    let mut lines = head.lines();
    let status = lines.next().and_then(|line| line.split(' ').nth(1)?.parse().ok());
    reply.status = Some(status.ok_or_else(|| fault("there is no line such as `HTTP/1.1 200 OK`"))?);
    reply.content_type = Some(String::new());
    for line in lines {
        let (name, value) =
            line.split_once(": ").ok_or_else(|| fault("a header is a name, `: ` and a value"))?;
        let value = value.to_owned();
        match name.to_ascii_lowercase().as_str() {
            "content-type" => reply.content_type = Some(value),
            "content-encoding" => reply.content_encoding = Some(value),
            "location" => reply.redirect = Some(Redirect { location: Some(value) }),
            _ => {}
        }
    }
    Ok(Seen::Yes(Reply { body: Reply::given(body.as_bytes()).body, ..reply }))
}

#[cfg(test)]
mod tests {
    use crate::evidence::{Evidence, Hidden, NearbyKind, Outcome, Seen};

    #[track_caller]
    fn read(text: &str) -> Evidence {
        Evidence::from_notation(text).unwrap()
    }

    #[test]
    fn what_is_written_was_seen_and_nothing_else() {
        let evidence = read(
            "_mta-sts.example.com. 60 TXT \"v=STSv1; \" \"id=1\\044\\\"\"\nexample.com. MX 20 b.example.com.\nexample.com. MX 10 a.example.com.\na.example.com. A 192.0.2.1",
        );
        assert_eq!(evidence.domain.unwrap().as_str(), "example.com");
        let record = evidence.record.yes().unwrap();
        assert_eq!(record.records()[0].strings, [b"v=STSv1; ".to_vec(), b"id=1,\"".to_vec()]);
        assert!(matches!(record.outcome, Outcome::Found { ttl: 60, .. }));
        let hosts: Vec<_> = evidence.mx_hosts.iter().map(|host| &*host.host).collect();
        assert_eq!(hosts, ["a.example.com", "b.example.com"]); // in the order senders try them
        assert!(evidence.mx_hosts[0].addresses().eq(["192.0.2.1"]));
        assert!(evidence.mx_hosts[0].ipv6.yes().unwrap().records().is_empty()); // mentioned, and has none
        assert!(evidence.mx_hosts[1].ipv4.yes().is_none()); // not mentioned
        assert!(evidence.tlsrpt.yes().is_none() && evidence.policy_host.yes().is_none());
        assert!(matches!(evidence.policy, Seen::NotAsked));
    }

    #[test]
    fn outcomes_are_written_in_place_of_a_type() {
        let evidence = read(
            "_mta-sts.example.com. CNAME gone.example.net.\ngone.example.net. NXDOMAIN\nexample.com. SERVFAIL\n_smtp._tls.example.com. UNREACHABLE timed out\nmta-sts.example.com. NXDOMAIN",
        );
        let record = evidence.record.yes().unwrap();
        assert_eq!((&record.outcome, &*record.aliases[0].to), (&Outcome::NoSuchName, "gone.example.net"));
        assert_eq!(evidence.mx.yes().unwrap().outcome, Outcome::Failed { rcode: 2 });
        let reason = "timed out".to_owned();
        assert_eq!(evidence.tlsrpt.yes().unwrap().outcome, Outcome::Unreachable { reason });
        assert!(matches!(evidence.policy, Seen::Hidden(Hidden::NoAddress))); // follows from the DNS
        assert_eq!(evidence.nearby.len(), 1); // of all the names nearby only this one is mentioned
        assert_eq!(evidence.nearby[0].kind, NearbyKind::RecordTypo);
    }

    #[test]
    fn the_reply_comes_after_an_empty_line() {
        let reply = |text: &str| read(&format!("example.com. MX\n\n{text}")).policy;
        let whole = reply(
            "GET https://x took 6.2 s\nHTTP/1.1 200 OK\nContent-Type: text/plain\n\nversion: STSv1\n\n",
        );
        let whole = whole.yes().unwrap();
        assert_eq!(
            (whole.status, whole.millis, &*whole.body),
            (Some(200), Some(6200), &b"version: STSv1\n\n"[..])
        );
        let bare = reply("HTTP/1.1 301 Moved\nLocation: /x");
        let redirect = bare.yes().and_then(|reply| reply.redirect.clone()).unwrap();
        assert_eq!(redirect.location.as_deref(), Some("/x"));
        assert!(reply("GET https://x redirected").yes().unwrap().redirect.is_some());
        assert!(matches!(reply("GET https://x hidden: no-cors"), Seen::Hidden(Hidden::NoCors)));
        assert!(!reply("version: STSv1\n").yes().unwrap().is_fetched()); // a text that somebody gave
    }

    #[test]
    fn what_is_no_notation_is_told() {
        for (text, line) in [
            ("", 1),
            ("example.com MX", 1),                  // no final dot
            ("example.com. MX 10 a.\nb. MX a.", 2), // no preference
            ("example.com. A 192.0.2.256", 1),
            ("example.com. TXT \"a", 1), // not closed
            ("example.com. PTR a.", 1),
            ("example.com. MX\n\nGET https://x hidden: broken", 1),
        ] {
            assert_eq!(Evidence::from_notation(text).unwrap_err().line, line, "{text:?}");
        }
    }
}
