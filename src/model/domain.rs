//! The policy domain (RFC 8461 §1.1): the part of an address after the `@`.

use super::idna;
use crate::quote::quote;
use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::net::IpAddr;

/// A policy domain in A-labels, lower case, without the root dot: two or more labels, at most [`Domain::MAX`] octets.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Domain(String);

impl Domain {
    /// The most octets of a policy domain: with `mta-sts.` before it, it is still a name of 253 (RFC 1035 §2.3.4).
    pub const MAX: usize = 253 - "mta-sts.".len();

    /// Reads a domain that stands by itself, in A-labels or not.
    pub fn read(text: &str) -> Result<Self, DomainFault> {
        if let Some(found) = text.chars().find(|c| !may_stand_in_name(*c)) {
            return Err(match found {
                '[' | ']' => DomainFault::AddressLiteral,
                ':' if text.parse::<IpAddr>().is_ok() => DomainFault::Address,
                c if c.is_whitespace() => DomainFault::Space,
                c => DomainFault::BadChar { found: c },
            });
        }
        let name = idna::to_ascii(text).ok_or_else(|| DomainFault::NotIdna { name: text.to_owned() })?;
        Self::of_a_labels(name)
    }

    /// Takes a name in lower-case ASCII.
    fn of_a_labels(name: String) -> Result<Self, DomainFault> {
        if is_number(name.rsplit('.').next().unwrap_or(&name)) {
            return Err(DomainFault::Address);
        }
        for label in name.split('.') {
            if label.is_empty() {
                return Err(DomainFault::EmptyLabel);
            }
            if label.starts_with('-') || label.ends_with('-') {
                return Err(DomainFault::Hyphen { label: label.to_owned() });
            }
            if label.len() > 63 {
                return Err(DomainFault::LabelTooLong { label: label.to_owned() });
            }
        }
        if let Some(found) = name.chars().find(|c| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '.'))) {
            return Err(DomainFault::BadChar { found });
        }
        if name.len() > Self::MAX {
            return Err(DomainFault::TooLong { octets: name.len() });
        }
        if !name.contains('.') {
            return Err(DomainFault::SingleLabel { label: name });
        }
        Ok(Self(name))
    }

    /// Reads what a person typed or pasted: a domain, an address, a URL, or one of the names MTA-STS makes of a domain.
    ///
    /// ```
    /// use mta_sts::model::Domain;
    /// let typed = Domain::typed("https://mta-sts.example.com/.well-known/mta-sts.txt").unwrap();
    /// assert_eq!(typed.domain.as_str(), "example.com");
    /// assert_eq!(typed.notes[0].to_string(), "took the host of the URL");
    /// ```
    pub fn typed(text: &str) -> Result<TypedDomain, DomainFault> {
        if text.len() > MAX_TYPED {
            return Err(DomainFault::TextTooLong { octets: text.len() });
        }
        let mut notes = Vec::new();
        let mut name = text.trim();
        if let Some(inner) = unwrapped(name) {
            name = inner;
            notes.push(Note::Unwrapped);
        }
        // An address literal is told by its brackets; what is around them does not matter.
        if name.contains('[') && name.contains(']') {
            return Err(DomainFault::AddressLiteral);
        }
        if name.parse::<IpAddr>().is_ok() {
            return Err(DomainFault::Address);
        }
        let is_url = match name.split_once("://") {
            Some((_, rest)) => {
                name = rest;
                true
            }
            None => false,
        };
        let mailto = name.get(..7).filter(|scheme| scheme.eq_ignore_ascii_case("mailto:"));
        name = mailto.map_or(name, |scheme| &name[scheme.len()..]);
        let host = name.split(['/', '?', '#', '\\']).next().unwrap_or(name);
        let is_url = is_url || host.len() < name.len() && mailto.is_none();
        name = host;
        if let Some((_, domain)) = name.rsplit_once('@') {
            name = domain;
            if !is_url {
                notes.push(Note::Address);
            }
        }
        let port = name.rsplit_once(':').filter(|(_, port)| port.bytes().all(|b| b.is_ascii_digit()));
        name = port.map_or(name, |(host, _)| host);
        if is_url || port.is_some() {
            notes.push(Note::Url);
        }
        name = name.trim();
        if let Some(rest) = name.strip_suffix('.').filter(|rest| !rest.is_empty() && !rest.ends_with('.')) {
            name = rest;
            notes.push(Note::RootDot);
        }
        if name.is_empty() {
            return Err(DomainFault::Empty);
        }
        let name = without_prefix(name, is_url, &mut notes);
        let domain = Self::read(name)?;
        if !name.is_ascii() {
            notes.push(Note::ALabels { name: domain.0.clone() });
        } else if domain.0 != name {
            notes.push(Note::LowerCase);
        }
        Ok(TypedDomain { domain, notes })
    }

    /// A name in A-labels and lower case (RFC 5891 §4), or `None` if that cannot be. Lengths are not judged,
    /// nor labels that are ASCII already.
    ///
    /// `bücher.example` becomes `xn--bcher-kva.example`.
    #[must_use]
    pub fn to_a_labels(name: &str) -> Option<String> {
        if !name.chars().all(|c| may_stand_in_name(c) || c == '_') {
            return None;
        }
        idna::to_ascii(name)
    }

    /// Whether a label is an A-label (RFC 5890 §2.3.2.1): it begins with `xn--` and stands for a U-label.
    ///
    /// `xn--bcher-kva` is one; `xn--a` and `bcher` are not.
    #[must_use]
    pub fn is_a_label(label: &str) -> bool {
        idna::u_label(label).is_some()
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The name as people write it: in U-labels, where it has any.
    #[must_use]
    pub fn to_unicode(&self) -> String {
        let labels: Vec<String> =
            self.0.split('.').map(|label| idna::u_label(label).unwrap_or_else(|| label.to_owned())).collect();
        labels.join(".")
    }
}

impl fmt::Display for Domain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A domain, and how it was made of what a person typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypedDomain {
    /// The domain.
    pub domain: Domain,
    /// What was done to the text, in order.
    pub notes: Vec<Note>,
}

/// One thing that was done to the text that was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Note {
    /// Quotes or angle brackets around it went.
    Unwrapped,
    /// Only the host of a URL was kept.
    Url,
    /// Only the domain of an e-mail address was kept.
    Address,
    /// The final dot went.
    RootDot,
    /// A label that MTA-STS, TLSRPT or the web puts before a domain went.
    Prefix {
        /// With its dot.
        prefix: &'static str,
    },
    /// Letters became lower case.
    LowerCase,
    /// An internationalised name became A-labels.
    ALabels {
        /// The name in A-labels.
        name: String,
    },
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unwrapped => f.write_str("left out what the name was wrapped in"),
            Self::Url => f.write_str("took the host of the URL"),
            Self::Address => f.write_str("took the domain of the e-mail address"),
            Self::RootDot => f.write_str("left out the final dot"),
            Self::Prefix { prefix: "www." } => {
                f.write_str("left out `www.`: mail goes to the domain, not to its web server")
            }
            Self::Prefix { prefix } => write!(f, "left out `{prefix}`, which comes before the domain"),
            Self::LowerCase => f.write_str("wrote it in lower case, which means the same"),
            Self::ALabels { name } => write!(f, "asked for as `{name}`, its form in the DNS"),
        }
    }
}

/// Why a text is no policy domain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DomainFault {
    /// There is nothing, or nothing where the domain should be.
    Empty,
    /// The text is longer than any name, address or URL needs to be.
    TextTooLong {
        /// Its length in octets.
        octets: usize,
    },
    /// An address literal (RFC 5321 §4.1.3), which has no policy.
    AddressLiteral,
    /// An IP address.
    Address,
    /// White space inside.
    Space,
    /// A character that no mail domain has.
    BadChar {
        /// The character.
        found: char,
    },
    /// Nothing before, between or after dots.
    EmptyLabel,
    /// A label with a hyphen at an end.
    Hyphen {
        /// The label.
        label: String,
    },
    /// A label of more than 63 octets.
    LabelTooLong {
        /// The label, in its form in the DNS.
        label: String,
    },
    /// More than [`Domain::MAX`] octets.
    TooLong {
        /// The length of its form in the DNS, in octets.
        octets: usize,
    },
    /// One label by itself.
    SingleLabel {
        /// The label.
        label: String,
    },
    /// A name that IDNA does not allow.
    NotIdna {
        /// The name.
        name: String,
    },
}

impl fmt::Display for DomainFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("there is no domain in it; write one, such as `example.com`"),
            Self::TextTooLong { octets } => write!(
                f,
                "the text is {octets} octets long, more than any name or address needs; write the domain alone, such as `example.com`"
            ),
            Self::AddressLiteral => f.write_str(
                "an address literal in brackets has no policy (RFC 8461 §3.4); write the domain of a mail address, such as `example.com`",
            ),
            Self::Address => f.write_str(
                "an IP address has no policy, only domains do; write the domain of a mail address, such as `example.com`",
            ),
            Self::Space => {
                f.write_str("there is a space inside the name, which no domain has; check one domain at a time")
            }
            Self::BadChar { found: '_' } => f.write_str(
                "the name contains `_`, which no mail domain has; leave out labels such as `_dmarc.`",
            ),
            Self::BadChar { found } => write!(
                f,
                "the name contains {} (U+{:04X}), which no mail domain has; write letters, digits, hyphens and dots",
                quote(found.encode_utf8(&mut [0; 4]).as_bytes()),
                u32::from(*found)
            ),
            Self::EmptyLabel => {
                f.write_str("there is nothing before, between or after dots of the name; write it as in `example.com`")
            }
            Self::Hyphen { label } => write!(
                f,
                "the label {} begins or ends with a hyphen, which the DNS does not allow; check how it is spelled",
                quote(label.as_bytes())
            ),
            Self::LabelTooLong { label } => write!(
                f,
                "the label {} is {} octets long; 63 are the most (RFC 1035 §2.3.4); check how it is spelled",
                quote(label.as_bytes()),
                label.len()
            ),
            Self::TooLong { octets } => write!(
                f,
                "the name is {octets} octets long; {} are the most, since `mta-sts.` goes before it (RFC 1035 §2.3.4)",
                Domain::MAX
            ),
            Self::SingleLabel { label } => write!(
                f,
                "{} is a single label, no mail domain; write the whole name, such as `example.com`",
                quote(label.as_bytes())
            ),
            Self::NotIdna { name } => write!(
                f,
                "{} is not an internationalised name that the DNS can hold (RFC 5891); check how it is spelled",
                quote(name.as_bytes())
            ),
        }
    }
}

impl core::error::Error for DomainFault {}

/// The most octets of a text that is looked at for a domain.
const MAX_TYPED: usize = 2048;

/// Whether a character may be part of a name as it is typed; IDNA has the last word on those outside ASCII.
fn may_stand_in_name(c: char) -> bool {
    c.is_ascii_alphanumeric()
        || matches!(c, '-' | '.')
        || !(c.is_ascii() || c.is_whitespace() || c.is_control())
}

/// Whether a last label makes a browser read the whole name as an address: decimal, or hexadecimal after `0x`.
fn is_number(label: &str) -> bool {
    let hexadecimal = label.strip_prefix("0x");
    let is_digit = |b: u8| if hexadecimal.is_some() { b.is_ascii_hexdigit() } else { b.is_ascii_digit() };
    !label.is_empty() && hexadecimal.unwrap_or(label).bytes().all(is_digit)
}

/// What stands between quotes or angle brackets.
fn unwrapped(text: &str) -> Option<&str> {
    const PAIRS: [(char, char); 6] =
        [('"', '"'), ('\'', '\''), ('`', '`'), ('<', '>'), ('\u{201C}', '\u{201D}'), ('(', ')')];
    let inner = |(open, close): &(char, char)| text.strip_prefix(*open)?.strip_suffix(*close);
    PAIRS.iter().find_map(inner).map(str::trim)
}

/// The name without the labels that MTA-STS and TLSRPT put before a domain, and a URL's `www.`;
/// unless that would leave a single label.
fn without_prefix<'a>(name: &'a str, is_url: bool, notes: &mut Vec<Note>) -> &'a str {
    const PREFIXES: [&str; 4] = ["_mta-sts.", "mta-sts.", "_smtp._tls.", "www."];
    for prefix in &PREFIXES[..if is_url { 4 } else { 3 }] {
        let (Some(start), Some(rest)) = (name.get(..prefix.len()), name.get(prefix.len()..)) else {
            continue;
        };
        if start.eq_ignore_ascii_case(prefix) && rest.contains('.') {
            notes.push(Note::Prefix { prefix });
            return rest;
        }
    }
    name
}

#[cfg(test)]
mod tests {
    use super::{Domain, DomainFault, MAX_TYPED};

    #[track_caller]
    fn typed(text: &str, domain: &str, notes: &[&str]) {
        let typed = Domain::typed(text).unwrap();
        let said: Vec<String> = typed.notes.iter().map(ToString::to_string).collect();
        assert_eq!((typed.domain.as_str(), said), (domain, notes.iter().map(ToString::to_string).collect()));
    }

    #[test]
    fn people_type_more_than_a_domain() {
        let url = "took the host of the URL";
        let address = "took the domain of the e-mail address";
        let dot = "left out the final dot";
        let lower = "wrote it in lower case, which means the same";
        let mta_sts = "left out `mta-sts.`, which comes before the domain";
        let www = "left out `www.`: mail goes to the domain, not to its web server";
        let wrapped = "left out what the name was wrapped in";
        typed("example.com", "example.com", &[]);
        typed(" \texample.com\r\n", "example.com", &[]); // white space around it is not worth a word
        typed("Example.COM.", "example.com", &[dot, lower]);
        typed("https://mta-sts.example.com/.well-known/mta-sts.txt", "example.com", &[url, mta_sts]);
        typed("mta-sts.example.com/.well-known/mta-sts.txt", "example.com", &[url, mta_sts]);
        typed("https://user:pw@www.example.com:8443/?q#f", "example.com", &[url, www]);
        typed("www.example.com", "www.example.com", &[]); // typed by itself it may be meant
        typed("example.com:25", "example.com", &[url]);
        typed("postmaster@example.com", "example.com", &[address]);
        typed("@example.com", "example.com", &[address]);
        typed("\"odd@local\"@example.com", "example.com", &[address]); // the last `@` counts (RFC 5321 §4.1.2)
        typed("mailto:a@example.com?subject=x/y", "example.com", &[address]);
        typed("MAILTO:example.com", "example.com", &[]);
        typed("<a@example.com>", "example.com", &[wrapped, address]);
        typed(
            "_mta-sts.example.com",
            "example.com",
            &["left out `_mta-sts.`, which comes before the domain"],
        );
        typed(
            "_SMTP._TLS.example.com.",
            "example.com",
            &[dot, "left out `_smtp._tls.`, which comes before the domain"],
        );
        typed("mta-sts.example", "mta-sts.example", &[]); // a domain of two labels
        typed(
            "bücher.example",
            "xn--bcher-kva.example",
            &["asked for as `xn--bcher-kva.example`, its form in the DNS"],
        );
        typed("xn--bcher-kva.example", "xn--bcher-kva.example", &[]);
        typed("xn--a.example", "xn--a.example", &[]); // the DNS can be asked for it, whatever IDNA says
        typed("1.example.com", "1.example.com", &[]); // digits are a label
        let longest =
            [&"a".repeat(63)[..], &"b".repeat(63), &"c".repeat(63), &"d".repeat(49), "com"].join(".");
        typed(&longest, &longest, &[]); // 245 octets
    }

    #[track_caller]
    fn refused(text: &str, fault: DomainFault) {
        assert_eq!(Domain::typed(text), Err(fault), "{text:?}");
    }

    #[test]
    fn what_has_no_policy_is_refused_with_the_reason() {
        use DomainFault as F;
        refused("", F::Empty);
        refused(" ", F::Empty);
        refused(".", F::EmptyLabel);
        refused("someone@", F::Empty);
        refused("https:///x", F::Empty);
        refused("user@[192.0.2.1]", F::AddressLiteral);
        refused("[IPv6:2001:db8::1]", F::AddressLiteral);
        refused("https://[2001:db8::1]/", F::AddressLiteral);
        refused("192.0.2.1", F::Address);
        refused("2001:db8::1", F::Address);
        refused("example.0x1f", F::Address); // a browser would make an address of it
        refused("example.com example.org", F::Space);
        refused("example.com,example.org", F::BadChar { found: ',' });
        refused("_dmarc.example.com", F::BadChar { found: '_' });
        refused("ex%41mple.com", F::BadChar { found: '%' });
        refused("exa\0mple.com", F::BadChar { found: '\0' });
        refused("example..com", F::EmptyLabel);
        refused("example.com..", F::EmptyLabel);
        refused(".example.com", F::EmptyLabel);
        refused("-example.com", F::Hyphen { label: "-example".into() });
        refused("com", F::SingleLabel { label: "com".into() });
        refused("a\u{202E}b.example", F::NotIdna { name: "a\u{202E}b.example".into() });
        let label = "a".repeat(64);
        refused(&format!("{label}.com"), F::LabelTooLong { label });
        refused(&format!("{}com", "abcde.".repeat(41)), F::TooLong { octets: 249 }); // a name, but not after `mta-sts.`
        refused(&"a".repeat(MAX_TYPED + 1), F::TextTooLong { octets: 2049 });
    }

    #[test]
    fn a_fault_says_what_to_write_instead() {
        let said = Domain::typed("exa\u{1b}mple.com").unwrap_err().to_string();
        assert_eq!(
            said,
            "the name contains `\\u{1B}` (U+001B), which no mail domain has; write letters, digits, hyphens and dots"
        );
    }

    #[test]
    fn people_read_u_labels() {
        for (name, unicode) in [
            ("xn--bcher-kva.example", "bücher.example"),
            ("xn--a.example", "xn--a.example"), // stands for nothing
            ("example.com", "example.com"),
        ] {
            assert_eq!(Domain::read(name).unwrap().to_unicode(), unicode);
        }
    }
}
