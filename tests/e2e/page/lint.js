// Linting pasted text: told apart by itself, every fault at once, fixed with one click, and nobody is asked.

import assert from "node:assert/strict";
import { describe } from "node:test";
import { test } from "./browser.js";
import "./editor.js";
import { editor, lint, shown } from "./page.js";
import { assertQuiet, assertSays, eventually, visit } from "./visit.js";

const findings = (page) =>
  page.locator("[data-finding]").evaluateAll((all) => all.map((one) => `${one.dataset.severity} ${one.dataset.finding}`).sort());

/** Pastes a text and waits for exactly these findings. */
async function assertFinds(page, text, expected) {
  await lint(page, text);
  await eventually(async () => assert.deepEqual(await findings(page), [...expected].sort()));
}

const POLICY = "version: STSv1\nmode: enforce\nmx: mx1.example.com\nmax_age: 1209600\n";
const RECORD = "v=STSv1; id=20261101T000000";

describe("a text is told apart by itself", () => {
  for (const [what, text, expected] of [
    ["a policy", POLICY, []],
    ["a policy with a fault", POLICY.replace("1209600", "63072000"), ["error pol-max-age-range"]],
    ["a record", RECORD, []],
    ["a record with a fault", "v=STSv1; id=2026-11-01", ["error txt-id-syntax"]],
    ["both", `${RECORD}\n\n${POLICY}`, []],
    ["a TLSRPT record", "v=TLSRPTv1; rua=mailto:tls@example.com", []],
    ["a TLSRPT record with a fault", "v=TLSRPTv1; rua=tls@example.com", ["error rpt-rua-syntax"]],
    ["a web page", "<!doctype html>\n<title>Welcome</title>\n", ["error pol-html"]],
  ]) {
    test(`${what}`, async (t) => {
      const visitor = await visit(t);
      await assertFinds(visitor.page, text, expected);
      assertQuiet(visitor, []);
    });
  }
});

test("one click applies a fix, and it can be undone", async (t) => {
  const { page } = await visit(t);
  const faulty = POLICY.replace("version: STSv1", "version : STSv1");
  await assertFinds(page, faulty, ["error pol-wsp-before-colon"]);
  await page.locator('[data-finding="pol-wsp-before-colon"]').getByRole("button", { name: "Apply" }).click();
  await eventually(async () => assert.equal(await shown(page), POLICY));
  await eventually(async () => assert.deepEqual(await findings(page), []));
  await page.getByRole("button", { name: "Undo" }).click();
  await eventually(async () => assert.equal(await shown(page), faulty));
});

test("each sender's reading is shown, and leads to the finding that makes the difference", async (t) => {
  const { page } = await visit(t);
  await assertFinds(page, `${POLICY}mode: none\n`, ["warning pol-dup-field"]);
  const row = (sender) => page.locator(`[data-sender="${sender}"]`);
  await eventually(async () => assert.match(await row("mox").innerText(), /applies it\s*$/));
  assert.match(await row("stalwart").innerText(), /applies it, and reads\s*mode none/);
  assert.match(await row("kumomta").innerText(), /refuses it/);
  const finding = page.locator('[data-finding="pol-dup-field"] details');
  assert.equal(await finding.getAttribute("open"), null);
  await row("kumomta").getByRole("button", { name: "pol-dup-field" }).click();
  assert.equal(await finding.getAttribute("open"), "");
  assert.match(await finding.innerText(), /KumoMTA drops the policy/);
});

test("linting works offline", async (t) => {
  const visitor = await visit(t);
  await assertFinds(visitor.page, POLICY, []);
  await visitor.page.context().setOffline(true);
  const asked = visitor.requests.length;
  await assertFinds(visitor.page, POLICY.replace("enforce", "enforced"), ["error pol-mode-invalid"]);
  assert.equal(visitor.requests.length, asked, "nobody is asked");
});

test("the address of a lint leads to the same text and findings", async (t) => {
  const { page } = await visit(t);
  const text = POLICY.replace("enforce", "enforced # ü <b>");
  await lint(page, text);
  await page.locator('[data-finding="pol-mode-invalid"]').waitFor();
  await eventually(() => assert.match(page.url(), /#lint\?text=/));
  const again = await visit(t, { at: page.url() });
  await again.page.locator('[data-finding="pol-mode-invalid"]').waitFor();
  assert.equal(await shown(again.page), text);
  assert.equal(await again.page.locator("b", { hasText: /^$/ }).count(), 0);
  assertQuiet(again, []);
});

test("markup in a text is text", async (t) => {
  const visitor = await visit(t);
  await lint(visitor.page, "version: STSv1\nmode: <img src=x onerror=alert(1)>\nmx: <script>alert(2)</script>\nmax_age: 1\n");
  await visitor.page.locator('[data-finding="pol-mode-invalid"]').waitFor();
  assertSays(await visitor.page.locator("body").innerText(), ["<img src=x onerror=alert(1)>"], "the page");
  assert.equal(await visitor.page.locator("img[src=x], main script").count(), 0);
  assertQuiet(visitor, []);
});

test("64 KiB and more are linted without a hang", async (t) => {
  const visitor = await visit(t);
  await lint(visitor.page, POLICY + "x: y\n".repeat(20_000));
  await visitor.page.locator('[data-finding="pol-size"]').waitFor();
  await assertFinds(visitor.page, POLICY, []);
  assertQuiet(visitor, []);
});

describe("the keyboard alone: F8 goes to the next finding, Shift+F8 back, Ctrl+. to its fix", () => {
  for (const [where, reach, marked] of [
    ["in the text", (page) => editor(page).focus(), "[aria-current]"],
    ["in the list", (page) => page.locator("[data-finding] summary").last().focus(), ":has(:focus)"],
  ]) {
    test(`the keyboard alone, ${where}`, async (t) => {
      const { page } = await visit(t);
      await lint(page, "version : STSv1\nmode: enforced\nmx: mx1.example.com\nmax_age: 1209600\n");
      await page.locator("[data-finding]").nth(1).waitFor();
      await reach(page);
      const assertAt = (finding) =>
        eventually(async () => {
          const all = await page.locator("[data-finding]").evaluateAll((all, marked) => all.map((one) => one.matches(marked)), marked);
          assert.equal(all.indexOf(true), finding);
        });
      await page.keyboard.press("F8");
      await assertAt(0);
      await page.keyboard.press("F8");
      await assertAt(1);
      await page.keyboard.press("F8");
      await assertAt(0);
      await page.keyboard.press("Shift+F8");
      await assertAt(1);
      await page.keyboard.press("Shift+F8");
      await assertAt(0);
      await page.keyboard.press("Control+.");
      await page.locator('[data-finding="pol-wsp-before-colon"] .diff').waitFor();
      await page.keyboard.press("Enter");
      await eventually(async () => assert.match(await shown(page), /^version: STSv1\n/));
      // The keyboard is back in the text, where the fix was made.
      await page.keyboard.type("x");
      await eventually(async () => assert.match(await shown(page), /^version(x:|:x) STSv1\n/));
      await page.keyboard.press("Control+Z");
      await page.keyboard.press("Control+Z");
      await eventually(async () => assert.match(await shown(page), /^version : STSv1\n/));
    });
  }
});
