import type { Report } from "./dist/report.js";

/**
 * Checks a domain or lints a text, inside any page. `mta-sts/check` registers it as `<mta-sts-check>`; this class by itself
 * is for another name or a subclass. Properties reflect their attributes; what changes together is done once.
 */
export class MtaStsCheckElement extends HTMLElement {
  static readonly observedAttributes: readonly string[];

  /** The domain to check; in a lint the domain of the policy. */
  get domain(): string;
  set domain(value: string | null | undefined);

  /** What to do, where the other attributes leave it open: with a policy or a record and no domain it lints. */
  get mode(): "check" | "lint";
  set mode(value: "check" | "lint" | null | undefined);

  /** The text of a policy, to lint; beside `domain` it is judged in place of the one that would be fetched. */
  get policy(): string;
  set policy(value: string | null | undefined);

  /** The text of TXT records, to lint. */
  get record(): string;
  set record(value: string | null | undefined);

  /** Resolvers by URL, or `Cloudflare` and `Google`, divided by spaces or commas; at most four. Empty for the defaults. */
  get resolver(): string;
  set resolver(value: string | null | undefined);

  /** Shows the verdict, the route and the number of findings, and folds the rest. */
  get compact(): boolean;
  set compact(value: boolean);

  /** The report that is shown; `null` while there is none. */
  get report(): Report | null;

  /**
   * Checks a domain, or the one in the field. Rejects with the reason where there is nothing to report, and with an
   * `AbortError` when it is cancelled or another check overtakes it.
   */
  check(domain?: string): Promise<Report>;

  /** Lints a text, or the one in the field. */
  lint(text?: string): Promise<Report>;

  /** Ends a check that is under way. Whether there was one. */
  cancel(): boolean;

  addEventListener<K extends keyof MtaStsCheckEventMap>(
    type: K,
    listener: (this: MtaStsCheckElement, event: MtaStsCheckEventMap[K]) => unknown,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject,
    options?: boolean | AddEventListenerOptions,
  ): void;
  removeEventListener<K extends keyof MtaStsCheckEventMap>(
    type: K,
    listener: (this: MtaStsCheckElement, event: MtaStsCheckEventMap[K]) => unknown,
    options?: boolean | EventListenerOptions,
  ): void;
  removeEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject,
    options?: boolean | EventListenerOptions,
  ): void;
}

/** The events of the element; they bubble, also out of Shadow DOM. */
export interface MtaStsCheckEventMap extends HTMLElementEventMap {
  /** There is a new report. */
  "mta-sts-report": CustomEvent<Report>;
  /** There is no report: what was typed is no domain, or the engine did not load. */
  "mta-sts-error": CustomEvent<Error>;
}
