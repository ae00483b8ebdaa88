//! A text that somebody pasted or dropped: told apart into a policy and TXT records, whatever notation the records
//! are in: the bare value, a line of a zone file (RFC 1035 §5.1), or what `dig`, `host` and `nslookup` print.

use super::grammar::is_wsp;
use crate::evidence::TxtRecord;
use crate::span::{Notation as Writing, SourceMap, Span};
use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

/// What a text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TextKind {
    /// A policy (RFC 8461 §3.2).
    Policy,
    /// TXT records at `_mta-sts` (RFC 8461 §3.1).
    Record,
    /// TXT records at `_smtp._tls` (RFC 8460 §3).
    Tlsrpt,
}

/// The parts of one text. What is in none of them is blank, a comment, or the words of a tool around its answer.
#[derive(Debug, Clone, Default)]
pub struct Paste {
    /// The policy: one range. Empty if the text is empty; `None` if there is none beside the records.
    pub policy: Option<Span>,
    /// The records, in order.
    pub records: Vec<PastedRecord>,
}

/// One TXT record in a text.
#[derive(Debug, Clone)]
pub struct PastedRecord {
    /// [`TextKind::Record`] or [`TextKind::Tlsrpt`].
    pub kind: TextKind,
    /// Its strings; [`TxtRecord::source`] says where each octet stands in the text.
    pub record: TxtRecord,
    /// Its owner name as written, where the notation has one.
    pub owner: Option<String>,
    /// The line or lines it was read from, without the last line end.
    pub span: Span,
}

impl PastedRecord {
    /// The policy domain, where the owner name says it: what follows `_mta-sts.` or `_smtp._tls.`, if that has a dot.
    #[must_use]
    pub fn domain(&self) -> Option<&str> {
        let owner = self.owner.as_deref()?;
        let owner = owner.strip_suffix('.').unwrap_or(owner);
        OWNERS
            .iter()
            .filter_map(|(label, _)| strip_prefix_ignore_case(owner, label)?.strip_prefix('.'))
            .find(|domain| domain.contains('.'))
    }
}

/// The first labels of an owner name that say which record it is; the last is the one of drafts of RFC 8460.
const OWNERS: [(&str, TextKind); 3] =
    [("_mta-sts", TextKind::Record), ("_smtp._tls", TextKind::Tlsrpt), ("_smtp-tlsrpt", TextKind::Tlsrpt)];

/// Tells a text apart. Every input has a result.
///
/// ```
/// use mta_sts::parse::paste::{TextKind, tell_apart};
/// let paste = tell_apart(b"_mta-sts.example.com. IN TXT \"v=STSv1; \" \"id=1\"\n\nversion: STSv1\nmode: none\n");
/// let record = &paste.records[0];
/// assert_eq!((record.kind, record.domain()), (TextKind::Record, Some("example.com")));
/// assert_eq!(record.record.strings, [b"v=STSv1; ".to_vec(), b"id=1".to_vec()]);
/// assert!(paste.policy.is_some());
/// ```
///
/// A value in one pair of quotes is kept with them: whether they are notation or were entered as part of the value
/// cannot be seen, and the second is a common fault.
#[must_use]
pub fn tell_apart(text: &[u8]) -> Paste {
    let lines = Lines::read(text, None);
    let is_policy = |line: &Line| matches!(line.piece, Piece::Other);
    let (first, last) = (lines.list.iter().position(is_policy), lines.list.iter().rposition(is_policy));
    let is_record = |line: &Line| matches!(line.piece, Piece::Record(_));
    let Some((first, last)) = first.zip(last) else {
        let policy = (!lines.list.iter().any(is_record)).then(|| Span::new(0, text.len() as u32));
        return Paste { policy, records: lines.into_records(|_| true) };
    };
    // Blank lines between a record and the policy part them; all others are the policy's, for a rule to point at.
    let alone = |lines: &[Line]| !lines.iter().any(|line| !matches!(line.piece, Piece::Blank));
    let start = if alone(&lines.list[..first]) { 0 } else { lines.list[first].span.start };
    let end = if alone(&lines.list[last + 1..]) { text.len() as u32 } else { lines.list[last].end };
    Paste {
        policy: Some(Span::new(start, end)),
        // What looks like a record between two lines of a policy is one of its lines.
        records: lines.into_records(|at| at < first || at > last),
    }
}

impl Paste {
    /// Reads a text whose kind is known: the whole as a policy, or every line that is not blank as a record.
    #[must_use]
    pub fn of_kind(text: &[u8], kind: TextKind) -> Self {
        if kind == TextKind::Policy {
            return Self { policy: Some(Span::new(0, text.len() as u32)), records: Vec::new() };
        }
        Self { policy: None, records: Lines::read(text, Some(kind)).into_records(|_| true) }
    }
}

/// A text, line by line; a record in several lines is one.
struct Lines {
    list: Vec<Line>,
}

struct Line {
    /// Without its line end.
    span: Span,
    /// After its line end.
    end: u32,
    piece: Piece,
}

/// What a line is.
enum Piece {
    Blank,
    /// Boxed: there may be as many lines as octets, and few are records.
    Record(Box<PastedRecord>),
    /// Something a tool or a zone file has beside records; means this only where there is such a record.
    Aside,
    /// None of these: a line of a policy.
    Other,
}

impl Lines {
    /// `kind` is that of every record, if it is known; each line that is nothing else is then a bare value.
    fn read(text: &[u8], kind: Option<TextKind>) -> Self {
        let mut reader = Reader { text, kind, notation: false, unclosed: false };
        let mut list: Vec<Line> = Vec::new();
        let mut at = 0;
        while at < text.len() {
            let start = at;
            let mut content = line_at(text, start);
            let mut piece = reader.piece(content, list.last());
            if let Piece::Record(record) = &mut piece {
                content.end = record.span.end.max(content.end);
                record.span = content;
            }
            at = after_line_end(text, line_at(text, content.end as usize).end as usize);
            list.push(Line { span: Span::new(start as u32, content.end), end: at as u32, piece });
        }
        for line in &mut list {
            if matches!(line.piece, Piece::Aside) && !reader.notation {
                line.piece = Piece::Other;
            }
            if let (Piece::Other, Some(kind)) = (&line.piece, kind) {
                line.piece = Piece::Record(Box::new(bare(text, line.span, kind)));
            }
            if let Piece::Record(record) = &mut line.piece
                && let Some(source) = &mut record.record.source
            {
                source.lines = Span::new(line.span.start, line.end);
                if reader.unclosed {
                    source.notation = Writing::Unclear;
                }
            }
        }
        Self { list }
    }

    fn into_records(self, is_wanted: impl Fn(usize) -> bool) -> Vec<PastedRecord> {
        let wanted = self.list.into_iter().enumerate().filter(|(at, _)| is_wanted(*at));
        wanted
            .filter_map(|(_, line)| match line.piece {
                Piece::Record(record) => Some(*record),
                Piece::Blank | Piece::Aside | Piece::Other => None,
            })
            .collect()
    }
}

/// The line that begins at `start`, without its line end.
fn line_at(text: &[u8], start: usize) -> Span {
    let rest = &text[start..];
    let len = rest.iter().position(|b| *b == b'\n').unwrap_or(rest.len());
    let len = if rest[..len].ends_with(b"\r") { len - 1 } else { len };
    Span::new(start as u32, (start + len) as u32)
}

/// After the line end that begins at `at`.
fn after_line_end(text: &[u8], at: usize) -> usize {
    match &text[at..] {
        [b'\r', b'\n', ..] => at + 2,
        // A lone CR at the very end.
        [_, ..] => at + 1,
        [] => at,
    }
}

/// A value as it stands.
fn bare(text: &[u8], span: Span, kind: TextKind) -> PastedRecord {
    let mut source = SourceMap::default();
    source.push(span.len(), span);
    let record = TxtRecord { strings: vec![span.of(text).to_vec()], source: Some(source) };
    PastedRecord { kind, record, owner: None, span }
}

struct Reader<'a> {
    text: &'a [u8],
    kind: Option<TextKind>,
    /// Whether a record was read from a notation in which comments and other records may stand beside it.
    notation: bool,
    /// Whether a parenthesis is open to the end of the text; then no later one is followed there.
    unclosed: bool,
}

impl<'a> Reader<'a> {
    /// What the line `span` begins.
    fn piece(&mut self, span: Span, before: Option<&Line>) -> Piece {
        let line = span.of(self.text);
        let visible = line.trim_ascii();
        if visible.is_empty() {
            return Piece::Blank;
        }
        if visible[0] == b';' || is_words_of_a_tool(visible) {
            return Piece::Aside;
        }
        let words = Words::of(line);
        if let Some(notation) = self.notation_at(span, &words) {
            return self.record(&notation).map_or(Piece::Aside, |record| Piece::Record(Box::new(record)));
        }
        if is_other_zone_line(line, &words) {
            return Piece::Aside;
        }
        // The target of an alias, as `dig +short` prints it; what follows in quotes is then notation.
        let alias =
            |line: &Line| matches!(line.piece, Piece::Aside) && is_name(line.span.of(self.text).trim_ascii());
        if visible[0] == b'"' {
            let quoted = Notation { owner: None, data: span, is_zone: false };
            let (strings, source, end) = self.strings(&quoted);
            let is_one = strings.len() == 1 && !visible.contains(&b'\\') && !before.is_some_and(alias);
            if end == span.end && !is_one && self.text[end as usize - 1] == b'"' {
                let record = TxtRecord { strings, source: Some(source) };
                if let Some(kind) = self.kind.or_else(|| kind_of(None, &record)) {
                    self.notation = true;
                    return Piece::Record(Box::new(PastedRecord { kind, record, owner: None, span }));
                }
            }
        }
        if visible.ends_with(b".") && is_name(visible) && self.next_is_quoted(span) {
            return Piece::Aside;
        }
        match bare_kind(visible) {
            Some(kind) => Piece::Record(Box::new(bare(self.text, span, self.kind.unwrap_or(kind)))),
            None => Piece::Other,
        }
    }

    fn next_is_quoted(&self, span: Span) -> bool {
        self.text[after_line_end(self.text, span.end as usize)..].starts_with(b"\"")
    }

    /// The record of a notation; `None` if it belongs to neither protocol.
    fn record(&mut self, notation: &Notation<'_>) -> Option<PastedRecord> {
        self.notation = true;
        let (strings, source, end) = self.strings(notation);
        let record = TxtRecord { strings, source: Some(source) };
        let kind = match self.kind {
            Some(kind) => kind,
            None => kind_of(notation.owner, &record)?,
        };
        let owner = notation.owner.map(|owner| String::from_utf8_lossy(owner).into_owned());
        Some(PastedRecord { kind, record, owner, span: Span::new(notation.data.start, end) })
    }

    /// The notation of the line `span`, if it is one: `[owner] [TTL] [class] TXT data`, `owner text = data`
    /// (`nslookup`) or `owner descriptive text data` (`host`).
    fn notation_at(&self, span: Span, words: &Words) -> Option<Notation<'a>> {
        let line = span.of(self.text);
        if words.count < 2 {
            return None;
        }
        let word = |at: usize| words.spans[at].of(line);
        let data = |at: usize| {
            let mut start = words.spans[at].end as usize;
            start += line[start..].iter().take_while(|b| is_wsp(**b)).count();
            Span::new(span.start + start as u32, span.end)
        };
        let owner = Some(word(0));
        match (word(1), word(2)) {
            (b"text", b"=") if data(2).is_empty() => {
                // nslookup of Windows puts the strings on lines of their own.
                let mut at = after_line_end(self.text, span.end as usize);
                at += self.text[at..].iter().take_while(|b| b.is_ascii_whitespace()).count();
                let data = Span::new(at as u32, line_at(self.text, at).end);
                let quoted = self.text.get(at) == Some(&b'"');
                return quoted.then_some(Notation { owner, data, is_zone: false });
            }
            (b"text", b"=") | (b"descriptive", b"text") => {
                return Some(Notation { owner, data: data(2), is_zone: false });
            }
            _ => {}
        }
        let kind = (0..4).find(|at| word(*at).eq_ignore_ascii_case(b"TXT"))?;
        let has_class = (0..kind).any(|at| is_class(word(at)));
        let fits = |at: usize| is_class(word(at)) || is_ttl(word(at));
        let owner = (kind > 0 && !fits(0)).then(|| word(0));
        if !(usize::from(owner.is_some())..kind).all(fits) || !owner.is_none_or(is_owner) {
            return None;
        }
        let data = data(kind);
        if data.is_empty() {
            return None;
        }
        // In a table copied from a provider's page the value is not quoted, and its semicolon begins no comment.
        let value = data.of(self.text);
        let is_zone = has_class || matches!(value[0], b'"' | b'(');
        (is_zone || bare_kind(value).is_some()).then_some(Notation { owner, data, is_zone })
    }

    /// The character-strings at `notation.data` (RFC 1035 §5.1), and where the last of them, or the parenthesis around
    /// them, ends.
    fn strings(&mut self, notation: &Notation<'_>) -> (Vec<Vec<u8>>, SourceMap, u32) {
        let line_end = notation.data.end as usize;
        let mut scan =
            Scan { text: self.text, at: notation.data.start as usize, end: line_end, ..Scan::default() };
        if notation.is_zone || scan.peek() == Some(b'"') {
            if notation.is_zone && !self.unclosed {
                scan.run(self.text.len(), true);
                if scan.depth == 0 {
                    return scan.done();
                }
                self.unclosed = true;
                scan = Scan {
                    text: self.text,
                    at: notation.data.start as usize,
                    end: line_end,
                    ..Scan::default()
                };
            }
            scan.run(line_end, notation.is_zone);
        } else {
            scan.take_value(line_end);
        }
        scan.done()
    }
}

/// Where the data of a record stand.
struct Notation<'a> {
    owner: Option<&'a [u8]>,
    /// To the end of the line; in a zone file parentheses may carry it on.
    data: Span,
    /// Whether parentheses and comments are a zone file's.
    is_zone: bool,
}

/// Reads character-strings.
#[derive(Default)]
struct Scan<'a> {
    text: &'a [u8],
    at: usize,
    /// The end of what was taken.
    end: usize,
    depth: u32,
    strings: Vec<Vec<u8>>,
    source: SourceMap,
}

impl Scan<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    /// Takes strings up to the line end outside parentheses, or to `limit`.
    fn run(&mut self, limit: usize, is_zone: bool) {
        while let Some(byte) = self.peek().filter(|_| self.at < limit) {
            match byte {
                b'\n' if self.depth == 0 => break,
                b'(' if is_zone => self.depth += 1,
                b')' if is_zone => self.depth = self.depth.saturating_sub(1),
                b';' if is_zone => {
                    let rest = &self.text[self.at..limit];
                    self.at += rest.iter().position(|b| *b == b'\n').unwrap_or(rest.len());
                    continue;
                }
                _ if byte.is_ascii_whitespace() => {}
                b'"' => {
                    self.at += 1;
                    self.note(Writing::Quoted);
                    self.string(limit, |byte| matches!(byte, b'"' | b'\n'));
                    if self.peek().filter(|_| self.at < limit) != Some(b'"') {
                        continue;
                    }
                }
                _ => {
                    self.note(Writing::Unquoted);
                    let ends =
                        |b: u8| b.is_ascii_whitespace() || (is_zone && matches!(b, b';' | b'(' | b')'));
                    self.string(limit, ends);
                    continue;
                }
            }
            self.at += 1;
        }
        self.end = self.at.min(limit);
        while self.end > 0 && self.text[self.end - 1].is_ascii_whitespace() {
            self.end -= 1;
        }
    }

    /// Remembers how a string is written. Of both kinds in one record, some quote is mostly not where it should be.
    fn note(&mut self, how: Writing) {
        let is_new = self.source.notation == Writing::Verbatim || self.source.notation == how;
        self.source.notation = if is_new { how } else { Writing::Unclear };
    }

    /// Takes one string up to where `ends` holds, its escapes undone.
    fn string(&mut self, limit: usize, ends: impl Fn(u8) -> bool) {
        let mut string = Vec::new();
        while let Some(byte) = self.peek().filter(|byte| self.at < limit && !ends(*byte)) {
            let (byte, len) = match &self.text[self.at..limit] {
                [b'\\', a @ b'0'..=b'9', b @ b'0'..=b'9', c @ b'0'..=b'9', ..] => {
                    let digits =
                        [a, b, c].into_iter().fold(0, |sum, digit| sum * 10 + u32::from(digit - b'0'));
                    (digits as u8, 4)
                }
                [b'\\', other, ..] if *other != b'\n' => (*other, 2),
                _ => (byte, 1),
            };
            string.push(byte);
            self.source.push(1, Span::new(self.at as u32, (self.at + len) as u32));
            self.at += len;
        }
        self.strings.push(string);
    }

    /// Takes the rest of the line as it stands, without the white space that ends it.
    fn take_value(&mut self, limit: usize) {
        let value = self.text[self.at..limit].trim_ascii_end();
        self.end = self.at + value.len();
        self.source.push(value.len() as u32, Span::new(self.at as u32, self.end as u32));
        self.strings.push(value.to_vec());
    }

    fn done(self) -> (Vec<Vec<u8>>, SourceMap, u32) {
        (self.strings, self.source, self.end as u32)
    }
}

/// The first words of a line, parted by white space.
struct Words {
    /// What is beyond `count` is empty.
    spans: [Span; 5],
    count: usize,
}

impl Words {
    fn of(line: &[u8]) -> Self {
        let mut words = Self { spans: [Span::default(); 5], count: 0 };
        let mut at = 0;
        for word in &mut words.spans {
            at += line[at..].iter().take_while(|b| b.is_ascii_whitespace()).count();
            let len = line[at..].iter().take_while(|b| !b.is_ascii_whitespace()).count();
            if len == 0 {
                break;
            }
            *word = Span::new(at as u32, (at + len) as u32);
            words.count += 1;
            at += len;
        }
        words
    }
}

fn is_class(word: &[u8]) -> bool {
    [&b"IN"[..], b"CH", b"HS"].iter().any(|class| word.eq_ignore_ascii_case(class))
}

/// Seconds, or BIND's `1h30m`.
fn is_ttl(word: &[u8]) -> bool {
    word.first().is_some_and(u8::is_ascii_digit)
        && word.iter().all(|b| b.is_ascii_digit() || b"smhdwSMHDW".contains(b))
}

/// Whether a word can be an owner name.
fn is_owner(word: &[u8]) -> bool {
    word == b"@" || is_name(word)
}

fn is_name(word: &[u8]) -> bool {
    !word.is_empty()
        && word.iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-' | b'*'))
}

/// Whether a line is one of a zone file or an answer, for a record of another type: `example.com. 300 IN MX 10 mx.`
fn is_other_zone_line(line: &[u8], words: &Words) -> bool {
    if words.spans[0].of(line).starts_with(b"$") {
        return true;
    }
    let word = |at: usize| words.spans[at].of(line);
    words.count > 2
        && ((0..4).any(|at| is_class(word(at)))
            || [word(1), word(2), word(3)] == [&b"is"[..], b"an", b"alias"])
        && is_owner(word(0))
}

/// Whether a line is what `nslookup` prints around an answer.
fn is_words_of_a_tool(line: &[u8]) -> bool {
    [
        &b"Server:"[..],
        b"Address:",
        b"Addresses:",
        b"Non-authoritative answer:",
        b"Authoritative answers can be found from:",
        b"Using domain server:",
    ]
    .iter()
    .any(|words| line.starts_with(words))
}

/// Which protocol a record belongs to: by its owner, else by its text.
fn kind_of(owner: Option<&[u8]>, record: &TxtRecord) -> Option<TextKind> {
    let owner = owner.and_then(|owner| str::from_utf8(owner).ok()).unwrap_or_default();
    let named = |label: &str| {
        strip_prefix_ignore_case(owner, label)
            .is_some_and(|rest| matches!(rest.bytes().next(), None | Some(b'.')))
    };
    OWNERS.iter().find(|(label, _)| named(label)).map(|(_, kind)| *kind).or_else(|| {
        let start: Vec<u8> = record.strings.iter().flatten().copied().take(512).collect();
        // The SPF record of the domain itself, in a zone file, is neither.
        bare_kind(&start).filter(|_| is_version(&start))
    })
}

fn strip_prefix_ignore_case<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let (start, rest) = text.split_at_checked(prefix.len())?;
    start.eq_ignore_ascii_case(prefix).then_some(rest)
}

/// Which record a bare value is, or `None` if it looks like none.
fn bare_kind(value: &[u8]) -> Option<TextKind> {
    let value = &value[..value.len().min(512)];
    // One of these is in every record, and in few lines of a policy.
    if !value.iter().any(|b| matches!(b, b';' | b'=')) {
        return None;
    }
    let text = String::from_utf8_lossy(value).to_ascii_lowercase();
    let odd = |c: char| {
        c.is_whitespace() || matches!(c, '"' | '\'' | '`' | '\\' | '\u{FEFF}' | '\u{200B}' | '“' | '”' | '„')
    };
    let text = text.trim_matches(odd);
    let (kind, required) = if text.contains("tlsrpt") || text.starts_with("rua=") {
        (TextKind::Tlsrpt, "rua")
    } else {
        (TextKind::Record, "id")
    };
    let after_v = text.strip_prefix('v').map(str::trim_start).unwrap_or_default();
    let has_field = |name: &str| {
        text.split(';').any(|field| field.trim().strip_prefix(name).is_some_and(|rest| rest.starts_with('=')))
    };
    let is_record = after_v.starts_with('=')
        || (after_v.starts_with(':') && text.contains(';'))
        || (text.contains(';') && (has_field("v") || has_field(required)) && !text.contains(": "))
        || text.starts_with(required) && text[required.len()..].starts_with('=');
    is_record.then_some(kind)
}

/// Whether a value names one of the two protocols.
fn is_version(value: &[u8]) -> bool {
    let text = String::from_utf8_lossy(value).to_ascii_lowercase();
    text.contains("stsv") || text.contains("tlsrptv")
}

#[cfg(test)]
mod tests {
    use super::{Paste, PastedRecord, TextKind, tell_apart};
    use crate::span::Span;

    /// A record as `kind owner|string|string`, and the policy's text.
    fn shown(text: &str, paste: &Paste) -> (Vec<String>, Option<String>) {
        let record = |record: &PastedRecord| {
            let kind = if record.kind == TextKind::Tlsrpt { "rpt" } else { "sts" };
            let owner = record.owner.as_deref().unwrap_or_default();
            let strings = record.record.strings.iter().map(|s| format!("|{}", String::from_utf8_lossy(s)));
            format!("{kind} {owner}{}", strings.collect::<String>())
        };
        let policy = paste.policy.map(|span| String::from_utf8_lossy(span.of(text.as_bytes())).into_owned());
        (paste.records.iter().map(record).collect(), policy)
    }

    #[track_caller]
    fn apart(text: &str, records: &[&str], policy: Option<&str>) {
        let paste = tell_apart(text.as_bytes());
        assert_eq!(
            shown(text, &paste),
            (records.iter().map(|r| (*r).to_owned()).collect(), policy.map(Into::into)),
            "{text:?}"
        );
    }

    #[test]
    fn bare_values() {
        apart("v=STSv1; id=1", &["sts |v=STSv1; id=1"], None);
        apart("v=STSv1; id=1\n", &["sts |v=STSv1; id=1"], None); // the line end is not the record's
        apart("v=STSv1; id=1\r\n", &["sts |v=STSv1; id=1"], None);
        apart(" v=STSv1; id=1 ", &["sts | v=STSv1; id=1 "], None); // white space is, for a rule to point at
        apart("\"v=STSv1; id=1\"", &["sts |\"v=STSv1; id=1\""], None); // quotes may be part of the data
        apart("v=TLSRPTv1; rua=mailto:a@b", &["rpt |v=TLSRPTv1; rua=mailto:a@b"], None);
        apart("v=STSv1;id=1\nv=TLSRPTv1;rua=x", &["sts |v=STSv1;id=1", "rpt |v=TLSRPTv1;rua=x"], None);
        apart("V = stsv1; id=1", &["sts |V = stsv1; id=1"], None); // near misses are records
        apart("v:STSv1; id=1", &["sts |v:STSv1; id=1"], None);
        apart("id=1; v=STSv1", &["sts |id=1; v=STSv1"], None);
        apart("TLSRPTv1;rua=mailto:a@b", &["rpt |TLSRPTv1;rua=mailto:a@b"], None);
        apart("v=spf1 -all", &["sts |v=spf1 -all"], None); // no line of a policy begins so
    }

    #[test]
    fn policies() {
        apart("", &[], Some(""));
        apart("\n\n", &[], Some("\n\n"));
        apart("\nversion: STSv1\n\n", &[], Some("\nversion: STSv1\n\n")); // blank lines are its faults
        apart("v: STSv1\nmode: none\n", &[], Some("v: STSv1\nmode: none\n")); // a slip for `version`
        apart("; a comment\nmode: none\n", &[], Some("; a comment\nmode: none\n"));
        apart("{ \"version\": 1 }", &[], Some("{ \"version\": 1 }"));
        apart(
            "mode: none\nv=STSv1; id=1\nmax_age: 1\n",
            &[],
            Some("mode: none\nv=STSv1; id=1\nmax_age: 1\n"),
        );
    }

    #[test]
    fn both() {
        apart("v=STSv1; id=1\n\nversion: STSv1\n", &["sts |v=STSv1; id=1"], Some("version: STSv1\n"));
        apart("version: STSv1\n\nv=STSv1; id=1\n", &["sts |v=STSv1; id=1"], Some("version: STSv1\n"));
        apart("v=STSv1; id=1\r\nmode: none", &["sts |v=STSv1; id=1"], Some("mode: none"));
        apart("v=STSv1; id=1\nmode: a\n\n", &["sts |v=STSv1; id=1"], Some("mode: a\n\n")); // its last line is blank
    }

    #[test]
    fn zone_files() {
        let record = &["sts _mta-sts.example.com.|v=STSv1; id=|x"];
        apart("_mta-sts.example.com. 3600 IN TXT \"v=STSv1; id=\" \"x\"", record, None);
        apart("_mta-sts.example.com. TXT \"v=STSv1; id=\" \"x\" ; why\n", record, None);
        apart("_mta-sts.example.com. IN 1h TXT ( \"v=STSv1; id=\" ; a\n  \"x\" )\n", record, None); // in lines
        apart("_mta-sts IN TXT \"a\\\"b\\;c\\009d\"", &["sts _mta-sts|a\"b;c\td"], None); // escapes undone
        apart("_mta-sts IN TXT v=STSv1; id=1", &["sts _mta-sts|v=STSv1"], None); // an unquoted `;` begins a comment
        apart("_mta-sts TXT v=STSv1; id=1", &["sts _mta-sts|v=STSv1; id=1"], None); // a table, not a zone file
        apart("@ IN TXT \"v=spf1 -all\"\n_mta-sts TXT \"x\"", &["sts _mta-sts|x"], None); // not ours
        apart("TXT \"v=STSv1;\"", &["sts |v=STSv1;"], None);
        apart(
            "$TTL 1h\n; mail\n@ IN MX 10 mx\n_smtp._tls IN TXT \"v=TLSRPTv1; rua=mailto:a@b\"\n",
            &["rpt _smtp._tls|v=TLSRPTv1; rua=mailto:a@b"],
            None,
        );
        apart("_smtp._tls TXT ( \"a\"\nmode: none", &["rpt _smtp._tls|a"], Some("mode: none")); // never closed
        apart("note: TXT \"a\"", &[], Some("note: TXT \"a\"")); // no owner name
        let paste = tell_apart(b"_MTA-STS.Example.com. TXT \"v=STSv1; id=1\"");
        assert_eq!(paste.records[0].domain(), Some("Example.com"));
        assert_eq!(tell_apart(b"_mta-sts TXT \"v=STSv1;\"").records[0].domain(), None); // relative
    }

    #[test]
    fn answers_of_tools() {
        let record = &["sts _mta-sts.example.com|v=STSv1; id=1"];
        apart("_mta-sts.example.com descriptive text \"v=STSv1; id=1\"\n", record, None);
        apart(
            "Server:\t1.1.1.1\nAddress:\t1.1.1.1#53\n\n_mta-sts.example.com\ttext = \"v=STSv1; id=1\"\n",
            record,
            None,
        );
        apart("_mta-sts.example.com text =\n\n\t\"v=STSv1; id=1\"\n", record, None); // nslookup of Windows
        apart(
            "; <<>> DiG 9.18 <<>> TXT _mta-sts.example.com\n;; ANSWER SECTION:\n\
             _mta-sts.example.com. 60 IN CNAME a.example.net.\na.example.net. 60 IN TXT \"v=STSv1; id=1\"\n\n;; Query time: 1\n",
            &["sts a.example.net.|v=STSv1; id=1"],
            None,
        );
        apart("\"v=STSv1; \" \"id=1\"", &["sts |v=STSv1; |id=1"], None); // dig +short
        apart("\"v=STSv1\\; id=1\"", &["sts |v=STSv1; id=1"], None); // as old versions of dig escape
        apart("a.example.net.\n\"v=STSv1; id=1\"", &["sts |v=STSv1; id=1"], None); // dig +short of an alias
    }

    #[test]
    fn a_kind_that_is_known_is_not_told() {
        let kind = |text: &str, kind| shown(text, &Paste::of_kind(text.as_bytes(), kind));
        assert_eq!(kind("hello\n\nid: 1\n", TextKind::Record).0, ["sts |hello", "sts |id: 1"]);
        assert_eq!(kind("v=STSv1; id=1", TextKind::Tlsrpt).0, ["rpt |v=STSv1; id=1"]);
        assert_eq!(kind("_mta-sts TXT \"a\"", TextKind::Tlsrpt).0, ["rpt _mta-sts|a"]);
        assert_eq!(kind("v=STSv1; id=1", TextKind::Policy).1.as_deref(), Some("v=STSv1; id=1"));
        // A name with its dot is the target of an alias where the next line is an answer, and only there.
        let answer = "_mta-sts.a.example. 60 IN TXT \"v=STSv1; id=1\"\n";
        let text = format!("{answer}hello.\n");
        assert_eq!(kind(&text, TextKind::Record).0, ["sts _mta-sts.a.example.|v=STSv1; id=1", "sts |hello."]);
    }

    #[test]
    fn every_octet_knows_its_place() {
        let text = b"_mta-sts TXT \"v=ST\" \"Sv1\\; id=\\049\"";
        let paste = tell_apart(text);
        let record = &paste.records[0].record;
        assert_eq!(record.strings.concat(), b"v=STSv1; id=1");
        let source = record.source.as_ref().expect("a pasted record has a source");
        for (span, expected) in [
            (Span::new(0, 4), "v=ST"),
            (Span::new(2, 7), "ST\" \"Sv1"), // across the cut
            (Span::new(7, 8), "\\;"),
            (Span::new(12, 13), "\\049"),
            (Span::point(13), ""),
            (Span::new(0, 99), "v=ST\" \"Sv1\\; id=\\049"), // beyond the end is the end
        ] {
            assert_eq!(String::from_utf8_lossy(source.place(span).of(text)), expected, "{span:?}");
        }
        assert_eq!(source.place(Span::point(13)).start as usize, text.len() - 1, "before the closing quote");
    }
}
