import assert from "node:assert/strict";
import { test } from "node:test";

import {
  applyEdits, changes, ExactText, lineEdits, lineEnds, lines, pieces, segments, uniformEnd, withLineEnds, type Edit, type LineEnds,
  type Mark,
} from "../src/text.ts";

const edit = (start: number, end: number, text: string): Edit => ({ start, end, text });

test("edits are made in order, and one that does not fit is left out", () => {
  const rows: readonly (readonly [string, readonly Edit[], string])[] = [
    ["abc", [], "abc"],
    ["abc", [edit(1, 2, "x")], "axc"],
    ["abc", [edit(0, 1, ""), edit(3, 3, "d")], "bcd"], // delete and append
    ["abc", [edit(1, 1, "x"), edit(1, 2, "y")], "axyc"], // insert before what is replaced
    ["abc", [edit(0, 2, "x"), edit(1, 3, "y")], "xc"], // overlaps the one before
    ["abc", [edit(2, 9, "x")], "abc"], // beyond the end
    ["abc", [edit(2, 1, "x")], "abc"], // backwards
  ];
  for (const [text, edits, expected] of rows) assert.equal(applyEdits(text, edits), expected);
});

test("typing in what a text area shows keeps the line ends that are there", () => {
  const rows: readonly (readonly [string, string, string])[] = [
    ["a\r\nb", "a\nbc", "a\r\nbc"],
    ["a\r\nb\r\n", "a\nx\nb\n", "a\r\nx\r\nb\r\n"], // all are CRLF, so the new one is
    ["a\r\nb\n", "a\nx\nb\n", "a\r\nx\nb\n"], // mixed: a new one is what the key gave
    ["a\rb", "a\nbc", "a\rbc"], // a lone CR stays
    ["a\r\nb", "ab", "ab"], // taken away as one
    ["a\r\n\r\nb", "a\nb", "a\r\nb"],
    ["", "x\n", "x\n"],
    ["x\r\n", "", ""],
  ];
  for (const [before, shown, after] of rows) assert.equal(new ExactText(before).edited(shown).exact, after, JSON.stringify(before));
});

test("offsets lead from the text to what is shown, and back", () => {
  const text = new ExactText("a\r\n\r\nb\rc\nd");
  assert.equal(text.shown, "a\n\nb\nc\nd");
  for (let shown = 0; shown <= text.shown.length; shown++) {
    assert.equal(text.toShown(text.toExact(shown)), shown);
  }
  assert.equal(text.toExact(text.shown.length), text.exact.length);
  assert.equal(text.toShown(2), 1); // between CR and LF is before the pair
});

test("lines are numbered as the engine numbers them", () => {
  const numbers = (text: string) => lines(text).map(({ start, end, number }) => [text.slice(start, end), number]);
  assert.deepEqual(numbers(""), [["", 1]]);
  assert.deepEqual(numbers("a\nb\r\n"), [["a", 1], ["b", 2], ["", 3]]);
  assert.deepEqual(numbers("a\rb\nc"), [["a\rb", 1], ["c", 3]]); // after a lone CR the next line has a number, and no place
  assert.deepEqual(numbers("a\r\r\nb"), [["a\r", 1], ["b", 2]]); // CR CR LF is one end
  assert.deepEqual(numbers("a\n\rb\nc"), [["a", 1], ["\rb", 1], ["c", 3]]); // so is LF CR,
  assert.deepEqual(numbers("a\rb\n\r\nc"), [["a\rb", 1], ["", 3], ["c", 4]]); // unless the CR belongs to a CRLF
});

test("line ends are counted, and are one sort or several", () => {
  const rows: readonly (readonly [string, LineEnds, string | undefined])[] = [
    ["a", { lf: 0, crlf: 0, cr: 0 }, undefined], // no line ends
    ["a\nb\n", { lf: 2, crlf: 0, cr: 0 }, "\n"],
    ["a\r\nb", { lf: 0, crlf: 1, cr: 0 }, "\r\n"],
    ["a\r\nb\n", { lf: 1, crlf: 1, cr: 0 }, undefined],
    ["a\rb\n", { lf: 1, crlf: 0, cr: 1 }, undefined], // a lone CR is another sort
  ];
  for (const [text, ends, uniform] of rows) {
    assert.deepEqual(lineEnds(text), ends, JSON.stringify(text));
    assert.equal(uniformEnd(ends), uniform, JSON.stringify(text));
  }
  assert.equal(withLineEnds("a\rb\nc\r\n", "\r\n"), "a\r\nb\r\nc\r\n");
});

test("edits of lines make one text of another, and no more than differs", () => {
  const rows: readonly (readonly [string, string, readonly Edit[]])[] = [
    ["a\n", "a\n", []],
    ["a: 1\nb: 2\n", "a: 1\nb: 3\n", [edit(8, 9, "3")]],
    ["a\n\nb\n", "a\nb\n", [edit(2, 3, "")]], // a line that goes
    ["a\nb\n", "a\nx\nb\n", [edit(2, 2, "x\n")]], // a line that comes
    ["a: 1\n\nb: 2\nc\n", "x: 1\nb: 2\nd\n", [edit(0, 1, "x"), edit(5, 6, ""), edit(11, 12, "d")]], // two stretches
    ["a\r\nb\n", "a\nb\n", [edit(1, 2, "")]], // a line end
    ["\u{1f4ee}\n", "\u{1f4ef}\n", [edit(0, 2, "\u{1f4ef}")]], // a pair of surrogates stays whole
  ];
  for (const [before, after, edits] of rows) assert.deepEqual(lineEdits(before, after), edits, JSON.stringify(before));
  for (const before of ["", "a", "a\nb\nc\n", "a\nb\na\nb", "\n\n\n"]) {
    for (const after of ["", "b\n", "a\nx\nc\n", "b\na\nb\na", "\n"]) assert.equal(applyEdits(before, lineEdits(before, after)), after);
  }
  const long = "x\n".repeat(3_000);
  assert.equal(applyEdits(long, lineEdits(long, `y\n${long}z`)), `y\n${long}z`); // too long to compare line by line
});

test("segments tile their range, the gravest mark first", () => {
  const mark = (start: number, end: number, rank: number, finding: number): Mark => ({ start, end, rank, finding });
  const cut = (start: number, end: number, ...marks: Mark[]) =>
    segments({ start, end }, marks).map((segment) => [segment.start, segment.end, ...segment.marks.map(({ finding }) => finding)]);
  assert.deepEqual(cut(0, 5), [[0, 5]]);
  assert.deepEqual(cut(0, 5, mark(1, 3, 0, 0)), [[0, 1], [1, 3, 0], [3, 5]]);
  assert.deepEqual(cut(0, 5, mark(1, 4, 0, 0), mark(2, 5, 2, 1)), [[0, 1], [1, 2, 0], [2, 4, 1, 0], [4, 5, 1]]);
  assert.deepEqual(cut(0, 5, mark(2, 2, 1, 0)), [[0, 2], [2, 2, 0], [2, 5]]); // an empty mark
  assert.deepEqual(cut(3, 3, mark(3, 4, 1, 0)), [[3, 3, 0]]); // the end of an empty line
  assert.deepEqual(cut(0, 3, mark(3, 4, 1, 0)), [[0, 3], [3, 3, 0]]); // the end of a line
  assert.deepEqual(cut(4, 6, mark(0, 4, 1, 0)), [[4, 6]]); // ends where the range begins
  assert.deepEqual(cut(4, 6, mark(0, 9, 1, 0)), [[4, 6, 0]]); // covers more than the range
});

test("characters that cannot be seen are named", () => {
  const named = (text: string) => pieces(text).map(({ text, name }) => name ?? text);
  assert.deepEqual(named("plain text"), ["plain text"]);
  assert.deepEqual(named("a\tb\r\n"), ["a", "TAB", "b", "CR", "LF"]);
  assert.deepEqual(named("\u202eevil"), ["U+202E", "evil"]); // would turn the rest of the line around
  assert.deepEqual(named("a\u200b\ufeff\u00a0"), ["a", "U+200B", "U+FEFF", "U+00A0"]);
  assert.deepEqual(named("\u{e0041}"), ["U+E0041"]); // a format character beyond the first plane is one
});

test("a fix is told in whole lines", () => {
  const told = (text: string, ...edits: Edit[]) =>
    changes(text, edits).map(({ line, before, after }) => [line, before.map(({ text }) => text).join(""), after.map(({ text }) => text).join("")]);
  assert.deepEqual(told("a: 1\nb: 2\n", edit(8, 9, "3")), [[2, "b: 2", "b: 3"]]);
  assert.deepEqual(told("a\n\nb\n", edit(2, 3, "")), [[2, "\n", ""]]); // a line that goes
  assert.deepEqual(told("a\n", edit(2, 2, "b\n")), [[2, "", "b\n"]]); // a line that comes
  assert.deepEqual(told("a\nc\n", edit(2, 2, "b\n")), [[2, "", "b\n"]]); // between two that stay
  assert.deepEqual(told("a", edit(1, 1, "\nb\n")), [[2, "", "b\n"]]); // after a last line without an end
  assert.deepEqual(told("a", edit(1, 1, "\n")), [[1, "a", "a\n"]]); // the end alone
  assert.deepEqual(told("a b c\n", edit(1, 2, ""), edit(3, 4, "")), [[1, "a b c", "abc"]]); // two edits of one line
  assert.deepEqual(told("a\nb\nc\n", edit(0, 1, "x"), edit(4, 5, "y")), [[1, "a", "x"], [3, "c", "y"]]);
});
