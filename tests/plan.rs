//! Plans: what they say of each kind of change, and that no sender loses mail over one.

#![cfg(not(target_arch = "wasm32"))]

use mta_sts::notation::Change as Notation;
use mta_sts::plan::{Change, Plan, PlanKind, PlanStep, PublicationKind, plan};
use mta_sts::report::SeverityName;
use mta_sts::{Draft, LintOptions, OffsetUnit, TextKind, lint, mx_list};
use std::collections::BTreeSet;

/// 2026-01-15T00:00:00Z.
const NOW: u64 = 1_768_435_200;

/// The plan of a change in the notation of the rules' examples, with TTLs of an hour.
fn planned(notation: &str, set: impl Fn(&mut Change<'_>)) -> Plan {
    let notation = Notation::from_notation(notation).unwrap_or_else(|fault| panic!("{fault}:\n{notation}"));
    let mut change = notation.at(NOW);
    set(&mut change);
    plan(&change, OffsetUnit::Bytes)
}

/// A policy of mx1 for a week.
fn policy(mode: &str) -> String {
    format!("version: STSv1\nmode: {mode}\nmx: mx1.example.com\nmax_age: 604800\n")
}

/// From one state to another; either may be `none`.
fn from_to(old: &str, new: &str) -> String {
    let state = |state: &str| if state == "none" { String::new() } else { state.to_owned() };
    format!("--- old\n{}--- new\n{}", state(old), state(new))
}

/// Holds a plan to its kind, and its steps to their names and dates.
#[track_caller]
fn steps(plan: &Plan, kind: PlanKind, expected: &[(&str, &str)], reason: &str) {
    let steps: Vec<_> = plan.steps.iter().map(|step| (step.id, &*step.date)).collect();
    assert_eq!((plan.kind, &*steps), (kind, expected), "{reason}");
}

/// Holds a change with TTLs of an hour to the kind, names and dates of its plan.
#[track_caller]
fn row(notation: &str, kind: PlanKind, expected: &[(&str, &str)], reason: &str) {
    steps(&planned(notation, |_| {}), kind, expected, reason);
}

#[track_caller]
fn finds(plan: &Plan, expected: &[&str]) {
    let found: Vec<_> = plan.findings.iter().map(|finding| finding.id).collect();
    assert_eq!(found, expected);
}

fn step<'p>(plan: &'p Plan, id: &str) -> &'p PlanStep {
    plan.steps.iter().find(|step| step.id == id).unwrap_or_else(|| panic!("no step {id} in {plan:#?}"))
}

fn text<'p>(plan: &'p Plan, id: &str) -> &'p str {
    &step(plan, id).publish.as_ref().expect("something to publish").text
}

const TODAY: &str = "2026-01-15T00:00:00Z";
/// A week and an hour later.
const COPIES_GONE: &str = "2026-01-22T01:00:00Z";

#[test]
fn modes() {
    use PlanKind::{FixFirst, Nothing, Publish, Update};
    let [testing, enforce, none] = ["testing", "enforce", "none"].map(policy);
    let update = [("publish-policy", TODAY), ("id-policy", TODAY), ("done", COPIES_GONE)];
    row(&from_to("none", "none"), Nothing, &[], "there is nothing, and nothing is to be");
    row(&from_to(&enforce, &enforce), Nothing, &[], "the same text");
    row(
        &from_to("none", &testing),
        Publish,
        &[("publish-tlsrpt", TODAY), ("publish-policy", TODAY), ("id-policy", TODAY)],
        "no copy of an earlier policy can be left",
    );
    let tested = [
        ("publish-tlsrpt", TODAY),
        ("publish-testing", TODAY),
        ("id-testing", TODAY),
        ("publish-policy", "2026-01-29T00:00:00Z"), // two weeks of reports
        ("id-policy", "2026-01-29T00:00:00Z"),
        ("done", "2026-02-05T01:00:00Z"), // the copies in mode testing, a week and an hour later
    ];
    row(&from_to("none", &enforce), Publish, &tested, "mode testing comes before mode enforce");
    row(&from_to(&none, &enforce), Update, &tested, "mode none has tested nothing");
    row(&from_to(&testing, &enforce), Update, &update, "it was tested");
    row(&from_to(&enforce, &none), Update, &update, "until then some senders enforce");
    row(&from_to(&testing, &none), Update, &update, "until then some senders report");
    row(
        &from_to(&enforce, &testing),
        Update,
        &[("publish-tlsrpt", TODAY), update[0], update[1], update[2]],
        "reports are what mode testing is for",
    );
    row(
        &from_to(&enforce, &enforce.replace("mode: enforce", "mode: enforced")),
        FixFirst,
        &[("fix-first", TODAY)],
        "no sender could use it",
    );
}

#[test]
fn reports_are_published_unless_they_are_known() {
    let change = |old: &str, new: &str| from_to(old, &(policy("testing") + new));
    let tlsrpt = |notation: &str| {
        let plan = planned(notation, |_| {});
        plan.steps.iter().find(|step| step.id == "publish-tlsrpt").map(|step| step.action.clone())
    };
    let usable = "v=TLSRPTv1; rua=mailto:a@example.com\n";
    assert_eq!(tlsrpt(&change("none", usable)), None);
    assert_eq!(tlsrpt(&change(usable, "")), None, "it stays");
    let action = "publish a TLSRPT record with an address that somebody reads";
    assert_eq!(tlsrpt(&change("none", "v=TLSRPTv1;\n")).as_deref(), Some(action), "it names no address");
    assert_eq!(
        tlsrpt(&change("none", "")).as_deref(),
        Some(&*format!("{action}, unless there is one")),
        "not known"
    );
}

/// What is published, with its MX hosts.
fn state(mode: &str, mx: &[&str], hosts: &[&str]) -> String {
    let lines = |prefix, names: &[&str]| names.iter().flat_map(|name| [prefix, *name, "\n"]).collect();
    let (hosts, mx): (String, String) = (lines("MX ", hosts), lines("mx: ", mx));
    format!("{hosts}version: STSv1\nmode: {mode}\n{mx}max_age: 604800\n")
}

const A: &str = "a.example.com";
const B: &str = "b.example.net";

/// A host is added: once the last copy without it has expired.
const ADDED: &[(&str, &str)] = &[("publish-policy", TODAY), ("id-policy", TODAY), ("change-mx", COPIES_GONE)];

/// A host is removed: from the MX records before it leaves the policy.
const REMOVED: &[(&str, &str)] = &[
    ("change-mx", TODAY),
    ("publish-policy", "2026-01-15T01:00:00Z"), // the old MX records have left the caches
    ("id-policy", "2026-01-15T01:00:00Z"),
    ("done", "2026-01-22T02:00:00Z"),
];

/// One host takes the place of another.
const MOVED: &[(&str, &str)] = &[
    ("publish-both", TODAY),
    ("id-both", TODAY),
    ("change-mx", COPIES_GONE),
    ("publish-policy", "2026-01-22T02:00:00Z"),
    ("id-policy", "2026-01-22T02:00:00Z"),
    ("done", "2026-01-29T03:00:00Z"), // the copies of the policy with both
];

/// Policies in mode enforce of A, of B and of both, with the same MX hosts.
fn enforced() -> [String; 3] {
    [&[A][..], &[B], &[A, B]].map(|hosts| state("enforce", hosts, hosts))
}

#[test]
fn mx_hosts_are_added_removed_and_moved() {
    use PlanKind::MoveMx;
    let [of_a, of_b, of_both] = enforced();
    row(&from_to(&of_a, &of_both), MoveMx, ADDED, "the new policy lists both");
    row(&from_to(&of_both, &of_a), MoveMx, REMOVED, "the old policy lists both");
    row(&from_to(&of_a, &of_b), MoveMx, MOVED, "both, wait, move, drop");
    row(&from_to(&of_a, &state("enforce", &[B, A], &[B])), MoveMx, ADDED, "the new policy itself lists both");
    row(
        &from_to(&state("enforce", &["*.example.net", A], &[A]), &of_b),
        MoveMx,
        REMOVED,
        "the old policy lists the new host already",
    );
    row(&from_to(&state("testing", &[A], &[A]), &of_b), MoveMx, REMOVED, "mode testing holds no mail back");
}

#[test]
fn mx_hosts_change_together_with_the_mode() {
    use PlanKind::{MoveMx, Publish, Remove};
    let [of_a, of_b, _] = enforced();
    row(
        &from_to(&of_a, &state("none", &[A], &[B])),
        MoveMx,
        ADDED,
        "mode none lets mail through, and the copies in mode enforce do not",
    );
    row(
        &from_to("MX a.example.com\n", &of_b),
        Publish,
        &[
            ("publish-tlsrpt", TODAY),
            ("publish-testing", TODAY),
            ("id-testing", TODAY),
            ("change-mx", TODAY),
            ("publish-policy", "2026-01-29T00:00:00Z"),
            ("id-policy", "2026-01-29T00:00:00Z"),
            ("done", "2026-02-05T01:00:00Z"),
        ],
        "nothing is held back until the policy is in mode enforce",
    );
    row(
        &from_to(&of_a, "MX b.example.net\n"),
        Remove,
        &[
            ("publish-none", TODAY),
            ("id-none", TODAY),
            ("change-mx", COPIES_GONE),
            ("delete-record", COPIES_GONE),
            ("delete-policy", "2026-01-22T02:00:00Z"),
        ],
        "the copies in mode enforce keep mail from the new host",
    );
}

#[test]
fn mx_hosts_stay_or_are_not_known() {
    use PlanKind::{FixFirst, MoveMx, Nothing, Update};
    let [of_a, of_b, _] = enforced();
    row(
        &from_to(&of_a, &of_a.replace("MX a.example.com", "MX A.EXAMPLE.com.")),
        Nothing,
        &[],
        "the same host in other letters",
    );
    row(
        &from_to(&of_a, &state("enforce", &[B], &[])),
        FixFirst,
        &[("fix-first", TODAY)],
        "the MX hosts stay, and the new policy leaves them out",
    );
    row(
        &from_to(&of_a, &state("enforce", &[A], &[A, B])),
        FixFirst,
        &[("fix-first", TODAY)],
        "the new policy does not list every new host",
    );
    row(
        &from_to(&of_a, &state("enforce", &[A], &["."])),
        MoveMx,
        &[("change-mx", TODAY)],
        "a domain that takes no mail any longer needs no policy for it",
    );
    row(
        &from_to(&of_a.replace("MX a.example.com\n", ""), &of_b.replace("MX b.example.net\n", "")),
        MoveMx,
        MOVED,
        "hosts that are not known are those of the policies",
    );
    row(
        &from_to(&of_a.replace("MX a.example.com\n", ""), &of_b),
        MoveMx,
        MOVED,
        "likewise where only the new are",
    );
    row(
        &from_to(&state("enforce", &["*.example.com"], &[]), &state("enforce", &[A], &[])),
        Update,
        &[("publish-policy", TODAY), ("id-policy", TODAY), ("done", COPIES_GONE)],
        "a name in place of the wildcard it fits is no other host",
    );
}

#[test]
fn the_hosts_are_named_in_the_policy_on_the_way() {
    let old = "MX a.example.com\nMX b.example.com\nMX under_score.example.com\n\
               version: STSv1\nmode: enforce\nmx: *.example.com\nmax_age: 604800\n";
    let new = "MX c.example.net\n\
               version: STSv1\r\nmode: enforce\r\nnote: caf\u{e9}\r\nmax_age: 1209600\r\nmx: c.example.net";
    let plan = planned(&from_to(old, new), |_| {});
    assert_eq!(
        text(&plan, "publish-both"),
        "version: STSv1\r\nmode: enforce\r\nnote: caf\u{e9}\r\nmax_age: 1209600\r\nmx: c.example.net\r\n\
         mx: a.example.com\r\nmx: b.example.com",
        "the new policy, its line ends and all, with each old host that can be listed"
    );
    assert_eq!(text(&plan, "publish-policy"), &new["MX c.example.net\n".len()..], "as it was given");
    let change_mx = step(&plan, "change-mx");
    assert_eq!(text(&plan, "change-mx"), "c.example.net");
    assert!(change_mx.action.ends_with("the DNS caches, at 2026-01-22T02:00:00Z"), "{}", change_mx.action);
    // In mode testing for a week at most, and with the hosts that still take mail.
    let plan = planned(&from_to("MX a.example.com\n", &new.replace("1209600", "31536000")), |_| {});
    assert_eq!(
        text(&plan, "publish-testing"),
        "version: STSv1\r\nmode: testing\r\nnote: caf\u{e9}\r\nmax_age: 604800\r\nmx: c.example.net\r\n\
         mx: a.example.com"
    );
}

#[test]
fn a_policy_on_the_way_is_not_larger_than_senders_read() {
    let lines = |hosts: std::ops::Range<u32>| {
        let patterns = hosts.map(|n| format!("mx: host-{n}.example.com\n")).collect::<Vec<_>>().concat();
        format!("version: STSv1\nmode: enforce\n{patterns}max_age: 604800\n")
    };
    let plan = planned(&from_to(&lines(10_000..12_000), &lines(20_000..22_000)), |_| {});
    steps(&plan, PlanKind::FixFirst, &[("fix-first", TODAY)], "more than 64 KiB together");
    assert!(plan.steps[0].action.contains("more than 65536 octets"), "{}", plan.steps[0].action);
    // To remove it needs no list of hosts.
    let plan = planned(&from_to(&lines(10_000..12_000).replace("mx: ", "mx:"), "none"), |_| {});
    assert!(text(&plan, "publish-none").len() < 65_536);
}

#[test]
fn removal_takes_three_steps() {
    use PlanKind::{FixFirst, Nothing, Remove};
    let [testing, enforce, none] = ["testing", "enforce", "none"].map(policy);
    let removal = [
        ("publish-none", TODAY),
        ("id-none", TODAY),
        ("delete-record", COPIES_GONE),
        ("delete-policy", "2026-01-22T02:00:00Z"), // the record has left the caches
    ];
    row(&from_to(&enforce, "none"), Remove, &removal, "mode none, wait, delete");
    row(
        &from_to(&testing, "none"),
        Remove,
        &removal,
        "a failed fetch is a failure to report in mode testing too",
    );
    row(&from_to(&none, "none"), Remove, &removal[2..], "mode none is served already");
    row(
        &from_to("v=STSv1; id=1\n", "none"),
        Remove,
        &[("delete-record", TODAY)],
        "a record without a policy",
    );
    row(
        &from_to(&enforce, "v=STSv1; id=2\n"),
        FixFirst,
        &[("fix-first", TODAY)],
        "a record is not to be left alone",
    );
    row(&from_to("none", "none"), Nothing, &[], "there is nothing to remove");

    let longest = |change: &mut Change<'_>| change.longest_max_age = Some(31_557_600);
    let plan = planned(&from_to(&enforce, "none"), longest);
    steps(
        &plan,
        Remove,
        &[
            ("publish-none", TODAY),
            ("id-none", TODAY),
            ("delete-record", "2027-01-15T07:00:00Z"), // 365.25 days and an hour
            ("delete-policy", "2027-01-15T08:00:00Z"),
        ],
        "an earlier policy was served for a year",
    );
    let wait = &step(&plan, "delete-record").waits[0];
    assert_eq!(wait.sum, "TXT TTL 1 hour (3600 seconds) + max_age 365 days (31557600 seconds)");
    assert_eq!((wait.after, wait.seconds), (Some("id-none"), 31_561_200));
    assert!(wait.early.is_none(), "once all is deleted nothing tells a sender to forget its copy");
    assert_eq!(
        text(&plan, "publish-none"),
        "version: STSv1\nmode: none\nmx: mx1.example.com\nmax_age: 86400\n",
        "the mx lines stay: some senders refuse mode none without any"
    );
}

#[test]
fn what_would_go_wrong_at_once_is_found() {
    let record = |id: &str| format!("v=STSv1; id={id}\n");
    let [testing, enforce, none] = ["testing", "enforce", "none"].map(policy);
    let longer = enforce.replace("604800", "1209600");
    for (old, new, expected, reason) in [
        (record("a1") + &enforce, record("b2") + &longer, &[][..], "text and id change"),
        (record("a1") + &enforce, longer.clone(), &[], "which id there will be is not known"),
        (record("a1") + &enforce, record("a1") + &longer, &["ops-id-unchanged"], "the id is the same"),
        (record("a1") + &enforce, record("b2") + &enforce, &["ops-id-changed-only"], "the text is the same"),
        (record("a1") + &enforce, record("a1") + &enforce, &[], "both are the same"),
        (testing.clone(), enforce.clone(), &["ops-enforce-ready"], "from testing"),
        (none.clone(), enforce.clone(), &["ops-enforce-ready"], "from none"),
        (String::new(), enforce.clone(), &["ops-enforce-ready"], "from nothing"),
        (testing.clone(), testing.replace("604800", "86400"), &["ops-testing-long"], "stays in testing"),
        (none.clone(), none.replace("604800", "86400"), &["ops-removal-none-kept"], "stays in none"),
        (enforce.clone(), String::new(), &["ops-removal"], "deleted"),
        (testing.clone(), String::new(), &["ops-removal"], "deleted"),
        (none.clone(), String::new(), &[], "the last step of removal"),
        (enforce.clone(), none.clone(), &[], "the first step of removal"),
        (enforce.clone(), record("b2"), &["ops-txt-no-policy", "ops-removal"], "half deleted"),
        (
            enforce.clone(),
            "MX mx2.example.com\n".to_owned() + &enforce,
            &["cov-none-covered", "ops-add-mx", "ops-old-policy"][..2],
            "the policy was forgotten: the old one does not list the new host either",
        ),
        (
            testing.clone() + "MX mx1.example.com\n",
            testing.clone() + "MX mx2.example.com\n",
            &["cov-none-covered", "ops-testing-long"],
            "only a warning: mode testing holds nothing back",
        ),
        (
            enforce.clone() + "MX mx1.example.com\n",
            longer.replace("mx1", "mx2") + "MX mx2.example.com\n",
            &["ops-old-policy", "ops-add-mx"],
            "moved at once",
        ),
    ] {
        let plan = planned(&from_to(&old, &new), |_| {});
        let found: Vec<_> = plan.findings.iter().map(|finding| finding.id).collect();
        assert_eq!(found, expected, "{reason}");
    }
    let plan = planned(&from_to(&enforce, "none"), |change| change.longest_max_age = Some(1_209_600));
    assert_eq!(
        plan.findings[0].message,
        "from mode enforce to nothing; copies of the policy last until 2026-01-29T01:00:00Z"
    );
}

#[test]
fn ids_are_new() {
    let [one, two] = ["604800", "1209600"].map(|age| policy("enforce").replace("604800", age));
    let id = |old: &str, new: &str| {
        let plan = planned(&from_to(&format!("{old}{one}"), &format!("{new}{two}")), |_| {});
        text(&plan, "id-policy").to_owned()
    };
    let made_up = "v=STSv1; id=20260115T000000;";
    assert_eq!(id("v=STSv1; id=a\n", ""), made_up);
    assert_eq!(id("v=STSv1; id=a\n", "v=STSv1; id=a\n"), made_up, "the one given is the old one");
    assert_eq!(id("v=STSv1; id=a\n", "v=STSv1;id=b; x=y\n"), "v=STSv1;id=b; x=y", "as it was given");
    assert_eq!(id("", "v=STSv1; id=b\n"), "v=STSv1; id=b");
    assert_eq!(id("v=STSv1; id=20260115T000000;\n", ""), "v=STSv1; id=20260115T000000a;", "already used");
    // Every id of a plan is another, even where all steps come at once.
    let old = state("enforce", &["a.example.com"], &["a.example.com"]).replace("604800", "0");
    let new = state("enforce", &["b.example.com"], &["b.example.com"]);
    let plan = planned(&from_to(&old, &new), |change| (change.ttl, change.mx_ttl) = (0, 0));
    let ids: Vec<_> = ["id-both", "id-policy"].map(|id| text(&plan, id)).into();
    assert_eq!(ids, ["v=STSv1; id=20260115T000000;", "v=STSv1; id=20260115T000000a;"]);
}

#[test]
fn an_id_alone_can_change() {
    let change =
        |old, new| from_to(&format!("{old}{}", policy("enforce")), &format!("{new}{}", policy("enforce")));
    row(
        &change("v=STSv1; id=a\n", "v=STSv1; id=b\n"),
        PlanKind::Update,
        &[("id-policy", TODAY)],
        "it does no harm",
    );
    row(&change("", "v=STSv1; id=b\n"), PlanKind::Nothing, &[], "whether it changes is not known");
}

#[test]
fn dates() {
    let at = |now: &str, max_age: u64, ttl: u32| {
        let old = policy("enforce").replace("604800", &max_age.to_string());
        let notation = from_to(&old, &policy("testing"));
        let plan = planned(&notation, |change| {
            change.now = u64::try_from(now.parse::<jiff::Timestamp>().unwrap().as_second()).unwrap();
            change.ttl = ttl;
        });
        step(&plan, "done").date.clone()
    };
    for (now, max_age, ttl, expected, reason) in [
        ("2024-02-22T12:00:00Z", 604_800, 0, "2024-02-29T12:00:00Z", "a leap day"),
        ("2024-02-22T12:00:00Z", 604_800, 86_400, "2024-03-01T12:00:00Z", "over a leap day"),
        ("2026-02-22T12:00:00Z", 604_800, 0, "2026-03-01T12:00:00Z", "no leap day"),
        ("2100-02-22T12:00:00Z", 604_800, 0, "2100-03-01T12:00:00Z", "no leap day in this century's year"),
        ("2026-12-31T23:59:59Z", 1, 0, "2027-01-01T00:00:00Z", "a year ends"),
        ("2026-12-31T23:59:59Z", 0, 1, "2027-01-01T00:00:00Z", "by the TTL alone"),
        (
            "2027-03-01T00:00:00Z",
            31_557_600,
            0,
            "2028-02-29T06:00:00Z",
            "the longest max_age there is: 365.25 days",
        ),
        (
            "2026-01-15T00:00:00Z",
            9_999_999_999,
            0,
            "2342-12-05T17:46:39Z",
            "ten digits, which some senders take",
        ),
        ("1970-01-01T00:00:00Z", 1, 0, "1970-01-01T00:00:01Z", "the first second"),
        ("9999-12-30T12:00:00Z", 604_800, 3_600, "9999-12-31T23:59:59Z", "the last date there is"),
    ] {
        assert_eq!(at(now, max_age, ttl), expected, "{reason}");
    }
    let plan = planned(&from_to(&policy("enforce"), "none"), |change| {
        (change.longest_max_age, change.ttl) = (Some(u64::MAX), u32::MAX);
    });
    assert_eq!(step(&plan, "delete-policy").date, "9999-12-31T23:59:59Z", "no date is later");
    let plan = planned(&from_to(&policy("enforce"), "none"), |change| change.now = u64::MAX);
    assert_eq!(step(&plan, "publish-none").date, "9999-12-31T23:59:59Z");
}

#[test]
fn a_wait_shows_its_sum_and_what_it_costs_to_be_early() {
    let [old, new] = [["a.example.com"], ["b.example.com"]].map(|hosts| state("enforce", &hosts, &hosts));
    let plan = planned(&from_to(&old, &new), |_| {});
    assert_eq!(plan.summary, "change the MX hosts: 6 steps, the last not before 2026-01-29T03:00:00Z");
    let wait = &step(&plan, "change-mx").waits[0];
    assert_eq!(wait.sum, "TXT TTL 1 hour (3600 seconds) + max_age 7 days (604800 seconds)");
    assert_eq!((wait.after, wait.seconds), (Some("id-both"), 608_400));
    assert_eq!(wait.until, "the last cached copy of the old policy has expired");
    let early = wait.early.as_ref().expect("a sender that looks for a new id finds it sooner");
    assert_eq!((early.not_before, &*early.date), (NOW + 3_600, "2026-01-15T01:00:00Z"));
    let wait = &step(&plan, "publish-policy").waits[0];
    assert_eq!((wait.after, &*wait.sum), (Some("change-mx"), "MX TTL 1 hour (3600 seconds)"));
    // Of two things to wait for, both are told.
    let plan = planned(&from_to("MX a.example.com\n", &new), |change| change.mx_ttl = 2_592_000);
    let waits: Vec<_> = step(&plan, "publish-policy").waits.iter().map(|wait| &*wait.sum).collect();
    assert_eq!(waits, ["MX TTL 30 days (2592000 seconds)", "testing 14 days (1209600 seconds)"]);
    assert_eq!(step(&plan, "publish-policy").date, "2026-02-14T00:00:00Z", "the later of the two");
}

#[test]
fn names_are_whole_where_the_domain_is_known() {
    let places = |domain: Option<&str>| {
        let notation = Notation::from_notation(&from_to("none", &policy("testing"))).unwrap();
        let domain = domain.map(|name| mta_sts::model::Domain::read(name).unwrap());
        let plan = plan(&Change { domain, ..notation.at(NOW) }, OffsetUnit::Bytes);
        plan.steps.into_iter().map(|step| step.publish.unwrap().at).collect::<Vec<_>>()
    };
    let url = "https://mta-sts.example.com/.well-known/mta-sts.txt";
    assert_eq!(places(Some("example.com")), ["_smtp._tls.example.com", url, "_mta-sts.example.com"]);
    assert_eq!(places(None), ["_smtp._tls", "/.well-known/mta-sts.txt", "_mta-sts"]);
}

#[test]
fn what_is_broken_comes_first() {
    let broken = "version: STSv1\nmode: enforce\n\nmx: mx1.example.com.\nmax_age: 1 week\n";
    let plan = planned(&from_to(&policy("enforce"), broken), |_| {});
    steps(&plan, PlanKind::FixFirst, &[("fix-first", TODAY)], "three errors");
    finds(&plan, &["pol-blank-line", "mx-trailing-dot", "pol-max-age-syntax"]);
    assert_eq!(plan.steps[0].action, "correct what is to be: an empty line; and 2 more");
    assert_eq!(plan.documents[0].text.as_deref(), Some(broken), "findings point into it");
    // What is published may be as broken as it likes: lenient senders may hold it all the same.
    let plan = planned(&from_to(broken, &policy("enforce")), |_| {});
    steps(
        &plan,
        PlanKind::Update,
        &[("publish-policy", TODAY), ("id-policy", TODAY), ("done", "2026-01-15T01:00:00Z")],
        "a copy without max_age lasts for nothing",
    );
    // Reports hold no mail back.
    let tlsrpt = policy("testing") + "v=TLSRPTv1; rua=nobody\n";
    let plan = planned(&from_to("none", &tlsrpt), |_| {});
    steps(
        &plan,
        PlanKind::Publish,
        &[("publish-tlsrpt", TODAY), ("publish-policy", TODAY), ("id-policy", TODAY)],
        "",
    );
}

mod hostile {
    use super::*;
    use proptest::prelude::*;

    /// What people and others put into policies, records and lists of hosts.
    const PIECES: &[&[u8]] = &[
        b"version: STSv1\n",
        b"mode: enforce\r\n",
        b"mode: testing\n",
        b"mode: none\n",
        b"mode: Testing ",
        b"mx: mx.example.com\n",
        b"mx: *.example.com\r\n",
        b"mx: *.",
        b"max_age: 604800\n",
        b"max_age: 9999999999",
        b"v=STSv1; id=1\n",
        b"v=TLSRPTv1; rua=mailto:a@example.com\n",
        b"mx.example.com, ",
        b"*.example.com\n",
        b".",
        b"\n",
        b"\0\xff\xfe",
        "\u{e9}\u{1f4e7}\u{202e}".as_bytes(),
    ];

    fn text() -> impl Strategy<Value = Option<Vec<u8>>> {
        let pieces = prop::collection::vec(prop::sample::select(PIECES), 0..8);
        prop::option::weighted(0.8, pieces.prop_map(|pieces| pieces.concat()))
    }

    /// Policy, record, TLSRPT record and MX hosts.
    fn side() -> impl Strategy<Value = [Option<Vec<u8>>; 4]> {
        // Half of the policies are usable, so that there are plans at all.
        let usable = prop_oneof![Just("enforce"), Just("testing"), Just("none")].prop_map(|mode| {
            let text = format!("version: STSv1\nmode: {mode}\nmx: mx.example.com\nmax_age: 604800");
            Some(text.into_bytes())
        });
        (prop_oneof![usable, text()], text(), text(), text()).prop_map(|(a, b, c, d)| [a, b, c, d])
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn every_input_has_a_plan(
            old in side(),
            new in side(),
            ttl in any::<(u32, u32)>(),
            longest in any::<Option<u64>>(),
            now in prop_oneof![Just(NOW), any::<u64>()],
        ) {
            let mx = |side: &[Option<Vec<u8>>; 4]| side[3].as_ref().map(|mx| mx_list(&String::from_utf8_lossy(mx)));
            let change = Change {
                domain: None,
                old: Draft { policy: old[0].as_deref(), record: old[1].as_deref(), tlsrpt: old[2].as_deref() },
                new: Draft { policy: new[0].as_deref(), record: new[1].as_deref(), tlsrpt: new[2].as_deref() },
                old_mx: mx(&old),
                new_mx: mx(&new),
                ttl: ttl.0,
                mx_ttl: ttl.1,
                longest_max_age: longest,
                now,
            };
            for unit in [OffsetUnit::Bytes, OffsetUnit::Utf16] {
                let plan = plan(&change, unit);
                prop_assert_eq!(plan.kind == PlanKind::Nothing, plan.steps.is_empty());
                let dates: Vec<u64> = plan.steps.iter().map(|step| step.not_before).collect();
                prop_assert!(dates.is_sorted() && dates.iter().all(|date| *date <= 253_402_300_799));
                // What is to be published is not broken, but for reports, which have an address to be filled in.
                for publish in plan.steps.iter().filter_map(|step| step.publish.as_ref()) {
                    let kind = match publish.kind {
                        PublicationKind::Policy => TextKind::Policy,
                        PublicationKind::Record => TextKind::Record,
                        PublicationKind::Tlsrpt => TextKind::Tlsrpt,
                        PublicationKind::Mx => continue,
                    };
                    let options = LintOptions { kind: Some(kind), ..LintOptions::default() };
                    let report = lint(publish.text.as_bytes(), &options, OffsetUnit::Bytes);
                    let error = report.findings.iter().find(|finding| finding.severity == SeverityName::Error);
                    prop_assert!(error.is_none(), "{:?} in {:?}", error, publish);
                }
            }
        }
    }
}

/// Senders, as RFC 8461 lets them be and as some are, against the steps of a plan.
mod senders {
    use super::*;
    use mta_sts::model::Policy;
    use proptest::prelude::*;
    use proptest::strategy::ValueTree as _;

    /// What is published, from the end of one step to that of the next.
    #[derive(Debug, Clone, PartialEq)]
    struct Published {
        since: u64,
        policy: Option<String>,
        id: Option<String>,
        mx: Vec<String>,
    }

    /// What is published over time.
    struct World {
        states: Vec<Published>,
        ttl: u64,
        mx_ttl: u64,
    }

    /// What a sender does with a copy.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    enum Habit {
        /// Compares ids at every delivery; an unchanged one changes nothing.
        Looks,
        /// Compares ids at every delivery; an unchanged one is as good as a fetch, even where the copy has expired.
        Renews,
        /// Looks at nothing before the copy has expired.
        Waits,
    }

    #[derive(Debug, Clone)]
    struct Copy {
        policy: String,
        id: String,
        fetched: u64,
        max_age: u64,
    }

    /// Numbers that decide what happens where several things can; zeros when there are no more.
    struct Chance<'c>(std::slice::Iter<'c, u16>);

    impl Chance<'_> {
        fn of(&mut self, count: usize) -> usize {
            usize::from(*self.0.next().unwrap_or(&0)) % count.max(1)
        }
    }

    impl World {
        fn of(change: &Change<'_>, plan: &Plan) -> Self {
            let text = |text: Option<&[u8]>| text.map(|text| String::from_utf8(text.to_vec()).unwrap());
            let mx = change.old_mx.iter().flatten().map(|mx| mx.host.clone()).collect();
            let policy = text(change.old.policy);
            let mut state = Published { since: 0, id: policy.as_ref().map(|_| "old".into()), policy, mx };
            let mut states = vec![state.clone()];
            for step in &plan.steps {
                state.since = step.not_before;
                match (step.id, &step.publish) {
                    ("delete-record", _) => state.id = None,
                    ("delete-policy", _) => state.policy = None,
                    (_, None) => {}
                    (_, Some(publish)) => match publish.kind {
                        PublicationKind::Policy => state.policy = Some(publish.text.clone()),
                        PublicationKind::Record => state.id = Some(publish.text.clone()),
                        PublicationKind::Mx => state.mx = publish.text.lines().map(str::to_owned).collect(),
                        PublicationKind::Tlsrpt => {}
                    },
                }
                states.push(state.clone());
            }
            Self { states, ttl: change.ttl.into(), mx_ttl: change.mx_ttl.into() }
        }

        /// When a state is over.
        fn until(&self, index: usize) -> u64 {
            self.states.get(index + 1).map_or(u64::MAX, |next| next.since)
        }

        /// What may be seen through a cache that keeps things for `ttl`: the state of now, or one that was not over long
        /// enough ago.
        fn seen(&self, now: usize, at: u64, ttl: u64, chance: &mut Chance<'_>) -> &Published {
            let oldest = (0..=now).find(|index| *index == now || self.until(*index).saturating_add(ttl) > at);
            let oldest = oldest.expect("the state of now is one of them");
            &self.states[oldest + chance.of(now - oldest + 1)]
        }

        /// Times at which something may go wrong by a second, from `at` on.
        fn times(&self, at: u64, copy: Option<&Copy>) -> Vec<u64> {
            let expiry = copy.map(|copy| copy.fetched + copy.max_age);
            let moments = self.states.iter().map(|state| state.since).chain(expiry);
            let lags = moments.flat_map(|moment| [moment, moment + self.ttl, moment + self.mx_ttl]);
            let mut times: Vec<u64> = lags
                .flat_map(|lag| [lag.saturating_sub(1), lag, lag + 1])
                .filter(|time| *time >= at)
                .collect();
            times.sort_unstable();
            times.dedup();
            times
        }

        /// Lets a sender deliver again and again, and tells when it holds mail back from a host that it sees.
        fn deliver(
            &self,
            habit: Habit,
            mut copy: Option<Copy>,
            now: u64,
            chance: &mut Chance<'_>,
        ) -> Result<(), String> {
            let first = copy.as_ref().map(|copy| copy.policy.clone());
            let old = [first.as_ref(), self.states[0].policy.as_ref()];
            let last = self.states.last().expect("the state before the first step");
            let (mut at, mut state) = (now, 0);
            for _ in 0..16 {
                let times = self.times(at, copy.as_ref());
                if times.is_empty() {
                    break;
                }
                let last_valid =
                    copy.as_ref().map_or(0, |copy| (copy.fetched + copy.max_age).saturating_sub(1));
                at = match chance.of(4) {
                    0 => times[chance.of(times.len())],
                    1 => last_valid.max(at),
                    _ => times[chance.of(times.len().min(4))],
                };
                // Of the steps of one second some may be done already; none is ever undone.
                let first_state = (state..self.states.len()).find(|index| self.until(*index) >= at).unwrap();
                let states =
                    (first_state..self.states.len()).take_while(|index| self.states[*index].since <= at);
                state = first_state + chance.of(states.count());
                let valid = |copy: &Copy| at < copy.fetched + copy.max_age;
                // A lookup may fail, or the last one may be thought to be recent enough: then the copy is applied as it is.
                let looks = match habit {
                    Habit::Waits => !copy.as_ref().is_some_and(valid),
                    Habit::Looks | Habit::Renews => chance.of(2) == 0,
                };
                if looks {
                    let seen = self.seen(state, at, self.ttl, chance).id.clone();
                    match (seen, &mut copy) {
                        (None, _) => {}
                        (Some(id), Some(copy)) if copy.id == id && habit == Habit::Renews => {
                            copy.fetched = at;
                        }
                        (Some(id), Some(copy)) if copy.id == id && valid(copy) => {}
                        // A fetch that fails leaves the copy as it is.
                        (Some(id), _) => {
                            if let Some(policy) = self.states[state].policy.clone() {
                                let max_age = Policy::read(policy.as_bytes()).max_age().unwrap().seconds();
                                copy = Some(Copy { policy, id, fetched: at, max_age });
                            }
                        }
                    }
                }
                let Some(held) = copy.as_ref().filter(|copy| valid(copy)) else { continue };
                if !held.policy.contains("mode: enforce") {
                    continue;
                }
                let policy = Policy::read(held.policy.as_bytes());
                for host in &self.seen(state, at, self.mx_ttl, chance).mx {
                    // What the old policy keeps from an old host it did before the plan began.
                    let was_so = old.contains(&Some(&held.policy)) && self.states[0].mx.contains(host);
                    if !was_so && !policy.patterns().any(|mx| mx.value.matches(host)) {
                        return Err(format!(
                            "{habit:?} at {at} holds mail back from {host}, by\n{}",
                            held.policy
                        ));
                    }
                }
                if at >= last.since && Some(&held.policy) != last.policy.as_ref() {
                    return Err(format!("{habit:?} at {at} still holds\n{}", held.policy));
                }
            }
            Ok(())
        }

        /// The same for senders of every habit, with a copy and without.
        fn deliver_all(&self, change: &Change<'_>, chances: &[u16]) -> Result<(), String> {
            let held = self.states[0].policy.as_ref().map(|text| {
                let max_age = Policy::read(text.as_bytes()).max_age().unwrap().seconds();
                // A policy that was served longer ago and for longer has the same hosts, and was perhaps in mode enforce.
                let Some(longest) = change.longest_max_age.filter(|longest| *longest > max_age) else {
                    return Copy { policy: text.clone(), id: "old".into(), fetched: change.now, max_age };
                };
                let policy =
                    text.replace("mode: testing", "mode: enforce").replace("mode: none", "mode: enforce");
                Copy { policy, id: "older".into(), fetched: change.now, max_age: longest }
            });
            for habit in [Habit::Looks, Habit::Renews, Habit::Waits] {
                for copy in [None, held.clone()] {
                    self.deliver(habit, copy, change.now, &mut Chance(chances.iter()))?;
                }
            }
            Ok(())
        }
    }

    const HOSTS: [&str; 4] = ["a.example.com", "b.example.com", "c.example.net", "d.example.org"];
    const WILDCARDS: [&str; 2] = ["*.example.com", "*.example.net"];
    const TIMES: [u32; 5] = [0, 1, 60, 3_600, 2_000_000];

    #[derive(Debug, Clone)]
    struct Side {
        policy: Option<String>,
        mx: Vec<&'static str>,
    }

    /// A state in which the policy lists the MX hosts, and perhaps others.
    fn side() -> impl Strategy<Value = Side> {
        let hosts = prop::sample::subsequence(&HOSTS, 1..=HOSTS.len());
        let others = prop::sample::subsequence(&HOSTS, 0..=1);
        let wildcards = prop::sample::subsequence(&WILDCARDS, 0..=1);
        let mode = prop_oneof![1 => Just("none"), 2 => Just("testing"), 5 => Just("enforce")];
        let max_age = prop::sample::select(&TIMES);
        (hosts, others, wildcards, mode, max_age, prop::bool::weighted(0.85)).prop_map(
            |(mx, others, wildcards, mode, max_age, is_there)| {
                let names = mx.iter().chain(&others).chain(&wildcards);
                let lines: String = names.flat_map(|name| ["mx: ", *name, "\n"]).collect();
                let text = format!("version: STSv1\nmode: {mode}\n{lines}max_age: {max_age}\n");
                Side { policy: is_there.then_some(text), mx }
            },
        )
    }

    /// A change that leads to a state without errors.
    fn change() -> impl Strategy<Value = (Side, Side, u32, u32, Option<u64>)> {
        let ttl = || prop::sample::select(&TIMES);
        let longest = prop::option::weighted(0.3, prop::sample::select(&TIMES).prop_map(u64::from));
        (side(), side(), ttl(), ttl(), longest)
    }

    fn of<'a>(old: &'a Side, new: &'a Side, ttl: u32, mx_ttl: u32, longest: Option<u64>) -> Change<'a> {
        let draft =
            |side: &'a Side| Draft { policy: side.policy.as_deref().map(str::as_bytes), ..Draft::default() };
        let mx = |side: &Side| Some(mx_list(&side.mx.join("\n")));
        Change {
            old: draft(old),
            new: draft(new),
            old_mx: mx(old),
            new_mx: mx(new),
            ttl,
            mx_ttl,
            longest_max_age: longest,
            ..Change::at(NOW)
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 1_500, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn no_sender_holds_mail_back(
            (old, new, ttl, mx_ttl, longest) in change(),
            chances in prop::collection::vec(any::<u16>(), 100),
        ) {
            let change = of(&old, &new, ttl, mx_ttl, longest);
            let plan = plan(&change, OffsetUnit::Bytes);
            prop_assert_ne!(plan.kind, PlanKind::FixFirst, "{:?}", plan.steps);
            let outcome = World::of(&change, &plan).deliver_all(&change, &chances);
            prop_assert!(outcome.is_ok(), "{}\n{:#?}", outcome.unwrap_err(), plan.steps);
        }

        #[test]
        fn steps_are_in_order_and_no_later_than_they_must_be((old, new, ttl, mx_ttl, longest) in change()) {
            let plan = plan(&of(&old, &new, ttl, mx_ttl, longest), OffsetUnit::Bytes);
            let mut earliest = NOW;
            let mut ids = BTreeSet::new();
            for step in &plan.steps {
                prop_assert!(ids.insert(step.id), "{} stands twice", step.id);
                for wait in &step.waits {
                    let after = plan.steps.iter().find(|step| Some(step.id) == wait.after);
                    earliest = earliest.max(after.map_or(NOW, |step| step.not_before) + wait.seconds);
                }
                prop_assert_eq!(step.not_before, earliest, "{}", step.id);
            }
        }
    }

    /// The senders lose mail, or hold what they should not, over steps that come too early, or else they prove nothing. Of
    /// whole seconds the last in which a record is cached, and the last in which a copy is valid, lie before the date.
    #[test]
    fn steps_that_come_early_lose_mail() {
        let side = |host: &'static str| {
            let policy = format!("version: STSv1\nmode: enforce\nmx: {host}\nmax_age: 1000\n");
            Side { policy: Some(policy), mx: vec![host] }
        };
        let (old, new) = (side(HOSTS[0]), side(HOSTS[3]));
        let change = of(&old, &new, 60, 60, None);
        let plan = plan(&change, OffsetUnit::Bytes);
        let mut runner = proptest::test_runner::TestRunner::deterministic();
        let mut losses = |plan: &Plan| {
            let world = World::of(&change, plan);
            let chances = prop::collection::vec(any::<u16>(), 100);
            (0..600).any(|_| {
                let chances = chances.new_tree(&mut runner).unwrap().current();
                world.deliver_all(&change, &chances).is_err()
            })
        };
        assert!(!losses(&plan), "as planned");
        for id in ["change-mx", "publish-policy", "done"] {
            let mut hasty = plan.clone();
            let at = hasty.steps.iter().position(|step| step.id == id).unwrap();
            for step in &mut hasty.steps[at..] {
                step.not_before -= 2;
            }
            assert!(losses(&hasty), "{id} early");
        }
        let mut swapped = plan.clone();
        let (text, id) = (swapped.steps[0].publish.take(), swapped.steps[1].publish.take());
        (swapped.steps[0].publish, swapped.steps[1].publish) = (id, text);
        swapped.steps[1].not_before += 1;
        assert!(losses(&swapped), "the id before the text");
    }
}
