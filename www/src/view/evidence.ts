/** What was seen, stop by stop: each question with its answer, each text with its marks. */

import type { Document, LookupReport, MxHostReport, MxReport, Report, ReplyReport, StopId } from "mta-sts";

import { h, outward, prose, wire, type Child } from "../dom.ts";
import { servedBy } from "../hosting.ts";
import { count, documentName, duration, elapsed, host, STATE_WORD, STOP_NAME, STOP_OF } from "../words.ts";
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
  /** What is known of each stop, to be shown elsewhere; {@link EvidenceView.takeBack} brings it back. */
  readonly contents: ReadonlyMap<StopId, HTMLElement>;
  takeBack(): void;
  /** Moves the keyboard to the evidence of a stop. */
  reveal(stop: StopId): void;
  /** Moves the keyboard to the text a finding is about, and shows the place. */
  revealPlace(document: string, finding: number): void;
}

export function evidenceView(report: Report, actions: EvidenceActions): EvidenceView {
  const headings = new Map<StopId, HTMLElement>();
  const texts = new Map<string, HTMLElement>();
  const contents = new Map<StopId, HTMLElement>();
  const sections = report.route.map(({ id, state, summary }) => {
    const heading = h("h4", { tabindex: -1 }, STOP_NAME[id]);
    headings.set(id, heading);
    const known = h("div", { class: "stop-content" }, ...content(report, id, actions, texts));
    contents.set(id, known);
    return h(
      "section",
      { class: "stop-evidence", "aria-label": `Evidence: ${STOP_NAME[id]}` },
      h(
        "header",
        {},
        shape(state),
        h("div", {}, heading, h("p", { class: `stop-state ${state}` }, STATE_WORD[state]), h("p", { class: "stop-summary" }, ...prose(summary))),
      ),
      known,
    );
  });
  const go = (element: HTMLElement | undefined): void => {
    element?.scrollIntoView({ block: "start" });
    element?.focus({ preventScroll: true });
  };
  return {
    element: h("div", { class: "evidence" }, ...sections),
    contents,
    takeBack: () => [...contents.values()].forEach((known, index) => sections[index]?.append(known)),
    reveal: (stop) => go(headings.get(stop)),
    revealPlace: (document, finding) => {
      const text = texts.get(document);
      const mark = text?.querySelector(`[data-at~="${finding}"]`);
      text?.querySelector(".current")?.classList.remove("current");
      mark?.classList.add("current");
      mark?.scrollIntoView({ block: "center" });
      text?.focus({ preventScroll: true });
    },
  };
}

function content(report: Report, stop: StopId, actions: EvidenceActions, texts: Map<string, HTMLElement>): HTMLElement[] {
  const lookups = report.lookups.filter((lookup) => lookup.stop === stop);
  const parts: HTMLElement[] = [];
  if (stop === "mx" && report.mx && report.mx.hosts.length > 0) parts.push(mxTable(report.mx));
  const texted = report.documents.filter(({ kind, text }) => STOP_OF[kind] === stop && stop !== "mx" && text !== undefined);
  // A record of one string stands there without the quotes of its presentation form.
  const shown = new Set(texted.map(({ text = "" }) => `"${text}"`));
  // The addresses of the MX hosts stand in the table; who told them is one level down.
  const aside = (lookup: LookupReport): boolean => stop === "mx" && lookup.kind !== "MX";
  const direct = lookups.filter((lookup) => !aside(lookup));
  const folded = lookups.filter(aside);
  const serves = stop === "policy-host" ? servedBy(report) : undefined;
  if (serves) parts.push(h("p", { class: "served-by" }, ...prose(serves)));
  if (direct.length > 0) parts.push(h("ul", { class: "lookups" }, ...direct.map((lookup) => lookupItem(shown, lookup))));
  if (folded.length > 0) {
    parts.push(
      h(
        "details",
        {},
        h("summary", {}, `${count(folded.length, "question")} for the addresses of the hosts`),
        h("ul", { class: "lookups" }, ...folded.map((lookup) => lookupItem(shown, lookup))),
      ),
    );
  }
  if (stop === "policy") {
    if (report.reply) parts.push(reply(report.reply));
    if (report.policy) parts.push(policyFacts(report.policy));
  }
  for (const document of texted) {
    const block = documentText(report, document, actions);
    texts.set(document.name, block.firstElementChild as HTMLElement);
    parts.push(block);
  }
  if (parts.length === 0) {
    const unseen = report.not_seen.find((item) => item.stop === stop);
    parts.push(h("p", { class: "nothing" }, ...(unseen ? prose(unseen.why) : ["Nothing was asked."])));
  }
  return parts;
}

/** `shown` are texts that stand below in full, and are not repeated here. */
function lookupItem(shown: ReadonlySet<string>, lookup: LookupReport): HTMLElement {
  const { name, kind, outcome, answered, answers, ttl, aliases, authenticated, resolver, millis } = lookup;
  const others = answers.filter((answer) => !shown.has(answer));
  const facts = [
    resolver && `${answered ? "answered by" : "asked of"} ${host(resolver)}${answered ? " in" : ", for"} ${elapsed(millis)}`,
    ttl !== undefined && ttl !== null && `TTL ${duration(ttl)}`,
    answered && (authenticated ? "validated by the resolver (AD)" : "not validated (no AD)"),
  ];
  return h(
    "li",
    {},
    h("p", { class: "question" }, h("code", { class: "kind" }, kind), " ", wire(name), " ", h("span", { class: "outcome" }, outcome)),
    ...aliases.map((alias) => h("p", { class: "alias" }, "CNAME ", wire(alias))),
    others.length > 0 && h("ul", { class: "answers" }, ...others.map((answer) => h("li", {}, wire(answer)))),
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
    positions,
    `Text: ${documentName(document)}`,
    choose,
  );
  const link = edit?.(document);
  return h(
    "figure",
    { class: "document" },
    view,
    h("figcaption", {}, h("span", {}, documentName(document), source && `, from ${source}`), link != null && h("a", { href: link }, "Edit and lint this text")),
  );
}

/**
 * The MX hosts against the policy; a column nothing is known for is left out. Roles are spelled out since the style makes
 * blocks of the rows on a phone.
 */
export function mxTable({ hosts }: MxReport): HTMLElement {
  type Column = { head: string; cell: (host: MxHostReport) => Child[]; has?: (host: MxHostReport) => boolean };
  const columns: readonly Column[] = [
    { head: "Preference", cell: ({ preference }) => [preference ?? "–"], has: ({ preference }) => preference != null },
    { head: "Host", cell: ({ host }) => [wire(host === "" ? "." : host)] },
    {
      head: "Addresses",
      cell: ({ addresses }) => addresses.map((address) => h("span", { class: "address" }, wire(address))),
      has: ({ addresses }) => addresses.length > 0,
    },
    {
      head: "Pattern",
      cell: ({ matched_by, near_miss }) =>
        matched_by ? [wire(matched_by)] : near_miss ? ["none; nearest ", wire(near_miss)] : ["none"],
      has: ({ result }) => result !== "unknown",
    },
    { head: "Mail", cell: ({ result, outcome }) => [shape(RESULT_SHAPE[result]), " ", ...prose(outcome)] },
  ];
  const shown = columns.filter(({ has }) => !has || hosts.some(has));
  const rows = hosts.map((host) =>
    h(
      "tr",
      { role: "row" },
      ...shown.map(({ head, cell }) =>
        head === "Host"
          ? h("th", { role: "rowheader", scope: "row" }, ...cell(host))
          : h("td", { role: "cell", "data-head": head }, ...cell(host)),
      ),
    ),
  );
  const heads = shown.map(({ head }) => h("th", { role: "columnheader", scope: "col", class: head.toLowerCase() }, head));
  return h(
    "table",
    { role: "table", class: "mx cards" },
    h("caption", { class: "sr-only" }, "MX hosts, and what happens to mail at each"),
    h("thead", { role: "rowgroup" }, h("tr", { role: "row" }, ...heads)),
    h("tbody", { role: "rowgroup" }, ...rows),
  );
}

const RESULT_SHAPE = { allowed: "fine", refused: "broken", unknown: "unseen" } as const;
