//! What was seen of one domain, and how: plain data, gathered completely before any rule runs.

use crate::model::{Domain, Note};
use crate::parse::MAX_POLICY;
use crate::span::SourceMap;
use alloc::string::String;
use alloc::vec::Vec;

/// What was seen of one domain, or what somebody drafts for it.
#[derive(Debug, Clone, Default)]
pub struct Evidence {
    /// The policy domain, if it is known.
    pub domain: Option<Domain>,
    /// What was done to the text the domain was typed as.
    pub notes: Vec<Note>,
    /// TXT at `_mta-sts.<domain>`.
    pub record: Seen<Lookup<TxtRecord>>,
    /// TXT at `_smtp._tls.<domain>`.
    pub tlsrpt: Seen<Lookup<TxtRecord>>,
    /// MX at the domain, in order of preference.
    pub mx: Seen<Lookup<MxRecord>>,
    /// The addresses of each MX host, in the order of [`Evidence::mx`]; of the domain itself where it has no MX record.
    pub mx_hosts: Vec<HostAddresses>,
    /// The addresses of `mta-sts.<domain>`.
    pub policy_host: Seen<HostAddresses>,
    /// The reply of the policy host, or the text somebody gave in its place.
    pub policy: Seen<Reply>,
    /// What is at names near the right ones; asked for only where the right one is missing or odd.
    pub nearby: Vec<Nearby>,
}

impl Evidence {
    /// Whether the domain has neither an MX record nor an address, and so takes no mail (RFC 5321 §5.1).
    #[must_use]
    pub fn has_no_mail_host(&self) -> bool {
        let no_mx = self.mx.yes().is_some_and(|lookup| lookup.is_answered() && lookup.records().is_empty());
        no_mx && matches!(&*self.mx_hosts, [domain] if domain.has_none())
    }
}

/// Whether something was looked at. "Cannot be seen from here" is neither "absent" nor "fine".
#[derive(Debug, Clone, Default)]
pub enum Seen<T> {
    /// It was looked at, and this is what was there (possibly nothing).
    Yes(T),
    /// Nobody asked, and nobody gave it.
    #[default]
    NotAsked,
    /// It was asked for and cannot be seen from here.
    Hidden(Hidden),
}

impl<T> Seen<T> {
    /// What was seen, if it was.
    pub const fn yes(&self) -> Option<&T> {
        match self {
            Self::Yes(seen) => Some(seen),
            Self::NotAsked | Self::Hidden(_) => None,
        }
    }
}

/// Why the policy host's reply cannot be read from here, exactly as far as it can be known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Hidden {
    /// The host answers over HTTPS with a valid certificate; its reply has no `Access-Control-Allow-Origin`,
    /// so script may not read it.
    NoCors,
    /// As [`Hidden::NoCors`], and the reply is an HTTP error, forbids to be framed, or is of a type that the browser does
    /// not show.
    ProbablyHttpError,
    /// No usable HTTPS: certificate, connection, or a reply that forbids other origins. Which of these cannot be told.
    NoUsableHttps,
    /// The policy host has no address, so there is nobody to ask.
    NoAddress,
    /// No complete answer within our own limit, in milliseconds.
    Timeout(u32),
    /// The reply ended before the end it announced.
    CutShort,
    /// The browser is offline, or forbids the request (mixed content, a strict policy of an embedding page).
    NotAllowed,
}

/// One question to the DNS and what came of it.
#[derive(Debug, Clone)]
pub struct Lookup<T> {
    /// The name asked for.
    pub name: String,
    /// Its outcome.
    pub outcome: Outcome<T>,
    /// The CNAME chain from [`Lookup::name`] on, in order. Empty if there is none.
    pub aliases: Vec<Alias>,
    /// Whether the resolver says that it validated the answer (the AD flag, RFC 4035 §3.2.3).
    pub authenticated: bool,
    /// The URL of the resolver that answered or was tried last; empty for a draft.
    pub resolver: String,
    /// How long it took, in milliseconds.
    pub millis: u32,
}

/// Four different ways to find nothing, and one to find something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome<T> {
    /// NOERROR with at least one record of the kind asked for.
    Found {
        /// The records, in the order of the answer, or of their meaning where that is known.
        records: Vec<T>,
        /// The least TTL among them, in seconds.
        ttl: u32,
    },
    /// NOERROR without a record of the kind: the name exists (RFC 2308 §2.2).
    Empty,
    /// NXDOMAIN: the name does not exist, nor any below it (RFC 8020).
    NoSuchName,
    /// The resolver answered with another RCODE, such as SERVFAIL (2) or REFUSED (5).
    Failed {
        /// The RCODE.
        rcode: u16,
    },
    /// No resolver gave a DNS message.
    Unreachable {
        /// Why, for a person: `timed out after 5 s`, `HTTP 503`, `the browser could not reach it`.
        reason: String,
    },
}

impl<T> Lookup<T> {
    /// The records found; none in every other case.
    pub fn records(&self) -> &[T] {
        match &self.outcome {
            Outcome::Found { records, .. } => records,
            _ => &[],
        }
    }

    /// Whether the DNS gave an answer, be it "nothing there".
    pub const fn is_answered(&self) -> bool {
        matches!(self.outcome, Outcome::Found { .. } | Outcome::Empty | Outcome::NoSuchName)
    }

    /// The same lookup with each record turned into another type; one that is turned into nothing is left out.
    pub fn select<U>(self, turn: impl FnMut(T) -> Option<U>) -> Lookup<U> {
        let outcome = match self.outcome {
            Outcome::Found { records, ttl } => {
                let records: Vec<U> = records.into_iter().filter_map(turn).collect();
                if records.is_empty() { Outcome::Empty } else { Outcome::Found { records, ttl } }
            }
            Outcome::Empty => Outcome::Empty,
            Outcome::NoSuchName => Outcome::NoSuchName,
            Outcome::Failed { rcode } => Outcome::Failed { rcode },
            Outcome::Unreachable { reason } => Outcome::Unreachable { reason },
        };
        let Self { name, aliases, authenticated, resolver, millis, .. } = self;
        Lookup { name, outcome, aliases, authenticated, resolver, millis }
    }

    /// Records that somebody gave: a draft, a pasted record, a test.
    pub fn given(name: impl Into<String>, records: Vec<T>) -> Self {
        let outcome = if records.is_empty() { Outcome::Empty } else { Outcome::Found { records, ttl: 0 } };
        Self {
            name: name.into(),
            outcome,
            aliases: Vec::new(),
            authenticated: false,
            resolver: String::new(),
            millis: 0,
        }
    }
}

/// One step of a CNAME chain.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Alias {
    /// The owner.
    pub from: String,
    /// The target.
    pub to: String,
    /// TTL in seconds.
    pub ttl: u32,
    /// Whether the answer has other records at `from`, which an alias must not have beside it (RFC 1034 §3.6.2).
    pub beside: bool,
}

/// One TXT record: its character-strings as they came (RFC 1035 §3.3.14).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TxtRecord {
    /// The strings, at most 255 octets each where they come from the DNS.
    pub strings: Vec<Vec<u8>>,
    /// Where their octets stand in the text somebody gave, if they come from one.
    pub source: Option<SourceMap>,
}

impl TxtRecord {
    /// Whether its strings, joined, begin with `version`, whatever its letter case.
    pub fn begins_with(&self, version: &[u8]) -> bool {
        let mut octets = self.strings.iter().flatten();
        version.iter().all(|octet| octets.next().is_some_and(|o| o.eq_ignore_ascii_case(octet)))
    }

    /// A record of these strings.
    pub fn of(strings: Vec<Vec<u8>>) -> Self {
        Self { strings, source: None }
    }
}

/// One MX record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MxRecord {
    /// Lower is tried first (RFC 5321 §5.1).
    pub preference: u16,
    /// The exchange as the DNS gave it, without the final root dot; empty for a null MX (RFC 7505).
    pub host: String,
}

/// The addresses of one host.
#[derive(Debug, Clone)]
pub struct HostAddresses {
    /// The host's name, as in the MX record or `mta-sts.<domain>`.
    pub host: String,
    /// A records, in text form.
    pub ipv4: Seen<Lookup<String>>,
    /// AAAA records, in text form.
    pub ipv6: Seen<Lookup<String>>,
}

impl HostAddresses {
    /// A host whose addresses nobody asked for.
    pub fn not_asked(host: impl Into<String>) -> Self {
        Self { host: host.into(), ipv4: Seen::NotAsked, ipv6: Seen::NotAsked }
    }

    /// Both lookups, as far as they were made.
    pub fn lookups(&self) -> impl Iterator<Item = &Lookup<String>> {
        self.ipv4.yes().into_iter().chain(self.ipv6.yes())
    }

    /// Every address, IPv4 first.
    pub fn addresses(&self) -> impl Iterator<Item = &str> {
        self.lookups().flat_map(Lookup::records).map(String::as_str)
    }

    /// Whether the DNS says that there is no address: both types were asked for, and both answers are empty.
    pub fn has_none(&self) -> bool {
        let empty = |lookup: &Lookup<String>| lookup.is_answered() && lookup.records().is_empty();
        self.lookups().filter(|lookup| empty(lookup)).count() == 2
    }
}

/// The reply of the policy host. For a text that somebody gave only the body is known.
#[derive(Debug, Clone, Default)]
pub struct Reply {
    /// How the text was come by.
    pub origin: Origin,
    /// The HTTP status code.
    pub status: Option<u16>,
    /// The `Content-Type` header; `Some("")` if it was looked for and missing.
    pub content_type: Option<String>,
    /// The `Content-Encoding` header where it can be seen.
    pub content_encoding: Option<String>,
    /// Whether the host redirects, and where to if that can be seen. A redirect is never followed.
    pub redirect: Option<Redirect>,
    /// The body, at most [`MAX_POLICY`] + 1 octets of it; empty where the status is not 200.
    pub body: Vec<u8>,
    /// How long it took until the last octet, in milliseconds.
    pub millis: Option<u32>,
}

impl Reply {
    /// Whether it came over the network.
    #[must_use]
    pub fn is_fetched(&self) -> bool {
        self.origin == Origin::Fetched
    }

    /// Whether its body is what a sender would take for the policy: not that of an error or a redirect.
    #[must_use]
    pub fn holds_policy(&self) -> bool {
        self.redirect.is_none() && self.status.is_none_or(|status| status == 200)
    }

    /// A text that somebody gave.
    #[must_use]
    pub fn given(text: &[u8]) -> Self {
        Self { body: text[..text.len().min(MAX_POLICY + 1)].to_vec(), ..Self::default() }
    }
}

/// How a policy text was come by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Origin {
    /// Somebody pasted it, dropped a file, or drafts it.
    #[default]
    Given,
    /// Fetched from the policy host.
    Fetched,
}

/// A redirect that was seen and not followed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Redirect {
    /// The `Location` header, where it can be seen. A browser never shows it.
    pub location: Option<String>,
}

/// What is at a name near the right one.
#[derive(Debug, Clone)]
pub struct Nearby {
    /// Which mistake would put it there.
    pub kind: NearbyKind,
    /// TXT records found there; address records are given in text form.
    pub lookup: Lookup<TxtRecord>,
}

/// Which mistake a name near the right one stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NearbyKind {
    /// A record at `mta-sts.<domain>`, `_mta_sts.<domain>` or `_mta-sts.<domain>.<domain>`.
    RecordTypo,
    /// A record at the drafts' `_smtp-tlsrpt.<domain>`, or a like slip.
    TlsrptTypo,
    /// A policy host at `_mta-sts.<domain>`: its addresses.
    HostTypo,
    /// A record at the parent domain, where this one has none.
    Parent,
    /// A name that nobody publishes: whatever answers there is a DNS wildcard.
    Wildcard,
}
