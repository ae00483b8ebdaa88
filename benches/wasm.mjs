// How long the engine takes as wasm for the whole report of each text in a folder: node wasm.mjs PKG FOLDER
// Prints a line a text, its name and nanoseconds: the best of several runs, once the wasm is compiled as well as it gets.
import { readFileSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [pkg, folder] = process.argv.slice(2);
const { init, lintText } = await import(pathToFileURL(resolve(pkg, "node.js")));
await init();

for (const name of readdirSync(folder)) {
  const octets = new Uint8Array(readFileSync(join(folder, name)));
  console.log(`${name}\t${best(() => lintText(octets))}`);
}

function best(run) {
  const once = time(run, 3);
  const times = Math.max(1, Math.ceil(3e6 / once));
  const runs = Array.from({ length: 12 }, () => time(run, times));
  return Math.round(Math.min(...runs));
}

function time(run, times) {
  const start = process.hrtime.bigint();
  for (let i = 0; i < times; i += 1) run();
  return Number(process.hrtime.bigint() - start) / times;
}
