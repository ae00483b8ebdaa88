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
}
