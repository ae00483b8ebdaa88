//! What a rule found: where, how grave, and what to write instead.

use crate::rules::Gist;
use crate::span::Span;
use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;

/// What a finding means for mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing; nothing is at risk.
    Info,
    /// It works, but it protects less, or some senders choke on it, or it breaks at the next change.
    Warning,
    /// A sender that follows the RFC drops the policy or the record, or mail is refused.
    Error,
}

/// Which kind of fault it is. Three different things stay apart: what the grammar refuses,
/// what some senders refuse though the grammar takes it, and what is bad practice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Consequence {
    /// The text, record or reply is not what the RFC asks for: a sender that follows it applies no policy.
    Refused,
    /// The RFC allows it, or can be read to, yet senders in use refuse it or read it differently.
    Disputed,
    /// Applied as written, and mail to some host is refused, undeliverable or unprotected because of it.
    Delivery,
    /// It works and does what it says; there is a better way.
    Practice,
}

/// What a finding is about. A span counts bytes within it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Subject {
    /// The domain as it was typed.
    Domain,
    /// All TXT records at `_mta-sts`, or their absence.
    RecordSet,
    /// One TXT record at `_mta-sts`, by its place in the set; its strings joined.
    Record(u16),
    /// The policy host: its name, its addresses and its reply.
    PolicyHost,
    /// The text of the policy.
    Policy,
    /// The MX records, or their absence.
    Mx,
    /// All TXT records at `_smtp._tls`, or their absence.
    TlsrptSet,
    /// One TXT record at `_smtp._tls`, by its place in the set; its strings joined.
    Tlsrpt(u16),
}

impl Subject {
    /// Its place in the order in which a sender meets things.
    pub(crate) fn rank(self) -> u32 {
        // Sets hold fewer records than 2^16.
        let (stop, at) = match self {
            Self::Domain => (0, 0),
            Self::RecordSet => (1, 0),
            Self::Record(at) => (2, at),
            Self::PolicyHost => (3, 0),
            Self::Policy => (4, 0),
            Self::Mx => (5, 0),
            Self::TlsrptSet => (6, 0),
            Self::Tlsrpt(at) => (7, at),
        };
        stop << 16 | u32::from(at)
    }
}

/// One finding.
#[derive(Debug, Clone)]
pub struct Finding {
    /// The rule that found it; its id, reason and RFC section are there.
    pub rule: &'static Gist,
    /// Usually the rule's own.
    pub severity: Severity,
    /// Usually the rule's own.
    pub consequence: Consequence,
    /// What it is about.
    pub subject: Subject,
    /// The place to show, where there is a text to point at.
    pub span: Option<Span>,
    /// Further places of the same fault, in order.
    pub also: Vec<Span>,
    /// One line: what is wrong, with the reader's own value; present tense, no full stop.
    pub message: String,
    /// What to write instead, or to do. Usually the rule's own.
    pub instead: Cow<'static, str>,
    /// The remedy, where a machine can apply it.
    pub fix: Option<Fix>,
}

impl Finding {
    /// Sets the severity where it is not the rule's own.
    pub fn severity(&mut self, severity: Severity) -> &mut Self {
        self.severity = severity;
        self
    }

    /// Sets the kind of fault where it is not the rule's own.
    pub fn consequence(&mut self, consequence: Consequence) -> &mut Self {
        self.consequence = consequence;
        self
    }

    /// Says what to write instead, more closely than the rule does.
    pub fn instead(&mut self, instead: impl Into<Cow<'static, str>>) -> &mut Self {
        self.instead = instead.into();
        self
    }

    /// Adds further places of the same fault.
    pub fn also(&mut self, spans: impl IntoIterator<Item = Span>) -> &mut Self {
        self.also.extend(spans);
        self
    }

    /// Adds the remedy.
    pub fn fix(&mut self, fix: Fix) -> &mut Self {
        self.fix = Some(fix);
        self
    }

    /// Whether a sender that follows the RFC cannot use what this is about.
    #[must_use]
    pub fn refuses(&self) -> bool {
        self.severity == Severity::Error && self.consequence == Consequence::Refused
    }
}

/// How sure a remedy is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Applicability {
    /// It keeps the meaning.
    Safe,
    /// It guesses the meaning.
    Likely,
}

/// A remedy a machine can apply: edits that belong together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// How sure it is.
    pub applicability: Applicability,
    /// The edits, in order of place; they do not overlap.
    pub edits: Vec<Edit>,
}

impl Fix {
    /// A fix that keeps the meaning.
    pub fn safe(edits: impl IntoIterator<Item = Edit>) -> Self {
        Self { applicability: Applicability::Safe, edits: edits.into_iter().collect() }
    }

    /// A fix that guesses the meaning.
    pub fn likely(edits: impl IntoIterator<Item = Edit>) -> Self {
        Self { applicability: Applicability::Likely, edits: edits.into_iter().collect() }
    }
}

/// Replaces one span by a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// What goes; empty to insert.
    pub span: Span,
    /// What comes; empty to delete.
    pub text: Cow<'static, str>,
}

impl Edit {
    /// Puts `text` in place of `span`.
    pub fn replace(span: Span, text: impl Into<Cow<'static, str>>) -> Self {
        Self { span, text: text.into() }
    }

    /// Deletes `span`.
    #[must_use]
    pub fn delete(span: Span) -> Self {
        Self { span, text: Cow::Borrowed("") }
    }

    /// Inserts `text` before the byte at `at`.
    pub fn insert(at: u32, text: impl Into<Cow<'static, str>>) -> Self {
        Self { span: Span::point(at), text: text.into() }
    }
}

impl IntoIterator for Edit {
    type Item = Self;
    type IntoIter = core::iter::Once<Self>;
    fn into_iter(self) -> Self::IntoIter {
        core::iter::once(self)
    }
}
