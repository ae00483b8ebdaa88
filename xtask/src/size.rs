//! What a visitor downloads, against `tests/size-budget.json`. A budget is a promise to those on slow lines: it is
//! raised by a commit that says what for, and lowered when there is room.

use std::collections::BTreeMap;
use std::fs;
use std::iter;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use crate::offline;
use crate::site::{self, Bundle};
use crate::widget;
use crate::workspace::Workspace;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Budget {
    what: String,
    /// Bytes, each file compressed on its own with brotli at its best.
    max: i64,
}

/// Prints each size beside its budget. An error if one is over.
pub(crate) fn check(workspace: &Workspace) -> Result<()> {
    let file = workspace.root.join("tests/size-budget.json");
    let budgets: BTreeMap<String, Budget> = serde_json::from_str(&fs::read_to_string(&file)?)
        .with_context(|| format!("reading {}", file.display()))?;

    let mut over = Vec::new();
    println!("{:12} {:>8} {:>8} {:>8}", "brotli bytes", "size", "budget", "left");
    for (name, Budget { what, max }) in &budgets {
        let mut size = 0;
        for file in measured(workspace, name)? {
            // It is in the site for other pages: nobody downloads it with this one.
            if name == "site" && widget::is_in_site(workspace, &file) {
                continue;
            }
            size += compressed(&fs::read(&file).with_context(|| format!("reading {}", file.display()))?)?;
        }
        let left = max - size;
        println!("{name:12} {size:8} {max:8} {left:8}  {what}");
        if left < 0 {
            over.push(name.as_str());
        }
    }
    if !over.is_empty() {
        bail!("over the budget of tests/size-budget.json: {}", over.join(", "));
    }
    Ok(())
}

/// The files a budget of this name is about.
fn measured(workspace: &Workspace, name: &str) -> Result<Vec<PathBuf>> {
    let site = workspace.site();
    Ok(match name {
        "widget" => vec![workspace.pkg().join("dist/element.js")],
        "widget-all" => {
            let dist = workspace.pkg().join("dist");
            vec![dist.join("mta-sts-check.js"), dist.join("mta_sts_bg.wasm")]
        }
        "wasm" => vec![workspace.pkg().join("dist/mta_sts_bg.wasm")],
        "glue" => glue(workspace)?,
        "engine" => {
            let mut files = glue(workspace)?;
            files.push(workspace.pkg().join("dist/mta_sts_bg.wasm"));
            files
        }
        "editor" => {
            let (page, bundle) = (fs::read_to_string(site.join("index.html"))?, Bundle::read(workspace)?);
            let loaded = bundle.loaded_for("www/src/code/code.ts");
            loaded.difference(&bundle.loaded_with(&page)).map(|file| site.join(file)).collect()
        }
        "worker" => vec![site.join("worker.js"), site.join(offline::ARCHIVE)],
        "rules" => vec![workspace.pkg().join("dist/rules.js")],
        "first-load" => with_what_it_loads(workspace, site.join("index.html"))?,
        "rule-page" => {
            let mut largest = (0, PathBuf::new());
            for page in
                site::files(&site.join("rules"))?.into_iter().filter(|file| file.ends_with("index.html"))
            {
                largest = largest.max((fs::metadata(&page)?.len(), page));
            }
            with_what_it_loads(workspace, largest.1)?
        }
        "site" => {
            let rules = site.join("rules");
            let downloaded = |file: &PathBuf| {
                let is_rule = file.starts_with(&rules) && file.parent() != Some(&rules);
                !is_rule
                    && !file.ends_with(offline::ARCHIVE)
                    && !file.ends_with("_headers")
                    && file.extension().is_none_or(|e| e != "map")
            };
            site::files(&site)?.into_iter().filter(downloaded).collect()
        }
        other => bail!("tests/size-budget.json has a budget for `{other}`, and nothing measures that"),
    })
}

/// A page, and what a browser loads with it at once.
fn with_what_it_loads(workspace: &Workspace, page: PathBuf) -> Result<Vec<PathBuf>> {
    let bundle = Bundle::read(workspace)?;
    let loaded = bundle.loaded_with(&fs::read_to_string(&page)?);
    let loaded = loaded.into_iter().map(|file| workspace.site().join(file));
    Ok(iter::once(page).chain(loaded).collect())
}

/// The scripts that come with the engine, as the page loads them.
fn glue(workspace: &Workspace) -> Result<Vec<PathBuf>> {
    let bundle = Bundle::read(workspace)?;
    Ok(bundle.loaded_for("pkg/index.js").into_iter().map(|file| workspace.site().join(file)).collect())
}

/// The size of `bytes` as a browser gets them: with brotli at its best.
pub(crate) fn compressed(bytes: &[u8]) -> Result<i64> {
    brotli(bytes, 11)
}

/// About the size of `bytes` as a browser gets them, ten times as fast.
pub(crate) fn roughly_compressed(bytes: &[u8]) -> Result<i64> {
    brotli(bytes, 9)
}

fn brotli(bytes: &[u8], quality: i32) -> Result<i64> {
    let params =
        brotli::enc::BrotliEncoderParams { quality, lgwin: 22, size_hint: bytes.len(), ..Default::default() };
    let mut out = Vec::new();
    brotli::BrotliCompress(&mut &*bytes, &mut out, &params)?;
    Ok(i64::try_from(out.len())?)
}
