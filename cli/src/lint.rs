//! `mta-sts lint`: texts judged without asking the network.

use crate::args::{FailOn, Format, Kind, Lint, Texts};
use crate::failure::Failure;
use crate::input::{self, Input};
use crate::{FAILED, FOUND, names, output};
use clap::ColorChoice;
use mta_sts::report::{OffsetUnit, Report, SeverityName};
use mta_sts::{LintOptions, TextKind, render};
use std::process::ExitCode;

pub(crate) fn run(args: &Lint, color: ColorChoice) -> Result<ExitCode, Failure> {
    let options = options(&args.texts)?;
    // Offsets in the text that is shown are right in UTF-16 only; see `render::text`.
    let unit = match args.format {
        Format::Text => OffsetUnit::Utf16,
        Format::Json => OffsetUnit::Bytes,
    };
    let mut failed = false;
    let mut reports = Vec::new();
    for source in input::sources(&args.texts.files)? {
        match source.read() {
            Ok(input) => reports.push(judge(&input, &options, unit)),
            Err(failure) => {
                output::failure(&failure, color);
                failed = true;
            }
        }
    }
    match (args.format, reports.as_slice()) {
        (Format::Text, reports) => {
            let style = output::options(color);
            let texts: Vec<String> = reports.iter().map(|report| render::text::text(report, style)).collect();
            output::text(&texts.join("\n"))?;
        }
        (Format::Json, [report]) if args.texts.files.len() <= 1 => output::json(report)?,
        // One input that cannot be read leaves nothing to say.
        (Format::Json, []) if args.texts.files.len() <= 1 => {}
        (Format::Json, reports) => output::json(&reports)?,
    }
    let found = reports.iter().any(|report| fails(report, args.fail_on));
    Ok(match (failed, found) {
        (true, _) => ExitCode::from(FAILED),
        (false, true) => ExitCode::from(FOUND),
        (false, false) => ExitCode::SUCCESS,
    })
}

fn judge(input: &Input, options: &LintOptions, unit: OffsetUnit) -> Report {
    let mut report = mta_sts::lint(&input.text, options, unit);
    for document in
        report.documents.iter_mut().filter(|document| document.text.is_some() || document.text_of.is_some())
    {
        document.source.clone_from(&input.name);
    }
    report
}

/// What is known beside the texts.
pub(crate) fn options(texts: &Texts) -> Result<LintOptions, Failure> {
    let kind = texts.kind.map(|kind| match kind {
        Kind::Policy => TextKind::Policy,
        Kind::Record => TextKind::Record,
        Kind::Tlsrpt => TextKind::Tlsrpt,
    });
    let domain = texts.domain.as_deref().map(names::domain).transpose()?;
    Ok(LintOptions { kind, domain, mx: names::mx("--mx", &texts.mx)? })
}

/// Whether a report has a finding at or above this severity.
pub(crate) fn fails(report: &Report, fail_on: FailOn) -> bool {
    report.findings.iter().any(|finding| match fail_on {
        FailOn::Error => finding.severity == SeverityName::Error,
        FailOn::Warning => finding.severity != SeverityName::Info,
        FailOn::Info => true,
        FailOn::Never => false,
    })
}
