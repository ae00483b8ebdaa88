//! Why some rules have no fix; their pages say it too.

/// Rules whose finding no text edit takes away, each with the reason. Every other has a fix for its bad example.
pub(crate) const NO_FIX: &[(&[&str], &str)] = &[
    (
        &["txt-missing", "rpt-missing"],
        "there is no text to edit, and an id and an address are their owner's to choose",
    ),
    (&["txt-version-only"], "an id must not have been used before, which only its owner knows"),
    (&["rpt-version-only"], "which mailbox takes reports is for its owner to say"),
    (
        &["txt-unrelated", "rpt-unrelated"],
        "a record of another kind belongs elsewhere; near misses of ours have a fix",
    ),
    (
        &["txt-string-too-long"],
        "some forms take one long value and cut it themselves, others take strings in quotes",
    ),
    (&["txt-ttl"], "the TTL is set where the zone is kept"),
    (&["txt-id-meaning"], "any id is right as long as it is new"),
    (&["pol-empty"], "there is nothing to put right"),
    (&["pol-html"], "the web server has to serve another file"),
    (&["pol-mx-missing"], "the hosts are in the DNS; where they are known there is a fix"),
    (&["pol-none-no-mx"], "nothing has to change in a policy that is being removed"),
    (&["pol-size"], "which hosts to leave out, or which wildcard stands for them, is a choice"),
    (&["pol-mode-testing", "pol-mode-none"], "the mode is right for some time, and its end is a decision"),
    (
        &["mx-ip-literal", "mx-bare-wildcard", "mx-single-label"],
        "the name that is missing is not in the text",
    ),
    (&["mx-underscore"], "the host itself needs another name"),
    (
        &["mx-label-too-long", "mx-name-too-long", "mx-fake-alabel"],
        "what was meant by a name that cannot be is not to be seen",
    ),
    (&["mx-wildcard", "mx-wildcard-tld"], "which hosts are meant by the wildcard is not in the text"),
    (
        &[
            "cov-null-mx",
            "cov-null-mx-mixed",
            "cov-null-mx-preference",
            "cov-implicit-mx",
            "cov-mx-no-address",
            "cov-mx-cname",
            "cov-mx-ip",
        ],
        "MX records and addresses are in the DNS",
    ),
    (&["cov-backup", "cov-not-applied"], "nothing is wrong with the policy"),
    (
        &[
            "http-host-dns",
            "http-status",
            "http-redirect",
            "http-content-type",
            "http-charset",
            "http-timeout",
            "http-encoding",
        ],
        "it is the policy host that answers so, whatever the text",
    ),
    (
        &[
            "dns-subdomain",
            "dns-cname",
            "dns-cname-dangling",
            "dns-cname-and-txt",
            "dns-delegation-half",
            "dns-name-typo",
            "dns-wildcard",
            "dns-servfail",
        ],
        "it is the DNS that answers so, whatever the text",
    ),
    (&["rpt-https-post", "rpt-mailto-same-domain", "rpt-external"], "nothing has to change in the record"),
    (&["ops-txt-no-policy", "ops-policy-no-txt"], "one half of what is needed is not there"),
    (&["ops-testing-no-rpt", "ops-enforce-no-rpt"], "which mailbox takes reports is for its owner to say"),
    (&["ops-id-changed-only"], "nothing has to change in the texts"),
    (
        &[
            "ops-old-policy",
            "ops-add-mx",
            "ops-testing-long",
            "ops-enforce-ready",
            "ops-removal",
            "ops-removal-none-kept",
        ],
        "a change takes the steps of its plan, each at its time",
    ),
];
