//! What stops the program: what, where, why, and what to do instead.

use mta_sts::generate::Refusal;
use mta_sts::model::DomainFault;
use mta_sts::render::text::Shown;
use std::fmt::{Display, Formatter};
use std::io;

/// Something could not be done. Faults of a text are findings, never failures.
#[derive(Debug)]
pub(crate) enum Failure {
    /// An input cannot be read.
    Read { name: String, error: io::Error },
    /// No file is named, and nothing is piped in.
    NothingToRead,
    /// Standard input is named twice.
    StdinTwice,
    /// Several texts are to be printed, one after the other.
    ManyTexts { count: usize },
    /// What came in by standard input is to be written back.
    WriteStdin,
    /// A text is longer than what is read, and would be cut.
    TooLarge { name: String },
    /// A file is not to be replaced.
    NotReplaced { name: String, why: String },
    /// What this option gives is not a host name.
    Mx { option: &'static str, value: String },
    /// `--domain` is not a domain name.
    Domain { value: String, fault: DomainFault },
    /// What a policy is asked for is not a domain name.
    PolicyDomain { value: String, fault: DomainFault },
    /// There is nothing to publish, or nothing without a fault.
    Refused { refusal: Refusal },
    /// A file that would be written is there already.
    Exists { name: String },
    /// A file cannot be written.
    WriteFile { name: String, error: io::Error },
    /// No rule has this id.
    NoSuchRule { id: String, near: Vec<&'static str> },
    /// The report cannot be written.
    Write { error: io::Error },
}

impl Display for Failure {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Read { name, error } => {
                let name = Shown(name);
                match error.kind() {
                    io::ErrorKind::NotFound => write!(f, "cannot read {name}: there is no such file"),
                    io::ErrorKind::IsADirectory => {
                        write!(f, "cannot read {name}: it is a directory; name the files in it")
                    }
                    _ => write!(f, "cannot read {name}: {error}"),
                }
            }
            Self::NothingToRead => f.write_str(
                "no file is named, and standard input is a terminal; \
                 name a file (`mta-sts lint mta-sts.txt`), or pipe the text in",
            ),
            Self::StdinTwice => f.write_str("standard input (`-`) can be read only once; name it once"),
            Self::ManyTexts { count } => {
                write!(f, "{count} texts would be printed as one; use --diff or --write, or name one file")
            }
            Self::WriteStdin => f.write_str("--write: there is no file to write standard input back into"),
            Self::TooLarge { name } => {
                write!(f, "cannot fix {}: it is larger than the 64 KiB that senders read", Shown(name))
            }
            Self::NotReplaced { name, why } => {
                write!(f, "{} is left as it is: {}", Shown(name), Shown(why))
            }
            Self::Mx { option, value } => {
                let value = Shown(value);
                write!(f, "{option}: `{value}` is not one host name; write it as {option} mx1.example.com")
            }
            Self::Domain { value, fault } => {
                write!(f, "--domain: `{}`: {}", Shown(value), Shown(&fault.to_string()))
            }
            Self::PolicyDomain { value, fault } => {
                write!(f, "`{}`: {}", Shown(value), Shown(&fault.to_string()))
            }
            Self::Refused { refusal } => write!(f, "{}", Shown(&refusal.to_string())),
            Self::Exists { name } => {
                write!(f, "{} is there already, and nothing was written; --force writes over it", Shown(name))
            }
            Self::WriteFile { name, error } => write!(f, "cannot write {}: {error}", Shown(name)),
            Self::NoSuchRule { id, near } => {
                write!(f, "there is no rule `{}`", Shown(id))?;
                match near.as_slice() {
                    [] => f.write_str("; `mta-sts explain` lists all rules"),
                    [one] => write!(f, "; did you mean `{one}`?"),
                    some => write!(f, "; did you mean one of `{}`?", some.join("`, `")),
                }
            }
            Self::Write { error } => write!(f, "cannot write to standard output: {error}"),
        }
    }
}
