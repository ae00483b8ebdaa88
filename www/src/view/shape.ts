/** The shapes of states and severities. A shape never stands alone: a word is beside it. */

import type { SeverityName } from "mta-sts";

import { svg } from "../dom.ts";
import type { ShownState } from "../words.ts";

/** What a shape says: a disc is fine, a triangle is a warning, a square is broken, a hollow dashed ring is not seen. */
export function shape(state: ShownState | "note"): SVGElement {
  const drawn = {
    fine: () => svg("circle", { cx: 10, cy: 10, r: 7 }),
    warn: () => svg("path", { d: "M10 2.2 18.4 17H1.6z" }),
    broken: () => svg("rect", { x: 3.5, y: 3.5, width: 13, height: 13 }),
    unseen: () => svg("circle", { cx: 10, cy: 10, r: 6.75, class: "hollow dashed" }),
    "not-needed": () => svg("circle", { cx: 10, cy: 10, r: 3 }),
    asking: () => svg("circle", { cx: 10, cy: 10, r: 6.75, class: "hollow" }),
    note: () => svg("circle", { cx: 10, cy: 10, r: 4.5, class: "hollow" }),
  }[state]();
  return svg("svg", { class: `shape ${state}`, viewBox: "0 0 20 20", "aria-hidden": "true" }, drawn);
}

const OF_SEVERITY = { error: "broken", warning: "warn", info: "note" } as const;

export const severityShape = (severity: SeverityName): SVGElement => shape(OF_SEVERITY[severity]);
