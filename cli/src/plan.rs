//! `mta-sts plan`: from one policy to another.

use crate::args::{Format, Plan};
use crate::failure::Failure;
use crate::input::{self, Input};
use crate::{FOUND, clock, names, output};
use clap::ColorChoice;
use mta_sts::plan::{Change, PlanKind, plan};
use mta_sts::report::DocumentKind;
use mta_sts::{Draft, OffsetUnit, render};
use std::path::Path;
use std::process::ExitCode;

pub(crate) fn run(args: &Plan, color: ColorChoice) -> Result<ExitCode, Failure> {
    let [old, new] = policies([&args.old, &args.new])?;
    let change = Change {
        domain: args.domain.as_deref().map(names::domain).transpose()?,
        old: Draft { policy: text_of(old.as_ref()), record: record(args.old_record.as_ref()), tlsrpt: None },
        new: Draft {
            policy: text_of(new.as_ref()),
            record: record(args.new_record.as_ref()),
            tlsrpt: record(args.tlsrpt.as_ref()),
        },
        old_mx: names::mx("--mx", &args.mx)?,
        new_mx: names::mx("--new-mx", &args.new_mx)?,
        ttl: args.ttl,
        mx_ttl: args.mx_ttl,
        longest_max_age: args.longest_max_age,
        now: args.now.unwrap_or_else(clock::now),
    };
    // As in `lint`.
    let unit = match args.format {
        Format::Text => OffsetUnit::Utf16,
        Format::Json => OffsetUnit::Bytes,
    };
    let mut plan = plan(&change, unit);
    for document in plan.documents.iter_mut().filter(|document| document.kind == DocumentKind::Policy) {
        document.source = new.as_ref().map_or_else(String::new, |input| input.name.clone());
    }
    match args.format {
        Format::Text => output::text(&render::text::plan(&plan, output::options(color)))?,
        Format::Json => output::json(&plan)?,
    }
    Ok(if plan.kind == PlanKind::FixFirst { ExitCode::from(FOUND) } else { ExitCode::SUCCESS })
}

/// The policies at these paths; `none` is none.
fn policies(paths: [&Path; 2]) -> Result<[Option<Input>; 2], Failure> {
    let is_none = |path: &Path| path == Path::new("none");
    let files: Vec<_> = paths.iter().filter(|path| !is_none(path)).map(|path| path.to_path_buf()).collect();
    let mut inputs = Vec::new();
    if !files.is_empty() {
        for source in input::sources(&files)? {
            inputs.push(source.read()?);
        }
    }
    let mut inputs = inputs.into_iter();
    Ok(paths.map(|path| if is_none(path) { None } else { inputs.next() }))
}

fn text_of(input: Option<&Input>) -> Option<&[u8]> {
    input.map(|input| input.text.as_slice())
}

/// A record as an option gives it; `none` is an empty set of them.
fn record(text: Option<&String>) -> Option<&[u8]> {
    text.map(|text| if text == "none" { &[][..] } else { text.as_bytes() })
}
