//! Inputs that mean harm, to the terminal or to the program, and standard output that goes away.

use super::support::{command, run};
use std::io::Read as _;
use std::process::Stdio;

/// Whether a terminal takes it as text: no control but the line end, and nothing invisible or reordering.
pub(super) fn is_plain(c: char) -> bool {
    c == '\n'
        || !(c.is_control()
            || matches!(c, '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}'))
}

#[track_caller]
fn harmless(args: &[&str], stdin: impl AsRef<[u8]>) {
    let run = run(args, stdin);
    for text in [&run.stdout, &run.stderr] {
        let odd = text.chars().find(|c| !is_plain(*c));
        assert_eq!(odd, None, "{args:?}\n{text:?}");
    }
}

#[test]
fn nothing_from_outside_steers_the_terminal() {
    let policy = "version: STSv1\nmode: \u{1b}]0;title\u{7}enforce\nmx: \u{9b}31mmx.example.com\n\
                  mx: \u{202e}moc.elpmaxe\u{2066}\nmx: a\u{200b}b\u{feff}.example\n\0note\0: \u{2028}\u{85}\n\
                  max_age: \u{8}\u{8}1\n\u{1b}[2J: \u{7f}\n";
    for format in ["text", "json"] {
        harmless(&["lint", "--format", format], policy);
        harmless(
            &["lint", "--kind", "record", "--format", format],
            "v=STSv1; id=\u{1b}[31m\u{202e}1; a=\u{9b}",
        );
        harmless(&["lint", "--kind", "tlsrpt", "--format", format], "v=TLSRPTv1; rua=\u{1b}[31m\u{202e}");
        harmless(&["lint", "--mx", "\u{1b}[31m.example", "--format", format], policy);
        harmless(&["lint", "--domain", "\u{1b}[31m.example", "--format", format], policy);
        for (old, new) in [("-", "none"), ("none", "-")] {
            harmless(&["plan", "--old", old, "--new", new, "--format", format], policy);
            let odd = "\u{1b}[31m\u{202e}.example";
            let args =
                ["--mx", odd, "--old-record", odd, "--new-record", odd, "--tlsrpt", odd, "--format", format];
            harmless(&[&["plan", "--old", old, "--new", new], &args[..]].concat(), policy);
        }
        // What is usable, and holds more than it should.
        let policy =
            "version: STSv1\nmode: enforce\nnote: \u{202e}\u{2066}\nmx: mx.example.com\nmax_age: 604800\n";
        harmless(&["plan", "--old", "none", "--new", "-", "--format", format], policy);
    }
    harmless(&["lint", "no\u{1b}[31msuch\u{202e}file"], "");
    harmless(&["explain", "\u{1b}[31m\u{202e}"], "");
}

#[test]
fn any_bytes_are_a_text() {
    for bytes in [
        vec![0; 1000],
        (0..=255).collect(),
        vec![0xFF; 70_000],
        b"\x7FELF\x02\x01\x01\0\0\0".to_vec(),
        vec![b'\r'; 5000],
        b"\xFF\xFEv\0e\0r\0s\0".to_vec(),
    ] {
        for format in ["text", "json"] {
            let run = run(&["lint", "--format", format], &bytes);
            assert_eq!((run.code, run.stderr.as_str()), (1, ""));
        }
    }
}

#[test]
fn a_huge_file_is_a_finding_and_a_short_report() {
    for line in ["mx: mx.example.com\n", "a_line_without_end", "\n", ": \n", "\t:\0:\u{2028}\n", "mx: *\n"] {
        let text = line.repeat((1 << 20) / line.len());
        let run = run(&["lint", "--kind", "policy"], &text);
        assert_eq!(run.code, 1);
        assert!(run.stdout.contains("error[pol-size]"), "{}", run.stdout);
        assert!(run.stdout.len() < 1 << 20, "{} bytes of report", run.stdout.len());
    }
}

#[cfg(unix)]
#[test]
fn a_file_without_end_is_read_no_further_than_it_is_judged() {
    let run = run(&["lint", "--kind", "policy", "/dev/zero"], "");
    assert_eq!(run.code, 1);
    assert!(run.stdout.contains("error[pol-size]"), "{}", run.stdout);
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    for args in [&["explain"][..], &["explain", "--format", "json"], &["lint", "--format", "json"], &["lint"]]
    {
        let mut child = command(args).spawn().unwrap();
        drop(child.stdout.take()); // as `| true`
        drop(child.stdin.take());
        let mut stderr = String::new();
        child.stderr.take().unwrap().read_to_string(&mut stderr).unwrap();
        let code = child.wait().unwrap().code();
        let expected = i32::from(args[0] == "lint"); // what was found stands: an empty policy
        assert_eq!((code, stderr.as_str()), (Some(expected), ""), "{args:?}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_a_failure() {
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let mut command = command(&["explain"]);
    command.stdout(Stdio::from(full));
    let run = super::support::finish(command, b"");
    assert_eq!(run.code, 2);
    assert!(run.stderr.starts_with("error: cannot write to standard output: "), "{}", run.stderr);
}
