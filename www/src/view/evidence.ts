/** What was seen, stop by stop: each question with its answer, each text with its marks. */

import type { Document, LookupReport, MxReport, Report, ReplyReport, StopId } from "mta-sts";

import { h, outward, wire, type Child } from "../dom.ts";
import { count, duration, elapsed, host, STATE_WORD, STOP_NAME, STOP_OF } from "../words.ts";
import { marked } from "./marked.ts";
import { shape } from "./shape.ts";

export interface EvidenceActions {
  /** A mark was chosen: its finding, by its position in the report. */
  readonly choose: (finding: number) => void;
  /** Where a text can be edited; `null` if it is too long for a link. */
  readonly edit?: (document: Document) => string | null;
}

export interface EvidenceView {
  readonly element: HTMLElement;
  /** Moves the keyboard to the evidence of a stop. */
  reveal(stop: StopId): void;
  /** Moves to the text of a document. */
  revealDocument(name: string): void;
}

export function evidenceView(report: Report, actions: EvidenceActions): EvidenceView {
  const headings = new Map<StopId, HTMLElement>();
  const texts = new Map<string, HTMLElement>();
  const sections = report.route.map(({ id, state, summary }) => {
    const heading = h("h4", { tabindex: -1 }, STOP_NAME[id]);
    headings.set(id, heading);
    return h(
      "section",
      { class: "stop-evidence", "aria-label": `Evidence: ${STOP_NAME[id]}` },
      h(
        "header",
        {},
        shape(state),
        h("div", {}, heading, h("p", { class: `stop-state ${state}` }, STATE_WORD[state]), h("p", { class: "stop-summary" }, wire(summary, "span"))),
      ),
      h("div", { class: "stop-content" }, ...content(report, id, actions, texts)),
    );
  });
  const go = (element: HTMLElement | undefined): void => {
    element?.scrollIntoView({ block: "start" });
    element?.focus({ preventScroll: true });
  };
  return {
    element: h("div", { class: "evidence" }, ...sections),
    reveal: (stop) => go(headings.get(stop)),
    revealDocument: (name) => go(texts.get(name)),
  };
}

function content(report: Report, stop: StopId, actions: EvidenceActions, texts: Map<string, HTMLElement>): HTMLElement[] {
  const lookups = report.lookups.filter((lookup) => lookup.stop === stop);
  const parts: HTMLElement[] = [];
  if (stop === "mx" && report.mx && report.mx.hosts.length > 0) parts.push(mxTable(report.mx));
  // The addresses of the MX hosts stand in the table; who told them is one level down.
  const aside = (lookup: LookupReport): boolean => stop === "mx" && lookup.kind !== "MX";
  const direct = lookups.filter((lookup) => !aside(lookup));
  const folded = lookups.filter(aside);
  if (direct.length > 0) parts.push(h("ul", { class: "lookups" }, ...direct.map(lookupItem)));
  if (folded.length > 0) {
    parts.push(
      h(
        "details",
        {},
        h("summary", {}, `${count(folded.length, "question")} for the addresses of the hosts`),
        h("ul", { class: "lookups" }, ...folded.map(lookupItem)),
      ),
    );
  }
  if (stop === "policy") {
    if (report.reply) parts.push(reply(report.reply));
    if (report.policy) parts.push(policyFacts(report.policy));
  }
  for (const document of report.documents) {
    if (STOP_OF[document.kind] !== stop || document.text === undefined || stop === "mx") continue;
    const block = documentText(report, document, actions);
    texts.set(document.name, block.firstElementChild as HTMLElement);
    parts.push(block);
  }
  if (parts.length === 0) parts.push(h("p", { class: "nothing" }, "Nothing was asked."));
  return parts;
}

function lookupItem({ name, kind, outcome, answers, ttl, aliases, authenticated, resolver, millis }: LookupReport): HTMLElement {
  const facts = [
    resolver && `answer of ${host(resolver)} in ${elapsed(millis)}`,
    ttl !== undefined && ttl !== null && `TTL ${duration(ttl)}`,
    authenticated ? "validated by the resolver (AD)" : "not signed, or not validated by the resolver",
  ];
  return h(
    "li",
    {},
    h("p", { class: "question" }, h("code", { class: "kind" }, kind), " ", wire(name), " ", h("span", { class: "outcome" }, outcome)),
    ...aliases.map((alias) => h("p", { class: "alias" }, "CNAME ", wire(alias))),
    answers.length > 0 && h("ul", { class: "answers" }, ...answers.map((answer) => h("li", {}, wire(answer)))),
    h("p", { class: "facts" }, facts.filter((fact) => fact).join(" · ")),
  );
}

function reply({ url, status, content_type, size, millis }: ReplyReport): HTMLElement {
  const facts: Child[] = [
    status !== undefined && status !== null && `HTTP ${status}`,
    content_type !== undefined && content_type !== null && (content_type === "" ? "no Content-Type" : wire(content_type)),
    count(size, "byte"),
    millis !== undefined && millis !== null && elapsed(millis),
  ];
  const joined = facts.filter((fact) => fact !== false).flatMap((fact, index) => (index > 0 ? [" · ", fact] : [fact]));
  return h(
    "div",
    { class: "reply" },
    h("p", { class: "question" }, h("code", { class: "kind" }, "GET"), " ", outward(url, wire(url))),
    h("p", { class: "facts" }, ...joined),
  );
}

export function policyFacts({ usable, mode, max_age, mx }: NonNullable<Report["policy"]>): HTMLElement {
  const row = (term: string, ...description: Child[]): HTMLElement =>
    h("div", {}, h("dt", {}, term), h("dd", {}, ...description));
  return h(
    "dl",
    { class: "policy-facts" },
    row("Senders that follow the RFC", usable ? "can apply it" : "cannot apply it"),
    row("mode", mode ? h("code", {}, mode) : "none of the three"),
    row("max_age", max_age === undefined || max_age === null ? "no number" : duration(Number(max_age))),
    row("mx", mx.length === 0 ? "no pattern" : h("span", {}, ...mx.slice(0, 50).flatMap((pattern, index) => [index > 0 && ", ", wire(pattern)]))),
  );
}

function documentText(report: Report, document: Document, { choose, edit }: EvidenceActions): HTMLElement {
  const { name, text = "", source } = document;
  const positions = [...report.findings.entries()].filter(([, finding]) => finding.document === name);
  const view = marked(
    text,
    positions.map(([, finding]) => finding),
    `Text: ${name}`,
    (index) => choose(positions[index]![0]),
  );
  const link = edit?.(document);
  return h(
    "figure",
    { class: "document" },
    view,
    h("figcaption", {}, h("span", {}, name, source && [", from ", source].join("")), link != null && h("a", { href: link }, "Edit and lint this text")),
  );
}

/** The MX hosts against the policy. Roles are spelled out since the style makes rows of a phone's table into blocks. */
export function mxTable({ hosts }: MxReport): HTMLElement {
  const heads = ["Preference", "Host", "Addresses", "Pattern", "Mail"];
  const cell = (index: number, ...children: Child[]): HTMLElement =>
    h("td", { role: "cell", "data-head": heads[index] }, ...children);
  const rows = hosts.map(({ host, preference, addresses, matched_by, near_miss, result, outcome }) =>
    h(
      "tr",
      { role: "row", class: result },
      cell(0, preference ?? "–"),
      h("th", { role: "rowheader", scope: "row" }, wire(host === "" ? "." : host)),
      cell(2, ...(addresses.length > 0 ? addresses.map((address) => h("span", { class: "address" }, wire(address))) : ["–"])),
      cell(3, matched_by ? wire(matched_by) : near_miss ? h("span", {}, "none; nearest ", wire(near_miss)) : "none"),
      cell(4, shape(result === "allowed" ? "fine" : result === "refused" ? "broken" : "unseen"), " ", outcome),
    ),
  );
  return h(
    "table",
    { role: "table", class: "mx" },
    h("caption", { class: "sr-only" }, "MX hosts, and what happens to mail at each"),
    h("thead", { role: "rowgroup" }, h("tr", { role: "row" }, ...heads.map((head) => h("th", { role: "columnheader", scope: "col" }, head)))),
    h("tbody", { role: "rowgroup" }, ...rows),
  );
}
