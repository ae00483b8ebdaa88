import assert from "node:assert/strict";
import { test } from "node:test";

import { EditorState } from "@codemirror/state";

import { exactEnds } from "../src/code/ends.ts";

/** The text after one input of somebody who selected `from` to `to`, and where the cursor is. */
function after(doc: string, from: number, to: number, insert: string, userEvent: string): [string, number] {
  const state = EditorState.create({ doc, extensions: exactEnds });
  const cursor = from + insert.length;
  const tr = state.update({ changes: { from, to, insert }, selection: { anchor: cursor }, userEvent });
  return [tr.newDoc.toString(), tr.newSelection.main.head];
}

test("the document is the exact text", () => {
  const doc = "a\r\nb\rc\n\r\0\u2028d";
  const state = EditorState.create({ doc, extensions: exactEnds });
  assert.equal(state.doc.toString(), doc);
  assert.equal(state.doc.length, doc.length);
  assert.equal(state.doc.lines, 3); // LF alone parts lines
});

test("CR and LF of a pair go and come together", () => {
  const rows: readonly (readonly [string, number, number, string, string, string, number])[] = [
    ["a\r\nb", 2, 3, "", "delete.backward", "ab", 1], // Backspace at the start of a line takes LF, and so the CR
    ["a\r\nb", 1, 2, "", "delete.forward", "ab", 1], // Delete at the end takes the CR, and so the LF
    ["a\rb", 1, 2, "", "delete.forward", "ab", 1], // a lone CR goes alone
    ["a\nb", 1, 2, "", "delete.forward", "ab", 1],
    ["a\r\nb\r\n", 1, 1, "\n", "input.type", "a\r\n\r\nb\r\n", 3], // all are CRLF, so the new one is
    ["a\r\nb\n", 1, 1, "\n", "input.type", "a\n\r\nb\n", 2], // mixed: what the key gave
    ["a\nb\n", 1, 1, "x\r\ny", "input.paste", "ax\ny\nb\n", 4], // all are LF, so a pasted one is
    ["a\nb\n", 1, 1, "x\ry", "input.paste", "ax\ry\nb\n", 4], // a lone CR is worth seeing
    ["a\nb\n", 0, 4, "x\r\ny", "input.paste", "x\r\ny", 4], // in the place of all: as it is
    ["a\r\nb", 2, 2, "x", "input.type", "ax\r\nb", 2], // never between them
    ["a\r\nb\r\n", 1, 1, "\n", "fix", "a\n\r\nb\r\n", 2], // a fix is no typing: its edits are as they are
  ];
  for (const [doc, from, to, insert, event, expected, cursor] of rows) {
    assert.deepEqual(after(doc, from, to, insert, event), [expected, cursor], JSON.stringify([doc, from, to, insert]));
  }
});

test("a cursor goes past a pair, not into it", () => {
  const go = (from: number, to: number): number =>
    EditorState.create({ doc: "a\r\nb", selection: { anchor: from }, extensions: exactEnds }).update({ selection: { anchor: to } }).newSelection.main
      .head;
  assert.equal(go(1, 2), 3); // forward
  assert.equal(go(3, 2), 1); // back
  assert.equal(go(0, 2), 1); // End
});
