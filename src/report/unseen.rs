//! What could not be seen: why, and the one thing to do next.

use super::verdict::hidden_because;
use super::{NotSeen, StopId, rcode};
use crate::evidence::{Lookup, Outcome, Seen};
use crate::gather::policy_url;
use crate::model::Mode;
use crate::review::Reading;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

/// Rules about the policy host that need its reply.
const HTTP_RULES: &[&str] =
    &["http-status", "http-content-type", "http-charset", "http-redirect", "http-size"];
/// Rules about the policy host's certificate, as a mail server sees it.
const TLS_POLICY_RULES: &[&str] =
    &["tls-policy-name", "tls-policy-chain", "tls-policy-expired", "tls-policy-sni", "tls-version"];
/// Rules about the MX hosts that need an SMTP connection.
const TLS_MX_RULES: &[&str] =
    &["tls-mx-starttls", "tls-mx-name", "tls-mx-chain", "tls-mx-expired", "tls-mx-sni", "tls-version"];

/// The most MX hosts for which a command is given.
const MAX_COMMANDS: usize = 5;

/// Everything that could not be seen, in the order in which a sender meets it.
pub(super) fn not_seen(reading: &Reading<'_>) -> Vec<NotSeen> {
    let evidence = reading.evidence;
    let mut list = Vec::new();
    lookup(&mut list, StopId::Record, "TXT", "the `_mta-sts` record", &evidence.record);
    policy(&mut list, reading);
    lookup(&mut list, StopId::Mx, "MX", "the MX records", &evidence.mx);
    mx_hosts(&mut list, reading);
    lookup(&mut list, StopId::Reports, "TXT", "the TLSRPT record", &evidence.tlsrpt);
    list
}

/// A lookup that gave no answer.
fn lookup<T>(list: &mut Vec<NotSeen>, stop: StopId, kind: &str, what: &str, seen: &Seen<Lookup<T>>) {
    let Some(lookup) = seen.yes() else { return };
    let why = match &lookup.outcome {
        Outcome::Failed { rcode: code } => {
            format!("the resolver answered {} for `{}`", rcode(*code), lookup.name)
        }
        Outcome::Unreachable { reason } => format!("no resolver answered for `{}`: {reason}", lookup.name),
        Outcome::Found { .. } | Outcome::Empty | Outcome::NoSuchName => return,
    };
    list.push(NotSeen {
        stop,
        what: what.into(),
        why,
        next: "check again, with another resolver if it persists".into(),
        command: for_shell(&lookup.name).then(|| format!("dig {} {kind}", lookup.name)),
        url: None,
        rules: Vec::new(),
    });
}

/// The policy's text, and what of its host a browser never shows.
fn policy(list: &mut Vec<NotSeen>, reading: &Reading<'_>) {
    let Some(domain) = &reading.evidence.domain else { return };
    let url = policy_url(domain);
    let domain = domain.as_str();
    let fetch = for_shell(domain).then(|| format!("curl -si {url}"));
    let shake_hands = for_shell(domain).then(|| {
        format!("openssl s_client -connect mta-sts.{domain}:443 -servername mta-sts.{domain} -verify_hostname mta-sts.{domain} -verify_return_error -brief </dev/null")
    });
    match &reading.evidence.policy {
        Seen::NotAsked => {}
        Seen::Hidden(_) if reading.has_no_policy_host() => {}
        Seen::Hidden(hidden) => list.push(NotSeen {
            stop: StopId::Policy,
            what: "the text of the policy".into(),
            why: hidden_because(hidden, reading),
            next: "open it in a tab and paste what it shows, drop the file here, or run the command".into(),
            command: fetch,
            url: Some(url),
            rules: HTTP_RULES.to_vec(),
        }),
        // A text that is judged by itself has no reply to look at.
        Seen::Yes(reply) if !reply.is_fetched() && reading.evidence.policy_host.yes().is_some() => {
            list.push(NotSeen {
                stop: StopId::PolicyHost,
                what: "status and headers of the policy host's reply".into(),
                why: "the text was given by hand".into(),
                next:
                    "look at the status, which must be 200, and at `Content-Type`, which must be `text/plain`"
                        .into(),
                command: fetch,
                url: Some(url),
                rules: HTTP_RULES.to_vec(),
            });
        }
        Seen::Yes(_) => {}
    }
    if reading.evidence.policy_host.yes().is_some() && !reading.has_no_policy_host() {
        list.push(NotSeen {
            stop: StopId::PolicyHost,
            what: "the policy host's certificate as mail servers see it".into(),
            why: "a browser does not show it to a page, and repairs a missing intermediate certificate; \
                  mail servers do not"
                .into(),
            next: "run the command; it must say `Verification: OK`".into(),
            command: shake_hands,
            url: None,
            rules: TLS_POLICY_RULES.to_vec(),
        });
    }
}

/// What only an SMTP connection shows.
fn mx_hosts(list: &mut Vec<NotSeen>, reading: &Reading<'_>) {
    let Some(lookup) = reading.evidence.mx.yes().filter(|lookup| !lookup.resolver.is_empty()) else { return };
    // Without a record there is nothing for senders to verify.
    let published = reading.record.as_ref().is_some_and(|set| !set.is_empty());
    let off = reading.policy.as_ref().is_some_and(|policy| policy.mode() == Some(Mode::None));
    // Without an MX record the domain is its own host, if it has an address (RFC 5321 §5.1).
    let implicit =
        reading.evidence.mx_hosts.iter().filter(|host| lookup.records().is_empty() && !host.has_none());
    let named = lookup.records().iter().map(|mx| mx.host.as_str()).filter(|host| !host.is_empty());
    let hosts: Vec<&str> = named.chain(implicit.map(|host| host.host.as_str())).collect();
    if !published || off || hosts.is_empty() {
        return;
    }
    let command = |host: &&str| {
        format!(
            "openssl s_client -starttls smtp -connect {host}:25 -servername {host} -verify_hostname {host} -verify_return_error -brief </dev/null"
        )
    };
    let commands: Vec<String> =
        hosts.iter().filter(|host| for_shell(host)).take(MAX_COMMANDS).map(command).collect();
    list.push(NotSeen {
        stop: StopId::Mx,
        what: "STARTTLS and the certificate of each MX host".into(),
        why: "a browser cannot speak SMTP".into(),
        next: "run the command for each host; it must say `Verification: OK`".into(),
        command: (!commands.is_empty()).then(|| commands.join("\n")),
        url: None,
        rules: TLS_MX_RULES.to_vec(),
    });
}

/// Whether a name from outside may stand in a command that somebody pastes into a shell.
fn for_shell(name: &str) -> bool {
    !name.starts_with('-')
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_'))
}
