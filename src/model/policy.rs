//! A policy as the RFC names its parts (RFC 8461 §3.2), read from the text as leniently as the eye reads it:
//! an indented `mode` is still the mode. What is wrong with it is for the rules to say.

use super::{MaxAge, Mode, MxFault, MxOdd, MxPattern};
use crate::parse::{self, Line, LineKind, Text};
use crate::span::{Span, Spanned};
use alloc::string::String;
use alloc::vec::Vec;

/// A policy and where each part of it stands.
#[derive(Debug, Clone)]
pub struct Policy<'a> {
    /// The text, line by line.
    pub text: Text<'a>,
    /// What the text is as a whole. Unless it is [`Form::Lines`] no field is read from it.
    pub form: Form,
    /// The value of the first `version`.
    pub version: Option<Spanned<&'a [u8]>>,
    /// The first `mode`; `None` inside if its value is no mode.
    pub mode: Option<Spanned<Option<Mode>>>,
    /// The first `max_age`; `None` inside if its value is no number of one to ten digits.
    pub max_age: Option<Spanned<Option<MaxAge>>>,
    /// Every `mx` that has a value, in order.
    pub mx: Vec<Spanned<Result<MxPattern<'a>, MxFault>>>,
    /// What there is to say about any of [`Policy::mx`].
    pub mx_odd: MxOdd,
    /// Every `version`, `mode` and `max_age` after the first of its name: ignored (RFC 8461 §3.2).
    pub repeats: Vec<Line>,
    /// Every field with another name.
    pub unknown: Vec<Line>,
}

/// What a text is as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Form {
    /// Lines to be judged one by one.
    Lines,
    /// Nothing but white space and line ends.
    Empty,
    /// A web page.
    Html,
    /// UTF-16, with a byte order mark or known by its NUL octets.
    Utf16,
    /// Rich text from a word processor.
    Rtf,
}

/// The names the grammar knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FieldName {
    /// `sts-policy-version`
    Version,
    /// `sts-policy-mode`
    Mode,
    /// `sts-policy-max-age`
    MaxAge,
    /// `sts-policy-mx`
    Mx,
}

impl FieldName {
    /// All of them, in the order people write them.
    pub const ALL: [Self; 4] = [Self::Version, Self::Mode, Self::Mx, Self::MaxAge];

    /// A case-sensitive literal (RFC 8461 §3.2).
    #[must_use]
    pub fn read(name: &[u8]) -> Option<Self> {
        match name {
            b"version" => Some(Self::Version),
            b"mode" => Some(Self::Mode),
            b"max_age" => Some(Self::MaxAge),
            b"mx" => Some(Self::Mx),
            _ => None,
        }
    }

    /// The literal.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Version => "version",
            Self::Mode => "mode",
            Self::MaxAge => "max_age",
            Self::Mx => "mx",
        }
    }
}

impl<'a> Policy<'a> {
    /// Reads the text of a policy. Every input has a result.
    #[must_use]
    pub fn read(input: &'a [u8]) -> Self {
        let text = parse::policy(input);
        let form = Form::of(&input[text.bom.end as usize..]);
        let mut policy = Self {
            form,
            version: None,
            mode: None,
            max_age: None,
            mx: Vec::new(),
            mx_odd: MxOdd::default(),
            repeats: Vec::new(),
            unknown: Vec::new(),
            text,
        };
        if form == Form::Lines {
            for at in 0..policy.text.lines.len() {
                let line = policy.text.lines[at];
                if line.kind == LineKind::Field {
                    policy.take(line);
                }
            }
        }
        policy
    }

    /// Files one field.
    fn take(&mut self, line: Line) {
        let value = self.of(line.value());
        let span = line.value();
        let first = match FieldName::read(self.of(line.name())) {
            None => {
                self.unknown.push(line);
                return;
            }
            Some(FieldName::Mx) => {
                if !value.is_empty() {
                    let pattern = MxPattern::read_noting(value, &mut self.mx_odd);
                    self.mx.push(Spanned::new(pattern, span));
                }
                return;
            }
            Some(FieldName::Version) => put(&mut self.version, value, span),
            Some(FieldName::Mode) => put(&mut self.mode, Mode::read(value), span),
            Some(FieldName::MaxAge) => put(&mut self.max_age, MaxAge::read(value), span),
        };
        if !first {
            self.repeats.push(line);
        }
    }

    /// The bytes at a span of this text.
    #[must_use]
    pub fn of(&self, span: Span) -> &'a [u8] {
        span.of(self.text.input)
    }

    /// The text at a span, for a message; what is not UTF-8 is replaced.
    #[must_use]
    pub fn str(&self, span: Span) -> alloc::borrow::Cow<'a, str> {
        String::from_utf8_lossy(self.of(span))
    }

    /// The mode, if there is one and it is one of the three.
    #[must_use]
    pub fn mode(&self) -> Option<Mode> {
        self.mode.and_then(|mode| mode.value)
    }

    /// The lifetime, if there is one and it is a number of one to ten digits.
    #[must_use]
    pub fn max_age(&self) -> Option<MaxAge> {
        self.max_age.and_then(|max_age| max_age.value)
    }

    /// The patterns that are patterns, in order, repeats kept.
    pub fn patterns(&self) -> impl Iterator<Item = Spanned<MxPattern<'a>>> + '_ {
        self.mx.iter().filter_map(|mx| mx.value.ok().map(|p| Spanned::new(p, mx.span)))
    }
}

/// Fills `slot` if it is empty; whether it was.
fn put<T>(slot: &mut Option<Spanned<T>>, value: T, span: Span) -> bool {
    let first = slot.is_none();
    if first {
        *slot = Some(Spanned::new(value, span));
    }
    first
}

impl Form {
    /// Tells the form by the first octets after the byte order mark.
    pub(crate) fn of(input: &[u8]) -> Self {
        let mut visible = input.trim_ascii_start();
        // Further marks cannot be seen either.
        while let [0xEF, 0xBB, 0xBF, rest @ ..] = visible {
            visible = rest.trim_ascii_start();
        }
        match (input, visible) {
            (_, []) => Self::Empty,
            (
                [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] | [0, b'!'..=b'~', 0, ..] | [b'!'..=b'~', 0, _, 0, ..],
                _,
            ) => Self::Utf16,
            (_, [b'<', b'!' | b'?' | b'/' | b'a'..=b'z' | b'A'..=b'Z', ..]) => Self::Html,
            (_, [b'{', b'\\', b'r', b't', b'f', ..]) => Self::Rtf,
            _ => Self::Lines,
        }
    }
}
