//! The exit status, and what is said on standard error when something could not be done.

use super::support::{run, run_in};
use std::fs;

const GOOD: &str = "version: STSv1\nmode: enforce\nmx: mx.example.com\nmax_age: 1209600\n";
/// An error: no mode.
const BROKEN: &str = "version: STSv1\nmx: mx.example.com\nmax_age: 1209600\n";
/// A warning: `version` is not first.
const UNWISE: &str = "mode: enforce\nversion: STSv1\nmx: mx.example.com\nmax_age: 1209600\n";
/// An info: a field nobody knows.
const ODD: &str = "version: STSv1\nmode: enforce\nmx: mx.example.com\nmax_age: 1209600\nnote: a\n";
const RECORD: &str = "v=STSv1; id=20240315T120000;";

#[track_caller]
fn exits(args: &[&str], stdin: &str, code: i32) {
    for format in ["text", "json"] {
        let args = [args, &["--format", format]].concat();
        let run = run(&args, stdin);
        assert_eq!(run.code, code, "{args:?}\n{}{}", run.stdout, run.stderr);
        assert_eq!(run.stderr, "", "{args:?}: findings are no failure");
    }
}

#[test]
fn findings_are_told_by_the_exit_status() {
    exits(&["lint"], GOOD, 0);
    exits(&["lint", "-"], GOOD, 0);
    exits(&["lint"], RECORD, 0); // told apart from a policy
    exits(&["lint"], BROKEN, 1);
    exits(&["lint"], "", 1); // an empty policy is one without fields
    exits(&["lint"], UNWISE, 0); // errors only, if nothing else is asked for
    exits(&["lint", "--fail-on", "warning"], UNWISE, 1);
    exits(&["lint", "--fail-on", "warning"], ODD, 0);
    exits(&["lint", "--fail-on", "info"], ODD, 1);
    exits(&["lint", "--fail-on", "never"], BROKEN, 0);
    exits(&["lint", "--kind", "record"], GOOD, 1); // a policy is no record
    exits(&["lint", "--kind", "policy"], RECORD, 1);
    exits(&["lint", "--kind", "tlsrpt"], "v=TLSRPTv1; rua=mailto:reports@example.com", 0);
    exits(&["lint", "--kind", "tlsrpt"], "v=TLSRPTv1", 1);
    exits(&["lint", "--mx", "mx.example.com"], GOOD, 0);
    exits(&["lint", "--mx", "mx.example.com,other.example.net"], GOOD, 1); // one host is not covered
    exits(&["lint", "--mx", "mx.example.com", "--mx", "other.example.net"], GOOD, 1);
    exits(&["lint", "--domain", "example.com"], GOOD, 0);
    exits(&["explain"], "", 0);
    exits(&["explain", "pol-empty"], "", 0);
    exits(&["explain", "error[pol-empty]"], "", 0); // as it stands in a report
}

#[track_caller]
fn fails(args: &[&str], says: &str) {
    let run = run(args, "");
    assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{args:?}");
    assert_eq!(run.stderr.lines().next(), Some(says), "{args:?}");
}

#[test]
fn what_cannot_be_done_is_said() {
    fails(&["lint", "no/such.txt"], "error: cannot read no/such.txt: there is no such file");
    fails(&["lint", "/"], "error: cannot read /: it is a directory; name the files in it");
    fails(&["lint", "-", "-"], "error: standard input (`-`) can be read only once; name it once");
    fails(
        &["lint", "--mx", "mx1 mx2"],
        "error: --mx: `mx1 mx2` is not one host name; write it as --mx mx1.example.com",
    );
    fails(&["lint", "--mx", ""], "error: --mx: `` is not one host name; write it as --mx mx1.example.com");
    fails(
        &["explain", "pol-mode-mising"],
        "error: there is no rule `pol-mode-mising`; did you mean `pol-mode-missing`?",
    );
    fails(
        &["explain", "pol-max-age-s"],
        "error: there is no rule `pol-max-age-s`; did you mean one of `pol-max-age-syntax`, `pol-max-age-short`?",
    );
    fails(&["explain", "qqq"], "error: there is no rule `qqq`; `mta-sts explain` lists all rules");
    fails(&["explain", ""], "error: there is no rule ``; `mta-sts explain` lists all rules");
    fails(&["lint", "--fail-on", "fatal"], "error: invalid value 'fatal' for '--fail-on <SEVERITY>'");
    fails(&["lint", "--kind", "dkim"], "error: invalid value 'dkim' for '--kind <KIND>'");
    fails(&["lint", "--frobnicate"], "error: unexpected argument '--frobnicate' found");
    fails(&["frobnicate"], "error: unrecognized subcommand 'frobnicate'");
}

#[test]
fn a_file_that_cannot_be_read_does_not_hide_the_others() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("good.txt"), GOOD).unwrap();
    fs::write(folder.path().join("broken.txt"), BROKEN).unwrap();
    let run = run_in(folder.path(), &["lint", "missing.txt", "broken.txt", "good.txt"]);
    assert_eq!(run.code, 2, "that something was not done counts for more than what was found");
    assert_eq!(run.stderr, "error: cannot read missing.txt: there is no such file\n");
    assert!(run.stdout.contains("error[pol-mode-missing]"), "{}", run.stdout);
    assert!(run.stdout.contains("broken.txt: 1 error\n"), "{}", run.stdout);
    assert!(run.stdout.contains("good.txt: no findings\n"), "{}", run.stdout);
}
