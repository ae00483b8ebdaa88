/** How the text in the editor looks: keys and tags, and what would not be seen. */

import { RangeSetBuilder, type Extension } from "@codemirror/state";
import { Decoration, EditorView, ViewPlugin, WidgetType, type DecorationSet, type ViewUpdate } from "@codemirror/view";

import { h } from "../dom.ts";
import { characterName, HIDDEN, uniformEnd } from "../text.ts";
import { endsField } from "./ends.ts";

class Name extends WidgetType {
  constructor(readonly name: string) {
    super();
  }
  override eq(other: Name): boolean {
    return other.name === this.name;
  }
  override toDOM(): HTMLElement {
    return h("span", { class: "hidden-char" }, this.name);
  }
}

/** As many names are drawn at once: what has more is no text that somebody reads. */
const MAX_NAMES = 1_000;
/** From here on a run of characters that cannot be seen has one name. */
const RUN = 4;

/** Names the characters that cannot be seen, where they stand. */
export const namedCharacters: Extension = ViewPlugin.fromClass(
  class {
    decorations: DecorationSet;
    constructor(view: EditorView) {
      this.decorations = names(view);
    }
    update(update: ViewUpdate): void {
      if (update.docChanged || update.viewportChanged) this.decorations = names(update.view);
    }
  },
  { decorations: (plugin) => plugin.decorations },
);

function names({ state, visibleRanges }: EditorView): DecorationSet {
  const found = new RangeSetBuilder<Decoration>();
  // Where every line ends with CRLF, that goes without saying.
  const pair = uniformEnd(state.field(endsField)) ? Decoration.replace({}) : named("CRLF");
  let left = MAX_NAMES;
  for (const { from, to } of visibleRanges) {
    const text = state.doc.sliceString(from, Math.min(to + 1, state.doc.length));
    let run: RegExpExecArray[] = [];
    const flush = (): void => {
      const [first, last] = [run[0], run.at(-1)];
      if (!first || !last) return;
      if (run.length < RUN) {
        for (const { index, 0: character } of run) found.add(from + index, from + index + character.length, named(characterName(character)));
      } else {
        const name = run.every(([character]) => character === first[0]) ? characterName(first[0]) : "unseen";
        found.add(from + first.index, from + last.index + last[0].length, named(`${run.length} × ${name}`));
      }
      left--;
      run = [];
    };
    for (const match of text.matchAll(HIDDEN)) {
      const { index, 0: character } = match;
      const last = run.at(-1);
      if (last && last.index + last[0].length !== index) flush();
      if (left <= 0) break;
      if (character === "\n" || from + index >= to) {
        flush();
      } else if (character === "\r" && text[index + 1] === "\n") {
        flush();
        found.add(from + index, from + index + 1, pair);
      } else {
        run.push(match);
      }
    }
    flush();
  }
  return found.finish();
}

const named = (name: string): Decoration => Decoration.replace({ widget: new Name(name) });

/** A longer line is none that somebody wrote. */
const MAX_LINE = 2_000;
const KEY = Decoration.mark({ class: "key" });
const SIGN = Decoration.mark({ class: "sign" });

/** `key: value` of a policy; `tag=value;` of a record. */
export const keysAndTags: Extension = ViewPlugin.fromClass(
  class {
    decorations: DecorationSet;
    constructor(view: EditorView) {
      this.decorations = highlight(view);
    }
    update(update: ViewUpdate): void {
      if (update.docChanged || update.viewportChanged) this.decorations = highlight(update.view);
    }
  },
  { decorations: (plugin) => plugin.decorations },
);

function highlight({ state: { doc }, visibleRanges }: EditorView): DecorationSet {
  const found = new RangeSetBuilder<Decoration>();
  for (const { from, to } of visibleRanges) {
    for (let line = doc.lineAt(from); ; line = doc.line(line.number + 1)) {
      if (line.length <= MAX_LINE && line.from >= from) {
        const isRecord = /\bv\s*=\s*(?:STS|TLSRPT)v1/i.test(line.text);
        for (const match of line.text.matchAll(isRecord ? /([\w-]+)([ \t]*=[ \t]*)/g : /^\s*([^\s:]+)([ \t]*:)/g)) {
          const [whole, key, sign] = match as unknown as [string, string, string];
          const end = line.from + match.index + whole.length;
          found.add(end - sign.length - key.length, end - sign.length, KEY);
          found.add(end - sign.length, end, SIGN);
        }
      }
      if (line.to >= to || line.number === doc.lines) break;
    }
  }
  return found.finish();
}
