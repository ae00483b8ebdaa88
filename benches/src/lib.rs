//! What is measured: policies as people publish them, and texts made to be slow.

/// A policy as most domains publish it: enforce, two hosts, one week.
pub const TYPICAL: &str =
    "version: STSv1\nmode: enforce\nmx: mx1.example.com\nmx: mx2.example.com\nmax_age: 604800\n";

/// A policy that names `hosts` hosts, each another.
#[must_use]
pub fn with_hosts(hosts: usize) -> String {
    let lines: Vec<String> = (1..=hosts).map(|host| format!("mx: mx{host}.mail.example.com\n")).collect();
    format!("version: STSv1\nmode: enforce\n{}max_age: 1209600\n", lines.concat())
}

/// The policies by name. The largest is about as large as senders read.
#[must_use]
pub fn policies() -> Vec<(&'static str, String)> {
    vec![("typical", TYPICAL.to_owned()), ("20 mx", with_hosts(20)), ("1600 mx", with_hosts(1_600))]
}

/// The sizes of texts made to be slow, in octets: each twice the one before, up to what senders read of a policy.
pub const SIZES: [usize; 7] = [1_024, 2_048, 4_096, 8_192, 16_384, 32_768, 65_536];

/// A text made to be slow, of any size.
#[derive(Debug, Clone, Copy)]
pub struct Shape {
    /// What it is made of.
    pub name: &'static str,
    before: &'static [u8],
    unit: Unit,
    after: &'static [u8],
}

/// What is repeated until a text is long enough.
#[derive(Debug, Clone, Copy)]
enum Unit {
    /// The same octets.
    Same(&'static [u8]),
    /// A text in which `#` is the number of the repeat.
    Counted(&'static str),
}

impl Shape {
    /// The text, `size` octets of it.
    #[must_use]
    pub fn text(&self, size: usize) -> Vec<u8> {
        let mut text = self.before.to_vec();
        let room = size.saturating_sub(self.after.len());
        let mut count = 0_u32;
        while text.len() < room {
            match self.unit {
                Unit::Same(unit) => text.extend_from_slice(unit),
                Unit::Counted(unit) => text.extend(unit.replace('#', &format!("{count:04}")).bytes()),
            }
            count += 1;
        }
        text.truncate(room);
        text.extend_from_slice(self.after);
        text
    }
}

const fn same(name: &'static str, unit: &'static [u8]) -> Shape {
    Shape { name, before: b"", unit: Unit::Same(unit), after: b"" }
}

const fn counted(name: &'static str, unit: &'static str) -> Shape {
    Shape { name, before: b"", unit: Unit::Counted(unit), after: b"" }
}

impl Shape {
    const fn after(self, before: &'static [u8]) -> Self {
        Self { before, ..self }
    }

    const fn until(self, after: &'static [u8]) -> Self {
        Self { after, ..self }
    }
}

/// Every shape that made some version of the engine, or might make one, slow.
pub static SHAPES: &[Shape] = &[
    // Lines and their ends.
    same("LF only", b"\n"),
    same("CR only", b"\r"),
    same("CR LF only", b"\r\n"),
    same("CR CR LF", b"\r\r\n"),
    same("every line end", b"a: b\r\na: b\na: b\ra: b\n\r\r\n"),
    same("mixed blank lines", b"a: b\n\n"),
    same("spaces only", b" "),
    same("tabs only", b"\t"),
    same("one long line", b"x"),
    same("short lines without colon", b"x\n"),
    same("front matter", b"---\n"),
    same("comments", b"# mx: mx.example.com\n"),
    same("mode without colon", b"mode enforce\n"),
    same("indents", b" \t mode: none\n"),
    same("white space before colons", b"mode : none\n"),
    same("white space at line ends", b"mode: none \t\n"),
    // Fields.
    same("colons only", b":"),
    same("a colon a line", b":\n"),
    same("mode repeated", b"mode: enforce\n"),
    same("mode without value", b"mode:\n"),
    same("mx without value", b"mx:\n"),
    same("unknown field repeated", b"x: y\n"),
    counted("unknown fields", "x#: y\n"),
    same("mode misspelt", b"moed: none\n"),
    same("mode in capitals", b"MODE: none\n"),
    same("bad field names", b"a b: c\n"),
    same("list items", b"- mx: a.example\n"),
    same("second colons", b"x: a:b\n"),
    same("version in one line", b"mx: a.example ").after(b"version: STSv1 "),
    same("version of colons", b":").after(b"version: "),
    same("version of words", b"a:").after(b"version: "),
    same("version of line ends", b"n\\").after(b"version: STSv1").until(b" mode: none\n"),
    same("long mode", b"e").after(b"mode: "),
    same("long max_age", b"1").after(b"max_age: "),
    same("quoted max_age", b"\"").after(b"max_age: "),
    // Octets.
    same("NUL only", b"\0"),
    same("a NUL a line", b"a: \0\n"),
    same("not UTF-8", b"\xFF"),
    same("not UTF-8 between ASCII", b"x: \xFFa\xFF\n"),
    same("cut characters", b"\xF0\x9F\x98"),
    same("byte order marks", b"\xEF\xBB\xBF"),
    same("letters outside ASCII", "x: é\n".as_bytes()),
    same("emoji", "x: 😀\n".as_bytes()),
    same("one line of emoji", "😀".as_bytes()),
    same("UTF-16", b"m\0x\0:\0\n\0").after(b"\xFF\xFE"),
    same("a web page", b"<p>mx: a</p>\n").after(b"<html>"),
    same("a web page without end", b"a").after(b"<html"),
    // Patterns.
    same("mx repeated", b"mx: mx.example.com\n"),
    counted("mx of near names", "mx: mx#.example.com\n"),
    same("mx of one letter", b"mx: a\n"),
    counted("mx in capitals", "mx: MX#.EXAMPLE.COM\n"),
    counted("wildcards", "mx: *.a#.example\n"),
    same("covered names", b"mx: a.b.example\n").after(b"mx: *.b.example\n"),
    same("wildcard above .com", b"mx: *.com\n"),
    same("false A-labels", b"mx: xn--a.example\n"),
    same("long false A-labels", b"mx: xn--999999999999999999999999999999999999999999999999999.example\n"),
    same("A-labels only", b"xn--a.").after(b"mx: "),
    same("U-labels", "mx: bücher.example\n".as_bytes()),
    same("one long U-label", "ü".as_bytes()).after(b"mx: "),
    same("mx is a URL", b"mx: https://a.b/\n"),
    same("mx is an address", b"mx: 192.0.2.1\n"),
    same("mx is an IPv6 address", b"mx: 2001:db8::1\n"),
    same("mx is a wildcard", b"mx: *\n"),
    same("mx with preference", b"mx: 10 a.b\n"),
    same("mx is a list", b"mx: a.b,c.d\n"),
    same("mx is a long list", b"a.b,").after(b"mx: "),
    same("mx with port", b"mx: a.b:25\n"),
    same("mx of stars", b"mx: a*.b\n"),
    same("one mx of stars", b"*.").after(b"mx: "),
    same("mx with bad character", b"mx: <a.b>\n"),
    same("mx with underscore", b"mx: a_b\n"),
    same("mx with leading dot", b"mx: .a.b\n"),
    same("mx with trailing dot", b"mx: a.b.\n"),
    same("mx of dots", b"mx: a..b\n"),
    same("one mx of dots", b".").after(b"mx: "),
    same("mx with hyphen", b"mx: -a.b\n"),
    same("mx with long name", b"a.").after(b"mx: "),
    same("mx with long label", b"a").after(b"mx: "),
    same("mx of digits", b"1.").after(b"mx: "),
    // Records, and what tools print.
    same("semicolons only", b";"),
    same("version repeated", b"v=STSv1;"),
    same("a record a line", b"v=STSv1; id=1\n"),
    same("fields of a record", b"id=1;").after(b"v=STSv1;"),
    counted("unknown fields of a record", "x#=1;").after(b"v=STSv1; id=1;"),
    same("white space in a record", b" ").after(b"v=STSv1;").until(b"id=1"),
    same("equals signs", b"=").after(b"v=STSv1; id="),
    same("flags in a record", b"a;").after(b"v=STSv1; id=1;"),
    same("rua repeated", b"rua=mailto:a@b.example;").after(b"v=TLSRPTv1;"),
    same("long list of rua", b"mailto:a@b.example,").after(b"v=TLSRPTv1; rua="),
    same("commas in rua", b",").after(b"v=TLSRPTv1; rua="),
    same("exclamation points in rua", b"!").after(b"v=TLSRPTv1; rua=mailto:a@b.example"),
    same("percent signs in rua", b"%").after(b"v=TLSRPTv1; rua=mailto:"),
    same("commas inside URIs", b"https://a.example/,b,").after(b"v=TLSRPTv1; rua="),
    same("semicolons inside URIs", b"rua=https://a.example/?a;b;").after(b"v=TLSRPTv1;"),
    same("quotes", b"\""),
    same("quoted strings", b"\"v=STSv1;\" "),
    same("open parentheses", b"_mta-sts TXT ( \"v=STSv1;\"\n"),
    same("escapes", b"\\032").after(b"_mta-sts TXT \"v=STSv1;").until(b"\""),
    same("zone lines", b"_mta-sts.example.com. 300 IN TXT \"v=STSv1; id=1\"\n"),
    same("answers", b"a.example. text =\n\"v=STSv1; id=1\"\n"),
    same("answers of line ends", b"\n").after(b"a.example. text ="),
];
