//! How the policy host answers (RFC 8461 §3.2, §3.3), as far as it was seen.

use super::{Case, Check, Example, Rule};
use crate::evidence::{Hidden, Reply, Seen};
use crate::finding::{Consequence, Severity, Subject};
use crate::model::RecordSet;
use crate::quote::quote;

/// A whole reply as it should be.
const GOOD: Example = Example::Evidence(
    "_mta-sts.example.com. TXT \"v=STSv1; id=20240315T120000\"\nmta-sts.example.com. A 192.0.2.1\n\n\
     HTTP/1.1 200 OK\nContent-Type: text/plain; charset=utf-8\n\n\
     version: STSv1\nmode: enforce\nmx: mx1.example.com\nmax_age: 1209600\n",
);

pub(super) static HOST_DNS: Rule = Rule {
    id: "http-host-dns",
    severity: Severity::Error,
    consequence: Consequence::Refused,
    rfc: "RFC 8461 §3.3",
    what: "the policy host has no address",
    why: "senders fetch the policy from the name `mta-sts` under the domain and from nowhere else",
    instead: "create A or AAAA records at this name, or a CNAME to a host that has them",
    bad: Example::Evidence(
        "_mta-sts.example.com. TXT \"v=STSv1; id=20240315T120000\"\nmta-sts.example.com. NXDOMAIN\n",
    ),
    good: GOOD,
    check: Check::Case(|case, out| {
        let Some(host) = case.evidence.policy_host.yes().filter(|host| host.has_none()) else { return };
        // Without a record nobody looks for the host.
        if case.record.is_some_and(RecordSet::is_empty) {
            return;
        }
        let name = quote(host.host.as_bytes());
        let alias = host.lookups().find_map(|lookup| lookup.aliases.last());
        if let Some(alias) = alias {
            let to = quote(alias.to.as_bytes());
            out.report_on(
                Subject::PolicyHost,
                format_args!("{name} is an alias for {to}, which has no address"),
            )
            .instead("point the alias at a host that has an address");
        } else {
            out.report_on(Subject::PolicyHost, format_args!("{name} has no address"));
        }
    }),
};

pub(super) static STATUS: Rule = Rule {
    id: "http-status",
    severity: Severity::Error,
    consequence: Consequence::Refused,
    rfc: "RFC 8461 §3.3",
    what: "the policy host answers with another status than 200",
    why: "senders take any other code, 2xx too, for the absence of a policy",
    instead: "serve the policy with status 200 at exactly `/.well-known/mta-sts.txt`",
    bad: Example::Evidence(
        "_mta-sts.example.com. TXT \"v=STSv1; id=20240315T120000\"\nmta-sts.example.com. A 192.0.2.1\n\n\
         HTTP/1.1 404 Not Found\nContent-Type: text/html\n\n<h1>Not Found</h1>\n",
    ),
    good: GOOD,
    check: Check::Case(|case, out| {
        let Some(reply) = fetched(case).filter(|reply| reply.redirect.is_none()) else { return };
        if let Some(status) = reply.status.filter(|status| *status != 200) {
            let found =
                out.report_on(Subject::PolicyHost, format_args!("the policy host answers HTTP {status}"));
            if matches!(status, 401 | 403 | 429) {
                found.instead(
                    "let everybody fetch the policy: mail servers neither log in nor pass a bot check",
                );
            }
        }
    }),
};

pub(super) static REDIRECT: Rule = Rule {
    id: "http-redirect",
    severity: Severity::Error,
    consequence: Consequence::Refused,
    rfc: "RFC 8461 §3.3",
    what: "the policy host redirects",
    why: "senders do not follow a redirect: to them there is no policy",
    instead: "serve the file right at this URL: no redirect to the main site, to another spelling or to another host",
    bad: Example::Evidence(
        "_mta-sts.example.com. TXT \"v=STSv1; id=20240315T120000\"\nmta-sts.example.com. A 192.0.2.1\n\n\
         HTTP/1.1 301 Moved Permanently\nLocation: https://www.example.com/.well-known/mta-sts.txt\n",
    ),
    good: GOOD,
    check: Check::Case(|case, out| {
        let Some(redirect) = fetched(case).and_then(|reply| reply.redirect.as_ref()) else { return };
        match &redirect.location {
            Some(to) => out.report_on(
                Subject::PolicyHost,
                format_args!("the policy host redirects to {}", quote(to.as_bytes())),
            ),
            None => out.report_on(Subject::PolicyHost, format_args!("the policy host redirects")),
        };
    }),
};

pub(super) static CONTENT_TYPE: Rule = Rule {
    id: "http-content-type",
    severity: Severity::Error,
    consequence: Consequence::Refused,
    rfc: "RFC 8461 §3.2",
    what: "the policy is not served as `text/plain`",
    why: "senders should insist on `text/plain`, so that a page of somebody else's is not taken for a policy; \
          postfix-mta-sts-resolver, postfix-tlspol, maddy, KumoMTA and chasquid do",
    instead: "set `Content-Type: text/plain; charset=utf-8`",
    bad: Example::Evidence(
        "_mta-sts.example.com. TXT \"v=STSv1; id=20240315T120000\"\nmta-sts.example.com. A 192.0.2.1\n\n\
         HTTP/1.1 200 OK\nContent-Type: application/octet-stream\n\n\
         version: STSv1\nmode: enforce\nmx: mx1.example.com\nmax_age: 1209600\n",
    ),
    good: GOOD,
    check: Check::Case(|case, out| {
        let Some(content_type) = content_type(case) else { return };
        if content_type.is_empty() {
            out.report_on(Subject::PolicyHost, format_args!("the policy is served without a `Content-Type`"));
        } else if !media_type(content_type).eq_ignore_ascii_case("text/plain") {
            let served = quote(content_type.as_bytes());
            out.report_on(Subject::PolicyHost, format_args!("the policy is served as {served}"));
        } else if media_type(content_type) != "text/plain" {
            // By RFC 9110 §8.3.1 letter case does not count.
            let served = quote(media_type(content_type).as_bytes());
            out.report_on(
                Subject::PolicyHost,
                format_args!("the policy is served as {served}, and some senders mind the letter case"),
            )
            .severity(Severity::Warning)
            .consequence(Consequence::Disputed);
        }
    }),
};

pub(super) static CHARSET: Rule = Rule {
    id: "http-charset",
    severity: Severity::Warning,
    consequence: Consequence::Disputed,
    rfc: "RFC 8461 §3.2",
    what: "the `charset` is neither `utf-8` nor `us-ascii`",
    why: "only these two mean anything; any other is ignored, and some senders may read the text by it",
    instead: "set `Content-Type: text/plain; charset=utf-8`",
    bad: Example::Evidence(
        "_mta-sts.example.com. TXT \"v=STSv1; id=20240315T120000\"\nmta-sts.example.com. A 192.0.2.1\n\n\
         HTTP/1.1 200 OK\nContent-Type: text/plain; charset=iso-8859-1\n\n\
         version: STSv1\nmode: enforce\nmx: mx1.example.com\nmax_age: 1209600\n",
    ),
    good: GOOD,
    check: Check::Case(|case, out| {
        let Some(charset) = content_type(case).and_then(charset) else { return };
        if !["utf-8", "us-ascii"].iter().any(|known| charset.eq_ignore_ascii_case(known)) {
            let charset = quote(charset.as_bytes());
            out.report_on(Subject::PolicyHost, format_args!("the policy is served with charset {charset}"));
        }
    }),
};

/// How long the most impatient sender waits, in milliseconds (postfix-tlspol).
const IMPATIENT: u32 = 2_000;
/// From here on several senders give up, in milliseconds.
const SLOW: u32 = 5_000;
/// From here on senders give up that wait as long as RFC 8461 §3.3 suggests, in milliseconds.
const TOO_SLOW: u32 = 60_000;

pub(super) static TIMEOUT: Rule = Rule {
    id: "http-timeout",
    severity: Severity::Warning,
    consequence: Consequence::Disputed,
    rfc: "RFC 8461 §3.3",
    what: "the policy takes long to arrive",
    why: "a sender waits for the whole of it, a minute at most; some wait 2 to 15 seconds only",
    instead: "serve it as a plain file, which takes no time to make",
    bad: Example::Evidence(
        "_mta-sts.example.com. TXT \"v=STSv1; id=20240315T120000\"\nmta-sts.example.com. A 192.0.2.1\n\n\
         GET https://mta-sts.example.com/.well-known/mta-sts.txt took 6.2 s\n\
         HTTP/1.1 200 OK\nContent-Type: text/plain\n\n\
         version: STSv1\nmode: enforce\nmx: mx1.example.com\nmax_age: 1209600\n",
    ),
    good: GOOD,
    check: Check::Case(|case, out| {
        let (millis, message) = match &case.evidence.policy {
            Seen::Hidden(Hidden::Timeout(millis)) => (*millis, "gave no complete reply within"),
            Seen::Yes(Reply { millis: Some(millis), .. }) => (*millis, "needed"),
            _ => return,
        };
        if millis > IMPATIENT {
            let (seconds, tenths) = (millis / 1000, millis % 1000 / 100);
            let found = out.report_on(
                Subject::PolicyHost,
                format_args!("the policy host {message} {seconds}.{tenths} s, seen from here"),
            );
            if millis >= TOO_SLOW {
                found.severity(Severity::Error).consequence(Consequence::Refused);
            } else if millis < SLOW {
                found.severity(Severity::Info);
            }
        }
    }),
};

pub(super) static ENCODING: Rule = Rule {
    id: "http-encoding",
    severity: Severity::Warning,
    consequence: Consequence::Disputed,
    rfc: "RFC 9110 §8.4",
    what: "the policy is compressed for a client that did not ask for it",
    why: "a sender that does not ask for compression may read the octets as they come, and finds no policy in them",
    instead: "compress only for clients that send `Accept-Encoding`, or never: the file is small",
    bad: Example::Evidence(
        "_mta-sts.example.com. TXT \"v=STSv1; id=20240315T120000\"\nmta-sts.example.com. A 192.0.2.1\n\n\
         HTTP/1.1 200 OK\nContent-Type: text/plain\nContent-Encoding: gzip\n\n\
         version: STSv1\nmode: enforce\nmx: mx1.example.com\nmax_age: 1209600\n",
    ),
    good: GOOD,
    check: Check::Case(|case, out| {
        let encoding = fetched(case).and_then(|reply| reply.content_encoding.as_deref());
        let Some(encoding) = encoding.filter(|encoding| !encoding.eq_ignore_ascii_case("identity")) else {
            return;
        };
        let encoding = quote(encoding.as_bytes());
        out.report_on(Subject::PolicyHost, format_args!("the policy is served with encoding {encoding}"));
    }),
};

/// The reply, if it came over the network.
fn fetched<'a>(case: &Case<'a>) -> Option<&'a Reply> {
    case.evidence.policy.yes().filter(|reply| reply.is_fetched())
}

/// The `Content-Type` of what a sender would take for the policy: that of an error page does not matter.
fn content_type<'a>(case: &Case<'a>) -> Option<&'a str> {
    fetched(case).filter(|reply| reply.holds_policy())?.content_type.as_deref()
}

/// `type "/" subtype` (RFC 9110 §8.3.1).
fn media_type(content_type: &str) -> &str {
    content_type.split(';').next().unwrap_or(content_type).trim()
}

/// The value of the parameter `charset`, without its quotes (RFC 9110 §8.3.2).
fn charset(content_type: &str) -> Option<&str> {
    content_type.split(';').skip(1).find_map(|parameter| {
        let (name, value) = parameter.trim().split_once('=')?;
        name.eq_ignore_ascii_case("charset").then(|| value.trim_matches('"'))
    })
}

#[cfg(test)]
mod tests {
    use crate::evidence::Evidence;
    use crate::finding::Severity::{self, Error, Info, Warning};

    #[track_caller]
    fn reply(text: &str, expected: &[(Severity, &str, &str)]) {
        let notation = format!("mta-sts.example.com. A 192.0.2.1\n\n{text}");
        let evidence = Evidence::from_notation(&notation).unwrap();
        let findings = crate::Reading::of(&evidence).findings();
        let found: Vec<_> = findings
            .iter()
            .filter(|finding| finding.rule.id.starts_with("http-"))
            .map(|finding| (finding.severity, finding.rule.id, &*finding.message))
            .collect();
        assert_eq!(found, expected, "{text:?}");
    }

    #[test]
    fn the_type_is_told_by_its_parts() {
        let served = |content_type: &str| {
            format!(
                "HTTP/1.1 200 OK\nContent-Type: {content_type}\n\nversion: STSv1\nmode: none\nmax_age: 0\n"
            )
        };
        let charset = "the policy is served with charset `latin1`";
        reply(&served("text/plain"), &[]);
        reply(&served("text/plain;charset=\"UTF-8\""), &[]); // neither case nor quotes of a charset count
        let case = "the policy is served as `Text/Plain`, and some senders mind the letter case";
        reply(&served("Text/Plain"), &[(Warning, "http-content-type", case)]); // KumoMTA does
        reply(&served("text/plain ; format=flowed; charset=us-ascii"), &[]); // other parameters are ignored
        reply(&served("text/plain; charset=latin1"), &[(Warning, "http-charset", charset)]);
        reply(
            &served("text/plainer"),
            &[(Error, "http-content-type", "the policy is served as `text/plainer`")],
        );
        let missing = "the policy is served without a `Content-Type`";
        reply("HTTP/1.1 200 OK\n\nversion: STSv1\n", &[(Error, "http-content-type", missing)]);
    }

    #[test]
    fn a_host_is_missed_only_where_a_record_asks_for_it() {
        let host = |record: &str| {
            let notation = format!("{record}mta-sts.example.com. NXDOMAIN\n");
            let evidence = Evidence::from_notation(&notation).unwrap();
            crate::Reading::of(&evidence).findings().iter().any(|finding| finding.rule.id == "http-host-dns")
        };
        assert!(host("_mta-sts.example.com. TXT \"v=STSv1; id=1\"\n"));
        assert!(host("_mta-sts.example.com. SERVFAIL\n")); // there may be one
        assert!(!host("_mta-sts.example.com. NXDOMAIN\n"));
    }

    #[test]
    fn only_200_is_a_policy() {
        let status = |status| format!("HTTP/1.1 {status} X\nContent-Type: text/html\n\n<h1>");
        reply(&status(203), &[(Error, "http-status", "the policy host answers HTTP 203")]); // its type does not matter
        reply(&status(304), &[(Error, "http-status", "the policy host answers HTTP 304")]); // leads nowhere: no redirect
        reply(
            "HTTP/1.1 308 X\nLocation: /x",
            &[(Error, "http-redirect", "the policy host redirects to `/x`")],
        );
        reply("GET https://x redirected", &[(Error, "http-redirect", "the policy host redirects")]); // where to is hidden
        reply("GET https://x hidden: no-cors", &[]); // what cannot be seen is no fault
        reply("version: STSv1\n", &[]); // given by hand: nothing is known of the host
    }

    #[test]
    fn time_counts_from_two_seconds_on() {
        let took = |time| {
            format!("GET https://x took {time} s\nHTTP/1.1 200 OK\nContent-Type: text/plain\n\nx: y\n")
        };
        let slow = |time| format!("the policy host needed {time} s, seen from here");
        reply(&took("2"), &[]); // as long as the most impatient sender waits
        reply(&took("4.999"), &[(Info, "http-timeout", &slow("4.9"))]);
        reply(&took("5"), &[(Warning, "http-timeout", &slow("5.0"))]);
        reply(&took("59.99"), &[(Warning, "http-timeout", &slow("59.9"))]);
        reply(&took("60"), &[(Error, "http-timeout", &slow("60.0"))]);
        let none = "the policy host gave no complete reply within 10.0 s, seen from here";
        reply("GET https://x hidden: timeout", &[(Warning, "http-timeout", none)]); // our own limit
    }
}
