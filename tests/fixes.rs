//! What fixes do: rows first, then what holds for every text, and what becomes of real ones.

#![cfg(not(target_arch = "wasm32"))]

mod properties;

use mta_sts::{LintOptions, OffsetUnit, TextKind, fix, lint, mx_list};
use proptest::prelude::*;
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};

fn as_kind(kind: TextKind) -> LintOptions {
    LintOptions { kind: Some(kind), ..LintOptions::default() }
}

/// What a text becomes by safe fixes alone, and by likely ones too.
#[track_caller]
fn becomes(text: &[u8], options: &LintOptions, safe: &str, likely: &str) {
    let fixed = [false, true].map(|likely| fix(text, options, likely));
    let shown = fixed.each_ref().map(|fixed| String::from_utf8_lossy(&fixed.text));
    assert_eq!(shown, [safe, likely], "{:?} by {:?}", text.escape_ascii().to_string(), fixed[1].applied);
    assert!(fixed.iter().all(|fixed| fixed.complete));
}

/// A policy, its lines parted by `|`, that safe fixes change to `safe` and likely ones to `likely`.
#[track_caller]
fn policy(text: &str, safe: &str, likely: &str) {
    let [text, safe, likely] = [text, safe, likely].map(|text| text.replace('|', "\n"));
    becomes(text.as_bytes(), &as_kind(TextKind::Policy), &safe, &likely);
}

/// The same with this line after version and mode, before a lifetime.
#[track_caller]
fn line(text: &str, safe: &str, likely: &str) {
    let whole = |line: &str| format!("version: STSv1|mode: enforce|{line}max_age: 86400|mx: a.example|");
    policy(&whole(text), &whole(safe), &whole(likely));
}

#[test]
fn fields() {
    let good = "version: STSv1|mode: testing|max_age: 1209600|";
    policy("version: STSv1|", "version: STSv1|", good); // what a policy must have, harmless if it is wrong
    policy("mode: none|", "mode: none|", "version: STSv1|mode: none|max_age: 86400|"); // for removal a day
    policy(
        "version:|mode: |max_age:\t|",
        "version:|mode: |max_age:\t|",
        "version: STSv1|mode: testing|max_age:\t1209600|",
    );
    line("mode: testing|", "", ""); // the first counts
    line("mx:|", "mx:|", ""); // there is another
    line("note:|", "", ""); // says nothing
    line("note: a|note: b|", "note: a|", "note: a|");
    line("note:|note: b|", "note: b|", "note: b|"); // the first says nothing
    line("Mode: none|", "", ""); // ignored beside the right one
    line("MX: b.example|", "MX: b.example|", "mx: b.example|");
    line("MX: b.example|MX: c.example|", "MX: b.example|MX: c.example|", "mx: b.example|mx: c.example|");
    line(
        "- mx: b.example|- mx: c.example|",
        "- mx: b.example|- mx: c.example|",
        "mx: b.example|mx: c.example|",
    );
    line(
        "nmx: b.example|nmx: c.example|",
        "nmx: b.example|nmx: c.example|",
        "nmx: b.example|nmx: c.example|",
    ); // an unknown field is allowed
    line("MX: b example|", "MX: b example|", "MX: b example|"); // as it is it does no harm
    policy(
        "mode:|version: STSv1|mode: none|max_age: 1|",
        "version: STSv1|mode:|mode: none|max_age: 1|",
        "version: STSv1|mode: none|max_age: 1|",
    ); // the one with a value is meant
    policy(
        "mode: Enforce|version: STSv1|mode: none|max_age: 86400|mx: a.example|",
        "version: STSv1|mode: Enforce|mode: none|max_age: 86400|mx: a.example|", // while the first is none, the second may be it
        "version: STSv1|mode: enforce|max_age: 86400|mx: a.example|",
    );
}

#[test]
fn values() {
    for (value, likely) in [
        ("enforcing", "enforce"),
        ("\"testing\"", "testing"),
        ("report", "testing"),                // in drafts
        ("on", "testing"),                    // means nothing: it stops no mail
        ("[enforce|none]", "[enforce|none]"), // left open by a guide
    ] {
        let text = |mode: &str| format!("version: STSv1\nmode: {mode}\nmax_age: 604800\nmx: a.example\n");
        becomes(text(value).as_bytes(), &as_kind(TextKind::Policy), &text(value), &text(likely));
    }
    for (value, likely) in
        [("7d", "604800"), ("forever", "1209600"), ("<seconds>", "<seconds>"), ("86400}", "86400")]
    {
        let text = |age: &str| format!("version: STSv1\nmode: enforce\nmax_age: {age}\nmx: a.example\n");
        becomes(text(value).as_bytes(), &as_kind(TextKind::Policy), &text(value), &text(likely));
    }
}

#[test]
fn patterns() {
    let good = "version: STSv1|mode: testing|max_age: 1209600|";
    line("mx: b.example.|", "mx: b.example|", "mx: b.example|");
    line("mx: m\u{fc}.example|", "mx: xn--m-eha.example|", "mx: xn--m-eha.example|"); // the same name
    line("mx: b.example, c.example|", "mx: b.example, c.example|", "mx: b.example|mx: c.example|");
    line(
        "mx: 10 b.example; 20 c.example.|",
        "mx: 10 b.example; 20 c.example.|",
        "mx: b.example|mx: c.example|",
    );
    line("mx: Priority 5: b.example|", "mx: Priority 5: b.example|", "mx: b.example|"); // prose around a name
    line("mx: mail, b.example|", "mx: mail, b.example|", "mx: mail|mx: b.example|"); // a list: all are names
    line("mx: - b.example|", "mx: - b.example|", "mx: b.example|");
    line("mx: -b-.example|", "mx: -b-.example|", "mx: b.example|");
    line("mx: b.example # main|", "mx: b.example # main|", "mx: b.example|");
    line("mx: <you>.example|", "mx: <you>.example|", "mx: <you>.example|");
    line("mx: .|", "mx: .|", "mx: .|"); // a null MX has no place in a policy, and none was meant
    policy(
        &format!("{good}mx: a.example|mx: b.example|mx: A.example|"),
        &format!("{good}mx: a.example|mx: b.example|"),
        &format!("{good}mx: a.example|mx: b.example|"),
    );
    line("mx: *.example|", "mx: *.example|", "mx: *.example|"); // which of the two to keep is a choice
}

#[test]
fn lines() {
    line("# c|", "", "");
    line("  # c|", "", ""); // in two rounds
    line("#c: d|", "", "");
    line("npm|", "npm|", ""); // slipped in
    line("my note: x|", "my note: x|", "");
    line("the mx: b.example|", "the mx: b.example|", "mx: b.example|");
    line("- mx: b.example|", "- mx: b.example|", "mx: b.example|");
    line("- b.example|", "- b.example|", "mx: b.example|");
    line("mx b.example|", "mx b.example|", "mx: b.example|");
    line("v=STSv1; id=1|", "v=STSv1; id=1|", "");
    line("note: caf\u{e9} \u{2018}x\u{2019}|", "note: caf\u{e9} \u{2018}x\u{2019}|", "note: cafe 'x'|");
    line("note: \u{65e5}|", "note: \u{65e5}|", "note: \u{65e5}|"); // no letter of ASCII stands for it
    policy("a|b|", "a|b|", "a|b|"); // no policy that lacks something, but another text
    policy("# a|", "# a|", "# a|");
    let prose = "mode: none|".to_owned() + &"a|".repeat(9);
    policy(&prose, &prose, &format!("version: STSv1|{prose}max_age: 86400|")); // any line may be as good as the other
    let matter = "---|layout: none||permalink: /mta-sts.txt|---|";
    let good = "version: STSv1|mode: none|max_age: 86400|";
    policy(&format!("{matter}{good}"), &format!("{}{good}", matter.replace("||", "|")), good);
    policy("version: STSv1|mode: none||max_age: 86400", good, good);
    policy("version: STSv1\r|mode: none|max_age: 86400\r|", good, good); // ends of one kind
}

#[test]
fn forms() {
    let good = "version: STSv1\nmode: none\nmax_age: 86400\n";
    let policy = as_kind(TextKind::Policy);
    let utf16: Vec<u8> = format!("\u{FEFF}{good}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    becomes(&utf16, &policy, &String::from_utf8_lossy(&utf16), good);
    let rtf = "{\\rtf1\\ansi\n\\f0\\fs24 \\cf0 version: STSv1\\\nmode: none\\\nmax_age: 86400}";
    becomes(rtf.as_bytes(), &policy, rtf, good);
    becomes(b"\xEF\xBB\xBFversion: STSv1\rmode: none\rmax_age: 86400\r", &policy, good, good);
    let html = "<html>\n# c\n";
    becomes(html.as_bytes(), &policy, html, html);
}

#[test]
fn hosts_that_are_known() {
    let mx = |hosts| LintOptions { mx: Some(mx_list(hosts)), ..as_kind(TextKind::Policy) };
    let head = "version: STSv1\nmode: enforce\nmax_age: 1209600\n";
    let all = format!("{head}mx: a.example\nmx: b.example\n");
    becomes(head.as_bytes(), &mx("a.example, b.example"), head, &all);
    let one = format!("{head}mx: a.example"); // without a line end
    becomes(one.as_bytes(), &mx("a.example, B.example"), &format!("{one}\n"), &all);
    // What the DNS gives may be anything.
    becomes(head.as_bytes(), &mx("a.example, x:y"), head, head);
}

#[test]
fn fields_of_a_record() {
    use TextKind::Record;
    records(Record, "v=STSv1; id=1; x=;", "v=STSv1; id=1;", "v=STSv1; id=1;"); // says nothing
    records(Record, "v=STSv1; id=1; x=a b", "v=STSv1; id=1; x=a b", "v=STSv1; id=1");
    records(Record, "v=STSv1; id=1; id=2", "v=STSv1; id=1", "v=STSv1; id=1"); // the first counts
    let unclear = "v=STSv1; id=2024-03-15; id=1"; // while the first is none, the second may be it
    records(Record, unclear, unclear, "v=STSv1; id=20240315");
}

/// TXT records, one a line.
#[track_caller]
fn records(kind: TextKind, text: &str, safe: &str, likely: &str) {
    becomes(text.as_bytes(), &as_kind(kind), safe, likely);
}

#[test]
fn one_record_of_several() {
    use TextKind::{Record, Tlsrpt};
    let twice = "v=STSv1; id=1\nx\nv=STSv1; id=1\n";
    records(Record, twice, "v=STSv1; id=1\nx\n", "v=STSv1; id=1\nx\n"); // they agree
    let times = "v=STSv1; id=20240101\nv=STSv1; id=20250101\nv=STSv1; id=20230101\n";
    records(Record, times, times, "v=STSv1; id=20250101\n"); // the latest
    for unclear in [
        "v=STSv1; id=1\nv=STSv1; id=2",
        "v=STSv1; id=20240101\nv=STSv1; id=20250101T000000",
        "v=STSv1; id=1\nv=STSv1;",
    ] {
        records(Record, unclear, unclear, unclear); // which of them is current only its owner knows
    }
    let zone = "_mta-sts IN TXT \"v=STSv1; id=1\" ; old\n_mta-sts IN TXT ( \"v=STSv1;\"\n \" id=1\" )\n";
    records(
        Record,
        zone,
        "_mta-sts IN TXT \"v=STSv1; id=1\" ; old\n",
        "_mta-sts IN TXT \"v=STSv1; id=1\" ; old\n",
    );
    let reports =
        "v=TLSRPTv1; rua=mailto:a@example.com\nv=TLSRPTv1; rua=https://example.com/,mailto:a@example.com\n";
    records(Tlsrpt, reports, reports, "v=TLSRPTv1; rua=mailto:a@example.com,https://example.com/\n");
    let beside = "v=STSv1; id=1\n\"v=STSv1; id=2\"\n";
    records(Record, beside, beside, beside); // put right, the second would make two
    let two = "\"v=STSv1; id=1\"\n\"v=STSv1; id=2\"\n";
    records(Record, two, two, two);
}

#[test]
fn notations_keep_their_form() {
    use TextKind::{Record, Tlsrpt};
    let split = "_mta-sts TXT \"v=STSv1; id=2024\" \"0101T000000\"";
    let moved = "_mta-sts TXT \"v=STSv1; \" \"id=20240101T000000\"";
    records(Record, split, moved, moved); // nothing changes but where it is cut
    records(
        Record,
        "_mta-sts IN TXT V=STSv1\\;id=1",
        "_mta-sts IN TXT v=STSv1\\;id=1",
        "_mta-sts IN TXT v=STSv1\\;id=1",
    );
    let bare = "_mta-sts IN TXT v=STSv1 id=20240101"; // two strings without quotes
    records(Record, bare, bare, "_mta-sts IN TXT v=STSv1\\;\\  id=20240101");
    let open = "_mta-sts IN TXT ( \"v=stsv1; id=1\"\n"; // where it ends is a guess
    records(Record, open, open, open);
    let mixed = "_mta-sts IN TXT \"v=stsv1; id=1\" x";
    records(Record, mixed, mixed, mixed);
    records(Record, "TXT: v=STSv1; id=20240101", "TXT: v=STSv1; id=20240101", "v=STSv1; id=20240101");
    let left_open = "v=TLSRPTv1; rua=mailto:tls@<domain>";
    records(Tlsrpt, left_open, left_open, left_open);
    records(
        Tlsrpt,
        "v=TLSRPTv1; rua=mailto=a@example.com",
        "v=TLSRPTv1; rua=mailto=a@example.com",
        "v=TLSRPTv1; rua=mailto:a@example.com",
    );
    let percent = "v=TLSRPTv1; rua=mailto:%%%1@example.com";
    records(Tlsrpt, percent, percent, "v=TLSRPTv1; rua=mailto:%25%25%251@example.com");
}

#[test]
fn records_and_policy_of_one_paste() {
    let text = "_mta-sts.example.com. IN TXT \"v=stsv1; id=2024\"\n\nversion: STSv1\n\nmode: Enforce\nmx: a.example.\nmax_age: 1209600\n";
    let safe = "_mta-sts.example.com. IN TXT \"v=STSv1; id=2024\"\n\nversion: STSv1\nmode: Enforce\nmx: a.example\nmax_age: 1209600\n";
    becomes(text.as_bytes(), &LintOptions::default(), safe, &safe.replace("Enforce", "enforce"));
    // Put right, the last line would be a second record, and then none counts.
    let edge = b"v=STSv1; id=1\nmode: none\rv=STSv1; id=2\n";
    let fixed = fix(edge, &LintOptions::default(), false);
    assert_eq!((fixed.text, fixed.applied, fixed.complete), (edge.to_vec(), vec![], false));
}

#[test]
fn octets_that_are_not_utf8_stay() {
    // More than a hundred edits are merged, and what stands between them cannot be written in an edit.
    let lines: Vec<u8> = b"note: \xE9 \n\n".repeat(300);
    let text = [b"version: STSv1\nmode: none\nmax_age: 86400\n", &lines[..]].concat();
    let fixed = fix(&text, &as_kind(TextKind::Policy), false);
    assert_eq!(fixed.applied, ["pol-blank-line", "pol-dup-field", "pol-trailing-wsp"]);
    assert_eq!(fixed.text, b"version: STSv1\nmode: none\nmax_age: 86400\nnote: \xE9\n");
}

#[test]
fn a_text_made_to_hide_its_faults_is_left_in_part() {
    let text = format!("v=TLSRPTv1; rua=https://example.com/r{}", ";a=1".repeat(60));
    let fixed = fix(text.as_bytes(), &as_kind(TextKind::Tlsrpt), true);
    assert!(!fixed.complete && fixed.applied.contains(&"rpt-raw-semicolon"), "{fixed:?}");
    let again = fix(&fixed.text, &as_kind(TextKind::Tlsrpt), true);
    assert!(again.text.len() > fixed.text.len(), "the next run goes on");
}

/// The lines of a policy, right and wrong.
const LINES: &[&str] = &[
    "version: STSv1",
    "version: STSv1",
    "mode: enforce",
    "mode: testing",
    "mode: none",
    "max_age: 604800",
    "max_age: 86400",
    "mx: mx.example.com",
    "mx: *.example.com",
    "mx: a.example.net",
    "mx: MX.example.com",
    "Version: STSv1",
    "version: STSv2",
    "version:STSv1",
    "v: STSv1",
    "version : STSv1",
    " version: STSv1",
    "version:",
    "version: STSv1 mode: enforce mx: mx.example.com max_age: 604800",
    "version: STSv1; mode: none; max_age: 86400;",
    "Mode: enforce",
    "mode: Enforce",
    "mode: report",
    "mode: enforcing",
    "mode: \"testing\"",
    "mode",
    "mode=enforce",
    "mode:",
    "modes: none",
    "mode: <mode>",
    "mode: enforce, testing",
    "max_age: 7d",
    "max_age: 604,800",
    "max-age: 604800",
    "maxage: 1",
    "max_age: 99999999999",
    "max_age: 63072000",
    "max_age: 0",
    "max_age: 3600",
    "max_age:",
    "max_age: forever",
    "Max_Age: 86400",
    "max_age: -1",
    "mx: mx.example.com.",
    "mx: mx1.example.com, mx2.example.com",
    "mx: 10 mx.example.com",
    "mx: https://mx.example.com/",
    "mx: mx.example.com:25",
    "mx: m\u{fc}.example",
    "mx: .example.com",
    "mx: *",
    "mx: mx*.example.com",
    "mx: mx..example.com",
    "mx: -mx.example.com",
    "mx: a_b.example.com",
    "mx: 192.0.2.1",
    "mx: <mx.example.com>",
    "mx: .",
    "mx:",
    "MX: mx.example.com",
    "nmx: b.example.com",
    "mx: localhost",
    "mx: *.com",
    "mx: mx.example.com # main",
    "mx: Priority 5: mx.example.com",
    "mx: - mx.example.com",
    "- mx.example.com",
    "mx: mx.example.com\\",
    "mx: xn--a.example",
    "  - mx: a.example.net",
    "mx: mx.example.com}",
    "note: a",
    "note: a",
    "note:",
    "note: caf\u{e9}",
    "note: a: b",
    "url: https://example.com/",
    "my note: x",
    "# comment",
    "#: comment",
    "; c",
    "// c",
    "---",
    "{",
    "}",
    "\"version\": \"STSv1\",",
    "npm",
    "v=STSv1; id=1",
    "\u{feff}note: b",
    ": x",
    "a\u{b}b: c",
    "note: a\tb",
    "\\f0\\fs24 \\cf0 version: STSv1\\",
    "{\\rtf1\\ansi",
    "<html>",
    "<!-- -->",
    "layout: none",
    "\u{1}",
    "\u{200b}",
    "\u{200b}mode: none",
    "no\u{e9}te: x",
];

/// What breaks a policy where it is put in.
const BITS: &[&[u8]] = &[
    b" ",
    b"\t",
    b"\n",
    b"\r",
    b"\r\n",
    b":",
    b": ",
    b"\xEF\xBB\xBF",
    b"\xE9",
    b"\0",
    b"\x0C",
    b"\x1A",
    b"#",
    b";",
    b",",
    b".",
    b"*",
    b"-",
    b"_",
    b"\"",
    b"'",
    b"<",
    b">",
    b"\\",
    b"=",
    b"\xC2\xA0",
    b"\xE2\x80\x8B",
    b"\xFF\xFE",
    b"x",
    b"1",
    b"M",
    b"\xC3\xBC",
    b"version",
    b"mode",
    b"mx",
    b"max_age",
];

/// Policies that senders can use.
const POLICIES: &[&str] = &[
    "version: STSv1\nmode: enforce\nmx: mx.example.com\nmx: *.example.net\nmax_age: 1209600\n",
    "version: STSv1\r\nmode: testing\r\nmx: mx1.example.com\r\nmx: mx2.example.com\r\nmax_age: 86400\r\n",
    "version: STSv1\nmode: none\nmax_age: 86400",
    "max_age: 604800\nnote: x\nmx: mx.example.com\nmx: MX.example.com\nmx: *.example.com\nmode: enforce\nversion: STSv1\n",
    "version:STSv1\nmode:enforce  \nmx:mx.example.com\nmax_age:604800\nnote: a: b\n",
];

const RECORDS: &[&str] = &[
    "v=STSv1; id=20240315T120000",
    "v=STSv1; id=20240315T120000;",
    "v=STSv1;id=1",
    "v=TLSRPTv1; rua=mailto:tls@example.com",
    "v=TLSRPTv1;rua=mailto:a@example.com,https://example.com/r",
    "v=STSv1; id=1; note=a; id=2",
    "v=TLSRPTv1; rua=mailto:a@example.com; rua=mailto:b@example.com; ruf=x",
    "\"v=STSv1; id=1\"",
    "v = STSv1, id = 2024-03-15",
    "id=1; v=STSv1",
    "v=stsv1; ID=1",
    "v=STSv1 ; id=1",
    "v=STSv1",
    "STSv1; id=1",
    "v=STSv2; id=1;;",
    "v=STSv1; id=a-b, x=y; _z=1; q=a b; flag",
    "v=TLSRPTv1; rua=<mailto:a@example.com>, b@example.com!10m,",
    "v=TLSRPTv1; rua=http://example.com/r;id=7",
    "v=TLSRPTv1; rua=mailto:%%@example.com",
    "v=TLSRPTv1; mailto:a@example.com",
    "v=TLSRPTv1; rua=mailto:a@b\u{fc}cher.example",
    "v=STSv1;\u{a0}id=1",
    "\u{201c}v=STSv1; id=1\u{201d}",
    "v=spf1 -all",
    "version: STSv1",
    "TXT v=STSv1; id=1",
    "v=TLSRPTv1; rua=mailto:a,b@example.com",
    "v=TLSRPTv1; rua=mailto=a@example.com",
    "v=STSv1; id=<id>",
    "v=TLSRPT1; rua=mailto:a@<domain>",
];

/// What breaks a record where it is put in.
const RECORD_BITS: &[&[u8]] = &[
    b" ",
    b"\t",
    b";",
    b"; ",
    b"=",
    b":",
    b",",
    b"\"",
    b"\\",
    b"x",
    b"x=1",
    b"_",
    b"-",
    b"\xC2\xA0",
    b"\xE2\x80\x8B",
    b"\x01",
    b"<",
    b">",
    b"%",
    b"!",
    b"!10m",
    b"[",
    b"#",
    b"?",
    b"/",
    b"id=",
    b"rua=",
    b"mailto:",
    b"a@example.com",
    b"https://",
    b"v=STSv1;",
    b"v=TLSRPTv1;",
    b"V",
    b"\xE9",
    b"\n",
    b"\xEF\xBB\xBF",
    b"ID=",
    b"\" \"",
    b"(",
    b")",
    b"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
];

fn lines_of_a_policy() -> impl Strategy<Value = Vec<u8>> {
    let ends = [(12, "\n"), (2, "\r\n"), (1, "\r"), (1, ""), (1, "\n\n"), (1, " \n"), (1, "\r\r\n")];
    let end = proptest::strategy::Union::new_weighted(ends.map(|(weight, end)| (weight, Just(end))).to_vec());
    prop::collection::vec((prop::sample::select(LINES), end), 0..9).prop_map(|lines| {
        lines.into_iter().flat_map(|(line, end)| [line.as_bytes(), end.as_bytes()].concat()).collect()
    })
}

/// One of these texts.
fn one(texts: &'static [&'static str]) -> impl Strategy<Value = Vec<u8>> {
    prop::sample::select(texts).prop_map(|text| text.as_bytes().to_vec())
}

/// A text with bits put in, between its octets and in place of some.
fn broken(
    text: impl Strategy<Value = Vec<u8>>,
    bits: &'static [&'static [u8]],
) -> impl Strategy<Value = Vec<u8>> {
    let change = (any::<prop::sample::Index>(), 0_usize..4, prop::sample::select(bits));
    (text, prop::collection::vec(change, 0..4)).prop_map(|(mut text, changes)| {
        for (at, gone, bit) in changes {
            let at = at.index(text.len() + 1);
            let end = text.len().min(at + gone);
            text.splice(at..end, bit.iter().copied());
        }
        text
    })
}

/// Records in the notations in which people paste them, one twice at times.
fn pasted_records() -> impl Strategy<Value = Vec<u8>> {
    let noted = (broken(one(RECORDS), RECORD_BITS), 0..9_usize, any::<prop::sample::Index>());
    let noted = noted.prop_map(|(record, notation, cut)| {
        let (left, right) = record.split_at(cut.index(record.len() + 1));
        let around = |before: &str, between: &str, after: &str| {
            [before.as_bytes(), left, between.as_bytes(), right, after.as_bytes()].concat()
        };
        match notation {
            0..=3 => record,
            4 => around("_mta-sts.example.com. 300 IN TXT \"", "", "\""),
            5 => around("_mta-sts TXT \"", "\" \"", "\" ; c"),
            6 => around("_smtp._tls.example.com. IN TXT ( \"", "\"\n \"", "\" )"),
            7 => around("_mta-sts.example.com descriptive text \"", "", "\""),
            _ => around("_smtp._tls IN TXT ", " ", ""),
        }
    });
    let end = prop_oneof![6 => Just("\n"), 1 => Just("\r\n"), 1 => Just("\n\n")];
    (prop::collection::vec((noted, end), 1..4), 0..8_usize).prop_map(|(mut lines, again)| {
        lines.extend((again == 0).then(|| lines[0].clone()));
        lines.into_iter().flat_map(|(line, end)| [line, end.into()].concat()).collect()
    })
}

proptest! {
    // Each text is read in five ways and fixed over and over: a quarter of the usual number of texts.
    #![proptest_config(ProptestConfig {
        cases: ProptestConfig::default().cases / 4,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn of_lines(text in lines_of_a_policy()) {
        properties::fixes_hold(&text);
    }

    #[test]
    fn of_broken_lines(text in broken(lines_of_a_policy(), BITS)) {
        properties::fixes_hold(&text);
    }

    #[test]
    fn of_broken_policies(text in broken(one(POLICIES), BITS)) {
        properties::fixes_hold(&text);
    }

    #[test]
    fn of_records(text in pasted_records()) {
        properties::fixes_hold(&text);
    }

    #[test]
    fn of_records_and_a_policy(records in pasted_records(), policy in broken(lines_of_a_policy(), BITS), last in any::<bool>()) {
        let parts = if last { [records, policy] } else { [policy, records] };
        properties::fixes_hold(&parts.join(&b'\n'));
    }

    #[test]
    fn of_octets(text in prop::collection::vec(any::<u8>(), 0..60)) {
        properties::fixes_hold(&text);
    }
}

/// What was usable, what safe fixes make usable, and what likely ones do.
#[derive(Debug, Default, PartialEq)]
struct Count {
    all: usize,
    usable: usize,
    safe: usize,
    likely: usize,
}

impl Count {
    fn add(&mut self, text: &[u8], kind: TextKind) -> bool {
        let is_usable = |text: &[u8]| {
            let report = lint(text, &as_kind(kind), OffsetUnit::Bytes);
            report.policy.is_some_and(|policy| policy.usable)
                || report.record.is_some_and(|record| record.usable)
                || report.tlsrpt.is_some_and(|record| record.usable)
        };
        let [safe, likely] = [false, true].map(|likely| is_usable(&fix(text, &as_kind(kind), likely).text));
        self.all += 1;
        self.usable += usize::from(is_usable(text));
        self.safe += usize::from(safe);
        self.likely += usize::from(likely);
        likely
    }
}

/// The collection of real policies and records. Without it there is nothing to do, and that is said.
fn corpus() -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus");
    if path.is_dir() {
        return Some(path);
    }
    println!("skipped: no corpus at {}", path.display());
    None
}

/// Policies of the collection that no fix makes usable, each with the reason.
const BEYOND_REPAIR: &[(&[&str], &str)] = &[
    (&["0378", "0394"], "it is empty"),
    (&["0391", "0393", "0396", "0397", "0398", "0399", "0400", "0405", "0408"], "it is a web page"),
    (&["0057", "0325", "0355"], "it is a template with its blanks left open"),
    (&["0185", "0187", "0189"], "its pattern is the null MX, which names no host"),
    (&["0126"], "it is one letter"),
];

#[test]
fn of_real_policies() {
    let Some(corpus) = corpus() else { return };
    let mut count = Count::default();
    let mut files: Vec<PathBuf> = fs::read_dir(corpus.join("policies"))
        .expect("the policies of the corpus")
        .map(|file| file.expect("a file").path())
        .collect();
    files.sort();
    for file in files {
        let text = fs::read(&file).expect("a policy of the corpus");
        let usable = count.add(&text, TextKind::Policy);
        let name = file.file_stem().expect("a name").to_string_lossy();
        let reason = BEYOND_REPAIR.iter().find(|(files, _)| files.contains(&&*name));
        assert_eq!(usable, reason.is_none(), "{}: {reason:?}", file.display());
        properties::fixes_hold(&text);
    }
    println!("policies: {count:?}");
}

#[test]
fn of_real_records() {
    let Some(corpus) = corpus() else { return };
    for (file, kind) in [("records-sts.txt", TextKind::Record), ("records-tlsrpt.txt", TextKind::Tlsrpt)] {
        let records = fs::read_to_string(corpus.join(file)).expect("the records of the corpus");
        let mut count = Count::default();
        for record in records.lines() {
            count.add(record.as_bytes(), kind);
            properties::fixes_hold(record.as_bytes());
        }
        println!("{file}: {count:?}");
    }
}

#[test]
fn of_the_vectors() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors");
    for (file, kind) in [
        ("policy.jsonl", TextKind::Policy),
        ("txt.jsonl", TextKind::Record),
        ("tlsrpt.jsonl", TextKind::Tlsrpt),
    ] {
        let vectors = fs::read_to_string(folder.join(file)).expect("vectors");
        let mut count = Count::default();
        for vector in vectors.lines().filter(|line| !line.trim().is_empty()) {
            let vector: Value = serde_json::from_str(vector).expect("a JSON object a line");
            let text = match (&vector["input"], &vector["txt"]) {
                (Value::String(text), _) => text.clone(),
                (_, Value::Array(records)) => {
                    let name = if kind == TextKind::Record { "_mta-sts" } else { "_smtp._tls" };
                    let line = |strings| [name, " TXT ", &strings_of(strings), "\n"].concat();
                    records.iter().map(line).collect()
                }
                _ => continue,
            };
            count.add(text.as_bytes(), kind);
            properties::fixes_hold(text.as_bytes());
        }
        println!("{file}: {count:?}");
        assert!(count.all > 40, "{file}: {count:?}");
    }
}

/// The strings of a record as a zone file has them.
fn strings_of(strings: &Value) -> String {
    let strings = strings.as_array().expect("a list of strings").iter();
    let quoted = |string: &Value| {
        let string = string.as_str().expect("a string").replace('\\', "\\\\").replace('"', "\\\"");
        format!("\"{string}\"")
    };
    strings.map(quoted).collect::<Vec<_>>().join(" ")
}
