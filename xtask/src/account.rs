//! Where the bytes of the engine go: `cargo xtask size --why`.

use std::collections::BTreeMap;
use std::fs;

use anyhow::{Context, Result};
use wasmparser::{KnownCustom, Name, Parser, Payload, TypeRef};

use crate::engine;
use crate::size::{compressed, roughly_compressed};
use crate::workspace::Workspace;

/// Groups below so many bytes of wasm are one line.
const SMALL: usize = 500;

/// Prints what each crate and module adds to the wasm, and what each module of ours is the reason for.
pub(crate) fn print(workspace: &Workspace) -> Result<()> {
    let file = engine::build_with_names(workspace)?;
    let wasm = Wasm::read(fs::read(&file)?).with_context(|| format!("reading {}", file.display()))?;
    let (code, data) = (wasm.code_without(|_| false), &wasm.data);
    println!("\ncode {:8} bytes, {:7} compressed", code.len(), compressed(&code)?);
    println!("data {:8} bytes, {:7} compressed", data.len(), compressed(data)?);
    println!("\n`saved` is what the compressed code shrinks by without the group.");
    wasm.table("by where the code is written", &code, home)?;
    wasm.table("by the module of ours it is made for", &code, purpose)
}

/// The functions of a module and their names.
struct Wasm {
    bytes: Vec<u8>,
    functions: Vec<Function>,
    data: Vec<u8>,
}

struct Function {
    name: String,
    body: std::ops::Range<usize>,
}

impl Wasm {
    fn read(bytes: Vec<u8>) -> Result<Self> {
        let mut names = BTreeMap::new();
        let mut imported = 0;
        let mut bodies = Vec::new();
        let mut data = Vec::new();
        for payload in Parser::new(0).parse_all(&bytes) {
            match payload? {
                Payload::ImportSection(imports) => {
                    for import in imports.into_imports() {
                        imported += u32::from(matches!(import?.ty, TypeRef::Func(_)));
                    }
                }
                Payload::CodeSectionEntry(body) => bodies.push(body.range()),
                Payload::DataSection(segments) => {
                    for segment in segments {
                        data.extend_from_slice(segment?.data);
                    }
                }
                Payload::CustomSection(section) => {
                    let KnownCustom::Name(subsections) = section.as_known() else { continue };
                    for subsection in subsections {
                        let Name::Function(functions) = subsection? else { continue };
                        for function in functions {
                            let function = function?;
                            let name = format!("{:#}", rustc_demangle::demangle(function.name));
                            names.insert(function.index, name);
                        }
                    }
                }
                _ => {}
            }
        }
        let functions = bodies.into_iter().zip(imported..);
        let functions = functions
            .map(|(body, index)| Function { name: names.remove(&index).unwrap_or_default(), body })
            .collect();
        Ok(Self { bytes, functions, data })
    }

    /// The code of every function whose name is not left out.
    fn code_without(&self, left_out: impl Fn(&str) -> bool) -> Vec<u8> {
        let kept = self.functions.iter().filter(|function| !left_out(&function.name));
        kept.flat_map(|function| &self.bytes[function.body.clone()]).copied().collect()
    }

    fn table(&self, title: &str, code: &[u8], group: fn(&str) -> String) -> Result<()> {
        let mut groups: BTreeMap<String, (usize, usize)> = BTreeMap::new();
        for function in &self.functions {
            let (count, bytes) = groups.entry(group(&function.name)).or_default();
            *count += 1;
            *bytes += function.body.len();
        }
        let is_small = |name: &str| groups.get(name).is_some_and(|(_, bytes)| *bytes < SMALL);
        let whole = roughly_compressed(code)?;
        let saved = |left_out: &dyn Fn(&str) -> bool| -> Result<i64> {
            Ok(whole - roughly_compressed(&self.code_without(left_out))?)
        };
        let mut rows = Vec::new();
        for (name, (count, bytes)) in groups.iter().filter(|(name, _)| !is_small(name)) {
            rows.push((saved(&|other| group(other) == *name)?, *bytes, *count, name.as_str()));
        }
        let small = groups.iter().filter(|(name, _)| is_small(name)).map(|(_, sizes)| *sizes);
        let (count, bytes) = small.fold((0, 0), |all, one| (all.0 + one.0, all.1 + one.1));
        rows.push((saved(&|other| is_small(&group(other)))?, bytes, count, "all others"));

        rows.sort_unstable_by(|a, b| b.cmp(a));
        println!("\n{:>8} {:>8} {:>9}  {title}", "saved", "bytes", "functions");
        for (saved, bytes, count, name) in rows {
            println!("{saved:8} {bytes:8} {count:9}  {name}");
        }
        Ok(())
    }
}

/// The crate a function is written in; of our own and of the standard library the module too.
fn home(name: &str) -> String {
    let path = name.trim_start_matches(['<', '&', '[', '(', '*']);
    let path = path.trim_start_matches("mut ").trim_start_matches("const ").trim_start_matches("dyn ");
    module(path)
}

/// The first module of ours that a name mentions, be it only among the types it is made for; else its crate.
fn purpose(name: &str) -> String {
    name.find("mta_sts::").map_or_else(|| home(name), |at| module(&name[at..]))
}

/// The first one or two parts of a path.
fn module(path: &str) -> String {
    let path = path.split([' ', '<', '>', ']', ',', ')', '{']).next().unwrap_or_default();
    let mut parts = path.split("::").filter(|part| !part.is_empty());
    let Some(package) = parts.next() else { return "without a name".to_owned() };
    match parts.next() {
        Some(module) if matches!(package, "mta_sts" | "core" | "alloc" | "std") => {
            format!("{package}::{module}")
        }
        _ => package.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{home, purpose};

    #[test]
    fn a_function_belongs_to_its_crate_and_its_reason() {
        for (name, written_in, made_for) in [
            ("mta_sts::rules::cov::applied", "mta_sts::rules", "mta_sts::rules"),
            ("<mta_sts::span::Span>::of", "mta_sts::span", "mta_sts::span"),
            (
                "<&mut mta_sts::model::mx::MxPattern as core::fmt::Display>::fmt",
                "mta_sts::model",
                "mta_sts::model",
            ),
            ("<alloc::vec::Vec<mta_sts::finding::Finding>>::push_mut", "alloc::vec", "mta_sts::finding"),
            ("dlmalloc::dlmalloc::malloc", "dlmalloc", "dlmalloc"),
            ("memcpy", "memcpy", "memcpy"),
            ("", "without a name", "without a name"),
        ] {
            assert_eq!((home(name).as_str(), purpose(name).as_str()), (written_in, made_for), "{name}");
        }
    }
}
