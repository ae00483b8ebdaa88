// What holds for the page in every state: nothing axe finds fault with, light or dark, and no scrolling sideways on a
// small phone. All that can be unfolded is.

import assert from "node:assert/strict";
import { AxeBuilder } from "@axe-core/playwright";
import { describe } from "node:test";
import { test } from "./browser.js";
import { EMBEDDED_STATES } from "./embed.js";
import { STATES } from "./states.js";
import { visit } from "./visit.js";

describe("the page looks right", { concurrency: 3 }, () => {
  for (const [name, reach] of Object.entries(STATES)) {
    // Those of the widget are unfolded inside it, by its own tests.
    if (name in EMBEDDED_STATES) continue;
    test(`${name}`, async (t) => {
      const { page } = await visit(t, { colorScheme: "light" });
      await reach(page);
      await page.evaluate(() => document.querySelectorAll("details").forEach((details) => (details.open = true)));
      assert.deepEqual(await faults(new AxeBuilder({ page })), [], "light");
      await page.emulateMedia({ colorScheme: "dark" });
      assert.deepEqual(await faults(new AxeBuilder({ page }).withRules("color-contrast")), [], "dark");
      await page.setViewportSize({ width: 320, height: 640 });
      assert.deepEqual(await page.evaluate(stickingOut), [], "wider than 320 px");
    });
  }
});

async function faults(axe) {
  const { violations } = await axe.analyze();
  return violations.flatMap(({ id, help, nodes }) => nodes.map(({ html }) => `${id}: ${help}: ${html}`));
}

/** Runs in the page: what makes it scroll sideways. */
function stickingOut() {
  const { scrollWidth, clientWidth } = document.documentElement;
  if (scrollWidth <= clientWidth) return [];
  const sticksOut = (element) => element.getBoundingClientRect().right > clientWidth + 0.5;
  return [`${scrollWidth} px`, ...Array.from(document.querySelectorAll("body *")).filter(sticksOut).map((element) => element.outerHTML.slice(0, 120))];
}
