//! Values of `mx` that are patterns, and yet deserve a word.

use super::edits::{fix_each, line_of};
use super::{Check, Example, Findings, Rule};
use crate::finding::{Consequence, Edit, Fix, Severity};
use crate::model::{Domain, MxOdd, MxPattern, Policy};
use crate::order::{Index, by_key};
use crate::quote::quote;
use crate::span::{Span, Spanned};
use alloc::vec::Vec;

const GOOD: Example = Example::Policy("version: STSv1\nmode: testing\nmx: mx.example.com\nmax_age: 604800\n");

pub(super) static SINGLE_LABEL: Rule = Rule {
    id: "mx-single-label",
    severity: Severity::Warning,
    consequence: Consequence::Practice,
    rfc: "RFC 8461 §3.2, RFC 5321 §2.3.5",
    what: "an `mx` value is a single label",
    why: "the grammar takes it, but no public MX host has such a name",
    instead: "write the whole name, such as `mx.example.com`",
    bad: Example::Policy("version: STSv1\nmode: testing\nmx: mailhost\nmax_age: 604800\n"),
    good: GOOD,
    check: Check::Mx(MxOdd::SINGLE_LABEL, |policy, out| {
        for mx in policy.patterns().filter(|mx| !mx.value.wildcard && !mx.value.domain.contains('.')) {
            out.report(mx.span, format_args!("`{}` is a single label, no public host name", mx.value));
        }
    }),
};

pub(super) static WILDCARD_TLD: Rule = Rule {
    id: "mx-wildcard-tld",
    severity: Severity::Warning,
    consequence: Consequence::Practice,
    rfc: "RFC 8461 §10.4",
    what: "a wildcard above a top-level domain",
    why: "every host right below that domain matches, whoever runs it",
    instead: "name the hosts, or write a wildcard under your own or your provider's domain",
    bad: Example::Policy("version: STSv1\nmode: testing\nmx: *.com\nmax_age: 604800\n"),
    good: GOOD,
    check: Check::Mx(MxOdd::WILDCARD, |policy, out| {
        for mx in policy.patterns().filter(|mx| mx.value.wildcard && !mx.value.domain.contains('.')) {
            out.report(
                mx.span,
                format_args!("`{}` matches every domain under `{}`", mx.value, mx.value.domain),
            );
        }
    }),
};

pub(super) static WILDCARD: Rule = Rule {
    id: "mx-wildcard",
    severity: Severity::Info,
    consequence: Consequence::Practice,
    rfc: "RFC 8461 §10.4",
    what: "a wildcard pattern",
    why: "any host below it with a valid certificate counts as an MX host of the domain",
    instead: "name the hosts where you can",
    bad: Example::Policy("version: STSv1\nmode: testing\nmx: *.example.com\nmax_age: 604800\n"),
    good: GOOD,
    check: Check::Mx(MxOdd::WILDCARD, |policy, out| {
        for mx in policy.patterns().filter(|mx| mx.value.wildcard && mx.value.domain.contains('.')) {
            out.report(
                mx.span,
                format_args!("`{}` matches every host right below `{}`", mx.value, mx.value.domain),
            );
        }
    }),
};

pub(super) static FAKE_ALABEL: Rule = Rule {
    id: "mx-fake-alabel",
    severity: Severity::Warning,
    consequence: Consequence::Practice,
    rfc: "RFC 5890 §2.3.2.1",
    what: "a label begins with `xn--` and is no A-label",
    why: "it decodes to no internationalised name, so no real host can match",
    instead: "write the name anew; the label is probably mistyped",
    bad: Example::Policy("version: STSv1\nmode: testing\nmx: mx.xn--a.example\nmax_age: 604800\n"),
    good: Example::Policy("version: STSv1\nmode: testing\nmx: mx.xn--bcher-kva.example\nmax_age: 604800\n"),
    check: Check::Mx(MxOdd::HYPHEN, |policy, out| {
        for mx in policy.patterns() {
            let fake = |label: &&str| {
                label.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("xn--"))
                    && !Domain::is_a_label(&label.to_ascii_lowercase())
            };
            if let Some(label) = mx.value.domain.split('.').find(fake) {
                out.report(mx.span, format_args!("`{label}` in `{}` decodes to no name", mx.value));
            }
        }
    }),
};

pub(super) static UPPERCASE: Rule = Rule {
    id: "mx-uppercase",
    severity: Severity::Info,
    consequence: Consequence::Practice,
    rfc: "RFC 6125 §6.4.1",
    what: "an `mx` value has upper-case letters",
    why: "letter case does not count, by the RFC; lower case is safest",
    instead: "write the name in lower case",
    bad: Example::Policy("version: STSv1\nmode: testing\nmx: MX.Example.com\nmax_age: 604800\n"),
    good: GOOD,
    check: Check::Mx(MxOdd::UPPERCASE, |policy, out| {
        let upper = |mx: &Spanned<MxPattern<'_>>| mx.value.domain.bytes().any(|b| b.is_ascii_uppercase());
        let spans: Vec<Span> = policy.patterns().filter(upper).map(|mx| mx.span).collect();
        if let Some(first) = spans.first() {
            let finding =
                out.report(*first, format_args!("{} has upper-case letters", quote(policy.of(*first))));
            fix_each(finding, policy, &spans, Fix::safe, |span| policy.str(span).to_ascii_lowercase());
        }
    }),
};

pub(super) static DUP: Rule = Rule {
    id: "mx-dup",
    severity: Severity::Info,
    consequence: Consequence::Practice,
    rfc: "RFC 8461 §3.2",
    what: "an `mx` value stands twice",
    why: "it changes nothing",
    instead: "keep one of them",
    bad: Example::Policy(
        "version: STSv1\nmode: testing\nmx: mx.example.com\nmx: mx.example.com\nmax_age: 604800\n",
    ),
    good: GOOD,
    check: Check::Policy(|policy, out| {
        let repeats = repeats(policy);
        superfluous(policy, out, "stands twice", Fix::safe, |at, _| repeats.get(at) == Some(&true));
    }),
};

/// Which of the patterns stand before already, letter case aside. Empty if none does.
fn repeats(policy: &Policy<'_>) -> Vec<bool> {
    let values: Vec<&[u8]> = policy.patterns().map(|mx| policy.of(mx.span)).collect();
    if values.len() <= 8 {
        // Few are soonest compared each with each.
        let repeats = |at| values[..at].iter().any(|before| before.eq_ignore_ascii_case(values[at]));
        let any = (1..values.len()).any(repeats);
        return if any { (0..values.len()).map(repeats).collect() } else { Vec::new() };
    }
    let hashes: Vec<u64> = values.iter().map(|value| hash(value)).collect();
    let mut repeats = Vec::new();
    for pair in by_key(&hashes).windows(2) {
        let (before, at) = (pair[0], pair[1]);
        if hashes[before] != hashes[at] {
            continue;
        }
        if !values[before].eq_ignore_ascii_case(values[at]) {
            return repeats_by_name(&values);
        }
        repeats.resize(values.len(), false);
        repeats[at] = true;
    }
    repeats
}

/// As [`repeats`], for values two of which have one hash, though they differ: somebody made them so.
fn repeats_by_name(values: &[&[u8]]) -> Vec<bool> {
    let index = Index::of(values.iter().map(|value| value.to_ascii_lowercase()).collect());
    (0..values.len()).map(|at| index.first(at) < at).collect()
}

/// FNV-1a of a pattern in lower case: the bit that tells the cases apart is set in all else that a pattern holds.
fn hash(value: &[u8]) -> u64 {
    let add = |hash: u64, byte: &u8| (hash ^ u64::from(byte | 0x20)).wrapping_mul(0x100_0000_01B3);
    value.iter().fold(0xCBF2_9CE4_8422_2325, add)
}

pub(super) static REDUNDANT: Rule = Rule {
    id: "mx-redundant",
    severity: Severity::Info,
    consequence: Consequence::Practice,
    rfc: "RFC 8461 §3.2, §4.1",
    what: "an `mx` value is covered by a wildcard",
    why: "it changes nothing",
    instead: "keep the name and drop the wildcard, or the reverse",
    bad: Example::Policy(
        "version: STSv1\nmode: testing\nmx: mx.example.com\nmx: *.example.com\nmax_age: 604800\n",
    ),
    good: Example::Policy("version: STSv1\nmode: testing\nmx: *.example.com\nmax_age: 604800\n"),
    check: Check::Mx(MxOdd::WILDCARD, |policy, out| {
        let wildcards = policy.patterns().filter(|mx| mx.value.wildcard);
        let wildcards = Index::of(wildcards.map(|mx| mx.value.domain.to_ascii_lowercase().into()).collect());
        // Which of the two is to stay is a choice.
        superfluous(policy, out, "is covered by a wildcard", Fix::likely, |_, mx| {
            let parent = mx.domain.split_once('.').map(|(_, parent)| parent.to_ascii_lowercase());
            !mx.wildcard && parent.is_some_and(|parent| wildcards.has(parent.as_bytes()))
        });
    }),
};

/// Reports the patterns that another one makes superfluous, and offers to delete their lines.
fn superfluous<'a>(
    policy: &Policy<'a>,
    out: &mut Findings,
    how: &str,
    sure: fn(Edit) -> Fix,
    is: impl Fn(usize, &MxPattern<'a>) -> bool,
) {
    for (at, mx) in policy.patterns().enumerate() {
        if is(at, &mx.value) && !out.is_counted() {
            let line = line_of(policy, mx.span).span();
            out.report(mx.span, format_args!("`{}` {how}", mx.value)).fix(sure(Edit::delete(line)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{repeats, repeats_by_name};
    use crate::model::Policy;

    #[track_caller]
    fn repeated(names: &[&str], expected: &[usize]) {
        let text: String = names.iter().flat_map(|name| ["mx: ", name, "\n"]).collect();
        let found = repeats(&Policy::read(text.as_bytes()));
        let values: Vec<&[u8]> = names.iter().map(|name| name.as_bytes()).collect();
        let at = |found: &[bool]| -> Vec<usize> { (0..found.len()).filter(|at| found[*at]).collect() };
        assert_eq!(at(&found), expected, "{names:?}");
        assert_eq!(at(&repeats_by_name(&values)), expected, "{names:?}, by name");
    }

    #[test]
    fn a_pattern_that_stands_before_is_a_repeat() {
        repeated(&[], &[]);
        repeated(&["a.b"], &[]);
        repeated(&["a.b", "A.B", "*.a.b", "a.b"], &[1, 3]); // case does not count, the wildcard does
        let many = ["a.b", "b.b", "c.b", "d.b", "e.b", "f.b", "g.b", "h.b", "i.b", "j.b"];
        repeated(&many, &[]);
        repeated(&[&many[..], &["B.b", "*.b", "a.b", "a.b"]].concat(), &[10, 12, 13]); // more than a few
    }
}
