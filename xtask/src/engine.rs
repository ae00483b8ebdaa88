//! The engine as wasm, the JavaScript around it, its types and the rules' documentation: `src/` becomes `pkg/dist/`.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use wasm_bindgen_cli_support::Bindgen;
use xshell::cmd;

use crate::site::copy_folder;
use crate::workspace::Workspace;

/// Compiles the engine for the browser, smallest size first, into `pkg/dist/`.
pub(crate) fn build(workspace: &Workspace) -> Result<()> {
    let compiled = compile(workspace)?;
    let dist = workspace.pkg().join("dist");
    let wasm = dist.join("mta_sts_bg.wasm");
    if is_newer(&wasm, &[&compiled, &workspace.root.join("package-lock.json"), &env::current_exe()?]) {
        return Ok(());
    }

    let glued = workspace.target.join("wasm-bindgen");
    glue(&compiled, &glued, true)?;

    if dist.exists() {
        fs::remove_dir_all(&dist)?;
    }
    fs::create_dir_all(&dist)?;
    fs::copy(glued.join("mta_sts.js"), dist.join("mta_sts.js"))?;
    copy_folder(&glued.join("snippets"), &dist.join("snippets"))?;
    fs::write(dist.join("report.d.ts"), declarations(workspace)?)?;
    fs::write(dist.join("rules.js"), rules(workspace)?)?;
    // Last, since its time says that the folder is complete.
    optimise(workspace, &glued.join("mta_sts_bg.wasm"), &wasm, &["--strip-debug", "--strip-producers"])?;

    for license in ["LICENSE-MIT", "LICENSE-APACHE"] {
        fs::copy(workspace.root.join(license), workspace.pkg().join(license))
            .with_context(|| format!("the npm package needs {license}"))?;
    }
    Ok(())
}

/// Builds the same engine, its functions with their names, and says where it is.
pub(crate) fn build_with_names(workspace: &Workspace) -> Result<PathBuf> {
    let glued = workspace.target.join("wasm-bindgen-names");
    glue(&compile(workspace)?, &glued, false)?;
    let named = glued.join("named.wasm");
    optimise(workspace, &glued.join("mta_sts_bg.wasm"), &named, &["--debuginfo"])?;
    Ok(named)
}

/// Makes a module and its JavaScript of what the compiler wrote.
fn glue(compiled: &Path, folder: &Path, without_names: bool) -> Result<()> {
    Bindgen::new()
        .input_path(compiled)
        .web(true)?
        .typescript(false)
        // Which file to load is for the entry points in pkg/ to say; bundlers find it there.
        .omit_default_module_path(true)
        .remove_name_section(without_names)
        .remove_producers_section(true)
        .demangle(false)
        .generate(folder)
        .context("wasm-bindgen could not read what the compiler wrote")
}

/// The types of all that the engine returns, from the Rust types.
fn declarations(workspace: &Workspace) -> Result<String> {
    let sh = &workspace.sh;
    Ok(cmd!(sh, "cargo run --quiet --package mta-sts --features typescript --example typescript").read()?)
}

/// The documentation of the rules, from the engine compiled for this machine.
fn rules(workspace: &Workspace) -> Result<String> {
    let sh = &workspace.sh;
    let rules = cmd!(sh, "cargo run --quiet --package mta-sts-cli -- explain --format json").read()?;
    let rules: serde_json::Value = serde_json::from_str(&rules)?;
    Ok(format!("export default {rules};\n"))
}

fn compile(workspace: &Workspace) -> Result<PathBuf> {
    let sh = &workspace.sh;
    let _flags = sh.push_env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", flags(workspace)?);
    // As a library for Rust too, as which it is built otherwise, it could not be optimised as a whole.
    cmd!(
        sh,
        "cargo rustc --profile wasm --target wasm32-unknown-unknown --package mta-sts --lib --features freestanding
         --crate-type cdylib"
    )
    .run()?;
    let wasm = workspace.target.join("wasm32-unknown-unknown/wasm/mta_sts.wasm");
    ensure!(wasm.is_file(), "cargo did not write {}", wasm.display());
    Ok(wasm)
}

/// Takes the paths of this machine out of the panic messages: they are bytes to download, and they would give every
/// machine a different file.
fn flags(workspace: &Workspace) -> Result<String> {
    let cargo_home = env::var_os("CARGO_HOME").map(PathBuf::from);
    let cargo_home =
        cargo_home.or_else(|| Some(env::home_dir()?.join(".cargo"))).context("no home folder")?;
    let mut prefixes = vec![workspace.root.clone()];
    if let Ok(registries) = cargo_home.join("registry/src").read_dir() {
        for registry in registries {
            prefixes.push(registry?.path());
        }
    }
    // Names that say which types a function is made for; the file that is downloaded has none.
    let mut flags = vec!["-Csymbol-mangling-version=v0".to_owned()];
    flags.extend(prefixes.iter().map(|prefix| format!("--remap-path-prefix={}/=", prefix.display())));
    Ok(flags.join(" "))
}

fn optimise(workspace: &Workspace, input: &Path, output: &Path, names: &[&str]) -> Result<()> {
    let sh = &workspace.sh;
    println!("optimising the wasm");
    let wasm_opt = workspace.npm_bin("binaryen", "wasm-opt");
    // Which features of WebAssembly it may use is written in the file, by the compiler. For speed, which takes half a
    // kilobyte more than for size and runs an eighth faster: what costs bytes, the compiler has done. A large function is
    // not moved into its only caller: that saves bytes, but the file compresses by 6 % less. Nothing lies in the first
    // kilobyte of the memory, where the stack ends.
    cmd!(
        sh,
        "node {wasm_opt} -O3 --one-caller-inline-max-function-size 20 --low-memory-unused {names...} --strip-target-features
         {input} -o {output}"
    )
    .quiet()
    .run()?;
    Ok(())
}

/// Whether `file` is there and newer than all of `sources`.
fn is_newer(file: &Path, sources: &[&Path]) -> bool {
    let modified = |path: &Path| fs::metadata(path).and_then(|metadata| metadata.modified()).ok();
    let built = modified(file);
    built.is_some() && sources.iter().all(|source| modified(source) < built)
}

#[cfg(test)]
mod tests {
    #[test]
    fn crate_and_npm_package_have_one_version() {
        let package: serde_json::Value =
            serde_json::from_str(include_str!("../../pkg/package.json")).unwrap();
        assert_eq!(package["version"], env!("CARGO_PKG_VERSION"));
    }
}
