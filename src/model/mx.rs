//! `mx` patterns (RFC 8461 §3.2, `sts-policy-mx-value`) and how they match (§4.1).

use alloc::string::String;
use core::net::{Ipv4Addr, Ipv6Addr};

/// A pattern for MX host names: a name, or `*.` and a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct MxPattern<'a> {
    /// Whether it begins with `*.`, which stands for exactly one label.
    pub wildcard: bool,
    /// The name, or what follows `*.`, as written.
    pub domain: &'a str,
}

/// Why a value is no pattern: the first of these that fits, in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MxFault {
    /// A URL.
    Url,
    /// An address, in brackets or not.
    IpLiteral,
    /// `*` or `*.` alone.
    BareWildcard,
    /// An MX preference before the name.
    Preference,
    /// Several names.
    List,
    /// A port after the name.
    Port,
    /// Letters outside ASCII.
    ULabel,
    /// `*` elsewhere than as the whole first label.
    WildcardPosition,
    /// Another character that no host name holds.
    BadChar,
    /// An underscore.
    Underscore,
    /// A leading dot.
    LeadingDot,
    /// A trailing dot.
    TrailingDot,
    /// Two dots in a row.
    EmptyLabel,
    /// A label that begins or ends with a hyphen.
    HyphenEdge,
    /// A label longer than 63 octets.
    LabelTooLong,
    /// A name longer than 253 octets.
    NameTooLong,
}

impl MxFault {
    /// The id of the rule about it.
    #[must_use]
    pub const fn rule(self) -> &'static str {
        match self {
            Self::Url => "mx-url",
            Self::IpLiteral => "mx-ip-literal",
            Self::BareWildcard => "mx-bare-wildcard",
            Self::Preference => "mx-preference",
            Self::List => "mx-list",
            Self::Port => "mx-port",
            Self::ULabel => "mx-u-label",
            Self::WildcardPosition => "mx-wildcard-position",
            Self::BadChar => "mx-bad-char",
            Self::Underscore => "mx-underscore",
            Self::LeadingDot => "mx-leading-dot",
            Self::TrailingDot => "mx-trailing-dot",
            Self::EmptyLabel => "mx-empty-label",
            Self::HyphenEdge => "mx-hyphen-edge",
            Self::LabelTooLong => "mx-label-too-long",
            Self::NameTooLong => "mx-name-too-long",
        }
    }
}

/// What there is to say about any of the `mx` values of a policy, as a set of bits, so that a rule about one of them
/// looks no further in a policy that has none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct MxOdd(u32);

impl MxOdd {
    /// A pattern that begins with `*.`.
    pub const WILDCARD: Self = Self(1);
    /// A pattern whose name has one label.
    pub const SINGLE_LABEL: Self = Self(1 << 1);
    /// A pattern with upper-case letters.
    pub const UPPERCASE: Self = Self(1 << 2);
    /// A pattern with a hyphen, as every A-label has.
    pub const HYPHEN: Self = Self(1 << 3);

    /// A value that is no pattern for this reason.
    #[must_use]
    pub const fn fault(fault: MxFault) -> Self {
        Self(1 << (16 + fault as u32))
    }

    /// Whether all of `other` is in this set.
    #[must_use]
    pub const fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Whether any value is no pattern.
    #[must_use]
    pub const fn has_fault(self) -> bool {
        self.0 >> 16 != 0
    }

    /// Both sets.
    const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl<'a> MxPattern<'a> {
    /// Reads `["*."] Domain` (RFC 5321 §4.1.2), or names the fault.
    ///
    /// ```
    /// use mta_sts::model::{MxFault, MxPattern};
    /// assert!(MxPattern::read(b"*.example.com").is_ok());
    /// assert_eq!(MxPattern::read(b".example.com"), Err(MxFault::LeadingDot));
    /// ```
    pub fn read(value: &'a [u8]) -> Result<Self, MxFault> {
        Self::read_noting(value, &mut MxOdd::default())
    }

    /// As [`MxPattern::read`]; adds to `odd` what there is to say about the value.
    pub(crate) fn read_noting(value: &'a [u8], odd: &mut MxOdd) -> Result<Self, MxFault> {
        let (wildcard, name) = match value.strip_prefix(b"*.") {
            Some(rest) => (true, rest),
            None => (false, value),
        };
        let Some((domain, more)) = domain(name) else {
            let fault = fault(value);
            *odd = odd.with(MxOdd::fault(fault));
            return Err(fault);
        };
        *odd = odd.with(more).with(if wildcard { MxOdd::WILDCARD } else { MxOdd::default() });
        Ok(Self { wildcard, domain })
    }

    /// Whether this is the same pattern, letter case aside.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        self.wildcard == other.wildcard && self.domain.eq_ignore_ascii_case(other.domain)
    }

    /// Whether this pattern matches the name in an MX record (RFC 8461 §4.1, RFC 6125 §6.4).
    /// ASCII case and a final root dot of `host` do not count.
    ///
    /// `*.example.com` matches `a.example.com`, not `example.com`, not `a.b.example.com`.
    #[must_use]
    pub fn matches(&self, host: &str) -> bool {
        let host = host.strip_suffix('.').unwrap_or(host);
        let name = if self.wildcard {
            let Some((label, rest)) = host.split_once('.') else { return false };
            if label.is_empty() {
                return false;
            }
            rest
        } else {
            host
        };
        name.eq_ignore_ascii_case(self.domain)
    }
}

impl core::fmt::Display for MxPattern<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(if self.wildcard { "*." } else { "" })?;
        f.write_str(self.domain)
    }
}

/// `Domain` (RFC 5321 §4.1.2) within the limits of DNS (RFC 1035 §2.3.4), and not a dotted IPv4 address, which that
/// grammar would let through; with what there is to say about it. Each octet is looked at once, and only a name that
/// has something rare is looked at again.
fn domain(name: &[u8]) -> Option<(&str, MxOdd)> {
    let mut seen = 0;
    let mut label = 0;
    for (at, byte) in name.iter().enumerate() {
        let kind = KINDS[usize::from(*byte)];
        seen |= kind;
        if kind == DOT {
            if at == label {
                return None;
            }
            label = at + 1;
        }
    }
    let last = &name[label..];
    if seen & OTHER != 0 || name.len() > 253 || last.is_empty() {
        return None;
    }
    let labels = || name.split(|b| *b == b'.');
    if name.len() > 63 && labels().any(|label| label.len() > 63) {
        return None;
    }
    if seen & HYPHEN != 0 && labels().any(|label| label.starts_with(b"-") || label.ends_with(b"-")) {
        return None;
    }
    // No top-level domain is a number.
    if last[last.len() - 1].is_ascii_digit() && last.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let mut odd = MxOdd::default();
    if seen & DOT == 0 {
        odd = odd.with(MxOdd::SINGLE_LABEL);
    }
    if seen & UPPER != 0 {
        odd = odd.with(MxOdd::UPPERCASE);
    }
    if seen & HYPHEN != 0 {
        odd = odd.with(MxOdd::HYPHEN);
    }
    Some((str::from_utf8(name).ok()?, odd))
}

const LOWER: u8 = 1;
const UPPER: u8 = 1 << 1;
const DIGIT: u8 = 1 << 2;
const HYPHEN: u8 = 1 << 3;
const DOT: u8 = 1 << 4;
const OTHER: u8 = 1 << 5;

/// What each octet is in a name, as a bit.
const KINDS: [u8; 256] = {
    let mut kinds = [OTHER; 256];
    let mut byte = 0_u8;
    while byte < 128 {
        kinds[byte as usize] = match byte {
            b'a'..=b'z' => LOWER,
            b'A'..=b'Z' => UPPER,
            b'0'..=b'9' => DIGIT,
            b'-' => HYPHEN,
            b'.' => DOT,
            _ => OTHER,
        };
        byte += 1;
    }
    kinds
};

/// The first fault that fits a value that is no pattern.
fn fault(value: &[u8]) -> MxFault {
    let text = String::from_utf8_lossy(value);
    let name = text.strip_prefix("*.").unwrap_or(&text);
    let parts = || text.split(is_separator).filter(|part| !part.is_empty());
    let labels = || name.split('.');
    if text.contains("://") {
        MxFault::Url
    } else if is_address(&text) {
        MxFault::IpLiteral
    } else if matches!(&*text, "*" | "*.") {
        MxFault::BareWildcard
    } else if is_preference(&text) {
        MxFault::Preference
    } else if parts().nth(1).is_some() {
        MxFault::List
    } else if text.rsplit_once(':').is_some_and(|(_, port)| is_digits(port)) {
        MxFault::Port
    } else if text.chars().any(|c| !c.is_ascii() && c != '\u{FFFD}' && c.is_alphabetic()) {
        MxFault::ULabel
    } else if name.contains('*') {
        MxFault::WildcardPosition
    } else if name.chars().any(|c| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_'))) {
        MxFault::BadChar
    } else if name.contains('_') {
        MxFault::Underscore
    } else if text.starts_with('.') {
        MxFault::LeadingDot
    } else if name.ends_with('.') && !name.ends_with("..") {
        MxFault::TrailingDot
    } else if labels().any(str::is_empty) {
        MxFault::EmptyLabel
    } else if labels().any(|label| label.starts_with('-') || label.ends_with('-')) {
        MxFault::HyphenEdge
    } else if labels().any(|label| label.len() > 63) {
        MxFault::LabelTooLong
    } else if name.len() > 253 {
        MxFault::NameTooLong
    } else {
        // All that is left is a name whose last label is a number.
        MxFault::IpLiteral
    }
}

/// What people put between the members of a list.
pub(crate) fn is_separator(c: char) -> bool {
    matches!(c, ',' | ';') || c.is_ascii_whitespace()
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

/// An address literal (RFC 5321 §4.1.3) or a bare IPv4 or IPv6 address.
fn is_address(text: &str) -> bool {
    text.starts_with('[')
        || text.parse::<Ipv4Addr>().is_ok()
        || text.parse::<Ipv6Addr>().is_ok()
        || (text.contains('.') && text.split('.').all(is_digits))
}

/// A number, white space, one name: the form of an MX record.
fn is_preference(text: &str) -> bool {
    let mut words = text.split_ascii_whitespace();
    words.next().is_some_and(is_digits) && words.next().is_some() && words.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::{MxFault, MxPattern};

    #[track_caller]
    fn read(value: &str, expected: Result<(bool, &str), MxFault>) {
        let read = MxPattern::read(value.as_bytes()).map(|p| (p.wildcard, p.domain));
        assert_eq!(read, expected, "{value:?}");
    }

    #[test]
    fn a_value_is_a_pattern_or_has_one_fault() {
        use MxFault as F;
        read("mx.example.com", Ok((false, "mx.example.com")));
        read("*.example.com", Ok((true, "example.com")));
        read("mailhost", Ok((false, "mailhost"))); // one label is grammatical
        read("10.example.com", Ok((false, "10.example.com"))); // digits are a label
        read("https://mx.example.com", Err(F::Url));
        read("[192.0.2.1]", Err(F::IpLiteral));
        read("192.0.2.1", Err(F::IpLiteral)); // inside the ABNF, and still an address
        read("2001:db8::25", Err(F::IpLiteral)); // not a name with a port
        read("mx.example.123", Err(F::IpLiteral)); // no top-level domain is a number
        read("*", Err(F::BareWildcard));
        read("*.", Err(F::BareWildcard));
        read("10 mx.example.com", Err(F::Preference));
        read("10 mx.example.com mx2.example.com", Err(F::List)); // more than one name: a list
        read("a.example.com,b.example.com", Err(F::List));
        read("a.example.com\tb.example.com", Err(F::List));
        read("a.example.com,", Err(F::BadChar)); // nothing follows: one name with a stray comma
        read("mx.example.com:25", Err(F::Port));
        read("mx.bücher.example", Err(F::ULabel));
        read("mx.example.com\u{200b}", Err(F::BadChar)); // an invisible space is no letter
        read("mx*.example.com", Err(F::WildcardPosition));
        read("*.*.example.com", Err(F::WildcardPosition));
        read("<mx.example.com>", Err(F::BadChar));
        read("mx_1.example.com", Err(F::Underscore));
        read(".example.com", Err(F::LeadingDot));
        read("mx.example.com.", Err(F::TrailingDot));
        read("*.example.com.", Err(F::TrailingDot));
        read("mx..example.com", Err(F::EmptyLabel));
        read("*..example.com", Err(F::EmptyLabel));
        read("-mx.example.com", Err(F::HyphenEdge));
        read("mx-.example.com", Err(F::HyphenEdge));
        read(&format!("{}.com", "a".repeat(63)), Ok((false, &format!("{}.com", "a".repeat(63)))));
        read(&format!("{}.com", "a".repeat(64)), Err(F::LabelTooLong));
        read(&vec!["a".repeat(49); 6].join("."), Err(F::NameTooLong)); // 299 octets
        read("", Err(F::EmptyLabel)); // empty values never get here from a policy
    }

    #[test]
    fn a_wildcard_stands_for_one_label() {
        let pattern = MxPattern::read(b"*.example.com").unwrap();
        assert!(pattern.matches("A.Example.COM.")); // case and root dot do not count
        assert!(!pattern.matches("example.com")); // no label
        assert!(!pattern.matches(".example.com")); // an empty label is none
        assert!(!pattern.matches("a.b.example.com")); // two labels
    }
}
