//! What can be asked for. The doc comments are the text of `--help`.

use clap::{ColorChoice, Parser, Subcommand, ValueEnum};
use mta_sts::plan::DEFAULT_TTL;
use std::path::PathBuf;

/// Validates MTA-STS (RFC 8461): the policy, the records and the MX hosts, every fault at once.
#[derive(Debug, Parser)]
#[command(name = "mta-sts", version, arg_required_else_help = true, disable_help_subcommand = true)]
#[command(max_term_width = 100)]
pub(crate) struct Args {
    #[arg(
        long,
        global = true,
        value_name = "WHEN",
        default_value = "auto",
        hide_possible_values = true,
        display_order = 90
    )]
    #[arg(help = "Colour: auto (for a terminal, unless NO_COLOR is set), always or never")]
    pub(crate) color: ColorChoice,

    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Judge the text of a policy or of TXT records, without asking the network
    Lint(Lint),
    /// Put a policy or TXT records right, as far as a machine can
    Fix(Fix),
    /// Make a policy and its records from the MX hosts, and the files that publish them
    Generate(Generate),
    /// Plan a change: what to publish, in which order, and what to wait for, with dates
    Plan(Plan),
    /// Say what a rule is about, or list all rules
    Explain(Explain),
}

/// Texts, and what is known beside them.
#[derive(Debug, clap::Args)]
pub(crate) struct Texts {
    /// Files to judge, each by itself; `-` is standard input, which is read too if no file is named
    #[arg(value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,

    #[arg(long, value_enum, hide_possible_values = true)]
    #[arg(
        help = "What the text is, if that should not be told from the text: policy, record (TXT at _mta-sts) \
                  or tlsrpt (TXT at _smtp._tls)"
    )]
    pub(crate) kind: Option<Kind>,

    /// A host name of the domain's MX records, to be held against the policy; may be repeated, or a list with commas
    #[arg(long, value_name = "HOST", value_delimiter = ',')]
    pub(crate) mx: Vec<String>,

    /// The domain the text is for
    #[arg(long, value_name = "NAME")]
    pub(crate) domain: Option<String>,
}

#[derive(Debug, clap::Args)]
#[command(after_help = LINT_NOTES)]
pub(crate) struct Lint {
    #[command(flatten)]
    pub(crate) texts: Texts,

    #[arg(long, value_enum, default_value_t, hide_possible_values = true)]
    #[arg(help = "Form of the report: text or json")]
    pub(crate) format: Format,

    #[arg(long, value_enum, default_value_t, value_name = "SEVERITY", hide_possible_values = true)]
    #[arg(help = "Least severity that makes the exit status 1: error, warning, info, or never")]
    pub(crate) fail_on: FailOn,
}

const LINT_NOTES: &str = "\
Exit status: 0 if nothing was found, 1 for findings at or above --fail-on, 2 if something could not be done.

JSON is one report for one input, and an array of reports for several. Offsets count bytes, columns characters.";

#[derive(Debug, clap::Args)]
#[command(after_help = FIX_NOTES)]
pub(crate) struct Fix {
    #[command(flatten)]
    pub(crate) texts: Texts,

    /// Print what changes, as a unified diff, instead of the text
    #[arg(long, conflicts_with = "write")]
    pub(crate) diff: bool,

    /// Write the text back into its file, at once and only if it changes, instead of printing it
    #[arg(long)]
    pub(crate) write: bool,

    /// Apply fixes of errors and warnings that guess the meaning, too
    #[arg(long)]
    pub(crate) likely: bool,

    #[arg(long, value_enum, default_value_t, value_name = "SEVERITY", hide_possible_values = true)]
    #[arg(
        help = "Least severity of what is left that makes the exit status 1: error, warning, info, or never"
    )]
    pub(crate) fail_on: FailOn,
}

const FIX_NOTES: &str = "\
Without --likely, what a sender that follows the RFC reads in the text stays the same. What was fixed and what is \
left is said on standard error.

Exit status: 0 if no finding at or above --fail-on is left, 1 if one is, 2 if something could not be done.";

#[derive(Debug, clap::Args)]
#[command(after_help = GENERATE_NOTES)]
pub(crate) struct Generate {
    /// The policy domain: what stands after the `@` of its addresses
    #[arg(value_name = "DOMAIN")]
    pub(crate) domain: String,

    /// The MX hosts of the domain, as a list with commas; may be repeated
    #[arg(long, value_name = "HOST,...", value_delimiter = ',', required_unless_present = "no_mx")]
    pub(crate) mx: Vec<String>,

    /// The domain has no MX record and is its own mail host (RFC 5321 §5.1)
    #[arg(long, conflicts_with = "mx")]
    pub(crate) no_mx: bool,

    /// One wildcard for hosts of one parent, where there are several, instead of their names
    #[arg(long)]
    pub(crate) wildcards: bool,

    #[arg(long, value_enum, default_value_t, hide_possible_values = true)]
    #[arg(
        help = "testing, with which a policy begins: failures are reported, and no mail is held back; enforce; \
                  or none, to remove a policy"
    )]
    pub(crate) mode: Mode,

    #[arg(long, value_name = "TIME", value_parser = crate::generate::seconds)]
    #[arg(
        help = "How long senders may keep the policy: seconds, or a number with a unit, as in `2 weeks`, `14d` \
                  [default: 2 weeks in mode enforce, a week in testing, a day in none]"
    )]
    pub(crate) max_age: Option<u64>,

    /// The id of the record [default: the time, as 20261124T221500]
    #[arg(long)]
    pub(crate) id: Option<String>,

    /// The id that is published now: the new one has to differ
    #[arg(long, value_name = "ID")]
    pub(crate) previous_id: Option<String>,

    #[arg(long, value_name = "URI,...", value_delimiter = ',')]
    #[arg(
        help = "Where reports of TLS failures go: addresses, `mailto:` or `https:` URIs, as a list with commas; \
                  makes a TLSRPT record (RFC 8460)"
    )]
    pub(crate) rua: Vec<String>,

    #[arg(long = "for", value_enum, value_name = "TARGET", hide_possible_values = true)]
    #[arg(
        help = "Where it will be served: nginx, apache, caddy, cloudflare-worker, github-pages or netlify"
    )]
    pub(crate) target: Option<TargetName>,

    #[arg(long, value_name = "DIR")]
    #[arg(
        help = "Write the files below this folder: the root of the machine for nginx, apache and caddy, of a \
                  repository for the others; without --for only the policy"
    )]
    pub(crate) out: Option<PathBuf>,

    /// Write over files that are there
    #[arg(long, requires = "out")]
    pub(crate) force: bool,

    #[arg(long, value_enum, default_value_t, hide_possible_values = true)]
    #[arg(help = "Form of the answer: text or json")]
    pub(crate) format: Format,
}

const GENERATE_NOTES: &str = "\
What is made has no error and no warning by `mta-sts lint`; what would have one is refused.

Exit status: 0 if it was made, 2 if it was not, or could not be written.";

#[derive(Debug, clap::Args)]
#[command(after_help = PLAN_NOTES)]
pub(crate) struct Plan {
    /// The policy as it is: a file, `-` for standard input, or `none`
    #[arg(long, value_name = "FILE")]
    pub(crate) old: PathBuf,

    /// The policy as it is to be: a file, `-` for standard input, or `none` to remove it
    #[arg(long, value_name = "FILE")]
    pub(crate) new: PathBuf,

    /// The TXT record at `_mta-sts` as it is, such as `v=STSv1; id=1`, or `none`
    #[arg(long, value_name = "TEXT")]
    pub(crate) old_record: Option<String>,

    /// The TXT record at `_mta-sts` as it is to be; a fresh id is made up if it is left out
    #[arg(long, value_name = "TEXT")]
    pub(crate) new_record: Option<String>,

    /// A host name of the domain's MX records as they are; may be repeated, or a list with commas. The hosts are taken
    /// from the policies if this is left out
    #[arg(long, value_name = "HOST", value_delimiter = ',')]
    pub(crate) mx: Vec<String>,

    /// The same of the MX records as they are to be; they stay if this is left out
    #[arg(long, value_name = "HOST", value_delimiter = ',')]
    pub(crate) new_mx: Vec<String>,

    /// The TXT record at `_smtp._tls`, such as `v=TLSRPTv1; rua=mailto:a@example.com`, or `none`
    #[arg(long, value_name = "TEXT")]
    pub(crate) tlsrpt: Option<String>,

    /// The domain, for whole names and addresses in the steps
    #[arg(long, value_name = "NAME")]
    pub(crate) domain: Option<String>,

    /// TTL of the TXT record at `_mta-sts`
    #[arg(long, value_name = "SECONDS", default_value_t = DEFAULT_TTL)]
    pub(crate) ttl: u32,

    /// TTL of the MX records
    #[arg(long, value_name = "SECONDS", default_value_t = DEFAULT_TTL)]
    pub(crate) mx_ttl: u32,

    /// The longest `max_age` ever served, if it is longer than that of the old policy
    #[arg(long, value_name = "SECONDS")]
    pub(crate) longest_max_age: Option<u64>,

    /// When to begin, such as 2026-03-15T12:00:00Z; now if it is left out
    #[arg(long, value_name = "TIME", value_parser = time)]
    pub(crate) now: Option<u64>,

    #[arg(long, value_enum, default_value_t, hide_possible_values = true)]
    #[arg(help = "Form of the plan: text or json")]
    pub(crate) format: Format,
}

const PLAN_NOTES: &str = "\
Dates are in UTC, and count from the step before: whoever is late with one adds the delay to those after it.

Exit status: 0 if there is a plan, 1 if the new policy has errors, which come first, 2 if something could not be done.";

/// A time as RFC 3339 writes it, in seconds since 1970.
fn time(text: &str) -> Result<u64, String> {
    let time: jiff::Timestamp =
        text.parse().map_err(|_| "not a time such as 2026-03-15T12:00:00Z".to_owned())?;
    u64::try_from(time.as_second()).map_err(|_| "before 1970".to_owned())
}

#[derive(Debug, clap::Args)]
pub(crate) struct Explain {
    /// Id of the rule, as in `error[pol-mode-missing]`; all rules are listed if it is left out
    pub(crate) rule: Option<String>,

    #[arg(long, value_enum, default_value_t, hide_possible_values = true)]
    #[arg(help = "Form of the answer: text or json")]
    pub(crate) format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum Format {
    #[default]
    Text,
    Json,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum Mode {
    #[default]
    Testing,
    Enforce,
    None,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum TargetName {
    Nginx,
    Apache,
    Caddy,
    CloudflareWorker,
    GithubPages,
    Netlify,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Kind {
    Policy,
    Record,
    Tlsrpt,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum FailOn {
    #[default]
    Error,
    Warning,
    Info,
    Never,
}
