//! The README shows what the program prints.

use crate::support::{run, run_in};
use std::fs;
use std::path::Path;

#[test]
fn the_example_of_the_readme_is_what_is_printed() {
    let readme = Path::new(env!("CARGO_MANIFEST_DIR")).join("../README.md");
    let readme = fs::read_to_string(readme).unwrap();
    let (_, example) = readme.split_once("This is `mta-sts.txt`:\n\n").expect("the example begins");
    let (policy, rest) = example.split_once("\nand this is what").expect("the policy ends");
    let policy: String = policy.lines().flat_map(|line| [line.trim_start(), "\n"]).collect();
    let (_, rest) = rest.split_once("```text\n").expect("what is printed begins");
    let (printed, _) = rest.split_once("```").expect("what is printed ends");

    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("mta-sts.txt"), policy).unwrap();
    let run = run_in(folder.path(), &["lint", "mta-sts.txt"]);
    assert_eq!(run.stdout, printed);
    assert_eq!(run.code, 1);
}

#[test]
fn the_generated_policy_of_the_readme_is_what_is_printed() {
    let readme = Path::new(env!("CARGO_MANIFEST_DIR")).join("../README.md");
    let readme = fs::read_to_string(readme).unwrap();
    let (_, rest) = readme.split_once("    mta-sts generate ").expect("the command begins");
    let (arguments, rest) = rest.split_once('\n').expect("the command ends");
    let (_, rest) = rest.split_once("```text\n").expect("what is printed begins");
    let (printed, _) = rest.split_once("```").expect("what is printed ends");

    let arguments: Vec<&str> = ["generate"].into_iter().chain(arguments.split(' ')).collect();
    let run = run(&arguments, "");
    assert_eq!((run.code, run.stdout.as_str()), (0, printed));
}
