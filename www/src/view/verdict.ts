/** The outcome in a sentence, and what comes of it. */

import type { Report, VerdictOutcome } from "mta-sts";

import { h, plain, prose } from "../dom.ts";
import { count, elapsed, type ShownState } from "../words.ts";
import { shape } from "./shape.ts";

const SHAPE: Readonly<Record<VerdictOutcome, ShownState>> = {
  protected: "fine",
  usable: "fine",
  gap: "warn",
  testing: "warn",
  refused: "broken",
  "not-applied": "broken",
  inactive: "not-needed",
  absent: "not-needed",
  unknown: "unseen",
};

export function verdict({ verdict, domain }: Report, ...more: readonly Node[]): HTMLElement {
  const isRenamed = domain !== undefined && domain.unicode !== domain.name;
  const isSaid = domain?.notes.some((note) => note.includes(domain.name)) ?? false;
  return h(
    "div",
    { class: "verdict", "data-test": "verdict" },
    shape(SHAPE[verdict.outcome]),
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

/** When it was checked, and how much was asked. */
export function circumstances({ lookups }: Report, began: Date, millis: number): HTMLElement {
  const time = h(
    "time",
    { datetime: began.toISOString(), title: began.toISOString() },
    began.toLocaleTimeString(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit" }),
  );
  const rest = ` from this browser: ${count(lookups.length, "question")} to the DNS, ${elapsed(millis)}`;
  return h("p", { class: "circumstances" }, "Checked at ", time, rest);
}

/** The verdict as it is read out. */
export const spoken = ({ verdict }: Report): string => plain(`${verdict.sentence} ${verdict.consequence}`);
