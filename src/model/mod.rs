//! What the RFCs name, typed, each value with its place.

pub mod domain;
pub mod max_age;
pub mod mode;
pub mod mx;
pub mod policy;

pub use domain::Domain;
pub use max_age::MaxAge;
pub use mode::Mode;
pub use mx::{MxFault, MxPattern};
pub use policy::{Form, Policy};
