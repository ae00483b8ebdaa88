/** A text as received, with line numbers and the places of findings marked at the exact characters. */

import type { FindingReport, SeverityName } from "mta-sts";

import { h, wirePieces, type Child } from "../dom.ts";
import { lines, segments, type Line, type Mark } from "../text.ts";

/** A text longer than this is shown up to here: nobody reads further, and the page stays quick. */
const MAX_LINES = 500;
const MAX_LINE = 4_000;

const RANK: Readonly<Record<SeverityName, number>> = { info: 0, warning: 1, error: 2 };
const SEVERITY: readonly SeverityName[] = ["info", "warning", "error"];

/** Findings with their positions in the report. */
export type Numbered = readonly (readonly [number, FindingReport])[];

/** All places of the findings. */
const marksOf = (findings: Numbered): Mark[] =>
  findings.flatMap(([finding, { severity, span, also }]) =>
    [...(span ? [span] : []), ...(also ?? [])].map(({ start, end }) => ({ start, end, rank: RANK[severity], finding })),
  );

/** Divides the marks among lines in the order of both, so that a long text with many marks stays linear. */
function marksByLine(all: readonly Line[], marks: readonly Mark[]): Mark[][] {
  const found: Mark[][] = all.map(() => []);
  const sorted = [...marks].sort((a, b) => a.start - b.start);
  let line = 0;
  for (const mark of sorted) {
    while (line + 1 < all.length && all[line + 1]!.start <= mark.start) line++;
    for (let at = line; at < all.length && (at === line || all[at]!.start < mark.end); at++) found[at]!.push(mark);
  }
  return found;
}

/** The text, read only. `choose` is called with the finding a mark belongs to; the mark names it in `data-at`. */
export function marked(
  text: string,
  findings: Numbered,
  label: string,
  choose: (finding: number) => void,
): HTMLElement {
  const all = lines(text);
  const shown = all.slice(0, MAX_LINES);
  const perLine = marksByLine(shown, marksOf(findings));
  const rows = shown.map((line, index) => {
    const cut = { ...line, end: Math.min(line.end, line.start + MAX_LINE) };
    return h(
      "div",
      { class: "line" },
      h("span", { class: "number", "aria-hidden": "true" }, line.number),
      h("span", { class: "content" }, ...lineContent(text, cut, perLine[index]!, choose), cut.end < line.end && "…", line.start === line.end && "\u200b"),
    );
  });
  const rest = all.length - shown.length;
  // Focusable, so that the keyboard can scroll it.
  return h(
    "div",
    { class: "marked", tabindex: 0, role: "group", "aria-label": label },
    ...rows,
    rest > 0 && h("p", { class: "more" }, `… and ${rest} more lines`),
  );
}

function lineContent(text: string, line: Line, marks: readonly Mark[], choose: (finding: number) => void): Child[] {
  // What a mark covers beyond the end of the line is the line's end itself.
  return segments(line, marks).flatMap(({ start, end, marks }) => {
    const [top] = marks;
    if (!top) return wirePieces(text.slice(start, end));
    const empty = start === end;
    const attributes = {
      class: `mark ${SEVERITY[top.rank]}${empty ? " empty" : ""}`,
      "data-at": marks.map(({ finding }) => finding).join(" "),
      on: { click: () => choose(top.finding) },
    };
    return [h("mark", attributes, ...wirePieces(text.slice(start, end)))];
  });
}
