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
  /** Counted from 1, as the engine counts. */
  readonly number: number;
}

/** The lines of a text, as they are shown: LF and CRLF end one, a lone CR does not. */
export function lines(text: string): Line[] {
  const found: Line[] = [];
  const number = lineNumbers(text);
  let start = 0;
  for (const end of text.matchAll(/\r?\n/g)) {
    found.push({ start, end: end.index, number: number(start, found.length + 1) });
    start = end.index + end[0].length;
  }
  found.push({ start, end: text.length, number: number(start, found.length + 1) });
  return found;
}

/** The engine's number of a line that is the `shown`-th here and begins at `start`: there a stray CR ends a line, too. */
export function lineNumbers(text: string): (start: number, shown: number) => number {
  if (!/\r(?!\n)/.test(text)) return (_, shown) => shown;
  const ends = Array.from(text.matchAll(/\r+\n|\n(?!\r\n)\r+|\n|\r+/g), (end) => end.index + end[0].length);
  return (start) => 1 + countBelow(ends.length, (k) => ends[k]!, start + 1);
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

/** How many lines of a text end with each. */
export interface LineEnds {
  readonly lf: number;
  readonly crlf: number;
  /** A CR without an LF, which ends no line of a policy. */
  readonly cr: number;
}

export function lineEnds(text: string): LineEnds {
  const found = { lf: 0, crlf: 0, cr: 0 };
  for (const [end] of text.matchAll(/\r\n|\n|\r/g)) found[end === "\n" ? "lf" : end === "\r" ? "cr" : "crlf"]++;
  return found;
}

/** The one end that all lines have; `undefined` where there are several, or where none ends. */
export const uniformEnd = ({ lf, crlf, cr }: LineEnds): "\n" | "\r\n" | undefined =>
  cr > 0 || (lf > 0) === (crlf > 0) ? undefined : lf > 0 ? "\n" : "\r\n";

/** The text with this end on every line; a lone CR becomes one, too. */
export const withLineEnds = (text: string, end: "\n" | "\r\n"): string => text.replace(/\r\n|\n|\r/g, end);

/** More pairs of lines than this are not compared. */
const MAX_COMPARED = 1_000_000;

/** Edits that make `after` of `before`: of lines, and within a line of what differs. */
export function lineEdits(before: string, after: string): Edit[] {
  const [old, now] = [whole(before), whole(after)];
  let first = 0;
  const shorter = Math.min(old.length, now.length);
  while (first < shorter && old[first] === now[first]) first++;
  let last = 0;
  while (last < shorter - first && old.at(-1 - last) === now.at(-1 - last)) last++;
  const [a, b] = [old.slice(first, old.length - last), now.slice(first, now.length - last)];
  const found: Edit[] = [];
  let at = old.slice(0, first).reduce((sum, line) => sum + line.length, 0);
  const differ = (gone: readonly string[], come: readonly string[]): void => {
    // Each is what became of the one in its place; the rest goes, or is new.
    const both = Math.min(gone.length, come.length);
    const pairs = gone.slice(0, both).map((line, k) => [line, come[k]!] as const);
    for (const [line, made] of [...pairs, [gone.slice(both).join(""), come.slice(both).join("")] as const]) {
      if (line !== made) found.push(within(at, line, made));
      at += line.length;
    }
  };
  if (a.length === b.length || a.length * b.length > MAX_COMPARED) {
    differ(a, b);
    return found;
  }
  // The longest common subsequence of lines; `kept[i][j]` is that of what follows.
  const width = b.length + 1;
  const kept = new Uint16Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      kept[i * width + j] = a[i] === b[j] ? kept[(i + 1) * width + j + 1]! + 1 : Math.max(kept[(i + 1) * width + j]!, kept[i * width + j + 1]!);
    }
  }
  let [i, j, fromI, fromJ] = [0, 0, 0, 0];
  for (;;) {
    const same = i < a.length && j < b.length && a[i] === b[j];
    if (same || (i === a.length && j === b.length)) {
      differ(a.slice(fromI, i), b.slice(fromJ, j));
      if (!same) return found;
      at += a[i]!.length;
      [i, j] = [i + 1, j + 1];
      [fromI, fromJ] = [i, j];
    } else if (j === b.length || (i < a.length && kept[(i + 1) * width + j]! >= kept[i * width + j + 1]!)) {
      i++;
    } else {
      j++;
    }
  }
}

/** The lines with their ends. */
const whole = (text: string): string[] => text.split(/(?<=\n)/);

/** The edit of one line at `at`, without what both have at their edges; a surrogate pair stays whole. */
function within(at: number, line: string, made: string): Edit {
  const shorter = Math.min(line.length, made.length);
  let prefix = 0;
  while (prefix < shorter && line[prefix] === made[prefix]) prefix++;
  if (/[\ud800-\udbff]/.test(line[prefix - 1] ?? "")) prefix--;
  let suffix = 0;
  while (suffix < shorter - prefix && line.at(-1 - suffix) === made.at(-1 - suffix)) suffix++;
  if (suffix > 0 && /[\udc00-\udfff]/.test(line.at(-suffix) ?? "")) suffix--;
  return { start: at + prefix, end: at + line.length - suffix, text: made.slice(prefix, made.length - suffix) };
}

/** What would not be seen, or would rearrange what is seen: controls, and format characters of Unicode. */
export const HIDDEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\u00a0\u115f\u1160\u3164\uffa0\ufffd]/gu;

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

export const characterName = (character: string): string =>
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
