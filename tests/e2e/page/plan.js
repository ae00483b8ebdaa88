// Planning a change: what is published and what is to be, typed, from a link or from the DNS; the steps, and what is taken away.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { describe } from "node:test";
import { test, world } from "./browser.js";
import { assertQuiet, assertSays, eventually, visit } from "./visit.js";

const policy = (host, mode = "enforce") => `version: STSv1\nmode: ${mode}\nmx: ${host}\nmax_age: 604800\n`;
const NOON = "2026-03-01T12:00:00Z";
const MOVE = {
  domain: "example.com",
  old: policy("mx1.example.com"),
  record: "v=STSv1; id=20260115",
  mx: "10 mx1.example.com",
  new: policy("mx.example.net"),
  "new-mx": "10 mx.example.net",
  ttl: "1h",
  "mx-ttl": "3600",
  start: NOON,
};
const link = (fields) => `${world.page}#plan?${new URLSearchParams(fields)}`;

const planned = (page) => page.locator('[data-test="plan"]');
const field = (page, name) => page.locator(`#plan-${name}`);

/** Each step with its date. */
const steps = (page) =>
  page.locator("[data-step]").evaluateAll((all) => all.map((step) => [step.dataset.step, step.querySelector(".when time").dateTime]));

async function open(t, fields, options = {}) {
  const visitor = await visit(t, { at: link(fields), ...options });
  await planned(visitor.page).waitFor();
  return visitor;
}

async function download(page, name) {
  const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name }).click()]);
  return { name: file.suggestedFilename(), text: await readFile(await file.path(), "utf8") };
}

describe("a plan", { concurrency: 3 }, () => {
  const { old, record, mx, new: next, "new-mx": nextMx, ...rest } = MOVE;
  for (const [what, fields, sentence, expected] of [
    ["of other MX hosts", MOVE, "Change the MX hosts: 6 steps", [
      ["publish-both", NOON],
      ["id-both", NOON],
      ["change-mx", "2026-03-08T13:00:00Z"],
      ["publish-policy", "2026-03-08T14:00:00Z"],
      ["id-policy", "2026-03-08T14:00:00Z"],
      ["done", "2026-03-15T15:00:00Z"],
    ]],
    ["of a first policy", { ...rest, new: next, mx: nextMx }, "Publish a policy: 6 steps", [
      ["publish-tlsrpt", NOON],
      ["publish-testing", NOON],
      ["id-testing", NOON],
      ["publish-policy", "2026-03-15T12:00:00Z"],
      ["id-policy", "2026-03-15T12:00:00Z"],
      ["done", "2026-03-22T13:00:00Z"],
    ]],
    ["of removal, after a longer max_age", { ...rest, old, record, mx, remove: "yes", "max-age": "2 weeks" }, "Remove the policy: 4 steps", [
      ["publish-none", NOON],
      ["id-none", NOON],
      ["delete-record", "2026-03-15T13:00:00Z"],
      ["delete-policy", "2026-03-15T14:00:00Z"],
    ]],
  ]) {
    test(`${what} has its steps and dates`, async (t) => {
      const visitor = await open(t, fields);
      assertSays(await planned(visitor.page).innerText(), [sentence], "the plan");
      assert.deepEqual(await steps(visitor.page), expected);
      assertQuiet(visitor, []);
    });
  }

  test("has its dates as the reader writes them, and exact", async (t) => {
    const { page } = await open(t, MOVE, { timezoneId: "Asia/Tokyo", locale: "en-GB" });
    const time = page.locator('[data-step="change-mx"] .when time');
    assert.match(await time.innerText(), /^Sun,? 8 Mar 2026,? (at )?22:00$/);
    assert.equal(await time.getAttribute("title"), "2026-03-08T13:00:00Z");
    assert.equal(await field(page, "start").inputValue(), "2026-03-01T21:00"); // noon in UTC
  });

  test("says what goes wrong at once, how long to wait, and who may do so earlier", async (t) => {
    const { page } = await open(t, MOVE);
    assert.deepEqual(await page.locator("#plan [data-finding]").evaluateAll((all) => all.map(({ dataset }) => dataset.finding)), ["ops-old-policy", "ops-add-mx"]);
    const step = page.locator('[data-step="change-mx"]');
    assertSays(await step.textContent(), ["Wait about 7 days (608400 seconds) after step 2", "TXT TTL 1 hour (3600 seconds) + max_age 7 days (604800 seconds)", "chasquid"], "the step");
    assertSays(await step.locator("figure").innerText(), ["mx.example.net"], "what is published");
  });

  test("of what has errors says what to correct", async (t) => {
    const { page } = await open(t, { ...MOVE, new: policy("mx.example.net", "enforced") });
    assertSays(await planned(page).innerText(), ["What is to be has errors, which come first"], "the plan");
    await page.locator('#plan [data-finding="pol-mode-invalid"]').waitFor();
    assert.equal(await page.locator("[data-step]").count(), 0);
    assert.equal(await page.getByRole("button", { name: "Download .ics" }).count(), 0);
    const finding = page.locator('#plan [data-finding="pol-mode-invalid"]');
    if ((await finding.locator("details").getAttribute("open")) === null) await finding.locator("summary").first().click();
    await finding.getByRole("button", { name: "Go to the place" }).click();
    assert.equal(await field(page, "new").evaluate((area) => area.value.slice(area.selectionStart, area.selectionEnd)), "enforced");
  });

  test("follows what is typed, and so does the address, which leads to the same", async (t) => {
    const { page } = await visit(t, { at: `${world.page}#plan` });
    await field(page, "old").fill(MOVE.old);
    await page.getByText("What is the policy to be?").waitFor();
    await page.getByRole("button", { name: "Copy what is published" }).click();
    await planned(page).getByText("Nothing changes for senders").waitFor();
    await field(page, "new").fill(MOVE.new);
    await planned(page).getByText("Change the MX hosts").waitFor();
    await eventually(() => assert.match(page.url(), /new=version.*mx\.example\.net.*start=/));
    const said = await page.locator("#plan .outcome").innerText();
    const again = await visit(t, { at: page.url() });
    await planned(again.page).waitFor();
    assert.equal(await again.page.locator("#plan .outcome").innerText(), said);
    assert.equal(await field(again.page, "new").inputValue(), MOVE.new);
  });

  for (const name of ["Move to other MX hosts", "A first policy", "Remove a policy"]) {
    test(`can be tried without typing: ${name}`, async (t) => {
      const { page } = await visit(t, { at: `${world.page}#plan` });
      await page.getByRole("link", { name }).click();
      await planned(page).waitFor();
      assert.ok((await steps(page)).length >= 4);
      await eventually(() => assert.match(page.url(), /&start=/)); // so that the link shows the same tomorrow
    });
  }
});

describe("a plan is taken away", { concurrency: 3 }, () => {
  test("as a calendar", async (t) => {
    const { page, complaints } = await open(t, MOVE);
    const { name, text } = await download(page, "Download .ics");
    assert.equal(name, "mta-sts-example.com.ics");
    assert.ok(text.endsWith("END:VCALENDAR\r\n"));
    for (const line of text.split("\r\n")) assert.ok(Buffer.byteLength(line) <= 75 && !line.includes("\n"), line);
    const lines = text.replaceAll("\r\n ", "").split("\r\n");
    const all = (key) => lines.filter((line) => line.startsWith(`${key}:`)).map((line) => line.slice(key.length + 1));
    const compact = (date) => date.replace(/[-:]/g, "");
    assert.deepEqual(all("DTSTART"), (await steps(page)).map(([, date]) => compact(date)));
    assertSays(all("DESCRIPTION")[0], [MOVE.new.split("\n").slice(0, 2).join("\\n")], "the first event");
    // At another time the events are the same.
    await field(page, "start").fill("2026-04-01T12:00");
    await eventually(async () => assert.match((await steps(page))[0][1], /^2026-0[34]-/));
    const moved = (await download(page, "Download .ics")).text.replaceAll("\r\n ", "").split("\r\n");
    assert.deepEqual(moved.filter((line) => line.startsWith("UID:")), lines.filter((line) => line.startsWith("UID:")));
    assert.equal(new Set(all("UID")).size, 6);
    assert.deepEqual(complaints, []);
  });

  test("as text", async (t) => {
    const { page } = await open(t, MOVE, { permissions: ["clipboard-read", "clipboard-write"] });
    await page.getByRole("button", { name: "Copy as text" }).click();
    await page.getByRole("button", { name: "Copied" }).waitFor();
    const text = await page.evaluate(() => navigator.clipboard.readText());
    assert.match(text, /^MTA-STS of example\.com: change the MX hosts: 6 steps/);
    for (const [, date] of await steps(page)) assert.ok(text.includes(date), date);
    await page.locator('[data-step="publish-both"]').getByRole("button", { name: "Copy" }).click();
    await eventually(async () => assert.match(await page.evaluate(() => navigator.clipboard.readText()), /^version: STSv1\nmode: enforce\nmx: mx\.example\.net\nmx: mx1\.example\.com\n/));
  });
});

describe("what is published is filled in from the DNS", { concurrency: 3 }, () => {
  const fill = async (page, domain) => {
    await field(page, "domain").fill(domain);
    await page.getByRole("button", { name: "Fill in from the DNS" }).click();
  };

  test("policy, record, MX hosts and TTLs, and it is said what nobody can see", async (t) => {
    const visitor = await visit(t, { at: `${world.page}#plan` });
    const { page } = visitor;
    await fill(page, "good.test");
    await page.getByText("The policy is filled in as it is served.").waitFor();
    assert.match(await field(page, "old").inputValue(), /^version: STSv1\nmode: enforce\nmx: mx1\.good\.test\n/);
    assert.match(await field(page, "record").inputValue(), /^v=STSv1; id=/);
    assert.match(await field(page, "mx").inputValue(), /^10 mx1\.good\.test$/);
    assert.match(await field(page, "ttl").inputValue(), /^\d+$/);
    assertSays(await page.locator("#plan .filled").innerText(), ["Nobody can see the longest max_age"], "the page");
    assertQuiet(visitor, [...world.resolvers, "mta-sts.good.test"]);
  });

  test("a policy that a browser cannot read is named, and keeps what was typed", async (t) => {
    const { page } = await visit(t, { at: `${world.page}#plan` });
    await field(page, "old").fill(MOVE.old);
    await fill(page, "no-cors.test");
    await page.getByText("The policy cannot be seen from here").waitFor();
    assert.equal(await field(page, "old").inputValue(), MOVE.old);
    assert.match(await field(page, "record").inputValue(), /^v=STSv1/);
  });

  test("no resolver that answers is named", async (t) => {
    const { page } = await visit(t);
    await page.getByRole("textbox", { name: "Resolver" }).fill("https://doh-dead.test/dns-query");
    await page.getByRole("link", { name: "Plan", exact: true }).click();
    await fill(page, "good.test");
    await page.getByText("The record cannot be seen from here: https://doh-dead.test/dns-query").waitFor();
  });

  for (const [how, cancel] of [
    ["the button", (page) => page.locator("#plan").getByRole("button", { name: "Cancel" }).click()],
    ["Escape", (page) => page.keyboard.press("Escape")],
  ]) {
    test(`it can be cancelled with ${how}`, async (t) => {
      const { page } = await visit(t, { at: `${world.page}#plan` });
      await fill(page, "hanging.test");
      await page.getByText("and the policy host …").waitFor();
      await cancel(page);
      await page.getByText("Cancelled. Nothing was filled in.").waitFor();
      assert.equal(await field(page, "old").inputValue(), "");
    });
  }

  test("what is no domain is refused in the engine's words", async (t) => {
    const visitor = await visit(t, { at: `${world.page}#plan` });
    await fill(visitor.page, "192.0.2.1");
    await visitor.page.getByText("an IP address has no policy, only domains do").waitFor();
    assert.equal(await field(visitor.page, "domain").inputValue(), "192.0.2.1");
    assert.equal(await field(visitor.page, "domain").getAttribute("aria-invalid"), "true");
    assertQuiet(visitor, []);
  });
});

describe("nothing that was typed is lost", { concurrency: 3 }, () => {
  test("by turning to another view and back", async (t) => {
    const { page } = await open(t, MOVE);
    const address = page.url();
    await page.getByRole("link", { name: "Lint", exact: true }).click();
    await page.getByRole("link", { name: "Plan", exact: true }).click();
    await eventually(() => assert.equal(new URLSearchParams(page.url().split("?")[1]).get("new"), MOVE.new));
    assert.equal(await field(page, "new").inputValue(), MOVE.new);
    assert.equal((await steps(page)).length, 6);
    await page.goBack();
    await page.goBack();
    await eventually(() => assert.equal(page.url(), address));
  });

  test("by a number that is none", async (t) => {
    const { page } = await open(t, { ...MOVE, ttl: "soon" });
    assertSays(await page.locator("#plan-ttl-complaint").innerText(), ["“soon” is no length of time"], "the field");
    assert.equal(await field(page, "ttl").inputValue(), "soon");
    assert.equal((await steps(page)).length, 6); // with the default
  });

  test("by a domain that is none", async (t) => {
    const { page } = await open(t, { ...MOVE, domain: "two words.test" });
    assertSays(await page.locator("#plan-domain-complaint").innerText(), ["there is a space inside the name"], "the field");
    assert.equal((await steps(page)).length, 6); // its texts name no domain
  });
});

test("a link that cannot be a plan is refused with a reason", async (t) => {
  const { page } = await visit(t, { at: link({ ...MOVE, start: "tomorrow" }) });
  assertSays(await page.getByRole("alert").innerText(), ["“tomorrow” in “start”, which is no time"], "the page");
});

test("markup in a plan is text", async (t) => {
  const visitor = await open(t, { ...MOVE, domain: "<img src=x onerror=alert(1)>", new: policy("<img src=x onerror=alert(2)>"), "new-mx": "<b>bold</b>" });
  assert.equal(await visitor.page.locator("img[src=x], main b").count(), 0);
  assertQuiet(visitor, []);
});
