// The element where there is no document, and its manifest against what it is. What the manifest says of the inside of the
// element is tested where there is an inside, in a browser.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { test } from "node:test";

import { MtaStsCheckElement as registered } from "mta-sts/check";
import { MtaStsCheckElement } from "mta-sts/element";

const require = createRequire(import.meta.url);
const manifest = require("mta-sts/custom-elements.json");
const declared = manifest.modules.flatMap(({ declarations }) => declarations).find(({ tagName }) => tagName === "mta-sts-check");
const names = (list) => list.map(({ name }) => name).sort();
const of = (prototype) => Object.entries(Object.getOwnPropertyDescriptors(prototype));

test("it can be imported where there is no document", () => {
  assert.equal(registered, MtaStsCheckElement);
  assert.equal(globalThis.customElements, undefined);
});

test("the manifest has the element's attributes, properties and methods", () => {
  assert.deepEqual(names(declared.attributes), [...MtaStsCheckElement.observedAttributes].sort());
  const inherited = ["constructor", "focus", "connectedCallback", "connectedMoveCallback", "disconnectedCallback", "adoptedCallback", "attributeChangedCallback"];
  const own = of(MtaStsCheckElement.prototype).filter(([name]) => !inherited.includes(name));
  const fields = declared.members.filter(({ kind }) => kind === "field");
  const methods = declared.members.filter(({ kind }) => kind === "method");
  assert.deepEqual(names(fields), own.filter(([, { get }]) => get).map(([name]) => name).sort());
  assert.deepEqual(names(methods), own.filter(([, { value }]) => value).map(([name]) => name).sort());
  assert.deepEqual(names(fields.filter(({ readonly }) => readonly)), own.filter(([, { get, set }]) => get && !set).map(([name]) => name).sort());
});

test("its events, slots, parts and custom properties are in the script", async () => {
  const script = await readFile(require.resolve("mta-sts/mta-sts-check.js"), "utf8");
  for (const { name } of [...declared.events, ...declared.cssProperties]) assert.ok(script.includes(name), name);
  const events = new Set(script.match(/"mta-sts-(?!check)[\w]+"/g));
  assert.deepEqual([...events].sort(), names(declared.events).map((name) => `"${name}"`));
});

test("its modules are files of the package", async () => {
  for (const { path } of manifest.modules) await readFile(new URL(path, `file://${require.resolve("mta-sts/package.json")}`));
});

test("the README has the manifest's tables", async () => {
  const readme = await readFile(new URL("README.md", `file://${require.resolve("mta-sts/package.json")}`), "utf8");
  const rows = readme.split("\n").filter((line) => line.startsWith("|"));
  const { attributes, events, slots, cssParts, cssProperties, members } = declared;
  const methods = members.filter(({ kind }) => kind === "method").map(({ name }) => ({ name: `${name}(` }));
  for (const { name, ...rest } of [...attributes, ...events, ...slots, ...cssParts, ...cssProperties, ...methods]) {
    if (name === "") continue;
    const row = rows.find((row) => row.split("|")[1].includes(`\`${name}`));
    assert.ok(row, `the README has no row for ${name}`);
    const value = rest.default?.replace(/^light-dark\((.*\)), (.*)\)$/, "$1` / `$2");
    if (value) assert.ok(row.includes(`\`${value}\``), `${row} does not say ${value}`);
  }
});
