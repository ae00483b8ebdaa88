// The entry point of browsers and of bundlers, which find the wasm by the expression in `init`.
import load from "./dist/mta_sts.js";

export * from "./dist/mta_sts.js";

let loading;

export function init(source) {
  loading ??= start(source ?? new URL("./dist/mta_sts_bg.wasm", import.meta.url));
  return loading;
}

async function start(source) {
  try {
    await load({ module_or_path: source });
  } catch (error) {
    // A connection that failed once may be there the next time.
    loading = undefined;
    throw error;
  }
}
