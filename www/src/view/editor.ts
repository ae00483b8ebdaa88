/** A text area with line numbers and marks: a layer beneath it has the same text in the same place, and is what is seen of both. */

import { h } from "../dom.ts";
import { ExactText, lines, segments, type Line, type Mark } from "../text.ts";
import { marksByLine } from "./marked.ts";

/** Further lines have neither number nor mark: a text this long is a finding by itself. */
const MAX_LINES = 2_000;

/** From here on an edit is ours, in UTF-16 code units that go and come. */
const LONG_EDIT = 4_000;

const SEVERITY = ["info", "warning", "error"] as const;

export class Editor {
  #text = new ExactText("");
  #rows: string[] = [];

  /** `layer` lies beneath `area`. What is typed is told to `onEdit`; `onReplace` is to set a text the area cannot take by itself. */
  constructor(
    readonly area: HTMLTextAreaElement,
    readonly layer: HTMLElement,
    onEdit: () => void,
    onReplace: (text: ExactText) => void,
  ) {
    area.addEventListener("input", () => {
      this.#text = this.#text.edited(area.value);
      onEdit();
    });
    const splice = (event: Event, inserted: string): void => {
      event.preventDefault();
      const start = this.#text.toExact(area.selectionStart);
      const end = this.#text.toExact(area.selectionEnd);
      const { exact } = this.#text;
      onReplace(new ExactText(exact.slice(0, start) + inserted + exact.slice(end)));
      this.select({ start: start + inserted.length, end: start + inserted.length }, true);
    };
    area.addEventListener("paste", (event) => {
      const pasted = event.clipboardData?.getData("text/plain") ?? "";
      // A text area would make a line feed of a lone CR, and that is a fault worth seeing.
      if (/\r(?!\n)/.test(pasted)) splice(event, pasted);
    });
    area.addEventListener("beforeinput", (event) => {
      // Chromium needs a time that grows with the square of the lines it inserts or takes out: 15 seconds for 4000.
      const inserted = event.data ?? event.dataTransfer?.getData("text/plain") ?? "";
      const selected = area.selectionEnd - area.selectionStart;
      if (event.cancelable && !event.isComposing && inserted.length + selected > LONG_EDIT) splice(event, inserted);
    });
    this.mark([]);
  }

  get text(): ExactText {
    return this.#text;
  }

  set(text: ExactText): void {
    this.#text = text;
    this.area.value = text.shown;
    this.mark([]);
  }

  /** Draws the text with its marks, whose places count in the exact text. */
  mark(marks: readonly Mark[], current?: number): void {
    const { shown, exact } = this.#text;
    const all = lines(shown);
    const numbers = shown === exact ? all : lines(exact, true);
    const drawn = all.slice(0, MAX_LINES);
    const perLine = marksByLine(
      drawn,
      marks.map((mark) => ({ ...mark, start: this.#text.toShown(mark.start), end: this.#text.toShown(mark.end) })),
    );

    // Only rows that changed are made anew: those between the first and the last difference.
    const rows = drawn.map((line, index) => {
      const key = perLine[index]!.map(({ start, end, rank, finding }) =>
        [start - line.start, end - line.start, rank, finding === current].join(),
      );
      return `${numbers[index]?.number ?? "␍"} ${key.join(" ")} ${shown.slice(line.start, line.end)}`;
    });
    const before = this.#rows;
    const shorter = Math.min(before.length, rows.length);
    let first = 0;
    while (first < shorter && before[first] === rows[first]) first++;
    let last = 0;
    while (last < shorter - first && before.at(-1 - last) === rows.at(-1 - last)) last++;
    const range = document.createRange();
    range.setStart(this.layer, first);
    range.setEnd(this.layer, before.length - last);
    range.deleteContents();
    const fresh = drawn
      .slice(first, drawn.length - last)
      .map((line, index) => row(shown, line, perLine[first + index]!, numbers[first + index]?.number, current));
    const fragment = document.createDocumentFragment();
    fragment.append(...fresh);
    range.insertNode(fragment);
    this.#rows = rows;

    this.layer.querySelector(".rest")?.remove();
    if (all.length > MAX_LINES) {
      this.layer.append(h("div", { class: "line rest" }, shown.slice(all[MAX_LINES]!.start) || " "));
    }
    this.layer.classList.toggle("long", all.length > 999);
  }

  /** Selects a place of the exact text and brings it into view. */
  select({ start, end }: { start: number; end: number }, focus: boolean): void {
    const from = this.#text.toShown(start);
    this.area.setSelectionRange(from, this.#text.toShown(end));
    if (focus) this.area.focus({ preventScroll: true });
    const line = lines(this.#text.shown).findLastIndex((line) => line.start <= from);
    this.layer.children[Math.min(line, MAX_LINES)]?.scrollIntoView({ block: "nearest" });
  }
}

function row(text: string, line: Line, marks: readonly Mark[], number: number | undefined, current?: number): HTMLElement {
  const content = segments(line, marks).map(({ start, end, marks }) => {
    const [top] = marks;
    const piece = text.slice(start, end);
    if (!top) return piece;
    const now = marks.some(({ finding }) => finding === current) ? " current" : "";
    return h("mark", { class: `mark ${SEVERITY[top.rank]}${start === end ? " empty" : ""}${now}` }, piece);
  });
  // An empty line has the height of a line all the same.
  return h("div", { class: "line" }, h("span", { class: "number" }, number ?? "␍"), ...content, line.start === line.end && "\u200b");
}
