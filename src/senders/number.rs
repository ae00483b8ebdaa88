//! Numbers as the languages read them that senders are written in.

/// How a sender reads `max_age`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Number {
    /// One to ten ASCII digits (RFC 8461 §3.2, `sts-policy-max-age-value`).
    Grammar,
    /// Rust's `u64::from_str`: digits after an optional plus sign.
    Rust,
    /// Go's `strconv.Atoi`: digits after an optional sign.
    Go,
    /// Python's `int`: digits of any script after an optional sign, single underscores between them.
    Python,
    /// `Number` of JavaScript: a sign, a fraction, an exponent; or a base; or nothing, which is zero.
    JavaScript,
}

/// Where scripts begin whose digits people do type: Arabic-Indic, Extended Arabic-Indic, Devanagari, full width.
const ZEROS: [char; 4] = ['\u{660}', '\u{6F0}', '\u{966}', '\u{FF10}'];

impl Number {
    /// The number a value stands for, without its fraction. What lies beyond `u64` is its end.
    pub(super) fn read(self, value: &[u8]) -> Option<u64> {
        let text = str::from_utf8(value).ok()?;
        match self {
            Self::Grammar => (text.len() <= 10).then(|| digits(text)).flatten(),
            Self::Rust => digits(text.strip_prefix('+').unwrap_or(text)).filter(|n| *n < u64::MAX),
            Self::Go => digits(text.strip_prefix('+').unwrap_or(text)).filter(|n| *n < 1 << 63),
            Self::Python => unsigned(text, python),
            Self::JavaScript => match text.as_bytes() {
                [] => Some(0),
                [b'0', b'x' | b'X', ..] => u64::from_str_radix(&text[2..], 16).ok(),
                [b'0', b'o' | b'O', ..] => u64::from_str_radix(&text[2..], 8).ok(),
                [b'0', b'b' | b'B', ..] => u64::from_str_radix(&text[2..], 2).ok(),
                _ => unsigned(text, javascript),
            },
        }
    }
}

/// One or more ASCII digits.
fn digits(text: &str) -> Option<u64> {
    let is_number = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    is_number.then(|| text.bytes().fold(0, |sum, digit| add(sum, u32::from(digit - b'0'))))
}

fn add(sum: u64, digit: u32) -> u64 {
    sum.saturating_mul(10).saturating_add(u64::from(digit))
}

/// Takes off a sign; with a minus sign only zero is left of it.
fn unsigned(text: &str, read: impl Fn(&str) -> Option<u64>) -> Option<u64> {
    match text.strip_prefix('-') {
        Some(text) => read(text).filter(|n| *n == 0),
        None => read(text.strip_prefix('+').unwrap_or(text)),
    }
}

fn python(text: &str) -> Option<u64> {
    let mut sum = 0;
    let mut after_digit = false;
    for c in text.chars() {
        let of_script =
            || ZEROS.iter().map(|zero| u32::from(c).wrapping_sub(u32::from(*zero))).find(|n| *n < 10);
        after_digit = match c.to_digit(10).or_else(of_script) {
            Some(digit) => {
                sum = add(sum, digit);
                true
            }
            None if c == '_' && after_digit => false,
            None => return None,
        };
    }
    after_digit.then_some(sum)
}

fn javascript(text: &str) -> Option<u64> {
    let (text, exponent) = match text.split_once(['e', 'E']) {
        Some((text, exponent)) => (text, exponent),
        None => (text, "0"),
    };
    let (exponent, is_negative) = match exponent.strip_prefix('-') {
        Some(exponent) => (digits(exponent)?, true),
        None => (digits(exponent.strip_prefix('+').unwrap_or(exponent))?, false),
    };
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    if whole.is_empty() && fraction.is_empty() {
        return None;
    }
    let part = |part: &str| if part.is_empty() { Some(0) } else { digits(part) };
    part(whole).zip(part(fraction))?;
    // The digits before the point, which the exponent moves; beyond 20 of them every number is too large.
    let exponent = usize::try_from(exponent).unwrap_or(usize::MAX);
    let point =
        if is_negative { whole.len().saturating_sub(exponent) } else { whole.len().saturating_add(exponent) };
    let moved = whole.bytes().chain(fraction.bytes()).chain(core::iter::repeat(b'0'));
    let significant = whole.bytes().chain(fraction.bytes()).any(|digit| digit != b'0');
    let most = whole.len() + fraction.len() + 20;
    let sum = moved.take(point.min(most)).fold(0, |sum, digit| add(sum, u32::from(digit - b'0')));
    Some(if significant { sum } else { 0 })
}

#[cfg(test)]
mod tests {
    use super::Number::{self, Go, Grammar, JavaScript, Python, Rust};

    #[test]
    fn every_language_reads_numbers_in_its_own_way() {
        let read = |number: Number, value: &str, expected: Option<u64>| {
            assert_eq!(number.read(value.as_bytes()), expected, "{number:?} of {value:?}");
        };
        for number in [Grammar, Rust, Go, Python, JavaScript] {
            read(number, "86400", Some(86_400));
            read(number, "0000086400", Some(86_400)); // leading zeros count for nothing
            read(number, "1 day", None);
            read(number, "-1", None); // a negative lifetime is none
        }
        read(Grammar, "00000086400", None); // eleven digits
        read(Rust, "000000086400", Some(86_400));
        read(Grammar, "+86400", None);
        read(Go, "+86400", Some(86_400));
        read(Rust, "18446744073709551616", None); // beyond u64
        read(Go, "9223372036854775808", None); // beyond int64
        read(Python, "18446744073709551616", Some(u64::MAX)); // Python has no end
        read(Python, "86_400", Some(86_400));
        read(Python, "86__400", None); // one underscore at a time
        read(Python, "_1", None);
        read(Python, "1_", None);
        read(Python, "８６４００", Some(86_400)); // full width
        read(Rust, "８６４００", None);
        read(JavaScript, "1.5", Some(1));
        read(JavaScript, ".5", Some(0));
        read(JavaScript, "1.", Some(1));
        read(JavaScript, ".", None);
        read(JavaScript, "1e5", Some(100_000));
        read(JavaScript, "8.64E+4", Some(86_400));
        read(JavaScript, "86400e-1", Some(8_640));
        read(JavaScript, "1e99999999999999999999", Some(u64::MAX)); // Infinity
        read(JavaScript, "0e99999999999999999999", Some(0));
        read(JavaScript, "1e", None);
        read(JavaScript, "", Some(0)); // nothing is zero
        read(JavaScript, "0x15180", Some(86_400));
        read(JavaScript, "0o17", Some(15));
        read(JavaScript, "0b", None);
        read(JavaScript, "-0", Some(0));
        read(Python, "-0", Some(0));
        read(Python, "", None);
        read(JavaScript, "86_400", None);
    }
}
