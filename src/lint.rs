//! Texts that somebody gives instead of a domain: a file, a paste, a draft. No network.

use crate::evidence::{Evidence, Lookup, MxRecord, Reply, Seen, TxtRecord};
use crate::model::Domain;
use crate::parse::paste::{Paste, PastedRecord, TextKind, tell_apart};
use crate::report::{OffsetUnit, Report};
use crate::review::{Layout, review_as};
use crate::rules::MAX_PER_RULE;
use alloc::borrow::ToOwned;
use alloc::vec::Vec;

/// What is known beside the text.
#[derive(Debug, Clone, Default)]
pub struct LintOptions {
    /// What the text is; without it that is told from the text.
    pub kind: Option<TextKind>,
    /// The policy domain.
    pub domain: Option<Domain>,
    /// The MX hosts, for their coverage by the policy. An empty list means that the domain has no MX record.
    pub mx: Option<Vec<MxRecord>>,
}

/// A draft of all that a domain publishes, each part as somebody would write it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Draft<'a> {
    /// The text of the policy.
    pub policy: Option<&'a [u8]>,
    /// The TXT records at `_mta-sts`, one a line.
    pub record: Option<&'a [u8]>,
    /// The TXT records at `_smtp._tls`, one a line.
    pub tlsrpt: Option<&'a [u8]>,
}

/// Judges a text: a policy, records, or both, told apart by what they look like. Never fails.
///
/// ```
/// use mta_sts::{LintOptions, OffsetUnit, lint};
/// let report = lint(b"version: STSv1\nmode: enforced\nmx: mx.example.com\nmax_age: 86400\n",
///     &LintOptions::default(), OffsetUnit::Bytes);
/// let finding = &report.findings[0];
/// assert_eq!(finding.id, "pol-mode-invalid");
/// assert_eq!(finding.span.map(|place| (place.line, place.column)), Some((2, 7)));
/// assert_eq!(finding.instead, "write `mode: enforce`");
/// ```
#[must_use]
pub fn lint(text: &[u8], options: &LintOptions, unit: OffsetUnit) -> Report {
    lint_up_to(text, options, unit, MAX_PER_RULE)
}

/// As [`lint`], with at most `limit` findings of each rule.
pub(crate) fn lint_up_to(text: &[u8], options: &LintOptions, unit: OffsetUnit, limit: usize) -> Report {
    let paste = match options.kind {
        Some(kind) => Paste::of_kind(text, kind),
        None => tell_apart(text),
    };
    let mut evidence = given(options.domain.as_ref(), options.mx.as_deref());
    let mut layout = Layout { record: Some(text), tlsrpt: Some(text), ..Layout::default() };
    if let Some(range) = paste.policy {
        layout.policy = Some((text, range.start));
        evidence.policy = Seen::Yes(Reply::given(range.of(text)));
    }
    if evidence.domain.is_none() {
        // The owner name of a pasted record says whose it is.
        evidence.domain =
            paste.records.iter().find_map(PastedRecord::domain).and_then(|name| Domain::read(name).ok());
    }
    take_records(&mut evidence, paste.records, options.kind);
    review_as(&evidence, &layout, unit, limit)
}

/// Judges a draft: each part by itself, and what they make together.
#[must_use]
pub fn review_draft(draft: Draft<'_>, options: &LintOptions, unit: OffsetUnit) -> Report {
    let (evidence, layout) = draft.read(options.domain.as_ref(), options.mx.as_deref());
    review_as(&evidence, &layout, unit, MAX_PER_RULE)
}

impl<'a> Draft<'a> {
    /// The draft as evidence, and the texts its documents lie in.
    pub(crate) fn read(self, domain: Option<&Domain>, mx: Option<&[MxRecord]>) -> (Evidence, Layout<'a>) {
        let mut evidence = given(domain, mx);
        let mut layout = Layout { record: self.record, tlsrpt: self.tlsrpt, ..Layout::default() };
        if let Some(text) = self.policy {
            layout.policy = Some((text, 0));
            evidence.policy = Seen::Yes(Reply::given(text));
        }
        for (text, kind) in [(self.record, TextKind::Record), (self.tlsrpt, TextKind::Tlsrpt)] {
            if let Some(text) = text {
                take_records(&mut evidence, Paste::of_kind(text, kind).records, Some(kind));
            }
        }
        (evidence, layout)
    }
}

/// Judges a record set as the DNS gives it.
#[must_use]
pub fn lint_records(records: &[TxtRecord], kind: TextKind, unit: OffsetUnit) -> Report {
    let mut evidence = Evidence::default();
    let set = Seen::Yes(Lookup::given("", records.to_vec()));
    match kind {
        TextKind::Tlsrpt => evidence.tlsrpt = set,
        TextKind::Record | TextKind::Policy => evidence.record = set,
    }
    review_as(&evidence, &Layout::default(), unit, MAX_PER_RULE)
}

/// What is known beside the text, as evidence.
fn given(domain: Option<&Domain>, mx: Option<&[MxRecord]>) -> Evidence {
    let name = domain.map_or("", Domain::as_str);
    let mx = mx.map(|records| Seen::Yes(Lookup::given(name, records.to_vec())));
    Evidence { domain: domain.cloned(), mx: mx.unwrap_or_default(), ..Evidence::default() }
}

/// Adds the records to the evidence, each to the set of its kind. A kind that was asked for is there even if it is empty.
fn take_records(evidence: &mut Evidence, records: Vec<PastedRecord>, asked: Option<TextKind>) {
    let (sts, tlsrpt): (Vec<_>, Vec<_>) =
        records.into_iter().partition(|record| record.kind == TextKind::Record);
    let set = |records: Vec<PastedRecord>, kind: TextKind| {
        let records: Vec<TxtRecord> = records.into_iter().map(|record| record.record).collect();
        (asked == Some(kind) || !records.is_empty()).then(|| Seen::Yes(Lookup::given("", records)))
    };
    if let Some(set) = set(sts, TextKind::Record) {
        evidence.record = set;
    }
    if let Some(set) = set(tlsrpt, TextKind::Tlsrpt) {
        evidence.tlsrpt = set;
    }
}

/// Reads a list of MX hosts as people write it: one a line or parted by commas, each with or without a preference, or
/// as lines of a zone file. A dot alone is a null MX.
///
/// ```
/// let mx = mta_sts::mx_list("10 mx1.example.com., mx2.example.com\nexample.com. 300 IN MX 20 mx3.example.com.");
/// let hosts: Vec<(u16, &str)> = mx.iter().map(|mx| (mx.preference, &*mx.host)).collect();
/// assert_eq!(hosts, [(10, "mx1.example.com"), (0, "mx2.example.com"), (20, "mx3.example.com")]);
/// ```
#[must_use]
pub fn mx_list(text: &str) -> Vec<MxRecord> {
    let entries = text.split(['\n', '\r', ',', ';']).take(MAX_MX_GIVEN);
    let entry = |entry: &str| {
        let mut words = entry.split_whitespace().rev();
        let host = words.next()?;
        let preference = words.next().and_then(|word| word.parse().ok()).unwrap_or(0);
        let host = host.strip_suffix('.').unwrap_or(host);
        // Patterns are compared with A-labels; what is no name is kept as it is, for a rule to tell.
        let host = Domain::to_a_labels(host).unwrap_or_else(|| host.to_owned());
        Some(MxRecord { preference, host })
    };
    entries.filter_map(entry).collect()
}

/// The most MX hosts that are taken from a list.
const MAX_MX_GIVEN: usize = 1_000;
