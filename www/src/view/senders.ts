/** What each known sender makes of it: a matrix, on a phone a block a sender. */

import type { FindingReport, MxReport, PolicyReport, Report, SenderReport } from "mta-sts";

import { h, wire, type Child } from "../dom.ts";
import { count, duration, place, type ShownState } from "../words.ts";
import { shape } from "./shape.ts";

/** What a sender takes or refuses, as a state of the page. */
type Verdict = readonly [state: ShownState, word: string];

const UNKNOWN: Verdict = ["unseen", "not seen from here"];

/** Whether the reader has the rows unfolded: a text that is linted while it is typed has them made anew with each key. */
let wished: boolean | undefined;

/** `reveal` opens a finding by its position in the report, and moves the keyboard there. */
export function sendersView(report: Report, reveal: (finding: number) => void): HTMLElement | undefined {
  const { senders, findings, mx, policy } = report;
  if (senders.length === 0) return undefined;
  const has = (part: "record" | "policy" | "tlsrpt"): boolean => senders.some((sender) => sender[part] != null);
  type Column = { head: string; cell: (sender: SenderReport) => Child[]; shown?: boolean };
  const columns: readonly Column[] = [
    { head: "Record", cell: ({ record }) => verdict(record, report.record != null, ["takes it", "refuses it"]), shown: has("record") },
    { head: "Policy", cell: (sender) => policyCell(sender, policy), shown: has("policy") },
    { head: "MX hosts", cell: (sender) => mxCell(sender, mx), shown: mx != null && senders.some(({ hosts }) => hosts.length > 0) },
    { head: "Reports", cell: ({ tlsrpt }) => verdict(tlsrpt, report.tlsrpt != null, ["reports", "does not report"]), shown: has("tlsrpt") },
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
  // Where none differs, the sentence says it; the rows are for those who look for one.
  const agree =
    senders.every(({ accepts, because, hosts }) => accepts !== false && because == null && !hosts.includes("refused")) ||
    senders.every(({ accepts }) => accepts === false);
  return h(
    "div",
    { class: "senders" },
    h("p", { class: "senders-sum" }, summary(senders)),
    h(
      "details",
      { open: wished ?? !agree },
      h("summary", { on: { click: ({ currentTarget }) => (wished = !((currentTarget as HTMLElement).parentElement as HTMLDetailsElement).open) } }, "Sender by sender"),
      h(
        "table",
        { role: "table", class: "cards" },
        h("caption", { class: "sr-only" }, "What each known sender makes of it"),
        h("thead", { role: "rowgroup" }, h("tr", { role: "row" }, ...heads)),
        h("tbody", { role: "rowgroup" }, ...rows),
      ),
    ),
    h(
      "p",
      { class: "senders-note" },
      "By the readers of these versions, run on odd inputs or read in source. Google and Microsoft apply MTA-STS too; their readers are not public.",
    ),
  );
}

/** `8 of 11 known senders apply it, 2 of them in another way than the RFC says.` */
export function summary(senders: readonly SenderReport[]): string {
  const number = (accepts: boolean): number => senders.filter((sender) => sender.accepts === accepts).length;
  const [applied, refused] = [number(true), number(false)];
  const unseen = senders.length - applied - refused;
  // Beside a policy, what is made of the TLSRPT record is no part of applying it.
  const isOfPolicy = senders.some(({ record, policy }) => record != null || policy != null);
  const counts = (because: SenderReport["because"]): boolean => because != null && !(isOfPolicy && because.document.startsWith("tlsrpt"));
  const otherwise = senders.filter(({ accepts, because }) => accepts === true && counts(because)).length;
  const known = count(senders.length, "known sender");
  const rest = unseen === 0 ? "" : `; for ${unseen} that depends on what cannot be seen from here`;
  const differ = otherwise === 0 ? "" : `, ${otherwise} of them in another way than the RFC says`;
  if (applied + refused === 0) return "What senders do with it depends on what cannot be seen from here.";
  if (applied === senders.length && applied > 1) return `All ${known} apply it${differ}.`;
  if (refused === senders.length) return `None of the ${known} applies it.`;
  if (applied === 0) return `${refused} of ${known} ${refused === 1 ? "refuses" : "refuse"} it${rest}.`;
  return `${applied} of ${known} ${applied === 1 ? "applies" : "apply"} it${differ}${rest}.`;
}

const cell = ([state, word]: Verdict, ...more: Child[]): Child[] => [shape(state), " ", word, ...more];

/** Of a document that is here, a sender that takes no notice has no part; what is not here depends on what cannot be seen. */
function verdict(takes: boolean | null, isHere: boolean, [yes, no]: readonly [string, string]): Child[] {
  if (takes == null) return cell(isHere ? ["not-needed", "does not read it"] : UNKNOWN);
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
