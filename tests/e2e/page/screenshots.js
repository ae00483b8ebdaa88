// Pictures of every state, at three widths, light and dark: node screenshots.js DIR [FILTER]

import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { launch, world } from "./browser.js";
import { STATES } from "./states.js";

const [dir, only = ""] = process.argv.slice(2);
await mkdir(dir, { recursive: true });
const browser = await launch();
const looks = [1280, 768, 390].flatMap((width) => ["light", "dark"].map((colorScheme) => ({ width, colorScheme })));
for (const [name, reach] of Object.entries(STATES)) {
  if (!name.includes(only)) continue;
  const picture = async ({ width, colorScheme }) => {
    const context = await browser.newContext({ colorScheme, viewport: { width, height: 844 } });
    const page = await context.newPage();
    await page.goto(world.page);
    await reach(page);
    const path = join(dir, `${name.replaceAll(/[ ,]+/g, "-")}-${width}-${colorScheme}.png`);
    await page.screenshot({ path, fullPage: true });
    await context.close();
    console.log(path);
  };
  await Promise.all(looks.map(picture));
}
await browser.close();
