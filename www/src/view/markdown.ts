/** The button that copies a report as Markdown. */

import type { Report } from "mta-sts";

import type { Circumstances } from "../markdown.ts";
import { copyButton } from "./copy.ts";

/** The code that writes Markdown is fetched when the button is reached for, so that it is there when it is pressed. */
export function markdownButton(report: Report, circumstances: Circumstances, link: (() => string) | undefined, say: (message: string) => void): HTMLElement {
  const load = (): Promise<typeof import("../markdown.ts")> => import("../markdown.ts");
  const write = async (): Promise<string> => (await load()).markdown(report, { ...circumstances, ...(link && { link: link() }) });
  const button = copyButton("Copy as Markdown", write, say);
  for (const reached of ["pointerenter", "focus"]) {
    button.addEventListener(reached, () => void load().catch(() => undefined), { once: true });
  }
  return button;
}
