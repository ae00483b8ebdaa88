/** What the build puts in. */

/** The style of the widget. */
declare module "mta-sts-check.css" {
  const css: string;
  export default css;
}

/** The digest of the wasm that lies beside the script, and is all that the script will take; absent where a bundler moves it. */
declare const WASM_INTEGRITY: string | undefined;
