// Registers the element, and so is imported for that alone.
import { MtaStsCheckElement } from "./dist/element.js";

// There is no registry in Node, and somebody else may have been first.
if (globalThis.customElements?.get("mta-sts-check") === undefined) {
  globalThis.customElements?.define("mta-sts-check", MtaStsCheckElement);
}

export { MtaStsCheckElement };
