//! `mta-sts plan`, from its options to what a person follows.

use super::support::{Run, command, finish, run, run_in};
use insta::assert_snapshot;
use std::fs;
use tempfile::TempDir;

/// 2026-01-15T00:00:00Z, TTLs of an hour.
const AT: [&str; 6] = ["--now", "2026-01-15T00:00:00Z", "--ttl", "3600", "--mx-ttl", "3600"];

/// A folder with policies in mode enforce, testing and none, one of another host, and one that is broken.
fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let policy = |mode, mx| format!("version: STSv1\nmode: {mode}\nmx: {mx}\nmax_age: 604800\n");
    for (name, text) in [
        ("enforce.txt", policy("enforce", "mx1.example.com")),
        ("testing.txt", policy("testing", "mx1.example.com")),
        ("none.txt", policy("none", "mx1.example.com")),
        ("moved.txt", policy("enforce", "mx.example.net")),
        ("broken.txt", policy("enforced", "mx1.example.com.")),
    ] {
        fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

#[track_caller]
fn plan(args: &[&str]) -> Run {
    run_in(folder().path(), &[&["plan"], &AT[..], args].concat())
}

#[test]
fn what_a_person_follows() {
    assert_snapshot!("help_plan", run(&["plan", "--help"], "").stdout);
    let whole = &["--domain", "example.com", "--tlsrpt", "none", "--mx", "mx1.example.com"];
    assert_snapshot!(
        "plan_publish",
        plan(&[&["--old", "none", "--new", "enforce.txt"], &whole[..]].concat()).stdout
    );
    let moved =
        ["--new-mx", "mx.example.net", "--old-record", "v=STSv1; id=1", "--new-record", "v=STSv1; id=1"];
    assert_snapshot!(
        "plan_move_mx",
        plan(&[&["--old", "enforce.txt", "--new", "moved.txt"], &whole[..], &moved].concat()).stdout
    );
    let removed = ["--old", "enforce.txt", "--new", "none", "--longest-max-age", "31557600"];
    assert_snapshot!("plan_remove", plan(&removed).stdout);
    assert_snapshot!("plan_fix_first", plan(&["--old", "enforce.txt", "--new", "broken.txt"]).stdout);
    assert_snapshot!(
        "plan_json",
        plan(&[
            "--old",
            "testing.txt",
            "--new",
            "enforce.txt",
            "--mx",
            "mx1.example.com",
            "--format",
            "json"
        ])
        .stdout
    );
}

#[test]
fn the_exit_status_says_whether_there_is_a_plan() {
    let exits = |args: &[&str], code: i32| {
        for format in ["text", "json"] {
            let run = plan(&[args, &["--format", format]].concat());
            assert_eq!((run.code, run.stderr.as_str()), (code, ""), "{args:?}");
        }
    };
    exits(&["--old", "none", "--new", "none"], 0);
    exits(&["--old", "enforce.txt", "--new", "none"], 0); // warnings are what a plan is for
    exits(&["--old", "broken.txt", "--new", "enforce.txt"], 0); // what is published may be broken
    exits(&["--old", "enforce.txt", "--new", "broken.txt"], 1);
    exits(&["--old", "none", "--new", "enforce.txt", "--new-record", "none"], 1); // a policy without a record
    exits(&["--old", "enforce.txt", "--new", "none", "--new-record", "none"], 0);
    exits(&["--old", "enforce.txt", "--new", "none", "--new-record", "v=STSv1; id=2"], 1);
    exits(&["--old", "enforce.txt", "--new", "enforce.txt", "--mx", "mx1.example.com,other.example"], 1);
}

#[test]
fn a_policy_may_come_from_standard_input() {
    let folder = folder();
    let args = ["plan", "--old", "enforce.txt", "--new", "-", "--now", "2026-01-15T00:00:00Z"];
    let mut command = command(&args);
    command.current_dir(folder.path());
    let run = finish(command, &fs::read(folder.path().join("broken.txt")).unwrap());
    assert!(run.stdout.contains(" --> <stdin>:2:7\n"), "{}", run.stdout);
}

#[test]
fn the_clock_is_asked_where_no_time_is_given() {
    let run = run_in(folder().path(), &["plan", "--old", "none", "--new", "testing.txt", "--format", "json"]);
    let plan: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    assert!(
        plan["steps"][0]["not_before"].as_u64().unwrap() > 1_768_435_200,
        "it is later than this was written"
    );
}

#[test]
fn what_cannot_be_done_is_said() {
    let fails = |args: &[&str], says: &str| {
        let run = plan(args);
        assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{args:?}");
        assert_eq!(run.stderr.lines().next(), Some(says), "{args:?}");
    };
    fails(&["--old", "none"], "error: the following required arguments were not provided:");
    fails(&["--old", "no.txt", "--new", "none"], "error: cannot read no.txt: there is no such file");
    fails(&["--old", "-", "--new", "-"], "error: standard input (`-`) can be read only once; name it once");
    let both = ["--old", "none", "--new", "none"];
    let with = |option, value| [&both[..], &[option, value]].concat();
    fails(
        &with("--new-mx", "a b"),
        "error: --new-mx: `a b` is not one host name; write it as --new-mx mx1.example.com",
    );
    let domain = "there is nothing before, between or after dots of the name; write it as in `example.com`";
    fails(&with("--domain", "a..b"), &format!("error: --domain: `a..b`: {domain}"));
    fails(
        &with("--longest-max-age", "1y"),
        "error: invalid value '1y' for '--longest-max-age <SECONDS>': invalid digit found in string",
    );
    let now = |value| {
        let run = run(&[&["plan"], &both[..], &["--now", value]].concat(), "");
        run.stderr.lines().next().unwrap_or_default().to_owned()
    };
    let invalid = |value, why| format!("error: invalid value '{value}' for '--now <TIME>': {why}");
    assert_eq!(now("tomorrow"), invalid("tomorrow", "not a time such as 2026-03-15T12:00:00Z"));
    assert_eq!(now("1969-12-31T23:59:59Z"), invalid("1969-12-31T23:59:59Z", "before 1970"));
    assert_eq!(now("2026-01-15T01:00:00+01:00"), "", "an offset is part of a time");
}
