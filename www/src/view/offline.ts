/** What is said where nobody answered at all. */

import type { Report } from "mta-sts";

import { h } from "../dom.ts";

/** `undefined` where somebody answered: then it is no matter of this device. */
export function offlineNote({ lookups, reply }: Report): HTMLElement | undefined {
  if (reply || lookups.length === 0 || lookups.some(({ answered }) => answered)) return undefined;
  const why = navigator.onLine
    ? "Nobody answered, neither a resolver nor the policy host: perhaps this device has no network."
    : "This browser is offline: neither a resolver nor the policy host could be asked.";
  return h("p", { class: "offline", "data-test": "offline" }, `${why} To lint a policy or a record takes none: `, h("a", { href: "#lint" }, "lint a text"), ".");
}
