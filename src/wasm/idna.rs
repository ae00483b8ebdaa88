//! The browser's IDNA, by way of its URL parser (URL standard, "domain to ASCII").

use web_sys::Url;

/// A name in A-labels and lower case, or `None` if the URL parser refuses it. The name holds no character that
/// separates the parts of a URL.
pub(crate) fn to_ascii(name: &str) -> Option<String> {
    // The scheme needs to be one whose hosts are domains; nothing is fetched.
    Some(Url::new(&format!("http://{name}")).ok()?.hostname())
}
