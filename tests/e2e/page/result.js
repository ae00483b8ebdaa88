// What a result offers to take away: Markdown, JSON, the link, and the commands for the same questions.

import assert from "node:assert/strict";
import { describe } from "node:test";
import { test, world } from "./browser.js";
import { check, lint, result } from "./page.js";
import { assertQuiet, assertSays, visit } from "./visit.js";

const permissions = ["clipboard-read", "clipboard-write"];

/** Checks a domain, presses a button of the result, and reads what it copied. */
async function copied(t, domain, button) {
  const visitor = await visit(t, { permissions });
  const { page } = visitor;
  await check(page, domain);
  await result(page);
  await page.getByRole("button", { name: button, exact: true }).click();
  await page.getByRole("button", { name: "Copied" }).waitFor();
  assertQuiet(visitor, [...world.resolvers, `mta-sts.${domain}`]);
  return page.evaluate(() => navigator.clipboard.readText());
}

describe("a result is taken away", () => {
  test("copied as Markdown: the whole report", async (t) => {
    const text = await copied(t, "one-uncovered.test", "Copy as Markdown");
    assertSays(text, [
      "# MTA-STS of one-uncovered.test",
      "Checked at 20",
      "the DNS answered by `cloudflare-dns.com`.",
      "| MX | broken | 1 of 2 hosts covered |",
      "## Findings: ",
      "- Why: ", "- Instead: ", "- Source: [RFC 8461",
      "- TXT `_mta-sts.one-uncovered.test`: NOERROR; ",
      "```text\nversion: STSv1\nmode: enforce\n".replaceAll("\n", " "),
      "| Preference | Host | Addresses | Pattern | Mail |",
      "| mox ",
      "## Not seen from here", "STARTTLS and the certificate of each MX host",
      "dig _mta-sts.one-uncovered.test TXT", "curl -si https://mta-sts.one-uncovered.test/.well-known/mta-sts.txt",
    ], "the Markdown");
  });

  test("copied as Markdown: a record and a policy full of markup are text", async (t) => {
    const text = await copied(t, "markup.test", "Copy as Markdown");
    const outside = text.replace(/(`+)(?:(?!`)[^])*?\1/g, "").replace(/<https?:[^>\s]+>/g, "");
    assert.doesNotMatch(outside, /(^|[^\\])</m);
  });

  test("copied as Markdown: a text that was linted", async (t) => {
    const { page, complaints } = await visit(t, { permissions });
    await lint(page, "version: STSv1\nmode: enforced\nmx: mx.example.com\nmax_age: 604800\n");
    await page.getByRole("button", { name: "Copy as Markdown" }).click();
    await page.getByRole("button", { name: "Copied" }).waitFor();
    const text = await page.evaluate(() => navigator.clipboard.readText());
    assertSays(text, ["# MTA-STS", "## Findings: 1 error", "`enforced`", "The policy: ```text version: STSv1 mode: enforced"], "the Markdown");
    assert.doesNotMatch(text, /as received|\| Stop \|/);
    assert.deepEqual(complaints, []);
  });

  test("copied as JSON: the report", async (t) => {
    const report = JSON.parse(await copied(t, "good.test", "Copy JSON"));
    assert.deepEqual([report.schema, report.domain.name, report.verdict.outcome], ["mta-sts-report-1", "good.test", "protected"]);
  });

  test("copied as commands: what was asked, for a shell", async (t) => {
    const { page } = await visit(t, { permissions });
    await check(page, "good.test");
    await result(page);
    const section = page.getByRole("region", { name: "The same questions from a terminal" });
    await section.getByRole("button", { name: "Copy" }).click();
    await section.getByRole("button", { name: "Copied" }).waitFor();
    const lines = (await page.evaluate(() => navigator.clipboard.readText())).split("\n");
    for (const line of ["dig _mta-sts.good.test TXT", "dig mta-sts.good.test AAAA", "dig good.test MX", "curl -si https://mta-sts.good.test/.well-known/mta-sts.txt"]) {
      assert.ok(lines.includes(line), `${line} is not among\n${lines.join("\n")}`);
    }
    assert.ok(lines.every((line) => /^(dig|curl) /.test(line)), lines.join("\n"));
  });

  test("the policy host's alias says who serves it", async (t) => {
    const { page } = await visit(t);
    await check(page, "delegated.test");
    assertSays((await result(page)).text, ["Served by hosting.provider.test: mta-sts.delegated.test is an alias of it."], "the page");
  });
});

describe("the route leads to the evidence", () => {
  const stop = (page, id) => page.locator(`[data-stop="${id}"] > button`);

  test("a stop of the route is chosen: its evidence has the keyboard", async (t) => {
    const { page } = await visit(t);
    await check(page, "good.test");
    await result(page);
    await stop(page, "mx").click();
    assert.equal(await page.evaluate(() => document.activeElement.textContent), "MX");
    assert.equal(await stop(page, "mx").getAttribute("aria-expanded"), null);
  });

  test("a stop of the route opens in place on a phone, and closes; in a wide window all stand below", async (t) => {
    const { page } = await visit(t, { viewport: { width: 390, height: 844 } });
    await check(page, "one-uncovered.test");
    await result(page);
    const evidence = page.getByRole("region", { name: "Evidence", exact: true });
    const hosts = page.getByRole("table", { name: "MX hosts, and what happens to mail at each" });
    assert.equal(await evidence.isVisible(), false);
    assert.equal(await hosts.isVisible(), false);
    await stop(page, "mx").click();
    assert.equal(await stop(page, "mx").getAttribute("aria-expanded"), "true");
    assert.equal(await page.locator('[data-stop="mx"] table').isVisible(), true);
    await stop(page, "mx").click();
    assert.equal(await hosts.isVisible(), false);
    await page.getByRole("button", { name: "Go to the place" }).first().click();
    assert.equal(await page.locator('[data-stop="policy"] .mark.current').isVisible(), true);
    await page.setViewportSize({ width: 1280, height: 844 });
    await evidence.waitFor();
    assert.equal(await evidence.locator("table").isVisible(), true);
    assert.equal(await page.locator("[aria-expanded]").count(), 0);
  });
});
