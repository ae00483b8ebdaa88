//! The network as a browser lets a page see it, by `fetch`; in a worker and in Node it is the same.

use crate::dns::{self, Answer, Record, RecordType, Resolver};
use crate::evidence::{Evidence, Hidden, Lookup, Origin, Outcome, Redirect, Reply};
use crate::gather::{self, Network, Progress, Step};
use crate::model::Domain;
use crate::parse::MAX_POLICY;
use crate::report::StopId;
use js_sys::{Array, Error, Function, IteratorNext, JsString, Promise, Uint8Array};
use serde::Serialize;
use std::cell::Cell;
use tsify::Tsify;
use wasm_bindgen::prelude::*;
use web_sys::{
    AbortSignal, ReadableStreamDefaultReader, ReferrerPolicy, RequestCache, RequestCredentials, RequestInit,
    RequestMode, RequestRedirect, Response, ResponseType,
};

/// How long one resolver may take for one question, in milliseconds.
const DNS_TIMEOUT: u32 = 5_000;
/// How long the policy host may take to its last octet, in milliseconds, unless the caller says otherwise.
const POLICY_TIMEOUT: u32 = 10_000;
/// The most resolvers that are asked one after the other.
const MAX_RESOLVERS: usize = 4;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** How `checkDomain` asks. */
export interface CheckOptions {
  /**
   * Resolvers, by URL or URI template (RFC 8484): the next one is asked where one gives no answer or fails.
   * At most four. Without it, Cloudflare, then Google.
   */
  resolvers?: readonly string[] | undefined;
  /** The text of the policy, where it cannot be read from here; it is not fetched then. */
  policy?: string | undefined;
  /** Cancels the run, which then rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
  /** Hears of each stop when it is asked about and when that is done. */
  onProgress?: ((progress: ProgressReport) => void) | undefined;
  /**
   * Narrows down why the reply of a policy host cannot be read, by means that only a document has.
   * It gets the host's name, and the signal of the run.
   */
  probe?: ((host: string, signal?: AbortSignal) => Promise<ProbeResult>) | undefined;
  /** How long the policy host may take, in milliseconds, 1 to 60000. Without it, 10000. */
  timeoutMs?: number | undefined;
}

/**
 * What a document finds of a host whose reply no script may read: a redirect to another host; an HTTP error, or a reply
 * that is not to be framed; a reply that loads; or nothing.
 */
export type ProbeResult = "off-host-redirect" | "http-error" | "load" | "none";
"#;

#[wasm_bindgen]
extern "C" {
    /// What the caller of `checkDomain` wants; each member is what JavaScript put there, and checked where it is read.
    #[wasm_bindgen(typescript_type = "CheckOptions")]
    pub(crate) type CheckOptions;
    #[wasm_bindgen(method, getter)]
    fn resolvers(this: &CheckOptions) -> JsValue;
    #[wasm_bindgen(method, getter)]
    fn policy(this: &CheckOptions) -> JsValue;
    #[wasm_bindgen(method, getter)]
    fn signal(this: &CheckOptions) -> JsValue;
    #[wasm_bindgen(method, getter, js_name = onProgress)]
    fn on_progress(this: &CheckOptions) -> JsValue;
    #[wasm_bindgen(method, getter)]
    fn probe(this: &CheckOptions) -> JsValue;
    #[wasm_bindgen(method, getter, js_name = timeoutMs)]
    fn timeout_ms(this: &CheckOptions) -> JsValue;

    /// The global one, whatever the global object is.
    #[wasm_bindgen(catch)]
    fn fetch(url: &str, init: &RequestInit) -> Result<Promise, JsValue>;
    #[wasm_bindgen(js_namespace = performance)]
    fn now() -> f64;
}

/// How far a run has come.
#[derive(Serialize, Tsify)]
struct ProgressReport {
    stop: StopId,
    state: ProgressState,
}

#[derive(Serialize, Tsify)]
#[serde(rename_all = "kebab-case")]
enum ProgressState {
    Asking,
    Done,
}

/// Gathers what is to be seen of the domain that somebody typed. Rejects with an `Error` for a text that is no domain and
/// for options that make no sense, and with the signal's reason when it is aborted.
pub(super) async fn gather(typed: &str, options: Option<&CheckOptions>) -> Result<Evidence, JsValue> {
    let Options { browser, policy, on_progress } = match options {
        Some(options) => Options::read(options)?,
        None => Options::default(),
    };
    browser.stop_if_aborted()?;
    let typed = Domain::typed(typed).map_err(|fault| Error::new(&fault.to_string()))?;
    let progress = |progress: Progress| {
        if let Some(hear) = on_progress.as_ref().filter(|_| browser.stop_if_aborted().is_ok()) {
            tell(hear, progress);
        }
    };
    let policy = policy.as_deref().map(str::as_bytes);
    let mut evidence = gather::gather(&typed.domain, policy, &browser, &progress).await;
    // Every request carries the signal: once it is aborted, what was asked and what was still to be asked ends at once.
    browser.stop_if_aborted()?;
    evidence.notes = typed.notes;
    Ok(evidence)
}

/// Calls the caller's `onProgress`. What it throws is not the run's concern.
fn tell(hear: &Function, Progress { step, done }: Progress) {
    let stop = match step {
        Step::Record => StopId::Record,
        Step::PolicyHost => StopId::PolicyHost,
        Step::Policy => StopId::Policy,
        Step::Mx => StopId::Mx,
        Step::Reports => StopId::Reports,
    };
    let state = if done { ProgressState::Done } else { ProgressState::Asking };
    if let Ok(report) = serde_wasm_bindgen::to_value(&ProgressReport { stop, state }) {
        let _ = hear.call1(&JsValue::UNDEFINED, &report);
    }
}

/// [`CheckOptions`], checked.
#[derive(Default)]
struct Options {
    browser: Browser,
    policy: Option<String>,
    on_progress: Option<Function>,
}

impl Options {
    fn read(options: &CheckOptions) -> Result<Self, JsValue> {
        let mut browser = Browser::default();
        if let Some(resolvers) = given(options.resolvers()) {
            let urls: Option<Vec<String>> = Array::is_array(&resolvers)
                .then(|| Array::from(&resolvers).iter().map(|url| url.as_string()).collect())
                .flatten();
            let urls = urls.ok_or_else(|| type_error("`resolvers` is not an array of strings"))?;
            if !(1..=MAX_RESOLVERS).contains(&urls.len()) {
                let message = format!("`resolvers` has {} members; give 1 to {MAX_RESOLVERS}", urls.len());
                return Err(type_error(&message));
            }
            let resolvers: Result<_, _> = urls.iter().map(|url| Resolver::read(url)).collect();
            browser.resolvers = resolvers.map_err(|fault| Error::new(&fault.to_string()))?;
        }
        if let Some(timeout) = given(options.timeout_ms()) {
            let millis = timeout.as_f64().filter(|millis| (1.0..=60_000.0).contains(millis));
            let millis = millis.ok_or_else(|| type_error("`timeoutMs` is not a number from 1 to 60000"))?;
            #[expect(clippy::cast_sign_loss, reason = "it lies between 1 and 60000")]
            {
                browser.timeout = millis as u32;
            }
        }
        browser.signal = instance(options.signal(), "`signal` is not an AbortSignal")?;
        browser.probe = instance(options.probe(), "`probe` is not a function")?;
        let policy = match given(options.policy()) {
            Some(policy) => Some(policy.as_string().ok_or_else(|| type_error("`policy` is not a string"))?),
            None => None,
        };
        let on_progress = instance(options.on_progress(), "`onProgress` is not a function")?;
        Ok(Self { browser, policy, on_progress })
    }
}

/// `None` for what JavaScript leaves out.
fn given(value: JsValue) -> Option<JsValue> {
    (!value.is_undefined() && !value.is_null()).then_some(value)
}

fn instance<T: JsCast>(value: JsValue, or: &str) -> Result<Option<T>, JsValue> {
    given(value).map(|value| value.dyn_into().map_err(|_| type_error(or))).transpose()
}

fn type_error(message: &str) -> JsValue {
    js_sys::TypeError::new(message).into()
}

/// Whom to ask, how long to wait, and what cancels it.
struct Browser {
    resolvers: Vec<Resolver>,
    /// The resolver to begin with: one that gave no answer is not asked first again.
    first: Cell<usize>,
    timeout: u32,
    signal: Option<AbortSignal>,
    probe: Option<Function>,
}

impl Default for Browser {
    fn default() -> Self {
        Self {
            resolvers: Resolver::DEFAULT.iter().filter_map(|url| Resolver::read(url).ok()).collect(),
            first: Cell::new(0),
            timeout: POLICY_TIMEOUT,
            signal: None,
            probe: None,
        }
    }
}

impl Browser {
    /// The signal's reason, once it is aborted.
    fn stop_if_aborted(&self) -> Result<(), JsValue> {
        match &self.signal {
            Some(signal) if signal.aborted() => Err(signal.reason()),
            _ => Ok(()),
        }
    }

    /// A request that leaves no trace: nothing of the visitor goes with it, and nothing of the answer stays.
    fn request(&self, timeout: u32) -> RequestInit {
        let timeout = AbortSignal::timeout_with_u32(timeout);
        let signal = match &self.signal {
            Some(signal) => AbortSignal::any(&Array::of2(&timeout, signal)),
            None => timeout,
        };
        let request = RequestInit::new();
        request.set_cache(RequestCache::NoStore);
        request.set_credentials(RequestCredentials::Omit);
        request.set_referrer_policy(ReferrerPolicy::NoReferrer);
        request.set_signal(Some(&signal));
        request
    }

    /// Puts one question to one resolver. `Err` says, for a person, why there is no answer.
    async fn ask(
        &self,
        resolver: &Resolver,
        message: &[u8],
        name: &str,
        kind: RecordType,
    ) -> Result<Answer, String> {
        let failed = |error: &JsValue| {
            if is_timeout(error) {
                format!("timed out after {} s", DNS_TIMEOUT / 1000)
            } else {
                "the browser could not reach it, or it does not let pages ask (CORS)".to_owned()
            }
        };
        let request = self.request(DNS_TIMEOUT);
        let accept = Array::of2(&"accept".into(), &DNS_MESSAGE.into());
        request.set_headers(&Array::of1(&accept));
        let response = send(&resolver.url(message), &request).await.map_err(|error| failed(&error))?;
        if !response.ok() {
            return Err(format!("it answered HTTP {}", response.status()));
        }
        let content_type = header(&response, "content-type").unwrap_or_default();
        if !content_type.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case(DNS_MESSAGE) {
            return Err(format!(
                "it answered {}, not `{DNS_MESSAGE}`",
                crate::quote::quote(content_type.as_bytes())
            ));
        }
        let age = header(&response, "age").and_then(|age| age.trim().parse().ok()).unwrap_or(0);
        let mut body = Vec::new();
        read(&response, &mut body, dns::MAX_MESSAGE + 1).await.map_err(|error| failed(&error))?;
        dns::decode(&body, name, kind, age).map_err(|fault| fault.to_string())
    }
}

/// The media type of a DNS message (RFC 8484 §6).
const DNS_MESSAGE: &str = "application/dns-message";

impl Network for Browser {
    async fn dns(&self, name: &str, kind: RecordType) -> Lookup<Record> {
        let started = now();
        let lookup = |answer: Answer, resolver: &Resolver| Lookup {
            name: name.to_owned(),
            outcome: answer.outcome,
            aliases: answer.aliases,
            authenticated: answer.authenticated,
            resolver: resolver.as_str().to_owned(),
            millis: since(started),
        };
        let Some(message) = dns::query(name, kind) else {
            let reason = "the DNS cannot hold this name".to_owned();
            return lookup(unreachable(reason), &self.resolvers[0]);
        };
        // A single resolver is asked twice: a packet may get lost.
        let attempts = self.resolvers.len().max(2);
        let first = self.first.get();
        let mut failed = None;
        let mut reasons: Vec<String> = Vec::new();
        for attempt in 0..attempts {
            let at = (first + attempt) % self.resolvers.len();
            let resolver = &self.resolvers[at];
            match self.ask(resolver, &message, name, kind).await {
                Ok(answer) if matches!(answer.outcome, Outcome::Failed { .. }) => {
                    failed = Some(lookup(answer, resolver));
                }
                Ok(answer) => {
                    if !reasons.is_empty() {
                        self.first.set(at);
                    }
                    return lookup(answer, resolver);
                }
                Err(reason) => {
                    let reason = format!("{}: {reason}", resolver.as_str());
                    if !reasons.contains(&reason) {
                        reasons.push(reason);
                    }
                }
            }
        }
        let last = &self.resolvers[(first + attempts - 1) % self.resolvers.len()];
        failed.unwrap_or_else(|| lookup(unreachable(reasons.join("; ")), last))
    }

    async fn get(&self, url: &str) -> Result<Reply, Hidden> {
        let started = now();
        let hidden = |error: &JsValue, otherwise| {
            if is_timeout(error) { Hidden::Timeout(self.timeout) } else { otherwise }
        };
        let request = self.request(self.timeout);
        request.set_redirect(RequestRedirect::Manual);
        let response = send(url, &request).await.map_err(|error| hidden(&error, Hidden::NoUsableHttps))?;
        let mut reply = Reply { origin: Origin::Fetched, ..Reply::default() };
        if response.type_() == ResponseType::Opaqueredirect {
            reply.redirect = Some(Redirect::default());
        } else {
            reply.status = Some(response.status());
            reply.content_type = Some(header(&response, "content-type").unwrap_or_default());
            // Outside a browser a redirect is shown.
            if (300..400).contains(&response.status()) {
                reply.redirect = header(&response, "location").map(|to| Redirect { location: Some(to) });
            }
        }
        // The body of anything but a policy is of no use.
        let limit = if response.status() == 200 { MAX_POLICY + 1 } else { 0 };
        let read = read(&response, &mut reply.body, limit).await;
        read.map_err(|error| hidden(&error, Hidden::CutShort))?;
        reply.millis = Some(since(started));
        Ok(reply)
    }

    async fn probe(&self, url: &str) -> Result<Reply, Hidden> {
        // Without a look at the reply the browser sends the request all the same, and says whether one came.
        let request = self.request(self.timeout);
        request.set_mode(RequestMode::NoCors);
        let came = match send(url, &request).await {
            Ok(_) => true,
            Err(error) if is_timeout(&error) => return Err(Hidden::Timeout(self.timeout)),
            Err(_) => false,
        };
        match self.narrow(url).await.as_deref() {
            // A redirect to a host that cannot be reached, or to plain HTTP, is one even if no reply came.
            Some("off-host-redirect") => {
                Ok(Reply { origin: Origin::Fetched, redirect: Some(Redirect::default()), ..Reply::default() })
            }
            Some("http-error") if came => Err(Hidden::ProbablyHttpError),
            _ if came => Err(Hidden::NoCors),
            _ => Err(Hidden::NoUsableHttps),
        }
    }
}

impl Browser {
    /// What the caller's `probe` finds of the host of `url`.
    async fn narrow(&self, url: &str) -> Option<String> {
        let probe = self.probe.as_ref().filter(|_| self.stop_if_aborted().is_ok())?;
        let host = JsString::from(url.strip_prefix("https://")?.split('/').next()?);
        let signal = JsValue::from(self.signal.clone());
        let result = probe.call2(&JsValue::UNDEFINED, &host, &signal).ok()?;
        Promise::resolve(&result).await.ok()?.as_string()
    }
}

/// An answer that never came.
fn unreachable(reason: String) -> Answer {
    Answer { outcome: Outcome::Unreachable { reason }, aliases: Vec::new(), authenticated: false }
}

async fn send(url: &str, request: &RequestInit) -> Result<Response, JsValue> {
    Ok(fetch(url, request)?.await?.unchecked_into())
}

/// Reads at most `limit` octets of a body and lets go of the rest. What was read before a fault stays in `body`.
async fn read(response: &Response, body: &mut Vec<u8>, limit: usize) -> Result<(), JsValue> {
    let Some(stream) = response.body() else { return Ok(()) };
    let reader = ReadableStreamDefaultReader::new(&stream)?;
    while body.len() < limit {
        let chunk: IteratorNext = reader.read().await?.unchecked_into();
        if chunk.done() {
            return Ok(());
        }
        let octets: Uint8Array = chunk.value().unchecked_into();
        let room = (limit - body.len()) as u32;
        body.extend(octets.subarray(0, room.min(octets.length())).to_vec());
    }
    // The rest is of no interest, and neither is whether the stream minds.
    let _ = reader.cancel().await;
    Ok(())
}

/// Whether our own `AbortSignal.timeout` ended it.
fn is_timeout(error: &JsValue) -> bool {
    error.dyn_ref::<Error>().is_some_and(|error| error.name() == "TimeoutError")
}

/// A header, where the browser shows it.
fn header(response: &Response, name: &str) -> Option<String> {
    response.headers().get(name).ok().flatten()
}

/// Milliseconds since `started`.
#[expect(clippy::cast_sign_loss, reason = "the clock does not run backwards")]
fn since(started: f64) -> u32 {
    (now() - started) as u32
}
