//! What the RFCs name, typed, each value with its place.

pub mod coverage;
pub mod domain;
mod idna;
pub mod max_age;
pub mod mode;
pub mod mx;
pub mod policy;
pub mod record;
pub mod tlsrpt;

pub use coverage::Coverage;
pub use domain::{Domain, DomainFault, Note, TypedDomain};
pub use max_age::MaxAge;
pub use mode::Mode;
pub use mx::{MxFault, MxOdd, MxPattern};
pub use policy::{Form, Policy};
pub use record::{Dropped, FieldFault, Protocol, Record, RecordSet, Standing};
pub use tlsrpt::{Member, Target, UriFault};
