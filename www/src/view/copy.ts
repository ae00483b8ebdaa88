/** Buttons that copy. */

import { h } from "../dom.ts";

/** How long a button says what came of it, in milliseconds. */
const SAID = 2500;

/**
 * A button that copies what `text` gives when it is pressed; what it gives as `refused` is said instead.
 * `say` tells it to a screen reader.
 */
export function copyButton(
  label: string,
  text: () => string | { readonly refused: string },
  say: (message: string) => void,
): HTMLButtonElement {
  const button = h("button", { type: "button", class: "quiet" }, label);
  let timer = 0;
  const show = (message: string): void => {
    button.textContent = message;
    say(message);
    clearTimeout(timer);
    timer = window.setTimeout(() => (button.textContent = label), SAID);
  };
  button.addEventListener("click", () => {
    const given = text();
    if (typeof given !== "string") {
      show(given.refused);
      return;
    }
    // Without the clipboard (a page not served over HTTPS, or a reader who forbids it) there is nothing to fall back on.
    const copied = navigator.clipboard ? navigator.clipboard.writeText(given) : Promise.reject(new Error());
    copied.then(
      () => show("Copied"),
      () => show("This browser does not let the page copy"),
    );
  });
  return button;
}
