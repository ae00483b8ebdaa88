// What a visitor does on the page, and what there is to read afterwards.

/** Types a domain and asks for the check, as a visitor does. */
export async function check(page, domain) {
  await page.getByRole("textbox", { name: "Domain" }).fill(domain);
  await page.getByRole("button", { name: "Check", exact: true }).click();
}

/** Waits for the verdict, and reads what the result says. */
export async function result(page, timeout = 30_000) {
  await page.locator('[data-test="verdict"]:not(:empty)').waitFor({ timeout });
  await page.waitForFunction(() => !document.querySelector('[data-stop][data-state="asking"]'), null, { timeout });
  return page.evaluate(said);
}

/** Runs in the page, in any browser: what the result says. */
export function said() {
  const all = (selector, read) => Array.from(document.querySelectorAll(selector), read);
  return {
    sentence: document.querySelector('[data-test="verdict"] h2').innerText,
    verdict: document.querySelector('[data-test="verdict"]').innerText,
    stops: all("[data-stop]", (stop) => `${stop.dataset.stop}: ${stop.dataset.state}`),
    findings: all("[data-finding]", (finding) => `${finding.dataset.severity} ${finding.dataset.finding}`),
    unseen: all('[data-test="unseen"] > li', (item) => item.innerText),
    // textContent: what is folded away is said, too.
    text: document.body.textContent.replace(/\s+/g, " "),
  };
}

/** Turns to the lint, and puts a text in the place of what is there, as pasting does. */
export async function lint(page, text) {
  await page.getByRole("link", { name: "Lint", exact: true }).click();
  await editor(page).waitFor();
  await page.locator("#lint-editor[data-editor]").waitFor();
  await editor(page).focus();
  await page.keyboard.press("Control+A");
  if (text === "") await page.keyboard.press("Delete");
  else await page.keyboard.insertText(text);
}

/** The editor of the lint; before that is loaded, the text area. */
export const editor = (page) => page.getByRole("textbox", { name: "Policy or record text" });

/** The lines that are in view in the editor, without what stands for characters that cannot be seen. */
export const shown = (page) =>
  page.locator("#lint-editor .cm-line").evaluateAll((lines) =>
    lines.map((line) => {
      const copy = line.cloneNode(true);
      for (const name of copy.querySelectorAll(".hidden-char")) name.remove();
      return copy.textContent;
    }).join("\n"),
  );

/** The exact text, as it is downloaded. */
export async function downloaded(page) {
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Download" }).click()]);
  const chunks = [];
  for await (const chunk of await download.createReadStream()) chunks.push(chunk);
  return { name: download.suggestedFilename(), bytes: Buffer.concat(chunks) };
}
