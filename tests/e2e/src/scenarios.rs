//! The one table: what each test domain publishes, how its policy host behaves, and what the page has to say about it.
//!
//! Zone files, the web server's configuration, the proofs of the world and the page's assertions all come from here.

use serde::Serialize;

use crate::host::{Certificate, Host, Reply};

/// How the zone of a domain stands with DNSSEC.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dnssec {
    /// Part of the unsigned zone `test`.
    Unsigned,
    /// A signed zone of its own, with its trust anchor: answers carry AD.
    Signed,
    /// Signed, but the anchor names another key: every question ends in SERVFAIL.
    Bogus,
}

/// One domain of the world.
pub(crate) struct Scenario {
    /// In A-labels, as DNS and the web servers know it.
    pub(crate) domain: &'static str,
    /// What the visitor types; the domain, unless the point is that people type other things.
    pub(crate) typed: &'static str,
    pub(crate) why: &'static str,
    pub(crate) dnssec: Dnssec,
    /// Master file lines, relative to the domain: one part for each thing MTA-STS looks at.
    pub(crate) record: String,
    pub(crate) mx: String,
    pub(crate) reports: String,
    /// Address lines of the policy host; empty: those that its behaviour needs.
    pub(crate) host_lines: String,
    pub(crate) host: Host,
    /// The text the policy host serves, whatever else it does wrong.
    pub(crate) policy: String,
    /// What the page says.
    pub(crate) says: Says,
}

/// What the page says of a domain, in its own words.
#[derive(Default, Serialize)]
pub(crate) struct Says {
    /// Phrases of the verdict, all of them.
    pub(crate) verdict: Vec<&'static str>,
    /// States of the stops record, policy host, policy, MX, reports, in this order.
    pub(crate) stops: Vec<&'static str>,
    /// `severity rule-id`, every finding there is.
    pub(crate) findings: Vec<&'static str>,
    /// Phrases of the list of what could not be seen; empty: the list is empty.
    pub(crate) unseen: Vec<&'static str>,
    /// Phrases to be found anywhere in the result.
    pub(crate) anywhere: Vec<&'static str>,
}

/// A domain that does everything right; the methods spoil one thing at a time.
fn case(domain: &'static str, why: &'static str) -> Scenario {
    Scenario {
        domain,
        typed: domain,
        why,
        dnssec: Dnssec::Unsigned,
        record: r#"_mta-sts TXT "v=STSv1; id=20261101T000000""#.into(),
        mx: "@ MX 10 mx1\nmx1 A 127.0.0.25".into(),
        reports: format!(r#"_smtp._tls TXT "v=TLSRPTv1; rua=mailto:tls-reports@{domain}""#),
        host_lines: String::new(),
        host: Host::Reply(Reply::default()),
        policy: policy("enforce", &[&format!("mx1.{domain}")]),
        says: Says { stops: vec!["fine"; 5], ..Says::default() },
    }
}

/// A policy text without fault.
fn policy(mode: &str, mx: &[&str]) -> String {
    let mx = mx.iter().map(|mx| format!("mx: {mx}\n")).collect::<Vec<_>>().concat();
    format!("version: STSv1\nmode: {mode}\n{mx}max_age: 1209600\n")
}

impl Scenario {
    fn typed(self, typed: &'static str) -> Self {
        Self { typed, ..self }
    }
    fn dnssec(self, dnssec: Dnssec) -> Self {
        Self { dnssec, ..self }
    }
    fn record(self, lines: &str) -> Self {
        Self { record: lines.into(), ..self }
    }
    fn mx(self, lines: &str) -> Self {
        Self { mx: lines.into(), ..self }
    }
    fn reports(self, lines: &str) -> Self {
        Self { reports: lines.into(), ..self }
    }
    fn host_lines(self, lines: &str) -> Self {
        Self { host_lines: lines.into(), ..self }
    }
    fn host(self, host: Host) -> Self {
        Self { host, ..self }
    }
    /// The policy host answers, but spoils its reply.
    fn reply(self, spoil: impl FnOnce(Reply) -> Reply) -> Self {
        self.host(Host::Reply(spoil(Reply::default())))
    }
    fn policy(self, text: impl Into<String>) -> Self {
        Self { policy: text.into(), ..self }
    }
    fn verdict(mut self, phrase: &'static str) -> Self {
        self.says.verdict.push(phrase);
        self
    }
    /// States of record, policy host, policy, MX and reports.
    fn stops(mut self, states: [&'static str; 5]) -> Self {
        self.says.stops = states.into();
        self
    }
    fn finds(mut self, finding: &'static str) -> Self {
        self.says.findings.push(finding);
        self
    }
    fn unseen(mut self, phrase: &'static str) -> Self {
        self.says.unseen.push(phrase);
        self
    }
    fn anywhere(mut self, phrase: &'static str) -> Self {
        self.says.anywhere.push(phrase);
        self
    }

    /// The name of the policy host.
    pub(crate) fn policy_host(&self) -> String {
        format!("mta-sts.{}", self.domain)
    }

    /// All of the domain's master file lines, under its own `$ORIGIN`.
    pub(crate) fn zone_lines(&self) -> String {
        let host = match (self.host_lines.as_str(), self.host.address()) {
            ("", Some(address)) => format!("mta-sts A {address}"),
            (lines, _) => lines.to_owned(),
        };
        let Self { domain, record, mx, reports, .. } = self;
        format!("$ORIGIN {domain}.\n{record}\n{host}\n{mx}\n{reports}\n")
    }
}

/// The table. Expected findings are complete: a finding that is not listed fails the scenario.
pub(crate) fn all() -> Vec<Scenario> {
    vec![
        case("good.test", "every part as it should be"),
        case("signed.test", "the same with DNSSEC: answers carry AD").dnssec(Dnssec::Signed),
        case("bogus.test", "the parent's DS record names a key that is gone").dnssec(Dnssec::Bogus),
        //
        // What the policy host does
        //
        case("no-cors.test", "as nearly every policy host there is: scripts may not read the reply").reply(Reply::without_cors),
        case("no-cors-missing.test", "404, and scripts may not read it").reply(|r| r.without_cors().status(404)),
        case("missing.test", "404, and scripts may read it").reply(|r| r.status(404)),
        case("failing.test", "500").reply(|r| r.status(500)),
        case("wrong-name.test", "certificate for another host").reply(|r| r.certificate(Certificate::WrongName)),
        case("expired.test", "certificate that has expired").reply(|r| r.certificate(Certificate::Expired)),
        case("unknown-ca.test", "certificate by nobody we know").reply(|r| r.certificate(Certificate::UnknownCa)),
        case("off-host.test", "redirect to another host, unreadable").reply(|r| r.without_cors().redirect("https://mta-sts.good.test/.well-known/mta-sts.txt")),
        case("off-host-cors.test", "redirect to another host, readable").reply(|r| r.redirect("https://mta-sts.good.test/.well-known/mta-sts.txt")),
        case("downgrade.test", "redirect to plain HTTP on the same host")
            .reply(|r| r.without_cors().redirect("http://mta-sts.downgrade.test/.well-known/mta-sts.txt")),
        case("own-origin.test", "forbids pages of other origins to load the reply at all").reply(Reply::own_origin_only),
        case("same-host.test", "redirect to the same host, unreadable: shows no difference from a 200").reply(|r| r.without_cors().redirect("/policy.txt")),
        case("same-host-cors.test", "redirect to the same host, readable").reply(|r| r.redirect("/policy.txt")),
        case("octets.test", "served as application/octet-stream").reply(|r| r.content_type(Some("application/octet-stream"))),
        case("no-type.test", "no Content-Type at all").reply(|r| r.content_type(None)),
        case("page.test", "a web page where the policy should be")
            .reply(|r| r.content_type(Some("text/html")))
            .policy("<!doctype html>\n<title>Welcome</title>\n<h1>It works</h1>\n"),
        case("empty.test", "an empty file").policy(""),
        case("oversized.test", "more than 64 KiB").policy(oversized()),
        case("slow.test", "the whole body takes six seconds").host(Host::Drip),
        case("cut.test", "the body ends before its announced length").host(Host::Cut),
        case("hanging.test", "takes the request and never answers").host(Host::Silent),
        case("mute.test", "never answers the TLS handshake").host(Host::Mute),
        case("not-tls.test", "plain HTTP on port 443").host(Host::NotTls),
        case("refused.test", "nothing listens").host(Host::Refused),
        case("no-host.test", "the name of the policy host does not exist").host(Host::Absent),
        case("no-address.test", "the name of the policy host exists, without an address").host(Host::Absent).host_lines("mta-sts TXT \"soon\""),
        //
        // The record
        //
        case("nothing.test", "no MTA-STS at all").host(Host::Absent).record("").reports(""),
        case("no-record.test", "a policy that nobody will look for").record(""),
        case("two-records.test", "two records").record("_mta-sts TXT \"v=STSv1; id=1\"\n_mta-sts TXT \"v=STSv1; id=2\""),
        case("split.test", "one record in three strings").record("_mta-sts TXT \"v=STS\" \"v1; id=2026\" \"1101T000000\""),
        case("quoted.test", "the quotes of the zone file got into the data").record(r#"_mta-sts TXT "\"v=STSv1; id=1\"""#),
        case("wildcard.test", "a wildcard answers for every name").host(Host::Absent).record("* TXT \"v=spf1 -all\"").reports(""),
        case("delegated.test", "record, policy host and reports delegated to a provider")
            .record("_mta-sts CNAME customers._mta-sts.provider.test.")
            .host_lines("mta-sts CNAME hosting.provider.test.")
            .reports("_smtp._tls CNAME reports.provider.test."),
        case("dangling.test", "delegated to a name that does not exist").record("_mta-sts CNAME gone.provider.test."),
        case("long-ttl.test", "the record may be cached for two days").record("_mta-sts 172800 TXT \"v=STSv1; id=1\""),
        //
        // MX
        //
        case("null-mx.test", "takes no mail, says so, and has a policy").mx("@ MX 0 ."),
        case("one-uncovered.test", "the backup is not in the policy").mx("@ MX 10 mx1\n@ MX 20 backup\nmx1 A 127.0.0.25\nbackup A 127.0.0.26"),
        case("all-uncovered.test", "no MX is in the policy").mx("@ MX 10 mail\nmail A 127.0.0.25"),
        case("implicit-mx.test", "no MX, only an address").mx("@ A 127.0.0.25").policy(policy("enforce", &["implicit-mx.test"])),
        case("mx-cname.test", "the MX is an alias").mx("@ MX 10 mx1\nmx1 CNAME mail\nmail A 127.0.0.25"),
        case("mx-no-address.test", "the MX has no address").mx("@ MX 10 mx1"),
        case("no-mail.test", "neither MX nor address").mx(""),
        //
        // Modes and reports
        //
        case("none.test", "on its way out").policy(policy("none", &["mx1.none.test"]).replace("1209600", "86400")),
        case("testing.test", "failures are reported, mail flows").policy(policy("testing", &["mx1.testing.test"])),
        case("testing-no-reports.test", "testing without anywhere to report to").policy(policy("testing", &["mx1.testing-no-reports.test"])).reports(""),
        case("no-reports.test", "enforce without reports").reports(""),
        case("reports-broken.test", "a report address without its scheme").reports("_smtp._tls TXT \"v=TLSRPTv1; rua=tls@reports-broken.test\""),
        //
        // Names and hostile text
        //
        case("xn--bcher-kva.test", "typed with its umlaut").typed("bücher.test"),
        case("a-department-with-a-long-name.faculty-of-applied-sciences.university-of-somewhere.long.test", "a name that fills the line"),
        case("markup.test", "a policy full of markup")
            .policy("version: STSv1\nmode: enforce\nmx: <img src=x onerror=alert(1)>\nmx: mx1.markup.test\nmax_age: 1209600\nnote: </pre><script>alert(2)</script>\n")
            .record("_mta-sts TXT \"v=STSv1; id=1; note=<img/src=x/onerror\""),
        case("many.test", "ten MX hosts").mx(&many_mx()).policy(policy("enforce", &["*.many.test"])),
    ]
}

/// A faultless policy, but for its length.
fn oversized() -> String {
    policy("enforce", &["mx1.oversized.test"]) + "filler: " + &"0123456789abcdef".repeat(5000) + "\n"
}

fn many_mx() -> String {
    (1..=10).map(|n| format!("@ MX {n}0 mx{n}\nmx{n} A 127.0.0.{}\n", n + 30)).collect::<Vec<_>>().concat()
}
