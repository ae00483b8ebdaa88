/** The steps of a plan on a line: when, what to wait for before, what to do, with which text, and why. */

import type { Plan, PlanStep, PlanWait, Publication } from "mta-sts";

import { h, outward, prose, wireLines, type Child } from "../dom.ts";
import { readable } from "../lasting.ts";
import { capital, headline, PUBLICATION, since } from "../steps.ts";
import { duration, references } from "../words.ts";
import { copyButton } from "./copy.ts";

export function timeline(plan: Plan, say: (message: string) => void): HTMLElement {
  return h("ol", { class: "timeline" }, ...plan.steps.map((step) => item(step, plan, say)));
}

function item(step: PlanStep, plan: Plan, say: (message: string) => void): HTMLElement {
  const { id, action, publish, why, rfc, not_before, date, waits } = step;
  const title = headline(step);
  return h(
    "li",
    { "data-step": id },
    waits.length > 0 && h("div", { class: "waits" }, ...waits.flatMap((wait) => waited(wait, plan))),
    h(
      "div",
      { class: "when" },
      h("time", { datetime: date, title: date }, readable(new Date(not_before * 1000))),
      h("span", { class: "exact" }, date),
    ),
    h(
      "div",
      { class: "what" },
      h("h4", {}, ...prose(title)),
      title.length < action.length && h("p", {}, ...dated(`${capital(action)}.`)),
      publish && publication(publish, say),
      h("p", { class: "why" }, ...prose(`${capital(why)} (`), ...sources(rfc), ")."),
    ),
  );
}

function waited(wait: PlanWait, plan: Plan): HTMLElement[] {
  const { seconds, sum, until, early } = wait;
  return [
    h("p", {}, h("strong", {}, `Wait ${duration(seconds)}`), ` ${since(wait, plan)}, until ${until}.`),
    h("p", { class: "sum" }, sum),
    ...(early
      ? [h("details", {}, h("summary", {}, "Who cannot wait so long"), h("p", {}, "Not before ", ...dated(early.date), ": ", ...prose(early.risk), "."))]
      : []),
  ];
}

function publication({ kind, at, text }: Publication, say: (message: string) => void): HTMLElement {
  return published(`${PUBLICATION[kind]}${at === "" ? "" : " at"}`, at, text, copyButton("Copy", () => text, say));
}

/** A text to publish, with what it is, where it goes, and buttons. */
export function published(what: string, at: string, text: string, ...buttons: readonly Child[]): HTMLElement {
  return h(
    "figure",
    { class: "publish", "aria-label": `${what} ${at}` },
    h(
      "figcaption",
      {},
      h("span", {}, `${what} `, at !== "" && h("code", {}, at)),
      h("span", { class: "buttons" }, ...buttons),
    ),
    h("pre", {}, ...wireLines(text.replace(/\n$/, ""))),
  );
}

const sources = (rfc: string): Child[] => references(rfc).map(({ text, url }) => (url ? outward(url, text) : text));

/** {@link prose}, in which a time in UTC stands as the reader writes it. */
export const dated = (text: string): Child[] =>
  text.split(/(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)/).flatMap((part, index) =>
    index % 2 === 1 ? [h("time", { datetime: part, title: part }, readable(new Date(part)))] : prose(part),
  );
