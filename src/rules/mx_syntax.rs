//! Values of `mx` that are no pattern (RFC 8461 §3.2, `sts-policy-mx-value`). Each has one fault, the first that fits;
//! [`MxFault`] tells which, and each fault is one rule.

use super::edits::{eol, if_pattern, in_a_labels, unwrapped};
use super::{Check, Example, Findings, Rule};
use crate::finding::{Consequence, Edit, Fix, Severity};
use crate::model::{MxFault, MxOdd, Policy, mx::is_separator};
use crate::quote::{is_shown, quote};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt::Display;

const GOOD: Example = Example::Policy("version: STSv1\nmode: testing\nmx: mx.example.com\nmax_age: 604800\n");

/// Why every one of them matters.
const WHY: &str = "a value that is no pattern matches no host, and a strict sender drops the whole policy";

/// A rule about one fault.
macro_rules! fault {
    ($name:ident, $id:literal, $fault:ident, $what:literal, $instead:literal, bad $bad:literal, good $good:expr, $say:expr, $meant:expr) => {
        pub(super) static $name: Rule = Rule {
            id: $id,
            severity: Severity::Error,
            consequence: Consequence::Refused,
            rfc: "RFC 8461 §3.2, RFC 5321 §4.1.2",
            what: $what,
            why: WHY,
            instead: $instead,
            bad: Example::Policy(concat!("version: STSv1\nmode: testing\nmx: ", $bad, "\nmax_age: 604800\n")),
            good: $good,
            check: Check::Mx(MxOdd::fault(MxFault::$fault), |policy, out| {
                each(policy, MxFault::$fault, out, $say, $meant)
            }),
        };
    };
}

fault!(URL, "mx-url", Url,
"an `mx` value is a URL", "give the host name alone",
bad "smtp://mx.example.com", good GOOD,
|value| format!("{value} is a URL, not a host name"),
|value| {
    let rest = value.split_once("://")?.1;
    let host = rest.split(['/', '?', '#']).next()?;
    if_pattern(host.rsplit_once(':').map_or(host, |(host, _)| host))
});
fault!(IP_LITERAL, "mx-ip-literal", IpLiteral,
    "an `mx` value is an address", "give the host name; an MX record cannot hold an address either",
    bad "192.0.2.25", good GOOD,
    |value| format!("{value} is an address, not a host name"), |_| None);
fault!(BARE_WILDCARD, "mx-bare-wildcard", BareWildcard,
    "an `mx` value is a wildcard without a name", "list the hosts; to let every host pass, use `mode: testing`",
    bad "*", good GOOD,
    |value| format!("{value} names no domain; there is no allow-all"), |_| None);
fault!(PREFERENCE, "mx-preference", Preference,
    "an `mx` value has an MX preference", "leave out the preference",
    bad "10 mx.example.com", good GOOD,
    |value| format!("{value} begins with an MX preference"),
    |value| if_pattern(value.split_ascii_whitespace().nth(1)?.trim_end_matches('.')));
fault!(LIST, "mx-list", List,
"an `mx` value holds several names", "write one `mx` line for each",
bad "mx1.example.com, mx2.example.com",
good Example::Policy("version: STSv1\nmode: testing\nmx: mx1.example.com\nmx: mx2.example.com\nmax_age: 604800\n"),
|value| {
        let what = if value.0.contains(&b'#') { "a comment; a policy has none" } else { "more than one name" };
        format!("{value} holds {what}")
    },
|value| {
    let value = String::from_utf8_lossy(unwrapped(value.as_bytes())).into_owned();
    let mut lines = String::new();
    for entry in value.split([',', ';']) {
        // Beside a name with dots, words without are no names: `Priority 10: mx.example.com`.
        let is_prose = entry.contains('.');
        for name in entry.split(is_separator) {
            if name.contains('.') || !(is_prose || name.is_empty()) {
                // Parted by a line end, which the caller makes the text's own.
                lines += if lines.is_empty() { "" } else { "\nmx: " };
                lines += &if_pattern(name.trim_end_matches('.'))?;
            }
        }
    }
    Some(lines).filter(|lines| !lines.is_empty())
});
fault!(PORT, "mx-port", Port,
    "an `mx` value has a port", "leave out the port; mail between servers uses port 25",
    bad "mx.example.com:25", good GOOD,
    |value| format!("{value} has a port"),
    |value| if_pattern(value.rsplit_once(':')?.0));
fault!(U_LABEL, "mx-u-label", ULabel,
    "an `mx` value has letters outside ASCII", "write the name in A-labels (`xn--…`)",
    bad "mx.bücher.example",
    good Example::Policy("version: STSv1\nmode: testing\nmx: mx.xn--bcher-kva.example\nmax_age: 604800\n"),
    |value| format!("{value} has letters outside ASCII"), in_a_labels);
fault!(WILDCARD_POSITION, "mx-wildcard-position", WildcardPosition,
"`*` stands elsewhere than as the whole first label", "write `*.` at the front, once; it stands for one label",
bad "mx*.example.com", good Example::Policy("version: STSv1\nmode: testing\nmx: *.example.com\nmax_age: 604800\n"),
|value| format!("the `*` in {value} is not the whole first label"),
|value| {
    let name = value.trim_start_matches(['*', '.']);
    let rest = if name.contains('*') { name.rsplit_once('*')?.1.strip_prefix('.')? } else { name };
    if_pattern(&format!("*.{rest}"))
});
fault!(BAD_CHAR, "mx-bad-char", BadChar,
"an `mx` value has a character no host name holds", "write letters, digits, hyphens and dots only",
bad "\"mx.example.com\"", good GOOD,
|value| match value.odd() {
    Some(c) if is_shown(c) => format!("{value} holds `{c}` (U+{:04X})", u32::from(c)),
    Some(c) => format!("{value} holds an invisible character, U+{:04X}", u32::from(c)),
    None => format!("{value} holds octets that are no character"),
},
|value| {
    let bare = String::from_utf8_lossy(unwrapped(value.as_bytes())).into_owned();
    let visible: String = bare.chars().filter(|c| is_shown(*c)).collect();
    if_pattern(visible.trim_end_matches([',', ';']))
});
fault!(UNDERSCORE, "mx-underscore", Underscore,
    "an `mx` value has an underscore", "rename the MX host: host names have letters, digits and hyphens only",
    bad "mx_1.example.com", good GOOD,
    |value| format!("{value} has an underscore, which no host name has"), |_| None);
fault!(LEADING_DOT, "mx-leading-dot", LeadingDot,
    "an `mx` value begins with a dot", "write `*.` for any one label",
    bad ".example.com", good Example::Policy("version: STSv1\nmode: testing\nmx: *.example.com\nmax_age: 604800\n"),
    |value| match value.0 {
        b"." => "`.` is a null MX, not a host name".into(),
        _ => format!("{value} begins with a dot, the form of the drafts"),
    },
    |value| if_pattern(&format!("*{value}")));
fault!(TRAILING_DOT, "mx-trailing-dot", TrailingDot,
    "an `mx` value ends with a dot", "leave out the dot at the end",
    bad "mx.example.com.", good GOOD,
    |value| format!("{value} ends with a dot"),
    |value| if_pattern(value.trim_end_matches('.')));
fault!(EMPTY_LABEL, "mx-empty-label", EmptyLabel,
"an `mx` value has two dots in a row", "write one dot between labels",
bad "mx..example.com", good GOOD,
|value| format!("{value} has an empty label"),
|value| {
    let labels: Vec<&str> = value.split('.').filter(|label| !label.is_empty()).collect();
    if_pattern(&labels.join("."))
});
fault!(HYPHEN_EDGE, "mx-hyphen-edge", HyphenEdge,
"a label of an `mx` value begins or ends with a hyphen", "correct the name",
bad "mx-.example.com", good GOOD,
|value| format!("a label of {value} begins or ends with a hyphen"),
|value| {
    let labels: Vec<&str> = value.split('.').map(|label| label.trim_matches('-')).collect();
    if_pattern(&labels.join("."))
});
fault!(LABEL_TOO_LONG, "mx-label-too-long", LabelTooLong,
    "a label of an `mx` value is longer than 63 characters", "correct the name; such a name cannot exist in the DNS",
    bad "mmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmm.example.com", good GOOD,
    |value| format!("a label of {value} is longer than 63 characters"), |_| None);
fault!(NAME_TOO_LONG, "mx-name-too-long", NameTooLong,
    "an `mx` value is longer than 253 characters", "correct the name; such a name cannot exist in the DNS",
    bad "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb.\
cccccccccccccccccccccccccccccccccccccccccccccccccc.dddddddddddddddddddddddddddddddddddddddddddddddddd.\
eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee.example.com", good GOOD,
    |value| format!("{value} is longer than 253 characters"), |_| None);

/// A value that is no pattern; it displays as a quotation.
struct Faulty<'a>(&'a [u8]);

impl Display for Faulty<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        quote(self.0).fmt(f)
    }
}

impl Faulty<'_> {
    /// The first character that no host name holds.
    fn odd(&self) -> Option<char> {
        let text = str::from_utf8(self.0).ok()?;
        text.chars().find(|c| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_' | '*')))
    }
}

/// Reports every value with this fault. `meant` guesses the right text.
fn each(
    policy: &Policy<'_>,
    fault: MxFault,
    out: &mut Findings,
    say: fn(&Faulty<'_>) -> String,
    meant: fn(&str) -> Option<String>,
) {
    for mx in policy.mx.iter().filter(|mx| mx.value == Err(fault)) {
        let value = policy.of(mx.span);
        if out.is_counted() {
            continue;
        }
        let finding = out.report(mx.span, format_args!("{}", say(&Faulty(value))));
        if let Some(meant) = str::from_utf8(value).ok().and_then(meant) {
            let shown = meant.replace('\n', "`, `");
            finding.instead(format!("write `mx: {shown}`"));
            let edit = Edit::replace(mx.span, meant.replace('\n', eol(policy)));
            // Without its root dot, or in A-labels, a name is the same name.
            let is_same = matches!(fault, MxFault::TrailingDot | MxFault::ULabel);
            finding.fix(if is_same { Fix::safe(edit) } else { Fix::likely(edit) });
        }
    }
}
