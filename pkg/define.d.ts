import { MtaStsCheckElement } from "./element.js";

export { MtaStsCheckElement };

declare global {
  interface HTMLElementTagNameMap {
    "mta-sts-check": MtaStsCheckElement;
  }
}
