/** Buttons that copy. */

import { h } from "../dom.ts";

/** How long a button says what came of it, in milliseconds. */
const SAID = 2500;

type Copied = string | { readonly refused: string };

/**
 * A button that copies what `text` gives when it is pressed; what it gives as `refused` is said instead.
 * `say` tells it to a screen reader.
 */
export function copyButton(
  label: string,
  text: () => Copied | Promise<Copied>,
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
  button.addEventListener("click", async () => {
    let given = text();
    // Some browsers let a page copy only while it answers a click: what is at hand is not waited for.
    if (given instanceof Promise) given = await given.catch(() => ({ refused: "It did not load. Try again" }));
    if (typeof given !== "string") {
      show(given.refused);
      return;
    }
    // Without the clipboard (a page not served over HTTPS, or a reader who forbids it) there is nothing to fall back on.
    const copied = navigator.clipboard ? navigator.clipboard.writeText(given) : Promise.reject(new Error());
    await copied.then(
      () => show("Copied"),
      () => show("This browser does not let the page copy"),
    );
  });
  return button;
}
