//! What holds for every text, whatever its octets: plain functions that panic where it does not. The tests give them texts
//! made of pieces that matter, fuzz targets give them anything.

#![allow(dead_code, reason = "each test file and each fuzz target calls some of them")]

use mta_sts::evidence::{Evidence, Lookup, MxRecord, Seen, TxtRecord};
use mta_sts::model::policy::Form;
use mta_sts::model::{Policy, Protocol};
use mta_sts::parse::paste::{Paste, tell_apart};
use mta_sts::report::{ApplicabilityName, EditReport, FindingReport, PolicyReport, SeverityName};
use mta_sts::span::Span;
use mta_sts::{LintOptions, OffsetUnit, Report, TextKind, fix, lint, mx_list, parse, review};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;

/// What the text of a policy keeps to: its pieces tile it, it is usable where a strict sender can read it, and every
/// place lies inside it.
pub(crate) fn policy_holds(text: &[u8]) {
    pieces_tile_a_policy(text);
    a_policy_is_usable_when_a_strict_sender_can_read_it(text);
    places_lie_inside(text, &as_kind(TextKind::Policy));
}

/// What TXT records keep to, one a line and as the DNS gives them: a set is usable exactly where no rule refuses it, and
/// every place lies inside the text.
pub(crate) fn records_hold(text: &[u8]) {
    for (protocol, kind) in [(Protocol::Sts, TextKind::Record), (Protocol::Tlsrpt, TextKind::Tlsrpt)] {
        places_lie_inside(text, &as_kind(kind));
        for cut in [0, text.len() / 2, text.len().min(255)] {
            let (left, right) = text.split_at(cut);
            a_record_is_usable_when_no_rule_refuses_it(protocol, &[left, right]);
        }
    }
}

/// What a text keeps to that is to be told apart: its parts do not overlap, and every octet of a record stands where its
/// source says.
pub(crate) fn pastes_hold(text: &[u8]) {
    for paste in [tell_apart(text), Paste::of_kind(text, TextKind::Record)] {
        let mut spans: Vec<Span> =
            paste.records.iter().map(|record| record.span).chain(paste.policy).collect();
        spans.sort();
        assert!(spans.windows(2).all(|pair| pair[0].end <= pair[1].start), "{}: {paste:?}", shown(text));
        for record in &paste.records {
            let joined = record.record.strings.concat();
            let source = record.record.source.as_ref().expect("a pasted record has a source");
            for (at, octet) in (0..).zip(&joined) {
                let place = source.place(Span::new(at, at + 1));
                let there = place.of(text)[0];
                assert!(record.span.start <= place.start && place.end <= record.span.end);
                assert!(there == *octet || there == b'\\', "{}: {paste:?}", shown(text));
            }
        }
    }
    places_lie_inside(text, &LintOptions::default());
}

/// What fixes keep to, whatever the text is read as and whether or not the MX hosts are known:
///
/// - each fix by itself is edits in order and apart, and puts its own fault right ([`a_fix_puts_its_fault_right`]);
/// - once all safe ones are applied none is left, no error or warning is there that was not before but for those in
///   [`UNMASKED`], to a sender that could read the text it says the same, and of what it says otherwise nothing is lost;
/// - likely ones come to an end too, and what was usable stays usable;
/// - fixing what was fixed changes nothing.
pub(crate) fn fixes_hold(text: &[u8]) {
    for options in readings() {
        let before = lint(text, &options, OffsetUnit::Bytes);
        for finding in &before.findings {
            a_fix_puts_its_fault_right(text, &before, finding, &options);
        }
        safe_fixes_hold(text, &before, &options);
        likely_fixes_hold(text, &before, &options);
    }
}

/// The ways to read a text.
fn readings() -> Vec<LintOptions> {
    let mx: Vec<MxRecord> = mx_list("10 mx.example.com, 20 a.example.net");
    let kinds = [None, Some(TextKind::Policy), Some(TextKind::Record), Some(TextKind::Tlsrpt)];
    let mut readings: Vec<LintOptions> =
        kinds.into_iter().map(|kind| LintOptions { kind, ..LintOptions::default() }).collect();
    readings.push(LintOptions { mx: Some(mx), ..as_kind(TextKind::Policy) });
    readings
}

fn as_kind(kind: TextKind) -> LintOptions {
    LintOptions { kind: Some(kind), ..LintOptions::default() }
}

fn pieces_tile_a_policy(text: &[u8]) {
    let read = parse::policy(text);
    let parts = read.lines.iter().flat_map(parse::Line::parts);
    let mut at = 0;
    for part in std::iter::once(read.bom).chain(parts).chain([read.excess]) {
        assert_eq!(part.start, at, "{}", shown(text));
        at = part.end;
    }
    assert_eq!(at as usize, text.len(), "{}", shown(text));
}

fn a_policy_is_usable_when_a_strict_sender_can_read_it(text: &[u8]) {
    let report = lint(text, &as_kind(TextKind::Policy), OffsetUnit::Bytes);
    let read = Policy::read(text);
    let policy = report.policy.as_ref().expect("a policy was asked for");
    if policy.usable {
        // What a sender needs is there, and nothing that was written as a pattern is none.
        assert_eq!(read.version.map(|version| version.value), Some(&b"STSv1"[..]), "{}", shown(text));
        assert!(read.mode().is_some() && read.max_age().is_some(), "{}", shown(text));
        assert!(!read.mx_odd.has_fault(), "{}", shown(text));
    } else {
        let is_error = |finding: &FindingReport| finding.severity == SeverityName::Error;
        assert!(report.findings.iter().any(is_error), "{}", shown(text));
    }
}

/// The grammar as the parser combinators read it, and the rules that name each fault, agree.
fn a_record_is_usable_when_no_rule_refuses_it(protocol: Protocol, strings: &[&[u8]]) {
    let record = TxtRecord::of(strings.iter().map(|string| string.to_vec()).collect());
    let lookup = Seen::Yes(Lookup::given("", vec![record]));
    let evidence = match protocol {
        Protocol::Sts => Evidence { record: lookup, ..Evidence::default() },
        Protocol::Tlsrpt => Evidence { tlsrpt: lookup, ..Evidence::default() },
    };
    let report = review(&evidence, OffsetUnit::Bytes);
    let refused = report.findings.iter().any(|finding| finding.severity == SeverityName::Error);
    let usable = match (&report.record, &report.tlsrpt) {
        (Some(record), _) => record.usable,
        (None, Some(record)) => record.usable,
        (None, None) => panic!("a record was given"),
    };
    assert_eq!(usable, !refused, "{}: {:#?}", shown(&strings.concat()), report.findings);
    let len = strings.concat().len();
    for place in report.findings.iter().flat_map(|finding| finding.span.iter().chain(&finding.also)) {
        assert!(place.start <= place.end && place.end as usize <= len, "{}", shown(&strings.concat()));
    }
}

/// Places count UTF-16 code units as a string of JavaScript does, and lie on the bounds of characters.
fn places_lie_inside(text: &[u8], options: &LintOptions) {
    let read = String::from_utf8_lossy(text);
    let utf16: Vec<u16> = read.encode_utf16().collect();
    let report = lint(text, options, OffsetUnit::Utf16);
    for place in report.findings.iter().flat_map(|finding| finding.span.iter().chain(&finding.also)) {
        let of = utf16.get(place.start as usize..place.end as usize);
        assert!(of.is_some_and(|of| String::from_utf16(of).is_ok()), "{place:?} of {}", shown(text));
    }
}

/// The edits of one finding are in order, apart and inside the text; they take away no octet that is not UTF-8 unless
/// or within the fault; and applied alone they remove the finding: fewer of its rule are left, or what is left of it is
/// another fault in the same place.
fn a_fix_puts_its_fault_right(text: &[u8], before: &Report, finding: &FindingReport, options: &LintOptions) {
    let Some(fix) = &finding.fix else { return };
    let of = || format!("{finding:#?}\nof {}\nread as {options:?}", shown(text));
    assert!(!fix.edits.is_empty(), "an empty fix: {}", of());
    let mut at = 0;
    for edit in &fix.edits {
        assert!(at <= edit.start && edit.start <= edit.end, "edits out of order: {}", of());
        at = edit.end;
        let gone = text.get(edit.start as usize..edit.end as usize).unwrap_or_else(|| panic!("{}", of()));
        let is_rewritten = !edit.text.is_empty() && str::from_utf8(gone).is_err();
        let mut places = finding.span.iter().chain(&finding.also);
        let is_fault = places.any(|place| place.start <= edit.start && edit.end <= place.end);
        // A character may begin in one string of a record and end in the next.
        let is_rewritten = is_rewritten && finding.document == "policy";
        assert!(!is_rewritten || is_fault || REWRITES.contains(&finding.id), "octets lost: {}", of());
    }
    let fixed = apply(text, &fix.edits);
    assert_ne!(fixed, text, "changes nothing: {}", of());
    let after = lint(&fixed, options, OffsetUnit::Bytes);
    let like = |report: &Report| report.findings.iter().filter(|other| other.id == finding.id).count();
    let place = finding.span.map(|span| moved((span.start, span.end), &fix.edits));
    let is_same = |other: &FindingReport| {
        let there = other.span.map(|span| (span.start, span.end));
        other.id == finding.id && other.message == finding.message && there == place
    };
    let is_gone = like(&after) < like(before) || !after.findings.iter().any(is_same);
    assert!(is_gone, "it is still there after {}: {}", shown(&fixed), of());
}

/// The rules whose fault is the encoding of the text as a whole.
const REWRITES: &[&str] = &["pol-not-utf8", "pol-control-char"];

/// Errors and warnings that come to light once a safe fix is applied, because until then the text was not read as far:
/// the rules that hide, those that are hidden, and why that cannot be otherwise.
const UNMASKED: &[(&[&str], &[&str], &str)] = &[
    (
        &[
            "txt-quoted",
            "txt-leading-wsp",
            "txt-version-case",
            "txt-wsp-before-first-semicolon",
            "txt-version-not-first",
            "txt-malformed-field",
        ],
        &["txt-"],
        "what is not read is not judged: a record that senders drop, a field that is no `name=value`",
    ),
    (
        &[
            "rpt-quoted",
            "rpt-leading-wsp",
            "rpt-version-case",
            "rpt-version-malformed",
            "rpt-version-not-first",
            "rpt-malformed-field",
            "rpt-rua-syntax",
        ],
        &["rpt-"],
        "likewise, and a `rua` that is no list of URIs",
    ),
    (&["pol-bom"], &["pol-blank-line"], "a line of byte order marks alone is empty once they are gone"),
    (
        &["rpt-empty-field"],
        &["rpt-raw-semicolon"],
        "what follows a semicolon in a URI is told by standing next to it",
    ),
    (
        &["txt-multiple", "rpt-multiple"],
        &["txt-unrelated", "rpt-unrelated"],
        "a comment is one beside a record in the notation of a zone file, and a record where there is none",
    ),
    (
        &["mx-trailing-dot", "mx-u-label"],
        &["mx-single-label", "mx-wildcard-tld", "mx-fake-alabel", "cov-mx-not-covered", "cov-none-covered"],
        "a value that is no pattern matches nothing, wisely or not",
    ),
];

fn safe_fixes_hold(text: &[u8], before: &Report, options: &LintOptions) {
    let fixed = fix(text, options, false);
    let after = lint(&fixed.text, options, OffsetUnit::Bytes);
    let of = || {
        format!(
            "\n{}\nbecame\n{}\nby {:?}\nread as {options:?}",
            shown(text),
            shown(&fixed.text),
            fixed.applied
        )
    };
    // Where parts are told by what they look like, a line at the edge of a policy may look like a record once its
    // neighbour is gone; so of a text that has both only the parts are held to this, each read as what it is.
    // And a text of NUL may look like UTF-16 once its first line is put right.
    let may_stop = options.kind != Some(TextKind::Policy) || text.contains(&0);
    assert!(fixed.complete || may_stop, "it stops early{}", of());
    let is_told_alike = options.kind.is_some()
        || (outline(text) == outline(&fixed.text) && (before.policy.is_none() || before.record.is_none()));
    let left = after.findings.iter().find(|finding| is_safe(finding));
    assert_eq!(left.is_none(), fixed.complete, "a safe fix is left: {left:#?}{}", of());
    let (old, new) = (grave(before), grave(&after));
    for (id, count) in new.iter().filter(|_| is_told_alike) {
        let is_unmasked = UNMASKED.iter().any(|(by, hidden, _)| {
            hidden.iter().any(|hidden| id.starts_with(hidden))
                && by.iter().any(|by| fixed.applied.contains(by))
        });
        let was = old.get(id).copied().unwrap_or_default();
        assert!(*count <= was || is_unmasked, "{id} is new, {count} instead of {was}{}", of());
    }
    same("the policy", policy_says, [before, &after], of);
    nothing_is_lost(before, &after, of);
    same("the record", record_says, [before, &after], of);
    same("the TLSRPT record", tlsrpt_says, [before, &after], of);
    let again = fix(&fixed.text, options, false);
    assert!(again.applied.is_empty() && again.text == fixed.text, "not at an end: {:?}{}", again, of());
}

fn likely_fixes_hold(text: &[u8], before: &Report, options: &LintOptions) {
    let fixed = fix(text, options, true);
    let after = lint(&fixed.text, options, OffsetUnit::Bytes);
    let of = || {
        format!(
            "\n{}\nbecame\n{}\nby {:?}\nread as {options:?}",
            shown(text),
            shown(&fixed.text),
            fixed.applied
        )
    };
    let is_left = |finding: &&FindingReport| {
        finding.fix.is_some() && (is_safe(finding) || finding.severity != SeverityName::Info)
    };
    let left = after.findings.iter().find(is_left);
    // And a text of NUL may look like UTF-16 once its first line is put right.
    let may_stop = options.kind != Some(TextKind::Policy) || text.contains(&0);
    assert!(fixed.complete || may_stop, "it stops early{}", of());
    assert_eq!(left.is_none(), fixed.complete, "a fix is left: {left:#?}{}", of());
    let stays = |what: &str, was: bool, is: bool| assert!(!was || is, "{what} was usable{}", of());
    stays("the policy", policy_says(before).is_some(), policy_says(&after).is_some());
    stays("the record", record_says(before).is_some(), record_says(&after).is_some());
    stays("the TLSRPT record", tlsrpt_says(before).is_some(), tlsrpt_says(&after).is_some());
    let again = fix(&fixed.text, options, true);
    assert!(again.applied.is_empty() && again.text == fixed.text, "not at an end: {again:?}{}", of());
}

/// What a text is told to be: the form of the policy in it, and the kinds of its records.
fn outline(text: &[u8]) -> (Option<Form>, Vec<TextKind>) {
    let paste = tell_apart(text);
    (
        paste.policy.map(|policy| Policy::read(policy.of(text)).form),
        paste.records.iter().map(|record| record.kind).collect(),
    )
}

/// What a strict sender read before, it reads after.
fn same<T: PartialEq + Debug>(
    what: &str,
    says: fn(&Report) -> Option<T>,
    [before, after]: [&Report; 2],
    of: impl Fn() -> String,
) {
    if let Some(was) = says(before) {
        assert_eq!(Some(was), says(after), "{what} says something else{}", of());
    }
}

/// What a strict sender reads in a policy: its mode, its lifetime, and the hosts it lets mail through to, for which
/// neither letter case counts nor a pattern beside another that matches the same.
fn policy_says(report: &Report) -> Option<(&'static str, u64, BTreeSet<String>)> {
    let policy = report.policy.as_ref().filter(|policy| policy.usable)?;
    let mx = policy.mx.iter().map(|mx| mx.to_ascii_lowercase()).collect();
    Some((policy.mode?, policy.max_age?, mx))
}

/// Even where no strict sender can use a policy, its mode, its lifetime and its patterns are still there.
fn nothing_is_lost(before: &Report, after: &Report, of: impl Fn() -> String) {
    let (Some(was), Some(is)) = (&before.policy, &after.policy) else { return };
    assert!(was.mode.is_none() || was.mode == is.mode, "the mode is another{}", of());
    assert!(was.max_age.is_none() || was.max_age == is.max_age, "the lifetime is another{}", of());
    let has = |mx: &String| is.mx.iter().any(|other| other.eq_ignore_ascii_case(mx));
    let lost = was.mx.iter().find(|mx| !has(mx));
    assert!(lost.is_none(), "{lost:?} is lost{}", of());
}

fn record_says(report: &Report) -> Option<String> {
    report.record.as_ref().filter(|record| record.usable)?.policy_id.clone()
}

fn tlsrpt_says(report: &Report) -> Option<Vec<String>> {
    report.tlsrpt.as_ref().filter(|record| record.usable).map(|record| record.rua.clone())
}

/// How many errors and warnings there are of each rule.
fn grave(report: &Report) -> BTreeMap<&'static str, usize> {
    let mut count = BTreeMap::new();
    for finding in report.findings.iter().filter(|finding| finding.severity != SeverityName::Info) {
        *count.entry(finding.id).or_default() += 1;
    }
    count
}

fn is_safe(finding: &FindingReport) -> bool {
    finding.fix.as_ref().is_some_and(|fix| fix.applicability == ApplicabilityName::Safe)
}

/// Where a place of a text is once edits are applied: what is put in place of its start or its end is part of it.
fn moved((start, end): (u32, u32), edits: &[EditReport]) -> (u32, u32) {
    // Differences, whose sum is never negative.
    let (mut from, mut to) = (start, end);
    for edit in edits {
        let grown = (edit.text.len() as u32).wrapping_sub(edit.end - edit.start);
        if edit.end <= start {
            from = from.wrapping_add(grown);
        } else if edit.start < start {
            from = from.wrapping_sub(start - edit.start);
        }
        if edit.end <= end || edit.start < end {
            to = to.wrapping_add(grown);
        }
    }
    (from, to.max(from))
}

/// A text with edits, whose offsets are bytes, applied.
pub(crate) fn apply(text: &[u8], edits: &[EditReport]) -> Vec<u8> {
    let mut fixed = text.to_vec();
    for edit in edits.iter().rev() {
        fixed.splice(edit.start as usize..edit.end as usize, edit.text.bytes());
    }
    fixed
}

fn shown(text: &[u8]) -> String {
    format!("\"{}\"", text.escape_ascii())
}

/// What the readings of senders keep to: whoever refuses a text does so for a finding, which names it; and who reads a
/// usable policy otherwise than the RFC says for which finding.
pub(crate) fn senders_hold(text: &[u8]) {
    for kind in [TextKind::Policy, TextKind::Record, TextKind::Tlsrpt] {
        let report = lint(text, &as_kind(kind), OffsetUnit::Bytes);
        for row in &report.senders {
            let because = row.because.as_ref();
            assert!(row.accepts != Some(false) || because.is_some(), "{}: {} refuses", shown(text), row.id);
            let Some(because) = because else {
                let is_read = |policy: &&PolicyReport| policy.usable && row.accepts == Some(true);
                if let Some(policy) = report.policy.as_ref().filter(is_read) {
                    let listed: Vec<&String> = policy.mx.iter().take(row.mx.len()).collect();
                    let read = (row.mode, row.max_age, row.mx.iter().collect::<Vec<_>>());
                    assert_eq!(read, (policy.mode, policy.max_age, listed), "{}: {}", shown(text), row.id);
                }
                continue;
            };
            let names = |finding: &FindingReport| {
                finding.id == because.id
                    && (finding.refused_by.contains(&row.id) || finding.read_otherwise_by.contains(&row.id))
            };
            assert!(report.findings.iter().any(names), "{}: {} {because:?}", shown(text), row.id);
        }
    }
}
