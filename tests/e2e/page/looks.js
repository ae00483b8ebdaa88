// What holds for the page in every state: nothing axe finds fault with, and no scrolling sideways on a small phone.

import assert from "node:assert/strict";
import { AxeBuilder } from "@axe-core/playwright";
import { describe } from "node:test";
import { test } from "./browser.js";
import { STATES } from "./states.js";
import { visit } from "./visit.js";

for (const colorScheme of ["light", "dark"]) {
  describe(`accessible, ${colorScheme}`, () => {
    for (const [name, reach] of Object.entries(STATES)) {
      test(`${name}`, async (t) => {
        const { page } = await visit(t, { colorScheme });
        await reach(page);
        const { violations } = await new AxeBuilder({ page }).analyze();
        const found = violations.flatMap(({ id, help, nodes }) => nodes.map((node) => `${id}: ${help}: ${node.html}`));
        assert.deepEqual(found, []);
      });
    }
  });
}

describe("no scrolling sideways at 320 px", () => {
  for (const [name, reach] of Object.entries(STATES)) {
    test(`${name}`, async (t) => {
      const { page } = await visit(t, { viewport: { width: 320, height: 640 } });
      await reach(page);
      const wider = await page.evaluate(() => {
        const { scrollWidth, clientWidth } = document.documentElement;
        if (scrollWidth <= clientWidth) return [];
        const sticksOut = (element) => element.getBoundingClientRect().right > clientWidth + 0.5;
        return Array.from(document.querySelectorAll("body *")).filter(sticksOut).map((element) => element.outerHTML.slice(0, 120));
      });
      assert.deepEqual(wider, []);
    });
  }
});
