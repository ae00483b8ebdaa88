/**
 * The checks of late, kept in this browser and nowhere else: the domain, when, and the outcome in a word. A browser that
 * keeps nothing, or no longer, is no error: there are none then.
 */

import type { VerdictOutcome } from "mta-sts";

import { OUTCOME_WORD } from "./words.ts";

export interface RecentCheck {
  /** In A-labels, as the DNS is asked. */
  readonly domain: string;
  /** When it began, in milliseconds since 1970. */
  readonly time: number;
  readonly outcome: VerdictOutcome;
}

const KEY = "mta-sts-recent";
export const MAX_RECENT = 12;
/** A domain has at most 253 characters. */
const MAX_DOMAIN = 253;

/** The stored list, the latest first. What is not of this form was not written here, and is left out. */
export function parseRecent(stored: string | null): RecentCheck[] {
  let list: unknown;
  try {
    list = JSON.parse(stored ?? "[]");
  } catch {
    return [];
  }
  return Array.isArray(list) ? list.filter(isRecent).slice(0, MAX_RECENT) : [];
}

/** The list with one more. A domain stands in it once, as it was checked last. */
export const withRecent = (list: readonly RecentCheck[], added: RecentCheck): RecentCheck[] =>
  [added, ...withoutRecent(list, added.domain)].slice(0, MAX_RECENT);

export const withoutRecent = (list: readonly RecentCheck[], domain: string): RecentCheck[] =>
  list.filter((check) => check.domain !== domain);

export const recentChecks = (): RecentCheck[] => parseRecent(quietly(() => localStorage.getItem(KEY)) ?? null);

export const addRecent = (added: RecentCheck): void => keep(withRecent(recentChecks(), added));

/** Erases a domain from the list, or all. */
export const eraseRecent = (domain?: string): void =>
  keep(domain === undefined ? [] : withoutRecent(recentChecks(), domain));

/** Whether a storage event tells of the list: another tab of this browser changed it. */
export const tellsOfRecent = ({ key }: StorageEvent): boolean => key === null || key === KEY;

const keep = (list: readonly RecentCheck[]): void => {
  // Nothing is left behind where there is nothing to keep.
  quietly(() => (list.length === 0 ? localStorage.removeItem(KEY) : localStorage.setItem(KEY, JSON.stringify(list))));
};

function isRecent(value: unknown): value is RecentCheck {
  if (typeof value !== "object" || value === null) return false;
  const { domain, time, outcome } = value as Record<string, unknown>;
  return (
    typeof domain === "string" && domain !== "" && domain.length <= MAX_DOMAIN &&
    // What `Date` can tell.
    typeof time === "number" && Math.abs(time) <= 8.64e15 &&
    typeof outcome === "string" && Object.hasOwn(OUTCOME_WORD, outcome)
  );
}

/** A browser that is told to store nothing throws, at the mere mention of the storage. */
function quietly<T>(call: () => T): T | undefined {
  try {
    return call();
  } catch {
    return undefined;
  }
}
