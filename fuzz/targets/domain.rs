//! What somebody types as a domain: a domain or a reason, and a domain reads itself back.
#![no_main]

use mta_sts::model::Domain;

libfuzzer_sys::fuzz_target!(|typed: &str| {
    match Domain::typed(typed) {
        Ok(typed) => {
            let name = typed.domain.as_str();
            assert!(name.len() <= 253 && name.is_ascii() && name == name.to_ascii_lowercase(), "{name:?}");
            assert_eq!(Domain::read(name).as_ref(), Ok(&typed.domain), "a domain is read as itself");
            // Labels of both directions make a name that IDNA refuses as a whole (RFC 5893 §2); it is shown all the same.
            if let Ok(shown) = Domain::typed(&typed.domain.to_unicode()) {
                assert_eq!(shown.domain, typed.domain, "what is shown of a domain leads nowhere else");
            }
        }
        Err(fault) => assert!(!fault.to_string().is_empty()),
    }
});
