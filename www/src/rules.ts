/** The index of the rules: a search that filters as somebody types, and keeps what was typed in the address. */

import { byId } from "./dom.ts";
import { count } from "./words.ts";

const search = document.querySelector<HTMLElement>("search")!;
const field = byId("rules-search", HTMLInputElement);
const status = byId("rules-count", HTMLElement);
const sections = Array.from(document.querySelectorAll<HTMLElement>(".rule-index > section"));
const entries = Array.from(document.querySelectorAll<HTMLElement>(".rule-list > li"));
const texts = new Map(entries.map((entry) => [entry, entry.textContent.toLowerCase()]));

/** Shows the rules that hold each word, in any order. */
function filter(): void {
  const words = field.value.toLowerCase().split(/\s+/).filter((word) => word !== "");
  let shown = 0;
  for (const [entry, text] of texts) {
    entry.hidden = !words.every((word) => text.includes(word));
    if (!entry.hidden) shown++;
  }
  for (const section of sections) section.hidden = !section.querySelector("li:not([hidden])");
  status.textContent = words.length === 0 ? count(entries.length, "rule") : `${shown} of ${count(entries.length, "rule")}`;
}

field.addEventListener("input", () => {
  filter();
  const address = new URL(location.href);
  if (field.value === "") address.searchParams.delete("q");
  else address.searchParams.set("q", field.value);
  history.replaceState(null, "", address);
});
// Where there is no search element, the browser knows no role for it.
search.setAttribute("role", "search");
field.value = new URLSearchParams(location.search).get("q")?.slice(0, 200) ?? "";
if (field.value !== "") filter();
