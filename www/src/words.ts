/** Words and numbers as the page writes them. */

import type { ConsequenceName, Document, DocumentKind, Place, SeverityName, StopId, StopState, VerdictOutcome } from "mta-sts";

/** A stop that has been judged, or is still being asked. */
export type ShownState = StopState | "asking";

export const STOPS: readonly StopId[] = ["record", "policy-host", "policy", "mx", "reports"];

export const STOP_NAME: Readonly<Record<StopId, string>> = {
  record: "Record",
  "policy-host": "Policy host",
  policy: "Policy",
  mx: "MX",
  reports: "Reports",
};

export const STATE_WORD: Readonly<Record<ShownState, string>> = {
  fine: "fine",
  warn: "works, but",
  broken: "broken",
  unseen: "not seen from here",
  "not-needed": "not needed",
  asking: "being asked",
};

/** A verdict as the state of a stop, for its shape. */
export const OUTCOME_STATE: Readonly<Record<VerdictOutcome, ShownState>> = {
  protected: "fine",
  usable: "fine",
  gap: "warn",
  testing: "warn",
  refused: "broken",
  "not-applied": "broken",
  inactive: "not-needed",
  absent: "not-needed",
  unknown: "unseen",
};

/** A verdict in a word or two, where there is no room for its sentence. */
export const OUTCOME_WORD: Readonly<Record<VerdictOutcome, string>> = {
  protected: "protected",
  usable: "usable",
  gap: "protected, with a gap",
  testing: "testing",
  refused: "mail refused",
  "not-applied": "not applied",
  inactive: "inactive",
  absent: "no MTA-STS",
  unknown: "not seen from here",
};

export const SEVERITY_WORD: Readonly<Record<SeverityName, string>> = { error: "error", warning: "warning", info: "note" };

export const CONSEQUENCE: Readonly<Record<ConsequenceName, string>> = {
  refused: "A sender that follows the RFC cannot use it.",
  disputed: "The RFC allows it; senders in use differ.",
  delivery: "Mail to some host is refused, undeliverable or unprotected.",
  practice: "It works; there is a better way.",
};

/** The stop whose evidence a document is. What was typed as a domain comes before all stops. */
export const STOP_OF: Readonly<Record<DocumentKind, StopId | undefined>> = {
  policy: "policy",
  record: "record",
  tlsrpt: "reports",
  mx: "mx",
  "policy-host": "policy-host",
  domain: undefined,
};

const DOCUMENT_NAME: Readonly<Record<DocumentKind, string>> = {
  policy: "policy",
  record: "record",
  tlsrpt: "TLSRPT record",
  mx: "MX",
  "policy-host": "policy host",
  domain: "domain",
};

/** A document's name for a person; one of several of its kind has a number. */
export const documentName = ({ name, kind }: Document): string => DOCUMENT_NAME[kind] + name.slice(kind.length);

/** `1 error`, `2 errors`. */
export const count = (number: number, singular: string): string => `${number} ${singular}${number === 1 ? "" : "s"}`;

const UNITS = [
  { name: "day", seconds: 86_400 },
  { name: "hour", seconds: 3_600 },
  { name: "minute", seconds: 60 },
] as const;

/** `7 days (604800 seconds)`; what is no whole number of a unit is `about`. Below a minute only the seconds. */
export function duration(seconds: number): string {
  const exact = count(seconds, "second");
  const unit = UNITS.find((unit) => seconds >= unit.seconds);
  if (!unit) return exact;
  const number = seconds / unit.seconds;
  const about = Number.isInteger(number) ? "" : "about ";
  return `${about}${count(Math.round(number * 10) / 10, unit.name)} (${exact})`;
}

/** `340 ms`, `1.2 s`. */
export const elapsed = (millis: number): string =>
  millis < 1000 ? `${Math.round(millis)} ms` : `${(millis / 1000).toFixed(1)} s`;

/** `line 3, column 9`; in a text of one line, `column 9`. */
export const place = ({ line, column }: Place, oneLine: boolean): string =>
  oneLine ? `column ${column}` : `line ${line}, column ${column}`;

/** The host of a URL, or the text itself if it is none. */
export const host = (url: string): string => (URL.canParse(url) ? new URL(url).host : url);

/** A section of an RFC, or the words between two. */
export interface Reference {
  readonly text: string;
  readonly url?: string;
}

/** Divides `RFC 8461 §3.2, RFC 3629 §4` into its sections, each with its page at the RFC Editor, and what is between. */
export function references(text: string): Reference[] {
  const found: Reference[] = [];
  let done = 0;
  let rfc = "";
  for (const match of text.matchAll(/RFC (\d{1,5})(?: §(\d+(?:\.\d+)*))?|§(\d+(?:\.\d+)*)|\berratum (\d+)/g)) {
    const [whole, number, first, next, erratum] = match;
    rfc = number ?? rfc;
    const section = first ?? next;
    const url = erratum
      ? `https://www.rfc-editor.org/errata/eid${erratum}`
      : rfc && `https://www.rfc-editor.org/rfc/rfc${rfc}${section ? `#section-${section}` : ""}`;
    if (match.index > done) found.push({ text: text.slice(done, match.index) });
    found.push({ text: whole, ...(url && { url }) });
    done = match.index + whole.length;
  }
  if (done < text.length) found.push({ text: text.slice(done) });
  return found;
}
