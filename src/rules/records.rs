//! What the rules of the two TXT records have in common.

use super::Example;
use crate::finding::{Edit, Subject};
use crate::model::{FieldFault, Protocol, Record, RecordSet};
use crate::parse::Field;
use crate::span::Span;
use alloc::vec::Vec;
use core::fmt::{self, Display, Formatter};

/// The section that says how a record is read.
pub(super) const fn rfc(protocol: Protocol) -> &'static str {
    match protocol {
        Protocol::Sts => "RFC 8461 §3.1",
        Protocol::Tlsrpt => "RFC 8460 §3",
    }
}

/// The example that belongs to the protocol.
pub(super) const fn example(protocol: Protocol, sts: &'static str, tlsrpt: &'static str) -> Example {
    match protocol {
        Protocol::Sts => Example::Record(sts),
        Protocol::Tlsrpt => Example::Tlsrpt(tlsrpt),
    }
}

/// A record without a fault.
pub(super) const fn good(protocol: Protocol) -> Example {
    example(protocol, "v=STSv1; id=20240315T120000", "v=TLSRPTv1; rua=mailto:tls-reports@example.com")
}

/// Record `at` of a set.
pub(super) fn subject(set: &RecordSet, at: usize) -> Subject {
    match set.protocol {
        Protocol::Sts => Subject::Record(at as u16),
        Protocol::Tlsrpt => Subject::Tlsrpt(at as u16),
    }
}

/// The set as a whole.
pub(super) const fn whole(set: &RecordSet) -> Subject {
    match set.protocol {
        Protocol::Sts => Subject::RecordSet,
        Protocol::Tlsrpt => Subject::TlsrptSet,
    }
}

/// The records that begin with the version: the ones whose fields are judged.
// A list, not an iterator: a dozen rules each with its own copy of an iterator's code is more to download.
#[inline(never)]
pub(super) fn left(set: &RecordSet) -> Vec<(Subject, &Record)> {
    let left = set.records().iter().enumerate().filter(|(_, record)| record.is_left());
    left.map(|(at, record)| (subject(set, at), record)).collect()
}

/// A field at its place among the fields of a record that is left.
pub(super) type Faulty<'r> = (Subject, &'r Record, usize, &'r Field);

/// The fields with this fault, in all records that are left.
#[inline(never)]
pub(super) fn faulty(set: &RecordSet, fault: FieldFault) -> Vec<Faulty<'_>> {
    let mut list = Vec::new();
    for (subject, record) in left(set) {
        for (at, field) in record.fields().iter().enumerate() {
            if record.fault_at(at) == Some(fault) {
                list.push((subject, record, at, field));
            }
        }
    }
    list
}

/// Takes field `at` away, with the delimiter that parts it from the one before.
pub(super) fn without(record: &Record, at: usize) -> Edit {
    let before = record.all_fields()[at].delim();
    let field = record.fields()[at];
    // The semicolon that follows the version belongs to it.
    if at == 0 {
        return Edit::delete(field.span());
    }
    Edit::delete(Span::new(before.start, field.delim().start))
}

/// The delimiter before field `at`.
pub(super) fn delim_before(record: &Record, at: usize) -> Span {
    record.all_fields()[at].delim()
}

/// The first ASCII character of `value` that `fits` does not take.
pub(super) fn first_misfit(value: &[u8], fits: impl Fn(u8) -> bool) -> Option<(u32, char)> {
    let at = value.iter().position(|b| b.is_ascii() && !fits(*b))?;
    Some((at as u32, char::from(value[at])))
}

/// A character as a message names it: in backticks, or by its code if it cannot be told by looking.
pub(super) struct Named(pub(super) char);

impl Display for Named {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let name = match self.0 {
            '\t' => "TAB",
            '\n' => "LINE FEED",
            '\r' => "CARRIAGE RETURN",
            ' ' => return f.write_str("a space"),
            '\u{7F}' => "DELETE",
            '\u{A0}' => "NO-BREAK SPACE",
            '\u{AD}' => "SOFT HYPHEN",
            '\u{200B}' => "ZERO WIDTH SPACE",
            '\u{2010}' => "HYPHEN",
            '\u{2011}' => "NON-BREAKING HYPHEN",
            '\u{2013}' => "EN DASH",
            '\u{2014}' => "EM DASH",
            '\u{2018}' => "LEFT SINGLE QUOTATION MARK",
            '\u{2019}' => "RIGHT SINGLE QUOTATION MARK",
            '\u{201C}' => "LEFT DOUBLE QUOTATION MARK",
            '\u{201D}' => "RIGHT DOUBLE QUOTATION MARK",
            '\u{202F}' => "NARROW NO-BREAK SPACE",
            '\u{2060}' => "WORD JOINER",
            '\u{3000}' => "IDEOGRAPHIC SPACE",
            '\u{FEFF}' => "BYTE ORDER MARK",
            '\u{FF1B}' => "FULLWIDTH SEMICOLON",
            '\u{FF1D}' => "FULLWIDTH EQUALS SIGN",
            '`' => "GRAVE ACCENT",
            c if c.is_ascii_graphic() => return write!(f, "`{c}`"),
            c if c.is_alphanumeric() => return write!(f, "`{c}` (U+{:04X})", u32::from(c)),
            c => return write!(f, "U+{:04X}", u32::from(c)),
        };
        write!(f, "U+{:04X} {name}", u32::from(self.0))
    }
}

/// What was most likely meant by a character outside ASCII; empty if it should go.
pub(super) fn in_ascii(c: char) -> Option<char> {
    Some(match c {
        '\u{660}'..='\u{669}' => char::from(b'0' + (u32::from(c) - 0x660) as u8),
        '\u{6F0}'..='\u{6F9}' => char::from(b'0' + (u32::from(c) - 0x6F0) as u8),
        '\u{FF01}'..='\u{FF5E}' => char::from((u32::from(c) - 0xFEE0) as u8),
        '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
        c if crate::model::record::is_blank(c) => ' ',
        _ => return None,
    })
}
