//! The browser's IDNA, by way of its URL parser (URL standard, "domain to ASCII").

use alloc::string::String;
use wasm_bindgen::prelude::wasm_bindgen;

// The scheme needs to be one whose hosts are domains; nothing is fetched.
#[wasm_bindgen(inline_js = r"export function hostname(name) {
  const url = `http://${name}`;
  // An exception takes ten times as long.
  return URL.canParse(url) ? new URL(url).hostname : '';
}")]
extern "C" {
    fn hostname(name: &str) -> String;
}

/// A name in A-labels and lower case, or `None` if the URL parser refuses it. The name holds no character that
/// separates the parts of a URL.
pub(crate) fn to_ascii(name: &str) -> Option<String> {
    Some(hostname(name)).filter(|name| !name.is_empty())
}
