//! The few styles there are, and whether they are used at all.

use crate::report::SeverityName;
use anstyle::{AnsiColor, Style};
use core::fmt::{Display, Formatter};

/// What a piece of text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// An error, or mail that is refused.
    Error,
    /// A warning.
    Warning,
    /// Something worth knowing.
    Info,
    /// Mail that is delivered.
    Good,
    /// What is read first.
    Title,
    /// Line numbers, bars and arrows.
    Frame,
}

impl Role {
    pub(super) const fn of(severity: SeverityName) -> Self {
        match severity {
            SeverityName::Error => Self::Error,
            SeverityName::Warning => Self::Warning,
            SeverityName::Info => Self::Info,
        }
    }

    const fn style(self) -> Style {
        match self {
            Self::Error => AnsiColor::BrightRed.on_default().bold(),
            Self::Warning => AnsiColor::Yellow.on_default().bold(),
            Self::Info => AnsiColor::Cyan.on_default().bold(),
            Self::Good => AnsiColor::Green.on_default().bold(),
            Self::Title => Style::new().bold(),
            Self::Frame => AnsiColor::BrightBlue.on_default().bold(),
        }
    }
}

/// Whether there is colour.
#[derive(Debug, Clone, Copy)]
pub(super) struct Paint(bool);

impl Paint {
    pub(super) const fn new(color: bool) -> Self {
        Self(color)
    }

    /// `text` in the style of `role`.
    pub(super) fn as_<T: Display>(self, role: Role, text: T) -> Painted<T> {
        Painted { style: if self.0 { role.style() } else { Style::new() }, text }
    }
}

/// See [`Paint::as_`].
pub(super) struct Painted<T> {
    style: Style,
    text: T,
}

impl<T: Display> Display for Painted<T> {
    fn fmt(&self, f: &mut Formatter<'_>) -> core::fmt::Result {
        write!(f, "{}{}{:#}", self.style, self.text, self.style)
    }
}
