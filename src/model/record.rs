//! The TXT records of one name as the RFCs read them (RFC 8461 §3.1, RFC 8460 §3): joined, those without the version
//! dropped, and the one that is left.

use super::tlsrpt::{Member, members, plain};
use crate::evidence::TxtRecord;
use crate::parse::record::{
    is_ext_value_octet, is_sts_text_record, is_tlsrpt_record, record, sts_id, tlsrpt_rua,
};
use crate::parse::{Field, RecordText, grammar};
use crate::span::{Notation, SourceMap, Span};
use alloc::borrow::Cow;
use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;

/// The most records of a name that are judged one by one. All are counted.
pub const MAX_RECORDS: usize = 64;

/// Which of the two records: they are read by the same rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Protocol {
    /// TXT at `_mta-sts` (RFC 8461 §3.1).
    Sts,
    /// TXT at `_smtp._tls` (RFC 8460 §3).
    Tlsrpt,
}

impl Protocol {
    /// What every record begins with. Senders drop those that do not.
    #[must_use]
    pub const fn prefix(self) -> &'static str {
        match self {
            Self::Sts => "v=STSv1;",
            Self::Tlsrpt => "v=TLSRPTv1;",
        }
    }

    /// The version field.
    #[must_use]
    pub fn version(self) -> &'static str {
        self.prefix().trim_end_matches(';')
    }

    /// The version without its number: `STSv`.
    pub(crate) fn version_word(self) -> &'static str {
        self.version().trim_start_matches("v=").trim_end_matches('1')
    }

    /// The field that every record must have.
    #[must_use]
    pub const fn required(self) -> &'static str {
        match self {
            Self::Sts => "id",
            Self::Tlsrpt => "rua",
        }
    }

    /// The labels before the policy domain.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Sts => "_mta-sts",
            Self::Tlsrpt => "_smtp._tls",
        }
    }
}

/// All TXT records of one name.
#[derive(Debug, Clone)]
pub struct RecordSet {
    /// Which record they should be.
    pub protocol: Protocol,
    records: Vec<Record>,
    /// Records beyond [`MAX_RECORDS`].
    beyond: usize,
    /// How many records are left once those without the version are dropped.
    left: usize,
}

/// One TXT record, its strings joined with nothing between.
#[derive(Debug, Clone)]
pub struct Record {
    protocol: Protocol,
    text: Vec<u8>,
    /// Where each string but the first begins in `text`.
    cuts: Vec<u32>,
    source: Option<SourceMap>,
    read: RecordText,
    /// Which of its fields is the first `id`, or the first `rua`.
    required: Option<usize>,
    /// What is wrong with each of the fields after the version.
    faults: Vec<Option<FieldFault>>,
    /// Which of those fields are a `rua`, each with where its members end in `members`.
    rua: Vec<(usize, usize)>,
    members: Vec<Member>,
    /// Whether the whole is what the grammar says.
    is_grammatical: bool,
    /// What a sender does with it.
    pub standing: Standing,
}

/// Whether a sender that follows the RFC looks at a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Standing {
    /// It begins with the version and a semicolon.
    Left,
    /// It is dropped, for the first of these reasons that fits.
    Dropped(Dropped),
}

/// Why a record is dropped: the near miss that fits first, in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Dropped {
    /// A quote character, and then somewhere the version.
    Quoted,
    /// White space before the version.
    LeadingWsp,
    /// The version and nothing else.
    VersionOnly,
    /// White space between the version and its semicolon: in the ABNF, and yet not the prefix.
    WspBeforeSemicolon,
    /// Another version number.
    VersionUnsupported,
    /// Another letter case.
    VersionCase,
    /// The version, joined with something else to what is around it.
    VersionMalformed,
    /// The version as a later field.
    VersionNotFirst,
    /// None of these.
    Unrelated,
}

/// What is wrong with the form of one field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FieldFault {
    /// Nothing between two delimiters.
    Empty,
    /// No `=`, white space before it, or a colon in the name.
    Malformed,
    /// A name the grammar refuses.
    Name,
    /// A value the grammar refuses, of a field other than the required one.
    Value,
    /// The value of the first `id`, or of a `rua`, is none.
    Required,
}

impl RecordSet {
    /// The records at `_mta-sts`.
    #[must_use]
    pub fn sts(records: &[TxtRecord]) -> Self {
        Self::of(Protocol::Sts, records)
    }

    /// The records at `_smtp._tls`.
    #[must_use]
    pub fn tlsrpt(records: &[TxtRecord]) -> Self {
        Self::of(Protocol::Tlsrpt, records)
    }

    /// The records of either name.
    #[must_use]
    pub fn of(protocol: Protocol, records: &[TxtRecord]) -> Self {
        let beyond = records.get(MAX_RECORDS..).unwrap_or_default();
        let records: Vec<Record> =
            records.iter().take(MAX_RECORDS).map(|record| Record::of(protocol, record)).collect();
        let left = records.iter().filter(|record| record.is_left()).count()
            + beyond.iter().filter(|r| r.strings.concat().starts_with(protocol.prefix().as_bytes())).count();
        Self { protocol, records, beyond: beyond.len(), left }
    }

    /// The records, at most [`MAX_RECORDS`] of them, in order.
    #[must_use]
    pub fn records(&self) -> &[Record] {
        &self.records
    }

    /// How many records there are beyond [`MAX_RECORDS`].
    #[must_use]
    pub const fn beyond(&self) -> usize {
        self.beyond
    }

    /// Whether there is no record at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    /// How many records begin with the version and a semicolon.
    #[must_use]
    pub const fn left(&self) -> usize {
        self.left
    }

    /// The one record that is left when those without the version are dropped, if it is one.
    #[must_use]
    pub fn only(&self) -> Option<&Record> {
        self.records.iter().find(|record| record.is_left()).filter(|_| self.left == 1)
    }

    /// Whether a sender that follows the RFC to the letter can use what is published: exactly one record is left, it
    /// matches the grammar, and its `id` or at least one of its `rua` URIs is usable.
    #[must_use]
    pub fn is_usable(&self) -> bool {
        self.only().is_some_and(Record::is_usable)
    }

    /// The policy id, if the set is usable.
    #[must_use]
    pub fn policy_id(&self) -> Option<&str> {
        let record = self.only().filter(|record| self.protocol == Protocol::Sts && record.is_usable())?;
        str::from_utf8(record.of_span(record.required()?.value())).ok()
    }

    /// The URIs that take reports, as written, if the set is usable. Of several `rua` fields all count.
    #[must_use]
    pub fn rua(&self) -> Vec<String> {
        let record = self.only().filter(|record| self.protocol == Protocol::Tlsrpt && record.is_usable());
        record.map_or_else(Vec::new, |record| {
            let uri = |member: &Member| String::from_utf8_lossy(record.of_span(member.span)).into_owned();
            record.members().iter().map(uri).collect()
        })
    }

    /// The place of a span of record `at` in the text it was read from; the span itself if there is no such text.
    #[must_use]
    pub fn place(&self, at: u16, span: Span) -> Span {
        self.records.get(usize::from(at)).map_or(span, |record| record.place(span))
    }
}

impl Record {
    fn of(protocol: Protocol, record: &TxtRecord) -> Self {
        let mut text = Vec::new();
        let mut cuts = Vec::new();
        for string in &record.strings {
            cuts.push(text.len() as u32);
            text.extend_from_slice(string);
        }
        cuts.drain(..cuts.len().min(1));
        let read = self::record(&text);
        let standing = standing(protocol, &text);
        let mut record = Self {
            protocol,
            text,
            cuts,
            source: record.source.clone(),
            read,
            required: None,
            faults: Vec::new(),
            rua: Vec::new(),
            members: Vec::new(),
            is_grammatical: false,
            standing,
        };
        record.required =
            record.fields().iter().position(|field| record.is_named(field, protocol.required()));
        record.judge();
        record
    }

    /// Judges the fields, once for all who ask.
    fn judge(&mut self) {
        let mut faults = Vec::new();
        for field in self.read.fields.get(1..).unwrap_or_default() {
            faults.push(self.fault_of(field));
        }
        self.faults = faults;
        self.is_grammatical = match self.protocol {
            Protocol::Sts => is_sts_text_record(&self.text),
            Protocol::Tlsrpt => is_tlsrpt_record(&self.text),
        };
        if self.protocol == Protocol::Tlsrpt {
            for at in 0..self.fields().len() {
                let field = self.fields()[at];
                if self.is_named(&field, self.protocol.required()) {
                    self.members.extend(members(&self.text, field.value()));
                    self.rua.push((at, self.members.len()));
                }
            }
        }
    }

    /// The joined octets.
    #[must_use]
    pub fn text(&self) -> &[u8] {
        &self.text
    }

    /// The bytes at a span of the joined octets.
    #[must_use]
    pub fn of_span(&self, span: Span) -> &[u8] {
        span.of(&self.text)
    }

    /// Where each string but the first begins in the joined octets.
    #[must_use]
    pub fn cuts(&self) -> &[u32] {
        &self.cuts
    }

    /// The strings, as spans of the joined octets.
    pub fn strings(&self) -> impl Iterator<Item = Span> + '_ {
        let starts = core::iter::once(0).chain(self.cuts.iter().copied());
        let ends = self.cuts.iter().copied().chain([self.text.len() as u32]);
        starts.zip(ends).map(|(start, end)| Span::new(start, end))
    }

    /// The first string of more than 255 octets (RFC 1035 §3.3).
    #[must_use]
    pub fn overlong(&self) -> Option<Span> {
        self.strings().find(|string| string.len() > 255)
    }

    /// Whether it was given as one value, which a provider's form may still cut into strings.
    #[must_use]
    pub fn is_value(&self) -> bool {
        self.is_pasted() && self.cuts.is_empty()
    }

    /// Whether it comes from a text that somebody gave, rather than from the DNS.
    #[must_use]
    pub const fn is_pasted(&self) -> bool {
        self.source.is_some()
    }

    /// The place of a span of the joined octets in the text it was read from; the span itself if there is no such text.
    #[must_use]
    pub fn place(&self, span: Span) -> Span {
        self.source.as_ref().map_or(span, |source| source.place(span))
    }

    /// The lines of the text it was read from that hold it and nothing else, with their line end.
    #[must_use]
    pub fn lines(&self) -> Option<Span> {
        self.source.as_ref().filter(|source| source.notation != Notation::Unclear).map(|source| source.lines)
    }

    /// Whether it was read from strings in quotes.
    #[must_use]
    pub fn is_quoted(&self) -> bool {
        self.source.as_ref().is_some_and(|source| source.notation == Notation::Quoted)
    }

    /// How the text it was read from writes `text`; `None` if that is not known.
    #[must_use]
    pub fn write(&self, text: &str) -> Option<String> {
        self.source.as_ref().map_or_else(|| Some(text.to_owned()), |source| source.write(text))
    }

    /// Whether it begins with the version and a semicolon.
    #[must_use]
    pub fn is_left(&self) -> bool {
        self.standing == Standing::Left
    }

    /// What lies beyond [`crate::parse::MAX_RECORD`] and was not read.
    #[must_use]
    pub const fn excess(&self) -> Span {
        self.read.excess
    }

    /// All fields, the version among them.
    #[must_use]
    pub fn all_fields(&self) -> &[Field] {
        &self.read.fields
    }

    /// The fields after the version. None unless the record is left.
    #[must_use]
    pub fn fields(&self) -> &[Field] {
        self.read.fields.get(1..).filter(|_| self.is_left()).unwrap_or_default()
    }

    /// The name of a field; empty if it has no equals sign.
    #[must_use]
    pub fn name(&self, field: &Field) -> &[u8] {
        self.of_span(field.name())
    }

    /// The value of a field.
    #[must_use]
    pub fn value(&self, field: &Field) -> &[u8] {
        self.of_span(field.value())
    }

    /// The fields of exactly this name.
    pub fn named<'r>(&'r self, name: &'r str) -> impl Iterator<Item = &'r Field> {
        self.fields().iter().filter(move |field| self.is_named(field, name))
    }

    fn is_named(&self, field: &Field, name: &str) -> bool {
        field.gap().is_empty() && !field.equals().is_empty() && self.name(field) == name.as_bytes()
    }

    /// The first `id`, or the first `rua`.
    #[must_use]
    pub fn required(&self) -> Option<&Field> {
        self.fields().get(self.required?)
    }

    /// The members of every `rua`, in order.
    #[must_use]
    pub fn members(&self) -> &[Member] {
        &self.members
    }

    /// Every `rua` of [`Record::fields`] with its members, in order.
    pub(crate) fn rua(&self) -> impl Iterator<Item = (&Field, &[Member])> {
        let mut start = 0;
        self.rua.iter().map(move |(at, end)| {
            let members = &self.members[start..*end];
            start = *end;
            (&self.fields()[*at], members)
        })
    }

    /// The members of the list at `value`.
    pub(crate) fn members_at(&self, value: Span) -> Cow<'_, [Member]> {
        let known = self.rua.partition_point(|(at, _)| self.fields()[*at].value().start < value.start);
        match self.rua.get(known) {
            Some((at, end)) if self.fields()[*at].value() == value => {
                let start = known.checked_sub(1).map_or(0, |before| self.rua[before].1);
                Cow::Borrowed(&self.members[start..*end])
            }
            _ => Cow::Owned(members(&self.text, value).collect()),
        }
    }

    /// Whether the whole is what the grammar says: `sts-text-record` (RFC 8461 §3.1) or `tlsrpt-record` (RFC 8460 §3).
    #[must_use]
    pub(crate) const fn is_grammatical(&self) -> bool {
        self.is_grammatical
    }

    /// What is wrong with the form of one of [`Record::fields`]. Octets outside ASCII are left out of account:
    /// they are a fault of their own, wherever they stand.
    #[must_use]
    pub fn fault(&self, field: &Field) -> Option<FieldFault> {
        let fields = self.read.fields.get(1..).unwrap_or_default();
        let at = fields.partition_point(|other| other.span().start < field.span().start);
        self.fault_at(at)
    }

    /// As [`Record::fault`], of the field at this place after the version.
    pub(crate) fn fault_at(&self, at: usize) -> Option<FieldFault> {
        self.faults.get(at).copied().flatten()
    }

    fn fault_of(&self, field: &Field) -> Option<FieldFault> {
        let (name, value) = (self.name(field), self.value(field));
        if field.content().is_empty() {
            return Some(FieldFault::Empty);
        }
        if field.equals().is_empty() || !field.gap().is_empty() || name.contains(&b':') {
            return Some(FieldFault::Malformed);
        }
        if !grammar::is_whole(grammar::ext_name, &plain(name)) {
            return Some(FieldFault::Name);
        }
        let is_first = || self.required().is_some_and(|first| first.span() == field.span());
        let fault = match self.protocol {
            Protocol::Sts if name == b"id" && is_first() => {
                (!grammar::is_whole(sts_id, &plain(value))).then_some(FieldFault::Required)
            }
            Protocol::Tlsrpt if name == b"rua" => {
                (!grammar::is_whole(tlsrpt_rua, &plain(value))).then_some(FieldFault::Required)
            }
            _ => {
                let fits = |b: &u8| is_ext_value_octet(*b) || !b.is_ascii();
                (value.is_empty() || !value.iter().all(fits)).then_some(FieldFault::Value)
            }
        };
        // What an id of letters alone would be too long for is counted in characters, not octets.
        fault.filter(|_| value.is_ascii() || !self.is_id_in_characters(name, value))
    }

    fn is_id_in_characters(&self, name: &[u8], value: &[u8]) -> bool {
        let text = String::from_utf8_lossy(value);
        self.protocol == Protocol::Sts
            && name == b"id"
            && text.chars().count() <= 32
            && text.chars().all(|c| c.is_ascii_alphanumeric() || !c.is_ascii())
    }

    fn is_usable(&self) -> bool {
        let of_all = |field: &Field| grammar::is_whole(tlsrpt_rua, self.value(field));
        self.is_left()
            && self.read.excess.is_empty()
            && (self.is_value() || self.overlong().is_none())
            && match self.protocol {
                Protocol::Sts => {
                    self.is_grammatical
                        && self.required().is_some_and(|id| grammar::is_whole(sts_id, self.value(id)))
                }
                Protocol::Tlsrpt => {
                    self.is_grammatical
                        && self.named("rua").all(of_all)
                        && self.members.iter().any(Member::is_usable)
                }
            }
    }
}

/// What a sender does with a record, and why it drops it.
fn standing(protocol: Protocol, text: &[u8]) -> Standing {
    if text.starts_with(protocol.prefix().as_bytes()) {
        return Standing::Left;
    }
    Standing::Dropped(dropped(protocol, &String::from_utf8_lossy(text)))
}

/// White space, and what looks like it or like nothing.
pub(crate) fn is_blank(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{FEFF}' | '\u{200B}'..='\u{200D}' | '\u{2060}')
}

/// A character that people or programs put around a value.
pub(crate) const fn is_quote(c: char) -> bool {
    matches!(c, '"' | '\'' | '`' | '\u{AB}' | '\u{BB}' | '\u{2018}'..='\u{201F}')
}

fn dropped(protocol: Protocol, text: &str) -> Dropped {
    let (prefix, version) = (protocol.prefix(), protocol.version());
    let visible = text.trim_matches(is_blank);
    let quoted = visible.strip_prefix('\\').unwrap_or(visible).strip_prefix(is_quote);
    let has_version = |text: &str| {
        let word = version.as_bytes();
        text.as_bytes().windows(word.len()).any(|part| part.eq_ignore_ascii_case(word))
    };
    if quoted.is_some_and(has_version) {
        return Dropped::Quoted;
    }
    if visible.starts_with(prefix) {
        return Dropped::LeadingWsp;
    }
    if visible.eq_ignore_ascii_case(version) {
        return if visible == version { Dropped::VersionOnly } else { Dropped::VersionCase };
    }
    if let Some(head) = Head::read(protocol, visible) {
        let rest = &visible[head.len..];
        return match head.number {
            "1" if head.is_joined && rest.starts_with(';') => Dropped::VersionCase,
            "1" if head.is_exact && rest.trim_start_matches([' ', '\t']).starts_with(';') => {
                Dropped::WspBeforeSemicolon
            }
            "1" => Dropped::VersionMalformed,
            _ => Dropped::VersionUnsupported,
        };
    }
    let is_version = |field: &str| field.trim_matches(is_blank).eq_ignore_ascii_case(version);
    if visible.split(';').skip(1).any(is_version) { Dropped::VersionNotFirst } else { Dropped::Unrelated }
}

/// The version at the start of a record, read as the eye reads it: `V = stsv1`.
pub(crate) struct Head<'a> {
    /// Its octets.
    pub(crate) len: usize,
    /// The number after `STSv`: digits, or digits with dots.
    pub(crate) number: &'a str,
    /// Whether `=` alone joins name and value.
    is_joined: bool,
    /// Whether the version is right, letter by letter.
    is_exact: bool,
}

impl<'a> Head<'a> {
    pub(crate) fn read(protocol: Protocol, text: &'a str) -> Option<Self> {
        let rest = text.strip_prefix(['v', 'V'])?;
        let joined = rest.strip_prefix('=');
        let rest = rest.trim_start_matches(is_blank).strip_prefix(['=', ':'])?.trim_start_matches(is_blank);
        let is_joined = joined == Some(rest);
        let (word, rest) = rest.split_at_checked(protocol.version_word().len())?;
        let number = rest.trim_start_matches(|c: char| c.is_ascii_digit());
        let number = match number.strip_prefix('.') {
            Some(more) if more.starts_with(|c: char| c.is_ascii_digit()) => {
                more.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.')
            }
            _ => number,
        };
        let (number, rest) = rest.split_at(rest.len() - number.len());
        if number.is_empty() || !word.eq_ignore_ascii_case(protocol.version_word()) {
            return None;
        }
        let len = text.len() - rest.len();
        Some(Self { len, number, is_joined, is_exact: &text[..len] == protocol.version() })
    }
}
