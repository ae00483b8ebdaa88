// How long a key takes, in the editor of the lint: from its event to the frame that shows the text with its marks, and to
// the list of findings beside it, which waits until a pause where showing it takes long. Printed, never judged.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { launch, world } from "./browser.js";
import { editor, lint } from "./page.js";

/** Keys for each text. The first ones are not counted: the browser has yet to compile. */
const KEYS = 14;
const WARM = 4;

const [dir] = process.argv.slice(2);
const texts = ["policies", "hostile"].flatMap((kind) =>
  readdirSync(join(dir, kind))
    .map((name) => ({ name, text: readFileSync(join(dir, kind, name), "utf8") }))
    .sort((a, b) => a.text.length - b.text.length),
);
const browser = await launch();
const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
const COLUMNS = { marks: "marks drawn", list: "list in step" };
console.log(`Chromium ${browser.version()}, milliseconds from the key.\n`);
console.log(`${"".padEnd(41)}${Object.values(COLUMNS).map((column) => column.padStart(19)).join("")}`);
console.log(`${"".padEnd(33)}  octets${Object.values(COLUMNS).map(() => "    median    worst").join("  ")}`);
for (const { name, text } of texts) {
  const page = await context.newPage();
  await page.goto(world.page);
  await lint(page, text);
  await page.waitForTimeout(500);
  await editor(page).focus();
  await page.keyboard.press("Control+Home");
  await page.keyboard.press("End");
  await page.evaluate(measure);
  for (let key = 0; key < KEYS; key++) {
    await page.keyboard.press(key % 2 === 0 ? "x" : "Backspace");
    await page.waitForFunction((key) => globalThis.keystrokes.length > key && globalThis.keystrokes[key].list, key);
  }
  const found = (await page.evaluate(() => globalThis.keystrokes)).slice(WARM);
  const figure = (number) => number.toFixed(1).padStart(8);
  const columns = Object.keys(COLUMNS).map((column) => {
    const times = found.map((keystroke) => keystroke[column]).toSorted((a, b) => a - b);
    return `  ${figure(times[times.length >> 1])} ${figure(times.at(-1))}`;
  });
  console.log(`${name.padEnd(32)} ${String(Buffer.byteLength(text)).padStart(8)}${columns.join("")}`);
  await page.close();
}
await browser.close();

/** Runs in the page. The lint of a key is in the frame after it: what comes after that frame has been drawn. */
function measure() {
  globalThis.keystrokes = [];
  const output = document.querySelector("#lint-result");
  addEventListener(
    "keydown",
    (event) => {
      const keystroke = {};
      globalThis.keystrokes.push(keystroke);
      const since = (start) => performance.now() - start;
      const list = new MutationObserver(() => {
        list.disconnect();
        keystroke.list = since(event.timeStamp);
      });
      list.observe(output, { childList: true });
      requestAnimationFrame(() => next(() => (keystroke.marks = since(event.timeStamp))));
    },
    true,
  );
  /** In the task after this one. */
  function next(run) {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = run;
    port2.postMessage(undefined);
  }
}
