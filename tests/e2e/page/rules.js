// The pages of the rules: found from a finding, from the index and by a search, with script and without.

import assert from "node:assert/strict";
import { describe } from "node:test";
import { test, world } from "./browser.js";
import { lint } from "./page.js";
import { assertQuiet, eventually, visit } from "./visit.js";

const at = (path) => new URL(`rules/${path}`, world.page).href;
const shown = (page) => page.locator(".rule-list > li:visible").count();

describe("rules", { concurrency: 3 }, () => {
  test("a finding leads to the page of its rule, and the page back to the finding", async (t) => {
    const visitor = await visit(t);
    const { page } = visitor;
    const context = page.context();
    await lint(page, "version: STSv1\nmode: enforced\nmx: mx.example.com\nmax_age: 604800\n");
    const finding = page.locator('[data-finding="pol-mode-invalid"]');
    await finding.locator("summary").first().click();
    const [rule] = await Promise.all([
      context.waitForEvent("page"),
      finding.getByRole("link", { name: "pol-mode-invalid" }).click(),
    ]);
    await rule.getByRole("heading", { level: 1, name: "mode is none of" }).waitFor();
    assert.equal(await rule.locator(".mark.error").first().innerText(), "Testing");
    await rule.getByRole("link", { name: "Try it in the linter" }).click();
    await rule.locator('[data-finding="pol-mode-invalid"]').waitFor();
    assertQuiet(visitor, []);
  });

  test("a page of a rule needs no script, and loads one file besides itself and its icon", async (t) => {
    const visitor = await visit(t, { at: at("cov-mx-not-covered/"), javaScriptEnabled: false });
    assert.match(await visitor.page.locator(".terminal").innerText(), /error\[cov-mx-not-covered\]: /);
    const files = visitor.requests.map((request) => new URL(request.url()).pathname).filter((path) => path !== "/icon.svg");
    assert.equal(files.length, 2, files.join(" "));
    assertQuiet(visitor, []);
  });

  test("the search shows the rules with every word, and its address does too", async (t) => {
    const visitor = await visit(t, { at: at("") });
    const { page } = visitor;
    const all = await shown(page);
    assert.ok(all > 150, `${all} rules`);
    await page.getByRole("searchbox").fill("  Wildcard ERROR ");
    await page.getByText(new RegExp(`^\\d+ of ${all} rules$`)).waitFor();
    const found = await shown(page);
    assert.ok(found > 0 && found < 10, `${found} rules about errors in wildcards`);
    assert.equal(await page.locator(".rule-index > section:visible h2").count() <= found, true, "empty groups are gone");
    await page.reload();
    assert.equal(await shown(page), found);
    assert.equal(await page.getByRole("searchbox").inputValue(), "  Wildcard ERROR ");
    await page.getByRole("searchbox").fill("");
    await eventually(async () => assert.equal(await shown(page), all));
    assert.equal(page.url(), at(""));
    await page.getByRole("searchbox").fill("<img src=x>");
    assert.equal(await shown(page), 0);
    assertQuiet(visitor, []);
  });

  test("without script the index is whole, and has no search that does nothing", async (t) => {
    const { page } = await visit(t, { at: at("?q=wildcard"), javaScriptEnabled: false });
    assert.ok((await shown(page)) > 150);
    assert.equal(await page.getByRole("searchbox").count(), 0);
  });
});
