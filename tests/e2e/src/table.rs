//! The one table: what each test domain publishes, how its policy host behaves, and what the page has to say about it.
//!
//! Zone files, certificates, the web server's configuration, the proofs of the world and the page's assertions all come
//! from here.

use crate::host::Certificate::{Expired, UnknownCa, WrongName};
use crate::host::{Host, Reply};
use crate::scenarios::{CERTIFICATE, Dnssec, POLICY_TEXT, STARTTLS, Scenario, case, policy};

/// Every row.
pub(crate) fn all() -> Vec<Scenario> {
    [whole(), unreadable(), replies(), records(), mail_hosts(), modes(), texts()]
        .into_iter()
        .flatten()
        .collect()
}

/// The verdict where everything is as it should be.
const PROTECTED: &str = "Senders that honour MTA-STS deliver to @ only over verified TLS to mx1.@.";
const NO_POLICY_APPLIES: &str = "Mail is delivered as if there were no MTA-STS; a sender that holds an older policy \
                                 keeps to it until it expires.";
/// The verdict where one thing alone keeps senders from applying the policy.
fn because(fault: &str) -> String {
    format!("No sender that follows RFC 8461 applies a policy to @, because of one fault: {fault}.")
}
/// The stops where the policy cannot be read, and for all we know is in order.
const UNREAD: [&str; 5] = ["fine", "unseen", "unseen", "unseen", "fine"];
/// The stops where the policy host is at fault, and that was seen.
const NO_POLICY: [&str; 5] = ["fine", "broken", "not-needed", "not-needed", "fine"];
/// The stops where the record is at fault.
const NO_RECORD: [&str; 5] = ["broken", "fine", "fine", "fine", "fine"];

/// Nothing is wrong.
fn whole() -> Vec<Scenario> {
    vec![
        case("good.test", "every part as it should be")
            .verdict(PROTECTED)
            .verdict("They keep the policy for 14 days (1209600 seconds).")
            .anywhere("1 of 1 host covered"),
        case("signed.test", "the same with DNSSEC: answers carry AD")
            .dnssec(Dnssec::Signed)
            .verdict(PROTECTED)
            .anywhere("validated by the resolver (AD)"),
        case("split.test", "one record in three strings")
            .record(r#"_mta-sts TXT "v=STS" "v1; id=2026" "1101T000000""#)
            .verdict(PROTECTED)
            .finds("info txt-split")
            .anywhere("id 20261101T000000"),
        case("delegated.test", "record, policy host and reports delegated to a provider")
            .record("_mta-sts CNAME customers._mta-sts.provider.test.")
            .host_lines("mta-sts CNAME hosting.provider.test.")
            .reports("_smtp._tls CNAME reports.provider.test.")
            .verdict(PROTECTED)
            .finds("info dns-cname")
            .anywhere("_mta-sts.delegated.test → customers._mta-sts.provider.test"),
        case("xn--bcher-kva.test", "typed with its umlaut")
            .typed("bücher.test")
            .verdict("Senders that honour MTA-STS deliver to bücher.test only over verified TLS to mx1.@.")
            .verdict("asked for as xn--bcher-kva.test, its form in the DNS"),
        case(LONG, "a name that fills the line").verdict(PROTECTED),
        case("many.test", "ten MX hosts")
            .mx(&many_mx())
            .policy(policy("enforce", &["*.many.test"]))
            .verdict("only over verified TLS to mx1.many.test, mx2.many.test, mx3.many.test and 7 more.")
            .anywhere("10 of 10 hosts covered"),
    ]
}

/// The page cannot see the policy: it says so, says why as far as it can tell, and blames nobody.
fn unreadable() -> Vec<Scenario> {
    const NO_CORS: &str = "The policy of @ cannot be seen from here: its host answers with a valid certificate, but \
                           does not let pages of other sites read it.";
    const UNFRAMED: &str = "The policy of @ cannot be seen from here: its host answers with a valid certificate, does \
                            not let pages of other sites read it, and sends an HTTP error or a reply that browsers \
                            show in no frame.";
    const NO_HTTPS: &str = "The policy of @ cannot be seen from here: the browser got no usable HTTPS reply from its \
                            host, and cannot tell a bad certificate from a refused connection.";
    const TIMEOUT: &str =
        "The policy of @ cannot be seen from here: its host gave no complete answer within 10 s.";
    let unread = |domain, why| case(domain, why).stops(UNREAD).unseen([POLICY_TEXT, CERTIFICATE, STARTTLS]);
    let no_https = |domain, why| {
        unread(domain, why)
            .verdict(NO_HTTPS)
            .anywhere("openssl s_client -connect mta-sts.")
            .anywhere("curl -si https://mta-sts.")
    };
    vec![
        unread("no-cors.test", "as nearly every policy host there is: scripts may not read the reply")
            .reply(Reply::without_cors)
            .verdict(NO_CORS)
            .verdict("This says nothing about how senders fare, who are not bound by a browser's rules.")
            .anywhere("Open the policy in a tab")
            .anywhere("paste it, or drop the file"),
        unread("same-host.test", "redirect to the same host, unreadable: shows no difference from a 200")
            .reply(|r| r.without_cors().redirect("/policy.txt"))
            .verdict(NO_CORS),
        unread("no-cors-missing.test", "404, and scripts may not read it")
            .reply(|r| r.without_cors().status(404))
            .verdict(
                UNFRAMED,
            ),
        unread("no-cors-unframed.test", "200 that scripts may not read, nor a frame show")
            .reply(|r| r.without_cors().unframed())
            .verdict(UNFRAMED),
        unread("no-cors-octets.test", "200 of a type that browsers offer for download, and scripts may not read it")
            .reply(|r| r.without_cors().content_type(Some("application/octet-stream")))
            .verdict(NO_CORS),
        no_https("wrong-name.test", "certificate for another host").reply(|r| r.certificate(WrongName)),
        no_https("expired.test", "certificate that has expired").reply(|r| r.certificate(Expired)),
        no_https("unknown-ca.test", "certificate by nobody we know").reply(|r| r.certificate(UnknownCa)),
        no_https("own-origin.test", "forbids pages of other origins to load the reply at all")
            .reply(Reply::own_origin_only),
        no_https("not-tls.test", "plain HTTP on port 443").host(Host::NotTls),
        no_https("refused.test", "nothing listens").host(Host::Refused),
        unread("cut.test", "the body ends before its announced length")
            .host(Host::Cut)
            .verdict("The policy of @ cannot be seen from here: the reply of its host ended before the end it announced."),
        unread("hanging.test", "takes the request and never answers")
            .host(Host::Silent)
            .verdict(TIMEOUT)
            .finds("warning http-timeout"),
        unread("mute.test", "never answers the TLS handshake")
            .host(Host::Mute)
            .verdict(TIMEOUT)
            .finds("warning http-timeout"),
        case("bogus.test", "the parent's DS record names a key that is gone: SERVFAIL")
            .dnssec(Dnssec::Bogus)
            .verdict("Whether @ publishes MTA-STS cannot be seen from here: the lookup of _mta-sts.@ failed (SERVFAIL).")
            .verdict("A failed lookup is not an absent record; senders that hold a policy keep it.")
            .stops(["unseen"; 5])
            .finds("warning dns-servfail")
            .finds("warning dns-servfail")
            .finds("warning dns-servfail")
            .finds("warning dns-servfail")
            .unseen(["the _mta-sts record", POLICY_TEXT, CERTIFICATE, "the MX records", "the TLSRPT record"]),
    ]
}

/// The page sees what the policy host does.
fn replies() -> Vec<Scenario> {
    let refused = |domain, why| case(domain, why).stops(NO_POLICY).verdict(NO_POLICY_APPLIES);
    let redirects = |domain, why| {
        refused(domain, why).verdict(&because("the policy host redirects")).finds("error http-redirect")
    };
    let no_host = |domain, why| {
        refused(domain, why)
            .host(Host::Absent)
            .verdict(&because("mta-sts.@ has no address"))
            .finds("error http-host-dns")
            .unseen([STARTTLS])
    };
    vec![
        refused("missing.test", "404, and scripts may read it")
            .reply(|r| r.status(404))
            .verdict(&because("the policy host answers HTTP 404"))
            .finds("error http-status"),
        refused("failing.test", "500")
            .reply(|r| r.status(500))
            .verdict(&because("the policy host answers HTTP 500"))
            .finds("error http-status"),
        redirects("off-host.test", "redirect to another host, unreadable")
            .reply(|r| r.without_cors().redirect(GOOD_POLICY)),
        redirects("off-host-cors.test", "redirect to another host, readable")
            .reply(|r| r.redirect(GOOD_POLICY)),
        redirects("same-host-cors.test", "redirect to the same host, readable")
            .reply(|r| r.redirect("/policy.txt")),
        redirects("downgrade.test", "redirect to plain HTTP on the same host, where nothing listens")
            .reply(|r| r.without_cors().redirect("http://mta-sts.downgrade.test/.well-known/mta-sts.txt")),
        no_host("no-host.test", "the name of the policy host does not exist"),
        no_host("no-address.test", "the name of the policy host exists, without an address")
            .host_lines("mta-sts TXT \"soon\""),
        case("octets.test", "served as application/octet-stream")
            .reply(|r| r.content_type(Some("application/octet-stream")))
            .verdict(&because("the policy is served as application/octet-stream"))
            .stops(["fine", "broken", "fine", "fine", "fine"])
            .finds("error http-content-type"),
        case("no-type.test", "no Content-Type at all")
            .reply(|r| r.content_type(None))
            .verdict(&because("the policy is served without a Content-Type"))
            .stops(["fine", "broken", "fine", "fine", "fine"])
            .finds("error http-content-type"),
        case("page.test", "a web page where the policy should be")
            .reply(|r| r.content_type(Some("text/html")))
            .policy("<!doctype html>\n<title>Welcome</title>\n<h1>It works</h1>\n")
            .verdict(&because("the policy is served as text/html"))
            .stops(["fine", "broken", "broken", "not-needed", "fine"])
            .finds("error http-content-type")
            .finds("error pol-html")
            .anywhere("the file is a web page: it begins with <!doctype html>"),
        case("empty.test", "an empty file")
            .policy("")
            .verdict(&because("the policy is empty"))
            .stops(["fine", "fine", "broken", "not-needed", "fine"])
            .finds("error pol-empty"),
        case("oversized.test", "more than 64 KiB")
            .policy(oversized())
            .verdict(&because("the policy is larger than 64 KiB; what lies beyond is not read"))
            .stops(["fine", "fine", "broken", "fine", "fine"])
            .finds("error pol-size"),
        case("slow.test", "the whole body takes six seconds")
            .host(Host::Drip)
            .verdict(PROTECTED)
            .stops(["fine", "warn", "fine", "fine", "fine"])
            .finds("warning http-timeout")
            .anywhere("the policy host needed 6."),
    ]
}

/// The record is at fault, or is not there.
fn records() -> Vec<Scenario> {
    vec![
        case("nothing.test", "no MTA-STS at all")
            .host(Host::Absent)
            .record("")
            .reports("")
            .verdict("@ does not publish MTA-STS.")
            .verdict("Senders deliver to it with TLS where they find it, without checking whom they talk to.")
            .stops(["broken", "not-needed", "not-needed", "not-needed", "not-needed"])
            .finds("error txt-missing")
            .finds("info rpt-missing")
            .unseen([]),
        case("no-record.test", "a policy that nobody will look for")
            .record("")
            .verdict(
                "No sender that follows RFC 8461 applies a policy to @, because there is no record at _mta-sts that \
                 tells them to look for it.",
            )
            .stops(NO_RECORD)
            .finds("error txt-missing")
            .unseen([CERTIFICATE]),
        case("two-records.test", "two records")
            .record("_mta-sts TXT \"v=STSv1; id=1\"\n_mta-sts TXT \"v=STSv1; id=2\"")
            .verdict("because of one fault: 2 records begin with v=STSv1;, where one must: id=")
            .stops(NO_RECORD)
            .finds("error txt-multiple"),
        case("quoted.test", "the quotes of the zone file got into the data")
            .record(r#"_mta-sts TXT "\"v=STSv1; id=1\"""#)
            .verdict(&because("the record begins with \", not with v=STSv1;"))
            .stops(NO_RECORD)
            .finds("error txt-quoted"),
        case("wildcard.test", "a wildcard answers for every name")
            .host(Host::Absent)
            .record("* TXT \"v=spf1 -all\"")
            .reports("")
            .verdict(&because("v=spf1 -all is an SPF record"))
            .stops(["broken", "broken", "not-needed", "not-needed", "broken"])
            .finds("error txt-unrelated")
            .finds("error http-host-dns")
            .finds("error rpt-unrelated")
            .finds("warning dns-wildcard")
            .finds("warning dns-wildcard")
            .anywhere("a wildcard answers for _mta-sts.wildcard.test")
            .unseen([STARTTLS]),
        case("dangling.test", "delegated to a name that does not exist")
            .record("_mta-sts CNAME gone.provider.test.")
            .verdict("because there is no record at _mta-sts that tells them to look for it.")
            .stops(NO_RECORD)
            .finds("error txt-missing")
            .finds("error dns-cname-dangling")
            .anywhere("_mta-sts.dangling.test is an alias for gone.provider.test, which does not exist")
            .unseen([CERTIFICATE]),
        case("typo.test", "the record is at mta-sts, without the underscore")
            .record("mta-sts TXT \"v=STSv1; id=20261101T000000\"")
            .verdict("because there is no record at _mta-sts that tells them to look for it.")
            .stops(NO_RECORD)
            .finds("error txt-missing")
            .finds("error dns-name-typo")
            .unseen([CERTIFICATE]),
        case("department.parent.test", "the record of the domain above does not count here")
            .host(Host::Absent)
            .record("_mta-sts.parent.test. TXT \"v=STSv1; id=20261101T000000\"")
            .verdict("@ does not publish MTA-STS.")
            .stops(["broken", "not-needed", "not-needed", "not-needed", "fine"])
            .finds("error txt-missing")
            .finds("warning dns-subdomain")
            .unseen([]),
        case("long-ttl.test", "the record may be cached for two days")
            .record("_mta-sts 172800 TXT \"v=STSv1; id=20261101T000000\"")
            .verdict(PROTECTED)
            .stops(["warn", "fine", "fine", "fine", "fine"])
            .finds("warning txt-ttl")
            .anywhere("resolvers keep the record for 172800 seconds"),
    ]
}

/// The MX hosts and the policy do not go together, or the hosts have faults of their own.
fn mail_hosts() -> Vec<Scenario> {
    let mx = |domain, why, state| case(domain, why).stops(["fine", "fine", "fine", state, "fine"]);
    vec![
        mx("null-mx.test", "takes no mail, says so, and has a policy", "warn")
            .mx("@ MX 0 .")
            .verdict("@ takes no mail: it has a null MX.")
            .finds("warning cov-null-mx")
            .unseen([CERTIFICATE]),
        mx("one-uncovered.test", "the backup is not in the policy", "broken")
            .mx("@ MX 10 mx1\n@ MX 20 backup\nmx1 A 127.0.0.25\nbackup A 127.0.0.26")
            .verdict("Senders that honour MTA-STS will not deliver to backup.@.")
            .verdict("They deliver only over verified TLS to mx1.@.")
            .finds("error cov-mx-not-covered")
            .finds("info cov-backup")
            .anywhere("1 of 2 hosts covered"),
        mx("all-uncovered.test", "no MX is in the policy", "broken")
            .mx("@ MX 10 mail\nmail A 127.0.0.25")
            .verdict("Senders that honour MTA-STS deliver no mail to @: no MX host matches the policy.")
            .verdict("Mail for mail.@ waits at the sender and then bounces.")
            .finds("error cov-none-covered"),
        mx("implicit-mx.test", "no MX, only an address", "warn")
            .mx("@ A 127.0.0.25")
            .policy(policy("enforce", &["implicit-mx.test"]))
            .verdict("Senders that honour MTA-STS deliver to @ only over verified TLS to @.")
            .finds("warning cov-implicit-mx"),
        mx("mx-cname.test", "the MX is an alias", "warn")
            .mx("@ MX 10 mx1\nmx1 CNAME mail\nmail A 127.0.0.25")
            .verdict(PROTECTED)
            .finds("warning cov-mx-cname")
            .anywhere("the MX host mx1.mx-cname.test is an alias for mail.mx-cname.test"),
        mx("mx-no-address.test", "the MX has no address", "broken")
            .mx("@ MX 10 mx1")
            .finds("error cov-mx-no-address")
            .anywhere("the MX host mx1.mx-no-address.test has no address"),
    ]
}

/// Modes other than enforce, and reports.
fn modes() -> Vec<Scenario> {
    const TESTING: &str = "Senders that honour MTA-STS deliver to @ whether or not TLS can be verified, and report \
                           failures (mode testing).";
    vec![
        case("none.test", "on its way out")
            .policy(policy("none", &["mx1.none.test"]).replace("1209600", "86400"))
            .verdict("Senders that honour MTA-STS treat @ as a domain without a policy (mode none).")
            .finds("info pol-mode-none")
            .unseen([CERTIFICATE]),
        case("testing.test", "failures are reported, mail flows")
            .policy(policy("testing", &["mx1.testing.test"]))
            .verdict(TESTING)
            .finds("info pol-mode-testing"),
        case("testing-no-reports.test", "testing without anywhere to report to")
            .policy(policy("testing", &["mx1.testing-no-reports.test"]))
            .reports("")
            .verdict(TESTING)
            .stops(["fine", "fine", "fine", "fine", "warn"])
            .finds("warning rpt-missing"),
        case("no-reports.test", "enforce without reports")
            .reports("")
            .verdict(PROTECTED)
            .stops(["fine", "fine", "fine", "fine", "not-needed"])
            .finds("info rpt-missing"),
        case("reports-broken.test", "a report address without its scheme")
            .reports("_smtp._tls TXT \"v=TLSRPTv1; rua=tls@reports-broken.test\"")
            .verdict(PROTECTED)
            .stops(["fine", "fine", "fine", "fine", "broken"])
            .finds("error rpt-rua-syntax")
            .anywhere("tls@reports-broken.test has no scheme"),
    ]
}

/// Texts from outside that would be markup if anybody let them.
fn texts() -> Vec<Scenario> {
    const MARKUP: &str = "version: STSv1\nmode: enforce\nmx: <img src=x onerror=alert(1)>\nmx: mx1.markup.test\n\
                          max_age: 1209600\nnote: </pre><script>alert(2)</script>\n";
    vec![
        case("markup.test", "record and policy full of markup")
            .record("_mta-sts TXT \"v=STSv1; id=1; note=<img/src=x/onerror\"")
            .policy(MARKUP)
            .verdict("No sender that follows RFC 8461 applies a policy to @")
            .stops(["broken", "fine", "broken", "fine", "fine"])
            .finds("error txt-ext-value")
            .finds("error mx-list")
            .anywhere("<img src=x onerror=alert(1)> holds more than one name"),
    ]
}

const LONG: &str =
    "a-department-with-a-long-name.faculty-of-applied-sciences.university-of-somewhere.long.test";
const GOOD_POLICY: &str = "https://mta-sts.good.test/.well-known/mta-sts.txt";

/// A faultless policy, but for its length.
fn oversized() -> String {
    policy("enforce", &["mx1.oversized.test"]) + "filler: " + &"0123456789abcdef".repeat(5000) + "\n"
}

fn many_mx() -> String {
    (1..=10).map(|n| format!("@ MX {n}0 mx{n}\nmx{n} A 127.0.0.{}\n", n + 30)).collect::<Vec<_>>().concat()
}
