// The world as a script sees it: what the page can and cannot tell of each policy host, with no page in the way.

import assert from "node:assert/strict";
import { after, before, describe } from "node:test";
import { launch, test, world } from "./browser.js";

let browser, page;
before(async () => {
  browser = await launch();
  page = await browser.newPage();
  await page.goto(world.barePage);
});
after(() => browser.close());

/** Runs in the page: every probe of one policy file, in the order of `Host::probes`. */
async function probes(url) {
  const patience = 4000;
  const get = (options) =>
    fetch(url, { cache: "no-store", credentials: "omit", signal: AbortSignal.timeout(patience), ...options }).then(
      (reply) => (reply.type === "opaque" || reply.type === "opaqueredirect" ? reply.type : String(reply.status)),
      (error) => (error.name === "TimeoutError" ? "timeout" : "fail"),
    );
  // A frame whose policy allows this host alone: it sees where a redirect leads by what it is not allowed to see.
  const frame = (body) =>
    new Promise((resolve) => {
      const host = new URL(url).origin;
      const policy = `default-src 'none'; script-src 'unsafe-inline'; connect-src ${host}; object-src ${host}; frame-src ${host}`;
      const element = document.createElement("iframe");
      element.sandbox = "allow-scripts";
      element.srcdoc = `<meta http-equiv="Content-Security-Policy" content="${policy}"><body>${body}`;
      const listen = (event) => event.source === element.contentWindow && resolve(event.data);
      addEventListener("message", listen);
      setTimeout(() => resolve("timeout"), patience);
      document.body.append(element);
    });
  const inFrame = `<script>
    const tell = (what) => parent.postMessage(what, "*");
    addEventListener("securitypolicyviolation", () => tell("violation"));
    fetch("${url}", { mode: "no-cors", cache: "no-store" }).then(() => tell("opaque"), () => setTimeout(tell, 100, "fail"));
  </script>`;
  const inObject = `<script>
    const object = document.createElement("object");
    object.onload = () => parent.postMessage("load", "*");
    object.onerror = () => parent.postMessage("error", "*");
    object.data = "${url}";
    document.body.append(object);
  </script>`;
  return Promise.all([get({}), get({ redirect: "manual" }), get({ mode: "no-cors" }), frame(inFrame), frame(inObject)]);
}

describe("what a script can tell", { concurrency: 6 }, () => {
  for (const { domain, why, resolves, probes: expected } of world.scenarios) {
    if (!resolves) continue;
    test(`${domain}: ${why}`, async () => {
      const found = await page.evaluate(probes, `https://mta-sts.${domain}/.well-known/mta-sts.txt`);
      assert.deepEqual(
        found.map((value, index) => (expected[index] === "*" ? "*" : value)),
        expected,
      );
    });
  }
});
