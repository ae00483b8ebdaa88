//! What the rules' fixes of a policy have in common.

use super::Findings;
use crate::finding::{Edit, Finding, Fix};
use crate::model::{Domain, MxPattern, Policy, policy::FieldName};
use crate::parse::{Line, LineKind, Odd, grammar};
use crate::quote::quote;
use crate::span::Span;

/// The most places that one finding names, and the most edits that one fix lists one by one.
const MAX_PLACES: usize = 100;

/// The line end the text uses.
pub(super) fn eol(policy: &Policy<'_>) -> &'static str {
    if policy.text.odd.has(Odd::CRLF) && !policy.text.odd.has(Odd::LF) { "\r\n" } else { "\n" }
}

/// Names every place of one fault in `finding`, whose own place is the first, and fixes all of them together.
pub(super) fn fix_each(
    finding: &mut Finding,
    policy: &Policy<'_>,
    spans: &[Span],
    sure: fn(Vec<Edit>) -> Fix,
    text: impl Fn(Span) -> String,
) {
    match spans.len() {
        0 | 1 => {}
        2 => finding.message += ", here and in 1 other place",
        n => finding.message.extend([", here and in ", &(n - 1).to_string(), " other places"]),
    }
    fix_all(finding, policy, spans, sure, text);
}

/// As [`fix_each`], where the message already says how many there are.
pub(super) fn fix_all(
    finding: &mut Finding,
    policy: &Policy<'_>,
    spans: &[Span],
    sure: fn(Vec<Edit>) -> Fix,
    text: impl Fn(Span) -> String,
) {
    let edits = spans.iter().map(|span| Edit::replace(*span, text(*span)));
    let edits = if spans.len() > MAX_PLACES { vec![merge(policy, edits)] } else { edits.collect() };
    finding.also(spans.iter().skip(1).take(MAX_PLACES).copied()).fix(sure(edits));
}

/// One edit that does what all of `edits` do.
fn merge(policy: &Policy<'_>, edits: impl Iterator<Item = Edit>) -> Edit {
    let mut whole: Option<Edit> = None;
    for edit in edits {
        match &mut whole {
            None => whole = Some(edit),
            Some(whole) => {
                let text = whole.text.to_mut();
                *text += &String::from_utf8_lossy(policy.of(Span::new(whole.span.end, edit.span.start)));
                *text += &edit.text;
                whole.span.end = edit.span.end;
            }
        }
    }
    whole.unwrap_or_else(|| Edit::delete(Span::point(0)))
}

/// Puts a new line at the end of the policy.
pub(super) fn append_line(policy: &Policy<'_>, line: &str) -> Edit {
    let eol = eol(policy);
    let before = if policy.text.odd.has(Odd::NO_FINAL_TERM) { eol } else { "" };
    Edit::insert(policy.text.excess.start, format!("{before}{line}{eol}"))
}

/// Puts an `mx` line for each name after the last pattern there is.
pub(crate) fn mx_lines(policy: &Policy<'_>, names: &[String]) -> Option<Edit> {
    let last = policy.patterns().last()?;
    let at = policy.text.lines.partition_point(|line| line.span().end <= last.span.start);
    let (line, eol) = (policy.text.lines[at], eol(policy));
    let is_last_unended = line.term().is_empty() && policy.text.odd.has(Odd::NO_FINAL_TERM);
    let (before, after) = if is_last_unended { (eol, "") } else { ("", eol) };
    let mut text = String::new();
    for name in names {
        text.extend([before, "mx: ", name, after]);
    }
    Some(Edit::insert(line.span().end, text))
}

/// The name of an unknown field that is most likely a slip for `wanted`: another letter case, other punctuation,
/// or one letter off.
pub(super) fn slip_for(policy: &Policy<'_>, wanted: FieldName) -> Option<Span> {
    policy.unknown.iter().map(Line::name).find(|name| meant(policy.of(*name)) == Some(wanted))
}

/// The known name that an unknown one is most likely a slip for.
pub(super) fn meant(name: &[u8]) -> Option<FieldName> {
    let name = Letters::of(name)?;
    if name.as_ref() == b"v" {
        return Some(FieldName::Version);
    }
    let near = |known: &FieldName| {
        Letters::of(known.as_str().as_bytes())
            .is_some_and(|known| distance(name.as_ref(), known.as_ref()) <= 1)
    };
    FieldName::ALL.into_iter().find(near)
}

/// The letters and digits of a name in lower case, at most as many as a slip for a known name has.
struct Letters([u8; Self::MAX], usize);

impl Letters {
    /// One more than `version` has.
    const MAX: usize = 8;

    /// `None` for a longer name, which is nobody's slip.
    fn of(name: &[u8]) -> Option<Self> {
        let mut letters = Self([0; Self::MAX], 0);
        for byte in name.iter().filter(|b| b.is_ascii_alphanumeric()) {
            *letters.0.get_mut(letters.1)? = byte.to_ascii_lowercase();
            letters.1 += 1;
        }
        Some(letters)
    }

    fn as_ref(&self) -> &[u8] {
        &self.0[..self.1]
    }
}

/// How many letters must be added, taken away or changed to turn one into the other (Levenshtein).
pub(super) fn distance(a: &[u8], b: &[u8]) -> usize {
    // Never less than what one has more than the other.
    if a.len().abs_diff(b.len()) > 2 {
        return a.len().abs_diff(b.len());
    }
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let above = row[j + 1];
            row[j + 1] = (diagonal + usize::from(x != y)).min(above.min(row[j]) + 1);
            diagonal = above;
        }
    }
    row[b.len()]
}

/// The value with what people wrap values in taken off: quotes, brackets, a comment after it.
pub(super) fn unwrapped(value: &[u8]) -> &[u8] {
    let comment =
        value.windows(2).position(|w| matches!(w[0], b' ' | b'\t') && matches!(w[1], b'#' | b'/' | b';'));
    let mut value = value[..comment.unwrap_or(value.len())].trim_ascii();
    while let [b'"' | b'\'' | b'<' | b'`', inner @ .., b'"' | b'\'' | b'>' | b'`'] = value {
        value = inner.trim_ascii();
    }
    value.strip_suffix(b";").or(value.strip_suffix(b",")).unwrap_or(value)
}

/// `name` if it is a pattern.
pub(super) fn if_pattern(name: &str) -> Option<String> {
    MxPattern::read(name.as_bytes()).ok().map(|pattern| pattern.to_string())
}

/// The line of the first field that has a name the grammar allows.
pub(super) fn first_field<'p>(policy: &'p Policy<'_>) -> Option<&'p Line> {
    let named = |line: &&Line| {
        line.kind == LineKind::Field && grammar::is_whole(grammar::ext_name, policy.of(line.name()))
    };
    policy.text.lines.iter().find(named)
}

/// Where a line that is to come first belongs.
pub(super) fn top(policy: &Policy<'_>) -> u32 {
    first_field(policy).map_or(policy.text.bom.end, |line| line.span().start)
}

/// A pattern or name in A-labels.
pub(super) fn in_a_labels(name: &str) -> Option<String> {
    let (star, rest) = name.strip_prefix("*.").map_or(("", name), |rest| ("*.", rest));
    if_pattern(&format!("{star}{}", Domain::to_a_labels(rest)?))
}

/// Reports a required field that is missing. Where an unknown field is most likely a slip for it, that one is to be
/// renamed; otherwise `add` writes it.
pub(super) fn missing(
    policy: &Policy<'_>,
    name: FieldName,
    out: &mut Findings,
    add: impl FnOnce() -> Option<Edit>,
) {
    // Where all fields stand on one line, or the text is another format, nothing is missing but the form.
    if is_other_format(policy) {
        return;
    }
    let known = name.as_str();
    let Some(slip) = slip_for(policy, name) else {
        let top = Span::point(top(policy));
        let finding = out.report(top, format_args!("no `{known}` field"));
        if let Some(edit) = add() {
            finding.fix(Fix::likely(edit));
        }
        return;
    };
    let written = policy.of(slip);
    let finding = out.report(slip, format_args!("no `{known}` field, but {}", quote(written)));
    finding.instead(format!("write `{known}` for {}", quote(written)));
    // Another letter case has a rule of its own, and its fix.
    if !written.eq_ignore_ascii_case(known.as_bytes()) {
        finding.fix(Fix::likely(Edit::replace(slip, known)));
    }
}

/// Whether the text holds its fields in another form than lines: all on one line, as JSON, or it is the TXT record.
fn is_other_format(policy: &Policy<'_>) -> bool {
    let one_line =
        policy.version.is_some_and(|version| super::pol_version::is_one_line(&policy.str(version.span)));
    let first = policy.text.lines.iter().find(|line| line.kind != LineKind::Blank);
    one_line
        || first.is_some_and(|line| {
            let text = policy.of(line.content());
            text.starts_with(b"{") || text.starts_with(b"v=STSv1")
        })
}
