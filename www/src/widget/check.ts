/** The widget's check of a domain. */

import type { Report } from "mta-sts";

import { explainError, isAbort } from "../loading.ts";
import { h, prose } from "../dom.ts";
import { nameResolvers, parseResolvers } from "../resolvers.ts";
import { STOPS } from "../words.ts";
import { runningRoute } from "../view/route.ts";
import { spoken } from "../view/verdict.ts";
import { loadEngine } from "./engine.ts";
import { checkResult } from "./result.ts";
import { complaintOf, fit, type Panel, type Surroundings } from "./surroundings.ts";

export interface CheckRequest {
  readonly domain: string;
  /** Resolvers as somebody names them; empty for the defaults. */
  readonly resolver: string;
  /** The text of the policy, where it is given and not fetched. */
  readonly policy?: string | undefined;
}

export interface CheckPanel extends Panel {
  /** Checks a domain. Rejects with an `AbortError` when it is cancelled or overtaken. */
  run(request: CheckRequest): Promise<Report>;
  /** Shows the domain, without a result. */
  prefill(domain: string): void;
  /** What stands in the field. */
  readonly typed: string;
}

/** `resolver` gives the resolvers for what is asked with the form. */
export function checkPanel(surroundings: Surroundings, given: () => Omit<CheckRequest, "domain">): CheckPanel {
  const { say, onReport, onError, compact } = surroundings;
  let running: { controller: AbortController; request: CheckRequest } | undefined;
  let suspended: CheckRequest | undefined;
  let draw: (() => HTMLElement) | undefined;

  const field = h("input", {
    type: "text",
    inputmode: "url",
    autocapitalize: "off",
    autocomplete: "off",
    autocorrect: "off",
    spellcheck: "false",
    enterkeyhint: "go",
    placeholder: "example.com",
    part: "field",
  });
  const complaint = h("div");
  const hint = h("p", { class: "hint" });
  const output = h("div", { part: "result" });
  const form = h(
    "form",
    {
      class: "ask",
      part: "form",
      novalidate: true,
      on: {
        submit: (event) => {
          event.preventDefault();
          ignore(run({ ...given(), domain: field.value }));
        },
      },
    },
    h("label", {}, h("span", {}, "Domain"), field),
    h("button", { type: "submit", class: "primary", part: "button" }, "Check"),
  );

  const complain = (error?: unknown): void => {
    const { message, ours } = error === undefined ? { message: "", ours: true } : explainError(error);
    complaint.replaceChildren(...(message === "" ? [] : [complaintOf(prose(message) as Node[])]));
    if (ours) field.removeAttribute("aria-invalid");
    else field.setAttribute("aria-invalid", "true");
  };
  const show = (make?: () => HTMLElement): void => {
    draw = make;
    output.replaceChildren(...(make ? [make()] : []));
    // Who would be asked makes room for what was.
    hint.hidden = make !== undefined;
    const parsed = parseResolvers(given().resolver);
    const names = "urls" in parsed ? nameResolvers(parsed.urls).replaceAll(", ", ", then ") : "the resolver";
    hint.textContent = `Asks ${names}, and the domain’s own policy host, from this browser.`;
  };
  /** Ends the run without a word. */
  const stop = (): CheckRequest | undefined => {
    const { controller, request } = running ?? {};
    running = undefined;
    controller?.abort();
    return request;
  };

  async function run(request: CheckRequest): Promise<Report> {
    stop();
    suspended = undefined;
    complain();
    const controller = new AbortController();
    const own = { controller, request };
    running = own;
    const { signal } = controller;
    try {
      const domain = request.domain.trim();
      field.value = request.domain;
      const parsed = parseResolvers(request.resolver);
      if ("refused" in parsed) throw new Error(parsed.refused);
      if (domain === "") throw new Error("Type a domain, such as example.com.");

      const began = new Date();
      const start = performance.now();
      const { element, progress } = runningRoute();
      const doing = h("p", { class: "doing" }, `Checking ${domain} …`);
      const cancelButton = h("button", { type: "button", class: "quiet", part: "button", on: { click: () => panel.cancel() } }, "Cancel");
      const waiting = h("div", { class: "running" }, h("div", { class: "running-head" }, doing, cancelButton), element);
      show(() => waiting);
      say(`Checking ${domain}`);
      const answered = new Set<string>();
      const engine = await loadEngine();
      signal.throwIfAborted();
      const report = await engine.checkDomain(domain, {
        resolvers: parsed.urls,
        policy: request.policy,
        signal,
        onProgress: ({ stop, state }) => {
          progress(stop, state === "done");
          if (state === "done") answered.add(stop);
          doing.textContent = `${answered.size} of ${STOPS.length} stops answered …`;
        },
      });
      signal.throwIfAborted();
      const finished = { began, millis: performance.now() - start };
      const judge = (policy: string): void => ignore(run({ ...request, policy }));
      show(() => fit(checkResult(report, request.policy, finished, judge, say), report, compact()));
      say(spoken(report));
      onReport(report);
      return report;
    } catch (error) {
      // A run that was overtaken or ended says nothing any more; whoever ended it did.
      if (!signal.aborted && !isAbort(error)) {
        show();
        complain(error);
        onError(error);
      }
      throw error;
    } finally {
      if (running === own) running = undefined;
    }
  }

  // The engine is on its way before the name is typed out.
  field.addEventListener("focus", () => ignore(loadEngine()), { once: true });
  field.addEventListener("input", () => complain());

  show();

  const panel: CheckPanel = {
    element: h("div", { class: "panel" }, form, hint, complaint, output),
    run,
    prefill(domain) {
      stop();
      suspended = undefined;
      complain();
      show();
      field.value = domain;
    },
    get typed() {
      return field.value;
    },
    redraw: () => show(draw),
    cancel() {
      if (!stop()) return false;
      const message = "The check was cancelled. Nothing is judged.";
      show(() => h("p", { class: "cancelled" }, message));
      say(message);
      return true;
    },
    suspend() {
      suspended = stop();
    },
    resume() {
      if (suspended) ignore(run(suspended));
    },
    focus: (options) => field.focus(options),
  };
  return panel;
}

/** What goes wrong has been said where it did. */
const ignore = (promise: Promise<unknown>): void => void promise.catch(() => undefined);
