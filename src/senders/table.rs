//! The table: what is known of each sender.

use super::number::Number;
use super::{Known, Sender, SenderKind, Space};

/// How a sender reads a policy.
#[derive(Debug, Clone, Copy)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own, said in a row by its name")]
pub(super) struct PolicyTraits {
    /// The status codes it takes.
    pub(super) status: Status,
    /// The media types it takes.
    pub(super) media: Media,
    /// How long it waits, in seconds.
    pub(super) seconds: u32,
    /// How many octets it reads, and what becomes of a longer body.
    pub(super) limit: Option<(u32, Beyond)>,
    /// What octets outside ASCII mean to it.
    pub(super) charset: Charset,
    /// Where a line ends.
    pub(super) line_ends: LineEnds,
    /// What an empty line is.
    pub(super) blank: Blank,
    /// What a line without a colon is.
    pub(super) no_colon: NoColon,
    /// Whether a line may hold a second colon.
    pub(super) second_colon: bool,
    /// A byte order mark.
    pub(super) bom: Stray,
    /// White space before a name.
    pub(super) indent: Stray,
    /// White space between name and colon.
    pub(super) gap: Stray,
    /// What a name is.
    pub(super) names: Names,
    /// Which white space around a value is none of it.
    pub(super) space: Space,
    /// Whether it refuses controls in fields it does not know.
    pub(super) controls_refused: bool,
    /// Whether it refuses a field without a value.
    pub(super) empty_refused: bool,
    /// Whether it passes over an `mx` without a value.
    pub(super) empty_mx_ignored: bool,
    /// Which of two fields counts, other than `mx`.
    pub(super) repeats: Repeats,
    /// Whether there must be a version.
    pub(super) version_required: bool,
    /// Whether the version may be in any letter case.
    pub(super) version_any_case: bool,
    /// Whether there must be a mode; without one it is none.
    pub(super) mode_required: bool,
    /// Whether the mode may be in any letter case.
    pub(super) mode_any_case: bool,
    /// How it reads `max_age`.
    pub(super) number: Number,
    /// The shortest lifetime, in seconds.
    pub(super) least: u64,
    /// The longest lifetime, in seconds, and what becomes of a longer one.
    pub(super) most: Option<(u64, Beyond)>,
    /// The lifetime in place of one that is missing or no number, in seconds; without it the policy is refused.
    pub(super) default_max_age: Option<u64>,
    /// What `mx` may hold.
    pub(super) mx: MxSyntax,
    /// Whether mode none may do without `mx`.
    pub(super) none_without_mx: bool,
    /// What a pattern is held against.
    pub(super) matching: Matching,
}

/// Status codes of HTTP.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Status {
    /// 200 alone.
    Ok,
    /// Every 2xx.
    Success,
    /// It does not look.
    Any,
}

/// Media types.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Media {
    /// `text/plain`, whatever its letter case; a missing one is refused.
    TextPlain,
    /// `text/plain` in lower case.
    TextPlainExactly,
    /// It does not look.
    Any,
}

/// What becomes of what lies beyond a limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Beyond {
    /// The whole is refused.
    Refused,
    /// It is brought down to the limit.
    Cut,
}

/// What octets outside ASCII mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Charset {
    /// Octets are octets.
    Octets,
    /// The text must be UTF-8.
    Utf8,
    /// ASCII, unless the reply declares another charset.
    Declared,
}

/// Where a line ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LineEnds {
    /// LF or CR LF; any other carriage return is refused.
    Grammar,
    /// LF.
    Lf,
    /// Wherever Unicode sees a line end.
    Unicode,
}

/// What an empty line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Blank {
    /// A fault.
    Refused,
    /// Nothing, unless there is white space in it.
    SkippedIfEmpty,
    /// Nothing.
    Skipped,
}

/// What a line without a colon is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NoColon {
    /// A fault.
    Refused,
    /// Nothing.
    Skipped,
    /// The beginning of the next line's name.
    TakesNext,
}

/// What something is that stands beside a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stray {
    /// A fault.
    Refused,
    /// A part of the name, which is then another.
    PartOfName,
    /// Nothing.
    Skipped,
}

/// What a field name is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Names {
    /// What the grammar takes.
    Grammar,
    /// Anything before the colon.
    Any,
    /// The same, in any letter case.
    AnyCase,
}

/// Which of two fields counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Repeats {
    /// The first, as the RFC has it; `checked` if the others must be good nevertheless.
    First {
        /// Whether a bad value refuses the policy all the same.
        checked: bool,
    },
    /// The last; `checked` if the others must be good nevertheless.
    Last {
        /// Whether a bad value refuses the policy all the same.
        checked: bool,
    },
    /// None: it is a fault.
    Refused,
}

/// What `mx` may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum MxSyntax {
    /// A pattern (RFC 8461 §3.2).
    Grammar {
        /// A name may end in a number, as an IPv4 address does.
        ipv4: bool,
        /// A label may be longer than 63 octets.
        long_labels: bool,
        /// A name may be longer than 253 octets.
        long_names: bool,
    },
    /// Anything.
    Any,
    /// Anything; letters outside ASCII become A-labels.
    AnyInALabels,
}

/// What a pattern is held against.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Matching {
    /// The name in the MX record; a wildcard stands for one label (RFC 8461 §4.1).
    OneLabel,
    /// The name in the MX record; a wildcard stands for one label or more.
    AnyDepth,
    /// The names in the certificate, by Postfix; a wildcard stands for one label or more.
    Certificate,
}

/// How a sender reads TXT records.
#[derive(Debug, Clone, Copy)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own, said in a row by its name")]
pub(super) struct RecordTraits {
    /// Which records it looks at.
    pub(super) select: Select,
    /// Whether one of several records is enough.
    pub(super) several: bool,
    /// Whether the version may be in any letter case.
    pub(super) version_any_case: bool,
    /// Whether names may be in any letter case, and stand apart from their equals signs.
    pub(super) loose_names: bool,
    /// Which octets it reads.
    pub(super) octets: Octets,
    /// What white space is to it, within a record and around it.
    pub(super) space: Space,
    /// How it parts a record into fields.
    pub(super) fields: Fields,
    /// Whether a later `v` takes the place of the first.
    pub(super) last_version: bool,
    /// Which of two `id` counts.
    pub(super) repeats: Repeats,
    /// What an `id` may be.
    pub(super) id: Id,
    /// What `rua` may hold.
    pub(super) rua: Rua,
}

/// Which octets a record may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Octets {
    /// Any.
    Any,
    /// ASCII; what holds others is none of its records.
    Ascii,
    /// UTF-8; likewise.
    Utf8,
}

/// Which records a sender looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Select {
    /// Those that begin with the version and a semicolon, white space between them or not.
    Version,
    /// Those that begin with the version and a semicolon, exactly.
    Prefix,
    /// Those that begin with the version, whatever follows.
    Head,
    /// Those that have the version in any field.
    AnyField,
    /// The only record there is, of whatever kind.
    Only,
    /// All of them, joined with nothing between.
    Joined,
}

/// How a sender parts a record into fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fields {
    /// By the grammar, and nothing else.
    Grammar,
    /// At semicolons; each that is not empty has one equals sign.
    OneEquals,
    /// At semicolons; each that is not empty, white space included, has an equals sign.
    SomeEquals,
    /// At semicolons, whatever they hold.
    Any,
    /// It looks at the beginning alone.
    NotRead,
}

/// What an `id` may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Id {
    /// 1 to 32 letters and digits.
    Grammar,
    /// Anything but nothing.
    NotEmpty,
    /// Anything of at most 32 octets.
    AtMost32,
    /// Anything.
    Any,
}

/// What `rua` may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rua {
    /// URIs by the grammar, of any scheme.
    Grammar,
    /// Addresses and URLs of the two schemes that name a host; anything else is refused.
    TwoSchemes,
    /// What begins with one of the two schemes; anything else is refused. Of the last field.
    Begins,
    /// What begins with one of the two schemes, up to the first that does not; of the first field.
    LeadingGood,
}

const KIB_64: u32 = 65_536;
const YEAR: u64 = 31_557_600;

/// A reader that follows the grammar to the letter: others are said as differences from it.
const STRICT: PolicyTraits = PolicyTraits {
    status: Status::Ok,
    media: Media::TextPlain,
    seconds: 60,
    limit: Some((KIB_64, Beyond::Refused)),
    charset: Charset::Octets,
    line_ends: LineEnds::Grammar,
    blank: Blank::Refused,
    no_colon: NoColon::Refused,
    second_colon: true,
    bom: Stray::Refused,
    indent: Stray::Refused,
    gap: Stray::Refused,
    names: Names::Grammar,
    space: Space::Wsp,
    controls_refused: true,
    empty_refused: true,
    empty_mx_ignored: false,
    repeats: Repeats::First { checked: false },
    version_required: true,
    version_any_case: false,
    mode_required: true,
    mode_any_case: false,
    number: Number::Grammar,
    least: 0,
    most: Some((YEAR, Beyond::Refused)),
    default_max_age: None,
    mx: MxSyntax::Grammar { ipv4: false, long_labels: false, long_names: false },
    none_without_mx: true,
    matching: Matching::OneLabel,
};

/// A reader that parts lines at LF and fields at the first colon, takes white space off, and asks no more.
const LENIENT: PolicyTraits = PolicyTraits {
    line_ends: LineEnds::Lf,
    blank: Blank::Skipped,
    no_colon: NoColon::Skipped,
    bom: Stray::PartOfName,
    indent: Stray::Skipped,
    gap: Stray::Skipped,
    names: Names::Any,
    space: Space::Unicode,
    controls_refused: false,
    empty_refused: false,
    repeats: Repeats::Last { checked: false },
    mx: MxSyntax::Any,
    ..STRICT
};

/// A record by the grammar.
const RECORD: RecordTraits = RecordTraits {
    select: Select::Version,
    several: false,
    version_any_case: false,
    loose_names: false,
    octets: Octets::Any,
    space: Space::Wsp,
    fields: Fields::Grammar,
    last_version: false,
    repeats: Repeats::First { checked: false },
    id: Id::Grammar,
    rua: Rua::Grammar,
};

/// Stalwart and its library read records with the same code.
const MAIL_AUTH: RecordTraits = RecordTraits {
    select: Select::AnyField,
    several: true,
    version_any_case: true,
    loose_names: true,
    space: Space::Ascii,
    fields: Fields::Any,
    last_version: true,
    repeats: Repeats::Last { checked: false },
    id: Id::Any,
    ..RECORD
};
const MAIL_AUTH_RPT: RecordTraits = RecordTraits {
    several: true,
    version_any_case: true,
    loose_names: true,
    space: Space::Ascii,
    fields: Fields::Any,
    rua: Rua::LeadingGood,
    ..RECORD
};

/// Every sender, in the order of `tests/senders/README.md`.
pub static ALL: [Sender; 12] = [
    Sender {
        id: "mox",
        name: "mox",
        version: "1c95876 (2026-08-19)",
        kind: SenderKind::MailServer,
        known: Known::Run,
        policy: Some(PolicyTraits {
            media: Media::Any,
            repeats: Repeats::First { checked: true },
            most: Some((i32::MAX as u64, Beyond::Refused)),
            mx: MxSyntax::Grammar { ipv4: false, long_labels: true, long_names: false },
            ..STRICT
        }),
        record: Some(RecordTraits { repeats: Repeats::Refused, ..RECORD }),
        tlsrpt: Some(RECORD),
    },
    Sender {
        id: "postfix-tlspol",
        name: "Postfix with postfix-tlspol",
        version: "ffe1e2d (2026-08-20)",
        kind: SenderKind::PolicyDaemon,
        known: Known::Run,
        policy: Some(PolicyTraits {
            seconds: 2,
            charset: Charset::Utf8,
            most: Some((YEAR, Beyond::Cut)),
            matching: Matching::Certificate,
            ..STRICT
        }),
        record: Some(RECORD),
        tlsrpt: None,
    },
    Sender {
        id: "postfix-mta-sts-resolver",
        name: "Postfix with postfix-mta-sts-resolver",
        version: "1.5.1 (PyPI)",
        kind: SenderKind::PolicyDaemon,
        known: Known::Run,
        policy: Some(PolicyTraits {
            seconds: 4,
            charset: Charset::Declared,
            line_ends: LineEnds::Unicode,
            space: Space::Python,
            indent: Stray::PartOfName,
            gap: Stray::PartOfName,
            number: Number::Python,
            matching: Matching::Certificate,
            ..LENIENT
        }),
        record: Some(RecordTraits {
            select: Select::Head,
            octets: Octets::Ascii,
            space: Space::Python,
            fields: Fields::Any,
            last_version: true,
            repeats: Repeats::Last { checked: false },
            id: Id::Any,
            ..RECORD
        }),
        tlsrpt: None,
    },
    Sender {
        id: "go-mtasts",
        name: "maddy (go-mtasts)",
        version: "1438da2 (2024-01-30)",
        kind: SenderKind::MailServer,
        known: Known::Run,
        policy: Some(PolicyTraits {
            limit: None,
            blank: Blank::Refused,
            no_colon: NoColon::Refused,
            second_colon: false,
            indent: Stray::PartOfName,
            gap: Stray::PartOfName,
            number: Number::Go,
            most: None,
            ..LENIENT
        }),
        record: Some(RecordTraits {
            select: Select::Only,
            fields: Fields::OneEquals,
            last_version: true,
            repeats: Repeats::Last { checked: false },
            id: Id::NotEmpty,
            ..RECORD
        }),
        tlsrpt: None,
    },
    Sender {
        id: "stalwart",
        name: "Stalwart",
        version: "d72608f3 (2026-08-21)",
        kind: SenderKind::MailServer,
        known: Known::Lifted,
        policy: Some(PolicyTraits {
            status: Status::Any,
            media: Media::Any,
            limit: Some((1 << 20, Beyond::Refused)),
            charset: Charset::Utf8,
            no_colon: NoColon::TakesNext,
            empty_mx_ignored: true,
            version_required: false,
            version_any_case: true,
            mode_required: false,
            number: Number::Rust,
            most: None,
            default_max_age: Some(86_400),
            mx: MxSyntax::AnyInALabels,
            none_without_mx: false,
            ..LENIENT
        }),
        record: Some(MAIL_AUTH),
        tlsrpt: Some(MAIL_AUTH_RPT),
    },
    Sender {
        id: "kumomta",
        name: "KumoMTA",
        version: "3ebc1e85 (2026-08-04)",
        kind: SenderKind::MailServer,
        known: Known::Lifted,
        policy: Some(PolicyTraits {
            media: Media::TextPlainExactly,
            seconds: 20,
            limit: None,
            charset: Charset::Utf8,
            blank: Blank::SkippedIfEmpty,
            no_colon: NoColon::Refused,
            repeats: Repeats::Refused,
            number: Number::Rust,
            most: None,
            ..LENIENT
        }),
        record: Some(RecordTraits {
            select: Select::Joined,
            fields: Fields::SomeEquals,
            last_version: true,
            repeats: Repeats::Last { checked: false },
            id: Id::Any,
            ..RECORD
        }),
        tlsrpt: None,
    },
    Sender {
        id: "chasquid",
        name: "chasquid",
        version: "ca2538b (2026-06-07)",
        kind: SenderKind::MailServer,
        known: Known::Lifted,
        policy: Some(PolicyTraits {
            limit: Some((10_240, Beyond::Cut)),
            number: Number::Go,
            least: 1,
            none_without_mx: false,
            ..LENIENT
        }),
        record: Some(RecordTraits {
            select: Select::Prefix,
            several: true,
            fields: Fields::NotRead,
            ..RECORD
        }),
        tlsrpt: None,
    },
    Sender {
        id: "mailauth-strict",
        name: "mailauth in strict mode",
        version: "7.1.0 (npm)",
        kind: SenderKind::Library,
        known: Known::Run,
        policy: Some(PolicyTraits {
            blank: Blank::Skipped,
            no_colon: NoColon::Skipped,
            line_ends: LineEnds::Lf,
            bom: Stray::PartOfName,
            indent: Stray::PartOfName,
            gap: Stray::PartOfName,
            names: Names::Any,
            controls_refused: false,
            empty_refused: false,
            mx: MxSyntax::Grammar { ipv4: true, long_labels: true, long_names: true },
            matching: Matching::AnyDepth,
            ..STRICT
        }),
        record: Some(RECORD),
        tlsrpt: None,
    },
    Sender {
        id: "mailauth-lax",
        name: "mailauth",
        version: "7.1.0 (npm)",
        kind: SenderKind::Library,
        known: Known::Run,
        policy: Some(PolicyTraits {
            status: Status::Success,
            media: Media::Any,
            bom: Stray::Skipped,
            names: Names::AnyCase,
            space: Space::JavaScript,
            repeats: Repeats::First { checked: false },
            mode_any_case: true,
            number: Number::JavaScript,
            matching: Matching::AnyDepth,
            ..LENIENT
        }),
        record: Some(RecordTraits {
            version_any_case: true,
            loose_names: true,
            space: Space::Ascii,
            fields: Fields::Any,
            id: Id::NotEmpty,
            ..RECORD
        }),
        tlsrpt: None,
    },
    Sender {
        id: "mailrs",
        name: "mailrs",
        version: "mailrs-mta-sts 2.0.2, mailrs-tls-rpt 1.2.2 (crates.io)",
        kind: SenderKind::Library,
        known: Known::Run,
        policy: Some(PolicyTraits {
            limit: None,
            charset: Charset::Utf8,
            names: Names::AnyCase,
            repeats: Repeats::Last { checked: true },
            empty_mx_ignored: true,
            version_any_case: true,
            mode_any_case: true,
            number: Number::Rust,
            most: None,
            none_without_mx: false,
            ..LENIENT
        }),
        record: Some(RecordTraits {
            several: false,
            octets: Octets::Utf8,
            space: Space::Unicode,
            id: Id::AtMost32,
            ..MAIL_AUTH
        }),
        tlsrpt: Some(RecordTraits {
            several: false,
            octets: Octets::Utf8,
            space: Space::Unicode,
            last_version: true,
            repeats: Repeats::Last { checked: false },
            rua: Rua::Begins,
            ..MAIL_AUTH_RPT
        }),
    },
    Sender {
        id: "mail-auth",
        name: "mail-auth",
        version: "0.15.1 (crates.io)",
        kind: SenderKind::Library,
        known: Known::Run,
        policy: None,
        record: Some(MAIL_AUTH),
        tlsrpt: Some(MAIL_AUTH_RPT),
    },
    Sender {
        id: "checkdmarc",
        name: "checkdmarc",
        version: "6.0.4 (PyPI)",
        kind: SenderKind::Validator,
        known: Known::Run,
        policy: Some(PolicyTraits {
            media: Media::Any,
            limit: None,
            blank: Blank::SkippedIfEmpty,
            space: Space::Python,
            mx: MxSyntax::Grammar { ipv4: true, long_labels: false, long_names: true },
            matching: Matching::AnyDepth,
            ..STRICT
        }),
        record: Some(RecordTraits { space: Space::Python, ..RECORD }),
        tlsrpt: Some(RecordTraits { space: Space::Python, rua: Rua::TwoSchemes, ..RECORD }),
    },
];
