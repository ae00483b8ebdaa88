/** What each known sender makes of it: a matrix, on a phone a block a sender. */

import type { FindingReport, MxReport, PolicyReport, Report, SenderReport } from "mta-sts";

import { h, wire, type Child } from "../dom.ts";
import { count, duration, place, type ShownState } from "../words.ts";
import { shape } from "./shape.ts";

/** What a sender takes or refuses, as a state of the page. */
type Verdict = readonly [state: ShownState, word: string];

const UNKNOWN: Verdict = ["unseen", "not seen from here"];

/** `reveal` opens a finding by its position in the report, and moves the keyboard there. */
export function sendersView(report: Report, reveal: (finding: number) => void): HTMLElement | undefined {
  const { senders, findings, mx, policy } = report;
  if (senders.length === 0) return undefined;
  const has = (part: "record" | "policy" | "tlsrpt"): boolean => senders.some((sender) => sender[part] != null);
  type Column = { head: string; cell: (sender: SenderReport) => Child[]; shown?: boolean };
  const columns: readonly Column[] = [
    { head: "Record", cell: ({ record }) => verdict(record, ["takes it", "refuses it"]), shown: has("record") },
    { head: "Policy", cell: (sender) => policyCell(sender, policy), shown: has("policy") },
    { head: "MX hosts", cell: (sender) => mxCell(sender, mx), shown: mx != null && senders.some(({ hosts }) => hosts.length > 0) },
    { head: "Reports", cell: ({ tlsrpt }) => verdict(tlsrpt, ["reports", "does not report"]), shown: has("tlsrpt") },
    { head: "Because", cell: (sender) => because(sender, findings, reveal), shown: senders.some(({ because }) => because != null) },
  ];
  const shown = columns.filter(({ shown }) => shown !== false);
  const rows = senders.map((sender) =>
    h(
      "tr",
      { role: "row", "data-sender": sender.id, "data-accepts": String(sender.accepts ?? "unknown") },
      h("th", { role: "rowheader", scope: "row" }, sender.name, h("span", { class: "version" }, sender.version)),
      ...shown.map(({ head, cell }) => h("td", { role: "cell", "data-head": head }, ...cell(sender))),
    ),
  );
  const heads = ["Sender", ...shown.map(({ head }) => head)].map((head) =>
    h("th", { role: "columnheader", scope: "col", class: head.toLowerCase().replace(" ", "-") }, head),
  );
  return h(
    "div",
    { class: "senders" },
    h("p", { class: "senders-sum" }, summary(senders)),
    h(
      "table",
      { role: "table", class: "cards" },
      h("caption", { class: "sr-only" }, "What each known sender makes of it"),
      h("thead", { role: "rowgroup" }, h("tr", { role: "row" }, ...heads)),
      h("tbody", { role: "rowgroup" }, ...rows),
    ),
    h(
      "p",
      { class: "senders-note" },
      "By the readers of these versions, run on odd inputs or read in source. Google and Microsoft apply MTA-STS too; their readers are not public.",
    ),
  );
}

/** `8 of 11 known senders apply it, 2 of them in another way than the RFC.` */
export function summary(senders: readonly SenderReport[]): string {
  const number = (accepts: boolean): number => senders.filter((sender) => sender.accepts === accepts).length;
  const applied = senders.filter(({ accepts }) => accepts === true);
  const otherwise = applied.filter(({ because }) => because != null).length;
  const known = count(senders.length, "known sender");
  const differ = otherwise === 0 ? "" : `, ${otherwise} of them in another way than the RFC says`;
  if (number(true) === 0 && number(false) === 0) return "What senders do with it depends on what cannot be seen from here.";
  if (number(true) === senders.length) return `All ${known} apply it${differ}.`;
  if (number(false) === senders.length) return `None of the ${known} applies it.`;
  const unseen = senders.length - number(true) - number(false);
  if (number(true) === 0) return `${number(false)} of ${known} refuse it; for ${unseen} that depends on what cannot be seen from here.`;
  return `${number(true)} of ${known} apply it${differ}.`;
}

const cell = ([state, word]: Verdict, ...more: Child[]): Child[] => [shape(state), " ", word, ...more];

/** A sender that does not read this kind of document has no part here. */
function verdict(takes: boolean | null, [yes, no]: readonly [string, string]): Child[] {
  if (takes == null) return cell(UNKNOWN);
  return cell(takes ? ["fine", yes] : ["broken", no]);
}

function policyCell(sender: SenderReport, policy: PolicyReport | undefined): Child[] {
  if (sender.policy == null) return sender.kind === "library" && sender.record != null ? cell(["not-needed", "reads records only"]) : cell(UNKNOWN);
  if (!sender.policy) return cell(["broken", "refuses it"]);
  const { mode, max_age, mx } = sender;
  const differences: Child[] = [];
  if (policy && mode != null && mode !== policy.mode) differences.push(h("span", { class: "reads" }, "mode ", wire(mode)));
  if (policy && max_age != null && max_age !== policy.max_age) {
    differences.push(h("span", { class: "reads" }, "max_age ", duration(Number(max_age))));
  }
  if (policy && mx.some((pattern, index) => pattern !== policy.mx[index])) {
    differences.push(h("span", { class: "reads" }, "mx ", ...mx.slice(0, 5).flatMap((pattern, index) => [index > 0 && ", ", wire(pattern)])));
  }
  return differences.length > 0 ? cell(["warn", "applies it, and reads"], ...differences) : cell(["fine", "applies it"]);
}

function mxCell({ hosts, accepts }: SenderReport, mx: MxReport | undefined): Child[] {
  if (hosts.length === 0 || !mx) return cell(UNKNOWN);
  // Without a policy mail goes wherever it can, in clear if it must.
  if (accepts === false) return cell(["warn", "delivers, unprotected"]);
  const number = (result: string): number => hosts.filter((host) => host === result).length;
  const refused = mx.hosts.filter((_, index) => hosts[index] === "refused").map(({ host }) => host);
  if (number("unknown") === hosts.length) return cell(["unseen", "the certificates decide"]);
  if (refused.length === 0 && number("unknown") === 0) return cell(["fine", hosts.length === 1 ? "delivers" : `delivers to all ${hosts.length}`]);
  if (refused.length === 0) return cell(["unseen", `delivers to ${number("allowed")} of ${hosts.length}; the rest is for the certificates`]);
  const names = refused.slice(0, 3).flatMap((host, index) => [index > 0 && ", ", wire(host)]);
  return cell(["broken", "not to "], ...names, refused.length > 3 && ` and ${refused.length - 3} more`);
}

function because({ because }: SenderReport, findings: readonly FindingReport[], reveal: (finding: number) => void): Child[] {
  if (because == null) return [];
  const { id, span } = because;
  const exact = findings.findIndex((finding) => finding.id === id && finding.span?.start === span?.start);
  const at = exact >= 0 ? exact : findings.findIndex((finding) => finding.id === id);
  return [
    h("button", { type: "button", class: "text-button", on: { click: () => reveal(at) } }, h("code", {}, id)),
    span && h("span", { class: "where" }, place(span, false)),
  ];
}
