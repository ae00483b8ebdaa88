//! What the other commands need from the machine. Each function looks first and installs only what is missing.

use std::fs;
use std::time::SystemTime;

use anyhow::{Context, Result, bail};
use xshell::cmd;

use crate::workspace::Workspace;

/// Programs the tests run, and the Debian package each comes in.
const PROGRAMS: &[(&str, &str)] = &[
    ("apache2", "apache2-bin"),
    ("caddy", "caddy"),
    ("chromium", "chromium"),
    ("chromedriver", "chromium-driver"),
    ("certutil", "libnss3-tools"),
    ("curl", "curl"),
    ("dig", "bind9-dnsutils"),
    ("dnssec-signzone", "bind9-utils"),
    ("firefox-esr", "firefox-esr"),
    ("ip", "iproute2"),
    ("named", "bind9"),
    ("nginx", "nginx-light"),
    ("openssl", "openssl"),
    ("python3", "python3-venv"),
    ("unshare", "util-linux"),
];

/// The oldest major version of Node that the npm packages run on.
const NODE: u32 = 20;

/// Rust's wasm target and the npm packages: all that `build` and `serve` need.
pub(crate) fn to_build(workspace: &Workspace) -> Result<()> {
    wasm_target(workspace)?;
    npm_packages(workspace)
}

/// rustfmt and clippy.
pub(crate) fn to_lint(workspace: &Workspace) -> Result<()> {
    let sh = &workspace.sh;
    for component in ["rustfmt", "clippy"] {
        let program = format!("cargo-{}", component.trim_start_matches("rust"));
        let installed = cmd!(sh, "{program} --version").quiet().ignore_stdout().ignore_stderr().run().is_ok();
        if !installed {
            cmd!(sh, "rustup component add {component}").run().with_context(|| {
                format!("{component} is missing: install it in the way this machine got its Rust compiler")
            })?;
        }
    }
    Ok(())
}

/// A browser and the servers it talks to.
pub(crate) fn to_test(workspace: &Workspace) -> Result<()> {
    let missing = |workspace: &Workspace| -> Vec<(&str, &str)> {
        PROGRAMS.iter().copied().filter(|(program, _)| workspace.which(program).is_none()).collect()
    };
    let wanted: Vec<&str> = missing(workspace).iter().map(|(_, package)| *package).collect();
    if wanted.is_empty() {
        return Ok(());
    }

    let sh = &workspace.sh;
    if workspace.which("apt-get").is_none() {
        bail!("the tests need what Debian packages as {}: install it and try again", wanted.join(", "));
    }
    let Some(root) = root(workspace)? else {
        bail!(
            "packages are missing and only root may install them; run: sudo apt-get update && sudo apt-get install -y \
             --no-install-recommends {}",
            wanted.join(" ")
        );
    };

    let packages = &wanted;
    let install = || {
        apt_update(workspace)?;
        cmd!(
            sh,
            "env {root...} apt-get install -y -q -o Dpkg::Use-Pty=0 --no-install-recommends {packages...}"
        )
        .run()?;
        anyhow::Ok(())
    };
    // A mirror that changes between the two commands, or another apt at work, is gone the second time.
    install().or_else(|_| install()).context("apt-get could not install what the tests need")?;

    let still: Vec<&str> = missing(workspace).iter().map(|(program, _)| *program).collect();
    if !still.is_empty() {
        bail!("installed {}, but there still is no {}", wanted.join(", "), still.join(", "));
    }
    Ok(())
}

/// Brings the list of packages up to date.
pub(crate) fn apt_update(workspace: &Workspace) -> Result<()> {
    let sh = &workspace.sh;
    let root = root(workspace)?.context("only root may run: apt-get update")?;
    Ok(cmd!(sh, "env {root...} apt-get update -q").run()?)
}

/// What to put between `env` and a command that root alone may run; `None` if this user cannot become root.
fn root(workspace: &Workspace) -> Result<Option<&'static [&'static str]>> {
    let sh = &workspace.sh;
    if cmd!(sh, "id -u").quiet().read()? == "0" {
        return Ok(Some(&["DEBIAN_FRONTEND=noninteractive"]));
    }
    let may = cmd!(sh, "sudo -n true").quiet().ignore_stdout().ignore_stderr().run().is_ok();
    Ok(may.then_some(&["sudo", "-n", "env", "DEBIAN_FRONTEND=noninteractive"]))
}

fn wasm_target(workspace: &Workspace) -> Result<()> {
    const TARGET: &str = "wasm32-unknown-unknown";
    let sh = &workspace.sh;
    // Asked of the compiler, not of rustup: distributions package the target without it.
    let libraries = cmd!(sh, "rustc --print target-libdir --target {TARGET}").quiet().read()?;
    if !std::path::Path::new(&libraries).is_dir() {
        cmd!(sh, "rustup target add {TARGET}")
            .run()
            .with_context(|| format!("Rust's standard library for {TARGET} is missing"))?;
    }
    Ok(())
}

fn npm_packages(workspace: &Workspace) -> Result<()> {
    let sh = &workspace.sh;
    let version = cmd!(sh, "node --version")
        .quiet()
        .read()
        .with_context(|| format!("Node {NODE} or later builds the page: https://nodejs.org"))?;
    let major = version.trim_start_matches('v').split('.').next().and_then(|major| major.parse::<u32>().ok());
    if major.is_none_or(|major| major < NODE) {
        bail!("Node {version} is too old to build the page: {NODE} or later is needed (https://nodejs.org)");
    }

    // npm writes this file last, so it is not there after an installation that was cut short.
    let installed = modified(&workspace.root.join("node_modules/.package-lock.json"));
    if installed.is_none() || installed < modified(&workspace.root.join("package-lock.json")) {
        cmd!(sh, "npm ci").run()?;
    }
    Ok(())
}

fn modified(file: &std::path::Path) -> Option<SystemTime> {
    fs::metadata(file).and_then(|metadata| metadata.modified()).ok()
}
