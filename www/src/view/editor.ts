/** What the lint asks of an editor, and the plain one: a text area, until the other is loaded, and where it does not load. */

import type { FindingReport } from "mta-sts";

import { applyEdits, ExactText, type Edit, type Range } from "../text.ts";

/** A text and its history. Offsets count in the exact text. */
export interface TextEditor {
  /** Exact: with the line ends it came with. */
  readonly text: string;
  readonly selection: Range;
  readonly focused: boolean;
  readonly canUndo: boolean;
  /** Makes edits as they are, as one step that can be undone. */
  change(edits: readonly Edit[], selection?: Range): void;
  undo(): void;
  /** Marks the places of findings in the text as it is. */
  mark(findings: readonly FindingReport[]): void;
  /** Points out one place. */
  current(place: Range | undefined): void;
  /** Selects a place and brings it into view; with `tell` what is found there is shown beside it. */
  select(place: Range, how?: { readonly focus?: boolean; readonly tell?: boolean }): void;
  focus(): void;
}

/** What an editor tells. */
export interface EditorEvents {
  changed(): void;
  /** The cursor moved, and the text did not change. */
  moved(): void;
  /** Whether there was another finding to go to. */
  step(forward: boolean): boolean;
  /** The fix of a finding is asked for, by its position among those that are marked. */
  apply(finding: number): void;
  open(file: File): void;
}

/** From here on an edit is ours, in UTF-16 code units that go and come. */
const LONG_EDIT = 4_000;

/** A text area as an editor without marks. `stop` gives it up, and says which texts there were; the last is the one there is. */
export function plainEditor(area: HTMLTextAreaElement, events: EditorEvents): TextEditor & { stop(): readonly string[] } {
  const listening = new AbortController();
  const { signal } = listening;
  const past: string[] = [];
  let text = new ExactText(area.value);

  const set = (exact: string): void => {
    text = new ExactText(exact);
    area.value = text.shown;
    events.changed();
  };
  const change = (edits: readonly Edit[], selection?: Range): void => {
    if (text.exact !== "") past.push(text.exact);
    set(applyEdits(text.exact, edits));
    if (selection) editor.select(selection);
  };
  const splice = (event: Event, inserted: string): void => {
    event.preventDefault();
    const { start, end } = editor.selection;
    const after = start + inserted.length;
    change([{ start, end, text: inserted }], { start: after, end: after });
  };
  area.addEventListener(
    "input",
    () => {
      text = text.edited(area.value);
      events.changed();
    },
    { signal },
  );
  area.addEventListener(
    "paste",
    (event) => {
      const pasted = event.clipboardData?.getData("text/plain") ?? "";
      const file = event.clipboardData?.files[0];
      if (file && pasted === "") {
        event.preventDefault();
        events.open(file);
      }
      // A text area would make a line feed of every line end, and they are worth seeing.
      if (pasted.includes("\r")) splice(event, pasted);
    },
    { signal },
  );
  area.addEventListener(
    "beforeinput",
    (event) => {
      // Chromium needs a time that grows with the square of the lines it inserts or takes out: 15 seconds for 4000.
      const inserted = event.data ?? event.dataTransfer?.getData("text/plain") ?? "";
      const selected = area.selectionEnd - area.selectionStart;
      if (event.cancelable && !event.isComposing && inserted.length + selected > LONG_EDIT) splice(event, inserted);
    },
    { signal },
  );

  const editor = {
    get text() {
      return text.exact;
    },
    get selection() {
      return { start: text.toExact(area.selectionStart), end: text.toExact(area.selectionEnd) };
    },
    get focused() {
      return document.activeElement === area;
    },
    get canUndo() {
      return past.length > 0;
    },
    change,
    undo() {
      const before = past.pop();
      if (before !== undefined) set(before);
    },
    mark() {},
    current() {},
    select({ start, end }: Range, { focus = false } = {}) {
      area.setSelectionRange(text.toShown(start), text.toShown(end));
      if (focus) area.focus();
    },
    focus: () => area.focus(),
    stop() {
      listening.abort();
      return [...past, text.exact];
    },
  };
  return editor;
}
