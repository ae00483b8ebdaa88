/** A rule by its id. */

import { h } from "../dom.ts";

/** A link to the page of a rule, which opens beside what is read here. */
export const ruleName = (id: string): HTMLElement =>
  h("a", { href: `rules/${id}/`, target: "_blank", rel: "noopener" }, h("code", {}, id));
