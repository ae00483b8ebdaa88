//! `mta-sts fix`: what it prints, writes, and says of it.

use super::hostile::is_plain;
use super::support::{Run, command, finish, run, run_in};
use insta::assert_snapshot;
use std::fs;
use std::path::Path;

/// Faults with a safe fix, with a likely one, and without any.
const BROKEN: &str = "\u{FEFF}version: STSv1\n\nmode: Enforce\nmx: mx1.example.com.\nmx: 192.0.2.1\nmax_age: 1209600\n# old hosts\n";
/// The same after safe fixes.
const SAFE: &str = "version: STSv1\nmode: Enforce\nmx: mx1.example.com\nmx: 192.0.2.1\nmax_age: 1209600\n";
const GOOD: &str = "version: STSv1\nmode: enforce\nmx: mx1.example.com\nmax_age: 1209600\n";

/// A folder with one file.
fn folder(text: impl AsRef<[u8]>) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("mta-sts.txt"), text).unwrap();
    folder
}

/// What was printed and what was said.
fn all(run: &Run) -> String {
    format!("{}--- standard error, exit status {}\n{}", run.stdout, run.code, run.stderr)
}

#[test]
fn what_a_person_reads() {
    assert_snapshot!("help_fix", run(&["fix", "--help"], "").stdout);
    let folder = folder(BROKEN);
    assert_snapshot!("fix", all(&run_in(folder.path(), &["fix", "mta-sts.txt"])));
    assert_snapshot!("fix_diff", all(&run_in(folder.path(), &["fix", "--diff", "--likely", "mta-sts.txt"])));
    let coloured = run_in(folder.path(), &["fix", "--diff", "--color", "always", "mta-sts.txt"]);
    assert_snapshot!("fix_diff_coloured", coloured.stdout.replace('\u{1b}', "ESC"));
    let records = "_mta-sts.example.com. IN TXT \"v=stsv1; id=2024-03-15\"\n\nversion: STSv1\n\nmode: none\nmax_age: 86400\n";
    assert_snapshot!("fix_records_and_policy", all(&run(&["fix"], records)));
    assert_snapshot!("fix_many_left", all(&run(&["fix"], format!("{GOOD}{}", "mx: *\n".repeat(12)))));
}

#[test]
fn the_exit_status_is_about_what_is_left() {
    for (args, text, code) in [
        (&[][..], GOOD, 0),
        (&[], BROKEN, 1), // an address is no name, and nobody knows the name
        (&["--fail-on", "never"], BROKEN, 0),
        (&[], "version: STSv1\n\nmode: enforce\nmx: mx1.example.com\nmax_age: 1209600\n", 0),
        (&["--diff"], "version: STSv1\n\nmode: enforce\nmx: mx1.example.com\nmax_age: 1209600\n", 0), // a change is no fault
        (&[], "version: STSv1\nmode: Enforce\nmx: mx1.example.com\nmax_age: 1209600\n", 1),
        (&["--likely"], "version: STSv1\nmode: Enforce\nmx: mx1.example.com\nmax_age: 1209600\n", 0),
        (&["--mx", "mx2.example.com"], GOOD, 1),
        (&["--mx", "mx2.example.com", "--likely"], GOOD, 0), // with a line for it
        (&["--kind", "record", "--likely"], "\"v=STSv1; id=2024-03-15\"", 0),
        (&["--fail-on", "info"], "version: STSv1\nmode: none\nmax_age: 86400\n", 1), // advice
    ] {
        let run = run(&[&["fix"], args].concat(), text);
        assert_eq!(run.code, code, "{args:?} {text:?}\n{}", run.stderr);
    }
}

#[test]
fn octets_come_out_as_they_went_in() {
    let text = [b"version: STSv1\r\nmode: none  \r\nmax_age: 86400\r\nnote: ", &b"\xE9\x01\xFF \x1B[31m"[..]]
        .concat();
    let mut command = command(&["fix", "--kind", "policy"]);
    command.current_dir(std::env::temp_dir());
    let mut child = command.spawn().unwrap();
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), &text).unwrap();
    let output = child.wait_with_output().unwrap();
    let expected =
        [b"version: STSv1\r\nmode: none\r\nmax_age: 86400\r\nnote: ", &b"\xE9\x01\xFF \x1B[31m\r\n"[..]]
            .concat();
    assert_eq!(output.stdout, expected);
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(stderr.chars().all(is_plain), "{stderr:?}");
}

#[test]
fn a_file_is_written_in_place() {
    let folder = folder(BROKEN);
    let file = folder.path().join("mta-sts.txt");
    let run = run_in(folder.path(), &["fix", "--write", "mta-sts.txt"]);
    assert_eq!((run.code, run.stdout.as_str()), (1, ""));
    assert_eq!(fs::read_to_string(&file).unwrap(), SAFE);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left beside it");
    let run = run_in(folder.path(), &["fix", "--write", "--likely", "mta-sts.txt"]);
    assert_eq!(fs::read_to_string(&file).unwrap(), SAFE.replace("Enforce", "enforce"));
    assert_eq!(run.code, 1);
    for (name, text) in [("a.txt", BROKEN), ("b.txt", GOOD)] {
        fs::write(folder.path().join(name), text).unwrap();
    }
    let run = run_in(folder.path(), &["fix", "--write", "a.txt", "b.txt", "missing.txt"]);
    assert_eq!(run.code, 2, "one could not be read");
    assert_eq!(fs::read_to_string(folder.path().join("a.txt")).unwrap(), SAFE);
    assert!(run.stderr.contains("b.txt: nothing to fix; no findings are left\n"), "{}", run.stderr);
}

#[cfg(unix)]
#[test]
fn a_file_keeps_its_permissions_and_stays_alone_when_nothing_changes() {
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
    let folder = folder(BROKEN);
    let file = folder.path().join("mta-sts.txt");
    for mode in [0o644, 0o640, 0o606] {
        fs::write(&file, BROKEN).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(mode)).unwrap();
        run_in(folder.path(), &["fix", "--write", "mta-sts.txt"]);
        let about = fs::metadata(&file).unwrap();
        assert_eq!((about.permissions().mode() & 0o7777, about.len()), (mode, SAFE.len() as u64));
    }
    let before = fs::metadata(&file).unwrap();
    run_in(folder.path(), &["fix", "--write", "mta-sts.txt"]);
    let after = fs::metadata(&file).unwrap();
    assert_eq!(before.ino(), after.ino(), "it is the same file");
    assert_eq!(before.modified().unwrap(), after.modified().unwrap());
}

/// What could not be done is said, and the file is as it was.
#[track_caller]
fn is_left(folder: &Path, name: &str, says: &str) {
    let before = fs::read(folder.join(name)).unwrap_or_default();
    let run = run_in(folder, &["fix", "--write", name]);
    assert_eq!((run.code, run.stderr.as_str(), run.stdout.as_str()), (2, says, ""));
    assert_eq!(fs::read(folder.join(name)).unwrap_or_default(), before);
}

#[test]
fn what_is_not_done_is_said() {
    let folder = folder(BROKEN);
    let file = folder.path().join("mta-sts.txt");
    let huge = "note: a\n".repeat(10_000);
    fs::write(folder.path().join("huge.txt"), &huge).unwrap();
    is_left(
        folder.path(),
        "huge.txt",
        "error: cannot fix huge.txt: it is larger than the 64 KiB that senders read\n",
    );
    is_left(folder.path(), ".", "error: cannot read .: it is a directory; name the files in it\n");
    let mut permissions = fs::metadata(&file).unwrap().permissions();
    permissions.set_readonly(true);
    fs::set_permissions(&file, permissions).unwrap();
    is_left(folder.path(), "mta-sts.txt", "error: mta-sts.txt is left as it is: it is read-only\n");
    for (args, says) in [
        (&["fix", "--write"][..], "error: --write: there is no file to write standard input back into\n"),
        (&["fix", "--write", "-"], "error: --write: there is no file to write standard input back into\n"),
        (
            &["fix", "a", "b"],
            "error: 2 texts would be printed as one; use --diff or --write, or name one file\n",
        ),
        (&["fix", "-", "-"], "error: standard input (`-`) can be read only once; name it once\n"),
    ] {
        let run = run(args, "");
        assert_eq!((run.code, run.stderr.as_str(), run.stdout.as_str()), (2, says, ""), "{args:?}");
    }
    let run = run(&["fix", "--write", "--diff", "a"], "");
    assert_eq!(run.code, 2);
    assert!(
        run.stderr.starts_with("error: the argument '--write' cannot be used with '--diff'"),
        "{}",
        run.stderr
    );
}

#[cfg(unix)]
#[test]
fn a_link_stays_a_link() {
    let folder = folder(BROKEN);
    std::os::unix::fs::symlink("mta-sts.txt", folder.path().join("link.txt")).unwrap();
    let target = fs::canonicalize(folder.path().join("mta-sts.txt")).unwrap();
    let says = format!(
        "error: link.txt is left as it is: it is a link; name the file itself, {}\n",
        target.display()
    );
    is_left(folder.path(), "link.txt", &says);
    // It can be read all the same, and needs nothing once its file is right.
    assert_eq!(run_in(folder.path(), &["fix", "link.txt"]).stdout, SAFE);
    fs::write(&target, GOOD).unwrap();
    assert_eq!(run_in(folder.path(), &["fix", "--write", "link.txt"]).code, 0);
    assert!(fs::symlink_metadata(folder.path().join("link.txt")).unwrap().is_symlink());
}

#[test]
fn several_diffs_follow_each_other() {
    let folder = folder(BROKEN);
    fs::write(folder.path().join("other.txt"), "version: STSv1\nmode: none\nmax_age: 86400").unwrap();
    let run = run_in(folder.path(), &["fix", "--diff", "mta-sts.txt", "other.txt"]);
    let heads: Vec<&str> = run.stdout.lines().filter(|line| line.starts_with("+++")).collect();
    assert_eq!(heads, ["+++ mta-sts.txt", "+++ other.txt"]);
    assert!(
        run.stdout.ends_with("-max_age: 86400\n\\ No newline at end of file\n+max_age: 86400\n"),
        "{}",
        run.stdout
    );
}

#[test]
fn nobody_to_read_it_is_no_failure() {
    let mut command = command(&["fix"]);
    command.stdout(std::process::Stdio::null());
    let run = finish(command, GOOD.as_bytes());
    assert_eq!((run.code, run.stderr.as_str()), (0, "<stdin>: nothing to fix; no findings are left\n"));
}
