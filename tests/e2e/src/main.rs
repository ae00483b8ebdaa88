//! End-to-end tests of the page, in a real browser, against real servers: everything on loopback, inside a network
//! namespace of its own that takes every process with it when it ends.
//!
//! ```text
//! cargo run -p mta-sts-e2e                       the world, and the page in it
//! cargo run -p mta-sts-e2e -- served             only what `generate` makes, in the servers it is for
//! cargo run -p mta-sts-e2e -- world              only that the world behaves as the scenarios say
//! cargo run -p mta-sts-e2e -- page [FILTER]      the page, in the scenarios whose name contains FILTER
//! cargo run -p mta-sts-e2e -- shell [COMMAND…]   the world, to look around in
//! cargo run -p mta-sts-e2e -- screenshots DIR    pictures of the page's states
//! cargo run -p mta-sts-e2e -- lighthouse DIR     what Lighthouse, installed in DIR, says of the page
//! cargo run -p mta-sts-e2e -- keystrokes DIR     how long a key takes in the texts of DIR, which `mta-sts-benches` writes
//! ```
//!
//! The page is the built one, `www/dist`. `cargo xtask test e2e` installs what all this needs, builds the page and
//! runs it.

mod dns;
mod host;
mod pki;
mod proof;
mod scenarios;
mod served;
mod servers;
mod table;

use std::env;
use std::fs;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, bail, ensure};
use serde_json::json;

use scenarios::{Dnssec, Scenario};
use servers::Run;

/// Tests of the world as a script sees it, and of the page.
const WORLD: &[&str] = &["world.js"];
const PAGE: &[&str] = &[
    "check.js",
    "flows.js",
    "generate.js",
    "lint.js",
    "looks.js",
    "offline.js",
    "plan.js",
    "print.js",
    "recent.js",
    "result.js",
    "rules.js",
];

/// Tests of the widget in other pages.
const WIDGET: &[&str] = &["widget.js"];

/// The page in another browser.
const FIREFOX: &[&str] = &["firefox.js"];

/// First argument of the second life, inside the namespace.
const INSIDE: &str = "--inside";

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let code = match arguments.first().map(String::as_str) {
        Some(INSIDE) => inside(Path::new(&arguments[1]), &arguments[2..]),
        Some("-h" | "--help") => {
            println!("{USAGE}");
            Ok(ExitCode::SUCCESS)
        }
        _ => outside(&arguments),
    };
    code.unwrap_or_else(|error| {
        eprintln!("error: {error:#}");
        ExitCode::from(2)
    })
}

const USAGE: &str =
    "usage: mta-sts-e2e [served | world | page [FILTER] | shell [COMMAND…] | screenshots DIR | lighthouse DIR
                    | keystrokes DIR]";

/// Becomes this program again, in a namespace of its own. Returns only if that fails.
fn outside(arguments: &[String]) -> Result<ExitCode> {
    // A place to mount on: several runs can share it, since each sees its own.
    let dir = env::temp_dir().join("mta-sts-e2e");
    fs::create_dir_all(&dir).with_context(|| dir.display().to_string())?;
    // Debian keeps servers where only root looks.
    let path = env::var("PATH").unwrap_or_default() + ":/usr/sbin:/sbin";
    let error = Command::new("unshare")
        .env("PATH", path)
        .args(["--user", "--map-root-user", "--net", "--mount", "--pid"])
        .args(["--fork", "--mount-proc", "--kill-child"])
        .arg(env::current_exe()?)
        .arg(INSIDE)
        .arg(&dir)
        .args(arguments)
        .exec();
    Err(error).context("unshare (package util-linux) cannot be started")
}

/// Builds the world, then does what is asked for in it.
fn inside(dir: &Path, arguments: &[String]) -> Result<ExitCode> {
    let run = Run { dir: dir.to_owned() };
    let here = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let site = here.join("../../www/dist").canonicalize().unwrap_or_else(|_| here.join("../../www/dist"));
    let scenarios = table::all();

    // In memory, and seen in here alone: however the run ends, nothing is left of it.
    servers::output(Command::new("mount").args(["-t", "tmpfs", "tmpfs"]).arg(dir))?;
    servers::output(Command::new("ip").args(["link", "set", "lo", "up"]))?;
    if arguments == ["served"] {
        return served::prove(&run).map(|()| ExitCode::SUCCESS);
    }
    run.write("resolv.conf", "nameserver 127.0.0.1\n")?;
    servers::output(
        Command::new("mount").arg("--bind").arg(run.path("resolv.conf")).arg("/etc/resolv.conf"),
    )?;
    pki::certificates(&run, &scenarios)?;
    pki::home(&run)?;
    dns::start(&run, &scenarios)?;
    servers::misfits(&scenarios)?;
    servers::nginx(&run, &scenarios, &site)?;
    run.write("world.json", world(&run, &site, &scenarios).to_string())?;

    let command = |program: &str| {
        let mut command = Command::new(program);
        command
            .env("HOME", run.path("home"))
            .env("TMPDIR", &run.dir)
            .env("SSL_CERT_FILE", run.path("pki/ca.crt"))
            .env("CURL_CA_BUNDLE", run.path("pki/ca.crt"))
            .env("MTA_STS_WORLD", run.path("world.json"));
        command
    };
    let node = |arguments: &[&str], files: &[&str], filter: &str| {
        let mut node = command("node");
        node.args(arguments).args(files.iter().map(|file| here.join("page").join(file)));
        node.env("MTA_STS_FILTER", filter);
        node
    };
    let tests = |files: &[&str], filter: &str| code(node(&["--test", "--test-reporter=spec"], files, filter));
    let built = || {
        ensure!(
            site.join("index.html").exists(),
            "there is no page in {}: build it with `cargo xtask build`",
            site.display()
        );
        Ok(())
    };
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        [] => {
            built()?;
            proof::prove(&run, &scenarios)?;
            tests(&[WORLD, PAGE, WIDGET, FIREFOX].concat(), "")
        }
        ["world"] => {
            proof::prove(&run, &scenarios)?;
            tests(WORLD, "")
        }
        ["page", filter @ ..] if filter.len() < 2 => {
            built()?;
            tests(&[PAGE, WIDGET, FIREFOX].concat(), filter.first().unwrap_or(&""))
        }
        ["screenshots", dir] => {
            built()?;
            let mut node = node(&[], &["screenshots.js"], "");
            node.arg(dir);
            code(node)
        }
        ["keystrokes", dir] => {
            built()?;
            let mut node = node(&[], &["keystrokes.js"], "");
            node.arg(dir);
            code(node)
        }
        ["lighthouse", dir] => {
            built()?;
            let mut node = node(&["--test", "--test-reporter=spec"], &["lighthouse.js"], "");
            node.env("MTA_STS_LIGHTHOUSE", dir);
            code(node)
        }
        ["shell"] => code(command("bash")),
        ["shell", program, rest @ ..] => {
            let mut command = command(program);
            command.args(rest);
            code(command)
        }
        _ => bail!("{USAGE}"),
    }
}

/// What the scripts in `page/` know of the world.
fn world(run: &Run, site: &Path, scenarios: &[Scenario]) -> serde_json::Value {
    let scenario = |s: &Scenario| {
        json!({
            "domain": s.domain,
            "typed": s.typed,
            "why": s.why,
            "resolves": s.dnssec != Dnssec::Bogus,
            "probes": s.host.probes(),
            "redirectsTo": s.host.redirects_to(),
            "says": s.says,
        })
    };
    json!({
        "page": "http://127.0.0.1:8000/",
        "securePage": format!("https://{}/", servers::APP),
        "embedder": format!("https://{}/", servers::EMBEDDER),
        "embedded": run.path("embedder"),
        "site": site,
        "barePage": "http://127.0.0.1:8001/",
        "resolvers": servers::RESOLVERS[..2].iter().map(|(name, _)| name).collect::<Vec<_>>(),
        "scenarios": scenarios.iter().map(scenario).collect::<Vec<_>>(),
    })
}

fn code(mut command: Command) -> Result<ExitCode> {
    let status = command.status().with_context(|| format!("{command:?}"))?;
    Ok(status.code().and_then(|code| u8::try_from(code).ok()).map_or(ExitCode::FAILURE, ExitCode::from))
}
