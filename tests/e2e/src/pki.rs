//! A throw-away certificate authority, the certificates of the world, and a home whose browser trusts it.

use std::fs;
use std::process::Command;

use anyhow::Result;

use crate::host::Certificate;
use crate::scenarios::Scenario;
use crate::servers::{self, Run, output};

/// Makes every certificate. One per host: a shared one would let HTTP/2 reuse a connection between hosts.
pub(crate) fn certificates(run: &Run, scenarios: &[Scenario]) -> Result<()> {
    authority(run)?;
    for name in servers::RESOLVERS.iter().map(|(name, _)| *name).chain([servers::APP, servers::EMBEDDER]) {
        of_host(run, name)?;
    }
    for scenario in scenarios {
        if let Some(kind) = scenario.host.certificate() {
            certificate(run, &scenario.policy_host(), kind)?;
        }
    }
    Ok(())
}

/// Makes the authority that is trusted, and one that is not, and the key of every host.
pub(crate) fn authority(run: &Run) -> Result<()> {
    fs::create_dir_all(run.path("pki"))?;
    for authority in ["ca", "unknown-ca"] {
        openssl(run, &format!("ecparam -name prime256v1 -genkey -noout -out {authority}.key"))?;
        openssl(
            run,
            &format!(
                "req -x509 -new -key {authority}.key -subj /CN={authority} -days 30 -out {authority}.crt"
            ),
        )?;
    }
    openssl(run, "ecparam -name prime256v1 -genkey -noout -out leaf.key")?;
    openssl(run, "req -new -key leaf.key -subj /CN=leaf -out leaf.csr")
}

/// A certificate as it should be.
pub(crate) fn of_host(run: &Run, host: &str) -> Result<()> {
    certificate(run, host, Certificate::Good)
}

fn certificate(run: &Run, host: &str, kind: Certificate) -> Result<()> {
    let name = if kind == Certificate::WrongName { "www.elsewhere.test" } else { host };
    let authority = if kind == Certificate::UnknownCa { "unknown-ca" } else { "ca" };
    let days = if kind == Certificate::Expired { -1 } else { 30 };
    run.write(&format!("pki/{host}.ext"), format!("subjectAltName=DNS:{name}\nbasicConstraints=CA:FALSE\n"))?;
    openssl(
        run,
        &format!(
            "x509 -req -in leaf.csr -CA {authority}.crt -CAkey {authority}.key -days {days} -extfile {host}.ext -out {host}.crt"
        ),
    )
}

fn openssl(run: &Run, arguments: &str) -> Result<()> {
    output(Command::new("openssl").args(arguments.split(' ')).current_dir(run.path("pki"))).map(drop)
}

/// The home folder of the browsers: Chromium on Linux reads the certificates it trusts from there.
pub(crate) fn home(run: &Run) -> Result<()> {
    let database = run.path("home/.pki/nssdb");
    fs::create_dir_all(&database)?;
    let database = format!("sql:{}", database.display());
    output(Command::new("certutil").args(["-N", "-d", &database, "--empty-password"]))?;
    output(
        Command::new("certutil")
            .args(["-A", "-d", &database, "-t", "C,,", "-n", "test-ca", "-i"])
            .arg(run.path("pki/ca.crt")),
    )
    .map(drop)
}
