/** The engine as the page has it: two files of the site, loaded when they are first needed. */

import { loader } from "./loading.ts";

export { EngineError, explainError, isAbort } from "./loading.ts";

export type Engine = typeof import("mta-sts");

export type LoadEngine = () => Promise<Engine>;

export const engineLoader = (): LoadEngine =>
  loader(async () => {
    const [engine, { default: wasm }] = await Promise.all([import("mta-sts"), import("mta-sts/wasm")]);
    await engine.init(new URL(wasm, import.meta.url));
    return engine;
  });
