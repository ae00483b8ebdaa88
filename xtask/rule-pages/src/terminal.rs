//! What a terminal shows, with its colours as classes.

use maud::{Markup, html};

/// The classes of the codes that the engine's renderer uses.
const CLASSES: &[(&str, &str)] = &[
    ("1", "t-bold"),
    ("91", "t-error"),
    ("33", "t-warning"),
    ("36", "t-info"),
    ("32", "t-good"),
    ("94", "t-frame"),
];

/// Text with ANSI escape sequences. All that comes from outside is escaped in it: an ESC begins a colour of ours.
pub(crate) fn terminal(text: &str) -> Markup {
    let mut classes: Vec<&str> = Vec::new();
    let mut pieces: Vec<(String, &str)> = Vec::new();
    for (at, piece) in text.split("\u{1b}[").enumerate() {
        let (codes, rest) = if at == 0 { ("", piece) } else { piece.split_once('m').unwrap_or(("", piece)) };
        for code in codes.split(';').filter(|code| !code.is_empty()) {
            match CLASSES.iter().find(|(known, _)| *known == code) {
                Some((_, class)) => classes.push(class),
                None => classes.clear(),
            }
        }
        if !rest.is_empty() {
            pieces.push((classes.join(" "), rest));
        }
    }
    html! {
        @for (classes, piece) in &pieces {
            @if classes.is_empty() { (piece) } @else { span class=(classes) { (piece) } }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_become_classes() {
        assert_eq!(
            terminal("a\u{1b}[1m\u{1b}[91m<b>\u{1b}[0m c").into_string(),
            "a<span class=\"t-bold t-error\">&lt;b&gt;</span> c"
        );
    }
}
