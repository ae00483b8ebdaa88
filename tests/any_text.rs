//! The properties of `tests/properties/`, natively and in a browser: on texts made of pieces that matter, the same in
//! every run. Natively `proptest` and the fuzz targets look further.

mod properties;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
#[cfg(target_arch = "wasm32")]
wasm_bindgen_test_configure!(run_in_browser);

/// What policies are made of, right and wrong.
const POLICY: [&[u8]; 30] = [
    b"version: STSv1",
    b"mode: enforce",
    b"mode: testing",
    b"mode : none",
    b"Mode: Enforce",
    b"mx: mx1.example.com",
    b"mx: *.example.com.",
    b"mx: m\xC3\xBC.example",
    b"mx: 10 mx.example.com, mx2.example.com",
    b"mx: https://mx.example.com:25/",
    b"mx:",
    b"max_age: 1209600",
    b"max_age: 9999999999",
    b"max_age: 1 day",
    b"note: caf\xE9",
    b"x-y: a:b",
    b"# old",
    b"\xEF\xBB\xBF",
    b"\n",
    b"\n",
    b"\n",
    b"\r\n",
    b"\r\n",
    b"\r",
    b" ",
    b"\t",
    b"\0",
    b":",
    b"<!DOCTYPE html>",
    b"v=STSv1; id=1",
];

/// What records are made of, right and wrong.
const RECORD: [&[u8]; 22] = [
    b"v=STSv1;",
    b"v=STSv1;",
    b"v=TLSRPTv1;",
    b"V=stsv1",
    b" id=20240315T120000",
    b"id=2024-03-15",
    b"id=",
    b"; ",
    b";",
    b" ",
    b"\n",
    b"\n",
    b"\"",
    b"_mta-sts.example.com. 300 IN TXT ",
    b"rua=mailto:tls@example.com",
    b"rua=tls@example.com,https://example.com/!10m",
    b",",
    b"x=y",
    b"x = y=z",
    b"\xC2\xA0",
    b"v=spf1 -all",
    b"version: STSv1\n",
];

/// Calls `holds` with `count` texts of one to 24 of these pieces, most of them ended by a line end.
fn with_texts(count: usize, pieces: &[&[u8]], holds: impl Fn(&[u8])) {
    // xorshift64* (Vigna 2016): a sequence, not a secret.
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    let mut below = |n: usize| {
        state ^= state >> 12;
        state ^= state << 25;
        state ^= state >> 27;
        (state.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) as usize % n
    };
    for _ in 0..count {
        let mut text = Vec::new();
        for _ in 0..=below(24) {
            text.extend_from_slice(pieces[below(pieces.len())]);
            if below(4) > 0 {
                text.push(b'\n');
            }
        }
        holds(&text);
    }
}

#[cfg_attr(not(target_arch = "wasm32"), test)]
#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test)]
fn policies() {
    with_texts(150, &POLICY, |text| {
        properties::policy_holds(text);
        properties::senders_hold(text);
    });
}

#[cfg_attr(not(target_arch = "wasm32"), test)]
#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test)]
fn records() {
    with_texts(150, &RECORD, |text| {
        properties::records_hold(text);
        properties::pastes_hold(text);
    });
}

#[cfg_attr(not(target_arch = "wasm32"), test)]
#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test)]
fn fixes() {
    with_texts(25, &POLICY, properties::fixes_hold);
    with_texts(25, &RECORD, properties::fixes_hold);
}

/// What fuzzing found, each with what was wrong.
#[cfg(not(target_arch = "wasm32"))]
const FOUND: &[(&[u8], &str)] = &[
    (
        b"@\0\0\0\0\0\0\0\0\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x03\0\0  \x90\xED",
        "what was put right as UTF-16 and held NUL was UTF-16 still",
    ),
    (
        b"v=T#SRPTv1\nv=TLSRPTv1; rua=mailto:tosr-eprltv=STSv1; id=ab\x18c; ;\xFF\xFF\x10\0=bs@example.com",
        "an empty field hid that a URI was cut by its semicolon",
    ),
    (
        b"\xEF\xBB\xBF\xEF\xBB\xBF\n\xEF\xBB\xBF\nversion: STSv1\n",
        "a line of byte order marks was empty without them",
    ),
    (b"v=STSv1; id=20240;\nv=dkim1", "who joins all records found two versions, and no finding said so"),
    (
        b"\tv\0A\0 \0=\0\0\0\0\0\0\0 id=abcversionail.example.c_xma\namoge:; fla 60\xAE\xAE\xAE\xAE\xAE\xAE\
          \xAE\xAE\xAE\xAE\xAE\xAE\xAE\xAE\xAE\xAE\xAE\xAE\xAE\xAE\xAE\xAE\xAE\xAE\xAE\xAE\xAE\xAE\xAE\xAE\0\0\
          \0\x05v=S\0\0\0\x05v=S\xAE\xAE\xAE\xAE\xAE\xAE\xAE\xAE\xAE\xAE\xAE\xAE\xAE\xAE\xAE\xAE\xAE\xAE\xAE\
          \xAEv1\nmode: enforce\nmAxI: ML.Exmx:ample.CNM\nmax_cge# 604800\ng4800\0\0\0\x10id=abc",
        "without its tab the text was taken for UTF-16, and its mode was gone",
    ),
    (
        b"\tv\0A\0 \0\0\0\0\x10i8vemode:enforce\nmx:mx1.exampv04800\n",
        "without its tab the text was taken for UTF-16, and its pattern was gone",
    ),
    (
        b"v=STSv1\x1B id=20240101\nv=STSv1; id=20240000000;\n",
        "who counts a record that the RFC drops refuses both, and no finding said so",
    ),
    (
        b"version: STSv1\nmode\xFF=enforce\nmx: mail.example.com/24\nmax_age: 604800\n",
        "a mode that was about to be put right was held to be lost",
    ),
];

#[test]
#[cfg(not(target_arch = "wasm32"))]
fn texts_that_once_broke_a_property() {
    for (text, what) in FOUND {
        println!("{what}");
        properties::policy_holds(text);
        properties::records_hold(text);
        properties::pastes_hold(text);
        properties::senders_hold(text);
        properties::fixes_hold(text);
    }
}
