/** The way of a message: five stops on a line, in the order a sender meets them. */

import type { Stop, StopId } from "mta-sts";

import { h, prose } from "../dom.ts";
import { STATE_WORD, STOP_NAME, STOPS, type ShownState } from "../words.ts";
import { shape } from "./shape.ts";

export interface RouteView {
  readonly element: HTMLElement;
  /** What a stop opens in place, where it does; hidden while it is closed. */
  readonly panels: ReadonlyMap<StopId, HTMLElement>;
  readonly buttons: ReadonlyMap<StopId, HTMLElement>;
}

/** The route of a report. Choosing a stop calls `choose`. */
export function route(stops: readonly Stop[], choose: (stop: StopId) => void): RouteView {
  const panels = new Map<StopId, HTMLElement>();
  const buttons = new Map<StopId, HTMLElement>();
  const items = stops.map(({ id, state, summary }) => {
    const button = h("button", { type: "button", class: "stop", on: { click: () => choose(id) } }, ...face(id, state, summary));
    const panel = h("div", { class: "stop-panel", hidden: true });
    buttons.set(id, button);
    panels.set(id, panel);
    const element = item(id, state, button);
    element.append(panel);
    return element;
  });
  return { element: frame(items), panels, buttons };
}

/** The route while it is asked, and the way to say how far that is. */
export function runningRoute(): { element: HTMLElement; progress: (stop: StopId, done: boolean) => void } {
  const summaries = new Map<StopId, HTMLElement>();
  const items = STOPS.map((id) => {
    const summary = h("span", { class: "stop-summary" }, "waiting");
    summaries.set(id, summary);
    const heading = h("span", { class: "stop-name" }, STOP_NAME[id]);
    return item(id, "asking", h("div", { class: "stop" }, shape("asking"), heading, summary));
  });
  const progress = (stop: StopId, done: boolean): void => {
    const summary = summaries.get(stop);
    if (!summary) return;
    summary.textContent = done ? "answered" : "asking";
    summary.closest("li")?.setAttribute("data-phase", done ? "done" : "asking");
  };
  return { element: frame(items), progress };
}

const frame = (items: readonly HTMLElement[]): HTMLElement =>
  h(
    "div",
    { class: "route" },
    h("span", { class: "end", "aria-hidden": "true" }, "sender"),
    h("ol", { "aria-label": "The way of a message" }, ...items),
    h("span", { class: "end", "aria-hidden": "true" }, "mail server"),
  );

const item = (id: StopId, state: ShownState, content: HTMLElement): HTMLElement =>
  h("li", { "data-stop": id, "data-state": state }, content);

/** Shape, name, word and summary of a stop. */
export const face = (id: StopId, state: ShownState, summary: string): HTMLElement[] => [
  shape(state) as unknown as HTMLElement,
  h("span", { class: "stop-name" }, STOP_NAME[id]),
  h("span", { class: `stop-state ${state}` }, STATE_WORD[state]),
  h("span", { class: "stop-summary" }, ...prose(summary)),
];
