//! `mta-sts fix`: texts put right.

use crate::args::Fix;
use crate::failure::Failure;
use crate::input::{self, Input, Source};
use crate::{FAILED, FOUND, lint, output};
use clap::ColorChoice;
use clap::builder::styling::{AnsiColor, Style};
use mta_sts::parse::MAX_POLICY;
use mta_sts::render::text::Shown;
use mta_sts::report::{ApplicabilityName, FindingReport, OffsetUnit, Report, SeverityName};
use mta_sts::{Fixed, LintOptions};
use similar::{Algorithm, ChangeTag, DiffOp, capture_diff_slices, group_diff_ops};
use std::borrow::Cow;
use std::fmt::Write as _;
use std::fs::{self, Metadata};
use std::io::Write as _;
use std::ops::Range;
use std::path::Path;
use std::process::ExitCode;

/// The most findings that the account names.
const MAX_LEFT: usize = 10;

/// Unchanged lines around a change in a diff.
const CONTEXT: usize = 3;

pub(crate) fn run(args: &Fix, color: ColorChoice) -> Result<ExitCode, Failure> {
    let options = lint::options(&args.texts)?;
    let sources = input::sources(&args.texts.files)?;
    if sources.len() > 1 && !args.write && !args.diff {
        return Err(Failure::ManyTexts { count: sources.len() });
    }
    if args.write && sources.iter().any(|source| matches!(source, Source::Stdin)) {
        return Err(Failure::WriteStdin);
    }
    let (mut failed, mut found) = (false, false);
    for source in sources {
        match mend(source, args, &options, color) {
            Ok(report) => found |= lint::fails(&report, args.fail_on),
            Err(failure) => {
                output::failure(&failure, color);
                failed = true;
            }
        }
    }
    Ok(match (failed, found) {
        (true, _) => ExitCode::from(FAILED),
        (false, true) => ExitCode::from(FOUND),
        (false, false) => ExitCode::SUCCESS,
    })
}

/// Puts one text right, to where it was asked for, and gives the report on what came out.
fn mend(
    source: Source<'_>,
    args: &Fix,
    options: &LintOptions,
    color: ColorChoice,
) -> Result<Report, Failure> {
    let Input { name, text } = source.read()?;
    // More was not read, and must not be lost.
    if text.len() > MAX_POLICY {
        return Err(Failure::TooLarge { name });
    }
    let fixed = mta_sts::fix(&text, options, args.likely);
    match source {
        Source::File(path) if args.write && fixed.text != text => replace(path, &text, &fixed.text)?,
        _ if args.write => {}
        _ if args.diff => {
            let style = DiffStyle { color: output::options(color).color, lines: output::lines };
            output::octets(&diff(&name, &text, &fixed.text, style))?;
        }
        _ => output::octets(&output::lines(&fixed.text))?,
    }
    let report = mta_sts::lint(&fixed.text, options, OffsetUnit::Bytes);
    output::account(&account(&name, &fixed, &report, options));
    Ok(report)
}

/// Puts `new` in place of the file: at once, so that nobody ever sees half of it, and only if it still is `old`.
fn replace(path: &Path, old: &[u8], new: &[u8]) -> Result<(), Failure> {
    let name = || path.to_string_lossy().into_owned();
    let failed = |error| Failure::WriteFile { name: name(), error };
    let about = fs::symlink_metadata(path).map_err(failed)?;
    if let Some(why) = why_not(path, &about) {
        return Err(Failure::NotReplaced { name: name(), why });
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let stage = || {
        let mut file = tempfile::Builder::new().prefix(".mta-sts-").tempfile_in(folder)?;
        file.write_all(new)?;
        file.as_file().set_permissions(about.permissions())?;
        file.as_file().sync_all()?;
        Ok(file)
    };
    let file = stage().map_err(failed)?;
    if fs::read(path).map_err(failed)? != old {
        return Err(Failure::NotReplaced {
            name: name(),
            why: "somebody else changed it meanwhile".to_owned(),
        });
    }
    file.persist(path).map_err(|error| failed(error.error))?;
    Ok(())
}

/// Why a file is not replaced, if it is not.
fn why_not(path: &Path, about: &Metadata) -> Option<String> {
    if about.is_symlink() {
        // The link would become a file, and what it leads to would stay as it is.
        let target = fs::canonicalize(path).map(|target| target.to_string_lossy().into_owned());
        return Some(match target {
            Ok(target) => format!("it is a link; name the file itself, {target}"),
            Err(_) => "it is a link".to_owned(),
        });
    }
    if !about.is_file() {
        return Some("it is not a regular file".to_owned());
    }
    about.permissions().readonly().then(|| "it is read-only".to_owned())
}

/// What was done and what is left, for standard error.
fn account(name: &str, fixed: &Fixed, report: &Report, options: &LintOptions) -> String {
    let count = |severity, one: &str| {
        let count = report.findings.iter().filter(|finding| finding.severity == severity).count();
        match count {
            0 => None,
            1 => Some(format!("1 {one}")),
            _ => Some(format!("{count} {one}s")),
        }
    };
    let counts =
        [(SeverityName::Error, "error"), (SeverityName::Warning, "warning"), (SeverityName::Info, "info")]
            .into_iter()
            .filter_map(|(severity, word)| count(severity, word))
            .collect::<Vec<_>>();
    let done = match fixed.applied.as_slice() {
        [] if counts.is_empty() => "nothing to fix".to_owned(),
        [] => "nothing fixed".to_owned(),
        ids => format!("fixed {}", ids.join(", ")),
    };
    let is = if report.findings.len() == 1 { "is" } else { "are" };
    let left = if counts.is_empty() {
        "no findings are left".to_owned()
    } else {
        format!("{} {is} left", counts.join(", "))
    };
    let mut text = format!("{}: {done}; {left}\n", Shown(name));
    let grave = || report.findings.iter().filter(|finding| finding.severity != SeverityName::Info);
    for finding in grave().take(MAX_LEFT) {
        text += &line(finding);
    }
    if let Some(more) = grave().count().checked_sub(MAX_LEFT).filter(|more| *more > 0) {
        // Writing to a `String` cannot fail.
        let _ = writeln!(text, "  … and {more} more");
    }
    if !fixed.complete {
        text += match options.kind {
            None => {
                "  some fixes are left: with them the text would be taken for another kind; --kind says what it is\n"
            }
            Some(_) => "  some fixes are left\n",
        };
    }
    text
}

/// One finding that is left.
fn line(finding: &FindingReport) -> String {
    let place = finding.span.map(|place| format!("{}:{} ", place.line, place.column)).unwrap_or_default();
    let severity = if finding.severity == SeverityName::Error { "error" } else { "warning" };
    let does = finding.fix.as_ref().filter(|fix| fix.applicability == ApplicabilityName::Likely);
    let does = if does.is_some() { " (--likely does)" } else { "" };
    let (message, instead) = (Shown(&finding.message), Shown(&finding.instead));
    format!("  {place}{severity}[{}]: {message}; {instead}{does}\n", finding.id)
}

/// A unified diff, as `patch` takes it. Nothing if both are the same.
fn diff(name: &str, old: &[u8], new: &[u8], style: DiffStyle) -> Vec<u8> {
    let lines = |text| <[u8]>::split_inclusive(text, |octet| *octet == b'\n').collect::<Vec<&[u8]>>();
    let (old, new) = (lines(old), lines(new));
    let hunks = group_diff_ops(capture_diff_slices(Algorithm::Myers, &old, &new), CONTEXT);
    let mut out = Diff { out: Vec::new(), style };
    if !hunks.is_empty() {
        for side in ["---", "+++"] {
            out.line(Style::new().bold(), format!("{side} {}\n", Shown(name)).as_bytes());
        }
    }
    for hunk in hunks {
        let [Some(first), Some(last)] = [hunk.first(), hunk.last()] else { continue };
        let range = |of: fn(&DiffOp) -> Range<usize>| range(of(first).start, of(last).end);
        let head = format!("@@ -{} +{} @@\n", range(DiffOp::old_range), range(DiffOp::new_range));
        out.line(AnsiColor::Cyan.on_default(), head.as_bytes());
        for change in hunk.iter().flat_map(|op| op.iter_changes(&old, &new)) {
            let (sign, style) = match change.tag() {
                ChangeTag::Equal => (b' ', Style::new()),
                ChangeTag::Delete => (b'-', AnsiColor::Red.on_default()),
                ChangeTag::Insert => (b'+', AnsiColor::Green.on_default()),
            };
            out.line(style, &[&[sign], change.value()].concat());
        }
    }
    out.out
}

/// Lines of a hunk: the first, counted from 1, and how many there are. Of none, the line before them is named.
fn range(start: usize, end: usize) -> String {
    match end - start {
        0 => format!("{start},0"),
        1 => format!("{}", start + 1),
        len => format!("{},{len}", start + 1),
    }
}

/// How a diff is written.
#[derive(Clone, Copy)]
struct DiffStyle {
    color: bool,
    /// Makes lines from outside fit for where they go.
    lines: fn(&[u8]) -> Cow<'_, [u8]>,
}

/// A diff so far.
struct Diff {
    out: Vec<u8>,
    style: DiffStyle,
}

impl Diff {
    /// Adds a line in this style; the line end is outside of it.
    fn line(&mut self, style: Style, line: &[u8]) {
        let style = if self.style.color { style } else { Style::new() };
        let (text, end) = match line.strip_suffix(b"\n") {
            Some(text) => (text, &b"\n"[..]),
            None => (line, &b"\n\\ No newline at end of file\n"[..]),
        };
        // Writing to a `Vec` cannot fail.
        let _ = write!(self.out, "{style}");
        self.out.extend_from_slice(&(self.style.lines)(text));
        let _ = write!(self.out, "{style:#}");
        self.out.extend_from_slice(end);
    }
}

#[cfg(test)]
mod tests {
    use super::{DiffStyle, diff};

    #[track_caller]
    fn differs(old: &[u8], new: &[u8], hunks: &str) {
        let head = if hunks.is_empty() { "" } else { "--- a\n+++ a\n" };
        let style = DiffStyle { color: false, lines: |text| text.into() };
        assert_eq!(String::from_utf8_lossy(&diff("a", old, new, style)), format!("{head}{hunks}"));
    }

    #[test]
    fn a_diff_is_one_that_patch_takes() {
        differs(b"a\nb\n", b"a\nb\n", "");
        differs(b"a\nb\n", b"a\nc\n", "@@ -1,2 +1,2 @@\n a\n-b\n+c\n");
        differs(b"", b"a\n", "@@ -0,0 +1 @@\n+a\n"); // of no lines, the one before
        differs(b"a\n", b"", "@@ -1 +0,0 @@\n-a\n");
        differs(b"a", b"a\n", "@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+a\n");
        differs(b"a\rb\r\n", b"a\nb\n", "@@ -1 +1,2 @@\n-a\rb\r\n+a\n+b\n"); // a CR alone ends no line of a diff
        let far = [b"x\n", &b"\n".repeat(9)[..], b"y\n"].concat();
        let near = "@@ -1,4 +1,4 @@\n-x\n+1\n \n \n \n@@ -8,4 +8,4 @@\n \n \n \n-y\n+2\n";
        differs(&far, &[b"1\n", &b"\n".repeat(9)[..], b"2\n"].concat(), near);
    }
}
