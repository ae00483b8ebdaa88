//! `rua` (RFC 8460 §3): where reports of TLS failures go.

use super::edits::MAX_PLACES;
use super::records::{Named, good, left, subject, without};
use super::{Check, Example, Rule};
use crate::finding::{Consequence, Edit, Finding, Fix, Severity, Subject};
use crate::model::tlsrpt::{Member, Target, UriFault, members};
use crate::model::{Domain, Protocol, Record, RecordSet};
use crate::parse::Field;
use crate::parse::record::pct_encoded;
use crate::quote::quote;
use crate::span::Span;
use alloc::format;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

const BASE: Rule = Rule {
    id: "",
    severity: Severity::Error,
    consequence: Consequence::Refused,
    rfc: "RFC 8460 §3",
    what: "",
    why: "the record breaks the grammar: a sender that follows it treats the record as none, and nobody reports",
    instead: "",
    bad: good(Protocol::Tlsrpt),
    good: good(Protocol::Tlsrpt),
    check: Check::Records(Some(Protocol::Tlsrpt), |_, _| {}),
};

pub(super) static MISSING: Rule = Rule {
    id: "rpt-missing-rua",
    what: "no `rua` field",
    why: "without an address nobody can report",
    instead: "add `rua=` and an address: `v=TLSRPTv1; rua=mailto:tls-reports@example.com`",
    bad: Example::Tlsrpt("v=TLSRPTv1; ruf=mailto:tls-reports@example.com"),
    check: Check::Records(Some(Protocol::Tlsrpt), super::txt_id::missing),
    ..BASE
};

/// A `rua` of a record that is left, with its members.
type List<'r> = (Subject, &'r Record, &'r Field, &'r [Member]);

/// Every `rua` of the records that are left.
#[inline(never)]
fn lists(set: &RecordSet) -> Vec<List<'_>> {
    let mut lists = Vec::new();
    for (subject, record) in left(set) {
        for (field, members) in record.rua() {
            lists.push((subject, record, field, members));
        }
    }
    lists
}

pub(super) static SYNTAX: Rule = Rule {
    id: "rpt-rua-syntax",
    rfc: "RFC 8460 §3, RFC 3986",
    what: "a member of `rua` is no URI",
    instead: "write URIs, parted by commas: `rua=mailto:tls-reports@example.com`",
    bad: Example::Tlsrpt("v=TLSRPTv1; rua=tls-reports@example.com"),
    check: Check::Records(Some(Protocol::Tlsrpt), |set, out| {
        for (subject, record, field, list) in lists(set) {
            for (at, member) in list.iter().enumerate() {
                let Err(fault) = member.kind else { continue };
                if !matches!(fault, UriFault::Exclamation(_)) && out.is_counted() {
                    continue;
                }
                let uri = record.of_span(member.span);
                let shown = quote(uri);
                let one = |at: u32| Span::new(member.span.start + at, member.span.start + at + 1);
                match fault {
                    UriFault::Exclamation(_) => {}
                    UriFault::Empty if list.len() == 1 => {
                        out.report_at(subject, field.content(), format_args!("`rua` has no value"));
                    }
                    UriFault::Empty => {
                        // The comma before goes with an empty member; the first has only the one after it.
                        let span = match at.checked_sub(1).map(|at| list[at].span.end) {
                            Some(before) => Span::new(before, member.span.end),
                            None => Span::new(field.value().start, list[1].span.start),
                        };
                        out.report_at(subject, span, format_args!("the list of `rua` has an empty member"))
                            .instead("remove the extra comma")
                            .fix(Fix::safe(Edit::delete(span)));
                    }
                    UriFault::BadChar(offset) => {
                        let c = char::from(uri[offset as usize]);
                        let message = format_args!("{shown} holds {}, which no URI does", Named(c));
                        let span = if wrapped(uri) { member.span } else { one(offset) };
                        let finding = out.report_at(subject, span, message);
                        if let Some(text) = without_bad(uri) {
                            finding
                                .instead(format!("write `{text}`"))
                                .fix(Fix::likely(Edit::replace(member.span, text)));
                        }
                    }
                    UriFault::Percent(offset) => {
                        let message =
                            format_args!("{shown} has a percent sign without two hexadecimal digits");
                        let is_stray = |at: usize| uri[at] == b'%' && pct_encoded(&uri[at..]).is_err();
                        out.report_at(subject, one(offset), message)
                            .instead("write `%25` for a percent sign")
                            .fix(Fix::likely(encoded(uri, member.span, is_stray, "%25")));
                    }
                    UriFault::NoScheme => {
                        let finding =
                            out.report_at(subject, member.span, format_args!("{shown} has no scheme"));
                        if let Some(better) = better(uri) {
                            offer(finding, member.span, better);
                            continue;
                        }
                        let scheme = if uri.contains(&b'@') { "mailto:" } else { "https://" };
                        let is_name = uri.contains(&b'.') && !uri.contains(&b':');
                        if is_name && comma_inside(record, list, at.wrapping_sub(1)).is_none() {
                            let text = String::from_utf8_lossy(uri);
                            finding.instead(format!("write `{scheme}{text}`"));
                            finding.fix(Fix::likely(Edit::insert(member.span.start, scheme)));
                        }
                    }
                    UriFault::Form => {
                        out.report_at(subject, member.span, format_args!("{shown} is no URI"));
                    }
                }
            }
        }
    }),
    ..BASE
};

/// Writes `code` for each octet of the URI at `span` that `is` one to be encoded: one by one, or where there are many, all
/// in one edit. What is encoded is ASCII.
fn encoded(uri: &[u8], span: Span, is: impl Fn(usize) -> bool, code: &'static str) -> Vec<Edit> {
    let mut marks: Vec<usize> = Vec::new();
    for at in 0..uri.len() {
        if is(at) {
            marks.push(at);
        }
    }
    let place = |from: usize, to: usize| Span::new(span.start + from as u32, span.start + to as u32);
    if let Some((first, last)) = marks.first().zip(marks.last()).filter(|_| marks.len() > MAX_PLACES)
        && let Ok(between) = str::from_utf8(&uri[*first..=*last])
    {
        let mut text = String::new();
        let mut at = 0;
        for mark in &marks {
            text.push_str(&between[at..mark - first]);
            text.push_str(code);
            at = mark - first + 1;
        }
        return vec![Edit::replace(place(*first, last + 1), text)];
    }
    marks.into_iter().map(|at| Edit::replace(place(at, at + 1), code)).collect()
}

fn wrapped(uri: &[u8]) -> bool {
    matches!((uri.first(), uri.last()), (Some(b'<' | b'"' | b'\'' | b'`'), Some(b'>' | b'"' | b'\'' | b'`')))
}

/// The URI, or the list of them, that is left when wrappers and white space go; if it is one.
fn without_bad(uri: &[u8]) -> Option<String> {
    let text = str::from_utf8(uri).ok().filter(|text| text.is_ascii())?;
    // What some guide left open, as in `mailto:tls@<domain>`, is not put right by what it is written in.
    if uri
        .windows(2)
        .any(|pair| pair[1] == b'<' && (pair[0].is_ascii_alphanumeric() || b"@.-".contains(&pair[0])))
    {
        return None;
    }
    let odd = |c: char| c.is_ascii_whitespace() || matches!(c, '<' | '>' | '"' | '\'' | '`' | '\\');
    let parts: Vec<&str> = text.split(odd).filter(|part| !part.is_empty()).collect();
    let is_list = parts.iter().all(|part| is_uri(part));
    let text = if is_list { parts.join(",") } else { parts.concat() };
    text.split(',').all(is_uri).then_some(text)
}

fn is_uri(text: &str) -> bool {
    let member = members(text.as_bytes(), Span::new(0, text.len() as u32)).next();
    member.is_some_and(|member| member.is_usable() && member.span.len() as usize == text.len())
}

/// The comma after member `at`, if it most likely belongs inside a URI: the member is cut short, and the next begins
/// with no scheme.
fn comma_inside(record: &Record, list: &[Member], at: usize) -> Option<Span> {
    let member = list.get(at)?;
    // Nothing else is cut, and what follows is not looked through for each of many.
    if !matches!(member.kind, Ok(Target::NoAddress | Target::Https)) {
        return None;
    }
    let next = list[at + 1..].iter().find(|next| next.kind != Err(UriFault::Empty))?;
    let has_at = record.of_span(next.span).contains(&b'@');
    let is_cut = next.kind == Err(UriFault::NoScheme)
        && match member.kind {
            Ok(Target::NoAddress) => has_at,
            Ok(Target::Https) => !has_at,
            _ => false,
        };
    is_cut.then(|| Span::new(member.span.end, next.span.start))
}

pub(super) static UNENCODED: Rule = Rule {
    id: "rpt-rua-unencoded",
    what: "a raw comma or exclamation point inside a URI",
    instead: "write `%2C` for a comma, `%21` for an exclamation point, `%3B` for a semicolon",
    bad: Example::Tlsrpt("v=TLSRPTv1; rua=mailto:tls-reports@example.com!10m"),
    check: Check::Records(Some(Protocol::Tlsrpt), |set, out| {
        for (subject, record, _, list) in lists(set) {
            for (at, member) in list.iter().enumerate() {
                let shown = quote(record.of_span(member.span));
                if let Err(UriFault::Exclamation(offset)) = member.kind {
                    let uri = record.of_span(member.span);
                    let start = member.span.start + offset;
                    let suffix = &uri[offset as usize + 1..];
                    let size =
                        suffix.strip_suffix(b"k").or(suffix.strip_suffix(b"m")).or(suffix.strip_suffix(b"g"));
                    let is_size = !suffix.is_empty() && size.unwrap_or(suffix).iter().all(u8::is_ascii_digit);
                    let span = Span::new(start, if is_size { member.span.end } else { start + 1 });
                    let finding =
                        out.report_at(subject, span, format_args!("{shown} holds a raw exclamation point"));
                    if is_size {
                        finding
                            .instead("leave out the size; only DMARC has one")
                            .fix(Fix::likely(Edit::delete(span)));
                    } else {
                        finding.fix(Fix::likely(encoded(uri, member.span, |at| uri[at] == b'!', "%21")));
                    }
                }
                if let Some(comma) = comma_inside(record, list, at) {
                    out.report_at(subject, comma, format_args!("a raw comma ends {shown}"))
                        .fix(Fix::likely(Edit::replace(comma, "%2C")));
                }
            }
        }
    }),
    ..BASE
};

pub(super) static RAW_SEMICOLON: Rule = Rule {
    id: "rpt-raw-semicolon",
    severity: Severity::Warning,
    consequence: Consequence::Disputed,
    what: "a raw semicolon inside a URI",
    why: "it ends the field: reports go to the URI as far as it got, and the rest is read as another field",
    instead: "write `%3B` for the semicolon",
    bad: Example::Tlsrpt("v=TLSRPTv1; rua=https://reports.example.com/r;id=7"),
    good: Example::Tlsrpt("v=TLSRPTv1; rua=https://reports.example.com/r%3Bid=7"),
    check: Check::Records(Some(Protocol::Tlsrpt), |set, out| {
        for (subject, record) in left(set) {
            for at in (0..record.fields().len()).filter(|at| is_cut_uri(record, set.protocol, *at)) {
                let before = &record.fields()[at - 1];
                let Some(last) = members(record.text(), before.value()).last() else { continue };
                let uri = record.of_span(last.span);
                let message = format_args!("a raw semicolon ends {}", quote(uri));
                let finding = out.report_at(subject, before.delim(), message);
                let whole = [uri, record.of_span(record.fields()[at].content())].concat();
                if is_uri(&String::from_utf8_lossy(&whole)) {
                    finding.fix(Fix::likely(Edit::replace(before.delim(), "%3B")));
                }
            }
        }
    }),
    ..BASE
};

/// Whether field `at` is most likely the rest of the URI that ends the field before: no white space parts them, no known
/// name begins it, and the URI is one in which a semicolon may stand.
pub(super) fn is_cut_uri(record: &Record, protocol: Protocol, at: usize) -> bool {
    let Some((before, field)) =
        at.checked_sub(1).and_then(|before| Some((record.fields().get(before)?, record.fields().get(at)?)))
    else {
        return false;
    };
    let known = matches!(record.name(field).to_ascii_lowercase().as_slice(), b"rua" | b"ruf" | b"v");
    if protocol != Protocol::Tlsrpt
        || record.name(before) != b"rua"
        || before.delim().len() != 1
        || field.content().is_empty()
        || known
        || is_uri(&String::from_utf8_lossy(record.of_span(field.content())))
    {
        return false;
    }
    let last = members(record.text(), before.value()).last();
    last.is_some_and(|last| {
        let uri = record.of_span(last.span);
        match last.kind {
            Ok(Target::Https) => {
                let after_host = uri.iter().skip("https://".len());
                after_host.into_iter().any(|b| matches!(b, b'/' | b'?'))
            }
            Ok(Target::Mail) => uri.contains(&b'?'),
            Ok(Target::NoAddress) => !uri.contains(&b'@'),
            _ => false,
        }
    })
}

pub(super) static SCHEME: Rule = Rule {
    id: "rpt-rua-scheme",
    what: "a URI in `rua` that no sender can report to",
    why: "reports go by `mailto:` to an address or by `https:` to a host; with no such URI left nobody reports",
    instead: "write `mailto:` and an address, or `https://` and a host",
    bad: Example::Tlsrpt("v=TLSRPTv1; rua=http://reports.example.com/v1/tls"),
    good: Example::Tlsrpt("v=TLSRPTv1; rua=https://reports.example.com/v1/tls"),
    check: Check::Records(Some(Protocol::Tlsrpt), |set, out| {
        for (subject, record, _, list) in lists(set) {
            let is_one_left = record.members().iter().any(Member::is_usable);
            for member in list {
                let uri = record.of_span(member.span);
                let shown = quote(uri);
                let message = match member.kind {
                    Ok(Target::OtherScheme) => format!("{shown} is neither `mailto:` nor `https:`"),
                    Ok(Target::NoAddress) => format!("{shown} holds no address that mail goes to"),
                    Ok(Target::NoHost) => format!("{shown} names no host"),
                    _ => continue,
                };
                let finding = out.report_at(subject, member.span, format_args!("{message}"));
                if is_one_left {
                    finding.severity(Severity::Warning).consequence(Consequence::Disputed);
                }
                if let Some(better) = better(uri) {
                    offer(finding, member.span, better);
                }
            }
        }
    }),
    ..BASE
};

/// The URI that was meant by one whose scheme is nearly right.
fn better(uri: &[u8]) -> Option<String> {
    let text = str::from_utf8(uri).ok()?;
    for (wrong, right) in [("http://", "https://"), ("mailto://", "mailto:"), ("mailto=", "mailto:")] {
        if let Some(rest) = text.strip_prefix(wrong) {
            return Some([right, rest].concat()).filter(|better| is_uri(better));
        }
    }
    None
}

/// Offers another URI.
fn offer(finding: &mut Finding, span: Span, uri: String) {
    finding.instead(format!("write `{uri}`")).fix(Fix::likely(Edit::replace(span, uri)));
}

pub(super) static DUP: Rule = Rule {
    id: "rpt-dup-rua",
    severity: Severity::Warning,
    consequence: Consequence::Disputed,
    what: "more than one `rua` field",
    why: "RFC 8460 does not say which counts; some senders use all, others the first or the last",
    instead: "join them into one `rua`, parted by commas",
    bad: Example::Tlsrpt("v=TLSRPTv1; rua=mailto:a@example.com; rua=mailto:b@example.com"),
    good: Example::Tlsrpt("v=TLSRPTv1; rua=mailto:a@example.com,mailto:b@example.com"),
    check: Check::Records(Some(Protocol::Tlsrpt), |set, out| {
        for (subject, record) in left(set) {
            let is_rua = |(_, field): &(usize, &Field)| {
                record.name(field) == b"rua" && field.gap().is_empty() && record.fault(field).is_none()
            };
            let mut all = record.fields().iter().enumerate().filter(is_rua);
            let Some((_, first)) = all.next() else { continue };
            let again: Vec<(usize, &Field)> = all.collect();
            let Some((_, second)) = again.first() else { continue };
            let finding = out.report_at(
                subject,
                second.content(),
                format_args!("`rua` stands {} times", again.len() + 1),
            );
            finding.also(again.iter().skip(1).take(100).map(|(_, field)| field.content()));
            let mut values = String::new();
            for (_, field) in &again {
                values.push(',');
                values.push_str(&String::from_utf8_lossy(record.value(field)));
            }
            // Octets that are not UTF-8 cannot be moved.
            if values.contains(char::REPLACEMENT_CHARACTER) {
                continue;
            }
            let mut edits = vec![Edit::insert(first.value().end, values)];
            edits.extend(again.iter().map(|(at, _)| without(record, *at)));
            // The first repeat begins where the first field ends: one edit, not two at one place.
            if edits[1].span.start == edits[0].span.start {
                let inserted = edits.remove(0);
                edits[0].text = inserted.text;
            }
            finding.fix(Fix::likely(edits));
        }
    }),
    ..BASE
};

pub(super) static HTTPS_POST: Rule = Rule {
    id: "rpt-https-post",
    severity: Severity::Info,
    consequence: Consequence::Practice,
    rfc: "RFC 8460 §3, §5.4",
    what: "reports by HTTPS",
    why: "the host must take POST requests and answer 2xx; senders may overlook faults of its certificate",
    instead: "accept `application/tlsrpt+gzip` and `application/tlsrpt+json`",
    bad: Example::Tlsrpt("v=TLSRPTv1; rua=https://reports.example.com/v1/tls"),
    check: Check::Records(Some(Protocol::Tlsrpt), |set, out| {
        for (subject, record) in left(set) {
            if let Some(member) = record.members().iter().find(|member| member.kind == Ok(Target::Https)) {
                let uri = quote(record.of_span(member.span));
                out.report_at(subject, member.span, format_args!("{uri} must take POST requests"));
            }
        }
    }),
    ..BASE
};

pub(super) static MAILTO_SAME_DOMAIN: Rule = Rule {
    id: "rpt-mailto-same-domain",
    severity: Severity::Info,
    consequence: Consequence::Practice,
    what: "reports go only to the domain they are about",
    why: "senders deliver reports by mail in spite of TLS faults, but while the domain's mail is down none arrives",
    instead: "add an address in another domain, or an `https:` URI",
    bad: Example::Evidence("_smtp._tls.example.com. TXT \"v=TLSRPTv1; rua=mailto:tls@example.com\"\n"),
    check: Check::Case(|case, out| {
        let (Some(set), Some(domain)) = (case.tlsrpt, &case.evidence.domain) else { return };
        let Some((subject, record)) = only(set) else { return };
        let mut usable = record.members().iter().filter(|member| member.is_usable());
        let is_own = |member: &Member| {
            member.kind == Ok(Target::Mail)
                && member.domain(record.text()).is_some_and(|to| is_within(&to, domain))
        };
        let Some(first) = usable.next() else { return };
        if is_own(first) && usable.all(is_own) {
            let message = format_args!("reports on `{}` go only to itself", domain.as_str());
            out.report_at(subject, first.span, message);
        }
    }),
    ..BASE
};

pub(super) static EXTERNAL: Rule = Rule {
    id: "rpt-external",
    severity: Severity::Info,
    consequence: Consequence::Practice,
    rfc: "RFC 8460 §7",
    what: "reports go to another domain",
    why: "unlike for DMARC, no record of that domain has to allow it",
    instead: "nothing has to change; get the agreement of whoever receives them",
    bad: Example::Evidence(
        "_smtp._tls.example.com. TXT \"v=TLSRPTv1; rua=mailto:example@tls.example.net\"\n",
    ),
    check: Check::Case(|case, out| {
        let (Some(set), Some(domain)) = (case.tlsrpt, &case.evidence.domain) else { return };
        let Some((subject, record)) = only(set) else { return };
        let external = record.members().iter().find_map(|member| {
            let to = member.domain(record.text()).filter(|to| !is_within(to, domain))?;
            Some((member.span, to))
        });
        if let Some((span, to)) = external {
            let message = format_args!("reports go to {}, another domain", quote(to.as_bytes()));
            out.report_at(subject, span, message);
        }
    }),
    ..BASE
};

/// The one record that is left, if the set is usable.
fn only(set: &RecordSet) -> Option<(Subject, &Record)> {
    let at = set.records().iter().position(Record::is_left).filter(|_| set.is_usable())?;
    Some((subject(set, at), &set.records()[at]))
}

/// Whether a host or mail domain is the policy domain or below it.
fn is_within(name: &str, domain: &Domain) -> bool {
    let name = name.strip_suffix('.').unwrap_or(name);
    name.strip_suffix(domain.as_str()).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}
