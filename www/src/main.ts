/** The page: its parts, the address they share, and the keys. */

import { engineLoader } from "./api.ts";
import { byId, h, prose } from "./dom.ts";
import { keepOffline } from "./offline.ts";
import { unfoldToPrint } from "./print.ts";
import { decode, encode, type FormState, type FormView, type State } from "./state.ts";
import { checkPanel } from "./view/check.ts";
import type { FormPanel } from "./view/form.ts";
import { findingKeys } from "./view/keys.ts";
import { lintPanel } from "./view/lint.ts";

const TITLE = document.title;
const status = byId("status", HTMLElement);
const notice = byId("notice", HTMLElement);
const load = engineLoader();
const views = Array.from(document.querySelectorAll<HTMLElement>("main > .view"));
const tabs = Array.from(document.querySelectorAll<HTMLAnchorElement>("header.site nav a"));

/** Said once, politely, by a screen reader. */
const say = (message: string): void => {
  status.textContent = message;
};

const check = checkPanel({
  load,
  say,
  onState: (state) => {
    document.title = TITLE;
    remember(state, true);
  },
  onReport: ({ domain, verdict }) => {
    document.title = domain ? `${domain.unicode}: ${verdict.outcome.replace("-", " ")} · MTA-STS` : TITLE;
  },
  edit: ({ text, kind }, { domain, mx }) => {
    if (text === undefined || (kind !== "policy" && kind !== "record" && kind !== "tlsrpt")) return null;
    const hosts = kind === "policy" ? mx?.hosts.filter(({ host }) => host !== "").map(({ host, preference }) => `${preference ?? ""} ${host}`.trim()) : undefined;
    return encode({
      view: "lint",
      text,
      kind,
      ...(domain && { domain: domain.name }),
      ...(hosts && hosts.length > 0 && { mx: hosts }),
    });
  },
});

// Typing is no step of the history, but turning from one view to another is one.
const onState = (state: State): void => remember(state, !location.hash.startsWith(`#${state.view}`));
const lint = lintPanel({ load, say, onState });

/** Forms, whose code comes when they are first shown. */
const START: Readonly<Record<FormView, () => Promise<FormPanel>>> = {
  plan: async () => (await import("./view/plan.ts")).planPanel({ load, say, onState }),
  generate: async () => (await import("./view/generate.ts")).generatePanel({ load, say, onState }),
};
const started: Partial<Record<FormView, Promise<FormPanel>>> = {};

async function openForm(state: FormState): Promise<void> {
  const { view, fields } = state;
  const asked = location.hash;
  try {
    const panel = await (started[view] ??= START[view]());
    // Who went elsewhere in the meantime is asked nothing.
    if (location.hash !== asked) return;
    panel.open(state);
    if (Object.keys(fields).length === 0) remember(panel.state, false);
  } catch {
    delete started[view];
    notice.replaceChildren(h("p", { role: "alert", class: "complaint" }, "This view did not load. The fault is ours or the network’s; reload the page to try again."));
  }
}

/** Writes a state into the address. */
function remember(state: State, step: boolean): void {
  const fragment = encode(state) ?? `#${state.view}`;
  notice.replaceChildren();
  if (fragment === location.hash) return;
  if (step) history.pushState(null, "", fragment);
  else history.replaceState(null, "", fragment);
}

/** Shows one view; the others keep what is in them. */
function turnTo(view: State["view"]): void {
  const turned = views.some(({ id, hidden }) => id === view && hidden);
  for (const element of views) element.hidden = element.id !== view;
  for (const tab of tabs) {
    if (tab.hash === `#${view}`) tab.setAttribute("aria-current", "page");
    else tab.removeAttribute("aria-current");
  }
  if (turned) scrollTo({ top: 0, behavior: "instant" });
}

/** Shows what the address asks for. */
function follow(): void {
  notice.replaceChildren();
  const state = decode(location.hash);
  if ("refused" in state) {
    notice.replaceChildren(h("p", { role: "alert", class: "complaint" }, ...prose(state.refused)));
    return;
  }
  turnTo(state.view);
  if (state.view === "check") {
    check.open(state);
    if (state.domain === undefined && check.state.domain !== undefined) remember(check.state, false);
  } else if (state.view !== "lint") {
    void openForm(state);
  } else {
    lint.open(state);
    if (state.text === undefined && lint.state.text !== "") remember(lint.state, false);
  }
}

addEventListener("hashchange", follow);
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && check.cancel()) event.preventDefault();
});
findingKeys(document);
follow();
unfoldToPrint();
keepOffline((notice, words) => {
  byId("update", HTMLElement).replaceChildren(notice);
  say(words);
});
