/**
 * Line ends in the editor. Its document is the exact text: LF alone parts lines, and a CR is a character of its line. So
 * offsets are those of the engine, and nothing is lost by editing, undoing or copying. What this adds is that CR and LF of
 * a pair go and come together.
 */

import {
  EditorSelection,
  EditorState,
  StateField,
  Transaction,
  type ChangeSpec,
  type Extension,
  type Text,
  type TransactionSpec,
} from "@codemirror/state";

import { lineEnds, lineNumbers, uniformEnd, type LineEnds } from "../text.ts";

export interface DocumentEnds extends LineEnds {
  readonly number: ReturnType<typeof lineNumbers>;
}

const endsOf = (doc: Text): DocumentEnds => {
  const text = doc.toString();
  return { ...lineEnds(text), number: lineNumbers(text) };
};

/** How the lines of the document end. */
export const endsField = StateField.define<DocumentEnds>({
  create: ({ doc }) => endsOf(doc),
  update: (ends, { docChanged, newDoc }) => (docChanged ? endsOf(newDoc) : ends),
});

export const exactEnds: Extension = [
  EditorState.lineSeparator.of("\n"),
  endsField,
  EditorState.transactionFilter.of(wholePairs),
  EditorState.transactionFilter.of(outOfPairs),
];

/** Whether the offset stands between the CR and the LF of a pair. */
const splits = (doc: Text, offset: number): boolean =>
  offset > 0 && offset < doc.length && doc.sliceString(offset - 1, offset + 1) === "\r\n";

/** What somebody types takes pairs away whole, and ends lines as all lines of the text end. */
function wholePairs(tr: Transaction): TransactionSpec {
  if (!tr.docChanged || !(tr.isUserEvent("input") || tr.isUserEvent("delete"))) return tr;
  const { doc } = tr.startState;
  const end = uniformEnd(tr.startState.field(endsField));
  const changes: { from: number; to: number; insert: string }[] = [];
  let differs = false;
  tr.changes.iterChanges((fromA, toA, _fromB, _toB, inserted) => {
    let [from, to, insert] = [fromA, toA, inserted.toString()];
    if (splits(doc, from)) from--;
    if (splits(doc, to)) to = toA > fromA ? to + 1 : from;
    // A text that takes the place of all keeps the ends it came with; a lone CR is a fault worth seeing.
    if (end && inserted.lines > 1 && !(from === 0 && to === doc.length) && !/\r(?!\n)/.test(insert)) insert = insert.replace(/\r?\n/g, end);
    differs ||= from !== fromA || to !== toA || insert.length !== inserted.length;
    changes.push({ from, to, insert });
  });
  const last = changes.at(-1);
  if (!differs || !last) return tr;
  const set = tr.startState.changes(changes satisfies ChangeSpec);
  const userEvent = tr.annotation(Transaction.userEvent);
  return {
    changes: set,
    selection: EditorSelection.cursor(set.mapPos(last.to, 1)),
    effects: tr.effects,
    scrollIntoView: true,
    ...(userEvent !== undefined && { userEvent }),
  };
}

/** A cursor goes past a pair, not into it. */
function outOfPairs(tr: Transaction): TransactionSpec | readonly TransactionSpec[] {
  if (!tr.selection) return tr;
  const { newDoc: doc, newSelection } = tr;
  if (!newSelection.ranges.some(({ anchor, head }) => splits(doc, anchor) || splits(doc, head))) return tr;
  const before = tr.startState.selection.main.head;
  const out = (offset: number): number => (splits(doc, offset) ? (offset === before + 1 ? offset + 1 : offset - 1) : offset);
  const ranges = newSelection.ranges.map(({ anchor, head }) => EditorSelection.range(out(anchor), out(head)));
  return [tr, { selection: EditorSelection.create(ranges, newSelection.mainIndex), sequential: true }];
}
