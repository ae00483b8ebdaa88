//! The evaluator of senders against what was seen of them: `tests/senders/`.
#![cfg(not(target_arch = "wasm32"))]

#[path = "senders/fixture.rs"]
mod fixture;

use fixture::{Input, Observation};
use mta_sts::evidence::{Reply, TxtRecord};
use mta_sts::model::{Policy, RecordSet};
use mta_sts::senders::{self, Sender};

const INPUTS: &str = include_str!("senders/inputs.tsv");
const OBSERVATIONS: &str = include_str!("senders/observations.tsv");

/// Observations that the evaluator does not share, each with its reason.
const DIFFERENCES: &[(&str, &str, &str, &str)] = &[
    ("policy", "max_age-1.5", "mailauth-lax", "the fraction of a second is left out of reports"),
    ("policy", "over-64KiB", "mox", "its parser was run without its fetch, which reads 64 KiB"),
    ("policy", "over-64KiB", "mailauth-strict", "likewise"),
    ("policy", "over-64KiB", "mailauth-lax", "likewise"),
    ("txt", "id-non-ascii", "mailauth-lax", "it shows octets as ISO 8859-1, reports as UTF-8"),
    (
        "txt",
        "plus-unrelated",
        "go-mtasts",
        "its parser was run on one record; by its source, two of any kind are refused",
    ),
];

/// What a sender makes of an input: whether it takes it, and how it reads it.
fn read(sender: &'static Sender, input: &Input) -> Option<(bool, String)> {
    let set: Vec<TxtRecord> = input.records.iter().cloned().map(TxtRecord::of).collect();
    let (applied, value) = match &*input.kind {
        "policy" => {
            let policy = Policy::read(input.body());
            let read = senders::policy(sender, &policy, &Reply::given(input.body()))?;
            let (mode, mx) = (read.mode.as_str(), read.mx.join(","));
            (read.is_applied(), format!("mode={mode} max_age={} mx={mx}", read.max_age))
        }
        "txt" => {
            let read = senders::records(sender, &RecordSet::sts(&set))?;
            (read.is_applied(), read.values.first().map_or(String::new(), |id| format!("id={id}")))
        }
        _ => {
            let read = senders::records(sender, &RecordSet::tlsrpt(&set))?;
            (read.is_applied(), format!("rua={}", read.values.join(",")))
        }
    };
    Some((applied, if applied { value } else { String::new() }))
}

fn input<'i>(inputs: &'i [Input], of: &Observation) -> &'i Input {
    inputs.iter().find(|input| input.kind == of.kind && input.name == of.name).expect("its input")
}

#[test]
fn the_evaluator_agrees_with_every_observation() {
    let inputs = fixture::inputs(INPUTS);
    let observations = fixture::observations(OBSERVATIONS);
    let mut wrong = Vec::new();
    for seen in &observations {
        let sender = senders::find(&seen.sender).expect("a row of the table for every sender");
        let (applied, value) = read(sender, input(&inputs, seen)).expect("it reads this kind");
        // A sender that says no more than yes or no is held to that.
        let said = String::from_utf8_lossy(&seen.value);
        let agrees = applied == seen.accepted && (said.is_empty() || said == value);
        let is_named = DIFFERENCES.iter().any(|(kind, name, sender, _)| {
            [*kind, *name, *sender] == [&*seen.kind, &*seen.name, &*seen.sender]
        });
        match (agrees, is_named) {
            (true, false) | (false, true) => {}
            (true, true) => {
                wrong.push(format!("{} {} {}: no difference any more", seen.kind, seen.name, seen.sender));
            }
            (false, false) => wrong.push(format!(
                "{} {} {}: {} {said}, evaluated {} {value}",
                seen.kind,
                seen.name,
                seen.sender,
                if seen.accepted { "A" } else { "R" },
                if applied { "A" } else { "R" },
            )),
        }
    }
    assert!(observations.len() > 1000, "the table is there");
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), observations.len(), wrong.join("\n"));
}
