// How long mailauth takes to parse each policy in a folder: node mailauth.mjs FOLDER, from beside the package.
// Prints a line a policy, its name and nanoseconds: the best of several runs.
import { createRequire } from "node:module";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

const { parsePolicy } = createRequire(import.meta.url)("mailauth/lib/mta-sts.js");

const folder = process.argv[2];
for (const name of readdirSync(folder)) {
  const text = readFileSync(join(folder, name), "utf8");
  console.log(`${name}\t${best(() => parsePolicy(text, { strict: true }))}`);
}

function best(run) {
  const once = time(run, 3);
  const times = Math.max(1, Math.ceil(2e7 / once));
  const runs = Array.from({ length: 10 }, () => time(run, times));
  return Math.round(Math.min(...runs));
}

function time(run, times) {
  const start = process.hrtime.bigint();
  for (let i = 0; i < times; i += 1) run();
  return Number(process.hrtime.bigint() - start) / times;
}
