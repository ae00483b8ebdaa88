/** Texts as received: their line ends, the places of findings in them, and edits. Offsets are UTF-16 code units. */

/** A half-open range. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

export interface Edit extends Range {
  readonly text: string;
}

/** The text with its edits made. They are in order of place and do not overlap; one that does is left out. */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  let out = "";
  let done = 0;
  for (const { start, end, text: replacement } of edits) {
    if (start < done || end < start || end > text.length) continue;
    out += text.slice(done, start) + replacement;
    done = end;
  }
  return out + text.slice(done);
}

/**
 * A text beside the form in which a `<textarea>` has it: there every CRLF and every lone CR is an LF. Which line ends a
 * policy has is worth a finding, so typing must not lose them.
 */
export class ExactText {
  readonly shown: string;
  /** Where each CRLF begins. */
  readonly #pairs: readonly number[];

  constructor(readonly exact: string) {
    this.shown = exact.replace(/\r\n?/g, "\n");
    this.#pairs = Array.from(exact.matchAll(/\r\n/g), (pair) => pair.index);
  }

  /** Between the CR and the LF of a pair means before it. */
  toShown(offset: number): number {
    return offset - countBelow(this.#pairs.length, (k) => this.#pairs[k]!, offset);
  }

  toExact(offset: number): number {
    return offset + countBelow(this.#pairs.length, (k) => this.#pairs[k]! - k, offset);
  }

  /** This text after somebody edited what is shown. Where every line ends with CRLF, so do the new ones. */
  edited(shown: string): ExactText {
    const before = this.shown;
    const shorter = Math.min(before.length, shown.length);
    let prefix = 0;
    while (prefix < shorter && before[prefix] === shown[prefix]) prefix++;
    let suffix = 0;
    while (suffix < shorter - prefix && before.at(-1 - suffix) === shown.at(-1 - suffix)) suffix++;

    let inserted = shown.slice(prefix, shown.length - suffix);
    if (this.#pairs.length > 0 && !/\r(?!\n)|(?<!\r)\n/.test(this.exact)) {
      inserted = inserted.replaceAll("\n", "\r\n");
    }
    const start = this.toExact(prefix);
    const end = this.toExact(before.length - suffix);
    return new ExactText(this.exact.slice(0, start) + inserted + this.exact.slice(end));
  }
}

/** How many of the rising values `at(0)`, `at(1)`, … are below `limit`. */
function countBelow(length: number, at: (index: number) => number, limit: number): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (at(middle) < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** A line without its end. */
export interface Line extends Range {
  /** Counted from 1 by line feeds, as the engine counts. After a lone CR, which ends no line, there is none. */
  readonly number: number | undefined;
}

/** The lines of a text. LF and CRLF end one; where `loneCr` says so, so does a CR, as in a `<textarea>`. */
export function lines(text: string, loneCr = false): Line[] {
  const found: Line[] = [];
  let start = 0;
  let count = 1;
  let number: number | undefined = count;
  for (const end of text.matchAll(loneCr ? /\r\n|\n|\r/g : /\r?\n/g)) {
    found.push({ start, end: end.index, number });
    start = end.index + end[0].length;
    number = end[0] === "\r" ? undefined : ++count;
  }
  found.push({ start, end: text.length, number });
  return found;
}

/** A place of a finding. `rank` says which of several shows: the highest. */
export interface Mark extends Range {
  readonly rank: number;
  /** The finding, by its position in the report. */
  readonly finding: number;
}

/** A stretch of text under the same marks; the gravest comes first in `marks`. An empty one stands for an empty mark. */
export interface Segment extends Range {
  readonly marks: readonly Mark[];
}

/** The segments that tile `range`. What a mark covers beyond `range`, such as the end of a line, is an empty mark at its end. */
export function segments(range: Range, marks: readonly Mark[]): Segment[] {
  const clip = (offset: number): number => Math.min(Math.max(offset, range.start), range.end);
  const inside = marks
    .filter(({ start, end }) => start <= range.end && (end > range.start || start >= range.start))
    .map((mark) => ({ ...mark, start: clip(mark.start), end: clip(mark.end) }))
    .sort((a, b) => b.rank - a.rank || a.finding - b.finding);
  const cuts = new Set([range.start, range.end, ...inside.flatMap(({ start, end }) => [start, end])]);
  const sorted = [...cuts].sort((a, b) => a - b);
  const found: Segment[] = [];
  for (const [index, start] of sorted.entries()) {
    const empty = inside.filter((mark) => mark.start === mark.end && mark.start === start);
    if (empty.length > 0) found.push({ start, end: start, marks: empty });
    const end = sorted[index + 1];
    if (end === undefined) break;
    found.push({ start, end, marks: inside.filter((mark) => mark.start <= start && mark.end >= end) });
  }
  return found;
}

/** What would not be seen, or would rearrange what is seen: controls, and format characters of Unicode. */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\u00a0\u115f\u1160\u3164\uffa0\ufffd]/gu;

/** A piece of a text; `name` is set where the piece is one character that has to be named to be seen. */
export interface Piece {
  readonly text: string;
  readonly name?: string;
}

/** Divides a text at the characters that cannot be seen. */
export function pieces(text: string): Piece[] {
  const found: Piece[] = [];
  let done = 0;
  for (const hidden of text.matchAll(HIDDEN)) {
    if (hidden.index > done) found.push({ text: text.slice(done, hidden.index) });
    found.push({ text: hidden[0], name: characterName(hidden[0]) });
    done = hidden.index + hidden[0].length;
  }
  if (done < text.length) found.push({ text: text.slice(done) });
  return found;
}

const NAMES: Readonly<Record<string, string>> = { "\r": "CR", "\n": "LF", "\t": "TAB", "\0": "NUL", "\u007f": "DEL" };

const characterName = (character: string): string =>
  NAMES[character] ?? `U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, "0")}`;

/** What one or more edits do to the lines they touch. */
export interface Change {
  /** The line it begins at, from 1. */
  readonly line: number;
  /** The lines as they are, in pieces that go and pieces that stay. */
  readonly before: readonly ChangePiece[];
  /** The lines as they will be. */
  readonly after: readonly ChangePiece[];
}

export interface ChangePiece {
  readonly text: string;
  readonly changed: boolean;
}

/** An edit that adds whole lines before or after `line` and leaves it as it is. */
function newLines({ start, end, text }: Edit, line: Range, number: number): Change | undefined {
  if (start !== end) return undefined;
  const change = (line: number, text: string): Change => ({ line, before: [], after: [{ text, changed: true }] });
  if (start === line.start && text.endsWith("\n")) return change(number, text);
  const after = /^\r?\n(?=.)/s.exec(text);
  if (start === line.end && after) return change(number + 1, text.slice(after[0].length));
  return undefined;
}

/** The edits as changes of whole lines; edits that touch the same line are one change. */
export function changes(text: string, edits: readonly Edit[]): Change[] {
  const all = lines(text);
  const lineAt = (offset: number): number =>
    Math.max(0, countBelow(all.length, (k) => all[k]!.start, offset + 1) - 1);
  const groups: { first: number; last: number; edits: Edit[]; whole?: Change }[] = [];
  for (const edit of edits) {
    if (edit.start > edit.end || edit.end > text.length) continue;
    const first = lineAt(edit.start);
    const whole = newLines(edit, all[first]!, first + 1);
    if (whole) {
      groups.push({ first, last: first - 1, edits: [], whole });
      continue;
    }
    // An edit that takes whole lines with their ends does not touch the line after them.
    const wholeLines = edit.end > edit.start && all[lineAt(edit.end)]!.start === edit.end && (edit.text === "" || edit.text.endsWith("\n"));
    const last = Math.max(first, lineAt(edit.end) - (wholeLines ? 1 : 0));
    const group = groups.at(-1);
    if (group && first <= group.last) {
      group.last = Math.max(group.last, last);
      group.edits.push(edit);
    } else {
      groups.push({ first, last, edits: [edit] });
    }
  }
  return groups.map(({ first, last, edits, whole }) => {
    if (whole) return whole;
    const start = all[first]!.start;
    const end = Math.max(all[last]!.end, ...edits.map((edit) => edit.end));
    const before: ChangePiece[] = [];
    const after: ChangePiece[] = [];
    let done = start;
    for (const edit of edits) {
      const kept = { text: text.slice(done, edit.start), changed: false };
      before.push(kept, { text: text.slice(edit.start, edit.end), changed: true });
      after.push(kept, { text: edit.text, changed: true });
      done = edit.end;
    }
    const rest = { text: text.slice(done, end), changed: false };
    const full = (piece: ChangePiece): boolean => piece.text !== "";
    return { line: first + 1, before: [...before, rest].filter(full), after: [...after, rest].filter(full) };
  });
}
