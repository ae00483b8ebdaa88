//! What the rules' fixes of a policy have in common.

use super::Findings;
use crate::finding::{Edit, Finding, Fix};
use crate::model::{Domain, Form, Mode, MxPattern, Policy, policy::FieldName};
use crate::parse::{Line, LineKind, Odd, grammar};
use crate::quote::quote;
use crate::span::Span;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// The most places that one finding names, and the most edits that one fix lists one by one.
pub(super) const MAX_PLACES: usize = 100;

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
    let edits = spans.iter().map(|span| Edit::replace(*span, text(*span))).collect();
    finding.also(spans.iter().skip(1).take(MAX_PLACES).copied()).fix(sure(few(policy, edits)));
}

/// What all of `edits` do, in few of them: more than a hundred become one, as far as it can be written. What is not
/// UTF-8 cannot be part of an edit's text, so an edit ends before it.
pub(super) fn few(policy: &Policy<'_>, edits: Vec<Edit>) -> Vec<Edit> {
    if edits.len() <= MAX_PLACES {
        return edits;
    }
    let mut few: Vec<Edit> = Vec::new();
    for edit in edits {
        if let Some(last) = few.last_mut()
            && let Ok(between) = str::from_utf8(policy.of(Span::new(last.span.end, edit.span.start)))
        {
            let text = last.text.to_mut();
            *text += between;
            *text += &edit.text;
            last.span.end = edit.span.end;
        } else {
            few.push(edit);
        }
    }
    few
}

/// Puts new lines at the end of the policy.
pub(super) fn append_line(policy: &Policy<'_>, line: &str) -> Edit {
    let eol = eol(policy);
    let before = if policy.text.odd.has(Odd::NO_FINAL_TERM) { eol } else { "" };
    Edit::insert(policy.text.excess.start, format!("{before}{line}{eol}"))
}

/// An `mx` line for each of `names`, one or more, after the last pattern there is, or at the end. `None` if one of them is
/// no host name: what the DNS says is not put into a policy unread.
pub(crate) fn mx_lines(policy: &Policy<'_>, names: &[String]) -> Option<Edit> {
    let eol = eol(policy);
    let mut lines = String::new();
    for name in names {
        if !lines.is_empty() {
            lines += eol;
        }
        lines += "mx: ";
        lines += &if_pattern(name)?;
    }
    let Some(last) = policy.patterns().last() else {
        return (!names.is_empty()).then(|| append_line(policy, &lines));
    };
    let line = line_of(policy, last.span);
    let is_unended = line.term().is_empty();
    lines.insert_str(if is_unended { 0 } else { lines.len() }, eol);
    Some(Edit::insert(line.span().end, lines))
}

/// The line on which a span begins.
pub(super) fn line_of<'p>(policy: &'p Policy<'_>, span: Span) -> &'p Line {
    &policy.text.lines[policy.text.lines.partition_point(|line| line.span().end <= span.start)]
}

/// The value for a field that has none, or one that means nothing: what does no harm if it is wrong.
pub(super) fn default_for(policy: &Policy<'_>, name: FieldName) -> &'static str {
    match name {
        FieldName::Version => "STSv1",
        FieldName::Mode => "testing",
        FieldName::MaxAge if policy.mode() == Some(Mode::None) => "86400",
        FieldName::MaxAge => "1209600",
        FieldName::Mx => "",
    }
}

/// The value of the first field of this name, and whether it is one; of `mx`, the first that is not empty.
pub(super) fn first(policy: &Policy<'_>, name: FieldName) -> Option<(Span, bool)> {
    match name {
        FieldName::Version => policy.version.map(|version| (version.span, version.value == b"STSv1")),
        FieldName::Mode => policy.mode.map(|mode| (mode.span, mode.value.is_some())),
        FieldName::MaxAge => policy.max_age.map(|age| (age.span, age.value.is_some())),
        FieldName::Mx => policy.mx.first().map(|mx| (mx.span, mx.value.is_ok())),
    }
}

/// Whether there is such a field.
pub(super) fn has(policy: &Policy<'_>, name: FieldName) -> bool {
    first(policy, name).is_some()
}

/// Whether any field of a policy is there.
fn has_any(policy: &Policy<'_>) -> bool {
    FieldName::ALL.into_iter().any(|name| has(policy, name))
}

/// Takes a line away that says nothing to a sender; `None` if nothing of a policy would be left.
pub(super) fn delete_aside(policy: &Policy<'_>, line: &Line) -> Option<Edit> {
    // What follows may begin as another kind of text does, and then that is what the whole would be told to be.
    let rest = &policy.text.input[line.span().end as usize..];
    let is_same_kind =
        matches!(Form::of(rest), Form::Lines | Form::Empty) && !rest.starts_with(b"\xEF\xBB\xBF");
    (has_any(policy) && is_same_kind).then(|| Edit::delete(line.span()))
}

/// Takes away what got into a policy by mistake; `None` if most of the text is none, so that this is as good as the rest.
pub(super) fn delete_stray(policy: &Policy<'_>, span: Span) -> Option<Fix> {
    let is_whole = policy.version.is_some() && policy.mode.is_some() && policy.max_age.is_some();
    let is_most = (3 + policy.mx.len() + policy.repeats.len()) * 2 >= policy.text.lines.len();
    (is_whole && is_most).then(|| Fix::likely(Edit::delete(span)))
}

/// The name of an unknown field that is most likely a slip for `wanted`: another letter case, other punctuation,
/// or one letter off.
pub(super) fn slip_for(policy: &Policy<'_>, wanted: FieldName) -> Option<Span> {
    policy.unknown.iter().map(Line::name).find(|name| meant(policy.of(*name)) == Some(wanted))
}

/// The known name that an unknown one is most likely a slip for, or that stands at the end of it.
pub(super) fn meant(name: &[u8]) -> Option<FieldName> {
    // What has no letter is nobody's slip, and it may stand on every line.
    if !name.iter().any(u8::is_ascii_alphabetic) {
        return None;
    }
    let item = name.strip_prefix(b"-").unwrap_or(name);
    let last = item.rsplit(|b| matches!(b, b' ' | b'\t' | b'\\')).next();
    if let Some(known) = last.and_then(FieldName::read) {
        return Some(known);
    }
    let name = Letters::of(name)?;
    if name.as_ref() == b"v" {
        return Some(FieldName::Version);
    }
    let near = |known: &FieldName| match known {
        FieldName::MaxAge => is_near(name.as_ref(), b"maxage"),
        known => is_near(name.as_ref(), known.as_str().as_bytes()),
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

/// Whether at most one letter must be added, taken away or changed to turn one into the other: whether at most one is left
/// of each when what they begin and end with in common goes.
fn is_near(a: &[u8], b: &[u8]) -> bool {
    if a.len().abs_diff(b.len()) > 1 {
        return false;
    }
    let common = |a: &mut dyn Iterator<Item = &u8>, b: &mut dyn Iterator<Item = &u8>| {
        a.zip(b).take_while(|(a, b)| a == b).count()
    };
    let start = common(&mut a.iter(), &mut b.iter());
    let (a, b) = (&a[start..], &b[start..]);
    let end = common(&mut a.iter().rev(), &mut b.iter().rev());
    a.len() - end <= 1 && b.len() - end <= 1
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
    // The last two are what a word processor's file has at its line ends and at its own.
    while let [inner @ .., b';' | b',' | b'\\' | b'}'] = value {
        value = inner.trim_ascii_end();
    }
    value
}

/// Whether a value was left as some guide shows it: `<mode>`, `[enforce|testing]`, `${max_age}`.
pub(super) fn is_placeholder(value: &[u8]) -> bool {
    value.iter().any(|b| b"<>{}[]|$".contains(b))
}

/// `name` if it is a pattern.
pub(super) fn if_pattern(name: &str) -> Option<String> {
    MxPattern::read(name.as_bytes()).ok().map(|pattern| pattern.to_string())
}

/// The line of the first field that has a name the grammar allows.
pub(super) fn first_field<'p>(policy: &'p Policy<'_>) -> Option<&'p Line> {
    let start = front_matter(policy).map_or(0, |span| span.end);
    let named = |line: &&Line| {
        line.kind == LineKind::Field
            && line.span().start >= start
            && grammar::is_whole(grammar::ext_name, policy.of(line.name()))
    };
    policy.text.lines.iter().find(named)
}

/// The front matter of a site generator: from a first line `---` to the next one.
pub(super) fn front_matter(policy: &Policy<'_>) -> Option<Span> {
    let is_mark = |line: &&Line| policy.of(line.content()) == b"---";
    let mut lines = policy.text.lines.iter();
    let first = lines.find(|line| line.kind != LineKind::Blank).filter(is_mark)?;
    Some(first.span().to(lines.find(is_mark)?.span()))
}

/// Where a line that is to come first belongs.
pub(super) fn top(policy: &Policy<'_>) -> u32 {
    let start = front_matter(policy).map_or(policy.text.bom.end, |span| span.end);
    first_field(policy).map_or(start, |line| line.span().start)
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
        // A text without any field is another text, not a policy that lacks some.
        finding.fix = if has_any(policy) { add().map(Fix::likely) } else { None };
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
