/** The one script for a page without a bundler: registers the element. */

import { MtaStsCheckElement } from "./element.ts";

if (!customElements.get("mta-sts-check")) customElements.define("mta-sts-check", MtaStsCheckElement);

export { MtaStsCheckElement };
