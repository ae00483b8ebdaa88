//! The TXT records of one name as one sender reads them.

use super::table::{Fields, Id, Octets, RecordTraits, Repeats, Rua, Select};
use super::{Cause, Causes, RecordReading, Sender, Space};
use crate::evidence::TxtRecord;
use crate::finding::Subject;
use crate::model::tlsrpt::UriFault;
use crate::model::{Dropped, FieldFault, Protocol, Record, RecordSet, Standing, Target};
use crate::parse::{Field, grammar::is_wsp};
use crate::quote::lossy;
use crate::span::Span;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

/// Reads the TXT records of one name as `sender` does; `None` if it does not read records of this name.
#[must_use]
pub fn records(sender: &'static Sender, set: &RecordSet) -> Option<RecordReading> {
    let traits = match set.protocol {
        Protocol::Sts => sender.record.as_ref(),
        Protocol::Tlsrpt => sender.tlsrpt.as_ref(),
    }?;
    let mut eye = Eye { traits, protocol: set.protocol, causes: Causes::default(), values: Vec::new() };
    match spaced(set, traits) {
        Some(spaced) => eye.read(&spaced),
        None => eye.read(set),
    }
    Some(RecordReading { causes: eye.causes.0, values: eye.values })
}

/// The records with spaces for all that is white space to a sender, and none at their end; places stay what they are.
/// `None` if that changes nothing.
fn spaced(set: &RecordSet, traits: &RecordTraits) -> Option<RecordSet> {
    let space = traits.space;
    let is_plain = |record: &Record| record.text().iter().all(|b| matches!(b, b'!'..=b'~' | b' ' | b'\t'));
    let ends = |record: &Record| record.text().last().is_some_and(|b| is_wsp(*b));
    if space == Space::Wsp || set.records().iter().all(|record| is_plain(record) && !ends(record)) {
        return None;
    }
    let plain = |record: &Record| {
        if traits.octets == Octets::Ascii && !record.text().is_ascii() {
            return TxtRecord::of(vec![record.text().to_vec()]);
        }
        let mut text = Vec::with_capacity(record.text().len());
        for chunk in record.text().utf8_chunks() {
            for c in chunk.valid().chars() {
                if space.has(c) {
                    text.resize(text.len() + c.len_utf8(), b' ');
                } else {
                    text.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
                }
            }
            text.extend_from_slice(chunk.invalid());
        }
        text.truncate(text.trim_ascii_end().len());
        TxtRecord::of(vec![text])
    };
    Some(RecordSet::of(set.protocol, &set.records().iter().map(plain).collect::<Vec<_>>()))
}

/// A sender, reading.
struct Eye {
    traits: &'static RecordTraits,
    protocol: Protocol,
    causes: Causes,
    values: Vec<String>,
}

impl Eye {
    /// Adds a fault; `rule` is its id without `txt-` or `rpt-`.
    fn cause(&mut self, rule: Fault, record: Option<usize>, span: Option<Span>, refuses: bool) {
        let at = |record: usize| match self.protocol {
            Protocol::Sts => Subject::Record(record as u16),
            Protocol::Tlsrpt => Subject::Tlsrpt(record as u16),
        };
        let whole = match self.protocol {
            Protocol::Sts => Subject::RecordSet,
            Protocol::Tlsrpt => Subject::TlsrptSet,
        };
        let subject = record.map_or(whole, at);
        self.causes.add(Cause { rule: rule.id(self.protocol), subject, span, refuses });
    }

    fn read(&mut self, set: &RecordSet) {
        if set.is_empty() {
            self.cause(Fault::Missing, None, None, true);
            return;
        }
        if self.traits.select == Select::Joined {
            return self.joined(set);
        }
        let chosen: Vec<usize> =
            (0..set.records().len()).filter(|at| self.looks_at(&set.records()[*at], set)).collect();
        match chosen[..] {
            [] => {
                for (at, record) in set.records().iter().enumerate() {
                    self.cause(Self::why_dropped(record), Some(at), None, true);
                }
            }
            [only] => self.fields(only, &set.records()[only]),
            [first, ..] if self.traits.several => self.fields(first, &set.records()[first]),
            [_, second, ..] => {
                // Of two that the sender takes for records of the protocol, the RFC may drop one.
                let dropped = chosen.iter().copied().find(|at| !set.records()[*at].is_left());
                match dropped.filter(|_| set.left() < 2) {
                    Some(at) => self.cause(Self::why_dropped(&set.records()[at]), Some(at), None, true),
                    None => self.cause(Fault::Multiple, Some(second), None, true),
                }
            }
        }
        if self.traits.select == Select::Only && set.records().len() > 1 {
            let other = set.records().iter().position(|record| !record.is_left());
            match other {
                Some(at) => self.cause(Self::why_dropped(&set.records()[at]), Some(at), None, true),
                None => self.cause(Fault::Multiple, Some(1), None, true),
            }
        }
    }

    /// Reads all records as one, which is what some senders make of them.
    fn joined(&mut self, set: &RecordSet) {
        let text: Vec<u8> = set.records().iter().flat_map(|record| record.text().iter().copied()).collect();
        let whole = RecordSet::of(self.protocol, &[TxtRecord::of(vec![text])]);
        self.fields(0, &whole.records()[0]);
        if let [_, second, ..] = set.records() {
            // Places in the joined text are none of any record.
            for cause in &mut self.causes.0 {
                cause.span = None;
            }
            let rule = if set.left() > 1 { Fault::Multiple } else { Self::why_dropped(second) };
            // The joined text may have a fault that none of the records has.
            let refuses = self.causes.0.iter().any(|cause| cause.refuses);
            self.cause(rule, Some(1), None, refuses);
        }
    }

    /// Whether the sender takes a record for one of the protocol.
    fn looks_at(&self, record: &Record, set: &RecordSet) -> bool {
        let is_read = match self.traits.octets {
            Octets::Any => true,
            Octets::Ascii => record.text().is_ascii(),
            Octets::Utf8 => str::from_utf8(record.text()).is_ok(),
        };
        if !is_read {
            return false;
        }
        let loose = self.traits.loose_names;
        let text = if loose { record.text().trim_ascii_start() } else { record.text() };
        let version = self.protocol.version().as_bytes();
        let rest = text.get(version.len()..).filter(|_| {
            let head = &text[..version.len()];
            head == version || (self.traits.version_any_case && head.eq_ignore_ascii_case(version))
        });
        match self.traits.select {
            Select::Version if rest.is_none() && loose && self.protocol == Protocol::Tlsrpt => {
                // `v = TLSRPTv1`
                let first = record.all_fields().iter().find(|field| !field.content().is_empty());
                first.is_some_and(|field| self.is_version(record, field))
            }
            Select::Version => rest.is_some_and(|rest| rest.iter().find(|b| !is_wsp(**b)) == Some(&b';')),
            Select::Prefix => rest.is_some_and(|rest| rest.starts_with(b";")),
            Select::Head => rest.is_some(),
            Select::AnyField => {
                // Of several, those count that can be read.
                let is_readable = || self.version(record).is_some() && !self.required(record).is_empty();
                set.records().len() == 1 || is_readable()
            }
            Select::Only | Select::Joined => true,
        }
    }

    /// The last field that is the version, if it is the one that counts.
    fn version<'r>(&self, record: &'r Record) -> Option<&'r Field> {
        let last = record.all_fields().iter().rfind(|field| self.is_named(record, field, b"v"))?;
        self.is_version(record, last).then_some(last)
    }

    fn is_version(&self, record: &Record, field: &Field) -> bool {
        let (_, version) = self.protocol.version().split_once('=').unwrap_or_default();
        let value = self.value(record, field);
        self.is_named(record, field, b"v")
            && (value == version.as_bytes()
                || (self.traits.version_any_case && value.eq_ignore_ascii_case(version.as_bytes())))
    }

    /// Whether a field has this name, as the sender reads names.
    fn is_named(&self, record: &Record, field: &Field, name: &[u8]) -> bool {
        let (found, loose) = (record.name(field), self.traits.loose_names);
        let is_it = found == name || (loose && found.eq_ignore_ascii_case(name));
        is_it && !field.equals().is_empty() && (loose || field.gap().is_empty())
    }

    /// The value of a field, as the sender reads values.
    fn value<'r>(&self, record: &'r Record, field: &Field) -> &'r [u8] {
        let value = record.value(field);
        if self.traits.loose_names { value.trim_ascii_start() } else { value }
    }

    fn why_dropped(record: &Record) -> Fault {
        match record.standing {
            Standing::Left if !record.text().is_ascii() => Fault::NonAscii,
            Standing::Left => Fault::DupField,
            Standing::Dropped(dropped) => Fault::Dropped(dropped),
        }
    }

    fn fields(&mut self, at: usize, record: &Record) {
        let all = record.all_fields();
        let traits = self.traits;
        match traits.fields {
            Fields::NotRead => return,
            Fields::Any => {}
            Fields::Grammar => self.by_grammar(at, record),
            Fields::OneEquals | Fields::SomeEquals => {
                for field in all.iter().filter(|field| !field.content().is_empty()) {
                    let equals = record.of_span(field.content()).split(|b| *b == b'=').count() - 1;
                    let span = Some(field.content());
                    if equals == 0 {
                        self.cause(Fault::MalformedField, Some(at), span, true);
                    } else if equals > 1 && traits.fields == Fields::OneEquals {
                        self.cause(Fault::ExtValue, Some(at), span, true);
                    }
                }
                if let Some(last) = all.last().filter(|_| traits.fields == Fields::SomeEquals) {
                    let space = record.of_span(last.delim()).iter().rev().take_while(|b| is_wsp(**b)).count();
                    if space > 0 && last.delim().end as usize == record.text().len() {
                        let end = last.delim().end;
                        self.cause(Fault::FinalWsp, Some(at), Some(Span::new(end - space as u32, end)), true);
                    }
                }
            }
        }
        if traits.last_version && self.version(record).is_none() {
            let later = all.iter().skip(1).rfind(|field| self.is_named(record, field, b"v"));
            match later {
                Some(field) => self.cause(Fault::DupVersion, Some(at), Some(field.content()), true),
                None => self.cause(Self::why_dropped(record), Some(at), None, true),
            }
        }
        match self.protocol {
            Protocol::Sts => self.id(at, record),
            Protocol::Tlsrpt => self.rua(at, record),
        }
    }

    /// Whether the record is what the grammar says, and if not, what is wrong with it.
    fn by_grammar(&mut self, at: usize, record: &Record) {
        if record.is_grammatical() {
            return;
        }
        let all = record.all_fields();
        for (place, field) in all.get(1..).unwrap_or_default().iter().enumerate() {
            let fault = match record.fault_at(place) {
                None => continue,
                Some(FieldFault::Empty) => Fault::EmptyField,
                Some(FieldFault::Malformed) => Fault::MalformedField,
                Some(FieldFault::Name) => Fault::ExtName,
                Some(FieldFault::Value) => Fault::ExtValue,
                // The value is judged by itself.
                Some(FieldFault::Required) => continue,
            };
            self.cause(fault, Some(at), Some(field.content()), true);
        }
        if let Some(last) = all.last().filter(|field| !field.trailing().is_empty()) {
            self.cause(Fault::TrailingWsp, Some(at), Some(last.trailing()), true);
        }
        if let Some(odd) = record.text().iter().position(|b| !b.is_ascii()) {
            self.cause(Fault::NonAscii, Some(at), Some(Span::new(odd as u32, odd as u32 + 1)), true);
        }
    }

    /// The fields of the required name, by this sender's reading of names.
    fn required<'r>(&self, record: &'r Record) -> Vec<&'r Field> {
        let name = self.protocol.required().as_bytes();
        record.all_fields().iter().filter(|field| self.is_named(record, field, name)).collect()
    }

    fn id(&mut self, at: usize, record: &Record) {
        let ids = self.required(record);
        let (Some(first), Some(last)) = (ids.first(), ids.last()) else {
            return self.cause(Fault::MissingRequired, Some(at), None, true);
        };
        let taken = match self.traits.repeats {
            // Who asks for no more than that an id is not empty passes over those that are.
            Repeats::First { .. } if self.traits.id == Id::NotEmpty => {
                ids.iter().find(|id| !self.value(record, id).is_empty()).unwrap_or(first)
            }
            Repeats::First { .. } => first,
            Repeats::Last { .. } => last,
            Repeats::Refused => {
                if let Some(second) = ids.get(1) {
                    self.cause(Fault::DupField, Some(at), Some(second.content()), true);
                }
                first
            }
        };
        let value = self.value(record, taken);
        if value != self.value(record, first) {
            self.cause(Fault::DupField, Some(at), Some(taken.content()), false);
        }
        let is_syntax = match self.traits.id {
            Id::Grammar => !value.is_empty() && value.iter().all(u8::is_ascii_alphanumeric),
            Id::NotEmpty => !value.is_empty(),
            Id::AtMost32 | Id::Any => true,
        };
        let is_too_long = matches!(self.traits.id, Id::Grammar | Id::AtMost32) && value.len() > 32;
        if !is_syntax {
            self.cause(Fault::IdSyntax, Some(at), Some(taken.value()), true);
        } else if is_too_long {
            self.cause(Fault::IdTooLong, Some(at), Some(taken.value()), true);
        }
        self.values.push(String::from_utf8_lossy(value).into_owned());
    }

    fn rua(&mut self, at: usize, record: &Record) {
        let fields = self.required(record);
        if fields.is_empty() {
            return self.cause(Fault::MissingRequired, Some(at), None, true);
        }
        // Of several fields some senders take all, some the first, some the last.
        let taken = if self.traits.rua == Rua::LeadingGood { &fields[..1] } else { &fields[..] };
        if fields.len() > 1 && matches!(self.traits.rua, Rua::LeadingGood | Rua::Begins) {
            self.cause(Fault::DupField, Some(at), Some(fields[1].content()), false);
        }
        for field in taken {
            if self.traits.rua == Rua::Begins {
                self.values.clear();
            }
            let value = field.value();
            let value = Span::new(value.end - self.value(record, field).len() as u32, value.end);
            self.members(at, record, value);
        }
        // What is left out to the last leaves nobody to report to.
        if self.values.is_empty() {
            self.cause(Fault::RuaSyntax, Some(at), Some(fields[0].content()), true);
        }
    }

    fn members(&mut self, at: usize, record: &Record, value: Span) {
        for member in record.members_at(value).iter() {
            let text = lossy(record.of_span(member.span));
            let scheme = ["mailto:", "https:"].into_iter().find(|scheme| {
                text.get(..scheme.len()).is_some_and(|head| head.eq_ignore_ascii_case(scheme))
            });
            let by_grammar = match member.kind {
                Ok(Target::Mail | Target::Https) => None,
                Ok(_) if self.traits.rua == Rua::TwoSchemes => Some(Fault::RuaScheme),
                Ok(_) => None,
                Err(UriFault::Exclamation(_)) => Some(Fault::RuaUnencoded),
                Err(_) => Some(Fault::RuaSyntax),
            };
            let by_scheme = match (scheme, member.kind) {
                (Some(scheme), _) if text.len() > scheme.len() => None,
                (Some(_), _) => Some(Fault::RuaScheme),
                (None, Ok(_)) => Some(Fault::RuaScheme),
                (None, Err(_)) => Some(Fault::RuaSyntax),
            };
            let (fault, refuses) = match self.traits.rua {
                Rua::Grammar | Rua::TwoSchemes => (by_grammar, true),
                Rua::Begins => (by_scheme, true),
                Rua::LeadingGood => (by_scheme, false),
            };
            if self.traits.rua == Rua::Begins && member.span.is_empty() {
                continue; // nothing between two commas
            }
            if let Some(fault) = fault {
                self.cause(fault, Some(at), Some(member.span), refuses);
                match self.traits.rua {
                    Rua::LeadingGood => break,
                    _ => continue,
                }
            }
            let is_lowered = |scheme: &&str| match self.traits.rua {
                Rua::Grammar | Rua::TwoSchemes => false,
                Rua::Begins => *scheme == "mailto:",
                Rua::LeadingGood => true,
            };
            let value = match scheme.filter(is_lowered) {
                Some(scheme) => [scheme, &text[scheme.len()..]].concat(),
                None => text.into_owned(),
            };
            self.values.push(value);
        }
    }
}

/// What is wrong with a record, for either protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    Missing,
    Multiple,
    Dropped(Dropped),
    MissingRequired,
    IdSyntax,
    IdTooLong,
    DupField,
    DupVersion,
    EmptyField,
    MalformedField,
    ExtName,
    ExtValue,
    TrailingWsp,
    FinalWsp,
    NonAscii,
    RuaSyntax,
    RuaUnencoded,
    RuaScheme,
}

impl Fault {
    /// The id of the rule about it.
    fn id(self, protocol: Protocol) -> &'static str {
        let [sts, tlsrpt] = match self {
            Self::Missing => ["txt-missing", "rpt-missing"],
            Self::Multiple => ["txt-multiple", "rpt-multiple"],
            Self::Dropped(dropped) => match dropped {
                Dropped::Quoted => ["txt-quoted", "rpt-quoted"],
                Dropped::LeadingWsp => ["txt-leading-wsp", "rpt-leading-wsp"],
                Dropped::VersionOnly => ["txt-version-only", "rpt-version-only"],
                Dropped::WspBeforeSemicolon => ["txt-wsp-before-first-semicolon", "rpt-version-malformed"],
                Dropped::VersionUnsupported => ["txt-version-unsupported", "rpt-version-unsupported"],
                Dropped::VersionCase => ["txt-version-case", "rpt-version-case"],
                Dropped::VersionMalformed => ["txt-version-malformed", "rpt-version-malformed"],
                Dropped::VersionNotFirst => ["txt-version-not-first", "rpt-version-not-first"],
                Dropped::Unrelated => ["txt-unrelated", "rpt-unrelated"],
            },
            Self::MissingRequired => ["txt-missing-id", "rpt-missing-rua"],
            Self::IdSyntax => ["txt-id-syntax", "rpt-rua-syntax"],
            Self::IdTooLong => ["txt-id-too-long", "rpt-rua-syntax"],
            Self::DupField => ["txt-dup-field", "rpt-dup-rua"],
            Self::DupVersion => ["txt-dup-field", "rpt-unknown-field"],
            Self::EmptyField => ["txt-empty-field", "rpt-empty-field"],
            Self::MalformedField => ["txt-malformed-field", "rpt-malformed-field"],
            Self::ExtName => ["txt-ext-name", "rpt-ext-name"],
            Self::ExtValue => ["txt-ext-value", "rpt-ext-value"],
            Self::TrailingWsp => ["txt-trailing-wsp", "rpt-trailing-wsp"],
            Self::FinalWsp => ["txt-final-wsp", "rpt-trailing-wsp"],
            Self::NonAscii => ["txt-non-ascii", "rpt-non-ascii"],
            Self::RuaSyntax => ["txt-id-syntax", "rpt-rua-syntax"],
            Self::RuaUnencoded => ["txt-id-syntax", "rpt-rua-unencoded"],
            Self::RuaScheme => ["txt-id-syntax", "rpt-rua-scheme"],
        };
        match protocol {
            Protocol::Sts => sts,
            Protocol::Tlsrpt => tlsrpt,
        }
    }
}
