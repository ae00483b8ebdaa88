//! The widget `<mta-sts-check>`: `www/src/widget/` becomes two scripts in `pkg/dist/`.
//!
//! `mta-sts-check.js` registers the element and needs no other file but the wasm beside it, whose digest it carries.
//! `element.js` exports the class, and takes the engine from the package, so that a bundler finds one engine.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use anyhow::{Result, anyhow, ensure};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha384};
use xshell::cmd;

use crate::site;
use crate::workspace::Workspace;

/// What a page without a bundler loads.
pub(crate) const FILES: [&str; 2] = ["mta-sts-check.js", "mta_sts_bg.wasm"];

/// Builds both scripts. The engine is there.
pub(crate) fn build(workspace: &Workspace) -> Result<()> {
    let dist = workspace.pkg().join("dist");
    let style = style(workspace)?;
    let digest = integrity(&dist.join("mta_sts_bg.wasm"))?;
    script(workspace, &style, "define.ts", "mta-sts-check.js", &format!("\"{digest}\""), &[])?;
    let package = ["--alias:mta-sts=../index.js", "--external:../index.js"];
    script(workspace, &style, "element.ts", "element.js", "undefined", &package)
}

/// Puts the script and its wasm at the root of the site, where they have one name for ever.
pub(crate) fn copy(workspace: &Workspace, site: &Path) -> Result<()> {
    for file in FILES {
        fs::copy(workspace.pkg().join("dist").join(file), site.join(file))?;
    }
    Ok(())
}

/// Whether a file of the site is one of those.
pub(crate) fn is_in_site(workspace: &Workspace, file: &Path) -> bool {
    FILES.iter().any(|name| file == workspace.site().join(name))
}

/// The digest of a file as a page gives it in `integrity`.
fn integrity(file: &Path) -> Result<String> {
    Ok(format!("sha384-{}", STANDARD.encode(Sha384::digest(fs::read(file)?))))
}

fn script(
    workspace: &Workspace,
    style: &Path,
    entry: &str,
    output: &str,
    digest: &str,
    more: &[&str],
) -> Result<()> {
    let sh = &workspace.sh;
    let esbuild = site::esbuild(workspace)?;
    let entry = Path::new("www/src/widget").join(entry);
    let output = workspace.pkg().join("dist").join(output);
    let style = format!("--alias:mta-sts-check.css={}", style.display());
    let digest = format!("--define:WASM_INTEGRITY={digest}");
    cmd!(
        sh,
        "{esbuild} {entry} --bundle --format=esm --target=es2022 --minify --legal-comments=none --charset=utf8
         --loader:.css=text {style} {digest} {more...} --outfile={output} --log-level=warning"
    )
    .quiet()
    .run()
    .map_err(|_| anyhow!("esbuild could not bundle the widget; it says why above"))
}

/// Makes one style sheet of those of the page, for the inside of the element.
fn style(workspace: &Workspace) -> Result<std::path::PathBuf> {
    let sh = &workspace.sh;
    let esbuild = site::esbuild(workspace)?;
    let bundle = "--bundle --log-level=warning".split(' ');
    let all = cmd!(sh, "{esbuild} www/src/widget/style.css {bundle...}").quiet().read()?;
    let fitted = fit(&all);
    ensure!(!fitted.contains("@media (max-width"), "a width of the window is left in the widget's style");
    let small = cmd!(sh, "{esbuild} --loader=css --minify").stdin(fitted).quiet().read()?;
    let file = workspace.target.join("widget.css");
    fs::write(&file, small.trim())?;
    Ok(file)
}

/// What the page measures by its root and its window, the widget measures by its box, which lies anywhere.
fn fit(css: &str) -> String {
    let css = css
        .replace("@media (max-width", "@container (max-width")
        .replace("@media (min-width", "@container (min-width");
    measured_by(
        &measured_by(&css, "rem", |number| format!("calc({number} * var(--mta-sts-em))")),
        "vw",
        |number| format!("{number}cqi"),
    )
}

/// Writes each number with this unit in another way.
fn measured_by(css: &str, unit: &str, write: impl Fn(&str) -> String) -> String {
    let mut out = String::new();
    let mut rest = css;
    while let Some(at) = rest.find(unit) {
        let (before, after) = (&rest[..at], &rest[at + unit.len()..]);
        let number = before.len() - before.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.').len();
        let ends = !after.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '-');
        if number > 0 && ends {
            let _ = write!(out, "{}{}", &before[..at - number], write(&before[at - number..]));
        } else {
            out += &rest[..at + unit.len()];
        }
        rest = after;
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_widget_is_measured_by_its_box() {
        for (of_the_page, of_the_box) in [
            ("a{width:1.5rem}", "a{width:calc(1.5 * var(--mta-sts-em))}"),
            ("a{font:600 .875rem/1.25 x}", "a{font:600 calc(.875 * var(--mta-sts-em))/1.25 x}"), // a part of a shorthand
            (
                "a{font-size:clamp(1rem, 1rem + 0.8vw, 2rem)}",
                "a{font-size:clamp(calc(1 * var(--mta-sts-em)), calc(1 * var(--mta-sts-em)) + 0.8cqi, calc(2 * var(--mta-sts-em)))}",
            ),
            (".premium,.x1remark{max-width:100%}", ".premium,.x1remark{max-width:100%}"), // a name is no unit
            ("@media (max-width: 760px) {", "@container (max-width: 760px) {"),
            ("@media print {", "@media print {"), // the medium is the same
        ] {
            assert_eq!(fit(of_the_page), of_the_box);
        }
    }

    #[test]
    fn a_digest_is_as_browsers_want_it() {
        let file = tempfile::NamedTempFile::new().unwrap();
        assert_eq!(
            integrity(file.path()).unwrap(),
            "sha384-OLBgp1GsljhM2TJ+sbHjaiH9txEUvgdDTAzHv2P24donTt6/529l+9Ua0vFImLlb" // of nothing
        );
    }
}
