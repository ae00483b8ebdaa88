//! Questions to the DNS and what comes back, as messages carried over HTTPS (RFC 8484).
//! The wire format is the business of the crate `domain`; what is trusted of an answer is decided here.

mod doh;
mod message;

use alloc::format;
use alloc::string::{String, ToString};
pub use doh::{Resolver, ResolverFault};
pub use message::{Answer, Fault, MAX_ALIASES, MAX_MESSAGE, MAX_RECORDS, decode, query};

use crate::evidence::{MxRecord, TxtRecord};
use core::net::IpAddr;

/// What MTA-STS asks the DNS for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RecordType {
    /// An IPv4 address (RFC 1035 §3.4.1).
    A,
    /// An IPv6 address (RFC 3596 §2.1).
    Aaaa,
    /// A mail exchange (RFC 1035 §3.3.9).
    Mx,
    /// Text (RFC 1035 §3.3.14).
    Txt,
}

impl RecordType {
    /// The mnemonic.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::A => "A",
            Self::Aaaa => "AAAA",
            Self::Mx => "MX",
            Self::Txt => "TXT",
        }
    }
}

/// The data of one record, of the type that was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Record {
    /// Of an A or AAAA record.
    Address(IpAddr),
    /// Of an MX record.
    Mx(MxRecord),
    /// Of a TXT record.
    Txt(TxtRecord),
}

impl Record {
    /// The address, in text form.
    pub fn address(self) -> Option<String> {
        if let Self::Address(address) = self { Some(address.to_string()) } else { None }
    }

    /// The mail exchange.
    pub fn mx(self) -> Option<MxRecord> {
        if let Self::Mx(mx) = self { Some(mx) } else { None }
    }

    /// The text.
    pub fn txt(self) -> Option<TxtRecord> {
        if let Self::Txt(txt) = self { Some(txt) } else { None }
    }
}

/// The mnemonic of an RCODE (RFC 1035 §4.1.1, RFC 6895 §2.3), or its number.
#[must_use]
pub fn rcode_name(rcode: u16) -> alloc::borrow::Cow<'static, str> {
    match rcode {
        0 => "NOERROR".into(),
        1 => "FORMERR".into(),
        2 => "SERVFAIL".into(),
        3 => "NXDOMAIN".into(),
        4 => "NOTIMP".into(),
        5 => "REFUSED".into(),
        9 => "NOTAUTH".into(),
        other => format!("RCODE {other}").into(),
    }
}
