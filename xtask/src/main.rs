//! The contributor's tool. `cargo xtask` prints what it can do.

mod account;
mod bench;
mod engine;
#[path = "../../tests/senders/fixture.rs"]
mod fixture;
mod fuzz;
mod headers;
mod links;
mod offline;
mod peers;
mod senders;
mod serve;
mod setup;
mod site;
mod size;
mod steps;
mod widget;
mod workspace;

use std::process::ExitCode;

use anyhow::{Result, bail};
use lexopt::prelude::*;

use crate::workspace::Workspace;

const HELP: &str = "\
mta-sts: the contributor's tool

Usage: cargo xtask <COMMAND> [OPTIONS]

Commands:
  serve    Build the page and serve it on this machine; prints the address
  build    Build the npm package (pkg/) and the static site (www/dist/)
  test     Run every check there is, the quick ones first
  fuzz     Run the fuzz targets of fuzz/, each for a bounded time
  bench    Measure the engine, and others who read policies, and compare with benches/budget.json
  size     Compare what a visitor downloads with tests/size-budget.json
  setup    Install what the commands above need, and do no more

Options of serve:
  --port <N>     Port on 127.0.0.1; 0 takes any free one [default: 8461, or any free one if that is taken]
  --watch        Build again whenever a source file changes
  --no-build     Serve www/dist/ as it is

Options of size:
  --why          Say where the bytes of the engine go

Options of test:
  [STEP]...      Run these steps and those they need, not all
  --list         Name the steps and what each proves

Options of fuzz:
  [TARGET]...    Run these targets, not all: policy, record, dns, domain, fixes
  --seconds <N>  How long each runs [default: 60]

Everything is built on first use. Missing Rust targets and components are added with rustup, npm packages with `npm ci`;
only `test` and `setup` install system packages (Chromium, BIND, nginx, Apache, Caddy, Python), with apt-get;
`bench` too installs mail senders to compare with, in target/peers/. The servers run in a network namespace of their own; those of the
machine are left alone.
";

fn main() -> ExitCode {
    match run(lexopt::Parser::from_env()) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(mut args: lexopt::Parser) -> Result<ExitCode> {
    let command = match args.next()? {
        None | Some(Short('h') | Long("help")) => {
            print!("{HELP}");
            return Ok(ExitCode::SUCCESS);
        }
        Some(Value(command)) => command.string()?,
        Some(option) => return Err(option.unexpected().into()),
    };
    match command.as_str() {
        "serve" => serve(args),
        "build" => alone(args, |workspace| {
            setup::to_build(workspace)?;
            site::build(workspace)?;
            println!("npm package: pkg/\nstatic site: www/dist/");
            Ok(())
        }),
        "test" => test(args),
        "fuzz" => fuzz(args),
        "size" => size(args),
        "bench" => alone(args, bench::run),
        "setup" => alone(args, |workspace| {
            setup::to_build(workspace)?;
            setup::to_lint(workspace)?;
            setup::to_test(workspace)?;
            peers::lighthouse(workspace)?;
            peers::all(workspace).map(drop)
        }),
        "help" => {
            print!("{HELP}");
            Ok(ExitCode::SUCCESS)
        }
        other => bail!(
            "there is no command `{other}`: one of serve, build, test, fuzz, bench, size, setup; `cargo xtask` explains them"
        ),
    }
}

/// A command that takes no arguments.
fn alone(mut args: lexopt::Parser, command: impl FnOnce(&Workspace) -> Result<()>) -> Result<ExitCode> {
    if let Some(argument) = args.next()? {
        return Err(argument.unexpected().into());
    }
    command(&Workspace::open()?)?;
    Ok(ExitCode::SUCCESS)
}

fn serve(mut args: lexopt::Parser) -> Result<ExitCode> {
    let mut options = serve::Options::default();
    while let Some(argument) = args.next()? {
        match argument {
            Long("port") => options.port = Some(args.value()?.parse()?),
            Long("watch") => options.watch = true,
            Long("no-build") => options.build = false,
            other => return Err(other.unexpected().into()),
        }
    }
    if options.watch && !options.build {
        bail!("--watch builds and --no-build does not: give one of them");
    }
    serve::run(&Workspace::open()?, &options)?;
    Ok(ExitCode::SUCCESS)
}

fn fuzz(mut args: lexopt::Parser) -> Result<ExitCode> {
    let mut options = fuzz::Options { targets: Vec::new(), seconds: 60 };
    while let Some(argument) = args.next()? {
        match argument {
            Long("seconds") => options.seconds = args.value()?.parse()?,
            Value(target) => options.targets.push(target.string()?),
            other => return Err(other.unexpected().into()),
        }
    }
    let nothing_crashed = fuzz::run(&Workspace::open()?, &options)?;
    Ok(if nothing_crashed { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn size(mut args: lexopt::Parser) -> Result<ExitCode> {
    let mut why = false;
    while let Some(argument) = args.next()? {
        match argument {
            Long("why") => why = true,
            other => return Err(other.unexpected().into()),
        }
    }
    let workspace = Workspace::open()?;
    setup::to_build(&workspace)?;
    site::build(&workspace)?;
    size::check(&workspace)?;
    if why {
        account::print(&workspace)?;
    }
    Ok(ExitCode::SUCCESS)
}

fn test(mut args: lexopt::Parser) -> Result<ExitCode> {
    let mut names = Vec::new();
    while let Some(argument) = args.next()? {
        match argument {
            Long("list") => {
                print!("{}", steps::list());
                return Ok(ExitCode::SUCCESS);
            }
            Value(name) => names.push(name.string()?),
            other => return Err(other.unexpected().into()),
        }
    }
    let chosen = steps::choose(&names)?;
    let all_passed = steps::run(&Workspace::open()?, &chosen);
    Ok(if all_passed { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
