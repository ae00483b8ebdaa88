//! What senders written in Rust make of each case.
//!
//! They are libraries that fetch nothing: they are given what was found. Argument: the file of cases. Prints JSON lines:
//! first sender and version, then an observation each, its value in hex.

use std::{env, fs};

use mail_auth::dns::TxtRecordParser;
use mail_auth::mta_sts::{MtaStsRecord, ReportUri, TlsRptRecord};
use mailrs_mta_sts::{Policy, PolicyMode, StsRecord};
use mailrs_tls_rpt::{RuaEndpoint, TlsRptRecord as MailrsTlsRptRecord};
use serde_json::{Value, json};

/// How a sender reads the records of a case of this kind; `None` if it does not read the kind.
type Read = fn(kind: &str, records: &[Vec<u8>]) -> Option<Option<String>>;

fn main() {
    let file = env::args().nth(1).expect("an argument: the file of cases");
    let cases = fs::read_to_string(file).expect("a file of cases");
    let cases: Vec<Value> = cases.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();

    let mailrs_version =
        format!("mailrs-mta-sts {}, mailrs-tls-rpt {}", version("mailrs-mta-sts"), version("mailrs-tls-rpt"));
    let senders: [(&str, String, Read); 2] =
        [("mailrs", mailrs_version, mailrs), ("mail-auth", version("mail-auth").to_owned(), mail_auth)];
    for (sender, version, read) in senders {
        println!("{}", json!({ "sender": sender, "version": version }));
        for case in &cases {
            let kind = case["kind"].as_str().expect("a kind");
            if let Some(value) = read(kind, &joined(&case["records"])) {
                println!(
                    "{}",
                    json!({ "kind": kind, "name": case["name"], "sender": sender, "value": value.as_deref().map(hex) })
                );
            }
        }
    }
}

/// The version of a dependency, which it does not tell itself.
fn version(package: &str) -> &'static str {
    let lock = include_str!("../Cargo.lock");
    let (_, after) = lock.split_once(&format!("name = \"{package}\"\nversion = \"")).expect("a dependency");
    after.split_once('"').expect("a closing quote").0
}

fn hex(value: &str) -> String {
    value.bytes().map(|octet| format!("{octet:02x}")).collect()
}

/// Each record as one string of octets.
fn joined(records: &Value) -> Vec<Vec<u8>> {
    let octets = |hex: &str| -> Vec<u8> {
        (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).expect("hex")).collect()
    };
    let strings = |record: &Value| -> Vec<u8> {
        let strings = record.as_array().expect("a record");
        strings.iter().flat_map(|string| octets(string.as_str().expect("a string"))).collect()
    };
    records.as_array().expect("records").iter().map(strings).collect()
}

/// It reads one record; of several, a sender can only take the one that is read, if no other is.
fn mailrs(kind: &str, records: &[Vec<u8>]) -> Option<Option<String>> {
    let mut texts = records.iter().filter_map(|record| str::from_utf8(record).ok());
    let only = |mut values: Vec<String>| if values.len() == 1 { values.pop() } else { None };
    Some(match kind {
        "policy" => texts.next().and_then(|text| Policy::parse(text).ok()).map(|policy| {
            let mode = match policy.mode {
                PolicyMode::Enforce => "enforce",
                PolicyMode::Testing => "testing",
                PolicyMode::None => "none",
            };
            format!("mode={mode} max_age={} mx={}", policy.max_age, policy.mx.join(","))
        }),
        "txt" => only(
            texts
                .filter_map(|text| StsRecord::parse(text).ok())
                .map(|record| format!("id={}", record.id))
                .collect(),
        ),
        "tlsrpt" => only(
            texts
                .filter_map(|text| MailrsTlsRptRecord::parse(text).ok())
                .map(|record| {
                    rua(record.rua.into_iter().map(|endpoint| match endpoint {
                        RuaEndpoint::Mailto(address) => format!("mailto:{address}"),
                        RuaEndpoint::Https(uri) => uri,
                    }))
                })
                .collect(),
        ),
        _ => return None,
    })
}

fn mail_auth(kind: &str, records: &[Vec<u8>]) -> Option<Option<String>> {
    Some(match kind {
        "txt" => MtaStsRecord::parse_records(records).ok().map(|record| format!("id={}", record.id)),
        "tlsrpt" => TlsRptRecord::parse_records(records).ok().map(|record| {
            rua(record.rua.into_iter().map(|uri| match uri {
                ReportUri::Mail(address) => format!("mailto:{address}"),
                ReportUri::Http(uri) => uri,
            }))
        }),
        _ => return None,
    })
}

fn rua(uris: impl Iterator<Item = String>) -> String {
    format!("rua={}", uris.collect::<Vec<_>>().join(","))
}
