/**
 * Keys that move and delete: those of CodeMirror's `standardKeymap`, without what knows of languages. A line begins where it
 * begins, one space is one space, and Tab leaves the editor.
 */

import {
  cursorCharLeft, cursorCharRight, cursorDocEnd, cursorDocStart, cursorGroupLeft, cursorGroupRight,
  cursorLineBoundaryBackward, cursorLineBoundaryForward, cursorLineBoundaryLeft, cursorLineBoundaryRight, cursorLineDown,
  cursorLineUp, cursorPageDown, cursorPageUp, deleteGroupBackward,
  deleteGroupForward, deleteLineBoundaryBackward, deleteLineBoundaryForward, insertNewline, selectAll, selectCharLeft,
  selectCharRight, selectDocEnd, selectDocStart, selectGroupLeft, selectGroupRight, selectLineBoundaryBackward,
  selectLineBoundaryForward, selectLineBoundaryLeft, selectLineBoundaryRight, selectLineDown, selectLineUp, selectPageDown,
  selectPageUp,
} from "@codemirror/commands";
import { findClusterBreak } from "@codemirror/state";
import type { Command, KeyBinding } from "@codemirror/view";

/** Deletes what is selected, or the character after or before the cursor. The package's own command asks for indentation. */
const deleteCharacter = (forward: boolean): Command => ({ state, dispatch }) => {
  let { from, to } = state.selection.main;
  if (from === to) {
    const line = state.doc.lineAt(from);
    const isEdge = from === (forward ? line.to : line.from);
    const other = isEdge ? from + (forward ? 1 : -1) : line.from + findClusterBreak(line.text, from - line.from, forward);
    [from, to] = [Math.max(0, Math.min(from, other)), Math.min(state.doc.length, Math.max(from, other))];
  }
  if (from === to) return true;
  dispatch(state.update({ changes: { from, to }, scrollIntoView: true, userEvent: `delete.${forward ? "forward" : "backward"}` }));
  return true;
};

export const keys: readonly KeyBinding[] = [
  { key: "ArrowLeft", run: cursorCharLeft, shift: selectCharLeft },
  { key: "ArrowRight", run: cursorCharRight, shift: selectCharRight },
  { key: "ArrowUp", run: cursorLineUp, shift: selectLineUp },
  { key: "ArrowDown", run: cursorLineDown, shift: selectLineDown },
  { key: "Mod-ArrowLeft", mac: "Alt-ArrowLeft", run: cursorGroupLeft, shift: selectGroupLeft },
  { key: "Mod-ArrowRight", mac: "Alt-ArrowRight", run: cursorGroupRight, shift: selectGroupRight },
  { mac: "Cmd-ArrowLeft", run: cursorLineBoundaryLeft, shift: selectLineBoundaryLeft },
  { mac: "Cmd-ArrowRight", run: cursorLineBoundaryRight, shift: selectLineBoundaryRight },
  { mac: "Cmd-ArrowUp", run: cursorDocStart, shift: selectDocStart },
  { mac: "Cmd-ArrowDown", run: cursorDocEnd, shift: selectDocEnd },
  { key: "PageUp", mac: "Ctrl-ArrowUp", run: cursorPageUp, shift: selectPageUp },
  { key: "PageDown", mac: "Ctrl-ArrowDown", run: cursorPageDown, shift: selectPageDown },
  { key: "Home", run: cursorLineBoundaryBackward, shift: selectLineBoundaryBackward },
  { key: "End", run: cursorLineBoundaryForward, shift: selectLineBoundaryForward },
  { key: "Mod-Home", run: cursorDocStart, shift: selectDocStart },
  { key: "Mod-End", run: cursorDocEnd, shift: selectDocEnd },
  { key: "Mod-a", run: selectAll },
  { key: "Enter", run: insertNewline, shift: insertNewline },
  { key: "Backspace", run: deleteCharacter(false), shift: deleteCharacter(false) },
  { key: "Delete", run: deleteCharacter(true) },
  { key: "Mod-Backspace", mac: "Alt-Backspace", run: deleteGroupBackward },
  { key: "Mod-Delete", mac: "Alt-Delete", run: deleteGroupForward },
  { mac: "Mod-Backspace", run: deleteLineBoundaryBackward },
  { mac: "Mod-Delete", run: deleteLineBoundaryForward },
].map((binding) => ({ ...binding, preventDefault: true }));
