//! The built binary, as a person or a script uses it.

mod exit;
mod fixing;
mod generate;
mod hostile;
mod planning;
mod reading;
mod readme;
mod support;
