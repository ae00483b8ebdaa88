/** The custom element: its attributes, its life in a document, and what it says to the page around it. */

import type { Report } from "mta-sts";

import { explainError } from "../loading.ts";
import { h } from "../dom.ts";
import { checkPanel, type CheckPanel } from "./check.ts";
import { lintPanel, type LintPanel, type LintRequest } from "./lint.ts";
import css from "mta-sts-check.css";
import type { Surroundings } from "./surroundings.ts";

export type Mode = "check" | "lint";

const TEXTS = ["domain", "mode", "policy", "record", "resolver"] as const;

/** Where there is no document, as in Node, the class can be imported, and no more. */
const Base = (globalThis.HTMLElement ?? class {}) as typeof HTMLElement;

/** Checks a domain or lints a text, inside any page. Registering it under a name is another module's business. */
export class MtaStsCheckElement extends Base {
  static readonly observedAttributes: readonly string[] = [...TEXTS, "compact"];

  readonly #status: HTMLElement;
  readonly #fallback: HTMLElement;
  readonly #place: HTMLElement;
  #panel: CheckPanel | LintPanel | undefined;
  #shown: Mode | undefined;
  /** The attributes and the text whose outcome is shown or under way. */
  #answered: string | undefined;
  #scheduled = false;
  #report: Report | null = null;

  constructor() {
    super();
    const root = this.attachShadow({ mode: "open" });
    this.#status = h("p", { class: "sr-only", role: "status" });
    this.#place = h("div");
    this.#fallback = h("div", { class: "fallback", hidden: true }, h("slot", { name: "fallback" }), h("slot"));
    const box = h("div", { class: "widget", part: "box", lang: "en" }, this.#status, this.#place, this.#fallback);
    this.#fallback.addEventListener("slotchange", () => this.#schedule());
    box.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && this.cancel()) event.preventDefault();
    });
    root.append(box);
    this.#dress();
  }

  connectedCallback(): void {
    for (const name of [...TEXTS, "compact"] as const) this.#upgrade(name);
    this.#schedule();
  }

  /** Moving it within the document is not worth a word. */
  connectedMoveCallback(): void {}

  disconnectedCallback(): void {
    // Whoever moves it takes it out and puts it back at once.
    queueMicrotask(() => {
      if (!this.isConnected) this.#panel?.suspend();
    });
  }

  adoptedCallback(): void {
    this.#dress();
  }

  attributeChangedCallback(name: string, before: string | null, now: string | null): void {
    if (before === now) return;
    if (name === "compact") this.#panel?.redraw();
    else this.#schedule();
  }

  get domain(): string {
    return this.getAttribute("domain") ?? "";
  }
  set domain(value: string | null | undefined) {
    this.#reflect("domain", value);
  }

  /** `check` or `lint`: as the attribute says, or what the others make of it. */
  get mode(): Mode {
    const said = this.getAttribute("mode");
    if (said === "check" || said === "lint") return said;
    return this.domain === "" && (this.policy !== "" || this.record !== "") ? "lint" : "check";
  }
  set mode(value: Mode | null | undefined) {
    this.#reflect("mode", value);
  }

  get policy(): string {
    return this.getAttribute("policy") ?? "";
  }
  set policy(value: string | null | undefined) {
    this.#reflect("policy", value);
  }

  get record(): string {
    return this.getAttribute("record") ?? "";
  }
  set record(value: string | null | undefined) {
    this.#reflect("record", value);
  }

  /** Resolvers by name or URL, divided by spaces or commas; empty for the defaults. */
  get resolver(): string {
    return this.getAttribute("resolver") ?? "";
  }
  set resolver(value: string | null | undefined) {
    this.#reflect("resolver", value);
  }

  get compact(): boolean {
    return this.hasAttribute("compact");
  }
  set compact(value: boolean) {
    this.toggleAttribute("compact", Boolean(value));
  }

  /** The report that is shown; `null` while there is none. */
  get report(): Report | null {
    return this.#report;
  }

  /** Checks `domain`, or what stands in the field. Rejects with the reason where there is nothing to report. */
  async check(domain?: string): Promise<Report> {
    if (this.mode !== "check") this.mode = "check";
    const panel = this.#checkPanel();
    this.#answered = this.#asked();
    const typed = panel.typed.trim() === "" ? this.domain : panel.typed;
    return this.#run(() => panel.run({ ...this.#given(), domain: domain ?? typed }));
  }

  /** Lints `text`, or what stands in the field. */
  async lint(text?: string): Promise<Report> {
    if (this.mode !== "lint") this.mode = "lint";
    const panel = this.#lintPanel();
    const isNew = this.#answered !== this.#asked();
    this.#answered = this.#asked();
    const request = isNew ? this.#texts() : panel.request;
    return this.#run(() => panel.run(text === undefined ? request : { text, domain: request.domain }));
  }

  /** Ends a check that is under way. Whether there was one. */
  cancel(): boolean {
    return this.#panel?.cancel() ?? false;
  }

  override focus(options?: FocusOptions): void {
    this.#panel?.focus(options);
  }

  #reflect(name: string, value: string | null | undefined): void {
    if (value == null) this.removeAttribute(name);
    else this.setAttribute(name, value);
  }

  /** A property that was set before the element was defined hides that of the class: it is set anew. */
  #upgrade(name: (typeof TEXTS)[number] | "compact"): void {
    if (!Object.hasOwn(this, name)) return;
    const value: unknown = this[name];
    delete (this as Record<string, unknown>)[name];
    (this as Record<string, unknown>)[name] = value;
  }

  /** What is set together is done once. */
  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    queueMicrotask(() => {
      this.#scheduled = false;
      if (this.isConnected) this.#follow();
    });
  }

  /** Shows what the attributes ask for, unless that is there already. */
  #follow(): void {
    const asked = this.#asked();
    if (asked === this.#answered) {
      this.#panel?.resume();
      return;
    }
    this.#answered = asked;
    const ignore = (): undefined => undefined;
    if (this.mode === "check") {
      const panel = this.#checkPanel();
      this.#report = null;
      if (this.domain.trim() === "") panel.prefill("");
      else this.#run(() => panel.run({ ...this.#given(), domain: this.domain })).catch(ignore);
      return;
    }
    const panel = this.#lintPanel();
    this.#report = null;
    const texts = this.#texts();
    // An empty field needs no engine yet.
    if (texts.text !== "" || panel.request.text !== "") this.#run(() => panel.run(texts)).catch(ignore);
  }

  #run(run: () => Promise<Report>): Promise<Report> {
    this.#report = null;
    return run();
  }

  #asked(): string {
    const { mode } = this;
    return JSON.stringify([mode, this.domain, this.policy, this.record, this.resolver, mode === "lint" && this.#slotted()]);
  }

  #given(): { resolver: string; policy: string | undefined } {
    const { resolver, policy } = this;
    return { resolver, policy: policy === "" ? undefined : policy };
  }

  #texts(): LintRequest {
    const { policy, record } = this;
    const given = [record, policy].filter((text) => text !== "");
    const kind = given.length !== 1 ? undefined : policy === "" ? "record" : "policy";
    const text = given.length > 0 ? given.join("\n\n") : this.#slotted();
    return { text, kind, domain: this.domain === "" ? undefined : this.domain };
  }

  /** The text inside the element, without what is for the slot `fallback` and without blank lines around it. */
  #slotted(): string {
    const nodes = Array.from(this.childNodes).filter((node) => !(node instanceof Element && node.slot !== ""));
    const text = nodes
      .map((node) => (node instanceof Element || node instanceof Text ? node.textContent : ""))
      .join("")
      .replace(/^\s*\n/, "");
    return text.trim() === "" ? "" : text.replace(/\s+$/, "\n");
  }

  #checkPanel(): CheckPanel {
    if (this.#shown !== "check") this.#turnTo("check", checkPanel(this.#surroundings(), () => this.#given()));
    return this.#panel as CheckPanel;
  }

  #lintPanel(): LintPanel {
    if (this.#shown !== "lint") this.#turnTo("lint", lintPanel(this.#surroundings()));
    return this.#panel as LintPanel;
  }

  #turnTo(mode: Mode, panel: CheckPanel | LintPanel): void {
    this.#panel?.suspend();
    this.#panel = panel;
    this.#shown = mode;
    this.#place.replaceChildren(panel.element);
  }

  #surroundings(): Surroundings {
    return {
      say: (message) => {
        this.#status.textContent = message;
      },
      onReport: (report) => {
        this.#report = report;
        this.#fallback.hidden = true;
        this.#tell("mta-sts-report", report);
      },
      onError: (error) => {
        this.#report = null;
        this.#fallback.hidden = !explainError(error).ours;
        this.#tell("mta-sts-error", error);
      },
      compact: () => this.compact,
    };
  }

  #tell(type: string, detail: unknown): void {
    this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true }));
  }

  /** Puts the style on. A sheet belongs to one document. */
  #dress(): void {
    const { shadowRoot, ownerDocument } = this;
    if (shadowRoot) shadowRoot.adoptedStyleSheets = [sheetOf(ownerDocument)];
  }
}

const sheets = new WeakMap<Document, CSSStyleSheet>();

function sheetOf(document: Document): CSSStyleSheet {
  const known = sheets.get(document);
  if (known) return known;
  const { CSS, CSSStyleSheet } = document.defaultView ?? globalThis;
  try {
    // One of its own, so that an em of the box can be had anywhere within.
    CSS.registerProperty({ name: "--mta-sts-em", syntax: "<length>", inherits: true, initialValue: "16px" });
  } catch {
    // It is registered, or the browser cannot: then an em is that of each element.
  }
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  sheets.set(document, sheet);
  return sheet;
}
