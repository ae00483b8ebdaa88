//! The policy domain (RFC 8461 §1.1): the part of an address after the `@`.

/// A domain name in A-labels, lower case, without the root dot, 1 to 253 octets.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Domain(String);

impl Domain {
    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// A name in A-labels and lower case; `None` if it is no name that IDNA allows.
    #[must_use]
    pub fn to_a_labels(name: &str) -> Option<String> {
        to_ascii(name)
    }

    /// Whether a lower-case label that begins with `xn--` decodes to an internationalised label.
    #[must_use]
    pub fn is_a_label(label: &str) -> bool {
        to_ascii(label).is_some_and(|name| name == label)
    }
}

#[cfg(not(target_arch = "wasm32"))]
fn to_ascii(name: &str) -> Option<String> {
    idna::domain_to_ascii(name).ok()
}

#[cfg(target_arch = "wasm32")]
fn to_ascii(name: &str) -> Option<String> {
    crate::wasm::to_ascii(name)
}
