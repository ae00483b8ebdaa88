import type { InitInput } from "./dist/mta_sts.js";

export * from "./dist/mta_sts.js";

/**
 * Loads the engine. Await it once before calling anything else; a second call returns the same promise, and after a
 * failure the next call tries again.
 *
 * @param source The wasm: where it is, or its bytes, or the compiled module. Without it, the file of this package:
 * fetched in a browser, read from the file system in Node. A page that is bundled by a tool which does not know
 * `new URL("…", import.meta.url)` gives the address of its copy of `mta-sts/wasm`.
 */
export function init(source?: InitInput | Promise<InitInput>): Promise<void>;
