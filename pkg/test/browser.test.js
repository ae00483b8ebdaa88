// The package in a browser: bundled by Vite, and without a bundler. `MTA_STS_TOOLS` is the folder whose packages do the work.
import assert from "node:assert/strict";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { extname, join, normalize } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";

const tools = createRequire(join(process.env.MTA_STS_TOOLS ?? process.cwd(), "package.json"));
const load = (name) => import(pathToFileURL(tools.resolve(name)));
const here = process.cwd();
const TYPES = { ".html": "text/html", ".js": "text/javascript", ".wasm": "application/wasm", ".json": "application/json" };

let browser, server, origin;
before(async () => {
  const { default: playwright } = await load("playwright-core");
  browser = await playwright.chromium.launch({
    executablePath: process.env.MTA_STS_CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"],
  });
  // As plain as a server can be: files of this folder, by their names.
  server = createServer(async ({ url }, response) => {
    const path = normalize(decodeURIComponent(new URL(url, "http://localhost").pathname));
    const body = await readFile(join(here, path)).catch(() => undefined);
    response.writeHead(body ? 200 : 404, { "content-type": TYPES[extname(path)] ?? "application/octet-stream" }).end(body);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${server.address().port}`;
});
after(async () => {
  await browser?.close();
  server?.close();
});

const POLICY = "version: STSv1\nmode: enforced\nmx: mx.example.com\nmax_age: 604800\n";
const ELEMENT = `<mta-sts-check policy="${POLICY}"></mta-sts-check>`;
const page = (head) => `<!doctype html><html lang="en"><meta charset="utf-8"><link rel="icon" href="data:,"><title>t</title>${head}<body>${ELEMENT}</body></html>`;

/** Opens a file of this folder. What the element and the script in it found, and what was asked of whom. */
async function open(path) {
  const page = await browser.newPage();
  const requests = [];
  const complaints = [];
  page.on("request", (request) => requests.push(request.url()));
  page.on("console", (message) => ["error", "warning"].includes(message.type()) && complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(String(error)));
  await page.goto(`${origin}/${path}`);
  const found = await page.waitForFunction(() => document.querySelector("mta-sts-check").report?.findings.map(({ id }) => id));
  await page.locator('mta-sts-check [data-test="verdict"]').waitFor();
  const script = await page.waitForFunction(() => document.documentElement.dataset.found ?? "nothing");
  const result = { found: await found.jsonValue(), script: await script.jsonValue(), requests, complaints };
  await page.close();
  return result;
}

/** A script that uses the engine beside the element. */
const BESIDE = `
import { init, lintPolicy } from "mta-sts";
import { MtaStsCheckElement } from "mta-sts/check";
import { MtaStsCheckElement as Same } from "mta-sts/element";
await init();
const { findings } = lintPolicy(${JSON.stringify(POLICY)});
document.documentElement.dataset.found = findings.map(({ id }) => id).join() + (Same === MtaStsCheckElement);
`;

/** The element found the fault, the script beside it too, and one engine did it for both. */
function assertWorks({ found, script, requests, complaints }, expected) {
  assert.ok(found.includes("pol-mode-invalid"), String(found));
  assert.equal(script, expected(found));
  assert.deepEqual(complaints, []);
  assert.equal(requests.filter((url) => url.includes(".wasm")).length, 1, requests.join("\n"));
  assert.deepEqual(requests.filter((url) => !url.startsWith(origin)), []);
}

test("bundled by Vite", async () => {
  const { build } = await load("vite");
  await mkdir("vite", { recursive: true });
  await writeFile("vite/index.html", page('<script type="module" src="./main.js"></script>'));
  await writeFile("vite/main.js", BESIDE);
  await build({ root: join(here, "vite"), configFile: false, base: "./", logLevel: "warn", build: { target: "es2022", outDir: "dist" } });
  assertWorks(await open("vite/dist/index.html"), (found) => `${found}true`);
});

test("a bundle of Vite without the element has nothing of it", async () => {
  const { build } = await load("vite");
  await mkdir("vite-engine", { recursive: true });
  await writeFile("vite-engine/main.js", 'import { init, lintPolicy } from "mta-sts"; await init(); console.log(lintPolicy(""));');
  const { output } = await build({
    root: join(here, "vite-engine"), configFile: false, logLevel: "warn",
    build: { target: "es2022", write: false, rolldownOptions: { input: join(here, "vite-engine/main.js") } },
  });
  assert.ok(output.every(({ code }) => !code?.includes("attachShadow")));
});

test("without a bundler, by an import map", async () => {
  const imports = {
    "mta-sts": "/node_modules/mta-sts/index.js",
    "mta-sts/check": "/node_modules/mta-sts/define.js",
    "mta-sts/element": "/node_modules/mta-sts/dist/element.js",
  };
  await writeFile("map.html", page(`<script type="importmap">${JSON.stringify({ imports })}</script><script type="module">${BESIDE}</script>`));
  assertWorks(await open("map.html"), (found) => `${found}true`);
});

test("without a bundler, by the one script", async () => {
  await writeFile("script.html", page('<script type="module" src="/node_modules/mta-sts/dist/mta-sts-check.js"></script>'));
  const opened = await open("script.html");
  assertWorks(opened, () => "nothing");
  assert.equal(opened.requests.length, 3, opened.requests.join("\n")); // the page, the script and the wasm
});
