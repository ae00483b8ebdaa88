/** What a panel of the widget has around it. */

import type { Report } from "mta-sts";

import { h } from "../dom.ts";
import { tally } from "../view/findings.ts";

export interface Surroundings {
  /** Tells something to a screen reader, politely. */
  readonly say: (message: string) => void;
  readonly onReport: (report: Report) => void;
  readonly onError: (error: unknown) => void;
  /** Whether the parts that are not for the first look are folded. */
  readonly compact: () => boolean;
}

/** A panel takes its place in the widget once, and shows what it is told. */
export interface Panel {
  readonly element: HTMLElement;
  /** Shows its report again, after `compact` changed. */
  redraw(): void;
  /** Ends what is under way. Whether there was something. */
  cancel(): boolean;
  /** Ends what is under way, to be taken up again by {@link resume}. */
  suspend(): void;
  resume(): void;
  focus(options?: FocusOptions): void;
}

/** The names by which a page reaches what is inside. */
const PARTS: Readonly<Record<string, string>> = {
  verdict: ".verdict",
  route: ".route",
  findings: ".findings-section",
  evidence: ".evidence-section",
  senders: ".senders-section",
  unseen: ".unseen-section",
  policy: ".policy-asked, .policy-given",
  tools: ".tools",
};

/** A result of the page's own views, made fit for a page that is not ours. */
export function fit(result: HTMLElement, report: Report, compact: boolean): HTMLElement {
  if (compact) fold(result, report);
  for (const [part, selector] of Object.entries(PARTS)) {
    for (const element of result.querySelectorAll(selector)) element.part.add(part);
  }
  // What is a page of our site beside our own is none beside this one.
  for (const link of result.querySelectorAll("a[href]")) {
    if (!link.getAttribute("href")?.startsWith("https://")) link.replaceWith(...link.childNodes);
  }
  // Several elements on a page would be as many landmarks of one name.
  for (const section of result.querySelectorAll("section")) section.setAttribute("role", "group");
  for (const header of result.querySelectorAll("header")) header.setAttribute("role", "presentation");
  return result;
}

/** Leaves the verdict and the route, and folds the rest beneath what it counts. */
function fold(result: HTMLElement, { findings, not_seen }: Report): void {
  const [tools] = result.querySelectorAll(".tools");
  const rest = Array.from(result.children).filter((element) => !element.matches(".verdict, .route"));
  const unseen = not_seen.length > 0 ? `, ${not_seen.length} not seen from here` : "";
  const details = h(
    "details",
    { class: "fold", part: "details" },
    h("summary", {}, `${tally(findings)}${unseen}`),
    ...rest,
    tools,
  );
  result.append(details);
  // A stop leads to its evidence, which is in there.
  result.addEventListener("click", ({ target }) => {
    if (target instanceof Element && target.closest(".stop")) details.open = true;
  }, { capture: true });
}

export const complaintOf = (content: readonly (Node | string)[]): HTMLElement =>
  h("p", { role: "alert", class: "complaint", part: "complaint" }, ...content);

