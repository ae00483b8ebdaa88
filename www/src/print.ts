/** On paper nothing can be opened: what is folded in a result is unfolded while the page prints. */

const FOLDED = ":is(.findings, .outcome, .result) details:not([open], .examples)";

export function unfoldToPrint(): void {
  let unfolded: readonly HTMLDetailsElement[] = [];
  addEventListener("beforeprint", () => {
    unfolded = Array.from(document.querySelectorAll<HTMLDetailsElement>(FOLDED));
    for (const details of unfolded) details.open = true;
  });
  addEventListener("afterprint", () => {
    for (const details of unfolded) details.open = false;
  });
}
