//! `rua` of a TLSRPT record (RFC 8460 §3): where reports go.

use crate::parse::grammar::{is_whole, is_wsp};
use crate::parse::record::{pct_encoded, scheme, tlsrpt_uri};
use crate::span::Span;
use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;

/// One member of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Member {
    /// The URI, without the white space around a comma.
    pub span: Span,
    /// What it is.
    pub kind: Result<Target, UriFault>,
}

/// What a URI asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Target {
    /// `mailto:` and an address.
    Mail,
    /// `https:` and a host.
    Https,
    /// Another scheme; no sender has a way to it.
    OtherScheme,
    /// `mailto:` without an address, or with an odd one.
    NoAddress,
    /// `https:` without a host.
    NoHost,
}

/// Why a member is no URI as RFC 8460 §3 wants it: the first of these that fits, in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum UriFault {
    /// Nothing between two commas.
    Empty,
    /// A character that no URI holds; its offset in the member.
    BadChar(u32),
    /// A percent sign without two hexadecimal digits; its offset in the member.
    Percent(u32),
    /// No scheme.
    NoScheme,
    /// A raw exclamation point, and nothing else wrong; its offset in the member.
    Exclamation(u32),
    /// Anything else: a bracket, a second `#`, a port that is no number.
    Form,
}

impl Member {
    /// Whether a sender can report there.
    #[must_use]
    pub const fn is_usable(&self) -> bool {
        matches!(self.kind, Ok(Target::Mail | Target::Https))
    }

    /// The host or mail domain, in lower case, where reports go.
    #[must_use]
    pub fn domain(&self, text: &[u8]) -> Option<String> {
        domain_span(text, self.span)
            .filter(|_| self.is_usable())
            .map(|span| String::from_utf8_lossy(span.of(text)).to_ascii_lowercase())
    }
}

/// The members of the `rua` value at `value`.
pub fn members(text: &[u8], value: Span) -> impl Iterator<Item = Member> + '_ {
    let whole = value.of(text);
    let mut at = value.start;
    whole.split(|b| *b == b',').map(move |part| {
        let end = at + part.len() as u32;
        // White space belongs to the commas; before the first member and after the last there is none.
        let lead = if at == value.start { 0 } else { part.iter().take_while(|b| is_wsp(**b)).count() as u32 };
        let rest = &part[lead as usize..];
        let trail =
            if end == value.end { 0 } else { rest.iter().rev().take_while(|b| is_wsp(**b)).count() as u32 };
        let span = Span::new(at + lead, end - trail);
        at = end + 1;
        Member { span, kind: kind(span.of(text)) }
    })
}

/// Where the host or mail domain of a URI stands.
#[must_use]
pub fn domain_span(text: &[u8], uri: Span) -> Option<Span> {
    let bytes = uri.of(text);
    let colon = bytes.iter().position(|b| *b == b':')? + 1;
    let (start, host) = match &bytes[colon..] {
        [b'/', b'/', rest @ ..] => {
            let authority = &rest[..rest.iter().position(|b| b"/?#".contains(b)).unwrap_or(rest.len())];
            let user = authority.iter().position(|b| *b == b'@').map_or(0, |at| at + 1);
            let host = &authority[user..];
            let port = host
                .iter()
                .rposition(|b| *b == b':')
                .filter(|at| host[*at..].iter().skip(1).all(u8::is_ascii_digit));
            (colon + 2 + user, &host[..port.unwrap_or(host.len())])
        }
        rest => {
            let rest = &rest[..rest.iter().position(|b| b"?#".contains(b)).unwrap_or(rest.len())];
            let at = rest.iter().rposition(|b| *b == b'@')? + 1;
            (colon + at, &rest[at..])
        }
    };
    let start = uri.start + start as u32;
    Some(Span::new(start, start + host.len() as u32)).filter(|span| !span.is_empty())
}

fn kind(uri: &[u8]) -> Result<Target, UriFault> {
    // Octets outside ASCII are a fault of their own, wherever they stand in the record.
    if let Some(fault) = fault(&plain(uri)) {
        return Err(fault);
    }
    let scheme = uri.split(|b| *b == b':').next().unwrap_or_default();
    let domain = domain_span(uri, Span::new(0, uri.len() as u32));
    Ok(if scheme.eq_ignore_ascii_case(b"mailto") {
        let to = uri[scheme.len() + 1..].split(|b| *b == b'?').next().unwrap_or_default();
        let mailbox = to.split(|b| *b == b'@').next().unwrap_or_default();
        let is_address = !mailbox.is_empty()
            && to.len() > mailbox.len()
            && !to[mailbox.len() + 1..].contains(&b'@')
            && !to.contains(&b'/')
            && !to.contains(&b'#')
            && domain.is_some_and(|domain| is_mail_domain(domain.of(uri)));
        if is_address { Target::Mail } else { Target::NoAddress }
    } else if scheme.eq_ignore_ascii_case(b"https") {
        let has_host = uri[scheme.len() + 1..].starts_with(b"//") && domain.is_some();
        if has_host { Target::Https } else { Target::NoHost }
    } else {
        Target::OtherScheme
    })
}

/// The text with a letter for each octet outside ASCII.
pub(super) fn plain(text: &[u8]) -> Cow<'_, [u8]> {
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.iter().map(|b| if b.is_ascii() { *b } else { b'x' }).collect())
}

fn is_mail_domain(domain: &[u8]) -> bool {
    domain.split(|b| *b == b'.').all(|label| {
        !label.is_empty()
            && label.iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_') || !b.is_ascii())
    })
}

fn fault(uri: &[u8]) -> Option<UriFault> {
    if uri.is_empty() {
        return Some(UriFault::Empty);
    }
    let is_uri_octet = |b: &u8| {
        b.is_ascii_graphic() && !matches!(b, b'"' | b'<' | b'>' | b'\\' | b'^' | b'`' | b'{' | b'|' | b'}')
    };
    if let Some(at) = uri.iter().position(|b| !is_uri_octet(b)) {
        return Some(UriFault::BadChar(at as u32));
    }
    let stray = |at: &usize| uri[*at] == b'%' && pct_encoded(&uri[*at..]).is_err();
    if let Some(at) = (0..uri.len()).find(stray) {
        return Some(UriFault::Percent(at as u32));
    }
    if !matches!(scheme(uri), Ok(([b':', ..], _))) {
        return Some(UriFault::NoScheme);
    }
    if is_whole(tlsrpt_uri, uri) {
        return None;
    }
    let without: Vec<u8> = uri.iter().map(|b| if *b == b'!' { b'x' } else { *b }).collect();
    match uri.iter().position(|b| *b == b'!') {
        Some(at) if is_whole(tlsrpt_uri, &without) => Some(UriFault::Exclamation(at as u32)),
        _ => Some(UriFault::Form),
    }
}

#[cfg(test)]
mod tests {
    use super::{Target, UriFault, members};
    use crate::span::Span;

    #[test]
    fn each_member_is_a_target_or_has_one_fault() {
        use Target as T;
        use UriFault as F;
        for (rua, expected) in [
            ("mailto:a@example.com", &[Ok(T::Mail)][..]),
            ("MAILTO:a@example.com , HTTPS://example.com", &[Ok(T::Mail), Ok(T::Https)]), // schemes have no case
            ("mailto:a@example.com?subject=x", &[Ok(T::Mail)]),
            ("mailto:", &[Ok(T::NoAddress)]),
            ("mailto://a@b", &[Ok(T::NoAddress)]), // grammatical, and no address
            ("mailto:a@b@c", &[Ok(T::NoAddress)]),
            ("https:///path", &[Ok(T::NoHost)]),
            ("https:example.com", &[Ok(T::NoHost)]), // a path, not a host
            ("http://example.com/", &[Ok(T::OtherScheme)]),
            ("example.com:25", &[Ok(T::OtherScheme)]), // a URI of the scheme `example.com`
            ("", &[Err(F::Empty)]),
            ("mailto:a@example.com,", &[Ok(T::Mail), Err(F::Empty)]),
            ("a@example.com", &[Err(F::NoScheme)]),
            (" mailto:a@example.com", &[Err(F::BadChar(0))]), // white space only around commas
            ("<mailto:a@example.com>", &[Err(F::BadChar(0))]),
            ("mailto:100%@example.com", &[Err(F::Percent(10))]),
            ("mailto:a@example.com!10m", &[Err(F::Exclamation(20))]),
            ("https://example.com/#a#b", &[Err(F::Form)]),
        ] {
            let found: Vec<_> =
                members(rua.as_bytes(), Span::new(0, rua.len() as u32)).map(|member| member.kind).collect();
            assert_eq!(found, expected, "{rua:?}");
        }
    }
}
