//! Rules: each is data and one pure function. Naming it in [`ALL`] is all the registration there is;
//! the page, the documentation and `mta-sts explain` print its fields, so there is no second text to keep true.

use crate::evidence::Evidence;
use crate::finding::{Consequence, Finding, Severity, Subject};
use crate::model::{Coverage, Form, MxOdd, MxPattern, Policy, Protocol, RecordSet};
use crate::parse::Odd;
use crate::span::Span;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt::{Arguments, Write};

mod cov;
mod cov_hosts;
mod dns;
pub(crate) mod edits;
mod http;
mod mx_practice;
mod mx_syntax;
mod not_rules;
mod ops_change;
mod ops_domain;
mod pol_fields;
mod pol_form;
mod pol_lines;
mod pol_max_age;
mod pol_mode;
mod pol_mx;
mod pol_version;
mod records;
mod rpt_rua;
mod txt_fields;
mod txt_id;
mod txt_set;

pub use not_rules::NOT_RULES;

/// One rule, with its documentation.
#[derive(Debug)]
pub struct Rule {
    /// Names the problem, not the cure. Never changed, never used again.
    pub id: &'static str,
    /// What it usually means for mail; a finding may differ.
    pub severity: Severity,
    /// Which kind of fault it is; a finding may differ.
    pub consequence: Consequence,
    /// The sections it rests on, as `RFC 8461 §3.2`.
    pub rfc: &'static str,
    /// The fault in one line, without a reader's value.
    pub what: &'static str,
    /// What comes of it.
    pub why: &'static str,
    /// What to write instead, or to do.
    pub instead: &'static str,
    /// What the rule finds.
    pub bad: Example,
    /// The same, put right.
    pub good: Example,
    /// The check.
    pub check: Check,
}

/// An example, in the form in which a reader meets it.
#[derive(Debug, Clone, Copy)]
pub enum Example {
    /// The text of a policy.
    Policy(&'static str),
    /// The text of a policy that is not UTF-8.
    PolicyBytes(&'static [u8]),
    /// The text of a policy, its last line repeated until it has at least so many octets.
    PolicyOf(&'static str, usize),
    /// The TXT records at `_mta-sts`, one a line, a record's strings as received.
    Record(&'static str),
    /// The TXT records at `_smtp._tls`, one a line.
    Tlsrpt(&'static str),
    /// What was seen of a domain, in the notation of [`crate::notation`].
    Evidence(&'static str),
    /// What is published and what is to be, in the notation of [`crate::notation::Change`].
    Change(&'static str),
}

/// What a rule looks at.
#[derive(Debug, Clone, Copy)]
pub enum Check {
    /// The text of a policy as a whole, whatever it is.
    Form(fn(&Policy<'_>, &mut Findings)),
    /// The text of a policy, if it is made of lines.
    Policy(fn(&Policy<'_>, &mut Findings)),
    /// Likewise, if the text has these oddities.
    Odd(Odd, fn(&Policy<'_>, &mut Findings)),
    /// Likewise, if there is this to say about an `mx` value.
    Mx(MxOdd, fn(&Policy<'_>, &mut Findings)),
    /// The TXT records of one name, of this protocol or of either.
    Records(Option<Protocol>, fn(&RecordSet, &mut Findings)),
    /// Everything that was seen of a domain, with the documents read from it.
    Case(fn(&Case<'_>, &mut Findings)),
    /// What is published against what is to be.
    Change(fn(&Transition<'_>, &mut Findings)),
}

/// What was seen of a domain, and the documents read from it, each where it was seen at all.
#[derive(Debug, Clone, Copy)]
pub struct Case<'a> {
    /// What was seen.
    pub evidence: &'a Evidence,
    /// The TXT records at `_mta-sts`, where the DNS answered or somebody gave them.
    pub record: Option<&'a RecordSet>,
    /// The TXT records at `_smtp._tls`, likewise.
    pub tlsrpt: Option<&'a RecordSet>,
    /// The policy, where its text is known.
    pub policy: Option<&'a Policy<'a>>,
    /// The MX hosts against the policy, where both are known.
    pub coverage: Option<&'a Coverage<'a>>,
}

/// What is published and what is to be, as if the one took the place of the other at once.
#[derive(Debug)]
pub struct Transition<'a> {
    /// What is published.
    pub old: Case<'a>,
    /// What is to be.
    pub new: Case<'a>,
    /// New MX hosts that copies of the old policy hold mail back from.
    pub refused: Vec<MxPattern<'a>>,
    /// Old MX hosts that the new policy holds mail back from.
    pub dropped: Vec<MxPattern<'a>>,
    /// The time of the change, in seconds since 1970.
    pub now: u64,
    /// When the last copy of the old policy has expired, likewise; `now` where there is none.
    pub kept_until: u64,
}

/// The part of a rule that judging takes. The documentation is data of another kind: in a browser it is a file of its own,
/// for those who read it, and not in the wasm.
#[derive(Debug, Clone, Copy)]
pub struct Gist {
    /// Names the problem, not the cure. Never changed, never used again.
    pub id: &'static str,
    /// What it usually means for mail; a finding may differ.
    pub severity: Severity,
    /// Which kind of fault it is; a finding may differ.
    pub consequence: Consequence,
    /// The sections it rests on, as `RFC 8461 §3.2`.
    pub rfc: &'static str,
    /// What comes of it.
    pub why: &'static str,
    /// What to write instead, or to do.
    pub instead: &'static str,
    /// The check.
    pub check: Check,
}

impl Gist {
    const fn of(rule: &Rule) -> Self {
        let Rule { id, severity, consequence, rfc, why, instead, check, .. } = *rule;
        Self { id, severity, consequence, rfc, why, instead, check }
    }
}

/// Every rule, in the order of the checklist they come from: record, policy, mx, coverage, fetching, DNS, change, TLSRPT.
pub const ALL: &[&Rule] = &[
    &txt_set::TXT_MISSING,
    &txt_set::TXT_MULTIPLE,
    &txt_set::TXT_UNRELATED,
    &txt_set::TXT_QUOTED,
    &txt_set::TXT_LEADING_WSP,
    &txt_set::TXT_VERSION_ONLY,
    &txt_set::TXT_VERSION_UNSUPPORTED,
    &txt_set::TXT_VERSION_CASE,
    &txt_set::TXT_VERSION_MALFORMED,
    &txt_set::TXT_VERSION_NOT_FIRST,
    &txt_id::MISSING,
    &txt_id::SYNTAX,
    &txt_id::TOO_LONG,
    &txt_fields::TXT_FIELD_CASE,
    &txt_fields::TXT_DUP_FIELD,
    &txt_fields::TXT_EMPTY_FIELD,
    &txt_fields::TXT_MALFORMED_FIELD,
    &txt_fields::TXT_EXT_NAME,
    &txt_fields::TXT_EXT_VALUE,
    &txt_fields::TXT_TRAILING_WSP,
    &txt_fields::FINAL_WSP,
    &txt_fields::TXT_NON_ASCII,
    &txt_fields::TXT_UNKNOWN_FIELD,
    &txt_set::TXT_WSP_BEFORE_FIRST_SEMICOLON,
    &txt_fields::STRING_TOO_LONG,
    &txt_fields::SPLIT,
    &txt_id::TTL,
    &txt_id::MEANING,
    &pol_form::EMPTY,
    &pol_form::HTML,
    &pol_form::BOM,
    &pol_form::NOT_UTF8,
    &pol_form::CONTROL_CHAR,
    &pol_lines::EOL_CR,
    &pol_lines::BLANK_LINE,
    &pol_lines::LEADING_WSP,
    &pol_lines::WSP_BEFORE_COLON,
    &pol_lines::NO_COLON,
    &pol_fields::BAD_FIELD_NAME,
    &pol_fields::EMPTY_VALUE,
    &pol_version::MISSING,
    &pol_version::UNSUPPORTED,
    &pol_version::NOT_FIRST,
    &pol_mode::MISSING,
    &pol_mode::INVALID,
    &pol_max_age::MISSING,
    &pol_max_age::SYNTAX,
    &pol_max_age::RANGE,
    &pol_max_age::ZERO,
    &pol_max_age::VERY_SHORT,
    &pol_max_age::SHORT,
    &pol_max_age::NONE_LONG,
    &pol_mx::MISSING,
    &pol_mx::NONE_NO_MX,
    &pol_fields::DUP_FIELD,
    &pol_fields::FIELD_CASE,
    &pol_fields::UNKNOWN_FIELD,
    &pol_fields::EXT_COLON,
    &pol_fields::NON_ASCII,
    &pol_lines::EOL,
    &pol_lines::NO_FINAL_EOL,
    &pol_lines::TRAILING_WSP,
    &pol_form::SIZE,
    &pol_mode::TESTING,
    &pol_mode::NONE,
    &mx_syntax::URL,
    &mx_syntax::IP_LITERAL,
    &mx_syntax::BARE_WILDCARD,
    &mx_syntax::PREFERENCE,
    &mx_syntax::LIST,
    &mx_syntax::PORT,
    &mx_syntax::U_LABEL,
    &mx_syntax::WILDCARD_POSITION,
    &mx_syntax::BAD_CHAR,
    &mx_syntax::UNDERSCORE,
    &mx_syntax::LEADING_DOT,
    &mx_syntax::TRAILING_DOT,
    &mx_syntax::EMPTY_LABEL,
    &mx_syntax::HYPHEN_EDGE,
    &mx_syntax::LABEL_TOO_LONG,
    &mx_syntax::NAME_TOO_LONG,
    &mx_practice::SINGLE_LABEL,
    &mx_practice::WILDCARD_TLD,
    &mx_practice::WILDCARD,
    &mx_practice::FAKE_ALABEL,
    &mx_practice::UPPERCASE,
    &mx_practice::DUP,
    &mx_practice::REDUNDANT,
    &cov::MX_NOT_COVERED,
    &cov::NONE_COVERED,
    &cov::UNUSED_PATTERN,
    &cov::NULL_MX,
    &cov_hosts::NULL_MX_MIXED,
    &cov_hosts::NULL_MX_PREFERENCE,
    &cov::IMPLICIT_MX,
    &cov_hosts::NO_ADDRESS,
    &cov_hosts::CNAME,
    &cov_hosts::IP,
    &cov::BACKUP,
    &cov::NOT_APPLIED,
    &http::HOST_DNS,
    &http::STATUS,
    &http::REDIRECT,
    &http::CONTENT_TYPE,
    &http::CHARSET,
    &http::TIMEOUT,
    &http::ENCODING,
    &dns::SUBDOMAIN,
    &dns::CNAME,
    &dns::CNAME_DANGLING,
    &dns::CNAME_AND_TXT,
    &dns::DELEGATION_HALF,
    &dns::NAME_TYPO,
    &dns::WILDCARD,
    &dns::SERVFAIL,
    &ops_change::ID_UNCHANGED,
    &ops_change::ID_CHANGED_ONLY,
    &ops_domain::TXT_NO_POLICY,
    &ops_domain::POLICY_NO_TXT,
    &ops_change::OLD_POLICY,
    &ops_change::ADD_MX,
    &ops_domain::TESTING_NO_RPT,
    &ops_domain::ENFORCE_NO_RPT,
    &ops_change::TESTING_LONG,
    &ops_change::ENFORCE_READY,
    &ops_change::REMOVAL,
    &ops_change::REMOVAL_NONE_KEPT,
    &txt_set::RPT_MISSING,
    &txt_set::RPT_MULTIPLE,
    &txt_set::RPT_UNRELATED,
    &txt_set::RPT_QUOTED,
    &txt_set::RPT_LEADING_WSP,
    &txt_set::RPT_VERSION_ONLY,
    &txt_set::RPT_VERSION_UNSUPPORTED,
    &txt_set::RPT_VERSION_CASE,
    &txt_set::RPT_VERSION_MALFORMED,
    &txt_set::RPT_VERSION_NOT_FIRST,
    &rpt_rua::MISSING,
    &txt_fields::RPT_FIELD_CASE,
    &rpt_rua::SYNTAX,
    &rpt_rua::UNENCODED,
    &rpt_rua::RAW_SEMICOLON,
    &rpt_rua::SCHEME,
    &txt_fields::RPT_EMPTY_FIELD,
    &txt_fields::RPT_MALFORMED_FIELD,
    &txt_fields::RPT_EXT_NAME,
    &txt_fields::RPT_EXT_VALUE,
    &txt_fields::RPT_TRAILING_WSP,
    &txt_fields::RPT_NON_ASCII,
    &txt_fields::RPT_UNKNOWN_FIELD,
    &rpt_rua::DUP,
    &rpt_rua::HTTPS_POST,
    &rpt_rua::MAILTO_SAME_DOMAIN,
    &rpt_rua::EXTERNAL,
];

/// The gist of each rule, in the order of [`ALL`]. What only judges holds nothing else of a rule.
static GISTS: [Gist; ALL.len()] = {
    let mut gists = [Gist::of(ALL[0]); ALL.len()];
    let mut at = 1;
    while at < ALL.len() {
        gists[at] = Gist::of(ALL[at]);
        at += 1;
    }
    gists
};

/// The rule of this id.
#[must_use]
pub fn find(id: &str) -> Option<&'static Rule> {
    ALL.iter().copied().find(|rule| rule.id == id)
}

/// The most findings that one rule reports one by one; the last of them counts the rest.
pub const MAX_PER_RULE: usize = 100;

/// What the rules found so far.
#[derive(Debug)]
pub struct Findings {
    list: Vec<Finding>,
    rule: &'static Gist,
    /// The text that it judges.
    subject: Subject,
    /// The most findings of one rule.
    limit: usize,
    /// Findings of `rule` in `list`, and beyond `limit`.
    count: usize,
    /// Takes what is said of a finding that is only counted.
    beyond: Option<Finding>,
}

impl Findings {
    /// Nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::up_to(MAX_PER_RULE)
    }

    /// Nothing yet, and at most `limit` findings of each rule, 1 or more.
    #[must_use]
    pub fn up_to(limit: usize) -> Self {
        Self { list: Vec::new(), rule: &GISTS[0], subject: Subject::Policy, limit, count: 0, beyond: None }
    }

    /// Runs every rule that judges the text of a policy.
    pub fn policy(&mut self, policy: &Policy<'_>) {
        let is_lines = policy.form == Form::Lines;
        for rule in &GISTS {
            let (applies, check) = match rule.check {
                Check::Form(check) => (true, check),
                Check::Policy(check) => (is_lines, check),
                Check::Odd(odd, check) => (is_lines && policy.text.odd.has(odd), check),
                Check::Mx(odd, check) => (policy.mx_odd.has(odd), check),
                Check::Records(..) | Check::Case(_) | Check::Change(_) => continue,
            };
            if applies {
                self.run(rule, |out| check(policy, out));
            }
        }
    }

    /// Runs every rule that judges the TXT records of one name.
    pub fn records(&mut self, set: &RecordSet) {
        for rule in &GISTS {
            if let Check::Records(protocol, check) = rule.check
                && protocol.is_none_or(|protocol| protocol == set.protocol)
            {
                self.run(rule, |out| check(set, out));
            }
        }
    }

    /// Runs every rule that judges what was seen of a domain.
    pub fn case(&mut self, case: &Case<'_>) {
        for rule in &GISTS {
            if let Check::Case(check) = rule.check {
                self.run(rule, |out| check(case, out));
            }
        }
    }

    /// Runs every rule that judges a change.
    pub(crate) fn change(&mut self, change: &Transition<'_>) {
        for rule in &GISTS {
            if let Check::Change(check) = rule.check {
                self.run(rule, |out| check(change, out));
            }
        }
    }

    fn run(&mut self, rule: &'static Gist, check: impl FnOnce(&mut Self)) {
        self.rule = rule;
        self.count = 0;
        check(self);
        if self.count > self.limit
            && let Some(last) = self.list.last_mut()
        {
            let beyond = self.count - self.limit;
            // Writing to a String cannot fail.
            let _ = write!(last.message, " (and {beyond} more like it)");
        }
    }

    /// Reports a finding of the rule that runs, at `span` of the text that it judges.
    pub fn report(&mut self, span: Span, message: Arguments<'_>) -> &mut Finding {
        self.report_at(self.subject, span, message)
    }

    /// Reports a finding of the rule that runs, at `span` of this text.
    pub fn report_at(&mut self, subject: Subject, span: Span, message: Arguments<'_>) -> &mut Finding {
        let finding = self.report_on(subject, message);
        finding.span = Some(span);
        finding
    }

    /// Reports a finding of the rule that runs, about something without a text to point into.
    pub fn report_on(&mut self, subject: Subject, message: Arguments<'_>) -> &mut Finding {
        self.count += 1;
        let rule = self.rule;
        let finding = |message| Finding {
            rule,
            severity: rule.severity,
            consequence: rule.consequence,
            subject,
            span: None,
            also: Vec::new(),
            message,
            instead: rule.instead.into(),
            fix: None,
        };
        if self.count > self.limit {
            return self.beyond.insert(finding(String::new()));
        }
        // Most messages fit, and grow no further.
        let mut text = String::with_capacity(96);
        // Writing to a String cannot fail.
        let _ = text.write_fmt(message);
        self.list.push(finding(text));
        let last = self.list.len() - 1;
        &mut self.list[last]
    }

    /// Counts a finding of the rule that runs, if it would only be counted: there is nothing to be said of it.
    pub fn is_counted(&mut self) -> bool {
        let is_full = self.count >= self.limit;
        self.count += usize::from(is_full);
        is_full
    }

    /// The findings, in the order of the rules.
    #[must_use]
    pub fn into_vec(self) -> Vec<Finding> {
        self.list
    }
}

impl Default for Findings {
    fn default() -> Self {
        Self::new()
    }
}
