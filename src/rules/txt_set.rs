//! Which of the records at a name a sender looks at: exactly one must begin with the version. Every other record is
//! dropped, for one reason each.

use super::records::{example, good, rfc, subject, whole};
use super::{Case, Check, Example, Findings, Rule};
use crate::evidence::{Lookup, Seen, TxtRecord};
use crate::finding::{Consequence, Edit, Finding, Fix, Severity, Subject};
use crate::model::record::{Head, MAX_RECORDS, is_blank, is_quote};
use crate::model::{Domain, Dropped, Mode, Protocol, Record, RecordSet, Standing};
use crate::quote::quote;
use crate::span::Span;
use alloc::borrow::ToOwned;
use alloc::format;
use alloc::string::String;
use alloc::string::ToString;
use alloc::vec;
use alloc::vec::Vec;
use core::fmt::{Arguments, Write};

pub(super) static TXT_MISSING: Rule = Rule {
    id: "txt-missing",
    severity: Severity::Error,
    consequence: Consequence::Refused,
    rfc: "RFC 8461 §3.1",
    what: "no TXT record at `_mta-sts`",
    why: "without it no sender looks for a policy; those that have one cached keep it until it expires",
    instead: "publish one TXT record at `_mta-sts` under the domain: `v=STSv1; id=20240315T120000`",
    bad: example(Protocol::Sts, "", ""),
    good: good(Protocol::Sts),
    check: Check::Case(|case, out| {
        if let Some(name) = missing(case.record, &case.evidence.record, case, Protocol::Sts) {
            let message = format_args!("there is no TXT record at `{name}`");
            out.report_on(Subject::RecordSet, message)
                .instead(format!("publish one TXT record at `{name}`: `v=STSv1; id=20240315T120000`"));
        }
    }),
};

pub(super) static RPT_MISSING: Rule = Rule {
    id: "rpt-missing",
    severity: Severity::Warning,
    consequence: Consequence::Practice,
    rfc: "RFC 8460 §3",
    what: "no TXT record at `_smtp._tls`",
    why: "nobody tells you when mail to the domain fails over TLS; mode testing has no other use",
    instead: "publish one TXT record at `_smtp._tls` under the domain (drafts used `_smtp-tlsrpt`): \
              `v=TLSRPTv1; rua=mailto:tls-reports@example.com`",
    bad: example(Protocol::Tlsrpt, "", ""),
    good: good(Protocol::Tlsrpt),
    check: Check::Case(|case, out| {
        let Some(name) = missing(case.tlsrpt, &case.evidence.tlsrpt, case, Protocol::Tlsrpt) else { return };
        let finding = out.report_on(Subject::TlsrptSet, format_args!("there is no TXT record at `{name}`"));
        let domain = case.evidence.domain.as_ref().map_or("example.com", Domain::as_str);
        finding.instead(format!(
            "publish one TXT record at `{name}`: `v=TLSRPTv1; rua=mailto:tls-reports@{domain}`"
        ));
        let wanted = match case.policy {
            Some(policy) => policy.mode() == Some(Mode::Testing),
            None => !case.record.is_some_and(RecordSet::is_empty),
        };
        if !wanted {
            finding.severity(Severity::Info);
        }
    }),
};

/// The name that has no record, if it was asked for and has none.
fn missing(
    set: Option<&RecordSet>,
    lookup: &Seen<Lookup<TxtRecord>>,
    case: &Case<'_>,
    protocol: Protocol,
) -> Option<String> {
    set.filter(|set| set.is_empty())?;
    let asked = lookup.yes().map(|lookup| lookup.name.clone()).filter(|name| !name.is_empty());
    let label = protocol.label();
    Some(asked.unwrap_or_else(|| match &case.evidence.domain {
        Some(domain) => format!("{label}.{}", domain.as_str()),
        None => label.to_owned(),
    }))
}

pub(super) static TXT_MULTIPLE: Rule = multiple(
    Protocol::Sts,
    "txt-multiple",
    "delete all but the one whose id is current",
    "v=STSv1; id=20240315T120000\nv=STSv1; id=20230101T000000",
    good(Protocol::Sts),
);
pub(super) static RPT_MULTIPLE: Rule = multiple(
    Protocol::Tlsrpt,
    "rpt-multiple",
    "publish one record; several addresses go into one `rua`, parted by commas",
    "v=TLSRPTv1; rua=mailto:tls-reports@example.com\nv=TLSRPTv1; rua=https://reports.example.com/v1/tls",
    Example::Tlsrpt("v=TLSRPTv1; rua=mailto:tls-reports@example.com,https://reports.example.com/v1/tls"),
);

const fn multiple(
    protocol: Protocol,
    id: &'static str,
    instead: &'static str,
    bad: &'static str,
    good: Example,
) -> Rule {
    Rule {
        id,
        severity: Severity::Error,
        consequence: Consequence::Refused,
        rfc: rfc(protocol),
        what: "more than one record with the version",
        why: "exactly one may begin with it, even if all say the same; with more, senders act as if there were none",
        instead,
        bad: example(protocol, bad, bad),
        good,
        check: Check::Records(Some(protocol), |set, out| {
            if set.left() < 2 {
                return;
            }
            let (left, prefix) = (set.left(), set.protocol.prefix());
            let mut message = format!("{left} records begin with `{prefix}`, where one must:");
            for (at, record) in set.records().iter().filter(|record| record.is_left()).take(4).enumerate() {
                let rest = record.text()[prefix.len()..].trim_ascii();
                // Writing to a String cannot fail.
                let _ = write!(message, "{} {}", if at == 0 { "" } else { "," }, quote(rest));
            }
            let finding = out.report_on(whole(set), format_args!("{message}"));
            let mut rua: Vec<String> = set
                .records()
                .iter()
                .flat_map(|record| record.members().iter().map(move |member| (record, member)))
                .filter(|(_, member)| member.is_usable())
                .map(|(record, member)| String::from_utf8_lossy(record.of_span(member.span)).into_owned())
                .take(8)
                .collect();
            rua.dedup();
            if !rua.is_empty() {
                finding.instead(format!("publish one record: `{prefix} rua={}`", rua.join(",")));
            }
            finding.fix = one_of(set);
        }),
    }
}

/// Leaves one of the records that begin with the version, if all of them were pasted: one of several that say the same,
/// the one whose id is the latest time, or the first with the addresses of all. The edits are places in the pasted text.
fn one_of(set: &RecordSet) -> Option<Fix> {
    let mut left = Vec::new();
    for record in set.records().iter().filter(|record| record.is_left()) {
        // None of those that come into question is longer than a string.
        left.push((record, record.lines().filter(|_| record.text().len() <= 255)?));
    }
    let (first, _) = *left.first().filter(|_| left.len() == set.left())?;
    let (mut kept, mut is_same, mut more) = (0, true, String::new());
    for (at, (record, _)) in left.iter().enumerate().skip(1) {
        is_same &= record.text() == first.text();
        match set.protocol {
            Protocol::Sts => {
                let (id, latest) = (time_id(record), time_id(left[kept].0));
                // Times of one form are in the order of their letters.
                if !is_same && id?.len() != latest?.len() {
                    return None;
                }
                if id > latest {
                    kept = at;
                }
            }
            Protocol::Tlsrpt => {
                for member in record.members().iter().filter(|member| member.is_usable()) {
                    let uri = str::from_utf8(record.of_span(member.span)).ok()?;
                    if !first.members().iter().any(|known| first.of_span(known.span) == uri.as_bytes()) {
                        more.extend([",", uri]);
                    }
                }
            }
        }
    }
    let mut edits = Vec::new();
    if !more.is_empty() {
        let rua = first.required().filter(|rua| first.fault(rua).is_none())?;
        let end = first.place(Span::point(rua.value().end)).start;
        edits.push(Edit::insert(
            end,
            first.write(&more).filter(|more| first.text().len() + more.len() <= 255)?,
        ));
    }
    for (at, (_, lines)) in left.iter().enumerate() {
        if at != kept {
            edits.push(Edit::delete(*lines));
        }
    }
    Some(if is_same { Fix::safe(edits) } else { Fix::likely(edits) })
}

/// The id of a record, if it begins with a date.
fn time_id(record: &Record) -> Option<&[u8]> {
    let id = record.value(record.required()?);
    (id.starts_with(b"20") && id.get(..8)?.iter().all(u8::is_ascii_digit)).then_some(id)
}

pub(super) static TXT_QUOTED: Rule = quoted(Protocol::Sts, "txt-quoted");
pub(super) static RPT_QUOTED: Rule = quoted(Protocol::Tlsrpt, "rpt-quoted");

const fn quoted(protocol: Protocol, id: &'static str) -> Rule {
    Rule {
        what: "quotes around the record",
        why: "the quotes of the zone-file form got into the data: the record does not begin with the version, \
              and senders ignore it",
        instead: "enter the value without quotes; where `dig` or a zone file only shows them around it, all is well",
        bad: example(
            protocol,
            "\"v=STSv1; id=20240315T120000\"",
            "\"v=TLSRPTv1; rua=mailto:tls-reports@example.com\"",
        ),
        check: Check::Records(Some(protocol), |set, out| {
            for (at, record, text) in dropped(set, Dropped::Quoted) {
                let start = text.len() - text.trim_start_matches(is_blank).len();
                let escaped = usize::from(text[start..].starts_with('\\'));
                let mark = text[start + escaped..].chars().next().unwrap_or('"');
                let open = Span::new(start as u32, (start + escaped + mark.len_utf8()) as u32);
                let end = text.trim_end_matches(is_blank);
                let inner = end.trim_end_matches(is_quote).trim_end_matches('\\');
                // Where octets were replaced to make a string of them, places in it are not the record's.
                let close = Span::new(inner.len() as u32, end.len() as u32);
                let first = quote(mark.encode_utf8(&mut [0; 4]).as_bytes()).to_string();
                let finding = report(
                    set,
                    out,
                    at,
                    open,
                    format_args!("the record begins with {first}, not with `{}`", set.protocol.prefix()),
                );
                if text.as_bytes() == record.text() {
                    let mut edits = vec![Edit::delete(open)];
                    if !close.is_empty() && close.start >= open.end {
                        finding.also([close]);
                        edits.push(Edit::delete(close));
                    }
                    put_right(set, finding, Fix::safe(edits));
                }
            }
        }),
        ..near_miss(protocol, id)
    }
}

pub(super) static TXT_LEADING_WSP: Rule = leading_wsp(Protocol::Sts, "txt-leading-wsp");
pub(super) static RPT_LEADING_WSP: Rule = leading_wsp(Protocol::Tlsrpt, "rpt-leading-wsp");

const fn leading_wsp(protocol: Protocol, id: &'static str) -> Rule {
    Rule {
        what: "white space before the version",
        why: "the record must begin with the version; senders ignore it",
        instead: "remove what stands before the version",
        bad: example(
            protocol,
            " v=STSv1; id=20240315T120000",
            " v=TLSRPTv1; rua=mailto:tls-reports@example.com",
        ),
        check: Check::Records(Some(protocol), |set, out| {
            for (at, _, text) in dropped(set, Dropped::LeadingWsp) {
                let rest = text.trim_start_matches(is_blank);
                let span = Span::new(0, (text.len() - rest.len()) as u32);
                let first = text.chars().next().unwrap_or(' ');
                let finding = report(
                    set,
                    out,
                    at,
                    span,
                    format_args!(
                        "{} stands before `{}`",
                        super::records::Named(first),
                        set.protocol.version()
                    ),
                );
                put_right(set, finding, Fix::safe(Edit::delete(span)));
            }
        }),
        ..near_miss(protocol, id)
    }
}

pub(super) static TXT_VERSION_ONLY: Rule =
    version_only(Protocol::Sts, "txt-version-only", "write an id after it: `v=STSv1; id=20240315T120000`");
pub(super) static RPT_VERSION_ONLY: Rule = version_only(
    Protocol::Tlsrpt,
    "rpt-version-only",
    "write an address after it: `v=TLSRPTv1; rua=mailto:tls-reports@example.com`",
);

const fn version_only(protocol: Protocol, id: &'static str, instead: &'static str) -> Rule {
    Rule {
        what: "the version and nothing else",
        why: "a semicolon and the required field must follow; senders ignore the record",
        instead,
        bad: example(protocol, "v=STSv1", "v=TLSRPTv1"),
        check: Check::Records(Some(protocol), |set, out| {
            for (at, record, _) in dropped(set, Dropped::VersionOnly) {
                let end = Span::point(record.text().len() as u32);
                let version = set.protocol.version();
                let finding = report(
                    set,
                    out,
                    at,
                    end,
                    format_args!("nothing follows `{version}`, not even a semicolon"),
                );
                if record.is_pasted() {
                    finding.instead.to_mut().push_str("; in a zone file put quotes around the whole value");
                }
            }
        }),
        ..near_miss(protocol, id)
    }
}

pub(super) static TXT_WSP_BEFORE_FIRST_SEMICOLON: Rule = Rule {
    what: "white space before the first semicolon",
    why: "the ABNF allows it, the rule that a record must begin with `v=STSv1;` does not; senders differ",
    instead: "write `v=STSv1;`",
    bad: example(Protocol::Sts, "v=STSv1 ; id=20240315T120000", ""),
    check: Check::Records(Some(Protocol::Sts), wsp_before_semicolon),
    ..near_miss(Protocol::Sts, "txt-wsp-before-first-semicolon")
};

fn wsp_before_semicolon(set: &RecordSet, out: &mut Findings) {
    for (at, _, text) in dropped(set, Dropped::WspBeforeSemicolon) {
        let start = text.len() - text.trim_start_matches(is_blank).len() + set.protocol.version().len();
        let len = text[start..].len() - text[start..].trim_start_matches([' ', '\t']).len();
        let span = Span::new(start as u32, (start + len) as u32);
        let version = set.protocol.version();
        let message = format_args!("white space stands between `{version}` and its semicolon");
        put_right(set, report(set, out, at, span, message), Fix::safe(Edit::delete(span)));
    }
}

pub(super) static TXT_VERSION_UNSUPPORTED: Rule = version_unsupported(
    Protocol::Sts,
    "txt-version-unsupported",
    "write `v=STSv1`; there is no other version",
);
pub(super) static RPT_VERSION_UNSUPPORTED: Rule = version_unsupported(
    Protocol::Tlsrpt,
    "rpt-version-unsupported",
    "write `v=TLSRPTv1`; there is no other version",
);

const fn version_unsupported(protocol: Protocol, id: &'static str, instead: &'static str) -> Rule {
    Rule {
        what: "a version that does not exist",
        why: "senders ignore records of a version they do not know",
        instead,
        bad: example(
            protocol,
            "v=STSv2; id=20240315T120000",
            "v=TLSRPTv2; rua=mailto:tls-reports@example.com",
        ),
        check: Check::Records(Some(protocol), |set, out| {
            head(set, Dropped::VersionUnsupported, out, "is no version: there is only", |head, _| {
                Some((head, set.protocol.version(), Fix::likely))
            });
        }),
        ..near_miss(protocol, id)
    }
}

pub(super) static TXT_VERSION_CASE: Rule =
    version_case(Protocol::Sts, "txt-version-case", "write exactly `v=STSv1`");
pub(super) static RPT_VERSION_CASE: Rule =
    version_case(Protocol::Tlsrpt, "rpt-version-case", "write exactly `v=TLSRPTv1`");

const fn version_case(protocol: Protocol, id: &'static str, instead: &'static str) -> Rule {
    Rule {
        rfc: match protocol {
            Protocol::Sts => "RFC 8461 §3.1, RFC 7405",
            Protocol::Tlsrpt => "RFC 8460 §3, RFC 7405",
        },
        what: "the version in the wrong letter case",
        why: "the version is a case-sensitive literal; senders ignore the record",
        instead,
        bad: example(
            protocol,
            "v=stsv1; id=20240315T120000",
            "v=tlsrptv1; rua=mailto:tls-reports@example.com",
        ),
        check: Check::Records(Some(protocol), |set, out| {
            head(set, Dropped::VersionCase, out, "is not", |head, _| {
                Some((head, set.protocol.version(), Fix::safe))
            });
        }),
        ..near_miss(protocol, id)
    }
}

pub(super) static TXT_VERSION_MALFORMED: Rule =
    version_malformed(Protocol::Sts, "txt-version-malformed", "begin with exactly `v=STSv1;`");
pub(super) static RPT_VERSION_MALFORMED: Rule =
    version_malformed(Protocol::Tlsrpt, "rpt-version-malformed", "begin with exactly `v=TLSRPTv1;`");

const fn version_malformed(protocol: Protocol, id: &'static str, instead: &'static str) -> Rule {
    Rule {
        what: "the version is badly joined",
        why: "the record must begin with the version, an equals sign without spaces in it, a semicolon after it; \
              senders ignore this one",
        instead,
        bad: example(
            protocol,
            "v = STSv1, id=20240315T120000",
            "v = TLSRPTv1, rua=mailto:tls-reports@example.com",
        ),
        check: Check::Records(Some(protocol), |set, out| {
            head(set, Dropped::VersionMalformed, out, "is not", |head, rest| {
                // What stands between the version and the next field: a comma, a backslash, a colon, white space.
                let between =
                    rest.len() - rest.trim_start_matches(|c| is_blank(c) || ";,:\\|".contains(c)).len();
                let span = Span::new(head.start, head.end + between as u32);
                Some((span, set.protocol.prefix(), Fix::likely))
            });
            if set.protocol == Protocol::Tlsrpt {
                wsp_before_semicolon(set, out);
            }
        }),
        ..near_miss(protocol, id)
    }
}

/// Reports records by the version they begin with; `remedy` says what to put in place of what.
fn head(
    set: &RecordSet,
    kind: Dropped,
    out: &mut Findings,
    verb: &str,
    remedy: impl Fn(Span, &str) -> Option<(Span, &'static str, fn(Option<Edit>) -> Fix)>,
) {
    for (at, record, text) in dropped(set, kind) {
        let visible = text.trim_start_matches(is_blank);
        let start = text.len() - visible.len();
        // The version alone, in another letter case, has no number to be read.
        let len = Head::read(set.protocol, visible).map_or(set.protocol.version().len(), |head| head.len);
        let span = Span::new(start as u32, (start + len) as u32);
        let rest = &text[start + len..];
        // One character more, where the version itself is right: it is what stands in the semicolon's place.
        let wrong = if visible[..len] == *set.protocol.version() { rest.chars().next() } else { None };
        let shown = &visible[..len + wrong.map_or(0, char::len_utf8)];
        let wanted = if wrong.is_some() { set.protocol.prefix() } else { set.protocol.version() };
        let finding =
            report(set, out, at, span, format_args!("{} {verb} `{wanted}`", quote(shown.as_bytes())));
        let Some((span, text_instead, sure)) = remedy(span, rest) else { continue };
        if text.as_bytes() == record.text() {
            let space =
                if text_instead.ends_with(';') && (span.end as usize) < text.len() { " " } else { "" };
            put_right(set, finding, sure(Some(Edit::replace(span, format!("{text_instead}{space}")))));
        }
    }
}

pub(super) static TXT_VERSION_NOT_FIRST: Rule = version_not_first(Protocol::Sts, "txt-version-not-first");
pub(super) static RPT_VERSION_NOT_FIRST: Rule = version_not_first(Protocol::Tlsrpt, "rpt-version-not-first");

const fn version_not_first(protocol: Protocol, id: &'static str) -> Rule {
    Rule {
        what: "the version is not the first field",
        why: "the record must begin with the version; senders ignore it",
        instead: "put the version first; the order of the rest is free",
        bad: example(
            protocol,
            "id=20240315T120000; v=STSv1",
            "rua=mailto:tls-reports@example.com; v=TLSRPTv1",
        ),
        check: Check::Records(Some(protocol), |set, out| {
            for (at, record, text) in dropped(set, Dropped::VersionNotFirst) {
                let version = set.protocol.version();
                let is_version = |field: &str| field.trim_matches(is_blank).eq_ignore_ascii_case(version);
                let fields = record.all_fields();
                let content = |at: usize| String::from_utf8_lossy(record.of_span(fields[at].content()));
                let Some(field) = (1..fields.len()).find(|at| is_version(&content(*at))) else { continue };
                let span = fields[field].content();
                let finding = report(set, out, at, span, format_args!("`{version}` is not the first field"));
                let taken = Span::new(fields[field - 1].delim().start, fields[field].delim().start);
                let start = fields[0].content().start;
                if text.as_bytes() == record.text() && !fields[0].content().is_empty() {
                    let version = Edit::insert(start, format!("{} ", set.protocol.prefix()));
                    put_right(set, finding, Fix::safe([version, Edit::delete(taken)]));
                }
            }
        }),
        ..near_miss(protocol, id)
    }
}

pub(super) static TXT_UNRELATED: Rule = unrelated(Protocol::Sts, "txt-unrelated");
pub(super) static RPT_UNRELATED: Rule = unrelated(Protocol::Tlsrpt, "rpt-unrelated");

const fn unrelated(protocol: Protocol, id: &'static str) -> Rule {
    Rule {
        what: "a TXT record of another kind at this name",
        why: "senders must ignore it, but some count or join all TXT records they find here",
        instead: "move it to where it belongs; if nobody put it here, look for a DNS wildcard",
        bad: example(protocol, "v=spf1 -all", "v=DMARC1; p=none; rua=mailto:tls-reports@example.com"),
        check: Check::Records(Some(protocol), |set, out| {
            for (at, record, text) in dropped(set, Dropped::Unrelated) {
                let hint = Hint::of(set.protocol, &text);
                let end = record.all_fields().first().map_or(0, |field| field.content().end);
                let span = hint.span.unwrap_or(Span::new(0, end));
                let finding = match text.as_str() {
                    "" => report(set, out, at, span, format_args!("the record {}", hint.is)),
                    _ => report(set, out, at, span, format_args!("{} {}", quote(record.text()), hint.is)),
                };
                if let Some(instead) = hint.instead {
                    finding.instead(instead);
                }
                let is_alone = set.records().len() == 1;
                if let Some(edit) = hint.edit.filter(|_| is_alone && text.as_bytes() == record.text()) {
                    put_right(set, finding, Fix::likely(edit));
                }
            }
            if set.beyond() > 0 {
                let message = format_args!(
                    "{} more records beyond the first {MAX_RECORDS} were only counted",
                    set.beyond()
                );
                lower(set, out.report_on(whole(set), message));
            }
        }),
        ..near_miss(protocol, id)
    }
}

/// What a record is that is none of ours.
struct Hint {
    is: String,
    span: Option<Span>,
    instead: Option<String>,
    edit: Option<Edit>,
}

impl Hint {
    fn of(protocol: Protocol, text: &str) -> Self {
        let version = protocol.version();
        let other = match protocol {
            Protocol::Sts => Protocol::Tlsrpt,
            Protocol::Tlsrpt => Protocol::Sts,
        };
        let lower = text.trim_matches(|c| is_blank(c) || is_quote(c)).to_ascii_lowercase();
        let plain = |is: String, instead: Option<String>| Self { is, span: None, instead, edit: None };
        let record = |name: &str, place: &str| {
            plain(
                format!("is {name}"),
                Some(format!("move it {place}; if nobody put it here, look for a DNS wildcard")),
            )
        };
        let begins = |start: &str| lower.starts_with(&start.to_ascii_lowercase());
        let word = protocol.version_word().trim_end_matches('v').to_ascii_lowercase();
        if text.is_empty() {
            plain("is empty".into(), Some("delete it".into()))
        } else if begins(other.version()) {
            let name = if other == Protocol::Sts { "an MTA-STS record" } else { "a TLSRPT record" };
            record(name, &format!("to `{}`", other.label()))
        } else if begins("v=spf1") {
            record("an SPF record", "to the domain itself")
        } else if begins("v=dmarc1") {
            record("a DMARC record", "to `_dmarc`")
        } else if begins("v=dkim1") {
            record("a DKIM key", "to its selector below `_domainkey`")
        } else if begins("version:") || begins("mode:") || begins("mx:") || begins("max_age:") {
            let place = "put it into the policy file, and publish here `v=STSv1; id=20240315T120000`";
            plain("is a line of a policy".into(), Some(place.into()))
        } else if begins(&version[2..]) {
            // `STSv1; id=…`
            let start = (text.len() - text.trim_start_matches(|c| is_blank(c) || is_quote(c)).len()) as u32;
            let edit = Edit::replace(Span::new(0, start + version.len() as u32 - 2), version);
            Self {
                is: format!("lacks `v=` before `{}`", &version[2..]),
                span: Some(Span::point(start)),
                instead: Some(format!("begin with `{}`", protocol.prefix())),
                edit: Some(edit),
            }
        } else if let Some(len) = Self::misspelt(text, &word) {
            let span = Span::new(0, len as u32);
            Self {
                is: format!("begins with a misspelt `{version}`"),
                span: Some(span),
                instead: Some(format!("begin with `{}`", protocol.prefix())),
                edit: Some(Edit::replace(span, version)),
            }
        } else if let Some(at) = text.to_ascii_lowercase().find(&version.to_ascii_lowercase()) {
            let before = Span::new(0, at as u32);
            Self {
                is: format!("has something before `{version}`"),
                span: Some(before),
                instead: Some(format!("enter the value alone, beginning with `{}`", protocol.prefix())),
                // A field before the version is no mere name, type or word.
                edit: (!text[..at].contains('=')).then(|| Edit::delete(before)),
            }
        } else {
            plain(format!("does not begin with `{}`", protocol.prefix()), None)
        }
    }

    /// The length of the first field, if it is `v=` and a word with the letters of the version's: `v=STS1`.
    fn misspelt(text: &str, word: &str) -> Option<usize> {
        let field = text.split([';', ' ', '\t', ',']).next().unwrap_or_default();
        let value = field.strip_prefix("v=")?.to_ascii_lowercase();
        (value.len() < 16 && value.contains(word)).then_some(field.len())
    }
}

/// What the rules about dropped records have in common.
const fn near_miss(protocol: Protocol, id: &'static str) -> Rule {
    Rule {
        id,
        severity: Severity::Error,
        consequence: Consequence::Refused,
        rfc: rfc(protocol),
        what: "",
        why: "",
        instead: "",
        bad: good(protocol),
        good: good(protocol),
        check: Check::Records(Some(protocol), |_, _| {}),
    }
}

/// The records dropped for this reason, with their place in the set and their text; what is not UTF-8 in it is replaced.
#[inline(never)]
fn dropped(set: &RecordSet, kind: Dropped) -> Vec<(usize, &Record, String)> {
    let is = |(_, record): &(usize, &Record)| record.standing == Standing::Dropped(kind);
    let text = |record: &Record| String::from_utf8_lossy(record.text()).into_owned();
    set.records().iter().enumerate().filter(is).map(|(at, record)| (at, record, text(record))).collect()
}

/// Reports a dropped record: an error if that leaves none, otherwise a warning.
fn report<'f>(
    set: &RecordSet,
    out: &'f mut Findings,
    at: usize,
    span: Span,
    message: Arguments<'_>,
) -> &'f mut Finding {
    // Where octets were replaced to make a string of the record, it is longer than the record.
    let end = set.records()[at].text().len() as u32;
    let span = Span::new(span.start.min(end), span.end.min(end));
    lower(set, out.report_at(subject(set, at), span, message))
}

/// Offers to make of a record that is dropped the one that counts, where no other may be that one.
fn put_right(set: &RecordSet, finding: &mut Finding, fix: Fix) {
    let near_misses = set
        .records()
        .iter()
        .filter(|record| matches!(record.standing, Standing::Dropped(kind) if kind != Dropped::Unrelated));
    if set.left() == 0 && near_misses.count() <= 1 {
        finding.fix(fix);
    }
}

fn lower<'f>(set: &RecordSet, finding: &'f mut Finding) -> &'f mut Finding {
    if set.left() > 0 {
        finding.severity(Severity::Warning).consequence(Consequence::Disputed);
    }
    finding
}
