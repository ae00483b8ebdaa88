/** Findings: a line each, opening to why, what to write instead, and the fix. */

import type { Document, FindingReport, RuleReport, SeverityName } from "mta-sts";

import { h, outward, plain, prose, wireLines, type Child } from "../dom.ts";
import { CONSEQUENCE, count, documentName, place, references, SEVERITY_WORD } from "../words.ts";
import { fixPreview } from "./fix.ts";
import { severityShape } from "./shape.ts";

/** More than this of one severity is one fault many times over. */
const MAX_SHOWN = 100;

export interface FindingActions {
  /** The text that the places of a finding point into. */
  readonly text: (finding: FindingReport) => string | undefined;
  /** Shows the place of a finding in its text; `focus` moves the keyboard there too. */
  readonly show?: (finding: FindingReport, focus: boolean) => void;
  /** The rule of a finding, whose example is shown where there is no fix. */
  readonly explain?: (id: string) => Promise<RuleReport | undefined>;
  /** The id of a rule as it is shown; a link where there is a page to lead to. */
  readonly ruleName?: (id: string) => Node;
  /** Applies the fix of a finding. Without it the fix is only shown. */
  readonly apply?: (finding: FindingReport) => void;
}

export interface FindingsView {
  readonly element: HTMLElement;
  /** Opens a finding, by its position in the report, and moves the keyboard there. */
  reveal(finding: number): void;
  /** Points out one finding, by its position in the report, or none. */
  point(finding: number | undefined): void;
}

/** The findings, in the order of the report; `before` is the list they take the place of: what was open there stays open. */
export function findingsView(
  findings: readonly FindingReport[],
  documents: readonly Document[],
  actions: FindingActions,
  before?: HTMLElement,
): FindingsView {
  const open = new Set(
    Array.from(before?.querySelectorAll<HTMLElement>("details[open]") ?? [], (details) => details.dataset["key"]),
  );
  const items = new Map<number, HTMLElement>();
  const seen = new Map<string, number>();
  const lists: Record<SeverityName, { shown: HTMLElement[]; all: number }> = {
    error: { shown: [], all: 0 },
    warning: { shown: [], all: 0 },
    info: { shown: [], all: 0 },
  };
  for (const [index, finding] of findings.entries()) {
    const list = lists[finding.severity];
    list.all++;
    if (list.shown.length >= MAX_SHOWN) continue;
    // The same finding, after the text around it changed: the rule's n-th.
    const nth = seen.get(finding.id) ?? 0;
    seen.set(finding.id, nth + 1);
    const key = `${finding.id} ${nth}`;
    const element = item(finding, documents, actions, key, before ? open.has(key) : index === 0);
    list.shown.push(element);
    items.set(index, element);
  }

  const grave = (["error", "warning"] as const).flatMap((severity) => [...lists[severity].shown, ...beyond(lists[severity])]);
  const notes = lists.info;
  const element = h(
    "div",
    { class: "findings" },
    grave.length > 0 && h("ol", { class: "finding-list" }, ...grave),
    notes.all > 0 &&
      h(
        "details",
        { class: "notes", "data-key": "notes", open: open.has("notes") },
        h("summary", {}, count(notes.all, "note")),
        h("ol", { class: "finding-list" }, ...notes.shown, ...beyond(notes)),
      ),
  );
  const reveal = (finding: number): void => {
    const found = items.get(finding);
    for (let details = found?.querySelector("details"); details; details = details.parentElement?.closest("details")) {
      details.open = true;
    }
    found?.querySelector("summary")?.focus();
  };
  let pointed: HTMLElement | undefined;
  const point = (finding: number | undefined): void => {
    const next = finding === undefined ? undefined : items.get(finding);
    if (next === pointed) return;
    pointed?.removeAttribute("aria-current");
    next?.setAttribute("aria-current", "true");
    pointed = next;
    // Where the list is below the text, the reader would lose the text.
    if (matchMedia("(min-width: 900px)").matches) next?.scrollIntoView({ block: "nearest" });
  };
  return { element, reveal, point };
}

/** `2 errors, 1 warning, 3 notes`. */
export function tally(findings: readonly FindingReport[]): string {
  const counts = (["error", "warning", "info"] as const).map((severity) => {
    const number = findings.filter((finding) => finding.severity === severity).length;
    return number > 0 ? count(number, SEVERITY_WORD[severity]) : "";
  });
  return counts.filter((text) => text !== "").join(", ") || "no finding";
}

/** The heading over a list of findings: the grave ones; notes are counted where they are folded. */
export function heading(findings: readonly FindingReport[]): string {
  const grave = findings.filter(({ severity }) => severity !== "info");
  return grave.length === 0 ? "No fault in what could be seen" : `Findings: ${tally(grave)}`;
}

function item(
  finding: FindingReport,
  documents: readonly Document[],
  { text, show, explain, apply, ruleName = (id) => h("code", {}, id) }: FindingActions,
  key: string,
  open: boolean,
): HTMLElement {
  const { id, severity, span, also, message, why, instead, consequence, rfc, fix, senders } = finding;
  const several = documents.length > 1;
  const source = text(finding);
  const oneLine = source !== undefined && !source.includes("\n");
  const document = documents.find(({ name }) => name === finding.document);
  const where = [document && (several || !span) ? documentName(document) : "", span ? place(span, oneLine) : ""].filter((part) => part !== "").join(", ");
  const further = (also ?? []).slice(0, 10).map((span) => place(span, oneLine)).join("; ");

  const summary = h(
    "summary",
    // Opening it by mouse, key or voice shows the place as well.
    { on: { click: () => show?.(finding, false) } },
    severityShape(severity),
    h("h4", { class: "message" }, h("span", { class: "sr-only" }, `${SEVERITY_WORD[severity]}: `), ...prose(message)),
    h("span", { class: "where" }, where),
  );
  const rows: readonly (readonly [string, Child | readonly Child[]])[] = [
    ["Why", prose(why)],
    ["Means", CONSEQUENCE[consequence]],
    ...(senders ? ([["Senders", sentence(senders)]] as const) : []),
    ["Instead", prose(instead)],
    ...(further ? ([["Also at", further]] as const) : []),
    ["Source", [...references(rfc).map(({ text, url }) => (url ? outward(url, text) : text)), " · ", ruleName(id)]],
  ];
  const examplePlace = new Text();
  const body = h(
    "div",
    { class: "body" },
    h(
      "dl",
      {},
      ...rows.map(([term, description]) =>
        h("div", {}, h("dt", {}, term), h("dd", {}, ...(Array.isArray(description) ? description : [description as Child]))),
      ),
    ),
    fix !== undefined && source !== undefined &&
      h(
        "div",
        { class: "fix" },
        h("p", {}, fix.applicability === "safe" ? "The fix keeps the meaning:" : "The fix guesses the meaning:"),
        fixPreview(source, fix),
      ),
    examplePlace,
    show && span && h("button", { type: "button", class: "quiet", on: { click: () => show(finding, true) } }, "Go to the place"),
  );
  const details = h("details", { "data-key": key, open }, summary, body);
  if (fix === undefined && explain) {
    // The documentation of the rules is loaded for those who open a finding; without it, it says what it said before.
    const exemplify = async (): Promise<void> => {
      const rule = await explain(id).catch(() => undefined);
      if (rule) examplePlace.replaceWith(...example(rule));
    };
    details.addEventListener("toggle", () => void exemplify(), { once: true });
  }
  return h(
    "li",
    { class: `finding ${severity}`, "data-finding": id, "data-severity": severity },
    details,
    fix !== undefined && apply &&
      h("button", { type: "button", class: "apply", on: { click: () => apply(finding) } },
        "Apply", h("span", { class: "sr-only" }, ` the fix: ${plain(message)}`)),
  );
}

const sentence = (clause: string): string => `${clause.charAt(0).toUpperCase()}${clause.slice(1)}.`;

/** How a text looks that has the fault, and how one that has not. Evidence of a domain has its own notation, and says less. */
function example({ bad, good }: RuleReport): HTMLElement[] {
  if (bad.kind === "evidence" || good.kind === "evidence" || bad.repeated_to != null) return [];
  const text = (label: string, text: string): HTMLElement =>
    h("figure", { class: "example" }, h("figcaption", {}, label), h("pre", {}, ...wireLines(text.replace(/\n$/, ""))));
  return [h("details", { class: "examples" }, h("summary", {}, "An example"), text("With the fault", bad.text), text("Without it", good.text))];
}

const beyond = ({ shown, all }: { shown: readonly HTMLElement[]; all: number }): HTMLElement[] =>
  all > shown.length ? [h("li", { class: "more" }, `… and ${all - shown.length} more`)] : [];
