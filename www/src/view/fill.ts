/** Fills the MX hosts of the lint from the DNS, when its reader asks for it. */

import { explainError, isAbort, type LoadEngine } from "../api.ts";
import { byId, h, prose } from "../dom.ts";
import { nameResolvers, parseResolvers } from "../resolvers.ts";
import { count, host } from "../words.ts";

/** The button and what it says; `filled` hears of new hosts in the field. */
export function fillFromDns(load: LoadEngine, say: (message: string) => void, filled: () => void): void {
  const button = byId("lint-mx-fill", HTMLButtonElement);
  const said = byId("lint-mx-said", HTMLElement);
  const domain = byId("lint-domain", HTMLInputElement);
  const mx = byId("lint-mx", HTMLTextAreaElement);
  const resolver = byId("resolver", HTMLInputElement);
  const label = button.textContent;

  let running: AbortController | undefined;
  const tell = (message: string, isFault = false): void => {
    said.replaceChildren(h("span", {}, ...prose(message)));
    said.classList.toggle("field-error", isFault);
    say(message);
  };
  const refuse = (message: string): void => {
    tell(message, true);
    domain.setAttribute("aria-invalid", "true");
    domain.focus();
  };

  async function fill(): Promise<void> {
    domain.removeAttribute("aria-invalid");
    const name = domain.value.trim();
    if (name === "") return refuse("Type the domain of the policy, such as example.com.");
    const parsed = parseResolvers(resolver.value);
    if ("refused" in parsed) return tell(parsed.refused, true);
    const controller = new AbortController();
    const { signal } = controller;
    running = controller;
    button.textContent = "Cancel";
    const asked = nameResolvers(parsed.urls).replaceAll(", ", " and ");
    tell(`Asking ${asked} for the MX records of ${name} \u2026`);
    try {
      const engine = await load();
      signal.throwIfAborted();
      const { outcome, sentence, hosts, lookup } = await engine.lookupMx(name, { resolvers: parsed.urls, signal });
      if (outcome !== "found") {
        const isFault = outcome === "failed" || outcome === "unreachable";
        tell(`${sentence} Asked: ${asked}. The field is as it was.`, isFault);
        return;
      }
      mx.value = hosts.map(({ preference, host }) => `${preference} ${host}`).join("\n");
      tell(`${count(hosts.length, "host")}, as ${host(lookup.resolver)} answered.`);
      filled();
    } catch (error) {
      if (signal.aborted || isAbort(error)) return tell("Cancelled. The field is as it was.");
      const { message, ours } = explainError(error);
      if (ours) tell(message, true);
      else refuse(message);
    } finally {
      running = undefined;
      button.textContent = label;
    }
  }

  button.addEventListener("click", () => {
    if (running) running.abort();
    else void fill();
  });
}
