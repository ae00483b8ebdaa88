//! Standard output and standard error.

use crate::failure::Failure;
use anstream::AutoStream;
use clap::ColorChoice;
use clap::builder::styling::AnsiColor;
use mta_sts::render::is_shown;
use mta_sts::render::text::{Options, Shown};
use serde::Serialize;
use std::borrow::Cow;
use std::fmt::Write as _;
use std::io::{self, IsTerminal as _, Write as _};

/// How to write text to standard output: its width, and whether it takes colour.
pub(crate) fn options(color: ColorChoice) -> Options {
    let stdout = io::stdout();
    let color = match color {
        ColorChoice::Always => true,
        ColorChoice::Never => false,
        // Looks at the terminal, NO_COLOR, CLICOLOR_FORCE and TERM.
        ColorChoice::Auto => AutoStream::choice(&stdout) != anstream::ColorChoice::Never,
    };
    let width = terminal_size::terminal_size_of(&stdout).map(|(width, _)| usize::from(width.0));
    Options { color, width: width.unwrap_or(Options::default().width) }
}

/// Writes text to standard output.
pub(crate) fn text(text: &str) -> Result<(), Failure> {
    octets(text.as_bytes())
}

/// Writes octets to standard output as they are.
pub(crate) fn octets(octets: &[u8]) -> Result<(), Failure> {
    let mut stdout = io::stdout().lock();
    match stdout.write_all(octets).and_then(|()| stdout.flush()) {
        // Whoever closed the other end has seen enough, and what was found stands.
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(Failure::Write { error }),
        _ => Ok(()),
    }
}

/// Lines of a text from outside as standard output takes them: as they are, or if it is a terminal, without what would
/// steer it.
pub(crate) fn lines(text: &[u8]) -> Cow<'_, [u8]> {
    if io::stdout().is_terminal() { harmless(text).into_bytes().into() } else { text.into() }
}

fn harmless(text: &[u8]) -> String {
    let text = String::from_utf8_lossy(text);
    let shown: Vec<String> = text.split('\n').map(|line| Shown(line).to_string()).collect();
    shown.join("\n")
}

/// Says on standard error what was done. What comes from outside is harmless already.
pub(crate) fn account(text: &str) {
    // Nobody is left to be told if standard error is closed.
    let _ = io::stderr().write_all(text.as_bytes());
}

/// Writes JSON to standard output, indented, ending in a line end.
pub(crate) fn json(value: &impl Serialize) -> Result<(), Failure> {
    let json = serde_json::to_string_pretty(value).map_err(|error| Failure::Write { error: error.into() })?;
    text(&(escape(&json) + "\n"))
}

/// Says on standard error what could not be done.
pub(crate) fn failure(failure: &Failure, color: ColorChoice) {
    let choice = match color {
        ColorChoice::Auto => anstream::ColorChoice::Auto,
        ColorChoice::Always => anstream::ColorChoice::Always,
        ColorChoice::Never => anstream::ColorChoice::Never,
    };
    let style = AnsiColor::BrightRed.on_default().bold();
    // Nobody is left to be told if standard error is closed.
    let _ = writeln!(AutoStream::new(io::stderr(), choice), "{style}error{style:#}: {failure}");
}

/// Escapes what would steer a terminal or hide in it. JSON itself escapes no more than U+0000 to U+001F,
/// and everything above ASCII stands inside a string.
fn escape(json: &str) -> String {
    let mut escaped = String::with_capacity(json.len());
    for c in json.chars() {
        if c == '\n' || is_shown(c) {
            escaped.push(c);
        } else {
            for unit in c.encode_utf16(&mut [0; 2]) {
                // Writing to a `String` cannot fail.
                let _ = write!(escaped, "\\u{unit:04x}");
            }
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::{escape, harmless};

    #[test]
    fn json_is_harmless_in_a_terminal_and_says_the_same() {
        let text = "{\n  \"bücher\": \"\u{7F}\u{9B}31m\u{202E}\u{E0001}日本\"\n}";
        let escaped = escape(text);
        assert_eq!(escaped, "{\n  \"bücher\": \"\\u007f\\u009b31m\\u202e\\udb40\\udc01日本\"\n}");
        let parse = |json: &str| serde_json::from_str::<serde_json::Value>(json).unwrap();
        assert_eq!(parse(&escaped), parse(text));
    }

    #[test]
    fn lines_are_harmless_in_a_terminal_and_stay_lines() {
        assert_eq!(harmless(b"a: \x1B[31m\r\nb: \xE9\n\n"), "a: \\u{1B}[31m\\r\nb: \u{FFFD}\n\n");
    }
}
