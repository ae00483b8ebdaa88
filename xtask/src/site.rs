//! The page and its files, ready to be deployed: `www/` becomes `www/dist/`.
//!
//! Every `.html` file of `www/` is a page, and so is what `rule-pages` writes of the rules. A `.ts` or `.css` file that a
//! page names in an attribute is bundled and the name replaced by that of the bundle, which carries a hash of its content.
//! `www/public/` is copied as it is.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail};
use serde::Deserialize;
use walkdir::WalkDir;
use xshell::cmd;

use crate::engine;
use crate::headers::Headers;
use crate::offline;
use crate::widget;
use crate::workspace::Workspace;

/// Builds the engine, then the site.
pub(crate) fn build(workspace: &Workspace) -> Result<()> {
    engine::build(workspace)?;
    widget::build(workspace)?;

    let www = workspace.www();
    let pages = pages(workspace)?;
    let entries: BTreeSet<&str> = pages.iter().flat_map(|page| page.entries(&www)).collect();
    if entries.is_empty() {
        bail!("no page in www/ names a .ts or .css file: there is nothing to bundle");
    }
    let out = workspace.target.join("site");
    if out.exists() {
        fs::remove_dir_all(&out)?;
    }
    let bundle = bundle(workspace, &entries, &out)?;

    let headers = Headers::read(workspace)?;
    for page in &pages {
        let root = page.root();
        let html = bundle.entries().fold(page.html.clone(), |html, (entry, output)| {
            html.replace(&format!("\"{root}{entry}\""), &format!("\"{root}{output}\""))
        });
        let html = bundle.preload_into(&html, &root);
        let html = headers.write_policy_into(&html, &format!("/{}", page.name))?;
        let file = out.join(&page.name);
        fs::create_dir_all(file.parent().context("a page has a folder")?)?;
        fs::write(file, html)?;
    }
    fs::copy(Headers::source(workspace), out.join("_headers"))?;
    copy_folder(&www.join("public"), &out)?;
    widget::copy(workspace, &out)?;
    // Last: it knows all other files.
    offline::build(workspace, &out)?;

    let site = workspace.site();
    if site.exists() {
        fs::remove_dir_all(&site)?;
    }
    copy_folder(&out, &site)
}

struct Page {
    /// Its path in the site, with `/` between folders.
    name: String,
    html: String,
}

impl Page {
    /// The way from the page to the root of the site.
    fn root(&self) -> String {
        "../".repeat(self.name.matches('/').count())
    }

    /// The sources this page names in its attributes.
    fn entries<'a>(&'a self, www: &'a Path) -> impl Iterator<Item = &'a str> {
        let is_source = move |value: &&str| {
            let extension = Path::new(value).extension().and_then(|extension| extension.to_str());
            matches!(extension, Some("ts" | "css")) && www.join(value).is_file()
        };
        let root = self.root();
        // Attribute values are what stands between quotes; the file test drops everything else.
        self.html.split('"').filter_map(move |value| value.strip_prefix(&*root)).filter(is_source)
    }
}

fn pages(workspace: &Workspace) -> Result<Vec<Page>> {
    let mut pages = Vec::new();
    let mut read = |folder: &Path, file: &Path| -> Result<()> {
        let name = file.strip_prefix(folder)?.to_str().context("a page's name is not UTF-8")?;
        pages.push(Page { name: name.replace('\\', "/"), html: fs::read_to_string(file)? });
        Ok(())
    };
    let www = workspace.www();
    for file in workspace.sh.read_dir(&www)? {
        if file.extension().is_some_and(|extension| extension == "html") {
            read(&www, &file)?;
        }
    }
    let written = rule_pages(workspace)?;
    for file in files(&written)? {
        read(&written, &file)?;
    }
    Ok(pages)
}

/// Writes the pages of the rules, and says below which folder. A program of its own does: it is compiled with the rules
/// as they are now, also while the site is served and built again.
fn rule_pages(workspace: &Workspace) -> Result<PathBuf> {
    let sh = &workspace.sh;
    let (www, written) = (workspace.www(), workspace.target.join("rule-pages"));
    sh.remove_path(&written)?;
    let rules = written.join("rules");
    cmd!(sh, "cargo run --quiet --package rule-pages -- {www} {rules}").quiet().run()?;
    Ok(written)
}

/// Bundles the sources the pages name into `out/assets/`.
fn bundle(workspace: &Workspace, entries: &BTreeSet<&str>, out: &Path) -> Result<Bundle> {
    let sh = &workspace.sh;
    let esbuild = esbuild(workspace)?;
    let entries: Vec<PathBuf> = entries.iter().map(|entry| Path::new("www").join(entry)).collect();
    let metafile = Bundle::metafile(workspace);
    cmd!(
        sh,
        "{esbuild} {entries...} --bundle --splitting --format=esm --target=es2022 --minify --sourcemap
         --legal-comments=none --loader:.wasm=file --outbase=www --outdir={out} --entry-names=assets/[name]-[hash]
         --chunk-names=assets/[name]-[hash] --asset-names=assets/[name]-[hash] --metafile={metafile} --log-level=warning"
    )
    .quiet()
    .run()
    .map_err(|_| anyhow!("esbuild could not bundle the page; it says why above"))?;
    Bundle::read(workspace)
}

/// The program itself. The script of the same name starts it too, but adds its own stack to every error of ours.
pub(crate) fn esbuild(workspace: &Workspace) -> Result<PathBuf> {
    let platforms = workspace.root.join("node_modules/@esbuild");
    let mut programs = files(&platforms)?
        .into_iter()
        .filter(|file| file.ends_with("bin/esbuild") || file.ends_with("esbuild.exe"));
    programs.next().with_context(|| format!("no esbuild for this machine in {}", platforms.display()))
}

/// esbuild's account of what it wrote.
#[derive(Deserialize)]
pub(crate) struct Bundle {
    outputs: BTreeMap<String, Output>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Output {
    entry_point: Option<String>,
    imports: Vec<Import>,
}

#[derive(Deserialize)]
struct Import {
    path: String,
    kind: String,
}

impl Bundle {
    fn metafile(workspace: &Workspace) -> PathBuf {
        workspace.target.join("site.json")
    }

    /// The account of the last build.
    pub(crate) fn read(workspace: &Workspace) -> Result<Self> {
        let file = Self::metafile(workspace);
        let text = fs::read_to_string(&file).with_context(|| format!("reading {}", file.display()))?;
        serde_json::from_str(&text).with_context(|| format!("reading {}", file.display()))
    }

    /// Each source a page names, with the file of the site that it became; both as a page in `www/` refers to them.
    fn entries(&self) -> impl Iterator<Item = (&str, &str)> {
        self.outputs.iter().filter_map(|(path, output)| {
            Some((output.entry_point.as_ref()?.strip_prefix("www/")?, in_site(path)))
        })
    }

    /// The scripts and styles a browser loads with a page of the site, before the page asks for more.
    pub(crate) fn loaded_with(&self, html: &str) -> BTreeSet<&str> {
        // A page in a folder names them as `../assets/…`.
        self.loaded(|path, _| html.contains(&format!("{}\"", in_site(path))))
    }

    /// `html`, naming the scripts that its own scripts import: a browser then asks for all of them at once, not for one
    /// after it has read the other.
    fn preload_into(&self, html: &str, root: &str) -> String {
        let loaded = self.loaded_with(html);
        let imported = loaded.iter().filter(|file| is_script(file) && !html.contains(*file));
        let links: Vec<String> =
            imported.map(|file| format!("<link rel=\"modulepreload\" href=\"{root}{file}\">")).collect();
        html.replacen("</head>", &(links.concat() + "</head>"), 1)
    }

    /// The scripts a browser loads when a page asks for this source.
    pub(crate) fn loaded_for(&self, source: &str) -> BTreeSet<&str> {
        self.loaded(|_, output| output.entry_point.as_deref() == Some(source))
    }

    fn loaded(&self, is_first: impl Fn(&str, &Output) -> bool) -> BTreeSet<&str> {
        let first = self.outputs.iter().filter(|(path, output)| is_first(path, output));
        let mut waiting: Vec<&str> = first.map(|(path, _)| path.as_str()).collect();
        let mut loaded = BTreeSet::new();
        while let Some(path) = waiting.pop() {
            if loaded.insert(in_site(path)) {
                let imports =
                    self.outputs.get(path).map(|output| output.imports.as_slice()).unwrap_or_default();
                waiting
                    .extend(imports.iter().filter(|i| i.kind == "import-statement").map(|i| i.path.as_str()));
            }
        }
        loaded
    }
}

fn is_script(file: &str) -> bool {
    Path::new(file).extension().is_some_and(|extension| extension == "js")
}

/// From a path as esbuild writes it, relative to where it ran, to one inside the site.
fn in_site(path: &str) -> &str {
    path.rfind("assets/").map_or(path, |start| &path[start..])
}

/// Copies all that is in `from`, if there is such a folder.
pub(crate) fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    for file in files(from)? {
        let target = to.join(file.strip_prefix(from)?);
        fs::create_dir_all(target.parent().unwrap_or(to))?;
        fs::copy(&file, &target)?;
    }
    Ok(())
}

/// Every file below `folder`, in order; none if there is no such folder.
pub(crate) fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    if !folder.exists() {
        return Ok(Vec::new());
    }
    let mut files = Vec::new();
    for entry in WalkDir::new(folder).sort_by_file_name() {
        let entry = entry?;
        if entry.file_type().is_file() {
            files.push(entry.into_path());
        }
    }
    Ok(files)
}
