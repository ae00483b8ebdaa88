//! Internationalised names (RFC 5891, UTS #46), from where they are free: natively the crate `idna`, in a browser its own
//! URL parser, since the tables would add 45 KB to the wasm. Both follow the URL standard.

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
    let decoded = idna::punycode::decode_to_string(label.strip_prefix("xn--")?)?;
    (!decoded.is_ascii() && !decoded.contains('.') && to_ascii(&decoded)? == label).then_some(decoded)
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
}
