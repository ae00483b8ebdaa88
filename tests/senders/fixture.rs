//! Reads the tables of this folder; `README.md` has their notation.
//!
//! Two programs include this file: the test of the engine's evaluator, and `xtask`, which runs the senders that install.
#![allow(dead_code, reason = "neither uses all of it")]

use std::fmt::Write as _;
use std::iter::Peekable;
use std::str::CharIndices;

/// The columns of `observations.tsv`.
const OBSERVATIONS: &str = "kind\tname\tsender\tresult\tvalue";

/// A row of `inputs.tsv`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Input {
    /// `policy`, `txt` or `tlsrpt`.
    pub(crate) kind: String,
    /// Unique within its kind.
    pub(crate) name: String,
    /// The records found, each a list of its character-strings, perhaps none. A policy body is the one string of one
    /// record.
    pub(crate) records: Vec<Vec<Vec<u8>>>,
}

/// A row of `observations.tsv`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Observation {
    /// The input, by kind and name.
    pub(crate) kind: String,
    pub(crate) name: String,
    pub(crate) sender: String,
    /// `A` in the file: the sender applies or accepts it.
    pub(crate) accepted: bool,
    /// How the sender read it, where it said so; else empty.
    pub(crate) value: Vec<u8>,
}

impl Input {
    /// The octets of the policy.
    ///
    /// # Panics
    /// If the row is not a policy.
    pub(crate) fn body(&self) -> &[u8] {
        match self.records.as_slice() {
            [record] if self.kind == "policy" && record.len() == 1 => &record[0],
            _ => panic!("{} {} is no policy", self.kind, self.name),
        }
    }
}

/// The rows of `inputs.tsv`.
///
/// # Panics
/// If a row is malformed: this is our own file.
pub(crate) fn inputs(file: &str) -> Vec<Input> {
    rows(file, "kind\tname\tinput")
        .map(|[kind, name, input]| Input {
            kind: kind.to_owned(),
            name: name.to_owned(),
            records: strings(input).unwrap_or_else(|why| panic!("input of {kind} {name}: {why}")),
        })
        .collect()
}

/// The rows of `observations.tsv`.
///
/// # Panics
/// If a row is malformed: this is our own file.
pub(crate) fn observations(file: &str) -> Vec<Observation> {
    rows(file, OBSERVATIONS)
        .map(|[kind, name, sender, result, value]| Observation {
            kind: kind.to_owned(),
            name: name.to_owned(),
            sender: sender.to_owned(),
            accepted: match result {
                "A" => true,
                "R" => false,
                other => panic!("result of {kind} {name} {sender}: `{other}` is neither A nor R"),
            },
            value: unescape(value).unwrap_or_else(|why| panic!("value of {kind} {name} {sender}: {why}")),
        })
        .collect()
}

/// `observations.tsv` with these rows.
pub(crate) fn write_observations(rows: &[Observation]) -> String {
    rows.iter().fold(format!("{OBSERVATIONS}\n"), |mut file, row| {
        let Observation { kind, name, sender, accepted, value } = row;
        let result = if *accepted { "A" } else { "R" };
        let _ = writeln!(file, "{kind}\t{name}\t{sender}\t{result}\t{}", escape(value));
        file
    })
}

fn rows<'f, const N: usize>(file: &'f str, head: &str) -> impl Iterator<Item = [&'f str; N]> {
    let mut lines = file.lines();
    assert_eq!(lines.next(), Some(head), "the columns");
    lines.enumerate().map(|(index, line)| {
        let cells: Vec<&str> = line.split('\t').collect();
        cells.try_into().unwrap_or_else(|_| panic!("line {}: not {N} cells: {line}", index + 2))
    })
}

/// `"a" "b", "c"` is a record of two strings and a record of one; `none` is no record.
fn strings(cell: &str) -> Result<Vec<Vec<Vec<u8>>>, String> {
    if cell == "none" {
        return Ok(Vec::new());
    }
    let mut records = vec![Vec::new()];
    let mut rest = cell;
    loop {
        let inside = rest.strip_prefix('"').ok_or_else(|| format!("a string begins with a quote: {rest}"))?;
        let mut chars = inside.char_indices().peekable();
        let string = text(inside, &mut chars, Some('"'), 0)?;
        records.last_mut().ok_or("no record")?.push(string);
        rest = chars.peek().map_or("", |(at, _)| &inside[*at..]);
        if rest.is_empty() {
            return Ok(records);
        } else if let Some(next) = rest.strip_prefix(", ") {
            records.push(Vec::new());
            rest = next;
        } else {
            rest = rest.strip_prefix(' ').ok_or_else(|| format!("after a string: {rest}"))?;
        }
    }
}

/// The octets a text with escapes stands for.
pub(crate) fn unescape(cell: &str) -> Result<Vec<u8>, String> {
    text(cell, &mut cell.char_indices().peekable(), None, 0)
}

/// Reads up to `end`, which it takes, or to the end of `source`.
fn text(
    source: &str,
    chars: &mut Peekable<CharIndices<'_>>,
    end: Option<char>,
    count: usize,
) -> Result<Vec<u8>, String> {
    let mut octets = Vec::new();
    while let Some((_, char)) = chars.next() {
        if Some(char) == end {
            return Ok(octets);
        }
        if char != '\\' {
            octets.extend(char.encode_utf8(&mut [0; 4]).bytes());
            continue;
        }
        match chars.next().map(|(_, escaped)| escaped) {
            Some('n') => octets.push(b'\n'),
            Some('r') => octets.push(b'\r'),
            Some('t') => octets.push(b'\t'),
            Some(itself @ ('\\' | '"')) => octets.push(itself as u8),
            Some('x') => {
                let digits: String = chars.by_ref().take(2).map(|(_, digit)| digit).collect();
                let octet = u8::from_str_radix(&digits, 16).ok().filter(|_| digits.len() == 2);
                octets.push(octet.ok_or_else(|| format!("\\x{digits} is no octet"))?);
            }
            Some('#') => octets.extend(format!("{count:04}").bytes()),
            Some('(') => {
                let mut times = String::new();
                while let Some((_, digit)) = chars.next_if(|(_, char)| char.is_ascii_digit()) {
                    times.push(digit);
                }
                let times: usize =
                    times.parse().map_err(|_| format!("a repetition without a number, in {source}"))?;
                chars
                    .next_if(|(_, char)| *char == ' ')
                    .ok_or("a space follows the number of a repetition")?;
                let start = chars.clone();
                for count in 0..times {
                    *chars = start.clone();
                    octets.extend(text(source, chars, Some(')'), count)?);
                }
            }
            other => return Err(format!("{other:?} after a backslash, in {source}")),
        }
    }
    match end {
        None => Ok(octets),
        Some(end) => Err(format!("there is no final {end} in {source}")),
    }
}

/// The text with escapes that stands for these octets: printable ASCII as it is.
pub(crate) fn escape(octets: &[u8]) -> String {
    let mut cell = String::new();
    for (index, octet) in octets.iter().enumerate() {
        match octet {
            b'\n' => cell.push_str("\\n"),
            b'\r' => cell.push_str("\\r"),
            b'\t' => cell.push_str("\\t"),
            b'\\' => cell.push_str("\\\\"),
            // An editor may take a space at the end of a line away.
            b' ' if index + 1 == octets.len() => cell.push_str("\\x20"),
            b' '..=b'~' => cell.push(char::from(*octet)),
            _ => {
                let _ = write!(cell, "\\x{octet:02x}");
            }
        }
    }
    cell
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_row_is_read_and_names_what_there_is() {
        let senders: HashSet<_> =
            include_str!("senders.tsv").lines().skip(1).filter_map(|line| line.split('\t').next()).collect();
        let mut all = HashSet::new();
        for (inputs, file) in [
            (inputs(include_str!("inputs.tsv")), include_str!("observations.tsv")),
            (inputs(include_str!("inputs-more.tsv")), include_str!("observations-more.tsv")),
        ] {
            let cases: HashSet<_> = inputs.iter().map(|input| (&input.kind, &input.name)).collect();
            for input in &inputs {
                assert!(all.insert((input.kind.clone(), input.name.clone())), "twice: {input:?}");
            }

            let observations = observations(file);
            assert_eq!(write_observations(&observations), file);
            let mut seen = HashSet::new();
            for row in &observations {
                assert!(cases.contains(&(&row.kind, &row.name)), "no input: {row:?}");
                assert!(senders.contains(row.sender.as_str()), "no sender: {row:?}");
                assert!(seen.insert((&row.kind, &row.name, &row.sender)), "twice: {row:?}");
                assert!(row.accepted || row.value.is_empty(), "a rejected input has no value: {row:?}");
            }
            for (kind, name) in cases {
                let is_it = |row: &Observation| row.kind == *kind && row.name == *name;
                assert!(observations.iter().any(is_it), "unseen: {kind} {name}");
            }
        }
    }

    #[test]
    fn the_notation() {
        let octets = |cell| unescape(cell).unwrap();
        assert_eq!(octets(r#"a\n\r\t\\\"\x00\xff"#), b"a\n\r\t\\\"\x00\xff");
        assert_eq!(octets(r"\(3 ab)c"), b"abababc");
        assert_eq!(octets(r"\(2 \#\(2 x))"), b"0000xx0001xx");
        assert_eq!(octets("b\u{fc}"), b"b\xc3\xbc"); // as it stands
        for cell in [r"\", r"\q", r"\x1", r"\xzz", r"\(a)", r"\( a)", r"\(2a)", r"\(2 a"] {
            assert!(unescape(cell).is_err(), "{cell}");
        }

        let record =
            |strings: &[&str]| strings.iter().map(|string| string.as_bytes().to_vec()).collect::<Vec<_>>();
        assert_eq!(strings("none").unwrap(), [] as [Vec<Vec<u8>>; 0]);
        assert_eq!(strings(r#""""#).unwrap(), [record(&[""])]);
        assert_eq!(strings(r#""a" "b,\"", "c""#).unwrap(), [record(&["a", "b,\""]), record(&["c"])]);
        for cell in ["", "a", r#""a"#, r#""a" "#, r#""a","b""#, r#""a", "#] {
            assert!(strings(cell).is_err(), "{cell}");
        }

        let all: Vec<u8> = (0..=255).chain(*b" ").collect();
        assert_eq!(octets(&escape(&all)), all);
        assert!(escape(&all).chars().all(|char| matches!(char, ' '..='~')));
        assert!(!escape(&all).ends_with(' '));
    }
}
