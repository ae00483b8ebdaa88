// A result on paper: whole, light, and without what only a hand on a screen could use.

import assert from "node:assert/strict";
import { describe } from "node:test";
import { test } from "./browser.js";
import { check, lint, result } from "./page.js";
import { FAULTY } from "./states.js";
import { visit } from "./visit.js";

describe("in print", { concurrency: 2 }, () => {
  for (const [name, reach] of [
    ["a check", async (page) => {
      await check(page, "one-uncovered.test");
      await result(page);
    }],
    ["a lint", async (page) => {
      await lint(page, FAULTY);
      await page.locator("[data-finding]").first().waitFor();
    }],
  ]) {
    test(`${name} is unfolded and light, has no controls, and folds again`, async (t) => {
      const { page } = await visit(t, { colorScheme: "dark" });
      await reach(page);
      const bodies = page.locator("[data-finding] .body:visible");
      const all = await page.locator("[data-finding]").count();
      const before = await bodies.count();
      assert.ok(before < all, `${before} of ${all} findings are open on the screen`);
      await page.emulateMedia({ media: "print", colorScheme: "dark" });
      await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
      assert.equal(await bodies.count(), all, "every finding is open on paper");
      assert.equal(await page.locator(":is(button:not(.stop), input, select, nav, .button):visible").count(), 0, "controls");
      assert.equal(await page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor), "rgb(255, 255, 255)");
      await page.evaluate(() => dispatchEvent(new Event("afterprint")));
      await page.emulateMedia({ media: "screen" });
      assert.equal(await bodies.count(), before);
    });
  }
});
