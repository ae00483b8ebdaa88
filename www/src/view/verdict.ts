/** The outcome in a sentence, and what comes of it. */

import type { Report } from "mta-sts";

import { h, moment, plain, prose } from "../dom.ts";
import { count, elapsed, OUTCOME_STATE } from "../words.ts";
import { shape } from "./shape.ts";

export function verdict({ verdict, domain }: Report, ...more: readonly Node[]): HTMLElement {
  const isRenamed = domain !== undefined && domain.unicode !== domain.name;
  const isSaid = domain?.notes.some((note) => note.includes(domain.name)) ?? false;
  return h(
    "div",
    { class: "verdict", "data-test": "verdict" },
    shape(OUTCOME_STATE[verdict.outcome]),
    h(
      "div",
      {},
      h("h2", { class: "sentence" }, ...prose(verdict.sentence)),
      h("p", { class: "consequence" }, ...prose(verdict.consequence)),
      ...(domain?.notes ?? []).map((note) => h("p", { class: "note" }, ...prose(note))),
      isRenamed && !isSaid && h("p", { class: "note" }, `${domain.unicode} is ${domain.name} in the DNS.`),
      ...more,
    ),
  );
}

/** A run of the check: when it began, and how long it took. */
export interface Run {
  readonly began: Date;
  readonly millis: number;
}

/** When it was checked, and how much was asked. */
export function circumstances({ lookups }: Report, { began, millis }: Run): HTMLElement {
  const rest = ` from this browser: ${count(lookups.length, "question")} to the DNS, ${elapsed(millis)}`;
  return h("p", { class: "circumstances" }, "Checked ", moment(began), rest);
}

/** The verdict as it is read out. */
export const spoken = ({ verdict }: Report): string => plain(`${verdict.sentence} ${verdict.consequence}`);
