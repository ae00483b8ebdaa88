/** The list of recent checks under the form: each checks again, and each can be erased. */

import { h, moment, wire } from "../dom.ts";
import { eraseRecent, recentChecks, tellsOfRecent, type RecentCheck } from "../recent.ts";
import { count, OUTCOME_STATE, OUTCOME_WORD } from "../words.ts";
import { shape } from "./shape.ts";

export interface RecentView {
  /** Shows the list as it is now. */
  update(): void;
  /** With a result below it the list is folded. */
  fold(folded: boolean): void;
}

export interface RecentActions {
  /** The address that checks a domain, with the resolvers of the form. */
  readonly link: (domain: string) => string;
  readonly check: (domain: string) => void;
  readonly say: (message: string) => void;
}

/** Fills `place`, a `<details>` of the page; empty, it is hidden. */
export function recentView(place: HTMLDetailsElement, { link, check, say }: RecentActions): RecentView {
  const summary = h("summary", {});
  const list = h("ul", { class: "recent-list" });
  const eraseAll = h("button", { type: "button", class: "quiet", on: { click: () => erase() } }, "Erase all");
  place.replaceChildren(
    summary,
    list,
    h("p", { class: "recent-foot" }, h("span", {}, "Kept in this browser only, the last twelve."), eraseAll),
  );

  const update = (): void => {
    const checks = recentChecks();
    place.hidden = checks.length === 0;
    summary.textContent = count(checks.length, "recent check");
    list.replaceChildren(...checks.map(item));
  };

  function item({ domain, time, outcome }: RecentCheck): HTMLElement {
    const follow = (event: MouseEvent): void => {
      // Into a tab of its own, if that is what was asked for.
      if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
      event.preventDefault();
      check(domain);
    };
    return h(
      "li",
      {},
      h("a", { href: link(domain), on: { click: follow } }, wire(domain, "span")),
      h("span", { class: "recent-outcome" }, shape(OUTCOME_STATE[outcome]), " ", OUTCOME_WORD[outcome]),
      moment(new Date(time)),
      h("button", { type: "button", class: "quiet", on: { click: () => erase(domain) } }, "Erase", h("span", { class: "sr-only" }, ` ${domain}`)),
    );
  }

  function erase(domain?: string): void {
    const at = recentChecks().findIndex((check) => check.domain === domain);
    eraseRecent(domain);
    update();
    say(domain === undefined ? "The recent checks are erased." : `${domain} is erased from the recent checks.`);
    // The keyboard stays in the list, at what moved up.
    const buttons = list.querySelectorAll("button");
    (buttons[Math.min(at, buttons.length - 1)] ?? document.getElementById("domain"))?.focus();
  }

  addEventListener("storage", (event) => tellsOfRecent(event) && update());
  return { update, fold: (folded) => (place.open = !folded) };
}
