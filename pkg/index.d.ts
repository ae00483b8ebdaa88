import type { Generated, MxLookup, Plan, Report, RuleReport, StopId } from "./dist/report.js";

export type * from "./dist/report.js";

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

/** How `lookupMx` asks. */
export type MxOptions = Pick<CheckOptions, "resolvers" | "signal">;

/**
 * What a document finds of a host whose reply no script may read: a redirect to another host; an HTTP error, or a reply
 * that the browser shows in no frame; a reply that loads; or nothing.
 */
export type ProbeResult = "off-host-redirect" | "http-error" | "load" | "none";

/** How far a run has come. */
export interface ProgressReport {
  stop: StopId;
  state: "asking" | "done";
}

/** Where the wasm is, or its bytes, or the compiled module. */
export type InitInput = RequestInfo | URL | Response | BufferSource | WebAssembly.Module;

/**
 * Loads the engine. Await it once before calling anything else; a second call returns the same promise, and after a
 * failure the next call tries again.
 *
 * @param source The wasm. Without it, the file of this package: fetched in a browser, read from the file system in Node.
 * A page that is bundled by a tool which does not know `new URL("…", import.meta.url)` gives the address of its copy of
 * `mta-sts/wasm`.
 */
export function init(source?: InitInput | Promise<InitInput>): Promise<void>;

/**
 * Judges a text: a policy, records, or both, told apart by what they look like unless `kind` says what it is.
 * What the text says never throws. Offsets and columns count UTF-16 code units of the text; of octets that are not
 * UTF-8 they count those of the text a `TextDecoder` makes of them.
 */
export function lintText(text: string | Uint8Array, options?: LintOptions): Report;

/** Judges the text of a policy (RFC 8461 §3.2). */
export function lintPolicy(text: string | Uint8Array, options?: LintOptions): Report;

/**
 * Judges the TXT records at `_mta-sts` (RFC 8461 §3.1), or with `kind` those at `_smtp._tls` (RFC 8460 §3): a text with
 * one record a line, as somebody would paste it, or the records as the DNS gives them, each a list of its
 * character-strings.
 */
export function lintRecord(
  records: string | readonly (readonly string[])[],
  kind?: "record" | "tlsrpt",
): Report;

/** Judges a draft: each part by itself, and what they make together. No network. */
export function review(draft: Draft): Report;

/**
 * Checks a domain: asks the DNS over HTTPS and the policy host, and judges what came back. Nothing else is asked or told.
 * Rejects with an `Error` for a text that is no domain, and with the signal's reason when it is cancelled.
 */
export function checkDomain(domain: string, options?: CheckOptions): Promise<Report>;

/**
 * Looks up the MX hosts of a domain over HTTPS, and nothing else. Whether there are none, the name does not exist, or no
 * resolver can say is the `outcome`, and a `sentence`. Rejects with an `Error` for a text that is no domain, and with the
 * signal's reason when it is cancelled.
 */
export function lookupMx(domain: string, options?: MxOptions): Promise<MxLookup>;

/**
 * Plans a change: what to publish, in which order, and what to wait for, so that no sender holds mail back; with dates. No
 * network.
 */
export function plan(change: Change): Plan;

/**
 * Makes what a domain has to publish, a policy and its records, and says how, for servers and hosts in common use. Throws
 * an `Error` that says why where there is nothing to publish, or nothing without a fault. No network.
 */
export function generate(request: GenerateRequest): Generated;

/** Applies every safe fix to a text, and every likely one of an error or a warning if asked to, until none is left. */
export function applyFixes(text: string, options?: FixOptions): Fixed;

/** Every rule, in the order of the report. They are a file of their own, which this loads; it needs no `init`. */
export function rules(): Promise<RuleReport[]>;

/** The rule of this id, if there is one. */
export function explain(id: string): Promise<RuleReport | undefined>;
