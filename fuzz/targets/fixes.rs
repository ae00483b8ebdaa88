//! Fixes of a text: each puts its fault right, all of them come to an end and keep the meaning.
#![no_main]

#[path = "../../tests/properties/mod.rs"]
mod properties;

libfuzzer_sys::fuzz_target!(|text: &[u8]| properties::fixes_hold(text));
