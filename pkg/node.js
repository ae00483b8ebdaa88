// The entry point of Node, whose `fetch` does not read files.
import { readFile } from "node:fs/promises";

import { init as initFrom } from "./index.js";

export * from "./index.js";

export function init(source = new URL("./dist/mta_sts_bg.wasm", import.meta.url)) {
  return initFrom(source instanceof URL && source.protocol === "file:" ? readFile(source) : source);
}
