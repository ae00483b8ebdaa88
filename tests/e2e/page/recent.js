// Checks that were made before: kept in this browser alone, checked again with a click, erased with another.

import assert from "node:assert/strict";
import { describe } from "node:test";
import { test, world } from "./browser.js";
import { check, result } from "./page.js";
import { assertQuiet, assertSays, eventually, visit } from "./visit.js";

const recent = (page) => page.locator("#recent");
const listed = (page) => recent(page).locator("li").evaluateAll((items) =>
  items.map((item) => `${item.querySelector("a").textContent}: ${item.querySelector(".recent-outcome").textContent.trim()}`));
const stored = (page) => page.evaluate(() => Object.entries(localStorage));

async function checked(page, domain) {
  await check(page, domain);
  await page.locator('[data-test="verdict"]', { hasText: domain }).waitFor();
  return result(page);
}

describe("what was checked before", () => {
  test("recent checks are none at first, then the latest first, each with its outcome; folded while there is a result", async (t) => {
    const { page } = await visit(t);
    assert.equal(await recent(page).isVisible(), false);
    assert.deepEqual(await stored(page), []);
    await checked(page, "good.test");
    await checked(page, "one-uncovered.test");
    assert.deepEqual(await listed(page), ["one-uncovered.test: protected, with a gap", "good.test: protected"]);
    assert.equal(await recent(page).getAttribute("open"), null);
    const [[, kept], ...others] = await stored(page);
    assert.deepEqual(others, [], "nothing else is stored");
    assert.deepEqual(JSON.parse(kept).map((check) => Object.keys(check)), [["domain", "time", "outcome"], ["domain", "time", "outcome"]]);
    await page.goto(world.page);
    await page.reload();
    assert.equal(await recent(page).getAttribute("open"), "");
    assert.equal((await listed(page)).length, 2);
    assert.equal(await page.locator("#questions").isVisible(), true);
  });

  test("a recent check is made again with a click", async (t) => {
    const { page } = await visit(t);
    await checked(page, "good.test");
    await page.goto(world.page);
    await page.reload();
    await recent(page).getByRole("link", { name: "good.test" }).click();
    assertSays((await result(page)).sentence, ["good.test"], "the verdict");
    assert.match(page.url(), /#check\?domain=good\.test$/);
    assert.equal((await listed(page)).length, 1);
  });

  test("a recent check asks the resolvers of the form, which the list does not keep", async (t) => {
    const visitor = await visit(t);
    const { page } = visitor;
    await page.getByRole("textbox", { name: "Resolver" }).fill("https://doh.test/dns-query");
    await checked(page, "good.test");
    await recent(page).locator("summary").click();
    await recent(page).getByRole("link", { name: "good.test" }).click();
    await result(page);
    assertQuiet(visitor, ["doh.test", "mta-sts.good.test"]);
    assert.match(await recent(page).locator("a").getAttribute("href"), /resolver=https%3A%2F%2Fdoh\.test/);
  });

  test("recent checks are erased, one or all, and the keyboard stays", async (t) => {
    const { page } = await visit(t);
    await checked(page, "good.test");
    await checked(page, "none.test");
    await recent(page).locator("summary").click();
    await page.getByRole("button", { name: "Erase none.test" }).click();
    assert.deepEqual(await listed(page), ["good.test: protected"]);
    assert.equal(await page.evaluate(() => document.activeElement.textContent), "Erase good.test");
    await page.getByRole("button", { name: "Erase all" }).click();
    assert.equal(await recent(page).isVisible(), false);
    assert.deepEqual(await stored(page), []);
    assert.equal(await page.evaluate(() => document.activeElement.id), "domain");
  });

  test("a check that was cancelled, or of what is no domain, is not among the recent checks", async (t) => {
    const { page } = await visit(t);
    await check(page, "hanging.test");
    await page.locator('[data-stop="policy"][data-state="asking"]').waitFor();
    await page.keyboard.press("Escape");
    await page.getByText("cancelled").first().waitFor();
    await check(page, "192.0.2.1");
    await page.getByRole("alert").waitFor();
    assert.deepEqual(await stored(page), []);
  });

  test("recent checks are shown in another tab of the same browser, too", async (t) => {
    const { page } = await visit(t);
    const other = await page.context().newPage();
    await other.goto(world.page);
    await checked(page, "good.test");
    await eventually(async () => assert.deepEqual(await listed(other), ["good.test: protected"]));
  });

  test("recent checks are none in a browser that denies storage, and that is no error", async (t) => {
    const visitor = await visit(t);
    await visitor.page.addInitScript(() => {
      Object.defineProperty(window, "localStorage", { get() { throw new DOMException("denied", "SecurityError"); } });
    });
    await visitor.page.reload();
    await checked(visitor.page, "good.test");
    assert.equal(await recent(visitor.page).isVisible(), false);
    assertQuiet(visitor, [...world.resolvers, "mta-sts.good.test"]);
  });

  test("recent checks that somebody else stored are text, or nothing", async (t) => {
    const visitor = await visit(t);
    await visitor.page.evaluate(() => localStorage.setItem("mta-sts-recent", JSON.stringify([
      { domain: "<img src=x onerror=alert(1)>", time: 0, outcome: "gap" },
      { domain: "good.test", time: 1e300, outcome: "gap" },
    ])));
    await visitor.page.reload();
    assert.deepEqual(await listed(visitor.page), ["<img src=x onerror=alert(1)>: protected, with a gap"]);
    assertQuiet(visitor, []);
  });
});

describe("a result is checked again", () => {
  const questions = (requests) => requests.filter((request) => request.url().includes("dns-query")).length;
  for (const [how, again] of [
    ["with Recheck", (page) => page.getByRole("button", { name: "Recheck" }).click()],
    ["with Enter in the domain's field", (page) => page.getByRole("textbox", { name: "Domain" }).press("Enter")],
  ]) {
    test(`a result is asked for anew ${how}`, async (t) => {
      const { page, requests } = await visit(t);
      const before = await checked(page, "good.test");
      const asked = questions(requests);
      await again(page);
      await eventually(() => assert.equal(questions(requests), 2 * asked));
      assert.equal((await result(page)).sentence, before.sentence);
      if (how.includes("Recheck")) {
        assert.equal(await page.evaluate(() => document.activeElement.textContent), "Recheck");
      }
    });
  }

  test("Recheck asks for the domain that the result is about, whatever is typed by now", async (t) => {
    const { page } = await visit(t);
    await checked(page, "good.test");
    await page.getByRole("textbox", { name: "Domain" }).fill("something-else.test");
    await page.getByRole("button", { name: "Recheck" }).click();
    assertSays((await result(page)).sentence, ["good.test"], "the verdict");
    assert.equal(await page.getByRole("textbox", { name: "Domain" }).inputValue(), "good.test");
  });
});
