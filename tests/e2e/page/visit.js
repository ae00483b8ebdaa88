// A visit to the page by somebody who writes down everything: each request, each complaint of the browser.

import assert from "node:assert/strict";
import { after, before } from "node:test";
import { launch, world } from "./browser.js";

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

/**
 * Opens the page in a browser profile of its own, until test `t` is over.
 *
 * `at`: its address, fragment included; the rest as Playwright's `newContext` takes it. Without a service worker, unless
 * they are allowed: what the page itself asks for is told apart from what that keeps.
 */
export async function visit(t, { at = world.page, ...options } = {}) {
  const context = await browser.newContext({ serviceWorkers: "block", ...options });
  t.after(() => context.close());
  const page = await context.newPage();
  const requests = [];
  const complaints = [];
  context.on("request", (request) => requests.push(request));
  page.on("pageerror", (error) => complaints.push(`uncaught: ${error.stack ?? error}`));
  page.on("console", (message) => {
    if (message.text() === "Service Worker registration blocked by Playwright") return;
    if (["error", "warning"].includes(message.type())) {
      complaints.push(`${message.type()}: ${message.text()} (${message.location().url})`);
    }
  });
  page.on("dialog", (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    dialog.dismiss();
  });
  await page.goto(at);
  return { page, requests, complaints };
}

/**
 * The visit asked nobody but the page's own server and `hosts`, and the browser had nothing to complain about. Where a
 * host redirects to, a browser follows before any script can say no: those origins are `elsewhere`.
 */
export function assertQuiet({ page, requests, complaints }, hosts, elsewhere = []) {
  const own = new URL(page.url()).origin;
  const allowed = new Set([own, ...hosts.map((host) => `https://${host}`), ...elsewhere]);
  const others = requests.map((request) => request.url()).filter((url) => {
    const { protocol, origin } = new URL(url);
    return protocol.startsWith("http") && !allowed.has(origin);
  });
  assert.deepEqual(others, [], "requests to somebody else");

  // The browser reports a fetch that failed, and one that its policy kept from going elsewhere, whatever the page
  // makes of it: that much is expected of the hosts at hand.
  const isExpected = (complaint) =>
    (/^error: (Failed to load resource:|Access to fetch at 'https:)/.test(complaint) &&
      [...allowed].some((origin) => origin !== own && complaint.includes(`${origin}/`))) ||
    // A frame of the probe may not save files, whatever type the policy is served as.
    complaint.startsWith("warning: Download is disallowed. The frame initiating or instantiating the download is sandboxed") ||
    elsewhere.some((origin) => complaint.startsWith(`error: Connecting to '${origin}/`));
  const unexpected = complaints.filter((complaint) => !isExpected(complaint));
  assert.deepEqual(unexpected, [], "complaints of the browser");
}

/** `text` holds each of `phrases`; the message says the whole text. */
export function assertSays(text, phrases, where) {
  const plain = text.replace(/\s+/g, " ");
  for (const phrase of phrases) {
    assert.ok(plain.includes(phrase), `${where} does not say\n  ${phrase}\nbut\n  ${plain}`);
  }
}

/** Tries an assertion until it holds or five seconds are over. */
export async function eventually(assertion) {
  for (const end = Date.now() + 5000; ; ) {
    try {
      return await assertion();
    } catch (error) {
      if (Date.now() > end) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
