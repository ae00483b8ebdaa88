//! Every export to JavaScript, and the browser's network; nothing else. Each export decodes, calls, encodes.
#![expect(clippy::needless_pass_by_value, reason = "wasm-bindgen gives optional objects by value only")]
#![expect(unreachable_pub, reason = "what JavaScript reaches is `pub`, though the module is not")]

pub(crate) mod idna;
mod network;

use crate::evidence::{MxRecord, TxtRecord};
use crate::generate::{self, Request};
use crate::model::{Domain, Mode};
use crate::plan::{Change, DEFAULT_TTL};
use crate::render::RuleReport;
use crate::report::OffsetUnit;
use crate::{Draft, LintOptions, TextKind, mx_list, rules};
use js_sys::{Array, Date, Error, JsString, Uint8Array};
use serde::Serialize;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** What a text is: a policy, TXT records at `_mta-sts`, or TXT records at `_smtp._tls`. */
export type TextKind = "policy" | "record" | "tlsrpt";

/** What is known beside a text. */
export interface LintOptions {
  /** What the text is; without it that is told from the text. */
  kind?: TextKind | undefined;
  /** The policy domain. */
  domain?: string | undefined;
  /**
   * The MX hosts, for their coverage by the policy; each may have its preference before it. An empty list means that the
   * domain has no MX record.
   */
  mx?: readonly string[] | undefined;
}

/** A draft of all that a domain publishes, each part as somebody would write it. */
export interface Draft {
  /** The policy domain. */
  domain?: string | undefined;
  /** The text of the policy. */
  policy?: string | Uint8Array | undefined;
  /** The TXT records at `_mta-sts`, one a line. */
  record?: string | undefined;
  /** The TXT records at `_smtp._tls`, one a line. */
  tlsrpt?: string | undefined;
  /** The MX hosts, one a line, each with or without its preference. */
  mx?: string | undefined;
}

/** How `applyFixes` goes about it. */
export interface FixOptions extends LintOptions {
  /** Also applies fixes of errors and warnings that guess the meaning. */
  likely?: boolean | undefined;
}

/** What `generate` makes a policy and its records for. */
export interface GenerateRequest {
  /** The policy domain. */
  domain: string;
  /**
   * The MX hosts; each may have its preference before it. An empty list means that the domain has no MX record and is its
   * own host.
   */
  mx: readonly string[];
  /** Writes one wildcard for hosts of one parent, where there are several, instead of their names. */
  wildcards?: boolean | undefined;
  /** The mode; without it testing, with which a policy begins. */
  mode?: "testing" | "enforce" | "none" | undefined;
  /** The lifetime in seconds; without it two weeks in mode enforce, a week in testing, and a day in none. */
  maxAge?: number | undefined;
  /** The id of the record; without it one is made of the time. */
  id?: string | undefined;
  /** The id that is published now, so that the new one differs. */
  previousId?: string | undefined;
  /** Where reports of TLS failures go: `mailto:` and `https:` URIs, or plain addresses. */
  rua?: readonly string[] | undefined;
}

/** A change, for `plan`. */
export interface Change {
  /** What is published. Without a policy there is none; a record that is not given is not known. */
  old?: Draft | undefined;
  /**
   * What is to be. Without a policy there is to be none. The MX hosts, the TLSRPT record and the domain stay as in `old`
   * where they are not given; without a record a fresh id is made up.
   */
  new?: Draft | undefined;
  /** The TTL of the record at `_mta-sts`, in seconds; without it a day. */
  ttl?: number | undefined;
  /** The TTL of the MX records, in seconds; without it a day. */
  mxTtl?: number | undefined;
  /** The longest `max_age` that was ever served, in seconds, if it is longer than that of the old policy. */
  longestMaxAge?: number | undefined;
  /** When to begin; without it now. */
  now?: Date | undefined;
}

/** A text, put right. */
export interface Fixed {
  /** The text. */
  text: string;
  /** The ids of the rules whose fixes were applied, each once. */
  applied: string[];
  /**
   * Whether no fix is left that was asked for. Some are where applying them would make another text of it: what is told to
   * be a policy and records by what it looks like alone would be told otherwise; and some are left of a text that is made to
   * uncover one fault after the other.
   */
  complete: boolean;
}
"#;

#[wasm_bindgen]
extern "C" {
    /// A text, or the octets of one.
    #[wasm_bindgen(typescript_type = "string | Uint8Array")]
    pub type JsText;
    /// One text with a record a line, or records as lists of their character-strings.
    #[wasm_bindgen(typescript_type = "string | readonly (readonly string[])[]")]
    pub type JsRecords;
    #[wasm_bindgen(typescript_type = "LintOptions")]
    pub type JsLintOptions;
    #[wasm_bindgen(method, getter)]
    fn kind(this: &JsLintOptions) -> JsValue;
    #[wasm_bindgen(method, getter)]
    fn domain(this: &JsLintOptions) -> JsValue;
    #[wasm_bindgen(method, getter)]
    fn mx(this: &JsLintOptions) -> JsValue;
    #[wasm_bindgen(typescript_type = "FixOptions", extends = JsLintOptions)]
    pub type JsFixOptions;
    #[wasm_bindgen(method, getter)]
    fn likely(this: &JsFixOptions) -> JsValue;
    #[wasm_bindgen(typescript_type = "GenerateRequest", extends = JsLintOptions)]
    pub type JsGenerateRequest;
    #[wasm_bindgen(method, getter)]
    fn wildcards(this: &JsGenerateRequest) -> JsValue;
    #[wasm_bindgen(method, getter)]
    fn mode(this: &JsGenerateRequest) -> JsValue;
    #[wasm_bindgen(method, getter, js_name = maxAge)]
    fn max_age(this: &JsGenerateRequest) -> JsValue;
    #[wasm_bindgen(method, getter)]
    fn id(this: &JsGenerateRequest) -> JsValue;
    #[wasm_bindgen(method, getter, js_name = previousId)]
    fn previous_id(this: &JsGenerateRequest) -> JsValue;
    #[wasm_bindgen(method, getter)]
    fn rua(this: &JsGenerateRequest) -> JsValue;
    #[wasm_bindgen(typescript_type = "Generated")]
    pub type JsGenerated;
    #[wasm_bindgen(typescript_type = "Draft")]
    pub type JsDraft;
    #[wasm_bindgen(method, getter)]
    fn domain(this: &JsDraft) -> JsValue;
    #[wasm_bindgen(method, getter)]
    fn policy(this: &JsDraft) -> JsValue;
    #[wasm_bindgen(method, getter)]
    fn record(this: &JsDraft) -> JsValue;
    #[wasm_bindgen(method, getter)]
    fn tlsrpt(this: &JsDraft) -> JsValue;
    #[wasm_bindgen(method, getter)]
    fn mx(this: &JsDraft) -> JsValue;
    #[wasm_bindgen(typescript_type = "Change")]
    pub type JsChange;
    #[wasm_bindgen(method, getter)]
    fn old(this: &JsChange) -> Option<JsDraft>;
    #[wasm_bindgen(method, getter, js_name = new)]
    fn new_(this: &JsChange) -> Option<JsDraft>;
    #[wasm_bindgen(method, getter)]
    fn ttl(this: &JsChange) -> JsValue;
    #[wasm_bindgen(method, getter, js_name = mxTtl)]
    fn mx_ttl(this: &JsChange) -> JsValue;
    #[wasm_bindgen(method, getter, js_name = longestMaxAge)]
    fn longest_max_age(this: &JsChange) -> JsValue;
    #[wasm_bindgen(method, getter)]
    fn now(this: &JsChange) -> JsValue;
    #[wasm_bindgen(typescript_type = "Plan")]
    pub type JsPlan;
    #[wasm_bindgen(typescript_type = "Report")]
    pub type JsReport;
    #[wasm_bindgen(typescript_type = "RuleReport")]
    pub type JsRule;
    #[wasm_bindgen(typescript_type = "RuleReport[]")]
    pub type JsRules;
    #[wasm_bindgen(typescript_type = "Fixed")]
    pub type JsFixed;
}

/// A panic becomes an exception with its message.
#[wasm_bindgen(start)]
fn start() {
    console_error_panic_hook::set_once();
}

/// Judges a text: a policy, records, or both, told apart by what they look like unless `kind` says what it is.
/// What the text says never throws. Offsets and columns count UTF-16 code units of the text; of octets that are not
/// UTF-8 they count those of the text a `TextDecoder` makes of them.
#[wasm_bindgen(js_name = lintText)]
pub fn lint_text(text: &JsText, options: Option<JsLintOptions>) -> Result<JsReport, JsValue> {
    encode(&crate::lint(&octets(text)?, &lint_options(options.as_ref())?, OffsetUnit::Utf16))
}

/// Judges the text of a policy (RFC 8461 §3.2).
#[wasm_bindgen(js_name = lintPolicy)]
pub fn lint_policy(text: &JsText, options: Option<JsLintOptions>) -> Result<JsReport, JsValue> {
    let options = LintOptions { kind: Some(TextKind::Policy), ..lint_options(options.as_ref())? };
    encode(&crate::lint(&octets(text)?, &options, OffsetUnit::Utf16))
}

/// Judges the TXT records at `_mta-sts` (RFC 8461 §3.1), or with `kind` those at `_smtp._tls` (RFC 8460 §3): a text with
/// one record a line, as somebody would paste it, or the records as the DNS gives them, each a list of its
/// character-strings.
#[wasm_bindgen(js_name = lintRecord)]
pub fn lint_record(
    records: &JsRecords,
    #[wasm_bindgen(unchecked_optional_param_type = "\"record\" | \"tlsrpt\"")] kind: Option<String>,
) -> Result<JsReport, JsValue> {
    let kind = kind.map_or(Ok(TextKind::Record), |kind| text_kind(&kind))?;
    if let Some(text) = records.as_string() {
        let options = LintOptions { kind: Some(kind), ..LintOptions::default() };
        return encode(&crate::lint(text.as_bytes(), &options, OffsetUnit::Utf16));
    }
    encode(&crate::lint_records(&txt_records(records)?, kind, OffsetUnit::Utf16))
}

/// Judges a draft: each part by itself, and what they make together. No network.
#[wasm_bindgen]
pub fn review(draft: &JsDraft) -> Result<JsReport, JsValue> {
    let given = GivenDraft::of(draft)?;
    let options = LintOptions { kind: None, domain: given.domain.clone(), mx: given.mx.clone() };
    encode(&crate::review_draft(given.draft(), &options, OffsetUnit::Utf16))
}

/// Plans a change: what to publish, in which order, and what to wait for, so that no sender holds mail back; with dates. No
/// network.
#[wasm_bindgen]
pub fn plan(change: &JsChange) -> Result<JsPlan, JsValue> {
    let given =
        |draft: Option<JsDraft>| draft.as_ref().map_or_else(|| Ok(GivenDraft::default()), GivenDraft::of);
    let (old, new) = (given(change.old())?, given(change.new_())?);
    let ttl = |value: &JsValue, or: &str| {
        Ok::<_, JsValue>(whole(value, or)?.map_or(DEFAULT_TTL, |ttl| u32::try_from(ttl).unwrap_or(u32::MAX)))
    };
    let now = change.now();
    let now = match now.dyn_ref::<Date>() {
        Some(date) => date.get_time(),
        None if is_absent(&now) => Date::now(),
        None => f64::NAN,
    };
    if now.is_nan() {
        return Err(type_error("`now` is not a valid Date"));
    }
    let change = Change {
        domain: new.domain.clone().or_else(|| old.domain.clone()),
        old: old.draft(),
        new: new.draft(),
        old_mx: old.mx.clone(),
        new_mx: new.mx.clone(),
        ttl: ttl(&change.ttl(), "`ttl` is not a whole number of seconds")?,
        mx_ttl: ttl(&change.mx_ttl(), "`mxTtl` is not a whole number of seconds")?,
        longest_max_age: whole(
            &change.longest_max_age(),
            "`longestMaxAge` is not a whole number of seconds",
        )?,
        now: seconds(now / 1000.0),
    };
    encode(&crate::plan::plan(&change, OffsetUnit::Utf16))
}

/// A draft as JavaScript gives it, taken over.
#[derive(Default)]
struct GivenDraft {
    domain: Option<Domain>,
    policy: Option<Vec<u8>>,
    record: Option<String>,
    tlsrpt: Option<String>,
    mx: Option<Vec<MxRecord>>,
}

impl GivenDraft {
    fn of(draft: &JsDraft) -> Result<Self, JsValue> {
        let policy = draft.policy();
        Ok(Self {
            domain: domain(&draft.domain())?,
            policy: (!is_absent(&policy)).then(|| octets(policy.unchecked_ref())).transpose()?,
            record: string(&draft.record(), "`record` is not a string")?,
            tlsrpt: string(&draft.tlsrpt(), "`tlsrpt` is not a string")?,
            mx: string(&draft.mx(), "`mx` is not a string")?.map(|mx| mx_list(&mx)),
        })
    }

    fn draft(&self) -> Draft<'_> {
        Draft {
            policy: self.policy.as_deref(),
            record: self.record.as_deref().map(str::as_bytes),
            tlsrpt: self.tlsrpt.as_deref().map(str::as_bytes),
        }
    }
}

/// Checks a domain: asks the DNS over HTTPS and the policy host, and judges what came back. Nothing else is asked or told.
/// Rejects with an `Error` for a text that is no domain, and with the signal's reason when it is cancelled.
#[wasm_bindgen(js_name = checkDomain)]
pub async fn check_domain(
    domain: String,
    options: Option<network::CheckOptions>,
) -> Result<JsReport, JsValue> {
    let evidence = network::gather(&domain, options.as_ref()).await?;
    encode(&crate::review(&evidence, OffsetUnit::Utf16))
}

/// Makes what a domain has to publish, a policy and its records, and says how, for servers and hosts in common use. Throws
/// an `Error` that says why where there is nothing to publish, or nothing without a fault. No network.
#[wasm_bindgen]
pub fn generate(request: &JsGenerateRequest) -> Result<JsGenerated, JsValue> {
    let LintOptions { domain: Some(domain), mx: Some(mx), .. } = lint_options(Some(request))? else {
        return Err(type_error("`domain` or `mx` is missing"));
    };
    let mode = string(&request.mode(), "`mode` is not a string")?.map(|mode| {
        Mode::read(mode.as_bytes())
            .ok_or_else(|| type_error("`mode` is none of \"testing\", \"enforce\", \"none\""))
    });
    let max_age = whole(&request.max_age(), "`maxAge` is not a whole number of seconds")?;
    let request = Request {
        wildcards: request.wildcards().is_truthy(),
        mode: mode.transpose()?.unwrap_or(Mode::Testing),
        max_age,
        id: string(&request.id(), "`id` is not a string")?,
        previous_id: string(&request.previous_id(), "`previousId` is not a string")?,
        rua: list(&request.rua(), "`rua` is not an array of strings")?.unwrap_or_default(),
        ..Request::new(domain, mx, seconds(Date::now() / 1000.0))
    };
    encode(&generate::generate(&request).map_err(|refusal| Error::new(&refusal.to_string()))?)
}

/// A number of seconds, if it is there.
fn whole(value: &JsValue, or: &str) -> Result<Option<u64>, JsValue> {
    if is_absent(value) {
        return Ok(None);
    }
    let number = value.as_f64().filter(|number| number.fract() == 0.0 && *number >= 0.0);
    number.map(|number| Some(seconds(number))).ok_or_else(|| type_error(or))
}

#[expect(clippy::cast_sign_loss, reason = "what is below zero, or no number, becomes zero")]
fn seconds(seconds: f64) -> u64 {
    seconds as u64
}

/// Every rule, in the order of the report.
#[wasm_bindgen(js_name = rules)]
pub fn list_rules() -> Result<JsRules, JsValue> {
    encode(&rules::ALL.iter().map(|rule| RuleReport::from(*rule)).collect::<Vec<_>>())
}

/// The rule of this id, if there is one.
#[wasm_bindgen]
pub fn explain(id: &str) -> Result<Option<JsRule>, JsValue> {
    rules::find(id).map(|rule| encode(&RuleReport::from(rule))).transpose()
}

/// Applies every safe fix to a text, and every likely one of an error or a warning if asked to, until none is left.
#[wasm_bindgen(js_name = applyFixes)]
pub fn apply_fixes(text: &str, options: Option<JsFixOptions>) -> Result<JsFixed, JsValue> {
    let likely = options.as_ref().is_some_and(|options| options.likely().is_truthy());
    let fixed = crate::fix(text.as_bytes(), &lint_options(options.as_deref())?, likely);
    encode(&Fixed {
        text: String::from_utf8_lossy(&fixed.text).into_owned(),
        applied: fixed.applied,
        complete: fixed.complete,
    })
}

/// [`crate::Fixed`] as JavaScript sees it.
#[derive(Serialize)]
struct Fixed {
    text: String,
    applied: Vec<&'static str>,
    complete: bool,
}

/// A value of ours as JavaScript sees JSON: `null` for what is not there.
fn encode<T: JsCast>(value: &impl Serialize) -> Result<T, JsValue> {
    let serializer = serde_wasm_bindgen::Serializer::json_compatible();
    Ok(value.serialize(&serializer)?.unchecked_into())
}

fn octets(text: &JsText) -> Result<Vec<u8>, JsValue> {
    if let Some(text) = text.as_string() {
        return Ok(text.into_bytes());
    }
    let octets = text
        .dyn_ref::<Uint8Array>()
        .ok_or_else(|| type_error("the text is neither a string nor a Uint8Array"))?;
    Ok(octets.to_vec())
}

fn lint_options(options: Option<&JsLintOptions>) -> Result<LintOptions, JsValue> {
    let Some(options) = options else { return Ok(LintOptions::default()) };
    let mx = list(&options.mx(), "`mx` is not an array of strings")?;
    Ok(LintOptions {
        kind: string(&options.kind(), "`kind` is not a string")?.map(|kind| text_kind(&kind)).transpose()?,
        domain: domain(&options.domain())?,
        mx: mx.map(|hosts| hosts.iter().flat_map(|host| mx_list(host)).collect()),
    })
}

fn text_kind(kind: &str) -> Result<TextKind, JsValue> {
    match kind {
        "policy" => Ok(TextKind::Policy),
        "record" => Ok(TextKind::Record),
        "tlsrpt" => Ok(TextKind::Tlsrpt),
        _ => Err(type_error("`kind` is none of \"policy\", \"record\", \"tlsrpt\"")),
    }
}

fn txt_records(records: &JsRecords) -> Result<Vec<TxtRecord>, JsValue> {
    let wrong = || type_error("the records are neither a string nor an array of arrays of strings");
    if !Array::is_array(records) {
        return Err(wrong());
    }
    let record = |record: JsValue| {
        let strings =
            Array::is_array(&record).then(|| strings(&Array::from(&record))).flatten().ok_or_else(wrong)?;
        Ok(TxtRecord::of(strings.into_iter().map(String::into_bytes).collect()))
    };
    Array::from(records).iter().map(record).collect()
}

fn strings(array: &Array) -> Option<Vec<String>> {
    array.iter().map(|member| member.as_string()).collect()
}

fn list(value: &JsValue, or: &str) -> Result<Option<Vec<String>>, JsValue> {
    if is_absent(value) {
        return Ok(None);
    }
    let members = Array::is_array(value).then(|| strings(&Array::from(value))).flatten();
    members.map(Some).ok_or_else(|| type_error(or))
}

fn string(value: &JsValue, or: &str) -> Result<Option<String>, JsValue> {
    if is_absent(value) {
        return Ok(None);
    }
    value.dyn_ref::<JsString>().map(|text| Some(String::from(text))).ok_or_else(|| type_error(or))
}

/// A domain as somebody types it; an empty text is none.
fn domain(value: &JsValue) -> Result<Option<Domain>, JsValue> {
    let typed = string(value, "`domain` is not a string")?.filter(|typed| !typed.trim().is_empty());
    typed
        .map(|typed| {
            Domain::typed(&typed)
                .map(|typed| typed.domain)
                .map_err(|fault| Error::new(&fault.to_string()).into())
        })
        .transpose()
}

fn is_absent(value: &JsValue) -> bool {
    value.is_undefined() || value.is_null()
}

fn type_error(message: &str) -> JsValue {
    js_sys::TypeError::new(message).into()
}
