//! Internationalised names (RFC 5891, UTS #46), from where they are free: natively the crate `idna`, in a browser its own
//! URL parser, since the tables would add 45 KB to the wasm. Both follow the URL standard.

use alloc::string::String;
use alloc::vec::Vec;

/// A name in A-labels and lower case, or `None` if IDNA does not allow it. A name in ASCII is not judged.
pub(super) fn to_ascii(name: &str) -> Option<String> {
    if name.is_ascii() {
        return Some(name.to_ascii_lowercase());
    }
    #[cfg(not(target_arch = "wasm32"))]
    return idna::domain_to_ascii(name).ok();
    #[cfg(target_arch = "wasm32")]
    return crate::wasm::idna::to_ascii(name);
}

/// The U-label of an A-label (RFC 5890 §2.3.2.1), or `None` if it is none: it does not begin with `xn--`, does not decode,
/// or decodes to what IDNA would write otherwise.
pub(super) fn u_label(label: &str) -> Option<String> {
    let label = label.to_ascii_lowercase();
    let decoded = decode_punycode(label.strip_prefix("xn--")?)?;
    (!decoded.is_ascii() && !decoded.contains('.') && to_ascii(&decoded)? == label).then_some(decoded)
}

/// Decodes Punycode (RFC 3492 §6.2) of at most 63 octets, in lower case. The crate `idna` does it too, at four times
/// the size in wasm.
fn decode_punycode(label: &str) -> Option<String> {
    // Parameters of RFC 3492 §5.
    const BASE: u32 = 36;
    const T_MIN: u32 = 1;
    const T_MAX: u32 = 26;
    const SKEW: u32 = 38;
    const DAMP: u32 = 700;

    if label.len() > 63 {
        return None;
    }
    let (basic, extended) =
        label.rsplit_once('-').filter(|(basic, _)| !basic.is_empty()).unwrap_or(("", label));
    let mut decoded: Vec<char> = basic.chars().collect();
    let (mut code_point, mut index, mut bias) = (0x80_u32, 0_u32, 72_u32);
    let mut octets = extended.bytes();
    while octets.len() > 0 {
        let start = index;
        let (mut weight, mut k) = (1_u32, BASE);
        loop {
            let digit = match octets.next()? {
                letter @ b'a'..=b'z' => letter - b'a',
                digit @ b'0'..=b'9' => digit - b'0' + 26,
                _ => return None,
            };
            let digit = u32::from(digit);
            index = digit.checked_mul(weight)?.checked_add(index)?;
            let threshold = k.saturating_sub(bias).clamp(T_MIN, T_MAX);
            if digit < threshold {
                break;
            }
            weight = weight.checked_mul(BASE - threshold)?;
            k += BASE;
        }
        // Bias adaptation, RFC 3492 §6.1.
        let length = decoded.len() as u32 + 1;
        let mut delta = (index - start) / if start == 0 { DAMP } else { 2 };
        delta += delta / length;
        let mut k = 0;
        while delta > (BASE - T_MIN) * T_MAX / 2 {
            delta /= BASE - T_MIN;
            k += BASE;
        }
        bias = k + (BASE - T_MIN + 1) * delta / (delta + SKEW);

        code_point = code_point.checked_add(index / length)?;
        index %= length;
        decoded.insert(index as usize, char::from_u32(code_point)?);
        index += 1;
    }
    Some(decoded.into_iter().collect())
}

#[cfg(test)]
mod tests {
    use super::{to_ascii, u_label};

    #[test]
    fn a_labels_stand_for_what_they_decode_to() {
        for (label, expected) in [
            ("xn--bcher-kva", Some("bücher")),
            ("XN--Bcher-KVA", Some("bücher")), // case does not count
            ("xn--mgbh0fb", Some("مثال")),     // right to left
            ("xn--strae-oqa", Some("straße")), // a letter IDNA2003 would have mapped away
            ("xn--i-7iq", Some("i❤")),         // IDNA2008 says no; browsers and registries say yes
            ("xn--", None),                    // nothing
            ("xn--99999999", None),            // beyond Unicode
            ("xn--a", None),                   // a control character
            ("xn--bcher-2pa", None),           // decodes to what does not encode back
            ("xn--strasse-", None),            // ASCII in disguise
            ("mx1", None),                     // an ordinary label
        ] {
            assert_eq!(u_label(label).as_deref(), expected, "{label}");
        }
    }

    #[test]
    fn names_become_a_labels() {
        for (name, expected) in [
            ("BÜCHER.Example", Some("xn--bcher-kva.example")),
            ("例え。テスト", Some("xn--r8jz45g.xn--zckzah")), // an ideographic full stop
            ("Mx1.Example", Some("mx1.example")),
            ("a\u{202E}b.example", None), // reorders text
        ] {
            assert_eq!(to_ascii(name).as_deref(), expected, "{name}");
        }
    }

    #[test]
    #[cfg(not(target_arch = "wasm32"))]
    fn punycode_is_decoded_as_by_the_crate() {
        use super::decode_punycode;
        // RFC 3492 §7.1, and what is none.
        for label in [
            "egbpdaj6bu4bxfgehfvwxn",
            "ihqwcrb4cv8a8dqg056pqjye",
            "4dbcagdahymbxekheh6e0a7fei0b",
            "n8jok5ay5dzabd5bym9f0cm5685rrjetr6pdxa",
            "b1abfaaepdrnnbgefbadotcwatmq2g4l",
            "-with-super-monkeys-pc58ag80a8qai00g7n9n",
            "hello-another-way--fc4qua05auwb3674vfr0b",
            "d9juau41awczczp",
            "maji-koi5-783gue6qz075azm5e",
            "mxacd",
            "strasse-",
            "a",
            "",
            "-",
            "99999999",
            "zzzzzzzzzzzz",
            "b-",
            "é",
            "bcher-kv",
        ] {
            assert_eq!(decode_punycode(label), idna::punycode::decode_to_string(label), "{label}");
        }
        // Short ones, all of them.
        let digits = || (b'a'..=b'z').chain(b'0'..=b'9').map(char::from).chain(['-']);
        for a in digits() {
            for b in digits() {
                for c in digits() {
                    let label: String = [a, b, c].iter().collect();
                    assert_eq!(decode_punycode(&label), idna::punycode::decode_to_string(&label), "{label}");
                }
            }
        }
    }
}
