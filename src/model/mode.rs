//! `mode` (RFC 8461 §3.2, §5).

/// What a sender does when an MX host fails the policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Mode {
    /// It delivers only to hosts that match the policy and pass TLS.
    Enforce,
    /// It delivers all the same and reports the failure.
    Testing,
    /// It treats the domain as one without an active policy.
    None,
}

impl Mode {
    /// All modes, as RFC 8461 §3.2 orders them.
    pub const ALL: [Self; 3] = [Self::Testing, Self::Enforce, Self::None];

    /// `sts-policy-mode-value`: a case-sensitive literal.
    #[must_use]
    pub fn read(value: &[u8]) -> Option<Self> {
        match value {
            b"enforce" => Some(Self::Enforce),
            b"testing" => Some(Self::Testing),
            b"none" => Some(Self::None),
            _ => None,
        }
    }

    /// The literal.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Enforce => "enforce",
            Self::Testing => "testing",
            Self::None => "none",
        }
    }
}
