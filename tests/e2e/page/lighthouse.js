// What Lighthouse says of the built site on its mobile preset: node --test lighthouse.js, with its folder in
// MTA_STS_LIGHTHOUSE. What depends on the page alone is asserted. Speed is the machine's too, and printed.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { test, world } from "./browser.js";

const CLI = join(process.env.MTA_STS_LIGHTHOUSE, "node_modules/lighthouse/cli/index.js");
/** The least performance that a fast enough machine should see. */
const FAST = 98;

const run = promisify(execFile);

async function audit(url) {
  const flags = "--headless=new --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-component-update --disable-sync";
  const options = ["--output=json", "--quiet", "--no-enable-error-reporting", `--chrome-flags=${flags}`];
  const { stdout } = await run(process.execPath, [CLI, url, ...options], {
    env: { ...process.env, CHROME_PATH: process.env.MTA_STS_CHROMIUM ?? "/usr/bin/chromium" },
    maxBuffer: 2 ** 28,
  });
  return JSON.parse(stdout);
}

for (const [name, path] of [["the start page", ""], ["the index of the rules", "rules/"], ["a rule", "rules/pol-blank-line/"]]) {
  test(`${name}: nothing is amiss`, async (t) => {
    const { categories, audits, runtimeError } = await audit(new URL(path, world.securePage).href);
    assert.equal(runtimeError?.message, undefined);
    const points = (id) => Math.round((categories[id].score ?? 0) * 100);
    const said = Object.keys(categories).map((id) => `${id} ${points(id)}`).join(", ");
    t.diagnostic(`${name}: ${said}`);
    if (points("performance") < FAST) {
      const metrics = categories.performance.auditRefs.filter(({ weight }) => weight > 0).map(({ id }) => `${id} ${audits[id].displayValue}`);
      t.diagnostic(`slower than ${FAST}: ${metrics.join(", ")}`);
    }
    for (const id of ["accessibility", "best-practices", "seo"]) {
      const amiss = categories[id].auditRefs
        .filter(({ id, weight }) => weight > 0 && audits[id].score !== null && audits[id].score < 1)
        .map(({ id }) => `${id}: ${audits[id].title} ${JSON.stringify(audits[id].details?.items ?? []).slice(0, 400)}`);
      assert.deepEqual(amiss, [], id);
      assert.equal(points(id), 100, id);
    }
  });
}
