//! The fuzz targets of `fuzz/`, each for a bounded time, from seeds that the tests use too.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail, ensure};
use xshell::cmd;

use crate::workspace::Workspace;

/// A target, and the longest input it gets, in octets: beyond it nothing new is to be found, but slowly.
const TARGETS: [(&str, u32); 5] =
    [("policy", 4096), ("record", 2048), ("dns", 1024), ("domain", 512), ("fixes", 2048)];

/// Answers to the questions of a check, in hexadecimal, after an octet that says what was asked: the seeds of `dns`.
const ANSWERS: [&str; 4] = [
    // TXT, two strings, TTL 300
    "00 0000 8180 0001 0001 0000 0000 08 5f6d74612d737473 07 6578616d706c65 03 636f6d 00 0010 0001 \
     c00c 0010 0001 0000012c 0012 09 763d5354537631 3b20 07 69643d31323334",
    // MX by way of an alias, AD
    "01 0000 81a0 0001 0002 0000 0000 08 5f6d74612d737473 07 6578616d706c65 03 636f6d 00 000f 0001 \
     c00c 0005 0001 0000003c 0004 01 61 c015 c032 000f 0001 0000003c 0007 000a 02 6d78 c015",
    // A
    "02 0000 8180 0001 0001 0000 0000 08 5f6d74612d737473 07 6578616d706c65 03 636f6d 00 0001 0001 \
     c00c 0001 0001 0000012c 0004 c0000201",
    // NXDOMAIN
    "03 0000 8183 0001 0000 0000 0000 08 5f6d74612d737473 07 6578616d706c65 03 636f6d 00 001c 0001",
];

pub(crate) struct Options {
    /// The targets to run; all if empty.
    pub(crate) targets: Vec<String>,
    /// How long each runs, in seconds.
    pub(crate) seconds: u32,
}

/// What came of one target.
struct Outcome {
    target: &'static str,
    executions: String,
    /// Edges of the program that were reached.
    coverage: String,
    corpus: String,
    crashes: usize,
}

/// Runs each target and prints what came of it. Whether nothing crashed.
pub(crate) fn run(workspace: &Workspace, options: &Options) -> Result<bool> {
    let chosen = choose(&options.targets)?;
    install(workspace)?;
    let folder = workspace.target.join("fuzz");
    let mut outcomes = Vec::new();
    for (target, max_len) in chosen {
        println!("\n== {target}: {} s", options.seconds);
        let seeds = seed(workspace, &folder, target)?;
        outcomes.push(fuzz(workspace, &folder, target, max_len, &seeds, options.seconds)?);
    }

    println!("\n{:8} {:>12} {:>9} {:>8} {:>8}", "target", "executions", "coverage", "corpus", "crashes");
    for Outcome { target, executions, coverage, corpus, crashes } in &outcomes {
        println!("{target:8} {executions:>12} {coverage:>9} {corpus:>8} {crashes:>8}");
    }
    let crashes: usize = outcomes.iter().map(|outcome| outcome.crashes).sum();
    if crashes > 0 {
        println!("\nwhat crashes is in {}; each becomes a row of a test", folder.join("crashes").display());
    }
    Ok(crashes == 0)
}

fn choose(names: &[String]) -> Result<Vec<(&'static str, u32)>> {
    for name in names {
        if !TARGETS.iter().any(|(target, _)| target == name) {
            let all: Vec<&str> = TARGETS.iter().map(|(target, _)| *target).collect();
            bail!("there is no fuzz target `{name}`: one of {}", all.join(", "));
        }
    }
    let is_chosen = |target: &str| names.is_empty() || names.iter().any(|name| name == target);
    Ok(TARGETS.into_iter().filter(|(target, _)| is_chosen(target)).collect())
}

/// cargo-fuzz, if it is not there.
fn install(workspace: &Workspace) -> Result<()> {
    let sh = &workspace.sh;
    if workspace.which("cargo-fuzz").is_none() {
        cmd!(sh, "cargo install --locked cargo-fuzz").run().context("cargo-fuzz is missing")?;
    }
    Ok(())
}

/// Runs one target until its time is over or it crashes.
fn fuzz(
    workspace: &Workspace,
    folder: &Path,
    target: &'static str,
    max_len: u32,
    seeds: &Path,
    seconds: u32,
) -> Result<Outcome> {
    let corpus = folder.join("corpus").join(target);
    let crashes = folder.join("crashes").join(target);
    fs::create_dir_all(&corpus)?;
    fs::create_dir_all(&crashes)?;
    // Safe code needs no address sanitizer, and without it the stable compiler will do.
    let output = Command::new("cargo")
        .args(["fuzz", "run", "--sanitizer", "none", target])
        .args([&corpus, seeds])
        .arg("--")
        .args([format!("-max_total_time={seconds}"), format!("-max_len={max_len}"), "-timeout=20".into()])
        .args(["-print_final_stats=1".to_owned(), format!("-artifact_prefix={}/", crashes.display())])
        .current_dir(&workspace.root)
        .env("CARGO_TARGET_DIR", folder.join("target"))
        .stderr(Stdio::piped())
        .spawn()?
        .wait_with_output()?;
    let log = String::from_utf8_lossy(&output.stderr);
    fs::write(folder.join(format!("{target}.log")), log.as_bytes())?;
    let found = fs::read_dir(&crashes)?.count();
    if !output.status.success() {
        let tail: Vec<&str> = log.lines().rev().take(40).collect();
        println!("{}", tail.into_iter().rev().collect::<Vec<_>>().join("\n"));
        ensure!(found > 0, "{target} ended without a crash of its own");
    }
    let stat = |name: &str| log.lines().rev().find_map(|line| line.strip_prefix(name)).map(str::trim);
    let last = log.lines().rev().find(|line| line.contains(" cov: ")).unwrap_or_default();
    let after = |key: &str| last.split_once(key).and_then(|(_, rest)| rest.split_whitespace().next());
    Ok(Outcome {
        target,
        executions: stat("stat::number_of_executed_units:").unwrap_or("?").to_owned(),
        coverage: after(" cov: ").unwrap_or("?").to_owned(),
        corpus: after(" corp: ").unwrap_or("?").to_owned(),
        crashes: found,
    })
}

/// Writes the seeds of a target: inputs of the vectors, and of the senders.
fn seed(workspace: &Workspace, folder: &Path, target: &str) -> Result<PathBuf> {
    let seeds = folder.join("seeds").join(target);
    fs::create_dir_all(&seeds)?;
    let texts: BTreeSet<Vec<u8>> = match target {
        "policy" => vectors(workspace, "policy.jsonl")?,
        "record" => records(workspace)?,
        "fixes" => vectors(workspace, "policy.jsonl")?.into_iter().chain(records(workspace)?).collect(),
        "dns" => ANSWERS.iter().map(|answer| hex(answer)).collect::<Result<_>>()?,
        _ => ["example.com", "https://bücher.example/x", "user@Example.COM.", "xn--bcher-kva.example"]
            .map(|typed| typed.as_bytes().to_vec())
            .into(),
    };
    ensure!(!texts.is_empty(), "there are seeds for {target}");
    for (at, text) in texts.iter().enumerate() {
        fs::write(seeds.join(format!("{at:04}")), text)?;
    }
    Ok(seeds)
}

fn records(workspace: &Workspace) -> Result<BTreeSet<Vec<u8>>> {
    let mut all = vectors(workspace, "txt.jsonl")?;
    all.extend(vectors(workspace, "tlsrpt.jsonl")?);
    Ok(all)
}

/// The inputs of a file of vectors; of records, one a line.
fn vectors(workspace: &Workspace, file: &str) -> Result<BTreeSet<Vec<u8>>> {
    let path = workspace.root.join("tests/vectors").join(file);
    let text = fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))?;
    let mut inputs = BTreeSet::new();
    for line in text.lines() {
        let vector: serde_json::Value = serde_json::from_str(line)?;
        if let Some(input) = vector["input"].as_str() {
            inputs.insert(input.as_bytes().to_vec());
        } else if let Some(records) = vector["txt"].as_array() {
            let joined = |record: &serde_json::Value| -> String {
                let strings = record.as_array().into_iter().flatten();
                strings.filter_map(serde_json::Value::as_str).collect()
            };
            inputs.insert(records.iter().map(joined).collect::<Vec<_>>().join("\n").into_bytes());
        }
    }
    Ok(inputs)
}

fn hex(text: &str) -> Result<Vec<u8>> {
    let digits: Vec<u8> = text.bytes().filter(|digit| !digit.is_ascii_whitespace()).collect();
    let octet = |pair: &[u8]| Ok(u8::from_str_radix(str::from_utf8(pair)?, 16)?);
    digits.chunks(2).map(octet).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_target_is_a_file_and_has_seeds() {
        let workspace = Workspace::open().unwrap();
        let folder = tempfile::tempdir().unwrap();
        for (target, _) in TARGETS {
            assert!(workspace.root.join(format!("fuzz/targets/{target}.rs")).is_file(), "{target}");
            seed(&workspace, folder.path(), target).unwrap();
        }
        let files = fs::read_dir(workspace.root.join("fuzz/targets")).unwrap().count();
        assert_eq!(files, TARGETS.len(), "every target is run");
    }
}
