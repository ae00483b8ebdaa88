//! Proves the world: each scenario's DNS with `dig`, each policy host with `curl`. A page test that fails in a world
//! that was never as described says nothing about the page.

use std::process::Command;
use std::thread;

use anyhow::{Result, bail};

use crate::scenarios::{Dnssec, Scenario};
use crate::servers::{self, Run};

/// Question, and `STATUS [ad] answers`: what the resolver says, data sorted and joined by a bar.
const QUESTIONS: &[(&str, &str)] = &[
    ("good.test MX", "NOERROR 10 mx1.good.test."),
    ("_mta-sts.good.test TXT", r#"NOERROR "v=STSv1; id=20261101T000000""#),
    ("_mta-sts.signed.test TXT", r#"NOERROR ad "v=STSv1; id=20261101T000000""#),
    ("mta-sts.signed.test A", "NOERROR ad 127.0.0.1"),
    ("_mta-sts.bogus.test TXT", "SERVFAIL"),
    ("bogus.test MX", "SERVFAIL"),
    ("_mta-sts.nothing.test TXT", "NXDOMAIN"),
    ("mta-sts.no-host.test A", "NXDOMAIN"),
    ("mta-sts.no-address.test A", "NOERROR"),
    ("mx1.mx-no-address.test A", "NXDOMAIN"),
    ("mta-sts.typo.test TXT", r#"NOERROR "v=STSv1; id=20261101T000000""#),
    ("_mta-sts.department.parent.test TXT", "NXDOMAIN"),
    ("_mta-sts.parent.test TXT", r#"NOERROR "v=STSv1; id=20261101T000000""#),
    ("_mta-sts.two-records.test TXT", r#"NOERROR "v=STSv1; id=1" | "v=STSv1; id=2""#),
    ("_mta-sts.split.test TXT", r#"NOERROR "v=STS" "v1; id=2026" "1101T000000""#),
    ("_mta-sts.quoted.test TXT", r#"NOERROR "\"v=STSv1; id=1\"""#),
    ("_mta-sts.wildcard.test TXT", r#"NOERROR "v=spf1 -all""#),
    ("surely-nobody.wildcard.test TXT", r#"NOERROR "v=spf1 -all""#),
    ("_mta-sts.delegated.test TXT", r#"NOERROR "v=STSv1; id=provider1" | customers._mta-sts.provider.test."#),
    ("mta-sts.delegated.test A", "NOERROR 127.0.0.1 | hosting.provider.test."),
    ("_mta-sts.dangling.test TXT", "NXDOMAIN gone.provider.test."),
    ("null-mx.test MX", "NOERROR 0 ."),
    ("mx1.mx-cname.test A", "NOERROR 127.0.0.25 | mail.mx-cname.test."),
    ("mta-sts.xn--bcher-kva.test A", "NOERROR 127.0.0.1"),
    ("cloudflare-dns.com A", "NOERROR 127.0.0.1"),
    ("example.com A", "NXDOMAIN"),
];

/// Asks everything, prints what differs, and says how much was right.
pub(crate) fn prove(run: &Run, scenarios: &[Scenario]) -> Result<()> {
    let mut differ = 0;
    let mut expect = |what: &str, expected: &str, found: &str| {
        if expected != found {
            differ += 1;
            eprintln!("{what}\n  expected {expected}\n  found    {found}");
        }
    };
    for (question, expected) in QUESTIONS {
        expect(question, expected, &dig(question)?);
    }
    for (host, directives) in servers::RESOLVERS {
        // id 0, RD, one question: TXT at _mta-sts.good.test
        let url = format!("https://{host}/dns-query?dns=AAABAAABAAAAAAAACF9tdGEtc3RzBGdvb2QEdGVzdAAAEAAB");
        let expected = match *directives {
            servers::DOH_WITH_CORS => "0 200 application/dns-message * cors",
            servers::DOH => "0 200 application/dns-message * -",
            _ => continue,
        };
        expect(host, expected, &curl(run, &url)?);
    }
    // Some hosts never answer: all of them are asked at once.
    let found = thread::scope(|scope| {
        let ask = |scenario: &Scenario| {
            let url = format!("https://{}/.well-known/mta-sts.txt", scenario.policy_host());
            scope.spawn(move || curl(run, &url))
        };
        let asked: Vec<_> = scenarios.iter().map(ask).collect();
        asked.into_iter().map(|thread| thread.join().expect("no panic")).collect::<Result<Vec<_>>>()
    })?;
    for (scenario, found) in scenarios.iter().zip(found) {
        let expected = if scenario.dnssec == Dnssec::Bogus {
            "6".into()
        } else {
            scenario.host.proof(scenario.policy.len())
        };
        expect(scenario.domain, &expected, &found);
    }
    if differ > 0 {
        bail!("{differ} answers differ");
    }
    println!("the world is as described: {} questions, {} policy hosts", QUESTIONS.len(), scenarios.len());
    Ok(())
}

fn dig(question: &str) -> Result<String> {
    let out = servers::output(Command::new("dig").args(question.split(' ')).args([
        "+noall",
        "+comments",
        "+answer",
    ]))?;
    let after = |mark: &str| out.split_once(mark).map_or("", |(_, rest)| rest);
    let status = after("status: ").split(',').next().unwrap_or_default();
    let flags = after(";; flags: ").split(';').next().unwrap_or_default();
    let ad = if flags.split(' ').any(|flag| flag == "ad") { " ad" } else { "" };
    // name, TTL, class and type stand before the data
    let data = |line: &str| line.split_whitespace().skip(4).collect::<Vec<_>>().join(" ");
    let mut answers: Vec<String> =
        out.lines().filter(|line| !line.starts_with(';') && !line.is_empty()).map(data).collect();
    answers.sort();
    let answers = answers.join(" | ");
    Ok(format!("{status}{ad} {answers}").trim().to_owned())
}

/// Exit code, status, content type, size (`*` where it does not matter) and CORS of a GET, in the notation of `Host::proof`.
fn curl(run: &Run, url: &str) -> Result<String> {
    let format = "%{http_code} %{content_type} %{size_download} %header{access-control-allow-origin}";
    let out = Command::new("curl")
        .args(["-sg", "-m", "8", "-o", "/dev/null", "-w", format, "--cacert"])
        .arg(run.path("pki/ca.crt"))
        .arg(url)
        .output()?;
    let code = out.status.code().unwrap_or(-1);
    if code != 0 {
        return Ok(code.to_string());
    }
    let out = String::from_utf8(out.stdout)?;
    let [status, kind, size, cors] = out.split(' ').collect::<Vec<_>>()[..] else { bail!("curl: {out}") };
    let kind = if kind.is_empty() { "-" } else { kind };
    let cors = if cors == "*" { "cors" } else { "-" };
    let size = if status == "200" && !kind.starts_with("application/dns") { size } else { "*" };
    Ok(format!("0 {status} {kind} {size} {cors}"))
}
