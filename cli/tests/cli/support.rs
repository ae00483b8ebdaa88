//! Runs the built binary, away from the terminal and the environment of whoever runs the tests.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;

/// What came of a run.
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

pub(crate) fn command(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mta-sts"));
    command.args(args);
    for name in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "COLUMNS", "TERM"] {
        command.env_remove(name);
    }
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// Runs `mta-sts` with these arguments, `stdin` piped in.
#[track_caller]
pub(crate) fn run(args: &[&str], stdin: impl AsRef<[u8]>) -> Run {
    finish(command(args), stdin.as_ref())
}

/// The same in a folder, whose files can then be named without it.
#[track_caller]
pub(crate) fn run_in(folder: &Path, args: &[&str]) -> Run {
    let mut command = command(args);
    command.current_dir(folder);
    finish(command, b"")
}

#[track_caller]
pub(crate) fn finish(mut command: Command, stdin: &[u8]) -> Run {
    let mut child = command.spawn().unwrap();
    let mut to = child.stdin.take().unwrap();
    let stdin = stdin.to_vec();
    // It need not read all: then the pipe breaks, which is no fault.
    let writer = thread::spawn(move || drop(to.write_all(&stdin)));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    let code = output.status.code().expect("it ends by itself, not by a signal");
    assert_ne!(code, 101, "it panics: {}", String::from_utf8_lossy(&output.stderr));
    Run {
        code,
        stdout: String::from_utf8(output.stdout).expect("UTF-8 on standard output"),
        stderr: String::from_utf8(output.stderr).expect("UTF-8 on standard error"),
    }
}
