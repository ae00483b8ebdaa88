//! The URL of a resolver, and of a question put to it (RFC 8484 §4.1).

use alloc::borrow::ToOwned;
use alloc::format;
use alloc::string::String;
use core::fmt;
use domain::utils::base64;

/// The longest URL of a resolver, in octets.
const MAX_URL: usize = 2048;

/// A resolver that answers over HTTPS, by its URL or URI template (RFC 8484 §3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resolver(String);

impl Resolver {
    /// Two resolvers that let any page ask them: the second is asked where the first fails.
    pub const DEFAULT: [&'static str; 2] =
        ["https://cloudflare-dns.com/dns-query", "https://dns.google/dns-query"];

    /// Reads a URL or a template that ends in `{?dns}`. Plain HTTP is for a resolver on this machine only.
    ///
    /// ```
    /// use mta_sts::dns::Resolver;
    /// assert!(Resolver::read("https://dns.example/dns-query{?dns}").is_ok());
    /// assert!(Resolver::read("http://[::1]:8053/dns-query").is_ok());
    /// assert!(Resolver::read("http://dns.example/dns-query").is_err());
    /// ```
    pub fn read(url: &str) -> Result<Self, ResolverFault> {
        let url = url.trim();
        let url = url.split_once('#').map_or(url, |(url, _)| url);
        if url.is_empty() {
            return Err(ResolverFault::Empty);
        }
        if url.len() > MAX_URL {
            return Err(ResolverFault::TooLong { octets: url.len() });
        }
        if let Some(found) = url.chars().find(|c| c.is_whitespace() || c.is_control()) {
            return Err(ResolverFault::BadChar { found });
        }
        let Some((scheme, rest)) = url.split_once("://") else { return Err(ResolverFault::NotHttps) };
        let authority = rest.split(['/', '?', '{']).next().unwrap_or(rest);
        if authority.contains('@') {
            return Err(ResolverFault::Credentials);
        }
        let host = match authority.strip_prefix('[') {
            Some(v6) => v6.split(']').next().unwrap_or(v6),
            None => authority.split(':').next().unwrap_or(authority),
        };
        if host.is_empty() {
            return Err(ResolverFault::NoHost);
        }
        let is_local = matches!(host, "127.0.0.1" | "localhost" | "::1");
        if !(scheme.eq_ignore_ascii_case("https") || scheme.eq_ignore_ascii_case("http") && is_local) {
            return Err(ResolverFault::NotHttps);
        }
        let plain =
            Self::TEMPLATES.iter().fold(url.to_owned(), |url, (template, _)| url.replacen(template, "", 1));
        if plain.contains(['{', '}']) {
            return Err(ResolverFault::Template);
        }
        Ok(Self(url.to_owned()))
    }

    /// The places a template has for the message (RFC 6570 §3.2.8, §3.2.9), and what goes before it there.
    const TEMPLATES: [(&'static str, &'static str); 2] = [("{?dns}", "?dns="), ("{&dns}", "&dns=")];

    /// The URL as it was given.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The URL that puts the question in `message`. Other query parameters are kept.
    #[must_use]
    pub fn url(&self, message: &[u8]) -> String {
        let Self(url) = self;
        let (at, len, before) = Self::TEMPLATES
            .iter()
            .find_map(|(template, before)| Some((url.find(template)?, template.len(), *before)))
            .unwrap_or((url.len(), 0, if url.contains('?') { "&dns=" } else { "?dns=" }));
        let mut text = Base64Url(format!("{}{before}", &url[..at]));
        // Writing to a String cannot fail.
        let _ = base64::display(message, &mut text);
        text.0 + &url[at + len..]
    }
}

/// Turns base64 as the DNS writes it into base64url without padding (RFC 4648 §5), as RFC 8484 §6 asks for.
struct Base64Url(String);

impl fmt::Write for Base64Url {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.extend(text.chars().filter(|c| *c != '=').map(|c| match c {
            '+' => '-',
            '/' => '_',
            other => other,
        }));
        Ok(())
    }
}

/// Why a text is no URL of a resolver.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ResolverFault {
    /// There is no text.
    Empty,
    /// It is longer than any URL needs to be.
    TooLong {
        /// Its length in octets.
        octets: usize,
    },
    /// White space or a control character.
    BadChar {
        /// The character.
        found: char,
    },
    /// It does not begin with `https://`.
    NotHttps,
    /// A user name before the host, which a browser refuses to send.
    Credentials,
    /// There is no host.
    NoHost,
    /// Another template than `{?dns}`.
    Template,
}

impl fmt::Display for ResolverFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("the resolver's URL is empty"),
            Self::TooLong { octets } => {
                write!(f, "the resolver's URL is {octets} octets long; {MAX_URL} is the most")
            }
            Self::BadChar { found } => {
                write!(f, "the resolver's URL contains U+{:04X}, which no URL does", u32::from(*found))
            }
            Self::NotHttps => f.write_str("the resolver's URL does not begin with `https://`"),
            Self::Credentials => {
                f.write_str("the resolver's URL has a user name before `@`; a browser does not send it")
            }
            Self::NoHost => f.write_str("the resolver's URL names no host"),
            Self::Template => {
                f.write_str("the resolver's URL has braces that are not the template `{?dns}` (RFC 8484 §3)")
            }
        }?;
        f.write_str("; write it as in `https://dns.example/dns-query`")
    }
}

impl core::error::Error for ResolverFault {}

#[cfg(test)]
mod tests {
    use super::{Resolver, ResolverFault};

    #[track_caller]
    fn url(resolver: &str, message: &[u8], expected: &str) {
        assert_eq!(Resolver::read(resolver).unwrap().url(message), expected);
    }

    #[test]
    fn the_message_goes_where_the_resolver_wants_it() {
        url("https://dns.example/q", &[0xfb, 0xff], "https://dns.example/q?dns=-_8"); // both odd characters, no padding
        url("https://dns.example/q?a=b", b"abc", "https://dns.example/q?a=b&dns=YWJj"); // other parameters stay
        url("https://dns.example/q{?dns}", b"abc", "https://dns.example/q?dns=YWJj"); // RFC 8484 §4.1.1
        url("https://dns.example/q?a=b{&dns}", b"abc", "https://dns.example/q?a=b&dns=YWJj"); // RFC 6570 §3.2.9
        url(" https://dns.example/q#x ", b"", "https://dns.example/q?dns="); // a fragment is not sent
        url("http://127.0.0.1:8053/q", b"a", "http://127.0.0.1:8053/q?dns=YQ"); // a resolver on this machine
        let rfc = b"\0\0\x01\0\0\x01\0\0\0\0\0\0\x03www\x07example\x03com\0\0\x01\0\x01";
        let sent = "https://dnsserver.example.net/dns-query?dns=AAABAAABAAAAAAAAA3d3dwdleGFtcGxlA2NvbQAAAQAB";
        url("https://dnsserver.example.net/dns-query{?dns}", rfc, sent); // the example of RFC 8484 §4.1.1
    }

    #[track_caller]
    fn refused(resolver: &str, fault: &ResolverFault) {
        assert_eq!(Resolver::read(resolver).as_ref(), Err(fault), "{resolver:?}");
    }

    #[test]
    fn what_no_browser_would_ask_is_refused() {
        refused(" ", &ResolverFault::Empty);
        refused("1.1.1.1", &ResolverFault::NotHttps); // people know resolvers by address
        refused("http://dns.example/q", &ResolverFault::NotHttps); // anybody on the way could answer
        refused("http://127.0.0.1.example/q", &ResolverFault::NotHttps); // not this machine
        refused("https://", &ResolverFault::NoHost);
        refused("https:///q", &ResolverFault::NoHost);
        refused("https://me:pw@dns.example/q", &ResolverFault::Credentials);
        refused("https://dns.example/a b", &ResolverFault::BadChar { found: ' ' });
        refused("https://dns.example/{dns}", &ResolverFault::Template);
        refused(&format!("https://{}", "a".repeat(2041)), &ResolverFault::TooLong { octets: 2049 });
    }
}
