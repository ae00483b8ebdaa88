//! Files and standard input, read no further than they are judged.

use crate::failure::Failure;
use mta_sts::parse::MAX_POLICY;
use std::fs::File;
use std::io::{self, IsTerminal as _, Read};
use std::path::{Path, PathBuf};

/// One text, as far as it is read.
#[derive(Debug)]
pub(crate) struct Input {
    /// The file as it was named, or `<stdin>`.
    pub(crate) name: String,
    /// At most [`MAX_POLICY`] + 1 octets: one more than are judged tells that there are more.
    pub(crate) text: Vec<u8>,
}

/// What to read: the files named, or standard input if there are none.
pub(crate) fn sources(files: &[PathBuf]) -> Result<Vec<Source<'_>>, Failure> {
    let named: Vec<Source<'_>> = files.iter().map(|path| Source::of(path)).collect();
    match named.iter().filter(|source| matches!(source, Source::Stdin)).count() {
        _ if named.is_empty() && io::stdin().is_terminal() => Err(Failure::NothingToRead),
        _ if named.is_empty() => Ok(vec![Source::Stdin]),
        0 | 1 => Ok(named),
        _ => Err(Failure::StdinTwice),
    }
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum Source<'a> {
    Stdin,
    File(&'a Path),
}

impl<'a> Source<'a> {
    fn of(path: &'a Path) -> Self {
        if path == Path::new("-") { Self::Stdin } else { Self::File(path) }
    }

    pub(crate) fn read(self) -> Result<Input, Failure> {
        let name = match self {
            Self::Stdin => "<stdin>".to_owned(),
            Self::File(path) => path.to_string_lossy().into_owned(),
        };
        let text = match self {
            Self::Stdin => bounded(io::stdin().lock()),
            Self::File(path) => File::open(path).and_then(bounded),
        };
        match text {
            Ok(text) => Ok(Input { name, text }),
            Err(error) => Err(Failure::Read { name, error }),
        }
    }
}

fn bounded(from: impl Read) -> io::Result<Vec<u8>> {
    let mut text = Vec::new();
    from.take(MAX_POLICY as u64 + 1).read_to_end(&mut text)?;
    Ok(text)
}
