//! TXT records, one a line, and texts that are to be told apart.
#![no_main]

#[path = "../../tests/properties/mod.rs"]
mod properties;

libfuzzer_sys::fuzz_target!(|text: &[u8]| {
    properties::records_hold(text);
    properties::pastes_hold(text);
});
