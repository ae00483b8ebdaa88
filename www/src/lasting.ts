/** Lengths of time as people type them, and times as they read them. */

const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400, w: 604_800 };

/** More than any TTL or `max_age` is: what the engine takes as 32 bits. */
const MAX_SECONDS = 0xffff_ffff;

/**
 * The seconds of `3600`, `1h`, `2 weeks`: a whole number, alone or with a unit that begins with one of `s m h d w`.
 * Nothing of an empty text.
 */
export function parseSeconds(typed: string): { seconds: number | undefined } | { refused: string } {
  const text = typed.trim().toLowerCase();
  if (text === "") return { seconds: undefined };
  const [, number, unit = ""] = /^(\d+) *(|s|m|h|d|w|seconds?|minutes?|hours?|days?|weeks?)$/.exec(text) ?? [];
  if (number === undefined) {
    return { refused: `“${typed.trim()}” is no length of time: write seconds, such as 3600, or 1h, 7d, 2 weeks.` };
  }
  const seconds = Number(number) * SECONDS[unit.charAt(0) || "s"]!;
  if (seconds > MAX_SECONDS) return { refused: `“${typed.trim()}” is more than ${MAX_SECONDS} seconds.` };
  return { seconds };
}

/** The TTL that a zone most likely has, of which a resolver has kept the record for a while: the next one in common use. */
export const likelyTtl = (left: number): number =>
  [60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 10_800, 14_400, 21_600, 28_800, 43_200, 86_400, 172_800, 604_800].find((ttl) => ttl >= left) ?? left;

/** A time as the reader writes it, with the weekday: `Sun, 8 Mar 2026, 14:00`. */
export const readable = (date: Date): string =>
  date.toLocaleString(undefined, { weekday: "short", day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit" });

/** To the second, in UTC, as the engine writes it: `2026-03-08T13:00:00Z`. */
export const exact = (date: Date): string => date.toISOString().replace(/\.\d+Z$/, "Z");
