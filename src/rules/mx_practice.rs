//! Values of `mx` that are patterns, and yet deserve a word.

use super::edits::{fix_each, line_of};
use super::{Check, Example, Findings, Rule};
use crate::finding::{Consequence, Edit, Fix, Severity};
use crate::model::coverage::Names;
use crate::model::{Domain, MxOdd, MxPattern, Policy};
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
        // Few are soonest compared each with each.
        let many = policy.mx.len() > 8;
        let firsts = if many { Names::of_policy(policy).firsts() } else { Vec::new() };
        superfluous(policy, out, "stands twice", Fix::safe, |at, mx| {
            if many {
                firsts[at] != at
            } else {
                policy.patterns().take(at).any(|before| before.value.is_same(mx))
            }
        });
    }),
};

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
        let names = Names::of_policy(policy);
        // Which of the two is to stay is a choice.
        superfluous(policy, out, "is covered by a wildcard", Fix::likely, |_, mx| {
            !mx.wildcard && names.has_wildcard_above(mx.domain)
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
