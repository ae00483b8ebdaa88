//! DNS messages (RFC 1035 §4): the question as it is sent, and what is believed of the answer.

use super::{Record, RecordType};
use crate::evidence::{Alias, MxRecord, Outcome, TxtRecord};
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;
use core::net::IpAddr;
use domain::base::iana::{Class, Opcode, Rcode, Rtype};
use domain::base::message_builder::MessageBuilder;
use domain::base::name::{Name, ParsedName, ToName};
use domain::base::record::ParsedRecord;
use domain::base::{Message, ParseRecordData};
use domain::dep::octseq::array::Array;
use domain::rdata::{A, Aaaa, Cname, Mx, Txt};

/// The longest answer that is read, in octets; no DNS message is longer (RFC 8484 §6).
pub const MAX_MESSAGE: usize = 65_535;
/// The most records an answer may hold to be believed.
pub const MAX_RECORDS: usize = 512;
/// The longest CNAME chain that is followed; resolvers give up at about as many.
pub const MAX_ALIASES: usize = 16;

/// A name in wire format, without the heap.
type WireName = Name<Array<255>>;
/// A name inside an answer.
type NameIn<'a> = ParsedName<&'a [u8]>;

/// The message that asks for `name`: ID 0, so that caches can tell that two questions are the same
/// (RFC 8484 §4.1), recursion desired, and AD set, which asks for the AD flag in the answer (RFC 6840 §5.7).
///
/// `name` is in presentation form; `None` if it is not a name that the DNS can hold.
#[must_use]
pub fn query(name: &str, kind: RecordType) -> Option<Vec<u8>> {
    let name: WireName = name.parse().ok()?;
    let mut builder = MessageBuilder::from_target(Array::<{ 12 + 255 + 4 }>::new()).ok()?;
    builder.header_mut().set_rd(true);
    builder.header_mut().set_ad(true);
    let mut question = builder.question();
    question.push((name, rtype(kind))).ok()?;
    Some(question.finish().as_ref().to_vec())
}

/// What an answer says of the name that was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// Its outcome.
    pub outcome: Outcome<Record>,
    /// The CNAME chain from the name on, in order.
    pub aliases: Vec<Alias>,
    /// The AD flag.
    pub authenticated: bool,
}

/// Reads the answer to the question for `name` and `kind`. `age` is how long it lay in an HTTP cache, in seconds:
/// it comes off every TTL (RFC 8484 §5.1). Records of other owners are passed over.
pub fn decode(bytes: &[u8], name: &str, kind: RecordType, age: u32) -> Result<Answer, Fault> {
    if bytes.len() > MAX_MESSAGE {
        return Err(Fault::TooLong);
    }
    let asked: WireName = name.parse().map_err(|_| Fault::Malformed)?;
    let message = Message::from_slice(bytes).map_err(|_| Fault::Malformed)?;
    let header = message.header();
    if !header.qr() || header.opcode() != Opcode::QUERY {
        return Err(Fault::NoAnswer);
    }
    let failed = match header.rcode() {
        Rcode::NOERROR | Rcode::NXDOMAIN => None,
        other => Some(Outcome::Failed { rcode: other.to_int().into() }),
    };
    let authenticated = header.ad();
    let question = match (message.sole_question(), &failed) {
        (Ok(question), _) => question,
        // A server that could not even read the question does not repeat it (RFC 1035 §4.1.1, FORMERR).
        (Err(_), Some(outcome)) if message.header_counts().qdcount() == 0 => {
            return Ok(Answer { outcome: outcome.clone(), aliases: Vec::new(), authenticated });
        }
        (Err(_), _) => return Err(Fault::OtherQuestion),
    };
    if !question.qname().name_eq(&asked) || question.qtype() != rtype(kind) || question.qclass() != Class::IN
    {
        return Err(Fault::OtherQuestion);
    }
    if header.tc() {
        return Err(Fault::Truncated);
    }
    let rows = rows(message, kind)?;
    let (aliases, end) = follow(&rows, question.qname(), age)?;
    let outcome = match failed {
        Some(failed) => failed,
        None if header.rcode() == Rcode::NXDOMAIN => Outcome::NoSuchName,
        None => found(rows, &end, age),
    };
    Ok(Answer { outcome, aliases, authenticated })
}

/// A record of the answer section that may have a part in the answer.
struct Row<'a> {
    owner: NameIn<'a>,
    ttl: u32,
    data: RowData<'a>,
}

enum RowData<'a> {
    Alias(NameIn<'a>),
    Record(Record),
}

/// The records of the answer section that are aliases or of the type asked for.
fn rows(message: &Message<[u8]>, kind: RecordType) -> Result<Vec<Row<'_>>, Fault> {
    let count = message.header_counts().ancount();
    if usize::from(count) > MAX_RECORDS {
        return Err(Fault::TooManyRecords { count });
    }
    let mut rows = Vec::new();
    for record in message.answer().map_err(|_| Fault::Malformed)? {
        let record = record.map_err(|_| Fault::Malformed)?;
        if record.class() != Class::IN || ![Rtype::CNAME, rtype(kind)].contains(&record.rtype()) {
            continue;
        }
        let owner = record.owner();
        // A TTL with the top bit set counts as zero (RFC 2181 §8).
        let ttl = record.ttl().as_secs();
        let ttl = if ttl > i32::MAX.unsigned_abs() { 0 } else { ttl };
        let data = read(record).ok_or(Fault::Malformed)?;
        rows.push(Row { owner, ttl, data });
    }
    Ok(rows)
}

/// Reads the data of a record.
fn read(record: ParsedRecord<'_, [u8]>) -> Option<RowData<'_>> {
    /// `None` for data that is not what its type says.
    fn data<'a, Data: ParseRecordData<'a, [u8]>>(record: ParsedRecord<'a, [u8]>) -> Option<Data> {
        Some(record.into_record::<Data>().ok()??.into_data())
    }
    Some(RowData::Record(match record.rtype() {
        Rtype::CNAME => return Some(RowData::Alias(data::<Cname<_>>(record)?.into_cname())),
        Rtype::A => Record::Address(IpAddr::V4(data::<A>(record)?.addr())),
        Rtype::AAAA => Record::Address(IpAddr::V6(data::<Aaaa>(record)?.addr())),
        Rtype::MX => {
            let mx = data::<Mx<NameIn<'_>>>(record)?;
            Record::Mx(MxRecord { preference: mx.preference(), host: text(mx.exchange()) })
        }
        _ => {
            let txt = data::<Txt<&[u8]>>(record)?;
            Record::Txt(TxtRecord::of(txt.iter().map(<[u8]>::to_vec).collect()))
        }
    }))
}

/// Follows the CNAME chain from `name` on. Returns it, and the name at its end.
fn follow<'a>(rows: &[Row<'a>], name: &NameIn<'a>, age: u32) -> Result<(Vec<Alias>, NameIn<'a>), Fault> {
    let mut aliases = Vec::new();
    let mut name = *name;
    loop {
        let mut target = None;
        let mut beside = false;
        for row in rows.iter().filter(|row| row.owner.name_eq(&name)) {
            match row.data {
                RowData::Alias(to) => target = target.or(Some((to, row.ttl))),
                RowData::Record(_) => beside = true,
            }
        }
        let Some((to, ttl)) = target else { return Ok((aliases, name)) };
        if aliases.len() == MAX_ALIASES {
            return Err(Fault::TooManyAliases);
        }
        aliases.push(Alias { from: text(&name), to: text(&to), ttl: ttl.saturating_sub(age), beside });
        name = to;
    }
}

/// The records at the end of the chain.
fn found(rows: Vec<Row<'_>>, end: &NameIn<'_>, age: u32) -> Outcome<Record> {
    let mut records = Vec::new();
    let mut least = u32::MAX;
    for row in rows.into_iter().filter(|row| row.owner.name_eq(end)) {
        if let RowData::Record(record) = row.data {
            records.push(record);
            least = least.min(row.ttl.saturating_sub(age));
        }
    }
    if records.is_empty() { Outcome::Empty } else { Outcome::Found { records, ttl: least } }
}

/// A name in presentation form, without the root dot; empty for the root.
fn text(name: &NameIn<'_>) -> String {
    if name.is_root() { String::new() } else { name.to_string() }
}

const fn rtype(kind: RecordType) -> Rtype {
    match kind {
        RecordType::A => Rtype::A,
        RecordType::Aaaa => Rtype::AAAA,
        RecordType::Mx => Rtype::MX,
        RecordType::Txt => Rtype::TXT,
    }
}

/// Why octets are no answer to the question. The resolver is then as good as unreachable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// More than [`MAX_MESSAGE`] octets.
    TooLong,
    /// Not a DNS message, or one that ends too early.
    Malformed,
    /// A message, but not a response to a query.
    NoAnswer,
    /// An answer to another question.
    OtherQuestion,
    /// The TC flag is set: records are missing.
    Truncated,
    /// More than [`MAX_RECORDS`] records.
    TooManyRecords {
        /// How many.
        count: u16,
    },
    /// More than [`MAX_ALIASES`] aliases, or a circle of them.
    TooManyAliases,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLong => write!(f, "the answer is longer than {MAX_MESSAGE} octets"),
            Self::Malformed => f.write_str("the answer is not a whole DNS message"),
            Self::NoAnswer => f.write_str("the reply is a DNS message, but no answer"),
            Self::OtherQuestion => f.write_str("the answer is to another question"),
            Self::Truncated => f.write_str("the answer is marked as cut short (TC)"),
            Self::TooManyRecords { count } => {
                write!(f, "the answer has {count} records; more than {MAX_RECORDS} are not read")
            }
            Self::TooManyAliases => {
                write!(f, "the answer is a circle of aliases, or a chain of more than {MAX_ALIASES}")
            }
        }
    }
}

impl core::error::Error for Fault {}

#[cfg(test)]
mod tests {
    use super::{Answer, Fault, MAX_ALIASES, MAX_RECORDS, decode, query};
    use crate::dns::{Record, RecordType};
    use crate::evidence::{Alias, MxRecord, Outcome, TxtRecord};

    const NAME: &str = "_mta-sts.example.com";
    /// A response to a standard query: QR, RD, RA.
    const PLAIN: u16 = 0x8180;
    const AD: u16 = 0x0020;
    const TC: u16 = 0x0200;

    /// A name in wire format.
    fn wire(name: &str) -> Vec<u8> {
        let labels = name.split('.').filter(|label| !label.is_empty());
        let mut octets: Vec<u8> = labels.flat_map(|l| [&[l.len() as u8], l.as_bytes()].concat()).collect();
        octets.push(0);
        octets
    }

    /// A record: owner in wire format, type, class IN, TTL, data.
    fn record(owner: &[u8], kind: u16, ttl: u32, data: &[u8]) -> Vec<u8> {
        let numbers = [&kind.to_be_bytes()[..], &1u16.to_be_bytes(), &ttl.to_be_bytes()].concat();
        [owner, &numbers, &(data.len() as u16).to_be_bytes(), data].concat()
    }

    /// A record of the name asked for, by a compression pointer to the question.
    fn own(kind: u16, ttl: u32, data: &[u8]) -> Vec<u8> {
        record(&[0xC0, 12], kind, ttl, data)
    }

    /// A message with one question for [`NAME`].
    fn message(flags: u16, kind: u16, records: &[Vec<u8>]) -> Vec<u8> {
        let counts = [1, records.len() as u16, 0, 0].map(u16::to_be_bytes).concat();
        let question = [&wire(NAME)[..], &kind.to_be_bytes(), &[0, 1]].concat();
        [&[0, 0][..], &flags.to_be_bytes(), &counts, &question, &records.concat()].concat()
    }

    #[track_caller]
    #[expect(clippy::needless_pass_by_value, reason = "a row reads better without borrowing")]
    fn txt(message: &[u8], expected: Result<Outcome<Record>, Fault>) {
        let outcome = decode(message, NAME, RecordType::Txt, 0).map(|answer| answer.outcome);
        assert_eq!(outcome, expected);
    }

    fn texts(ttl: u32, records: &[&[&str]]) -> Outcome<Record> {
        let strings = |record: &[&str]| record.iter().map(|s| s.as_bytes().to_vec()).collect();
        let records = records.iter().map(|r| Record::Txt(TxtRecord::of(strings(r)))).collect();
        Outcome::Found { records, ttl }
    }

    #[test]
    fn a_question_is_what_rfc_8484_caches() {
        let question = query("_mta-sts.example.com", RecordType::Txt).unwrap();
        let header = [0, 0, 0x01, 0x20, 0, 1, 0, 0, 0, 0, 0, 0]; // ID 0, RD and AD, one question
        assert_eq!(question, [&header[..], &wire(NAME), &[0, 16, 0, 1]].concat());
        assert!(query(&format!("{}.example.com", "a".repeat(64)), RecordType::A).is_none()); // label too long
        assert!(query(&vec!["a".repeat(49); 6].join("."), RecordType::A).is_none()); // name too long
        assert!(query("a..example.com", RecordType::A).is_none()); // empty label
        assert!(query("bücher.example", RecordType::A).is_none()); // not an A-label
        assert!(query(&[&"a".repeat(63)[..]; 4].join("."), RecordType::A).is_none()); // 255 with dots, 257 on the wire
    }

    #[test]
    fn four_ways_to_find_nothing_and_one_to_find_something() {
        let one = own(16, 300, b"\x06v=STS1\x01;");
        txt(&message(PLAIN, 16, std::slice::from_ref(&one)), Ok(texts(300, &[&["v=STS1", ";"]]))); // strings stay apart
        txt(&message(PLAIN, 16, &[own(16, 1 << 31, b"\0")]), Ok(texts(0, &[&[""]]))); // RFC 2181 §8: a TTL that is 0
        txt(&message(PLAIN, 16, &[]), Ok(Outcome::Empty)); // the name exists
        txt(&message(PLAIN | 3, 16, &[]), Ok(Outcome::NoSuchName));
        txt(&message(PLAIN | 2, 16, &[]), Ok(Outcome::Failed { rcode: 2 })); // SERVFAIL
        txt(&message(PLAIN | 5, 16, &[one]), Ok(Outcome::Failed { rcode: 5 })); // REFUSED: its records count for nothing
        txt(&[0, 0, 0x81, 0x81, 0, 0, 0, 0, 0, 0, 0, 0], Ok(Outcome::Failed { rcode: 1 })); // FORMERR repeats no question
    }

    #[test]
    fn only_the_answer_to_the_question_counts() {
        let good = own(16, 300, b"\x01a");
        let other = record(&wire("evil.example.com"), 16, 9, b"\x01b");
        txt(&message(PLAIN, 16, &[other, good.clone()]), Ok(texts(300, &[&["a"]]))); // another owner
        txt(&message(PLAIN, 16, &[own(15, 9, b"\0\0\0"), good.clone()]), Ok(texts(300, &[&["a"]]))); // another type
        let chaos = [&[0xC0, 12, 0, 16, 0, 3, 0, 0, 0, 9, 0, 2][..], b"\x01b"].concat();
        txt(&message(PLAIN, 16, &[chaos]), Ok(Outcome::Empty)); // class CH
        let mut upper = message(PLAIN, 16, std::slice::from_ref(&good));
        upper[12..33].make_ascii_uppercase();
        txt(&upper, Ok(texts(300, &[&["a"]]))); // case does not count
        txt(&message(PLAIN, 15, &[]), Err(Fault::OtherQuestion)); // asked for MX
        let mut elsewhere = message(PLAIN, 16, std::slice::from_ref(&good));
        elsewhere[13] = b'x';
        txt(&elsewhere, Err(Fault::OtherQuestion)); // another name
        txt(&message(0x0100, 16, &[]), Err(Fault::NoAnswer)); // a query
        txt(&message(PLAIN | 0x2800, 16, &[]), Err(Fault::NoAnswer)); // an UPDATE
        txt(&message(PLAIN | TC, 16, &[good]), Err(Fault::Truncated)); // a part is not the whole
        txt(&[0, 0, 0x81, 0x80, 0, 0, 0, 0, 0, 0, 0, 0], Err(Fault::OtherQuestion)); // NOERROR to no question
    }

    #[test]
    fn aliases_are_followed_and_kept() {
        let alias = |from: &str, to: &str, ttl| record(&wire(from), 5, ttl, &wire(to));
        let step = |from: &str, to: &str, ttl| Alias { from: from.into(), to: to.into(), ttl, beside: false };
        let end = record(&wire("b.example.net"), 16, 60, b"\x01a");
        // Out of order, with an Age of 10 s.
        let chain =
            [end.clone(), alias("a.example.net", "b.example.net", 30), alias(NAME, "a.example.net", 5)];
        assert_eq!(
            decode(&message(PLAIN | AD, 16, &chain), NAME, RecordType::Txt, 10),
            Ok(Answer {
                outcome: texts(50, &[&["a"]]),
                aliases: vec![step(NAME, "a.example.net", 0), step("a.example.net", "b.example.net", 20)],
                authenticated: true,
            })
        );
        // A chain that ends nowhere keeps its steps.
        let dangling =
            decode(&message(PLAIN | 3, 16, &[alias(NAME, "gone.example.net", 5)]), NAME, RecordType::Txt, 0);
        let aliases = vec![step(NAME, "gone.example.net", 5)];
        assert_eq!(dangling, Ok(Answer { outcome: Outcome::NoSuchName, aliases, authenticated: false }));
        // Data beside an alias is no answer, and is remembered.
        let beside = decode(
            &message(PLAIN, 16, &[alias(NAME, "b.example.net", 5), own(16, 9, b"\x01b"), end]),
            NAME,
            RecordType::Txt,
            0,
        )
        .unwrap();
        assert_eq!((beside.outcome, beside.aliases[0].beside), (texts(60, &[&["a"]]), true));
        // A circle, and a chain without end.
        txt(&message(PLAIN, 16, &[alias(NAME, NAME, 5)]), Err(Fault::TooManyAliases));
        let names: Vec<String> = (0..=MAX_ALIASES).map(|n| format!("{n}.example.net")).collect();
        let mut long = vec![alias(NAME, &names[0], 5)];
        long.extend(names.windows(2).map(|pair| alias(&pair[0], &pair[1], 5)));
        txt(&message(PLAIN, 16, &long), Err(Fault::TooManyAliases));
        long.pop();
        txt(&message(PLAIN, 16, &long), Ok(Outcome::Empty)); // as long as may be
    }

    #[test]
    fn each_type_reads_its_own_data() {
        let read = |kind, number, data: &[u8]| {
            let outcome = decode(&message(PLAIN, number, &[own(number, 1, data)]), NAME, kind, 0)?.outcome;
            Ok(if let Outcome::Found { mut records, .. } = outcome { records.pop() } else { None })
        };
        let mx = |preference, host: &str| Ok(Some(Record::Mx(MxRecord { preference, host: host.into() })));
        let address = |text: &str| Ok(Some(Record::Address(text.parse().unwrap())));
        assert_eq!(read(RecordType::A, 1, &[192, 0, 2, 1]), address("192.0.2.1"));
        assert_eq!(
            read(RecordType::Aaaa, 28, b"\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x01"),
            address("2001:db8::1")
        );
        assert_eq!(read(RecordType::Mx, 15, b"\0\x0a\x03Mx1\xC0\x15"), mx(10, "Mx1.example.com")); // compressed, as written
        assert_eq!(read(RecordType::Mx, 15, b"\0\0\0"), mx(0, "")); // null MX, RFC 7505
        assert_eq!(read(RecordType::Mx, 15, b"\0\0\x03a.b\x01\xff\0"), mx(0, r"a\.b.\255")); // escaped as in a zone file
        assert_eq!(read(RecordType::A, 1, &[192, 0, 2]), Err(Fault::Malformed)); // three octets
        assert_eq!(read(RecordType::A, 1, &[192, 0, 2, 1, 0]), Err(Fault::Malformed)); // five
        assert_eq!(read(RecordType::Mx, 15, b"\0\x0a"), Err(Fault::Malformed)); // no name
        assert_eq!(read(RecordType::Txt, 16, b"\x05abc"), Err(Fault::Malformed)); // string longer than its record
        let none = Ok(Some(Record::Txt(TxtRecord::default())));
        assert_eq!(read(RecordType::Txt, 16, b""), none); // RFC 1035 §3.3.14 asks for a string; there is none
    }

    #[test]
    fn hostile_messages_end() {
        txt(b"", Err(Fault::Malformed));
        txt(b"<!doctype html><title>Captive portal</title>", Err(Fault::NoAnswer)); // no response flag in these octets
        txt(&vec![0; 65_536], Err(Fault::TooLong));
        let itself = record(&[0xC0, 38], 16, 1, b"\x01a"); // the record begins at octet 38
        txt(&message(PLAIN, 16, &[itself]), Err(Fault::Malformed)); // an owner that points to itself
        let forward = record(&[0xC0, 50], 16, 1, b"\x01a");
        txt(&message(PLAIN, 16, &[forward]), Err(Fault::Malformed)); // or ahead
        let pair = [record(&[0xC0, 39], 16, 1, b"\x01a")];
        txt(&message(PLAIN, 16, &pair), Err(Fault::Malformed)); // or into its own pointer
        let count = MAX_RECORDS + 1;
        let many = vec![own(16, 1, b"\x01a"); count];
        txt(&message(PLAIN, 16, &many), Err(Fault::TooManyRecords { count: count as u16 }));
        let mut lie = message(PLAIN, 16, &[own(16, 1, b"\x01a")]);
        lie[7] = 2;
        txt(&lie, Err(Fault::Malformed)); // two records announced, one there
    }

    #[test]
    fn no_octet_is_trusted() {
        let alias = record(&[0xC0, 12], 5, 1, b"\x01a\xC0\x15");
        let end = record(b"\x01a\xC0\x15", 16, 1, b"\x01a\x02bc");
        let good = message(PLAIN, 16, &[alias, end]);
        txt(&good, Ok(texts(1, &[&["a", "bc"]])));
        for len in 0..good.len() {
            assert!(
                decode(&good[..len], NAME, RecordType::Txt, 0).is_err(),
                "{len} octets are not the whole"
            );
        }
        for at in 0..good.len() {
            for octet in 0..=u8::MAX {
                let mut changed = good.clone();
                changed[at] = octet;
                // Whatever it says, it ends.
                let _ = decode(&changed, NAME, RecordType::Txt, u32::MAX);
            }
        }
    }
}
