//! `max_age` (RFC 8461 §3.2).

use crate::date::Lasting;
use core::fmt::{self, Display, Formatter};

/// How long a sender may keep the policy, in seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MaxAge(u64);

impl MaxAge {
    /// The longest lifetime a policy may ask for: 31,557,600 seconds, 365.25 days (RFC 8461 §3.2).
    pub const CEILING: Self = Self(31_557_600);
    /// Two weeks.
    pub const TWO_WEEKS: Self = Self(14 * 86_400);
    /// One week.
    pub const WEEK: Self = Self(7 * 86_400);
    /// One day.
    pub const DAY: Self = Self(86_400);

    /// `sts-policy-max-age-value`: one to ten ASCII digits, leading zeros among them.
    /// Ten digits reach beyond [`MaxAge::CEILING`]; that is a rule's business.
    #[must_use]
    pub fn read(value: &[u8]) -> Option<Self> {
        if !(1..=10).contains(&value.len()) || !value.iter().all(u8::is_ascii_digit) {
            return None;
        }
        Some(Self(value.iter().fold(0, |sum, digit| sum * 10 + u64::from(digit - b'0'))))
    }

    /// The lifetime in seconds.
    #[must_use]
    pub const fn seconds(self) -> u64 {
        self.0
    }
}

/// As people say it, with the exact value: `7 days (604800 seconds)`.
impl Display for MaxAge {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        Lasting(self.0).fmt(f)
    }
}
