/** The widget's lint of a text. */

import type { FindingReport, Report, TextKind } from "mta-sts";

import { explainError } from "../loading.ts";
import { h, prose } from "../dom.ts";
import { applyEdits, ExactText } from "../text.ts";
import { policyFacts } from "../view/evidence.ts";
import { findingsView, heading, tally } from "../view/findings.ts";
import { sendersView } from "../view/senders.ts";
import { verdict } from "../view/verdict.ts";
import { loadEngine, type WidgetEngine } from "./engine.ts";
import { ending, section, tools } from "./result.ts";
import { complaintOf, fit, type Panel, type Surroundings } from "./surroundings.ts";

/** How long after the last key the tally is read out, in milliseconds. */
const SETTLED = 600;
const MAX_UNDO = 100;

export interface LintRequest {
  readonly text: string;
  /** What the text is, where that is known. */
  readonly kind?: TextKind | undefined;
  /** The domain of the policy. */
  readonly domain?: string | undefined;
}

export interface LintPanel extends Panel {
  /** Takes a text in and judges it. */
  run(request: LintRequest): Promise<Report>;
  /** What stands in the field, and what is known of it. */
  readonly request: LintRequest;
}

export function lintPanel({ say, onReport, onError, compact }: Surroundings): LintPanel {
  let text = new ExactText("");
  let request: LintRequest = { text: "" };
  let report: Report | undefined;
  let engine: WidgetEngine | undefined;
  let turn = 0;
  let frame = 0;
  let settled: ReturnType<typeof setTimeout> | undefined;
  const past: ExactText[] = [];

  const area = h("textarea", {
    rows: 8,
    spellcheck: "false",
    autocapitalize: "off",
    autocomplete: "off",
    autocorrect: "off",
    part: "field",
  });
  const complaint = h("div");
  const output = h("div", { part: "result" });
  const fixAll = h("button", { type: "button", class: "primary", part: "button", hidden: true }, "Fix all that is safe");
  const undo = h("button", { type: "button", class: "quiet", part: "button", hidden: true }, "Undo");

  const complain = (error?: unknown): void =>
    complaint.replaceChildren(...(error === undefined ? [] : [complaintOf(prose(explainError(error).message) as Node[])]));

  /** Takes another text in; what was known of the one before may not hold for it. */
  function take(next: ExactText): void {
    text = next;
    area.value = next.shown;
    request = { ...request, text: next.exact };
  }

  function replace(next: ExactText): void {
    past.push(text);
    if (past.length > MAX_UNDO) past.shift();
    take(next);
    void judge().catch(() => undefined);
  }

  async function judge(): Promise<Report> {
    const own = ++turn;
    try {
      engine ??= await loadEngine();
      const { kind, domain } = request;
      const judged = engine.lintText(text.exact, { kind, domain });
      if (own !== turn) throw new DOMException("a newer text overtook this one", "AbortError");
      complain();
      report = text.exact === "" ? undefined : judged;
      render();
      onReport(judged);
      return judged;
    } catch (error) {
      if (own === turn) {
        report = undefined;
        render();
        complain(error);
        onError(error);
      }
      throw error;
    }
  }

  function render(): void {
    undo.hidden = past.length === 0;
    fixAll.hidden = !report?.findings.some(({ fix }) => fix?.applicability === "safe");
    output.replaceChildren(...(report ? [result(report)] : []));
  }

  function result(report: Report): HTMLElement {
    const before = output.querySelector<HTMLElement>(".findings") ?? h("div");
    const findings = findingsView(
      report.findings,
      report.documents,
      {
        text: () => text.exact,
        show: ({ span }, focus) => {
          if (!span || !focus) return;
          area.setSelectionRange(text.toShown(span.start), text.toShown(span.end));
          area.focus();
        },
        apply,
      },
      before,
    );
    const view = h(
      "div",
      { class: "result" },
      verdict(report, tools(report, say)),
      section(heading(report.findings), "findings-section", findings.element),
      report.policy && section("As senders read it", "evidence-section", policyFacts(report.policy)),
      ...ending(report, sendersView(report, findings.reveal), say),
    );
    return fit(view, report, compact());
  }

  function apply({ fix }: FindingReport): void {
    if (!fix) return;
    replace(new ExactText(applyEdits(text.exact, fix.edits)));
    area.focus();
    say("The fix is applied. Undo brings the text before back.");
  }

  fixAll.addEventListener("click", () => {
    if (!engine) return;
    const { text: fixed, applied } = engine.applyFixes(text.exact, { kind: request.kind });
    replace(new ExactText(fixed));
    area.focus();
    say(`${applied.length} fixed. Undo brings the text before back.`);
  });
  undo.addEventListener("click", () => {
    const before = past.pop();
    if (before) take(before);
    void judge().catch(() => undefined);
    area.focus();
  });
  area.addEventListener("input", () => {
    text = text.edited(area.value);
    // Whoever types may turn it into something else.
    request = { text: text.exact, domain: request.domain };
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(() => void judge().catch(() => undefined));
    clearTimeout(settled);
    settled = setTimeout(() => report && say(tally(report.findings)), SETTLED);
  });
  area.addEventListener("focus", () => void loadEngine().catch(() => undefined), { once: true });

  return {
    element: h(
      "div",
      { class: "panel" },
      h("form", { part: "form", on: { submit: (event) => event.preventDefault() } },
        h("label", {}, h("span", {}, "Policy or record text"), area),
        h("div", { class: "actions" }, fixAll, undo),
      ),
      complaint,
      output,
    ),
    async run(next) {
      past.length = 0;
      request = next;
      take(new ExactText(next.text));
      return judge();
    },
    get request() {
      return request;
    },
    redraw: render,
    cancel: () => false,
    suspend: () => undefined,
    resume: () => undefined,
    focus: (options) => area.focus(options),
  };
}
