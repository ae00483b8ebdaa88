//! BIND with the zones of the world: a validating resolver and the authority behind it, in one process.

use std::fmt::Write as _;
use std::process::Command;

use anyhow::{Context, Result};

use crate::scenarios::{Dnssec, Scenario};
use crate::servers::{self, Run, output};

/// Writes and signs the zones, and starts the server.
pub(crate) fn start(run: &Run, scenarios: &[Scenario]) -> Result<()> {
    let signed = |s: &&Scenario| s.dnssec != Dnssec::Unsigned;
    let zone = |s: &Scenario| format!("$ORIGIN {}.\n{APEX}{}", s.domain, s.zone_lines());

    let unsigned: String = scenarios.iter().filter(|s| !signed(s)).map(Scenario::zone_lines).collect();
    let (test, rest) = infrastructure();
    run.write("dns/test.zone", format!("$ORIGIN test.\n{APEX}{test}{unsigned}"))?;
    run.write("dns/root.zone", format!("$ORIGIN .\n{APEX}{rest}"))?;

    let (mut anchors, mut zones) = (String::new(), String::new());
    for scenario in scenarios.iter().filter(signed) {
        let domain = scenario.domain;
        run.write(&format!("dns/{domain}.zone"), zone(scenario))?;
        let (key, digest) = sign(run, domain)?;
        // A digest that no key has: what a forgotten DS record does.
        let digest = if scenario.dnssec == Dnssec::Bogus { "0".repeat(digest.len()) } else { digest };
        write!(anchors, "\"{domain}\" static-ds {key} \"{digest}\"; ")?;
        writeln!(zones, "  zone \"{domain}\" {{ type primary; file \"{domain}.zone.signed\"; }};")?;
    }
    let configuration = run.fill(
        include_str!("../templates/named.conf"),
        &[("@ANCHORS@", &anchors), ("@SIGNED_ZONES@", &zones)],
    );
    run.write("dns/named.conf", configuration)?;
    run.start(
        "named",
        Command::new("named").arg("-g").arg("-c").arg(run.path("dns/named.conf")),
        &[("127.0.0.1", 53), ("127.0.0.1", 5380)],
    )
    .map(drop)
}

/// Start of every zone. A root zone without an address for its name server would not be loaded.
const APEX: &str =
    "$TTL 300\n@ SOA ns.test. hostmaster.test. 1 3600 900 604800 60\n@ NS ns.test.\nns.test. A 127.0.0.1\n";

/// Signs a zone. Returns what its DS record says: key tag, algorithm and digest type; and the digest.
fn sign(run: &Run, domain: &str) -> Result<(String, String)> {
    let dns = run.path("dns");
    let keygen = ["-q", "-a", "ECDSAP256SHA256", "-f", "KSK", domain];
    let key = output(Command::new("dnssec-keygen").args(keygen).current_dir(&dns))?;
    let signzone = ["-q", "-S", "-z", "-e", "+30d", "-o", domain];
    output(Command::new("dnssec-signzone").args(signzone).arg(format!("{domain}.zone")).current_dir(&dns))?;
    let ds = output(Command::new("dnssec-dsfromkey").arg("-2").arg(key.trim()).current_dir(&dns))?;
    let (_, data) = ds.trim().split_once(" DS ").context("dnssec-dsfromkey prints a DS record")?;
    let (key, digest) = data.rsplit_once(' ').context("a DS record ends in its digest")?;
    Ok((key.to_owned(), digest.to_owned()))
}

/// Names that belong to no scenario: those in `test`, and those in the rest of the world.
fn infrastructure() -> (String, String) {
    let ours = servers::RESOLVERS.iter().map(|(name, _)| (*name, "127.0.0.1"));
    let ours = ours.chain([
        (servers::APP, "127.0.0.1"),
        (servers::EMBEDDER, "127.0.0.1"),
        (servers::RESOLVER_DEAD, servers::NOBODY),
    ]);
    let (test, rest): (Vec<_>, Vec<_>) = ours.partition(|(name, _)| name.strip_suffix(".test").is_some());
    let lines = |names: Vec<(&str, &str)>| {
        names.iter().map(|(name, address)| format!("{name}. A {address}\n")).collect::<Vec<_>>().concat()
    };
    (lines(test) + PROVIDER, lines(rest))
}

/// Somebody who runs MTA-STS for others, and the target of a redirect.
const PROVIDER: &str = r#"
www.elsewhere.test.           A   127.0.0.1
customers._mta-sts.provider.test. TXT "v=STSv1; id=provider1"
hosting.provider.test.        A   127.0.0.1
reports.provider.test.        TXT "v=TLSRPTv1; rua=mailto:customers@provider.test"
"#;
