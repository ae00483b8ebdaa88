//! `mta-sts generate`, from the command line to the files.

use super::support::{run, run_in};
use insta::assert_snapshot;
use std::fs;
use std::path::Path;

/// A request that a clock cannot change.
const REQUEST: &[&str] =
    &["generate", "example.com", "--mx", "mx1.example.com,mx2.example.net", "--id", "20261124T221500"];

fn with<'a>(more: &[&'a str]) -> Vec<&'a str> {
    [REQUEST, more].concat()
}

#[track_caller]
fn printed(more: &[&str]) -> String {
    let run = run(&with(more), "");
    assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{more:?}");
    run.stdout
}

#[test]
fn a_person_reads_what_to_publish_and_how() {
    assert_snapshot!("help_generate", run(&["generate", "--help"], "").stdout);
    assert_snapshot!("generate", printed(&[]));
    let enforced =
        ["--mode", "enforce", "--max-age", "4 weeks", "--rua", "tls@example.net,https://example.net/tls"];
    assert_snapshot!("generate_for_nginx", printed(&[&enforced[..], &["--for", "nginx"]].concat()));
    assert_snapshot!("generate_for_apache", printed(&["--for", "apache"]));
    assert_snapshot!("generate_for_worker", printed(&["--for", "cloudflare-worker"]));
    assert_snapshot!("generate_for_github_pages", printed(&["--for", "github-pages"]));
    assert_snapshot!("generate_for_netlify", printed(&["--for", "netlify"]));
    assert_snapshot!("generate_json", printed(&["--for", "caddy", "--format", "json"]));
}

#[test]
fn a_machine_reads_the_same() {
    let json = |more: &[&str]| {
        let all = [more, &["--format", "json"]].concat();
        serde_json::from_str::<serde_json::Value>(&printed(&all)).unwrap()
    };
    let all = json(&[]);
    let names: Vec<_> = all["targets"].as_array().unwrap().iter().map(|target| &target["name"]).collect();
    assert_eq!(names, ["nginx", "apache", "caddy", "cloudflare-worker", "github-pages", "netlify"]);
    for name in names.iter().map(|name| name.as_str().unwrap()) {
        let one = json(&["--for", name]);
        assert_eq!(one["targets"].as_array().unwrap().len(), 1, "{name}");
        assert!(all["targets"].as_array().unwrap().contains(&one["targets"][0]), "{name}");
    }
    assert_eq!(all["written"], serde_json::Value::Null);
    assert_eq!(all["max_age"], 604_800);
}

#[test]
fn what_is_printed_can_be_copied() {
    // Indented it would be no policy (RFC 8461 §3.2).
    let out = printed(&["--for", "github-pages"]);
    let (_, policy) = out.split_once("mta-sts.txt\n\n").unwrap();
    let (policy, _) = policy.split_once("\n==").unwrap();
    assert_eq!(run(&["lint", "--kind", "policy"], policy.strip_suffix('\n').unwrap_or(policy)).code, 0);
    assert!(policy.starts_with("version: STSv1\nmode: testing\n"), "{policy}");
}

#[test]
fn the_id_is_of_this_moment_unless_given() {
    let id = |more: &[&str]| {
        let args =
            [&["generate", "example.com", "--mx", "mx.example.com", "--format", "json"], more].concat();
        let json: serde_json::Value = serde_json::from_str(&run(&args, "").stdout).unwrap();
        json["id"].as_str().unwrap().to_owned()
    };
    let first = id(&[]);
    assert!(first.len() == 15 && &*first > "20261124T000000", "{first}");
    assert_ne!(id(&["--previous-id", &first]), first);
    assert_eq!(id(&["--id", "a1", "--previous-id", "A1"]), "a1");
}

/// Every file below a folder, with its content, in order.
fn tree(folder: &Path) -> Vec<(String, String)> {
    fn collect(root: &Path, folder: &Path, into: &mut Vec<(String, String)>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                collect(root, &path, into);
            } else {
                let name = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
                into.push((name, fs::read_to_string(&path).unwrap()));
            }
        }
    }
    let mut files = Vec::new();
    collect(folder, folder, &mut files);
    files.sort();
    files
}

#[test]
fn files_are_written_where_they_go() {
    let policy = "version: STSv1\nmode: testing\nmx: mx1.example.com\nmx: mx2.example.net\nmax_age: 604800\n";
    for (target, paths) in [
        (None, &[".well-known/mta-sts.txt"][..]),
        (Some("github-pages"), &[".nojekyll", ".well-known/mta-sts.txt", "CNAME"]),
        (Some("netlify"), &["netlify.toml", "public/.well-known/mta-sts.txt", "public/_headers"]),
        (Some("cloudflare-worker"), &["worker.js", "wrangler.toml"]),
        (
            Some("nginx"),
            &[
                "etc/nginx/conf.d/mta-sts.example.com.conf",
                "var/www/mta-sts.example.com/.well-known/mta-sts.txt",
            ],
        ),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let mut args = with(&["--out", "site/new"]);
        args.extend(target.iter().flat_map(|target| ["--for", target]));
        let run = run_in(folder.path(), &args);
        assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{target:?}");
        let written = tree(&folder.path().join("site/new"));
        assert_eq!(written.iter().map(|(path, _)| path).collect::<Vec<_>>(), paths);
        for (path, content) in &written {
            assert!(run.stdout.contains(&format!("\nsite/new/{path}\n")), "{path} in {}", run.stdout);
            if path.ends_with("mta-sts.txt") {
                assert_eq!(content, policy);
                let file = format!("site/new/{path}");
                let lint =
                    ["lint", &*file, "--mx", "mx1.example.com,mx2.example.net", "--fail-on", "warning"];
                assert_eq!(run_in(folder.path(), &lint).code, 0);
            }
        }
    }
}

#[test]
fn no_file_is_written_over_by_mistake() {
    let folder = tempfile::tempdir().unwrap();
    let args = with(&["--for", "github-pages", "--out", "."]);
    fs::write(folder.path().join("CNAME"), "www.example.com\n").unwrap();
    let run = run_in(folder.path(), &args);
    assert_eq!((run.code, run.stdout.as_str()), (2, ""));
    assert_eq!(
        run.stderr,
        "error: ./CNAME is there already, and nothing was written; --force writes over it\n"
    );
    assert_eq!(tree(folder.path()), [("CNAME".to_owned(), "www.example.com\n".to_owned())]);

    assert_eq!(run_in(folder.path(), &[&args[..], &["--force"]].concat()).code, 0);
    assert_eq!(tree(folder.path()).len(), 3, "and nothing else is left there");
    assert_eq!(fs::read_to_string(folder.path().join("CNAME")).unwrap(), "mta-sts.example.com\n");
    assert_eq!(run_in(folder.path(), &args).code, 2, "our own files are files too");

    fs::write(folder.path().join("file"), "").unwrap();
    let run = run_in(folder.path(), &with(&["--out", "file"]));
    assert_eq!(run.code, 2);
    assert!(run.stderr.starts_with("error: cannot write file/.well-known/mta-sts.txt: "), "{}", run.stderr);
}

#[cfg(unix)]
#[test]
fn a_server_may_read_what_is_written() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    // What everybody may do with a file that is made here, by the umask of whoever runs this.
    fs::write(folder.path().join("usual"), "").unwrap();
    assert_eq!(run_in(folder.path(), &with(&["--out", "."])).code, 0);
    let mode = |name: &str| fs::metadata(folder.path().join(name)).unwrap().permissions().mode();
    assert_eq!(mode(".well-known/mta-sts.txt"), mode("usual"));
}

#[track_caller]
fn fails(args: &[&str], says: &str) {
    let run = run(&[&["generate"], args].concat(), "");
    assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{args:?}");
    assert_eq!(run.stderr.lines().next(), Some(says), "{args:?}");
}

#[test]
fn what_cannot_be_made_is_said() {
    let mx = &["example.com", "--mx", "mx.example.com"][..];
    let and = |more: &[&'static str]| [mx, more].concat();
    fails(&["example.com"], "error: the following required arguments were not provided:");
    fails(
        &["192.0.2.1", "--mx", "mx.example.com"],
        "error: `192.0.2.1`: an IP address has no policy, only domains do; write the domain of a mail address, such as `example.com`",
    );
    fails(
        &["example.com", "--mx", ""], // a variable that is empty by mistake
        "error: --mx: `` is not one host name; write it as --mx mx1.example.com",
    );
    fails(
        &["example.com", "--mx", "."],
        "error: the domain has a null MX and takes no mail (RFC 7505 §3), so a policy would have no effect; \
         publish none, or replace the null MX",
    );
    fails(
        &["example.com", "--mx", "\u{1b}[31m.example.com"],
        "error: `\\u{1B}[31m.example.com` is not the name of an MX host; write names as MX records have them, such as \
         `mx1.example.com`",
    );
    fails(
        &and(&["--max-age", "1h"]),
        "error: max_age is 1 hour (3600 seconds), less than a day; write `max_age: 1209600` (14 days)",
    );
    fails(
        &and(&["--max-age", "a week"]),
        "error: invalid value 'a week' for '--max-age <TIME>': write seconds, or a number and one of s, h, d, w",
    );
    fails(
        &and(&["--max-age", "d"]),
        "error: invalid value 'd' for '--max-age <TIME>': write a number first, as in `14d`",
    );
    fails(
        &and(&["--max-age", "99999999999999999999w"]),
        "error: invalid value '99999999999999999999w' for '--max-age <TIME>': a policy lives for a year at most",
    );
    fails(
        &and(&["--id", "2026-11-24"]),
        "error: `2026-11-24` is no id; write 1 to 32 letters and digits, such as `20240315T120000` (RFC 8461 §3.1)",
    );
    fails(&and(&["--no-mx"]), "error: the argument '--mx <HOST,...>' cannot be used with '--no-mx'");
    fails(&and(&["--mode", "Enforce"]), "error: invalid value 'Enforce' for '--mode <MODE>'");
    fails(&and(&["--for", "iis"]), "error: invalid value 'iis' for '--for <TARGET>'");
    fails(&and(&["--force"]), "error: the following required arguments were not provided:");
}

#[test]
fn times_are_written_as_people_do() {
    let lives = |time: &str| {
        let args =
            ["generate", "example.com", "--mx", "mx.example.com", "--format", "json", "--max-age", time];
        let json: serde_json::Value = serde_json::from_str(&run(&args, "").stdout).unwrap();
        json["max_age"].as_u64().unwrap()
    };
    assert_eq!(lives("86400"), 86_400);
    assert_eq!(lives("14d"), 1_209_600);
    assert_eq!(lives("2 weeks"), 1_209_600);
    assert_eq!(lives("36h"), 129_600);
    assert_eq!(lives("1 day"), 86_400);
}

#[test]
fn a_domain_without_mx_record_is_its_own_host() {
    let run = run(&["generate", "example.com", "--no-mx"], "");
    assert_eq!(run.code, 0);
    assert!(run.stdout.contains("\nmx: example.com\n"), "{}", run.stdout);
    assert!(run.stdout.contains("no MX record: `example.com` is its own MX host"), "{}", run.stdout);
}
