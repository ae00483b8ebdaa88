//! `mta-sts generate`: from the MX hosts to what has to be published.

use crate::args::{Format, Generate, Mode, TargetName};
use crate::failure::Failure;
use crate::{clock, output};
use clap::ColorChoice;
use mta_sts::generate::{self, File, Generated, Request, Step, Target};
use mta_sts::render::text::Shown;
use mta_sts::{model, mx_list};
use serde::Serialize;
use std::fmt::Write as _;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use tempfile::NamedTempFile;

pub(crate) fn run(args: &Generate, color: ColorChoice) -> Result<ExitCode, Failure> {
    let mut generated =
        generate::generate(&request(args)?).map_err(|refusal| Failure::Refused { refusal })?;
    if let Some(wanted) = args.target {
        generated.targets.retain(|target| target.name == named(wanted));
    }
    let target = args.target.and(generated.targets.first());
    let alone = [File {
        path: ".well-known/mta-sts.txt".to_owned(),
        content: generated.policy.clone(),
        purpose: "the policy",
    }];
    let files = target.map_or(&alone[..], |target| &target.files);
    let written = match &args.out {
        Some(folder) => write(folder, files, args.force)?,
        None => Vec::new(),
    };
    match args.format {
        Format::Text => output::text(&text(&generated, target, &written, output::options(color).width))?,
        Format::Json => output::json(&Answer {
            generated: &generated,
            written: args.out.is_some().then(|| written.iter().map(|path| path.to_string_lossy()).collect()),
        })?,
    }
    Ok(ExitCode::SUCCESS)
}

/// What `--format json` prints.
#[derive(Serialize)]
struct Answer<'a> {
    #[serde(flatten)]
    generated: &'a Generated,
    /// The files that were written, with `--out`.
    #[serde(skip_serializing_if = "Option::is_none")]
    written: Option<Vec<std::borrow::Cow<'a, str>>>,
}

fn request(args: &Generate) -> Result<Request, Failure> {
    let typed = model::Domain::typed(&args.domain);
    let domain = typed.map_err(|fault| Failure::PolicyDomain { value: args.domain.clone(), fault })?.domain;
    let mx = mx_list(&args.mx.join("\n"));
    // An empty list is asked for by its name: a variable that is empty by mistake would make another policy.
    if mx.is_empty() && !args.no_mx {
        return Err(Failure::Mx { option: "--mx", value: args.mx.join(",") });
    }
    Ok(Request {
        wildcards: args.wildcards,
        mode: match args.mode {
            Mode::Testing => model::Mode::Testing,
            Mode::Enforce => model::Mode::Enforce,
            Mode::None => model::Mode::None,
        },
        max_age: args.max_age,
        id: args.id.clone(),
        previous_id: args.previous_id.clone(),
        rua: args.rua.clone(),
        ..Request::new(domain, mx, clock::now())
    })
}

const fn named(target: TargetName) -> generate::TargetName {
    match target {
        TargetName::Nginx => generate::TargetName::Nginx,
        TargetName::Apache => generate::TargetName::Apache,
        TargetName::Caddy => generate::TargetName::Caddy,
        TargetName::CloudflareWorker => generate::TargetName::CloudflareWorker,
        TargetName::GithubPages => generate::TargetName::GithubPages,
        TargetName::Netlify => generate::TargetName::Netlify,
    }
}

/// Seconds, or a number and a unit: `1209600`, `14d`, `2 weeks`.
pub(crate) fn seconds(text: &str) -> Result<u64, String> {
    let text = text.trim();
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let unit: u64 = match text[digits..].trim() {
        "" | "s" | "second" | "seconds" => 1,
        "h" | "hour" | "hours" => 3_600,
        "d" | "day" | "days" => 86_400,
        "w" | "week" | "weeks" => 7 * 86_400,
        _ => return Err("write seconds, or a number and one of s, h, d, w".to_owned()),
    };
    if digits == 0 {
        return Err("write a number first, as in `14d`".to_owned());
    }
    let number = text[..digits].parse().ok().and_then(|number: u64| number.checked_mul(unit));
    number.ok_or_else(|| "a policy lives for a year at most".to_owned())
}

/// Writes all files, or none if one of them is there already: first each under another name beside its place, so that
/// a server never sees half a file, then all of them get their names.
fn write(folder: &Path, files: &[File], force: bool) -> Result<Vec<PathBuf>, Failure> {
    let places: Vec<PathBuf> = files.iter().map(|file| folder.join(&file.path)).collect();
    if let Some(place) = places.iter().find(|place| !force && place.symlink_metadata().is_ok()) {
        return Err(exists(place));
    }
    let mut staged = Vec::new();
    for (place, file) in places.iter().zip(files) {
        staged.push(stage(place, &file.content).map_err(|error| failed(place, error))?);
    }
    for (place, file) in places.iter().zip(staged) {
        let moved = if force { file.persist(place) } else { file.persist_noclobber(place) };
        moved.map_err(|failure| match failure.error.kind() {
            io::ErrorKind::AlreadyExists => exists(place),
            _ => failed(place, failure.error),
        })?;
    }
    Ok(places)
}

fn exists(place: &Path) -> Failure {
    Failure::Exists { name: place.to_string_lossy().into_owned() }
}

fn failed(place: &Path, error: io::Error) -> Failure {
    Failure::WriteFile { name: place.to_string_lossy().into_owned(), error }
}

/// A file with this content, beside `place`.
fn stage(place: &Path, content: &str) -> io::Result<NamedTempFile> {
    let folder = place.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let mut builder = tempfile::Builder::new();
    // A server runs as another user: what the umask leaves, not for the owner alone.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut file = builder.tempfile_in(folder)?;
    file.write_all(content.as_bytes())?;
    file.as_file().sync_all()?;
    Ok(file)
}

/// All of it for a person.
fn text(generated: &Generated, target: Option<&Target>, written: &[PathBuf], width: usize) -> String {
    let mut page = Page { out: String::new(), width };
    page.heading(&format!("The policy, for {}", generated.policy_url));
    page.block(&generated.policy);
    page.heading("Its record, as a line of a zone file");
    page.block(&generated.record.zone);
    if let Some(tlsrpt) = &generated.tlsrpt {
        page.heading("The record that asks for reports");
        page.block(&tlsrpt.zone);
    }
    let files = target.map_or(&[][..], |target| &target.files);
    for file in files.iter().filter(|file| written.is_empty() && file.content != generated.policy) {
        page.heading(&format!("{}: {}", file.path, file.purpose));
        page.block(if file.content.is_empty() { "(an empty file)" } else { &file.content });
    }
    if !written.is_empty() {
        page.heading("Written");
        let paths: Vec<String> =
            written.iter().map(|path| Shown(&path.to_string_lossy()).to_string()).collect();
        page.block(&paths.join("\n"));
    }
    page.heading("What to do, in this order");
    let serve = Step {
        text: format!(
            "serve the policy at {}, whatever it takes: `--for` shows the files for nginx, apache, caddy, \
             cloudflare-worker, github-pages and netlify",
            generated.policy_url
        ),
        command: None,
    };
    let before = target.map_or(std::slice::from_ref(&serve), |target| &target.steps);
    for (at, step) in before.iter().chain(&generated.steps).enumerate() {
        page.item(&format!("{:2}.", at + 1), &step.text);
        if let Some(command) = &step.command {
            page.line(&format!("      $ {command}"));
        }
    }
    if let Some(first) = files.first().filter(|file| file.content == generated.policy && written.is_empty()) {
        page.out.push('\n');
        page.item(
            "",
            &format!("The policy goes to {}; `--out DIR` writes all files below a folder.", first.path),
        );
    }
    if !generated.notes.is_empty() {
        page.heading("Worth knowing");
        for note in &generated.notes {
            let text =
                format!("{}: {} ({}); {} [{}]", note.message, note.why, note.rfc, note.instead, note.id);
            page.item("  -", &Shown(&text).to_string());
        }
    }
    page.out
}

/// The text so far.
struct Page {
    out: String,
    /// Columns of the terminal.
    width: usize,
}

impl Page {
    fn line(&mut self, text: &str) {
        self.out.extend([text, "\n"]);
    }

    fn heading(&mut self, text: &str) {
        if !self.out.is_empty() {
            self.out.push('\n');
        }
        self.line(&format!("== {text}\n"));
    }

    /// Lines to copy, not indented: a policy must not be.
    fn block(&mut self, text: &str) {
        self.out.push_str(text);
        if !text.ends_with('\n') {
            self.out.push('\n');
        }
    }

    /// A paragraph that hangs from a mark of three columns, or of none.
    fn item(&mut self, mark: &str, text: &str) {
        let indent = if mark.is_empty() { 0 } else { mark.len() + 1 };
        let mut column = mark.len();
        self.out.push_str(mark);
        for word in text.split(' ') {
            let length = word.chars().count();
            if column > indent && column + 1 + length > self.width {
                let _ = write!(self.out, "\n{:indent$}{word}", "");
                column = indent + length;
            } else {
                let space = if column == 0 { "" } else { " " };
                self.out.extend([space, word]);
                column += space.len() + length;
            }
        }
        self.out.push('\n');
    }
}
