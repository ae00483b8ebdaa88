/** What a fix does, before and after. */

import type { FixReport } from "mta-sts";

import { h, wireLines } from "../dom.ts";
import { changes, type ChangePiece, type Edit } from "../text.ts";

/** More than this is one change like the others many times over. */
const MAX_CHANGES = 12;
const MAX_PIECE = 600;

export const fixPreview = (text: string, fix: FixReport, most = MAX_CHANGES): HTMLElement => diff(text, fix.edits, most);

/** What edits do to a text, the first `most` of them. */
export function diff(text: string, edits: readonly Edit[], most = MAX_CHANGES): HTMLElement {
  const all = changes(text, edits);
  const shown = all.slice(0, most).flatMap(({ line, before, after }) => [
    ...(before.length > 0 ? [side("del", line, before)] : []),
    ...(after.length > 0 ? [side("ins", line, after)] : []),
  ]);
  const rest = all.length - Math.min(all.length, most);
  return h("div", { class: "diff" }, ...shown, rest > 0 && h("p", { class: "more" }, `… and ${rest} more lines`));
}

function side(tag: "del" | "ins", line: number, pieces: readonly ChangePiece[]): HTMLElement {
  const [sign, word] = tag === "del" ? ["−", "before"] : ["+", "after"];
  const content = pieces.map(({ text, changed }, index) => {
    const cut = text.length > MAX_PIECE ? `${text.slice(0, MAX_PIECE)}…` : text;
    const last = index === pieces.length - 1;
    // The line end at the end of a line goes without saying, unless it is all there is.
    const seen = last && (pieces.length > 1 || !/^\r?\n$/.test(cut)) ? cut.replace(/\r?\n$/, "") : cut;
    return h(changed ? tag : "span", {}, ...wireLines(seen, "↵"));
  });
  return h(
    "div",
    { class: `diff-line ${tag}` },
    h("span", { class: "number", "aria-hidden": "true" }, line),
    h("span", { class: "sign", "aria-hidden": "true" }, sign),
    h("span", { class: "content" }, h("span", { class: "sr-only" }, `${word}: `), ...content),
  );
}
