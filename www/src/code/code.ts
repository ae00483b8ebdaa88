/** The editor of the lint: CodeMirror, in a shadow root, because a page whose policy forbids `<style>` can only adopt its style there. */

import { history, historyKeymap, isolateHistory, undo, undoDepth } from "@codemirror/commands";
import { lintGutter, linter, setDiagnostics, type Diagnostic } from "@codemirror/lint";
import { EditorState, StateEffect, StateField, Transaction, type ChangeSpec } from "@codemirror/state";
import {
  activateHover,
  closeHoverTooltips,
  Decoration,
  drawSelection,
  dropCursor,
  EditorView,
  hasHoverTooltips,
  keymap,
  lineNumbers,
  type DecorationSet,
} from "@codemirror/view";
import type { FindingReport } from "mta-sts";

import { h, plain, prose } from "../dom.ts";
import { carriesFiles } from "../files.ts";
import type { Edit, Range } from "../text.ts";
import type { EditorEvents, TextEditor } from "../view/editor.ts";
import { fixPreview } from "../view/fix.ts";
import { SEVERITY_WORD } from "../words.ts";
import { endsField, exactEnds } from "./ends.ts";
import { keys } from "./keys.ts";
import { keysAndTags, namedCharacters } from "./look.ts";
import { theme } from "./theme.ts";

/** From here on what is inserted is no typing, in UTF-16 code units. */
const LONG_INSERT = 1_000;
/** More places than this are marked where they are in view, beside the gravest. */
const MAX_PLACES = 1_000;
/** How many findings a tooltip tells of one place; the list has all. */
const MAX_TOLD = 4;

const GRAVEST_FIRST = { error: 0, warning: 1, info: 2 } as const;

const setCurrent = StateEffect.define<Range | null>();
const currentField = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(current, tr) {
    let next = current.map(tr.changes);
    for (const effect of tr.effects) {
      if (!effect.is(setCurrent)) continue;
      const range = effect.value;
      next = range && range.end > range.start ? Decoration.set(CURRENT.range(range.start, range.end)) : Decoration.none;
    }
    return next;
  },
  provide: (field) => EditorView.decorations.from(field),
});
const CURRENT = Decoration.mark({ class: "current" });

/** Puts the editor into `host`. What `texts` has but the last are steps that can be undone. */
export function codeEditor(
  host: HTMLElement,
  label: string,
  hint: string,
  texts: readonly string[],
  events: EditorEvents,
): TextEditor {
  const root = host.shadowRoot ?? host.attachShadow({ mode: "open" });
  let findings: readonly FindingReport[] = [];
  let isBeyond = false;

  const hover = { tooltipFilter: (all: readonly Diagnostic[]) => all.slice(0, MAX_TOLD) };
  const view = new EditorView({
    root,
    parent: root,
    state: EditorState.create({
      doc: texts[0] ?? "",
      extensions: [
        exactEnds,
        history(),
        lineNumbers({
          formatNumber: (shown, state) =>
            `${shown > state.doc.lines ? shown : state.field(endsField).number(state.doc.line(shown).from, shown)}`,
        }),
        lintGutter(hover),
        linter(null, hover),
        drawSelection(),
        dropCursor(),
        EditorView.lineWrapping,
        namedCharacters,
        keysAndTags,
        currentField,
        theme,
        EditorView.contentAttributes.of({
          "aria-label": label,
          "aria-description": hint,
          // It is focusable by itself; that says so to those who look for the keyboard's way into what scrolls.
          tabindex: "0",
          spellcheck: "false",
          autocapitalize: "off",
          autocorrect: "off",
        }),
        keymap.of([
          { key: "F8", run: () => events.step(true), shift: () => events.step(false) },
          { key: "Escape", run: closeTooltip },
          ...historyKeymap,
          ...keys,
        ]),
        EditorView.domEventHandlers({
          // Files are opened by whoever is around the editor, whole and within bounds.
          drop: (event) => carriesFiles(event.dataTransfer),
          paste: (event) => {
            const file = event.clipboardData?.files[0];
            if (!file || event.clipboardData?.getData("text/plain") !== "") return false;
            events.open(file);
            return true;
          },
          // What is inserted at once need not go through the document tree, where Chromium takes seconds for long texts.
          beforeinput: (event) => {
            const { data, inputType } = event;
            if (inputType !== "insertText" || view.composing || !data || (data.length < LONG_INSERT && !/[\r\n]/.test(data))) return false;
            view.dispatch(view.state.replaceSelection(data), { userEvent: "input.paste", scrollIntoView: true });
            return true;
          },
        }),
        EditorView.updateListener.of(({ docChanged, selectionSet, viewportChanged, transactions }) => {
          if (docChanged) events.changed();
          else if (selectionSet && !transactions.some((tr) => tr.isUserEvent("select.finding"))) events.moved();
          if (viewportChanged && isBeyond && !docChanged) requestAnimationFrame(mark);
        }),
      ],
    }),
  });
  for (const text of texts.slice(1)) change([{ start: 0, end: view.state.doc.length, text }]);

  /** One step of the history, made of edits as they are. */
  function change(edits: readonly Edit[], selection?: Range): void {
    const changes = edits.map(({ start, end, text }) => ({ from: start, to: end, insert: text }));
    view.dispatch({
      changes: changes satisfies ChangeSpec,
      ...(selection && { selection: { anchor: selection.start, head: selection.end }, scrollIntoView: true }),
      annotations: [isolateHistory.of("full"), Transaction.userEvent.of("fix")],
      filter: false,
    });
  }

  function mark(): void {
    const { length } = view.state.doc;
    const places = findings.flatMap((finding, index) =>
      [...(finding.span ? [finding.span] : []), ...(finding.also ?? [])].map((place) => ({ finding, index, place })),
    );
    isBeyond = places.length > MAX_PLACES;
    let marked = places;
    if (isBeyond) {
      const { from, to } = view.viewport;
      const inView = places.filter(({ place }) => place.end >= from && place.start <= to).slice(0, MAX_PLACES);
      const gravest = places.toSorted((a, b) => GRAVEST_FIRST[a.finding.severity] - GRAVEST_FIRST[b.finding.severity]);
      marked = [...new Set([...inView, ...gravest.slice(0, MAX_PLACES)])];
    }
    const diagnostics = marked.map(({ finding, index, place }) => diagnostic(finding, index, place, length));
    view.dispatch(setDiagnostics(view.state, diagnostics));
  }

  function diagnostic(finding: FindingReport, index: number, place: Range, length: number): Diagnostic {
    const { severity, message, instead, fix } = finding;
    return {
      from: Math.min(place.start, length),
      to: Math.min(place.end, length),
      severity,
      message: plain(message),
      renderMessage: () =>
        h(
          "div",
          {},
          h("div", { class: "message" }, h("span", { class: "sr-only" }, `${SEVERITY_WORD[severity]}: `), ...prose(message)),
          h("div", { class: "instead" }, ...prose(instead)),
          fix && fixPreview(view.state.doc.toString(), fix, 4),
        ),
      ...(fix && {
        actions: [
          { name: fix.applicability === "safe" ? "Apply the fix" : "Apply the fix, a guess", apply: () => events.apply(index) },
        ],
      }),
    };
  }

  return {
    get text() {
      return view.state.doc.toString();
    },
    get selection() {
      const { from, to } = view.state.selection.main;
      return { start: from, end: to };
    },
    get focused() {
      return view.hasFocus;
    },
    get canUndo() {
      return undoDepth(view.state) > 0;
    },
    change,
    undo: () => void undo(view),
    mark(now) {
      findings = now;
      mark();
    },
    current(range) {
      view.dispatch({ effects: setCurrent.of(range ?? null) });
    },
    select({ start, end }, { focus = false, tell = false } = {}) {
      const { length } = view.state.doc;
      const [anchor, head] = [Math.min(start, length), Math.min(end, length)];
      view.dispatch({ selection: { anchor, head }, effects: EditorView.scrollIntoView(anchor, { y: "nearest", yMargin: 48 }), userEvent: "select.finding" });
      if (focus) view.focus();
      if (tell) {
        activateHover(view, anchor, 1, { until: (tr) => tr.docChanged || (tr.selection !== undefined && tr.newSelection.main.from !== anchor) });
      }
    },
    focus: () => view.focus(),
  };
}

function closeTooltip(view: EditorView): boolean {
  if (!hasHoverTooltips(view.state)) return false;
  view.dispatch({ effects: closeHoverTooltips });
  return true;
}
