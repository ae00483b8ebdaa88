//! What is generated says what was asked for, and the lint finds nothing wrong with it.

#![cfg(not(target_arch = "wasm32"))]

use mta_sts::evidence::MxRecord;
use mta_sts::generate::{Generated, Refusal, Request, TargetName, generate};
use mta_sts::model::{Domain, MaxAge, Mode, Policy};
use mta_sts::report::{CoverageName, SeverityName};
use mta_sts::{Draft, LintOptions, OffsetUnit, Report, lint, mx_list, review_draft};
use proptest::prelude::*;

/// 2026-11-24 22:15:00 UTC.
const NOW: u64 = 1_795_558_500;

fn domain(name: &str) -> Domain {
    Domain::read(name).unwrap()
}

fn request(mx: &str) -> Request {
    Request::new(domain("example.com"), mx_list(mx), NOW)
}

#[track_caller]
fn made(request: &Request) -> Generated {
    generate(request).unwrap_or_else(|refusal| panic!("{refusal}"))
}

#[track_caller]
fn refused(request: &Request, says: &str) {
    match generate(request) {
        Ok(generated) => panic!("accepted:\n{}", generated.policy),
        Err(refusal) => assert_eq!(refusal.to_string(), says),
    }
}

#[test]
fn a_policy_is_five_fields_in_the_order_of_the_rfc() {
    let generated = made(&request("10 mx1.example.com., 20 mx2.example.net"));
    assert_eq!(
        generated.policy,
        "version: STSv1\nmode: testing\nmx: mx1.example.com\nmx: mx2.example.net\nmax_age: 604800\n"
    );
    assert_eq!(generated.policy_url, "https://mta-sts.example.com/.well-known/mta-sts.txt");
    assert_eq!(generated.record.name, "_mta-sts.example.com");
    assert_eq!(generated.record.value, "v=STSv1; id=20261124T221500");
    assert_eq!(generated.record.zone, "_mta-sts.example.com. 3600 IN TXT \"v=STSv1; id=20261124T221500\"");
    assert_eq!(
        generated.record.words,
        "a TXT record at `_mta-sts.example.com` (a form that adds the domain by itself asks for `_mta-sts`), \
         its value `v=STSv1; id=20261124T221500` without quotes, its TTL 3600 seconds"
    );
    assert!(generated.tlsrpt.is_none(), "nobody asked for reports");
}

#[track_caller]
fn patterns(mx: &str, wildcards: bool, expected: &[&str]) {
    let generated = made(&Request { wildcards, ..request(mx) });
    assert_eq!(generated.mx, expected, "{mx:?}");
}

#[test]
fn mx_hosts_become_patterns() {
    patterns("MX1.Example.COM.", false, &["mx1.example.com"]);
    patterns("mx.bücher.example", false, &["mx.xn--bcher-kva.example"]);
    patterns("b.example.com\nB.example.com.\na.example.com", false, &["b.example.com", "a.example.com"]); // each once
    patterns("20 b.example.com, 10 a.example.com", false, &["a.example.com", "b.example.com"]); // as senders try them
    patterns("example.com. 300 IN MX 10 mx1.example.com.", false, &["mx1.example.com"]); // a line of a zone file
    patterns("", false, &["example.com"]); // no MX record: the domain itself (RFC 5321 §5.1)
    patterns("a.example.net, b.example.net", false, &["a.example.net", "b.example.net"]); // names unless asked
    patterns("a.example.net, b.example.net, c.example.org", true, &["*.example.net", "c.example.org"]);
    patterns("a.example.net, a.b.example.net", true, &["a.example.net", "a.b.example.net"]); // one label each
    patterns("example.net, example.org, a.net", true, &["example.net", "example.org", "a.net"]); // never `*.net`
}

#[test]
fn what_is_no_mx_host_is_refused() {
    let no_host = |host: &str| {
        format!(
            "`{host}` is not the name of an MX host; write names as MX records have them, such as `mx1.example.com`"
        )
    };
    for host in [
        "192.0.2.1",
        "[192.0.2.1]",
        "2001:db8::25",
        "*.example.com", // a pattern: wildcards are asked for by themselves
        "mx_1.example.com",
        "mx..example.com",
        "-mx.example.com",
        "https://mx.example.com",
        "mx.example.com:25",
        "mx.example.123", // no top-level domain is a number
        &"a".repeat(64),
    ] {
        let host = host.to_owned();
        let mx = vec![MxRecord { preference: 10, host: host.clone() }];
        let shown = if host.len() > 60 { format!("{}…", &host[..60]) } else { host };
        // A quotation is cut outside its end.
        let says = no_host(&shown);
        let refusal = generate(&Request { mx, ..request("") }).unwrap_err();
        assert_eq!(refusal.to_string(), says);
    }
    let mx = vec![MxRecord { preference: 10, host: "mx.example.com\nmode: none".into() }];
    refused(&Request { mx, ..request("") }, &no_host("mx.example.com\\u{A}mode: none"));
    refused(
        &request("mailhost"),
        "`mailhost` is a single label, no public host name; write the whole name, such as `mx.example.com`",
    );
    refused(
        &request("mx.xn--a.example"),
        "`xn--a` in `mx.xn--a.example` decodes to no name; write the name anew; the label is probably mistyped",
    );
    refused(
        &request("."),
        "the domain has a null MX and takes no mail (RFC 7505 §3), so a policy would have no effect; \
         publish none, or replace the null MX",
    );
    refused(
        &request("., mx.example.com"),
        "a null MX (`.`) stands beside other MX records (RFC 7505 §3); delete it, or delete all others",
    );
    let many = (0..1_000).map(|n| MxRecord { preference: 0, host: format!("m{n}.example.com") });
    refused(&Request { mx: many.collect(), ..request("") }, "these are more than 999 MX records");
    let long =
        (0..200).map(|n| MxRecord { preference: 0, host: format!("{}{n}.example.com", "m".repeat(50)) });
    let refusal = generate(&Request { mx: long.collect(), ..request("") }).unwrap_err();
    assert!(matches!(refusal, Refusal::Fault { id: "pol-size", .. }), "{refusal}");
}

#[test]
fn a_domain_leaves_room_for_the_names_under_it() {
    let of_length = |octets: usize| {
        let labels =
            [&"a".repeat(63)[..], &"b".repeat(63), &"c".repeat(63), &"d".repeat(octets - 196), "com"];
        Request::new(domain(&labels.join(".")), mx_list("mx.example.com"), NOW)
    };
    made(&of_length(244)); // `_mta-sts.` makes it 253
    assert!(matches!(generate(&of_length(245)), Err(Refusal::NameTooLong { name }) if name.len() == 254));
    let rua = vec!["tls@example.net".to_owned()];
    made(&Request { rua: rua.clone(), ..of_length(242) }); // and so does `_smtp._tls.`
    assert!(
        matches!(generate(&Request { rua, ..of_length(243) }), Err(Refusal::NameTooLong { name }) if name.len() == 254)
    );
}

#[track_caller]
fn lives(mode: Mode, max_age: Option<u64>, seconds: u64) {
    assert_eq!(made(&Request { mode, max_age, ..request("mx.example.com") }).max_age, seconds);
}

#[test]
fn a_lifetime_is_no_warning() {
    lives(Mode::Enforce, None, 1_209_600);
    lives(Mode::Testing, None, 604_800);
    lives(Mode::None, None, 86_400);
    lives(Mode::Testing, Some(86_400), 86_400); // a day is the least
    lives(Mode::Enforce, Some(31_557_600), 31_557_600); // the ceiling itself
    lives(Mode::None, Some(60), 60); // for removal any
    let asks = |mode, max_age| Request { mode, max_age: Some(max_age), ..request("mx.example.com") };
    refused(
        &asks(Mode::Enforce, 86_399),
        "max_age is 23 hours (86399 seconds), less than a day; write `max_age: 1209600` (14 days)",
    );
    refused(&asks(Mode::None, 0), "max_age is 0 seconds; write `max_age: 86400` (1 day)");
    refused(
        &asks(Mode::Enforce, 31_557_601),
        "max_age is 31557601 seconds; the ceiling is 31557600; write `max_age: 31536000` (365 days)",
    );
    assert!(generate(&asks(Mode::Enforce, u64::MAX)).is_err()); // more digits than the grammar takes
}

#[test]
fn an_id_is_new() {
    let id = |id: Option<&str>, previous: Option<&str>| {
        let (id, previous_id) = (id.map(str::to_owned), previous.map(str::to_owned));
        Request { id, previous_id, ..request("mx.example.com") }
    };
    assert_eq!(made(&id(None, None)).id, "20261124T221500");
    assert_eq!(made(&id(None, Some("20261124T221500"))).id, "20261124T221501"); // twice in a second
    assert_eq!(made(&id(None, Some("20270101T000000"))).id, "20261124T221500"); // a later one is no matter
    assert_eq!(made(&id(Some("A1"), Some("a1"))).id, "A1"); // ids are compared octet by octet
    assert_eq!(made(&id(Some(&"x".repeat(32)), None)).id, "x".repeat(32));
    assert!(made(&Request { now: u64::MAX, ..id(None, None) }).id.starts_with("5845")); // the end of time
    for bad in ["", "2026-11-24", "a b", "a;b=c", "é", "a\n", &"x".repeat(33)] {
        assert!(matches!(generate(&id(Some(bad), None)), Err(Refusal::Id { .. })), "{bad:?}");
    }
    refused(
        &id(Some("2026-11-24"), None),
        "`2026-11-24` is no id; write 1 to 32 letters and digits, such as `20240315T120000` (RFC 8461 §3.1)",
    );
    refused(
        &id(Some("a1"), Some("a1")),
        "the id `a1` is published already: senders that hold a policy would not look again (RFC 8461 §3.1); leave it out for a new one",
    );
}

#[track_caller]
fn reports(rua: &[&str], value: &str) {
    let rua = rua.iter().map(ToString::to_string).collect();
    let tlsrpt = made(&Request { rua, ..request("mx.example.com") }).tlsrpt.expect("a TLSRPT record");
    assert_eq!((&*tlsrpt.name, &*tlsrpt.value), ("_smtp._tls.example.com", value));
}

#[test]
fn reports_go_somewhere() {
    reports(&["mailto:tls@example.com"], "v=TLSRPTv1; rua=mailto:tls@example.com");
    reports(&["tls@example.com"], "v=TLSRPTv1; rua=mailto:tls@example.com"); // a plain address
    reports(
        &["tls@example.com", "https://reports.example.net/v1", " mailto:tls@example.com "],
        "v=TLSRPTv1; rua=mailto:tls@example.com,https://reports.example.net/v1",
    );
    reports(
        &["mailto:a@example.com, mailto:b@example.com"],
        "v=TLSRPTv1; rua=mailto:a@example.com, mailto:b@example.com",
    ); // a list, as the record has it
    for bad in [
        "",
        "mailto:a@example.com,",          // an empty member
        "example.com",                    // no address and no URI
        "http://example.com/",            // no sender has a way to it
        "mailto:tls@example.com!10m",     // DMARC's size suffix
        "tls@example.com,b@example.com",  // one each
        "mailto:tls@example.com; p=none", // would be another field
        "https://example.com/a;p=none",   // a URI, and two fields of a record
        "mailto:\"a b\"@example.com",
        "tls@bücher.example", // A-labels in a URI
        "mailto:a@example.com\"",
        "https:///path",
    ] {
        let rua = vec![bad.to_owned()];
        let refusal = generate(&Request { rua, ..request("mx.example.com") }).unwrap_err();
        assert_eq!(refusal, Refusal::Rua { uri: bad.to_owned() });
    }
    let many = |count: usize| (0..count).map(|n| format!("mailto:tls{n:02}@{}.example", "a".repeat(40)));
    let long = made(&Request { rua: many(14).collect(), ..request("mx.example.com") }).tlsrpt.unwrap();
    let strings: Vec<&str> = long.zone.split('"').skip(1).step_by(2).collect();
    assert_eq!(strings.concat(), long.value, "strings are joined with nothing between");
    assert!(strings.len() > 1 && strings.iter().all(|string| string.len() <= 255), "{strings:?}");
    let too_many = Request { rua: many(20).collect(), ..request("mx.example.com") };
    assert!(matches!(generate(&too_many), Err(Refusal::TlsrptTooLong { .. })));
}

#[track_caller]
fn notes(request: &Request, expected: &[&str]) {
    let notes = made(request).notes;
    assert_eq!(notes.iter().map(|finding| finding.id).collect::<Vec<_>>(), expected);
}

#[test]
fn what_was_asked_for_is_all_there_is_to_note() {
    let enforce = Request { mode: Mode::Enforce, ..request("mx.example.com") };
    notes(&enforce, &[]);
    notes(&request("mx.example.com"), &["pol-mode-testing"]);
    notes(&Request { mode: Mode::None, ..enforce.clone() }, &["pol-mode-none"]);
    notes(&Request { max_age: Some(86_400), ..enforce.clone() }, &["pol-max-age-short"]);
    notes(&Request { id: Some("1".into()), ..enforce.clone() }, &["txt-id-meaning"]);
    notes(&Request { mx: Vec::new(), ..enforce.clone() }, &["cov-implicit-mx"]);
    notes(&Request { mx: mx_list("10 a.example.com, 20 b.example.com"), ..enforce.clone() }, &["cov-backup"]);
    let wildcards = mx_list("a.example.net, b.example.net");
    notes(&Request { wildcards: true, mx: wildcards, ..enforce.clone() }, &["mx-wildcard"]);
    notes(&Request { rua: vec!["tls@example.com".into()], ..enforce.clone() }, &["rpt-mailto-same-domain"]);
    notes(&Request { rua: vec!["tls@example.net".into()], ..enforce.clone() }, &["rpt-external"]);
    notes(
        &Request { rua: vec!["https://example.net/".into()], ..enforce },
        &["rpt-https-post", "rpt-external"],
    );
}

#[track_caller]
fn files(name: TargetName) -> Vec<(String, String)> {
    let generated = made(&request("mx.example.com"));
    let target =
        generated.targets.into_iter().find(|target| target.name == name).expect("the target is there");
    target.files.into_iter().map(|file| (file.path, file.content)).collect()
}

#[test]
fn every_target_has_the_policy_at_the_path_senders_ask_for() {
    let generated = made(&request("mx.example.com"));
    for target in &generated.targets {
        if target.name == TargetName::CloudflareWorker {
            // Its lines are strings; that they make the policy is seen where the Worker runs.
            let lines: Vec<&str> = target.files[0].content.split("  \"").skip(1).collect();
            let ends = generated.policy.split('\n').map(|line| format!("{line}\",\n"));
            assert!(ends.zip(lines).all(|(end, line)| line.starts_with(&end)), "{}", target.files[0].content);
        } else {
            let files = target.files.iter().filter(|file| file.content == generated.policy);
            let paths: Vec<&str> = files.map(|file| &*file.path).collect();
            assert!(matches!(paths[..], [path] if path.ends_with(".well-known/mta-sts.txt")), "{paths:?}");
        }
        assert!(!target.steps.is_empty(), "{}", target.title);
    }
}

/// What the documentation of the hosts asks for.
#[test]
fn hosts_get_the_tree_they_document() {
    let policy = made(&request("mx.example.com")).policy;
    let tree = |files: &[(&str, &str)]| -> Vec<(String, String)> {
        files.iter().map(|(path, content)| (path.to_string(), content.to_string())).collect()
    };
    assert_eq!(
        files(TargetName::GithubPages),
        tree(&[(".well-known/mta-sts.txt", &policy), (".nojekyll", ""), ("CNAME", "mta-sts.example.com\n")])
    );
    assert_eq!(
        files(TargetName::Netlify),
        tree(&[
            ("public/.well-known/mta-sts.txt", &policy),
            (
                "public/_headers",
                "# Access-Control-Allow-Origin lets checkers that run in a browser read the policy, which is public.\n\
                 /.well-known/mta-sts.txt\n  Content-Type: text/plain; charset=utf-8\n  Access-Control-Allow-Origin: *\n"
            ),
            ("netlify.toml", "[build]\n  publish = \"public\"\n"),
        ])
    );
    let [_, (path, wrangler)] = &files(TargetName::CloudflareWorker)[..] else { panic!("two files") };
    assert_eq!(path, "wrangler.toml");
    assert_eq!(
        wrangler,
        "name = \"mta-sts-example-com\"\nmain = \"worker.js\"\ncompatibility_date = \"2025-01-01\"\n\
         workers_dev = false\nroutes = [{ pattern = \"mta-sts.example.com\", custom_domain = true }]\n"
    );
    let long = Request { domain: domain(&["a"; 100].join(".")), ..request("mx.example.com") };
    let worker = &made(&long).targets[3].files[1].content;
    let name = worker.split('"').nth(1).unwrap();
    assert!(name.len() <= 63 && name.ends_with('a'), "{name}"); // the longest that Cloudflare takes, no hyphen at its end
}

#[test]
fn servers_get_their_files_where_debian_looks_for_them() {
    let paths = |name| files(name).into_iter().map(|(path, _)| path).collect::<Vec<_>>();
    let policy = "var/www/mta-sts.example.com/.well-known/mta-sts.txt";
    assert_eq!(paths(TargetName::Nginx), [policy, "etc/nginx/conf.d/mta-sts.example.com.conf"]);
    assert_eq!(paths(TargetName::Apache), [policy, "etc/apache2/sites-available/mta-sts.example.com.conf"]);
    assert_eq!(paths(TargetName::Caddy), [policy, "etc/caddy/mta-sts.example.com.caddy"]);
}

/// Every text of it, with its name.
fn texts(generated: &Generated) -> Vec<(String, &str)> {
    let mut texts = vec![
        ("policy".to_owned(), &*generated.policy),
        ("url".to_owned(), &*generated.policy_url),
        ("id".to_owned(), &*generated.id),
    ];
    for record in [Some(&generated.record), generated.tlsrpt.as_ref()].into_iter().flatten() {
        texts.extend([(record.name.clone(), &*record.value), (record.name.clone(), &*record.zone)]);
    }
    for target in &generated.targets {
        for file in &target.files {
            texts.extend([(file.path.clone(), &*file.content), ("path".into(), &*file.path)]);
        }
    }
    let steps = generated.targets.iter().flat_map(|target| &target.steps).chain(&generated.steps);
    texts.extend(steps.filter_map(|step| Some(("command".to_owned(), step.command.as_deref()?))));
    texts
}

#[track_caller]
fn without_faults(report: &Report) {
    let faults: Vec<_> = report.findings.iter().filter(|f| f.severity != SeverityName::Info).collect();
    assert!(faults.iter().all(|fault| fault.id == "cov-implicit-mx"), "{faults:?}");
}

/// Infos about what was asked for, or about the MX set.
const CHOICES: &[&str] = &[
    "pol-mode-testing",
    "pol-mode-none",
    "pol-max-age-short",
    "pol-max-age-none-long",
    "txt-id-meaning",
    "mx-wildcard",
    "cov-backup",
    "cov-implicit-mx",
    "rpt-https-post",
    "rpt-mailto-same-domain",
    "rpt-external",
];

/// What holds for whatever is generated.
fn holds(request: &Request, generated: &Generated) {
    // The policy says what was asked for.
    let policy = Policy::read(generated.policy.as_bytes());
    assert_eq!(policy.mode(), Some(request.mode));
    let max_age = policy.max_age.and_then(|age| age.value).map(MaxAge::seconds);
    assert_eq!(max_age, Some(request.max_age.unwrap_or(generated.max_age)));
    let patterns: Vec<String> = policy.patterns().map(|mx| mx.value.to_string()).collect();
    assert_eq!(patterns, generated.mx);
    assert_eq!(generated.policy.lines().count(), 3 + patterns.len(), "one line a field");
    assert!(generated.policy.ends_with('\n') && !generated.policy.contains('\r'));
    for mx in &request.mx {
        let host = Domain::to_a_labels(&mx.host).unwrap();
        assert!(policy.patterns().any(|pattern| pattern.value.matches(&host)), "{host}");
        let names_host = patterns.iter().any(|pattern| pattern == host.trim_end_matches('.'));
        assert!(request.wildcards || names_host, "{host} is named");
    }
    // So do the records, as the DNS has them.
    assert!(
        generated.id.bytes().all(|b| b.is_ascii_alphanumeric()) && (1..=32).contains(&generated.id.len())
    );
    assert_ne!(Some(&generated.id), request.previous_id.as_ref());
    assert_eq!(request.id.as_ref().unwrap_or(&generated.id), &generated.id);

    // Nothing is wrong with it: each text by itself, and all of them together.
    without_faults(&lint(generated.policy.as_bytes(), &LintOptions::default(), OffsetUnit::Bytes));
    let zone = [Some(&generated.record), generated.tlsrpt.as_ref()].into_iter().flatten();
    for record in zone.clone() {
        // A form takes a long value whole; in a zone file it is cut into strings.
        let short = Some(&record.value).filter(|value| value.len() <= 255);
        for text in short.into_iter().chain([&record.zone]) {
            let report = lint(text.as_bytes(), &LintOptions::default(), OffsetUnit::Bytes);
            without_faults(&report);
            assert!(
                report
                    .record
                    .is_none_or(|read| read.usable && read.policy_id.as_ref() == Some(&generated.id))
            );
            assert!(report.tlsrpt.is_none_or(|read| read.usable));
        }
        assert!(record.name.len() <= 253);
    }
    let mx = request.mx.iter().map(|mx| MxRecord { host: Domain::to_a_labels(&mx.host).unwrap(), ..*mx });
    let options = LintOptions { domain: Some(request.domain.clone()), mx: Some(mx.collect()), kind: None };
    let draft = Draft {
        policy: Some(generated.policy.as_bytes()),
        record: Some(generated.record.zone.as_bytes()),
        tlsrpt: generated.tlsrpt.as_ref().map(|record| record.zone.as_bytes()),
    };
    let report = review_draft(draft, &options, OffsetUnit::Bytes);
    without_faults(&report);
    let ids: Vec<_> = report.findings.iter().map(|finding| finding.id).collect();
    assert!(ids.iter().all(|id| CHOICES.contains(id)), "{ids:?}");
    assert_eq!(ids, generated.notes.iter().map(|note| note.id).collect::<Vec<_>>());
    let coverage = if request.mode == Mode::None { CoverageName::NotApplied } else { CoverageName::Full };
    assert_eq!(report.mx.and_then(|mx| mx.coverage), Some(coverage));

    // What was given gets nowhere but where it belongs: with another domain, the same texts but for the name of it.
    for (name, text) in texts(generated) {
        let odd = text.chars().find(|c| !(c.is_ascii_graphic() || matches!(c, ' ' | '\n' | '\t')));
        assert_eq!(odd, None, "{name}:\n{text}");
    }
}

fn label() -> impl Strategy<Value = String> {
    "[a-z0-9]([a-z0-9-]{0,12}[a-z0-9])?"
}

fn name() -> impl Strategy<Value = String> {
    (proptest::collection::vec(label(), 1..4), "[a-z]{2,6}")
        .prop_map(|(labels, top)| format!("{}.{top}", labels.join(".")))
}

/// As MX records and people have them.
fn host() -> BoxedStrategy<String> {
    let sibling = label().prop_map(|label| format!("{label}.mail.example.net"));
    (
        prop_oneof![name(), sibling, name().prop_map(|name| format!("bücher.{name}"))],
        any::<bool>(),
        any::<bool>(),
    )
        .prop_map(|(name, upper, dot)| {
            let name = if upper { name.to_uppercase() } else { name };
            if dot { name + "." } else { name }
        })
        .boxed()
}

fn hostile() -> BoxedStrategy<String> {
    prop_oneof![
        any::<String>(),
        "[a-z0-9.*;:@$`\"'\\\\{}<>\n\r\t -]{0,40}",
        (name(), "[\"'`;{}$\\\\\n @]").prop_map(|(name, odd)| name + &odd),
    ]
    .boxed()
}

prop_compose! {
    fn any_request(text: BoxedStrategy<String>)(
        domain in name(),
        mx in proptest::collection::vec((any::<u16>(), text.clone()), 0..8),
        wildcards in any::<bool>(),
        mode in prop_oneof![Just(Mode::Testing), Just(Mode::Enforce), Just(Mode::None)],
        max_age in proptest::option::of(prop_oneof![0..40_000_000_u64, any::<u64>()]),
        id in proptest::option::of(prop_oneof!["[A-Za-z0-9]{1,33}", text.clone()]),
        previous_id in proptest::option::of("[A-Za-z0-9]{1,32}"),
        rua in proptest::collection::vec(
            prop_oneof![
                name().prop_map(|name| format!("mailto:tls-reports+a=b@{name}")),
                name().prop_map(|name| format!("https://{name}/v1/tls?a=b&c=%21")),
                name().prop_map(|name| format!("tls@{name}")),
                name().prop_map(|name| format!("https://{name}/a;p=none")),
                text,
            ],
            0..4,
        ),
        now in prop_oneof![0..4_000_000_000_u64, any::<u64>()],
    ) -> Request {
        let mx = mx.into_iter().map(|(preference, host)| MxRecord { preference, host }).collect();
        Request { domain: Domain::read(&domain).unwrap(), mx, wildcards, mode, max_age, id, previous_id, rua, now }
    }
}

proptest! {
    #[test]
    fn whatever_is_accepted_is_faultless(request in any_request(host())) {
        if let Ok(generated) = generate(&request) {
            holds(&request, &generated);
        }
    }

    #[test]
    fn nothing_hostile_gets_into_a_text(request in any_request(hostile())) {
        if let Ok(generated) = generate(&request) {
            holds(&request, &generated);
        }
    }

    #[test]
    fn an_ordinary_request_is_accepted(
        domain in name(), mx in proptest::collection::vec((any::<u16>(), host()), 0..8), now in any::<u64>(),
    ) {
        let mx = mx.into_iter().map(|(preference, host)| MxRecord { preference, host }).collect();
        let request = Request::new(Domain::read(&domain).unwrap(), mx, now);
        match generate(&request) {
            Ok(generated) => holds(&request, &generated),
            // A name made at random may look like an A-label.
            Err(refusal) => prop_assert!(matches!(refusal, Refusal::Fault { id: "mx-fake-alabel", .. }), "{refusal}"),
        }
    }

    #[test]
    fn the_domain_is_all_that_differs(name in "zq9[a-z]{3,12}\\.[a-z]{2,6}", mode in prop_oneof![Just(Mode::Testing), Just(Mode::Enforce)]) {
        let of = |name: &str| made(&Request { mode, ..Request::new(domain(name), mx_list("mx.example.net"), NOW) });
        let (one, other) = (of(&name), of("example.com"));
        for ((_, one), (what, other)) in texts(&one).into_iter().zip(texts(&other)) {
            let renamed = one.replace(&name, "example.com").replace(&name.replace('.', "-"), "example-com");
            prop_assert_eq!(renamed, other, "{}", what);
        }
    }
}
