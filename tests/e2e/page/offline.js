// The page without a network: one version of it, whole or not at all, and nobody else's requests touched.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join } from "node:path";
import { describe } from "node:test";
import { fileURLToPath } from "node:url";
import { test, world } from "./browser.js";
import { check, lint, result } from "./page.js";
import { assertSays, eventually, visit } from "./visit.js";

const SITE = process.env.MTA_STS_SITE ?? fileURLToPath(new URL("../../../www/dist/", import.meta.url));
const FAULTY = "version: STSv1\nmode: enforced\nmx: mx.example.com\nmax_age: 604800\n";
const TYPES = { ".css": "text/css", ".html": "text/html", ".js": "text/javascript", ".svg": "image/svg+xml", ".wasm": "application/wasm" };

/** A static host with the site in a folder, which can change what it serves, and stop answering. */
async function host(t, folder = "/") {
  const files = new Map();
  for (const entry of await readdir(SITE, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath ?? entry.path, entry.name);
    if (entry.isFile()) files.set(path.slice(join(SITE, "x").length - 1), await readFile(path));
  }
  const asked = [];
  let answers = true;
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url, "http://host.test");
    const name = pathname.startsWith(folder) ? pathname.slice(folder.length).replace(/(^|\/)$/, "$1index.html") : "";
    asked.push(name);
    if (!answers) return request.socket.destroy();
    const age = name.startsWith("assets/") ? "max-age=31536000, immutable" : "no-cache";
    response.writeHead(files.has(name) ? 200 : 404, { "Content-Type": TYPES[extname(name)] ?? "text/plain", "Cache-Control": age });
    response.end(files.get(name));
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  return { url: `http://127.0.0.1:${server.address().port}${folder}`, files, asked, stop: () => (answers = false) };
}

const hash = (bytes) => createHash("sha256").update(bytes).digest("hex").slice(0, 16);

/** Uploads a second version: another title, its script under another name, nothing left of the first. */
function deploy({ files }) {
  const scripts = [...files.keys()].filter((name) => /^assets\/.*\.js$/.test(name));
  const renamed = new Map(scripts.map((name, index) => [name, name.replace(/-[A-Z0-9]+(?=\.js$)/, `-SECOND${index}`)]));
  const bare = (name) => name.slice("assets/".length);
  const replaced = (name) =>
    [...renamed].reduce((text, [old, now]) => text.replaceAll(bare(old), bare(now)), files.get(name).toString());
  const changed = new Map([...files.keys()].filter((name) => /\.(html|js|json)$/.test(name)).map((name) => [name, replaced(name)]));
  for (const [name, body] of changed) {
    files.delete(name);
    files.set(renamed.get(name) ?? name, Buffer.from(name === "index.html" ? body.replace("<title>", "<title>Second ") : body));
  }
  const worker = files.get("worker.js").toString();
  const literal = /\{version:"[^"]*",files:\{[^}]*\},archive:"[^"]*"\}/.exec(worker)[0];
  const site = Function(`return ${literal}`)();
  const list = Object.keys(site.files).map((path) => [path, hash(files.get(path.replace(/(^|\/)$/, "$1index.html")))]);
  const next = JSON.stringify({ ...site, version: "second", files: Object.fromEntries(list) });
  files.set("worker.js", Buffer.from(worker.replace(literal, () => next)));
}

/** A visit that is over when the worker has all it needs. */
async function settled(t, at) {
  const visitor = await visit(t, { at, serviceWorkers: "allow" });
  await controlled(visitor.page);
  return { ...visitor, context: visitor.page.context() };
}

const controlled = (page) => page.waitForFunction(() => navigator.serviceWorker.controller !== null, null, { timeout: 30_000 });
const caches = (page) => page.evaluate(() => globalThis.caches.keys());
const update = (page) => page.evaluate(() => navigator.serviceWorker.getRegistration().then((it) => it.update()).then(() => undefined));

async function assertLints(page) {
  await lint(page, FAULTY);
  await page.locator('[data-finding="pol-mode-invalid"]').waitFor();
}

describe("after one visit, without a network", { concurrency: 2 }, () => {
  for (const folder of ["/", "/a/folder/"]) {
    test(`at ${folder}: the page opens, lints, and has the page of every rule`, async (t) => {
      const server = await host(t, folder);
      const { page, context } = await settled(t, server.url);
      server.stop();
      await context.setOffline(true);
      const asked = server.asked.length;
      await page.reload();
      await assertLints(page);
      await page.goto(`${server.url}rules/pol-mode-invalid/`);
      assertSays(await page.locator("main").innerText(), ["none of enforce, testing, none", "pol-mode-invalid"], "the rule");
      await page.getByRole("link", { name: "Try it in the linter" }).click();
      await page.locator('[data-finding="pol-mode-invalid"]').waitFor();
      await page.goto(`${server.url}rules/?q=wildcard`);
      await page.getByText(/^\d+ of \d+ rules$/).waitFor();
      assert.deepEqual(server.asked.slice(asked).filter((name) => name !== "worker.js"), [], "nobody was asked");
    });
  }

  test("the tab of the first visit goes on", async (t) => {
    const server = await host(t);
    const { page, context } = await settled(t, server.url);
    server.stop();
    await context.setOffline(true);
    await assertLints(page); // its engine was not loaded before
  });

  test("a check says that nobody could be asked, and what works all the same", async (t) => {
    const server = await host(t);
    const { page, context } = await settled(t, server.url);
    server.stop();
    await context.setOffline(true);
    await check(page, "good.test");
    assertSays((await result(page)).verdict, ["Whether good.test publishes MTA-STS cannot be seen from here"], "the verdict");
    const note = page.locator('[data-test="offline"]');
    assertSays(await note.innerText(), ["This browser is offline", "To lint a policy or a record takes none"], "the note");
    await note.getByRole("link").click();
    await assertLints(page);
  });

  test("the site as it is deployed, with its headers, does the same", async (t) => {
    const { page, context, complaints } = await settled(t, world.page);
    await context.setOffline(true);
    await page.reload();
    await assertLints(page);
    assert.deepEqual(complaints.filter((complaint) => !complaint.includes("worker.js")), []);
  });
});

describe("a newer version", { concurrency: 2 }, () => {
  const notice = (page) => page.locator("#update");

  test("waits while a page is open, which keeps to its own; then it is there as a whole", async (t) => {
    const server = await host(t);
    const { page } = await settled(t, server.url);
    const before = await caches(page);
    deploy(server);
    await update(page);
    await notice(page).getByText("A newer version of this page is ready").waitFor();
    // The engine of the first version is on no host any more.
    await assertLints(page);
    await page.reload();
    assert.doesNotMatch(await page.title(), /^Second/);
    await assertLints(page);
    await notice(page).getByRole("button").click();
    await page.waitForFunction(() => document.title.startsWith("Second"));
    await assertLints(page);
    const after = await caches(page);
    assert.deepEqual([before.length, after.length], [1, 1], "the older version is gone");
    assert.notDeepEqual(after, before);
  });

  test("is not taken while another tab is open, and that is said", async (t) => {
    const server = await host(t);
    const { page, context } = await settled(t, server.url);
    const other = await context.newPage();
    await other.goto(server.url);
    deploy(server);
    await update(page);
    await notice(page).getByRole("button").click();
    await notice(page).getByText("waits until 1 other tab of this page is closed").waitFor();
    await assertLints(other); // with the engine of its own version
    await other.close();
    await page.goto("about:blank"); // nobody is there any more
    await eventually(async () => {
      await page.goto(server.url);
      assert.match(await page.title(), /^Second/);
      await page.goto("about:blank");
    });
  });

  test("that is not complete is not taken, and nothing is left of it", async (t) => {
    const server = await host(t);
    const { page } = await settled(t, server.url);
    const before = await caches(page);
    deploy(server);
    server.files.set("probe.html", Buffer.from("not uploaded yet"));
    await update(page);
    await page.waitForFunction(() => navigator.serviceWorker.getRegistration().then((it) => it.installing === null && it.waiting === null));
    await eventually(async () => assert.deepEqual(await caches(page), before));
    await page.reload();
    assert.doesNotMatch(await page.title(), /^Second/);
    await assertLints(page);
    assert.equal(await notice(page).innerText(), "");
  });
});

test("the worker answers for the site alone, and is asked for when the page is there", async (t) => {
  const { page, requests } = await settled(t, world.page);
  const first = requests.map((request) => new URL(request.url()).pathname);
  assert.ok(first.findIndex((path) => path.endsWith(".css")) < first.indexOf("/worker.js") || !first.includes("/worker.js"));
  await page.reload();
  const seen = requests.length;
  await check(page, "good.test");
  await result(page);
  const own = new URL(world.page).origin;
  const outside = requests.slice(seen).filter((request) => !request.url().startsWith(own) && request.url().startsWith("https:"));
  assert.ok(outside.length > 5, `${outside.length} requests to others`);
  for (const request of outside) {
    assert.equal(request.serviceWorker(), null, request.url());
    assert.equal((await request.response())?.fromServiceWorker() ?? false, false, request.url());
  }
});
