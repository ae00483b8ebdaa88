//! What named mail senders make of the same input: a table of traits, and one evaluator over the lossless parse.
//!
//! RFC 8461 says what a sender should do; this says what those in use do, as far as it is known: run, or read in their
//! source. [`ALL`] is the table, a row a sender; [`policy()`] and [`records()`] read a document as one of them would.

mod number;
mod policy;
mod record;
mod table;

use alloc::string::String;
use alloc::vec::Vec;
pub use policy::policy;
pub use record::records;
pub use table::ALL;

use crate::finding::Subject;
use crate::model::Mode;
use crate::span::Span;
use alloc::borrow::Cow;
use table::{Matching, PolicyTraits, RecordTraits};

/// One sender, or the library that senders read with.
#[derive(Debug)]
pub struct Sender {
    /// Its name in reports; never changed, never used again.
    pub id: &'static str,
    /// As people call it.
    pub name: &'static str,
    /// The version that was looked at.
    pub version: &'static str,
    /// What it is.
    pub kind: SenderKind,
    /// How its traits are known.
    pub known: Known,
    policy: Option<PolicyTraits>,
    record: Option<RecordTraits>,
    tlsrpt: Option<RecordTraits>,
}

/// What a row of the table is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SenderKind {
    /// A mail server.
    MailServer,
    /// A daemon that a mail server asks.
    PolicyDaemon,
    /// A library that mail servers use.
    Library,
    /// A validator, which delivers no mail.
    Validator,
}

/// How the traits of a sender are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Known {
    /// Its own reader was run on the inputs of `tests/senders/`.
    Run,
    /// Functions of its source were lifted out and run on them.
    Lifted,
}

/// The sender of this id.
#[must_use]
pub fn find(id: &str) -> Option<&'static Sender> {
    ALL.iter().find(|sender| sender.id == id)
}

/// A policy as one sender reads it.
#[derive(Debug, Clone)]
pub struct PolicyReading<'a> {
    /// What makes it refuse the policy, or read it otherwise than the RFC does, in order; each fault once.
    pub causes: Vec<Cause>,
    /// The mode it takes. Only of use if it applies the policy.
    pub mode: Mode,
    /// The lifetime it takes, in seconds.
    pub max_age: u64,
    /// The patterns it takes, in order.
    pub mx: Vec<Cow<'a, str>>,
}

/// The TXT records of one name as one sender reads them.
#[derive(Debug, Clone)]
pub struct RecordReading {
    /// What makes it refuse the records, or read them otherwise than the RFC does.
    pub causes: Vec<Cause>,
    /// The `id` it takes, or the URIs of `rua`; empty for a sender that does not look at them.
    pub values: Vec<String>,
}

/// A fault that makes a difference to one sender.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cause {
    /// The id of the rule about it.
    pub rule: &'static str,
    /// What it is in.
    pub subject: Subject,
    /// Where it stands.
    pub span: Option<Span>,
    /// Whether it makes the sender refuse the whole; otherwise it reads the whole differently.
    pub refuses: bool,
}

impl PolicyReading<'_> {
    /// Whether the sender applies the policy.
    #[must_use]
    pub fn is_applied(&self) -> bool {
        !self.causes.iter().any(|cause| cause.refuses)
    }
}

impl RecordReading {
    /// Whether the sender goes on to fetch the policy, or to report.
    #[must_use]
    pub fn is_applied(&self) -> bool {
        !self.causes.iter().any(|cause| cause.refuses)
    }
}

impl Sender {
    /// Whether it reads policies. Some libraries read only records.
    #[must_use]
    pub const fn reads_policies(&self) -> bool {
        self.policy.is_some()
    }

    /// Whether a policy with these patterns, as the sender reads them, lets its mail through to an MX host, by the names
    /// alone: RFC 8461 §4.1, or the sender's own way. `None` where the names in the host's certificate decide.
    ///
    /// ```
    /// let lets = |sender, host| mta_sts::senders::find(sender).unwrap().lets_through(&["*.example.com".into()], host);
    /// assert_eq!(lets("mox", "a.b.example.com"), Some(false)); // a wildcard stands for one label
    /// assert_eq!(lets("mailauth-lax", "a.b.example.com"), Some(true)); // for this one, for any number of them
    /// assert_eq!(lets("postfix-tlspol", "mx.example.net"), None); // Postfix does not look at this name
    /// ```
    #[must_use]
    pub fn lets_through(&self, patterns: &[Cow<'_, str>], host: &str) -> Option<bool> {
        let matching = self.policy?.matching;
        let host = host.strip_suffix('.').unwrap_or(host);
        let is_matched =
            patterns.iter().any(|pattern| matches(pattern, host, matching != Matching::OneLabel));
        // A certificate has the host's own name, if it is good at all.
        (is_matched || matching != Matching::Certificate).then_some(is_matched)
    }

    /// Whether it reads records at `_mta-sts`.
    #[must_use]
    pub const fn reads_records(&self) -> bool {
        self.record.is_some()
    }

    /// Whether it reads records at `_smtp._tls`.
    #[must_use]
    pub const fn reads_tlsrpt(&self) -> bool {
        self.tlsrpt.is_some()
    }
}

/// Whether a pattern matches a name; its wildcard stands for one label, or at any depth for one or more.
fn matches(pattern: &str, host: &str, any_depth: bool) -> bool {
    let Some(suffix) = pattern.strip_prefix('*').filter(|suffix| suffix.starts_with('.')) else {
        return pattern.eq_ignore_ascii_case(host);
    };
    let Some((labels, rest)) = host.len().checked_sub(suffix.len()).and_then(|at| host.split_at_checked(at))
    else {
        return false;
    };
    rest.eq_ignore_ascii_case(suffix) && !labels.is_empty() && (any_depth || !labels.contains('.'))
}

/// The causes found so far: of each fault the first that refuses, or else the first.
#[derive(Debug, Default)]
struct Causes(Vec<Cause>);

impl Causes {
    fn add(&mut self, cause: Cause) {
        match self.0.iter_mut().find(|known| known.rule == cause.rule) {
            None => self.0.push(cause),
            Some(known) if cause.refuses && !known.refuses => *known = cause,
            Some(_) => {}
        }
    }
}

/// What white space is to a sender.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Space {
    /// Spaces and tabs, as in the grammar.
    Wsp,
    /// That of ASCII.
    Ascii,
    /// Whatever Unicode calls white space.
    Unicode,
    /// The same and U+001C to U+001F (`str.strip`).
    Python,
    /// The same as Unicode's and U+FEFF, but U+0085 (ECMA-262, `String.prototype.trim`).
    JavaScript,
}

impl Space {
    fn has(self, c: char) -> bool {
        match self {
            Self::Wsp => matches!(c, ' ' | '\t'),
            Self::Ascii => c.is_ascii_whitespace(),
            Self::Unicode => c.is_whitespace(),
            Self::Python => c.is_whitespace() || matches!(c, '\u{1C}'..='\u{1F}'),
            Self::JavaScript => (c.is_whitespace() && c != '\u{85}') || c == '\u{FEFF}',
        }
    }

    fn trim(self, text: &[u8]) -> &[u8] {
        // Nearly every value begins and ends with what is space to nobody.
        let may_be_space = |byte: &u8| matches!(byte, b'\t'..=b'\r' | 0x1C..=b' ' | 0x80..);
        if !text.first().is_some_and(may_be_space) && !text.last().is_some_and(may_be_space) {
            return text;
        }
        match str::from_utf8(text) {
            Ok(text) => text.trim_matches(|c| self.has(c)).as_bytes(),
            Err(_) => text.trim_ascii(),
        }
    }
}
