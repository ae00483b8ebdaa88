//! The other way round: from the MX set of a domain to what it has to publish, as texts that [`lint`](crate::lint())
//! finds nothing wrong with, and how to publish them on servers and hosts in common use.
//!
//! ```
//! use mta_sts::generate::{Request, generate};
//! use mta_sts::{model::Domain, mx_list};
//!
//! let domain = Domain::read("example.com").unwrap();
//! let generated = generate(&Request::new(domain, mx_list("mx1.example.com, mx2.example.com"), 1_795_558_500)).unwrap();
//! assert_eq!(
//!     generated.policy,
//!     "version: STSv1\nmode: testing\nmx: mx1.example.com\nmx: mx2.example.com\nmax_age: 604800\n"
//! );
//! assert_eq!(generated.record.value, "v=STSv1; id=20261124T221500");
//! ```

mod targets;

use alloc::borrow::ToOwned;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
pub use targets::{File, Step, Target, TargetName};

use crate::evidence::MxRecord;
use crate::model::{Domain, MaxAge, Mode, MxPattern, Protocol};
use crate::order::by_key;
use crate::parse::grammar;
use crate::parse::record::sts_id;
use crate::quote::quote;
use crate::report::{FindingReport, OffsetUnit, SeverityName};
use crate::{Draft, LintOptions, date, review_draft};
use core::fmt;
use serde::Serialize;

/// What is to be published.
#[derive(Debug, Clone)]
pub struct Request {
    /// The policy domain.
    pub domain: Domain,
    /// Its MX set. An empty one means that there is no MX record, and the domain is its own host (RFC 5321 §5.1).
    pub mx: Vec<MxRecord>,
    /// Writes one wildcard for hosts of one parent, where there are several, instead of their names.
    /// Any other host right below that parent then counts as an MX host too (RFC 8461 §10.4).
    pub wildcards: bool,
    /// The mode. A new policy begins with [`Mode::Testing`] (RFC 8461 §5): whatever it gets wrong is reported, and no mail
    /// is held back.
    pub mode: Mode,
    /// The lifetime in seconds; without it two weeks in mode enforce, a week in testing, and a day in none.
    pub max_age: Option<u64>,
    /// The id of the record; without it one is made of the time.
    pub id: Option<String>,
    /// The id that is published now: the new one has to differ, or senders do not look again (RFC 8461 §3.1).
    pub previous_id: Option<String>,
    /// Where reports of TLS failures go (RFC 8460 §3): `mailto:` and `https:` URIs, or plain addresses.
    /// Without any no TLSRPT record is made.
    pub rua: Vec<String>,
    /// The time, in seconds since 1970-01-01 UTC.
    pub now: u64,
}

impl Request {
    /// A first policy for a domain: mode testing, and the rest as is advisable. `now` counts seconds since 1970-01-01 UTC.
    #[must_use]
    pub const fn new(domain: Domain, mx: Vec<MxRecord>, now: u64) -> Self {
        Self {
            domain,
            mx,
            wildcards: false,
            mode: Mode::Testing,
            max_age: None,
            id: None,
            previous_id: None,
            rua: Vec::new(),
            now,
        }
    }
}

/// What to publish, and how. Every text is ASCII, and each line of it ends with LF.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct Generated {
    /// The policy domain, in A-labels.
    pub domain: String,
    /// The one address where senders look for the policy (RFC 8461 §3.3).
    pub policy_url: String,
    /// The text of the policy.
    pub policy: String,
    /// Its mode.
    pub mode: &'static str,
    /// Its lifetime in seconds.
    pub max_age: u64,
    /// Its patterns, in the order in which senders try the hosts.
    pub mx: Vec<String>,
    /// The id of the record.
    pub id: String,
    /// TXT at `_mta-sts` (RFC 8461 §3.1).
    pub record: TxtToPublish,
    /// TXT at `_smtp._tls` (RFC 8460 §3), if reports were asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tlsrpt: Option<TxtToPublish>,
    /// Where it can be served, each with its files, and with what to do before [`Generated::steps`].
    pub targets: Vec<Target>,
    /// What is left to do wherever the policy is served, in order.
    pub steps: Vec<Step>,
    /// What `lint` says of all this. No finding is about a fault of the texts: each is an `info` about something that was
    /// asked for, or about the MX set itself.
    pub notes: Vec<FindingReport>,
}

/// A TXT record to publish.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct TxtToPublish {
    /// The whole name, without the root dot.
    pub name: String,
    /// The name as the forms of most providers ask for it: without the domain.
    pub host: &'static str,
    /// The value as such forms ask for it: without quotes.
    pub value: String,
    /// How long resolvers may keep it, in seconds.
    pub ttl: u32,
    /// The record as a line of a zone file, its strings at most 255 octets long (RFC 1035 §3.3).
    pub zone: String,
    /// The same in words.
    pub words: String,
}

/// How long resolvers may keep a record, in seconds: a change is seen within the hour.
const TTL: u32 = 3_600;

/// The most MX records: as many as are read from a list.
const MAX_HOSTS: usize = 999;

/// The most octets of a TLSRPT record: a longer answer does not fit into every datagram.
const MAX_TLSRPT: usize = 1_000;

/// The most octets of a name (RFC 1035 §2.3.4).
const MAX_NAME: usize = 253;

/// Why there is nothing to publish.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// The domain takes no mail (RFC 7505).
    NullMx {
        /// Whether other MX records stand beside the null MX, which they must not.
        mixed: bool,
    },
    /// Not the name of an MX host.
    Host {
        /// What was given.
        host: String,
    },
    /// More MX records than are looked at.
    TooManyHosts,
    /// A name that has to be published is longer than names can be.
    NameTooLong {
        /// The name.
        name: String,
    },
    /// Not an id (RFC 8461 §3.1).
    Id {
        /// What was given.
        id: String,
    },
    /// The id that is published already.
    SameId {
        /// The id.
        id: String,
    },
    /// Nowhere to send reports to.
    Rua {
        /// What was given.
        uri: String,
    },
    /// A TLSRPT record of too many addresses.
    TlsrptTooLong {
        /// Its length in octets.
        octets: usize,
    },
    /// What was asked for makes a text that a rule finds a fault with.
    Fault {
        /// The rule.
        id: &'static str,
        /// What is wrong.
        message: String,
        /// What to ask for instead.
        instead: String,
    },
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NullMx { mixed: false } => f.write_str(
                "the domain has a null MX and takes no mail (RFC 7505 §3), so a policy would have no effect; \
                 publish none, or replace the null MX",
            ),
            Self::NullMx { mixed: true } => f.write_str(
                "a null MX (`.`) stands beside other MX records (RFC 7505 §3); delete it, or delete all others",
            ),
            Self::Host { host } => write!(
                f,
                "{} is not the name of an MX host; write names as MX records have them, such as `mx1.example.com`",
                quote(host.as_bytes())
            ),
            Self::TooManyHosts => write!(f, "these are more than {MAX_HOSTS} MX records"),
            Self::NameTooLong { name } => write!(
                f,
                "the domain is too long: {} would have {} octets, and names have {MAX_NAME} at most (RFC 1035 §2.3.4)",
                quote(name.as_bytes()),
                name.len()
            ),
            Self::Id { id } => write!(
                f,
                "{} is no id; write 1 to 32 letters and digits, such as `20240315T120000` (RFC 8461 §3.1)",
                quote(id.as_bytes())
            ),
            Self::SameId { id } => write!(
                f,
                "the id {} is published already: senders that hold a policy would not look again (RFC 8461 §3.1); \
                 leave it out for a new one",
                quote(id.as_bytes())
            ),
            Self::Rua { uri } => write!(
                f,
                "{} is no place that reports can go to; write a `mailto:` or `https:` URI, its commas, semicolons and \
                 exclamation points as %2C, %3B and %21 (RFC 8460 §3)",
                quote(uri.as_bytes())
            ),
            Self::TlsrptTooLong { octets } => write!(
                f,
                "the TLSRPT record would be {octets} octets long; {MAX_TLSRPT} are the most; name fewer addresses"
            ),
            Self::Fault { message, instead, .. } => write!(f, "{message}; {instead}"),
        }
    }
}

impl core::error::Error for Refusal {}

/// Makes what a domain has to publish. Nothing here asks the network or the clock.
pub fn generate(request: &Request) -> Result<Generated, Refusal> {
    let domain = request.domain.as_str();
    let records = mx_records(request)?;
    let hosts = hosts(&records, domain);
    let mx = if request.wildcards { collapsed(&hosts) } else { hosts.clone() };
    let id = id(request)?;
    let max_age = request.max_age.unwrap_or(match request.mode {
        Mode::Enforce => 2 * MaxAge::WEEK.seconds(),
        Mode::Testing => MaxAge::WEEK.seconds(),
        Mode::None => MaxAge::DAY.seconds(),
    });
    let mode = request.mode.as_str();
    let mut policy = format!("version: STSv1\nmode: {mode}\n");
    for pattern in &mx {
        policy.push_str(&joined(&["mx: ", pattern, "\n"]));
    }
    policy.push_str(&joined(&["max_age: ", &max_age.to_string(), "\n"]));
    let record = txt(domain, Protocol::Sts, &id)?;
    let tlsrpt = rua(request)?.map(|rua| txt(domain, Protocol::Tlsrpt, &rua)).transpose()?;
    if let Some(octets) = tlsrpt.as_ref().map(|record| record.value.len()).filter(|len| *len > MAX_TLSRPT) {
        return Err(Refusal::TlsrptTooLong { octets });
    }
    let notes = notes(&request.domain, records, &policy, &record, tlsrpt.as_ref())?;
    let names = targets::Names::new(domain, &policy);
    Ok(Generated {
        domain: domain.to_owned(),
        policy_url: names.fill("https://@host@/.well-known/mta-sts.txt"),
        targets: targets::all(&names),
        steps: targets::steps(&names, &hosts, &record, tlsrpt.as_ref()),
        mode,
        max_age,
        mx,
        id,
        policy,
        record,
        tlsrpt,
        notes,
    })
}

/// The MX set in the form the DNS has it: A-labels, lower case, no root dot.
fn mx_records(request: &Request) -> Result<Vec<MxRecord>, Refusal> {
    let null = request.mx.iter().filter(|mx| mx.host.is_empty()).count();
    if null > 0 {
        return Err(Refusal::NullMx { mixed: null < request.mx.len() });
    }
    if request.mx.len() > MAX_HOSTS {
        return Err(Refusal::TooManyHosts);
    }
    let mut records = Vec::new();
    for MxRecord { preference, host } in &request.mx {
        let name = Domain::to_a_labels(host.strip_suffix('.').unwrap_or(host))
            .filter(|name| MxPattern::read(name.as_bytes()).is_ok());
        let name = name.ok_or_else(|| Refusal::Host { host: host.clone() })?;
        records.push(MxRecord { preference: *preference, host: name });
    }
    Ok(records)
}

/// The names of the MX hosts, each once, in the order in which senders try them; without any record the domain itself.
fn hosts(records: &[MxRecord], domain: &str) -> Vec<String> {
    let preferences: Vec<u64> = records.iter().map(|mx| mx.preference.into()).collect();
    let mut hosts = Vec::new();
    for at in by_key(&preferences) {
        push_new(&mut hosts, records[at].host.clone());
    }
    if hosts.is_empty() {
        hosts.push(domain.to_owned());
    }
    hosts
}

/// The names, but for one wildcard in place of those that have their parent in common. It is not written above a
/// top-level domain.
fn collapsed(hosts: &[String]) -> Vec<String> {
    let parent = |host: &String| host.find('.').map(|dot| host[dot..].to_owned());
    let mut patterns = Vec::new();
    for host in hosts {
        let parent_of_host = parent(host).filter(|parent| parent[1..].contains('.'));
        let pattern = match parent_of_host {
            Some(above)
                if hosts.iter().filter(|other| parent(other).as_ref() == Some(&above)).count() > 1 =>
            {
                joined(&["*", &above])
            }
            _ => host.clone(),
        };
        push_new(&mut patterns, pattern);
    }
    patterns
}

/// Adds what is not there yet.
#[inline(never)]
fn push_new(list: &mut Vec<String>, item: String) {
    if !list.contains(&item) {
        list.push(item);
    }
}

/// [`concat`](slice::concat), once for all.
#[inline(never)]
fn joined(parts: &[&str]) -> String {
    parts.concat()
}

/// The id that was given, or the time without punctuation; a second later if that is published already.
fn id(request: &Request) -> Result<String, Refusal> {
    let previous = request.previous_id.as_deref();
    let Some(id) = request.id.clone() else {
        let id = date::compact(request.now);
        return Ok(if previous == Some(&id) { date::compact(request.now.wrapping_add(1)) } else { id });
    };
    if !grammar::is_whole(sts_id, id.as_bytes()) {
        return Err(Refusal::Id { id });
    }
    if previous == Some(&id) {
        return Err(Refusal::SameId { id });
    }
    Ok(id)
}

/// The value of `rua`.
fn rua(request: &Request) -> Result<Option<String>, Refusal> {
    let mut list: Vec<String> = Vec::new();
    for given in &request.rua {
        let uri = given.trim();
        let is_address = uri.contains('@') && !uri.contains(':');
        let uri = if is_address { format!("mailto:{uri}") } else { uri.to_owned() };
        if !is_destination(&uri) {
            return Err(Refusal::Rua { uri: given.clone() });
        }
        push_new(&mut list, uri);
    }
    Ok((!list.is_empty()).then(|| list.join(",")))
}

/// Whether a text is a URI that a report can go to, or a list of them (RFC 8460 §3), in ASCII.
fn is_destination(uri: &str) -> bool {
    use crate::model::tlsrpt::{Member, members};
    use crate::span::Span;
    let whole = Span::new(0, uri.len() as u32);
    uri.is_ascii() && members(uri.as_bytes(), whole).all(|member: Member| member.is_usable())
}

/// The record of a protocol whose one field has this value.
fn txt(domain: &str, protocol: Protocol, required: &str) -> Result<TxtToPublish, Refusal> {
    let host = protocol.label();
    let name = joined(&[host, ".", domain]);
    if name.len() > MAX_NAME {
        return Err(Refusal::NameTooLong { name });
    }
    let value = joined(&[protocol.prefix(), " ", protocol.required(), "=", required]);
    let mut zone = format!("{name}. {TTL} IN TXT");
    for string in value.as_bytes().chunks(255) {
        // The value is ASCII, and has neither quote nor backslash.
        zone.push_str(&joined(&[" \"", &String::from_utf8_lossy(string), "\""]));
    }
    let words = format!(
        "a TXT record at `{name}` (a form that adds the domain by itself asks for `{host}`), \
         its value `{value}` without quotes, its TTL {TTL} seconds"
    );
    Ok(TxtToPublish { name, host, value, ttl: TTL, zone, words })
}

/// What the rules find. A fault refuses the request; the missing MX record alone is the domain's, not the text's.
fn notes(
    domain: &Domain,
    mx: Vec<MxRecord>,
    policy: &str,
    record: &TxtToPublish,
    tlsrpt: Option<&TxtToPublish>,
) -> Result<Vec<FindingReport>, Refusal> {
    let options = LintOptions { kind: None, domain: Some(domain.clone()), mx: Some(mx) };
    let draft = Draft {
        policy: Some(policy.as_bytes()),
        record: Some(record.zone.as_bytes()),
        tlsrpt: tlsrpt.map(|record| record.zone.as_bytes()),
    };
    let findings = review_draft(draft, &options, OffsetUnit::Bytes).findings;
    let is_fault =
        |finding: &FindingReport| finding.severity != SeverityName::Info && finding.id != "cov-implicit-mx";
    match findings.iter().find(|finding| is_fault(finding)) {
        Some(fault) => Err(Refusal::Fault {
            id: fault.id,
            message: fault.message.clone(),
            instead: fault.instead.clone().into_owned(),
        }),
        None => Ok(findings),
    }
}
