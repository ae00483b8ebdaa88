//! The service worker, `worker.js`, with the list of the files that make a version of the site.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, anyhow};
use serde::Serialize;
use sha2::{Digest, Sha256};
use xshell::cmd;

use crate::site;
use crate::widget;
use crate::workspace::Workspace;

/// The pages of the rules in one file, by path: a worker asks once, and the text that they share is sent once.
pub(crate) const ARCHIVE: &str = "rules/pages.json";

/// As `www/src/worker.ts` declares it.
#[derive(Serialize)]
struct Site {
    version: String,
    files: BTreeMap<String, String>,
    archive: &'static str,
}

/// Writes the archive and the worker of the site in `out`, which is complete but for them.
pub(crate) fn build(workspace: &Workspace, out: &Path) -> Result<()> {
    let source = workspace.www().join("src/worker.ts");
    let mut pages = BTreeMap::new();
    let mut files = BTreeMap::new();
    for file in site::files(out)? {
        let name = file.strip_prefix(out)?.to_str().context("a file's name is not UTF-8")?.replace('\\', "/");
        // As it is asked for: hosts send those who ask for `index.html` to its folder.
        let path = name.strip_suffix("index.html").unwrap_or(&name).to_owned();
        if is_rule(&path) {
            pages.insert(path, fs::read_to_string(&file)?);
        } else if is_needed(&path) {
            files.insert(path, hash(&fs::read(&file)?));
        }
    }
    let archive = serde_json::to_string(&pages)?;
    files.insert(ARCHIVE.to_owned(), hash(archive.as_bytes()));
    fs::write(out.join(ARCHIVE), archive)?;

    let list = serde_json::to_string(&files)?;
    let version = hash(&[list.as_bytes(), &fs::read(&source)?].concat());
    let site = serde_json::to_string(&Site { version, files, archive: ARCHIVE })?;
    let sh = &workspace.sh;
    let esbuild = site::esbuild(workspace)?;
    let worker = out.join("worker.js");
    cmd!(
        sh,
        "{esbuild} {source} --bundle --format=iife --target=es2022 --minify --sourcemap --legal-comments=none
         --define:SITE={site} --outfile={worker} --log-level=warning"
    )
    .quiet()
    .run()
    .map_err(|_| anyhow!("esbuild could not bundle the service worker; it says why above"))
}

/// The page of a rule, which is in the archive.
fn is_rule(path: &str) -> bool {
    path.starts_with("rules/") && path.ends_with('/') && path != "rules/"
}

/// Whether the site needs a file without a network: not for those who deploy it, develop it, search the web for it,
/// install it, or have the widget on a page of theirs.
fn is_needed(path: &str) -> bool {
    let extension = Path::new(path).extension().and_then(|extension| extension.to_str());
    !matches!(extension, Some("map" | "png"))
        && !matches!(path, "_headers" | "robots.txt")
        && !widget::FILES.contains(&path)
}

/// Enough of a SHA-256 to tell one version of a file from another.
fn hash(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().take(8).fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_what_is_shown() {
        for (path, kept) in [
            ("", true),                       // the start page
            ("rules/", true),                 // the index
            ("rules/pol-blank-line/", false), // in the archive
            ("assets/index-ABC.js", true),
            ("assets/index-ABC.js.map", false),
            ("icon.svg", true),
            ("icon-512.png", false), // for the system, when it installs the page
            ("_headers", false),
            ("mta-sts-check.js", false), // the widget
        ] {
            assert_eq!(is_needed(path) && !is_rule(path), kept, "{path}");
        }
        assert_eq!(hash(b"abc"), "ba7816bf8f01cfea"); // FIPS 180-4, the beginning
    }
}
