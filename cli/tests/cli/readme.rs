//! The README shows what the program prints.

use crate::support::{run, run_in};
use std::fs;
use std::path::Path;

/// The README from this text on.
fn readme_from(start: &str) -> String {
    let readme = Path::new(env!("CARGO_MANIFEST_DIR")).join("../README.md");
    let readme = fs::read_to_string(readme).unwrap();
    readme.split_once(start).expect("the example begins").1.to_owned()
}

/// What the next block of text shows.
fn printed(readme: &str) -> &str {
    let (_, rest) = readme.split_once("```text\n").expect("what is printed begins");
    rest.split_once("```").expect("what is printed ends").0
}

#[test]
fn the_plan_of_the_readme_is_what_is_printed() {
    let readme = readme_from("to a policy for a week:\n\n    mta-sts ");
    let (command, rest) = readme.split_once("\n\n").expect("the command ends");
    let folder = tempfile::tempdir().unwrap();
    for (name, mx) in [("old.txt", ""), ("new.txt", "mx: mx2.example.net\n")] {
        let policy = format!("version: STSv1\nmode: enforce\nmx: mx1.example.com\n{mx}max_age: 604800\n");
        fs::write(folder.path().join(name), policy).unwrap();
    }
    let run =
        run_in(folder.path(), &command.split_whitespace().filter(|word| *word != "\\").collect::<Vec<_>>());
    assert_eq!((run.stdout.as_str(), run.code), (printed(rest), 0));
}

#[test]
fn the_example_of_the_readme_is_what_is_printed() {
    let example = readme_from("This is `mta-sts.txt`:\n\n");
    let (policy, rest) = example.split_once("\nand this is what").expect("the policy ends");
    let policy: String = policy.lines().flat_map(|line| [line.trim_start(), "\n"]).collect();

    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("mta-sts.txt"), policy).unwrap();
    let run = run_in(folder.path(), &["lint", "mta-sts.txt"]);
    assert_eq!((run.stdout.as_str(), run.code), (printed(rest), 1));
}

#[test]
fn the_fixes_of_the_readme_are_what_is_printed() {
    let example = readme_from("This is `mta-sts.txt`:\n\n");
    let (policy, rest) = example.split_once("\nand this is what").expect("the policy ends");
    let policy: String = policy.lines().flat_map(|line| [line.trim_start(), "\n"]).collect();
    let (_, rest) = rest.split_once("put right, `mta-sts ").expect("the command begins");
    let (arguments, rest) = rest.split_once('`').expect("the command ends");

    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("mta-sts.txt"), policy).unwrap();
    let run = run_in(folder.path(), &arguments.split(' ').collect::<Vec<_>>());
    assert_eq!((run.stdout.as_str(), run.code), (printed(rest), 0));
}

#[test]
fn the_generated_policy_of_the_readme_is_what_is_printed() {
    let readme = readme_from("    mta-sts generate ");
    let (arguments, rest) = readme.split_once('\n').expect("the command ends");

    let arguments: Vec<&str> = ["generate"].into_iter().chain(arguments.split(' ')).collect();
    let run = run(&arguments, "");
    assert_eq!((run.stdout.as_str(), run.code), (printed(rest), 0));
}
