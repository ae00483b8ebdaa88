//! `mta-sts explain`: what a rule is about.

use crate::args::{Explain, Format};
use crate::failure::Failure;
use crate::output;
use clap::ColorChoice;
use mta_sts::render::{RuleReport, text};
use mta_sts::rules;
use std::process::ExitCode;

/// Ids less alike than this are no help. 1 is the same id.
const ALIKE: f64 = 0.6;

/// The most ids that are offered.
const MAX_NEAR: usize = 5;

pub(crate) fn run(args: &Explain, color: ColorChoice) -> Result<ExitCode, Failure> {
    let options = output::options(color);
    match (&args.rule, args.format) {
        (Some(id), Format::Text) => output::text(&text::rule(&find(id)?, options))?,
        (Some(id), Format::Json) => output::json(&find(id)?)?,
        (None, Format::Text) => output::text(&text::rules(&all(), options))?,
        (None, Format::Json) => output::json(&all())?,
    }
    Ok(ExitCode::SUCCESS)
}

fn all() -> Vec<RuleReport> {
    rules::ALL.iter().copied().map(RuleReport::from).collect()
}

fn find(id: &str) -> Result<RuleReport, Failure> {
    // As it stands in a report: `error[pol-empty]`.
    let bare = id.split_once('[').and_then(|(_, id)| id.strip_suffix(']')).unwrap_or(id).to_ascii_lowercase();
    let rule = rules::find(&bare).map(RuleReport::from);
    rule.ok_or_else(|| Failure::NoSuchRule { id: id.to_owned(), near: near(&bare) })
}

/// The rules that may be meant: those with this word in their id, or the one that is spelled most like it.
fn near(word: &str) -> Vec<&'static str> {
    let ids = || rules::ALL.iter().map(|rule| rule.id);
    let with_word: Vec<_> = ids().filter(|id| !word.is_empty() && id.contains(word)).take(MAX_NEAR).collect();
    if !with_word.is_empty() {
        return with_word;
    }
    ids()
        .map(|id| (id, strsim::normalized_damerau_levenshtein(id, word)))
        .filter(|(_, alike)| *alike >= ALIKE)
        .max_by(|(_, a), (_, b)| a.total_cmp(b))
        .map_or(Vec::new(), |(id, _)| vec![id])
}
