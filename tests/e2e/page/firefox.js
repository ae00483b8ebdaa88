// The main flows in Firefox, which tells a page other things than Chromium does: above all, that the page claims no more of
// a policy host than can be seen there. Driven over WebDriver BiDi.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe } from "node:test";
import puppeteer from "puppeteer-core";
import { test, world } from "./browser.js";
import { said } from "./page.js";
import { assertSays } from "./visit.js";

let browser;
before(async () => {
  // Its own list of trusted authorities is part of the profile.
  const profile = mkdtempSync(join(tmpdir(), "firefox-"));
  const certutil = (...options) => execFileSync("certutil", [...options, "-d", `sql:${profile}`]);
  certutil("-N", "--empty-password");
  certutil("-A", "-t", "C,,", "-n", "test-ca", "-i", process.env.SSL_CERT_FILE);
  browser = await puppeteer.launch({
    browser: "firefox",
    executablePath: process.env.MTA_STS_FIREFOX ?? "/usr/bin/firefox-esr",
    userDataDir: profile,
    extraPrefsFirefox: {
      "network.trr.mode": 5, // the names of this world are known to its own DNS alone
      "security.enterprise_roots.enabled": false,
    },
  });
});
after(() => browser?.close());

/** Opens the page at an address; collects what Firefox complains about. */
async function visit(t, at = world.page) {
  const context = await browser.createBrowserContext();
  t.after(() => context.close());
  const page = await context.newPage();
  const complaints = [];
  page.on("pageerror", (error) => complaints.push(`uncaught: ${error.stack ?? error}`));
  page.on("console", (message) => ["error", "warn"].includes(message.type()) && complaints.push(`${message.type()}: ${message.text()}`));
  await page.goto(at);
  return { page, complaints };
}

async function result(page) {
  await page.waitForSelector('[data-test="verdict"] h2', { timeout: 40_000 });
  return page.evaluate(said);
}

async function checked(t, typed) {
  const visitor = await visit(t);
  await visitor.page.type("#domain", typed);
  await visitor.page.keyboard.press("Enter");
  return { ...visitor, ...(await result(visitor.page)) };
}

/**
 * Firefox says on the console why a request failed that the page knows nothing of but that it did. What it says of others
 * than the policy host, and what the page itself says, is a fault.
 */
function assertQuiet(complaints, hosts) {
  const isExpected = (complaint) =>
    /^uncaught: Error: (Cross-Origin Request Blocked:|Content-Security-Policy:|The resource at |The loading of )/.test(complaint) &&
    hosts.some((host) => complaint.includes(`//${host}/`));
  assert.deepEqual(complaints.filter((complaint) => !isExpected(complaint)), []);
}

const STOPS = ["record", "policy-host", "policy", "mx", "reports"];
/** What Firefox cannot tell apart, and Chromium can: a type it does not show is to it as an error. */
const OTHERWISE = { "no-cors-octets.test": ["sends an HTTP error or a reply that browsers show in no frame"] };
/** Beside every policy host that cannot be read, or that redirects, one of each sort. */
const SORTS = ["good.test", "one-uncovered.test", "two-records.test", "missing.test", "markup.test", "xn--bcher-kva.test"];
/** A host that hangs delays what Firefox asks next, even of other hosts: Chromium tells what becomes of those. */
const HANGS = ["hanging.test", "mute.test"];

describe("in Firefox the page says the same", () => {
  for (const { domain, typed, why, says, redirectsTo } of world.scenarios) {
    const isUnread = says.stops[2] === "unseen" || redirectsTo;
    if (HANGS.includes(domain) || !(isUnread || SORTS.includes(domain))) continue;
    test(`Firefox: ${typed}: ${why}`, async (t) => {
      const { complaints, verdict, stops, findings, unseen } = await checked(t, typed);
      assertSays(verdict, OTHERWISE[domain] ?? says.verdict, "the verdict");
      assert.deepEqual(stops, STOPS.map((stop, index) => `${stop}: ${says.stops[index]}`), verdict);
      assertSays(unseen.join(" "), says.unseen, "what could not be seen");
      const grave = (all) => all.filter((finding) => !finding.startsWith("info ")).sort();
      assert.deepEqual(grave(findings), grave(says.findings));
      const elsewhere = redirectsTo ? [new URL(redirectsTo).host, "mta-sts.good.test"] : [];
      assertQuiet(complaints, [`mta-sts.${domain}`, ...elsewhere]);
    });
  }
});

describe("in Firefox a text is linted", () => {
  const FAULTY = "version : STSv1\nmode: enforce\nmx: mx1.example.com\nmax_age: 1209600\n";
  const finding = '[data-finding="pol-wsp-before-colon"]';

  /** The text of the editor, once that is there. */
  const text = async (page) => {
    await page.waitForSelector("#lint-editor[data-editor]");
    return page.$$eval("#lint-editor >>> .cm-line", (lines) => lines.map((line) => line.textContent).join("\n"));
  };

  test("Firefox: typed, put right with one click, and brought back with Undo", async (t) => {
    const { page, complaints } = await visit(t, `${world.page}#lint`);
    assert.equal(await text(page), "");
    await page.locator("#lint-editor >>> .cm-content").click();
    await page.keyboard.type(FAULTY);
    await page.locator(`${finding} .apply`).click();
    await page.waitForFunction((selector) => !document.querySelector(selector), {}, finding);
    assert.equal(await text(page), FAULTY.replace("version : ", "version: "));
    await page.locator("#lint-undo").click();
    await page.waitForSelector(finding);
    assert.equal(await text(page), FAULTY);
    assertQuiet(complaints, []);
  });

  test("Firefox: from a link", async (t) => {
    const { page, complaints } = await visit(t, `${world.page}#lint?text=${encodeURIComponent(FAULTY)}`);
    await page.waitForSelector(finding);
    assert.equal(await text(page), FAULTY);
    assertQuiet(complaints, []);
  });
});
