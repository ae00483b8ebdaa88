/** Keys that lead through findings: F8 and Shift+F8 to the next and the one before, Ctrl+. to the fix. */

/** Listens within `root` for as long as it lives. The findings are those of the section that has the focus, or of the first in view that has any. */
export function findingKeys(root: Document): void {
  const SELECTOR = "[data-finding]";
  root.addEventListener("keydown", (event) => {
    const isStep = event.key === "F8";
    const isFix = event.key === "." && (event.ctrlKey || event.metaKey);
    // The editor steps by itself, from place to place.
    if ((!isStep && !isFix) || event.defaultPrevented) return;

    const focused = root.activeElement;
    const section = [focused?.closest("main > section"), ...root.querySelectorAll("main > section:not([hidden])")].find((section) =>
      section?.querySelector(SELECTOR),
    );
    const all = Array.from(section?.querySelectorAll<HTMLElement>(SELECTOR) ?? []);
    if (all.length === 0) return;
    event.preventDefault();
    const at = all.findIndex((finding) => finding.contains(focused));
    const current = at >= 0 ? at : all.findIndex((finding) => finding.hasAttribute("aria-current"));
    if (isStep) {
      const step = event.shiftKey ? -1 : 1;
      const next = current < 0 ? (step > 0 ? 0 : all.length - 1) : (current + step + all.length) % all.length;
      open(all[next]!);
    } else {
      const fixable = current >= 0 ? all[current] : all.find((finding) => finding.querySelector(".apply"));
      const apply = fixable?.querySelector<HTMLElement>(".apply");
      if (!fixable || !apply) return;
      // What it does is seen before it is done.
      unfold(fixable);
      for (const details of fixable.querySelectorAll("details:has(.fix)")) (details as HTMLDetailsElement).open = true;
      apply.focus();
    }
  });
}

function open(finding: HTMLElement): void {
  unfold(finding);
  finding.querySelector("summary")?.focus();
  finding.scrollIntoView({ block: "nearest" });
}

function unfold(finding: HTMLElement): void {
  for (let folded = finding.parentElement?.closest("details"); folded; folded = folded.parentElement?.closest("details")) {
    folded.open = true;
  }
}
