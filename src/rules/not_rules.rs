//! Rows of the checklist that are no rules of this program.

/// The id of each such row of the sections on records, policy, matching, fetching, TLS, DNS, change and reporting, and
/// why there is no rule.
pub static NOT_RULES: &[(&str, &str)] = &[
    (
        "pol-ext-value",
        "`pol-control-char`, `pol-not-utf8` and `pol-empty-value` say it, each of its own fault",
    ),
    ("match-exact", "what is compared, not what is wrong: `MxPattern::matches`"),
    (
        "match-wildcard",
        "what is compared, not what is wrong: `MxPattern::matches`; a near miss is said with the host",
    ),
    (
        "match-target",
        "the name in the MX record is what is matched; `cov-mx-cname` tells of another one behind it",
    ),
    (
        "match-idn",
        "names are turned into A-labels before they are compared; `mx-u-label` tells of a pattern that is none",
    ),
    ("http-host", "the only URL that is fetched is the right one"),
    ("http-size", "the rule `pol-size` says it of the text"),
    ("http-no-cache", "nothing to find: senders look at no such header"),
    (
        "http-stale-cdn",
        "what a cache will serve cannot be seen beforehand; a plan says to make sure of it before the id changes",
    ),
    (
        "http-access",
        "shows only from a mail server's address; `http-status` finds a refusal that is seen from here",
    ),
    ("http-ipv6", "whether an address answers cannot be chosen in a browser"),
    ("http-own-fetch", "about this program, which does so"),
    ("tls-policy-name", "a browser does not show the certificate"),
    ("tls-policy-chain", "a browser does not show the certificate, and repairs a missing intermediate"),
    ("tls-policy-expired", "a browser does not show the certificate"),
    ("tls-policy-sni", "a browser always sends the host name"),
    ("tls-mx-starttls", "a browser cannot speak SMTP"),
    ("tls-mx-name", "a browser cannot speak SMTP"),
    ("tls-mx-chain", "a browser cannot speak SMTP"),
    ("tls-mx-expired", "a browser cannot speak SMTP"),
    ("tls-mx-sni", "a browser cannot speak SMTP"),
    ("tls-version", "a browser does not show the version"),
    ("tls-revocation", "nothing to find: senders may check it or not"),
    ("tls-wildcard-cert", "a browser does not show the certificate"),
    (
        "dns-policy-domain",
        "which domain is meant is for the reader to say; what was typed is reduced to it with a note",
    ),
    ("dns-address-literal", "refused when it is typed: `DomainFault::AddressLiteral`"),
    ("dns-dnssec", "nothing to find: the report shows which answers were validated"),
    ("dns-idn", "the report shows the domain in both forms"),
    ("dns-name-length", "refused when it is typed: `DomainFault::TooLong`"),
    ("dns-doh", "about this program, which does so"),
    ("ops-order", "the order of the steps of a plan; a new id over the old text is `ops-id-changed-only`"),
    ("ops-mx-compromise", "nothing to find: any later policy replaces a hostile one"),
    ("ops-untrusted-host", "which names the users of a domain may register cannot be seen"),
    ("rpt-ttl", "a resolver says what is left of the TTL, which may be little of a long one"),
    ("rpt-dkim", "about reports that were received, and those who send them"),
];
