//! A reader's own value in a message: in backticks, short, and harmless wherever it is shown.

use alloc::borrow::Cow;
use alloc::string::String;
use core::fmt::{self, Display, Formatter, Write};

/// The most characters of a value that a message repeats.
const MAX_QUOTED: usize = 60;

/// `value` in backticks. What is not UTF-8 is shown as `\xNN`, controls and invisible characters as `\u{NN}`,
/// and what is longer than 60 characters is cut with `…`.
pub(crate) fn quote(value: &[u8]) -> Quote<'_> {
    Quote(value)
}

/// The text, what is not UTF-8 replaced by U+FFFD. Nearly all is UTF-8, which is soonest told of the whole.
pub(crate) fn lossy(text: &[u8]) -> Cow<'_, str> {
    str::from_utf8(text).map_or_else(|_| String::from_utf8_lossy(text), Cow::Borrowed)
}

/// See [`quote`].
pub(crate) struct Quote<'a>(&'a [u8]);

impl Display for Quote<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_char('`')?;
        let mut left = MAX_QUOTED;
        'chunks: for chunk in self.0.utf8_chunks() {
            for c in chunk.valid().chars() {
                if left == 0 {
                    f.write_char('…')?;
                    break 'chunks;
                }
                left -= 1;
                if is_shown(c) { f.write_char(c)? } else { write!(f, "\\u{{{:X}}}", u32::from(c))? }
            }
            for byte in chunk.invalid() {
                if left == 0 {
                    f.write_char('…')?;
                    break 'chunks;
                }
                left -= 1;
                write!(f, "\\x{byte:02X}")?;
            }
        }
        f.write_char('`')
    }
}

/// Whether a character may stand for itself: none that moves, hides or reorders text.
pub fn is_shown(c: char) -> bool {
    !(c.is_control()
        || matches!(c,
            '\u{A0}' | '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}'
            | '\u{180E}' | '\u{2000}'..='\u{200F}' | '\u{2028}'..='\u{202F}' | '\u{205F}'..='\u{206F}'
            | '\u{3000}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFB}'
            | '\u{E0000}'..='\u{E0FFF}'))
}

#[cfg(test)]
mod tests {
    use super::quote;

    #[test]
    fn what_is_quoted_is_short_and_harmless() {
        for (value, expected) in [
            (&b"enforce"[..], "`enforce`".to_owned()),
            (b"caf\xE9", "`caf\\xE9`".to_owned()), // ISO 8859-1
            ("mx\u{200B}1".as_bytes(), "`mx\\u{200B}1`".to_owned()), // an invisible space
            ("\u{202E}abc".as_bytes(), "`\\u{202E}abc`".to_owned()), // would reorder the line
            (b"\x1b[31m", "`\\u{1B}[31m`".to_owned()), // would colour a terminal
            (&[b'a'; 61], format!("`{}…`", "a".repeat(60))), // cut
            (&[b'a'; 60], format!("`{}`", "a".repeat(60))), // just fits
        ] {
            assert_eq!(quote(value).to_string(), expected);
        }
    }
}
