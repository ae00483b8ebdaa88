//! How fast the engine is, natively and as wasm, beside others who read policies, against `benches/budget.json`.
//!
//! Every figure is the best of several runs, so that what else the machine does counts for little; what is over its budget
//! is measured again before it is told.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde::Deserialize;
use xshell::cmd;

use crate::workspace::Workspace;
use crate::{engine, peers, setup};

/// The policies, from the smallest to the largest.
const POLICIES: [&str; 3] = ["typical", "20 mx", "1600 mx"];
/// The sizes at which a hostile text is measured natively, in octets.
const SIZES: [&str; 7] = ["1024", "2048", "4096", "8192", "16384", "32768", "65536"];
/// How often what is over its budget is measured again.
const AGAIN: usize = 2;

const PARSE: &str = "parse";
const RULES: &str = "parse and all rules";
const REPORT: &str = "whole report";
const WASM: &str = "whole report, wasm";
/// Others, as criterion or their script calls them, and as the table does.
const OTHERS: [(&str, &str); 4] = [
    ("mailrs-mta-sts", "mailrs-mta-sts 2.0.2, Rust"),
    ("postfix-mta-sts-resolver", "postfix-mta-sts-resolver 1.5.1, Python"),
    ("checkdmarc", "checkdmarc 6.0.4, Python"),
    ("mailauth", "mailauth 7.1.0, JavaScript"),
];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Budget {
    what: String,
    max: f64,
}

/// What was measured, in nanoseconds.
#[derive(Default)]
struct Figures {
    /// By row and policy.
    policies: BTreeMap<(String, String), f64>,
    /// By shape: natively, at each of [`SIZES`].
    native: BTreeMap<String, Vec<f64>>,
    /// By shape, at the last of them.
    wasm: BTreeMap<String, f64>,
}

/// Measures everything and prints it. An error if something is over its budget.
pub(crate) fn run(workspace: &Workspace) -> Result<()> {
    let file = workspace.root.join("benches/budget.json");
    let budgets: BTreeMap<String, Budget> = serde_json::from_str(&fs::read_to_string(&file)?)
        .with_context(|| format!("reading {}", file.display()))?;
    let max = |name: &str| budgets.get(name).map(|budget| budget.max).context("a budget is missing");

    setup::to_build(workspace)?;
    engine::build(workspace)?;
    let inputs = workspace.target.join("bench");
    let sh = &workspace.sh;
    cmd!(sh, "cargo run --quiet --package mta-sts-benches -- {inputs}").quiet().run()?;

    let mut figures = Figures::default();
    println!("measuring natively: some minutes");
    figures.measure_native(workspace, "")?;
    println!("measuring wasm in Node {}", cmd!(sh, "node --version").quiet().read()?.trim());
    figures.measure_wasm(workspace, &inputs)?;
    println!("measuring others");
    figures.measure_others(workspace, &inputs)?;
    let growth = max("growth per doubling")?;
    for _ in 0..AGAIN {
        let slow: Vec<String> = figures.over(growth, max("hostile, native, ms")?);
        if slow.is_empty() {
            break;
        }
        println!("measuring again: {}", slow.join(", "));
        figures.measure_native(workspace, &format!("^({})/", slow.join("|").replace('.', "\\.")))?;
    }
    figures.print_policies();
    figures.print_hostile(growth);
    let found = figures.ratios()?;

    println!("\n{:26} {:>8} {:>8}", "budget", "worst", "at most");
    let mut over = Vec::new();
    for (name, Budget { what, max }) in &budgets {
        let worst = found.get(name.as_str()).with_context(|| format!("nothing measures `{name}`"))?;
        println!("{name:26} {worst:8.2} {max:8.2}  {what}");
        if worst > max {
            over.push(name.as_str());
        }
    }
    if !over.is_empty() {
        bail!("over the budget of benches/budget.json: {}", over.join(", "));
    }
    Ok(())
}

impl Figures {
    /// Runs what `filter` matches and keeps the best of each.
    fn measure_native(&mut self, workspace: &Workspace, filter: &str) -> Result<()> {
        let sh = &workspace.sh;
        let filter = Some(filter).filter(|filter| !filter.is_empty());
        let bench =
            cmd!(sh, "cargo bench --quiet --package mta-sts-benches --bench engine -- --quiet {filter...}");
        bench.quiet().ignore_stdout().run()?;
        let folder = workspace.target.join("criterion");
        for name in POLICIES {
            let rows = [(PARSE, "parse"), (RULES, "rules"), (REPORT, "report"), (OTHERS[0].0, OTHERS[0].0)];
            for (row, bench) in rows {
                let best = best(&folder.join(name).join(bench))?;
                keep(self.policies.entry((row.to_owned(), name.to_owned())).or_insert(best), best);
            }
        }
        for name in names(&workspace.target.join("bench/hostile"))? {
            let sizes = SIZES.map(|size| best(&folder.join(&name).join(size)));
            let sizes: Vec<f64> = sizes.into_iter().collect::<Result<_>>()?;
            let kept = self.native.entry(name).or_insert_with(|| sizes.clone());
            for (kept, best) in kept.iter_mut().zip(sizes) {
                keep(kept, best);
            }
        }
        Ok(())
    }

    fn measure_wasm(&mut self, workspace: &Workspace, inputs: &Path) -> Result<()> {
        let (sh, pkg) = (&workspace.sh, workspace.pkg());
        let script = workspace.root.join("benches/wasm.mjs");
        let [policies, hostile] = ["policies", "hostile"].map(|kind| inputs.join(kind));
        for line in cmd!(sh, "node {script} {pkg} {policies}").quiet().read()?.lines() {
            let (name, time) = figure(line)?;
            self.policies.insert((WASM.to_owned(), name.to_owned()), time);
        }
        for line in cmd!(sh, "node {script} {pkg} {hostile}").quiet().read()?.lines() {
            let (name, time) = figure(line)?;
            self.wasm.insert(name.to_owned(), time);
        }
        Ok(())
    }

    /// Each by a loop of its own, in its own language; those are installed under `target/peers/`.
    fn measure_others(&mut self, workspace: &Workspace, inputs: &Path) -> Result<()> {
        let sh = &workspace.sh;
        let (scripts, policies) = (workspace.root.join("benches/peers"), inputs.join("policies"));
        let (python, script) = (peers::python(workspace)?, scripts.join("policies.py"));
        for line in cmd!(sh, "{python} {script} {policies}").quiet().read()?.lines() {
            let (of, rest) = line.split_once('\t').with_context(|| format!("a script printed: {line}"))?;
            let (name, time) = figure(rest)?;
            self.policies.insert((of.to_owned(), name.to_owned()), time);
        }
        // Node finds packages beside the program.
        let script = peers::mailauth(workspace)?.with_file_name("bench.mjs");
        fs::copy(scripts.join("mailauth.mjs"), &script)?;
        let node = peers::node22(workspace)?;
        for line in cmd!(sh, "{node} {script} {policies}").quiet().read()?.lines() {
            let (name, time) = figure(line)?;
            self.policies.insert(("mailauth".to_owned(), name.to_owned()), time);
        }
        Ok(())
    }

    fn of(&self, row: &str, policy: &str) -> f64 {
        self.policies.get(&(row.to_owned(), policy.to_owned())).copied().unwrap_or(f64::NAN)
    }

    /// The soonest of others, from this one on.
    fn soonest(&self, from: usize, policy: &str) -> f64 {
        OTHERS[from..].iter().map(|(other, _)| self.of(other, policy)).fold(f64::INFINITY, f64::min)
    }

    /// The shapes that grow by more than `growth`, or take longer than so many milliseconds.
    fn over(&self, growth: f64, millis: f64) -> Vec<String> {
        let is_over = |times: &[f64]| growth_of(times) > growth || times[SIZES.len() - 1] > millis * 1e6;
        self.native.iter().filter(|(_, times)| is_over(times)).map(|(name, _)| name.clone()).collect()
    }

    fn print_policies(&self) {
        let row = |name: &str, times: [f64; 3], digits: usize| {
            let [a, b, c] = times;
            println!("{name:40} {a:10.digits$} {b:10.digits$} {c:10.digits$}");
        };
        println!("\n{:40} {:>10} {:>10} {:>10}", "ns per policy", POLICIES[0], POLICIES[1], POLICIES[2]);
        for name in [PARSE, RULES, REPORT, WASM] {
            row(name, POLICIES.map(|policy| self.of(name, policy)), 0);
        }
        for (of, name) in OTHERS {
            row(name, POLICIES.map(|policy| self.of(of, policy)), 0);
        }
        println!();
        for (of, name) in OTHERS {
            let name = format!("parse / {}", name.split(' ').next().unwrap_or_default());
            row(&name, POLICIES.map(|policy| self.of(PARSE, policy) / self.of(of, policy)), 2);
        }
        row("rules / parse", POLICIES.map(|policy| self.of(RULES, policy) / self.of(PARSE, policy)), 2);
        row(
            "rules / fastest in Python or JavaScript",
            POLICIES.map(|policy| self.of(RULES, policy) / self.soonest(1, policy)),
            2,
        );
    }

    fn print_hostile(&self, growth: f64) {
        println!(
            "\n{:30} {:>9} {:>9}   time at twice the size / time, from 1 KiB to 64 KiB",
            "whole report on 64 KiB of", "native ms", "wasm ms"
        );
        for (name, times) in &self.native {
            let native = times[SIZES.len() - 1] / 1e6;
            let wasm = self.wasm.get(name).copied().unwrap_or(f64::NAN) / 1e6;
            let ratios: Vec<String> = doublings(times).map(|ratio| format!("{ratio:4.2}")).collect();
            let flag = if growth_of(times) > growth { "  more than linear" } else { "" };
            println!("{name:30} {native:9.2} {wasm:9.2}   {}{flag}", ratios.join(" "));
        }
    }

    /// The worst of each thing that has a budget.
    fn ratios(&self) -> Result<BTreeMap<&'static str, f64>> {
        let worst = |of: &dyn Fn(&str) -> f64| POLICIES.iter().map(|policy| of(policy)).fold(0.0, f64::max);
        let at_last = |times: &Vec<f64>| times[SIZES.len() - 1] / 1e6;
        let found = BTreeMap::from([
            ("parse / fastest other", worst(&|policy| self.of(PARSE, policy) / self.soonest(0, policy))),
            ("rules / parse", worst(&|policy| self.of(RULES, policy) / self.of(PARSE, policy))),
            ("rules / fastest script", worst(&|policy| self.of(RULES, policy) / self.soonest(1, policy))),
            ("hostile, native, ms", self.native.values().map(at_last).fold(0.0, f64::max)),
            ("hostile, wasm, ms", self.wasm.values().map(|time| time / 1e6).fold(0.0, f64::max)),
            ("growth per doubling", self.native.values().map(|times| growth_of(times)).fold(0.0, f64::max)),
        ]);
        // A maximum passes over what is no number.
        if self.policies.len() != POLICIES.len() * (4 + OTHERS.len()) || self.wasm.len() != self.native.len()
        {
            bail!("not everything was measured");
        }
        Ok(found)
    }
}

/// How much longer twice as large a text takes: the mean of the last three doublings. A single one tells of the memory
/// too, which comes in steps; what grows with the square of the text shows in all three.
fn growth_of(times: &[f64]) -> f64 {
    (times[SIZES.len() - 1] / times[SIZES.len() - 4]).cbrt()
}

/// How much longer each size takes than the one before.
fn doublings(times: &[f64]) -> impl Iterator<Item = f64> {
    times.windows(2).map(|pair| pair[1] / pair[0])
}

/// Keeps the lesser.
fn keep(kept: &mut f64, time: f64) {
    *kept = kept.min(time);
}

/// A name, a tab, and nanoseconds.
fn figure(line: &str) -> Result<(&str, f64)> {
    let (name, time) = line.split_once('\t').with_context(|| format!("a script printed: {line}"))?;
    Ok((name, time.parse().with_context(|| format!("a script printed: {line}"))?))
}

/// The best of the samples that criterion left of a benchmark, in nanoseconds.
fn best(folder: &Path) -> Result<f64> {
    #[derive(Deserialize)]
    struct Samples {
        iters: Vec<f64>,
        times: Vec<f64>,
    }
    let file: PathBuf = folder.join("new/sample.json");
    let text = fs::read_to_string(&file).with_context(|| format!("reading {}", file.display()))?;
    let Samples { iters, times } = serde_json::from_str(&text)?;
    Ok(times.iter().zip(&iters).map(|(time, count)| time / count).fold(f64::INFINITY, f64::min))
}

/// The names of the files in a folder.
fn names(folder: &Path) -> Result<Vec<String>> {
    let entries = fs::read_dir(folder).with_context(|| format!("reading {}", folder.display()))?;
    entries.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned())).collect()
}

#[cfg(test)]
mod tests {
    use super::{doublings, figure, growth_of, keep};

    #[test]
    fn growth_is_told_from_one_size_to_the_next() {
        assert_eq!(doublings(&[1.0, 2.0, 8.0]).collect::<Vec<_>>(), [2.0, 4.0]);
        let close = |growth: f64, expected: f64| (growth - expected).abs() < 1e-9;
        assert!(close(growth_of(&[1.0, 1.0, 1.0, 1.0, 2.0, 4.0, 8.0]), 2.0), "linear");
        assert!(close(growth_of(&[1.0, 1.0, 1.0, 1.0, 4.0, 16.0, 64.0]), 4.0), "with the square");
        assert!(close(growth_of(&[1.0, 2.0, 4.0, 8.0, 8.0, 16.0, 64.0]), 2.0), "a step of the memory");
        let mut best = 2.0;
        keep(&mut best, 3.0);
        keep(&mut best, 1.0);
        assert!((best - 1.0).abs() < f64::EPSILON);
    }

    #[test]
    fn a_figure_has_a_name() {
        assert_eq!(figure("20 mx\t1500").unwrap(), ("20 mx", 1500.0));
        assert!(figure("1500").is_err());
        assert!(figure("20 mx\tfast").is_err());
    }
}
