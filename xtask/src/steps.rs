//! The checks of `cargo xtask test`. The table says what they are; the quick ones come first.

use std::fmt::Write as _;
use std::fs;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use xshell::cmd;

use crate::workspace::Workspace;
use crate::{links, peers, senders, setup, site, size};

pub(crate) struct Step {
    name: &'static str,
    proves: &'static str,
    /// The steps whose results this one works on. Each stands above it in the table.
    needs: &'static [&'static str],
    run: fn(&Workspace) -> Result<()>,
}

static STEPS: &[Step] = &[
    Step { name: "format", proves: "rustfmt has nothing to change", needs: &[], run: format },
    Step { name: "clippy", proves: "no warning in any crate, in tests neither", needs: &[], run: clippy },
    Step {
        name: "clippy-wasm",
        proves: "no warning in the engine as the browser gets it",
        needs: &[],
        run: clippy_wasm,
    },
    Step {
        name: "unit",
        proves: "all tests of all crates pass natively, the vectors among them",
        needs: &[],
        run: unit,
    },
    Step {
        name: "docs",
        proves: "the API documentation builds, and its links lead somewhere",
        needs: &[],
        run: docs,
    },
    Step { name: "build", proves: "the npm package and the site can be built", needs: &[], run: site::build },
    Step {
        name: "types",
        proves: "tsc accepts the page, and finds in the engine what it uses",
        needs: &["build"],
        run: types,
    },
    Step { name: "page", proves: "the page's own helpers do what they say", needs: &["build"], run: page },
    Step {
        name: "links",
        proves: "every link inside the site leads to something, and the index to the page of each rule",
        needs: &["build"],
        run: links::check,
    },
    Step {
        name: "size",
        proves: "what a visitor downloads is within tests/size-budget.json",
        needs: &["build"],
        run: size::check,
    },
    Step {
        name: "npm",
        proves: "the packed npm package installs, works in Node and in a browser, and is what its types say",
        needs: &["build"],
        run: npm,
    },
    Step {
        name: "served",
        proves: "nginx, Apache, Caddy and a Worker serve what is generated, and nothing is wrong with it",
        needs: &[],
        run: served,
    },
    Step {
        name: "senders",
        proves: "the senders that install still read odd input as tests/senders/ says",
        needs: &[],
        run: senders::check,
    },
    Step {
        name: "wasm",
        proves: "the vectors pass in headless Chromium, and what holds for any text holds there",
        needs: &[],
        run: wasm,
    },
    Step {
        name: "e2e",
        proves: "the page tells the truth with a real browser and real servers",
        needs: &["build"],
        run: e2e,
    },
    Step {
        name: "lighthouse",
        proves: "Lighthouse has nothing against the page but, on a slow machine, its speed",
        needs: &["build"],
        run: lighthouse,
    },
];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Passed,
    Failed,
    /// A step it needs failed.
    NotRun,
}

/// The steps in the order they run in, a line each.
pub(crate) fn list() -> String {
    STEPS.iter().fold(String::new(), |mut list, step| {
        let _ = writeln!(list, "{:12} {}", step.name, step.proves);
        list
    })
}

/// The steps of these names and those they need, or all if no name is given.
pub(crate) fn choose(names: &[String]) -> Result<Vec<&'static Step>> {
    for name in names {
        if !STEPS.iter().any(|step| step.name == name) {
            let all: Vec<&str> = STEPS.iter().map(|step| step.name).collect();
            bail!("there is no step `{name}`: one of {}", all.join(", "));
        }
    }
    let asked_for = |step: &Step| names.is_empty() || names.iter().any(|name| name == step.name);
    let needed = |step: &Step| STEPS.iter().any(|other| asked_for(other) && other.needs.contains(&step.name));
    Ok(STEPS.iter().filter(|step| asked_for(step) || needed(step)).collect())
}

/// Runs the steps and prints what became of each. Whether all passed.
pub(crate) fn run(workspace: &Workspace, steps: &[&Step]) -> bool {
    let mut done: Vec<(&Step, Outcome, Duration)> = Vec::new();
    for step in steps {
        println!("\n== {}: {}", step.name, step.proves);
        let start = Instant::now();
        let missing = done
            .iter()
            .find(|(other, outcome, _)| step.needs.contains(&other.name) && *outcome != Outcome::Passed);
        let outcome = if let Some((other, ..)) = missing {
            println!("not run: it needs {}", other.name);
            Outcome::NotRun
        } else {
            match (step.run)(workspace) {
                Ok(()) => Outcome::Passed,
                Err(error) => {
                    println!("error: {error:#}");
                    Outcome::Failed
                }
            }
        };
        let time = start.elapsed();
        if outcome != Outcome::NotRun {
            println!("== {} {} after {:.1} s", step.name, outcome.word(), time.as_secs_f32());
        }
        done.push((step, outcome, time));
    }

    println!("\n{:12} {:8} {:>8}", "step", "outcome", "seconds");
    for (step, outcome, time) in &done {
        println!("{:12} {:8} {:8.1}", step.name, outcome.word(), time.as_secs_f32());
    }
    let count = |wanted| done.iter().filter(|(_, outcome, _)| *outcome == wanted).count();
    println!("\n{} passed, {} failed", count(Outcome::Passed), count(Outcome::Failed));
    count(Outcome::Passed) == done.len()
}

impl Outcome {
    fn word(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed => "FAILED",
            Self::NotRun => "not run",
        }
    }
}

fn format(workspace: &Workspace) -> Result<()> {
    setup::to_lint(workspace)?;
    let sh = &workspace.sh;
    cmd!(sh, "cargo fmt --all --check").run()?;
    // A workspace of its own.
    Ok(cmd!(sh, "cargo fmt --check --manifest-path tests/senders/drivers/rust/Cargo.toml").run()?)
}

fn clippy(workspace: &Workspace) -> Result<()> {
    setup::to_lint(workspace)?;
    let sh = &workspace.sh;
    cmd!(sh, "cargo clippy --workspace --all-targets -- --deny warnings").run()?;
    // A workspace of its own, so that nobody else builds its C++.
    Ok(cmd!(sh, "cargo clippy --manifest-path fuzz/Cargo.toml --target-dir target -- --deny warnings")
        .run()?)
}

fn clippy_wasm(workspace: &Workspace) -> Result<()> {
    setup::to_lint(workspace)?;
    setup::to_build(workspace)?;
    let sh = &workspace.sh;
    Ok(cmd!(sh, "cargo clippy --package mta-sts --lib --features freestanding --target wasm32-unknown-unknown -- --deny
         warnings")
        .run()?)
}

fn unit(workspace: &Workspace) -> Result<()> {
    let sh = &workspace.sh;
    // The same texts in every run: `cargo test` by itself, and the fuzz targets, look for others.
    let _seed = sh.push_env("PROPTEST_RNG_SEED", "8461");
    Ok(cmd!(sh, "cargo test --workspace").run()?)
}

fn docs(workspace: &Workspace) -> Result<()> {
    let sh = &workspace.sh;
    let _flags = sh.push_env("RUSTDOCFLAGS", "--deny warnings");
    Ok(cmd!(sh, "cargo doc --workspace --no-deps --document-private-items").run()?)
}

fn types(workspace: &Workspace) -> Result<()> {
    let sh = &workspace.sh;
    let tsc = workspace.npm_bin("typescript", "tsc");
    cmd!(sh, "node {tsc} --project www").run()?;
    // A service worker has no document, and what it has instead clashes with that.
    Ok(cmd!(sh, "node {tsc} --project www/tsconfig.worker.json").run()?)
}

fn page(workspace: &Workspace) -> Result<()> {
    let sh = &workspace.sh;
    Ok(cmd!(sh, "npm test --workspace www").run()?)
}

/// Packs the package as npm would publish it, installs it elsewhere and uses it there.
fn npm(workspace: &Workspace) -> Result<()> {
    setup::to_test(workspace)?;
    let sh = &workspace.sh;
    let elsewhere = workspace.target.join("npm");
    if elsewhere.exists() {
        fs::remove_dir_all(&elsewhere)?;
    }
    fs::create_dir_all(&elsewhere)?;
    let packed = cmd!(sh, "npm pack --silent --workspace pkg --pack-destination {elsewhere}").read()?;
    let packed = packed.lines().last().context("npm pack names no file")?;
    fs::write(elsewhere.join("package.json"), "{ \"private\": true, \"type\": \"module\" }\n")?;
    for file in site::files(&workspace.pkg().join("test"))? {
        fs::copy(&file, elsewhere.join(file.file_name().context("a file has a name")?))?;
    }
    let tsc = workspace.npm_bin("typescript", "tsc");
    let _folder = sh.push_dir(&elsewhere);
    cmd!(sh, "npm install --offline --no-save ./{packed}").run()?;
    {
        let _tools = sh.push_env("MTA_STS_TOOLS", workspace.root.join("tests/e2e"));
        cmd!(sh, "node --test --test-reporter=spec").run()?;
    }
    // What the engine returns, against the types it declares; as Node resolves the package, and as bundlers do.
    fs::write(elsewhere.join("snapshot.ts"), cmd!(sh, "node snapshot.js").read()?)?;
    // What the package says of its element, against the types of such manifests.
    let manifest = fs::read_to_string(workspace.pkg().join("custom-elements.json"))?;
    let types = workspace.root.join("node_modules/custom-elements-manifest/schema.d.ts");
    // It has a type for fields with an attribute, and forgets it among the members.
    let types = fs::read_to_string(types)?.replace("= ClassField |", "= CustomElementField |");
    fs::write(elsewhere.join("schema.d.ts"), types)?;
    let types = "import type { Package } from \"./schema.js\";\nexport const manifest: Package = ";
    fs::write(elsewhere.join("manifest.ts"), format!("{types}{manifest};\n"))?;
    cmd!(sh, "node {tsc} --project .").run()?;
    Ok(cmd!(sh, "node {tsc} --project . --module esnext --moduleResolution bundler").run()?)
}

fn wasm(workspace: &Workspace) -> Result<()> {
    setup::to_build(workspace)?;
    setup::to_test(workspace)?;
    let sh = &workspace.sh;
    // Cargo would build it by itself, but without a word for a minute.
    cmd!(sh, "cargo build --package wasm-test-runner").run()?;
    let chromedriver = workspace.which("chromedriver").context("there is no chromedriver")?;
    let _driver = sh.push_env("CHROMEDRIVER", chromedriver);
    Ok(cmd!(
        sh,
        "cargo test --package mta-sts --target wasm32-unknown-unknown --test vectors --test any_text"
    )
    .run()?)
}

fn served(workspace: &Workspace) -> Result<()> {
    setup::to_test(workspace)?;
    let sh = &workspace.sh;
    Ok(cmd!(sh, "cargo run --package mta-sts-e2e -- served").run()?)
}

fn e2e(workspace: &Workspace) -> Result<()> {
    setup::to_test(workspace)?;
    let sh = &workspace.sh;
    Ok(cmd!(sh, "cargo run --package mta-sts-e2e").run()?)
}

fn lighthouse(workspace: &Workspace) -> Result<()> {
    setup::to_test(workspace)?;
    let sh = &workspace.sh;
    let folder = peers::lighthouse(workspace)?;
    Ok(cmd!(sh, "cargo run --package mta-sts-e2e -- lighthouse {folder}").run()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(names: &[&str]) -> Vec<&'static str> {
        let names: Vec<String> = names.iter().map(ToString::to_string).collect();
        choose(&names).unwrap().iter().map(|step| step.name).collect()
    }

    #[test]
    fn what_a_step_needs_runs_before_it() {
        assert_eq!(chosen(&["size"]), ["build", "size"]);
        assert_eq!(chosen(&["npm", "format", "build"]), ["format", "build", "npm"]); // in the table's order, each once
        assert_eq!(chosen(&[]).len(), STEPS.len());
        assert!(choose(&["formatting".to_owned()]).is_err());
        for (index, step) in STEPS.iter().enumerate() {
            for need in step.needs {
                assert!(STEPS[..index].iter().any(|above| above.name == *need), "{} needs {need}", step.name);
                assert!(
                    STEPS.iter().all(|other| other.name != *need || other.needs.is_empty()),
                    "one level is enough"
                );
            }
        }
    }

    #[test]
    fn one_failure_is_counted_and_what_needs_it_is_not_run() {
        let fails = Step { name: "fails", proves: "", needs: &[], run: |_| bail!("on purpose") };
        let needs = Step { name: "needs", proves: "", needs: &["fails"], run: |_| panic!("must not run") };
        let passes = Step { name: "passes", proves: "", needs: &[], run: |_| Ok(()) };
        let workspace = Workspace::open().unwrap();
        assert!(!run(&workspace, &[&fails, &needs, &passes]));
        assert!(run(&workspace, &[&passes]));
    }
}
