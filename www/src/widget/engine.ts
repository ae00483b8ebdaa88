/** The engine as the widget has it: one for all elements of a page. */

import { checkDomain, init, lintText, applyFixes } from "mta-sts";

import { loader } from "../loading.ts";

const engine = { checkDomain, lintText, applyFixes };

export type WidgetEngine = typeof engine;

export const loadEngine: () => Promise<WidgetEngine> = loader(async () => {
  await init(wasm());
  return engine;
});

/** The file beside the script, and no other of its name: whoever vouches for the script vouches for what it loads. */
function wasm(): Promise<Response> | undefined {
  if (WASM_INTEGRITY === undefined) return undefined;
  const url = new URL("./mta_sts_bg.wasm", import.meta.url);
  // A copy of an older version that somebody keeps would be refused, and not asked for again.
  url.search = WASM_INTEGRITY.slice(-12).replace(/\W/g, "");
  return fetch(url, { integrity: WASM_INTEGRITY, credentials: "omit", referrerPolicy: "no-referrer" });
}
