//! Whether the senders that can be run here still do what `tests/senders/` says of them.
//!
//! They are asked as their users ask them, for a domain: its records, its policy host and that host's certificate are on
//! loopback, in a network namespace of this run (`tests/senders/drivers/python/world.py`). Libraries that fetch nothing
//! are given what was found.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use serde::Deserialize;
use serde_json::json;
use xshell::cmd;

use crate::fixture::{self, Input, Observation};
use crate::workspace::Workspace;
use crate::{peers, setup};

/// The tables: what every sender was given, and what only these were.
const TABLES: [(&str, &str); 2] =
    [("inputs.tsv", "observations.tsv"), ("inputs-more.tsv", "observations-more.tsv")];

/// Makes the namespaces fit and becomes the world. Arguments: the file that is to be /etc/resolv.conf, and a command.
const INSIDE: &str = r#"ip link set lo up && mount --bind "$1" /etc/resolv.conf && shift && exec "$@""#;

/// What a program prints, a line each.
#[derive(Deserialize)]
#[serde(untagged)]
enum Line {
    Sender { sender: String, version: String },
    Seen { kind: String, name: String, sender: String, value: Option<String> },
}

/// What was seen in this run.
#[derive(Default)]
struct Live {
    versions: BTreeMap<String, String>,
    /// By kind, name and sender: how it read the input, if it accepted it.
    seen: BTreeMap<(String, String, String), Option<Vec<u8>>>,
}

/// Runs every sender on every input. An error if one does other than the tables say.
pub(crate) fn check(workspace: &Workspace) -> Result<()> {
    setup::to_test(workspace)?;
    let here = workspace.root.join("tests/senders");
    let read = |file: &str| {
        fs::read_to_string(here.join(file)).with_context(|| format!("reading tests/senders/{file}"))
    };

    let mut tables = Vec::new();
    for (inputs, observations) in TABLES {
        tables.push((fixture::inputs(&read(inputs)?), observations, read(observations)?));
    }
    let inputs: Vec<&Input> = tables.iter().flat_map(|(inputs, ..)| inputs).collect();
    let live = run(workspace, &inputs)?;

    let senders = read("senders.tsv")?;
    let mut wrong = versions(&senders, &live.versions);
    let order: Vec<&str> = senders.lines().skip(1).filter_map(|line| line.split('\t').next()).collect();
    let folder = workspace.target.join("peers");
    for (inputs, file, text) in &tables {
        let then = fixture::observations(text);
        let now = merged(inputs, &order, &then, &live);
        wrong.extend(differences(file, &then, &now));
        fs::write(folder.join(file), fixture::write_observations(&now))?;
    }

    for (sender, version) in &live.versions {
        let rows = live.seen.keys().filter(|(.., of)| of == sender).count();
        println!("{sender:26} {version:50} {rows:4} inputs");
    }
    if wrong.is_empty() {
        return Ok(());
    }
    println!("{}", wrong.join("\n"));
    bail!(
        "{} differences from tests/senders/; what was seen is in {}, to be taken over if that is what the senders do now",
        wrong.len(),
        folder.display()
    );
}

/// Installs the senders and runs them in a world made of the inputs.
fn run(workspace: &Workspace, inputs: &[&Input]) -> Result<Live> {
    let sh = &workspace.sh;
    let folder = workspace.target.join("peers");
    let drivers = workspace.root.join("tests/senders/drivers");
    let peers = peers::all(workspace)?;
    if peers.chasquid.is_none() {
        println!("chasquid is not run: it comes as a package of Debian, and there is no apt-get");
    }
    let _chasquid = peers.chasquid.map(|folder| sh.push_env("CHASQUID", folder));

    let cases = folder.join("cases.jsonl");
    fs::write(&cases, written(inputs))?;
    let resolv_conf = folder.join("resolv.conf");
    fs::write(&resolv_conf, "nameserver 127.0.0.1\n")?;
    // Node finds packages beside the program.
    let script = peers.mailauth.with_file_name("senders.mjs");
    fs::copy(drivers.join("node/senders.mjs"), &script)?;
    let senders = drivers.join("python/senders.py");
    let commands: [&[&Path]; 3] = [&[&peers.python, &senders], &[&peers.node, &script], &[&peers.rust]];

    let mut live = Live::default();
    let world = drivers.join("python/world.py");
    for command in commands {
        let namespaces = ["--user", "--map-root-user", "--net", "--mount", "--pid", "--fork", "--kill-child"];
        let output = cmd!(sh, "unshare {namespaces...} sh -c {INSIDE} sh {resolv_conf}")
            .args([&peers.python, &world, &cases, &folder])
            .args(command)
            .arg(&cases)
            .quiet()
            .read()?;
        for line in output.lines() {
            match serde_json::from_str(line).with_context(|| format!("a sender printed: {line}"))? {
                Line::Sender { sender, version } => {
                    live.versions.insert(sender, version);
                }
                Line::Seen { kind, name, sender, value } => {
                    let value = value.as_deref().map(octets).transpose()?;
                    live.seen.insert((kind, name, sender), value);
                }
            }
        }
    }
    Ok(live)
}

/// The inputs as the programs read them: each with a domain of its own, octets in hex.
fn written(inputs: &[&Input]) -> String {
    let hex = |string: &Vec<u8>| {
        string.iter().fold(String::new(), |mut hex, octet| {
            let _ = write!(hex, "{octet:02x}");
            hex
        })
    };
    inputs.iter().enumerate().fold(String::new(), |mut lines, (index, input)| {
        let records: Vec<Vec<String>> =
            input.records.iter().map(|record| record.iter().map(hex).collect()).collect();
        let domain = format!("case{index}.test");
        let _ = writeln!(
            lines,
            "{}",
            json!({ "kind": input.kind, "name": input.name, "domain": domain, "records": records })
        );
        lines
    })
}

/// What hex stands for.
fn octets(hex: &str) -> Result<Vec<u8>> {
    let digits = hex.as_bytes().chunks(2);
    digits.map(|two| Ok(u8::from_str_radix(str::from_utf8(two)?, 16)?)).collect()
}

/// Senders that were run and are of another version than `senders.tsv` says, and those that were not run. One that comes
/// with the distribution (`both`) is of any version, and may be missing.
fn versions(senders: &str, live: &BTreeMap<String, String>) -> Vec<String> {
    let mut wrong = Vec::new();
    for line in senders.lines().skip(1) {
        let mut cells = line.split('\t');
        let (Some(sender), Some(version), Some(known)) = (cells.next(), cells.next(), cells.next()) else {
            wrong.push(format!("senders.tsv: not four cells: {line}"));
            continue;
        };
        match (known, live.get(sender)) {
            ("run", Some(now)) if now == version => {}
            ("run", Some(now)) => wrong.push(format!("senders.tsv: {sender} is {version}; run was {now}")),
            ("both", _) => {}
            ("run", None) => wrong.push(format!("senders.tsv: {sender} was not run")),
            (_, Some(_)) => wrong.push(format!("senders.tsv: {sender} was run, and is said to be {known}")),
            (_, None) => {}
        }
    }
    for sender in live.keys() {
        if !senders.lines().any(|line| line.starts_with(&format!("{sender}\t"))) {
            wrong.push(format!("senders.tsv: no {sender}"));
        }
    }
    wrong
}

/// The table with the rows of this run in the place of older ones, in the order of the inputs, then of the senders.
fn merged(inputs: &[Input], order: &[&str], then: &[Observation], live: &Live) -> Vec<Observation> {
    let mut rows = Vec::new();
    for input in inputs {
        for sender in order {
            let key = (input.kind.clone(), input.name.clone(), (*sender).to_owned());
            if live.versions.contains_key(*sender) {
                let Some(value) = live.seen.get(&key) else { continue };
                let (kind, name, sender) = key;
                let (accepted, value) = (value.is_some(), value.clone().unwrap_or_default());
                rows.push(Observation { kind, name, sender, accepted, value });
            } else {
                let is_it =
                    |row: &&Observation| (&row.kind, &row.name, &row.sender) == (&key.0, &key.1, &key.2);
                rows.extend(then.iter().find(is_it).cloned());
            }
        }
    }
    rows
}

/// What is in one table and not in the other, a line each.
fn differences(file: &str, then: &[Observation], now: &[Observation]) -> Vec<String> {
    let lines = |rows: &[Observation]| -> Vec<String> {
        fixture::write_observations(rows).lines().skip(1).map(str::to_owned).collect()
    };
    let (then, now) = (lines(then), lines(now));
    let only = |word: &'static str, these: &[String], those: &[String]| -> Vec<(String, &str)> {
        these.iter().filter(|row| !those.contains(row)).map(|row| (row.clone(), word)).collect()
    };
    let mut wrong = [only("said", &then, &now), only("seen", &now, &then)].concat();
    wrong.sort();
    if wrong.is_empty() && then != now {
        return vec![format!("{file}: the rows are not in the order of the inputs, then of senders.tsv")];
    }
    wrong.into_iter().map(|(row, word)| format!("{file}: {word} {row}")).collect()
}
