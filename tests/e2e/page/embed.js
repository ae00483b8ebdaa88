// The widget in a page of somebody else: written into that site's folder, and visited there.

import { createHash, randomUUID } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { world } from "./browser.js";

const SCRIPT = `${world.securePage}mta-sts-check.js`;

/** The script, as the README has it embedded, with the digest of its content. */
export const script = () => {
  const digest = createHash("sha384").update(readFileSync(join(world.site, "mta-sts-check.js"))).digest("base64");
  return `<script type="module" src="${SCRIPT}" integrity="sha384-${digest}" crossorigin="anonymous"></script>`;
};

/**
 * The address of a page with this body. `folder` says which policy it is under: none (`open`), or one of the README's
 * (`strict` for any domain, `stricter` for good.test alone).
 */
export function embed(body, { folder = "open", head = script(), style = "" } = {}) {
  const html = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Somebody else’s page</title>
${style === "" ? "" : `<style>${style}</style>`}${head}</head>
<body>${body}</body>
</html>
`;
  return embedPage(html, folder);
}

/** The address of this page. */
export function embedPage(html, folder = "open") {
  const name = `${folder}/${randomUUID()}.html`;
  writeFileSync(join(world.embedded, name), html);
  return world.embedder + name;
}

const PLAIN = `
  :root { color-scheme: light dark; }
  body { margin: 0 auto; padding: 24px 16px; max-width: 960px; font: 16px/1.5 Georgia, serif; }
`;
const COLUMNS = `
  ${PLAIN}
  .columns { display: grid; grid-template-columns: minmax(0, 1fr) 280px; gap: 24px; }
  @media (max-width: 700px) { .columns { grid-template-columns: 280px; } }
`;
const DARK = `
  :root { color-scheme: dark; }
  body { margin: 0 auto; padding: 24px 16px; max-width: 960px; background: #10151f; color: #d5dbe7; font: 17px/1.5 "DejaVu Sans", sans-serif; }
`;
const BROKEN = "version: STSv1\nmode: enforced\n\nmx: mx1.example.com.\nmax_age: 604800\n";

const heading = "<h1>Mail of this school</h1>";
const verdicts = (number) => async (page) => {
  await page.locator('mta-sts-check [data-test="verdict"]').nth(number - 1).waitFor();
};

/** Pages worth looking at, each with the way to see that it has come to rest. */
export const EMBEDDED = {
  "widget, full": [`<main>${heading}<p>Is our mail safe on its way? See for yourself.</p><mta-sts-check domain="no-cors.test"></mta-sts-check></main>`, PLAIN, verdicts(1)],
  "widget, compact": [`<main>${heading}<mta-sts-check compact domain="one-uncovered.test"></mta-sts-check></main>`, PLAIN, verdicts(1)],
  "widget, narrow column": [
    `<div class="columns"><main>${heading}<p>Text of the page, with the widget beside it.</p></main><aside><mta-sts-check compact domain="good.test"></mta-sts-check></aside></div>`,
    COLUMNS,
    verdicts(1),
  ],
  "widget, dark page": [`<main>${heading}<mta-sts-check domain="one-uncovered.test"></mta-sts-check></main>`, DARK, verdicts(1)],
  "widget, lint": [`<main>${heading}<mta-sts-check mode="lint">\n${BROKEN}</mta-sts-check></main>`, PLAIN, verdicts(1)],
  "widget, empty": [`<main>${heading}<mta-sts-check></mta-sts-check></main>`, PLAIN, (page) => page.getByRole("textbox", { name: "Domain" }).waitFor()],
  "widget, several": [
    `<main>${heading}<mta-sts-check compact domain="good.test"></mta-sts-check><mta-sts-check domain="nothing.test"></mta-sts-check><mta-sts-check policy="${BROKEN}"></mta-sts-check></main>`,
    `${PLAIN} mta-sts-check { margin-top: 24px; }`,
    verdicts(3),
  ],
};

/** The ways to {@link EMBEDDED}, as the states of the page have theirs. */
export const EMBEDDED_STATES = Object.fromEntries(
  Object.entries(EMBEDDED).map(([name, [body, style, rest]]) => [
    name,
    async (page) => {
      await page.goto(embed(body, { style }));
      await rest(page);
    },
  ]),
);
