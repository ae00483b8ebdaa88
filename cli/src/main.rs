//! `mta-sts`: the engine on the command line.

use clap::Parser as _;
use std::process::ExitCode;

mod args;
mod clock;
mod explain;
mod failure;
mod fix;
mod generate;
mod input;
mod lint;
mod names;
mod output;
mod plan;

use args::{Args, Command};

/// Findings at or above `--fail-on`.
const FOUND: u8 = 1;
/// Something could not be done. clap uses the same for an option it does not know.
const FAILED: u8 = 2;

fn main() -> ExitCode {
    let Args { color, command } = Args::parse();
    let outcome = match &command {
        Command::Lint(args) => lint::run(args, color),
        Command::Fix(args) => fix::run(args, color),
        Command::Generate(args) => generate::run(args, color),
        Command::Plan(args) => plan::run(args, color),
        Command::Explain(args) => explain::run(args, color),
    };
    outcome.unwrap_or_else(|failure| {
        output::failure(&failure, color);
        ExitCode::from(FAILED)
    })
}
