/** The check of a domain: the form, the run, and where its result goes. */

import type { Document, Report } from "mta-sts";

import { explainError, isAbort, type LoadEngine } from "../api.ts";
import { byId, h, prose } from "../dom.ts";
import { probe } from "../probe.ts";
import { addRecent } from "../recent.ts";
import { DEFAULT, isDefault, nameResolvers, parseResolvers } from "../resolvers.ts";
import { encode, type CheckState } from "../state.ts";
import { STOPS } from "../words.ts";
import { offlineNote } from "./offline.ts";
import { recentView } from "./recent.ts";
import { resultView } from "./result.ts";
import { runningRoute } from "./route.ts";
import { spoken } from "./verdict.ts";

export interface CheckPanel {
  /** Shows a state; one with a domain is checked, unless its result is there already. */
  open(state: CheckState): void;
  /** Ends the run, if there is one. */
  cancel(): boolean;
  /** The state whose result is shown or asked for. */
  readonly state: CheckState;
}

export interface CheckSurroundings {
  readonly load: LoadEngine;
  readonly say: (message: string) => void;
  /** A run begins: its state belongs into the address. */
  readonly onState: (state: CheckState) => void;
  readonly onReport: (report: Report) => void;
  /** Where a text can be edited; `null` if it is too long for a link. */
  readonly edit: (document: Document, report: Report) => string | null;
}

/** How often a screen reader hears of progress at most, in milliseconds. */
const SPEAK_EVERY = 2_000;

/** The panel of the elements that the page has for it. */
export function checkPanel({ load, say, onState, onReport, edit }: CheckSurroundings): CheckPanel {
  const form = byId("check-form", HTMLFormElement);
  const domain = byId("domain", HTMLInputElement);
  const resolver = byId("resolver", HTMLInputElement);
  const output = byId("check-result", HTMLElement);
  const questions = byId("questions", HTMLElement);
  const lead = byId("check-lead", HTMLElement);
  const complaint = byId("check-complaint", HTMLElement);

  let state: CheckState = { view: "check" };
  let running: AbortController | undefined;

  const complain = (message: string, field?: HTMLInputElement): void => {
    // A new element each time, so that the same words are read out again.
    complaint.replaceChildren(h("p", { role: "alert", class: "complaint" }, ...prose(message)));
    for (const input of [domain, resolver]) {
      if (input === field) input.setAttribute("aria-invalid", "true");
      else input.removeAttribute("aria-invalid");
    }
  };
  const clearComplaint = (): void => {
    complaint.replaceChildren();
    domain.removeAttribute("aria-invalid");
    resolver.removeAttribute("aria-invalid");
  };
  const show = (...nodes: readonly Node[]): void => {
    output.replaceChildren(...nodes);
    // What would be asked makes room for what was.
    for (const element of [questions, lead]) element.hidden = nodes.length > 0;
    recent.fold(nodes.length > 0);
  };

  const recent = recentView(byId("recent", HTMLDetailsElement), {
    link: (domain) => {
      const parsed = parseResolvers(resolver.value);
      const resolvers = "urls" in parsed && !isDefault(parsed.urls) ? parsed.urls : undefined;
      return encode({ view: "check", domain, ...(resolvers && { resolvers }) }) ?? "#check";
    },
    check: (name) => {
      domain.value = name;
      describe();
      void run();
    },
    say,
  });

  async function run(policy?: string): Promise<void> {
    running?.abort();
    running = undefined;
    clearComplaint();
    const parsed = parseResolvers(resolver.value);
    if ("refused" in parsed) {
      show();
      complain(parsed.refused, resolver);
      return;
    }
    const typed = domain.value;
    if (typed.trim() === "") {
      show();
      complain("Type a domain, such as example.com.", domain);
      domain.focus();
      return;
    }
    const { urls } = parsed;
    state = { view: "check", domain: typed.trim(), ...(!isDefault(urls) && { resolvers: urls }) };
    const own: CheckState = state;
    onState(own);

    const controller = new AbortController();
    running = controller;
    const { signal } = controller;
    const began = new Date();
    const start = performance.now();
    const { element, progress } = runningRoute();
    const cancelButton = h("button", { type: "button", class: "quiet", on: { click: () => panel.cancel() } }, "Cancel");
    // Whoever asked from within a result that goes keeps a place for the keyboard.
    const within = output.contains(document.activeElement);
    const doing = h("p", { class: "doing" }, `Asking ${nameResolvers(urls).replaceAll(", ", " and ")} …`);
    show(h("div", { class: "running" }, h("div", { class: "running-head" }, doing, cancelButton), element));
    if (within) cancelButton.focus();
    say(`Checking ${typed.trim()}`);

    let said = start;
    const answered = new Set<string>();
    try {
      const engine = await load();
      if (signal.aborted) return;
      const report = await engine.checkDomain(typed, {
        resolvers: urls,
        ...(policy !== undefined && { policy }),
        signal,
        onProgress: ({ stop, state }) => {
          if (signal.aborted) return;
          progress(stop, state === "done");
          if (state !== "done") return;
          answered.add(stop);
          doing.textContent = `${answered.size} of ${STOPS.length} stops answered …`;
          // Most checks are over before a sentence is: only of a slow one is it worth hearing how far it is.
          if (performance.now() - said > SPEAK_EVERY && answered.size < STOPS.length) {
            said = performance.now();
            say(doing.textContent);
          }
        },
        probe: (host) => probe(host, signal),
      });
      if (signal.aborted) return;
      const link = (): string => new URL(encode(own) ?? "", location.href).href;
      const wasWithin = output.contains(document.activeElement);
      const again = h("button", { type: "button", class: "quiet", on: { click: () => recheck(own, policy) } }, "Recheck");
      const offline = offlineNote(report);
      show(
        ...(offline ? [offline] : []),
        resultView(
          report,
          policy,
          { say, again, link, judge: (text) => void run(text), explain: engine.explain, edit: (document) => edit(document, report) },
          { began, millis: performance.now() - start },
        ),
      );
      if (wasWithin) again.focus({ preventScroll: true });
      say(spoken(report));
      // What a text that somebody gave would make of the domain is not what the domain is.
      if (report.domain && policy === undefined) {
        addRecent({ domain: report.domain.name, time: began.getTime(), outcome: report.verdict.outcome });
        recent.update();
      }
      onReport(report);
    } catch (error) {
      // A run that was overtaken or cancelled says nothing any more; whoever ended it did.
      if (signal.aborted || isAbort(error)) return;
      show();
      const { message, ours } = explainError(error);
      complain(message, ours ? undefined : domain);
      if (!ours) domain.focus();
    } finally {
      if (running === controller) running = undefined;
    }
  }

  /** Asks again what was asked, whatever the form says by now. */
  function recheck({ domain: name = "", resolvers }: CheckState, policy: string | undefined): void {
    fill(name, resolvers);
    void run(policy);
  }

  function fill(name: string, resolvers: readonly string[] | undefined): void {
    domain.value = name;
    resolver.value = resolvers ? nameResolvers(resolvers) : DEFAULT;
    describe();
  }

  const panel: CheckPanel = {
    open(next) {
      const same = next.domain === state.domain && next.resolvers?.join() === state.resolvers?.join();
      if (next.domain === undefined || (same && output.childElementCount > 0)) return;
      fill(next.domain, next.resolvers);
      void run();
    },
    cancel() {
      if (!running) return false;
      running.abort();
      running = undefined;
      const message = "The check was cancelled. Nothing is judged.";
      show(h("p", { class: "cancelled" }, message));
      say(message);
      domain.focus();
      return true;
    },
    get state() {
      return state;
    },
  };

  /** Names the domain in the questions that would be asked. */
  const names = Array.from(questions.querySelectorAll<HTMLElement>("[data-domain]"));
  const describe = (): void => {
    const typed = domain.value.trim();
    const name = /^[^\s/@:]{1,100}$/.test(typed) ? typed : "example.com";
    for (const element of names) element.textContent = name;
  };
  domain.addEventListener("input", () => {
    describe();
    clearComplaint();
  });
  resolver.addEventListener("input", () => recent.update());
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void run();
  });
  // The engine is on its way before the name is typed out.
  domain.addEventListener("focus", () => void load().catch(() => undefined), { once: true });
  describe();
  recent.update();
  recent.fold(false);
  return panel;
}
