// The editor of the lint: the text stays exact, fixes and findings are in step with it, and the keyboard gets out again.

import assert from "node:assert/strict";
import { describe } from "node:test";
import { test, world } from "./browser.js";
import { downloaded, editor, lint, shown } from "./page.js";
import { assertQuiet, eventually, visit } from "./visit.js";

const POLICY = "version: STSv1\nmode: enforce\nmx: mx1.example.com\nmax_age: 1209600\n";
const finding = (page, id) => page.locator(`[data-finding="${id}"]`);
const open = (page, text, name = "mta-sts.txt") =>
  page.getByLabel("Open a file").setInputFiles({ name, mimeType: "text/plain", buffer: Buffer.from(text) });

/** The editor, with a text in it as from a file: byte for byte. */
async function withText(t, text, options) {
  const visitor = await visit(t, options);
  const { page } = visitor;
  await lint(page, "");
  await open(page, text);
  await editor(page).focus();
  await page.keyboard.press("Control+Home");
  return visitor;
}

const assertExact = (page, text) =>
  eventually(async () => assert.equal((await downloaded(page)).bytes.toString("latin1"), Buffer.from(text).toString("latin1")));

describe("the text stays exact", { concurrency: 2 }, () => {
  const CRLF = POLICY.replaceAll("\n", "\r\n");
  const type = (text) => (page) => page.keyboard.type(text);
  const press = (...keys) => async (page) => {
    for (const key of keys) await page.keyboard.press(key);
  };
  for (const [why, before, acts, after] of [
    ["what is opened is what is downloaded", `\ufeff${CRLF}x\ry\0\u200b\u202e\n\n`, [], undefined],
    ["a key on a CRLF text", CRLF, [type("#")], `#${CRLF}`],
    ["Enter ends the line as the others do", "a\r\nb\r\n", [press("End", "Enter"), type("c")], "a\r\nc\r\nb\r\n"],
    ["Enter between LF and CRLF is LF", "a\r\nb\n", [press("End", "Enter"), type("c")], "a\nc\r\nb\n"],
    ["Backspace takes CR and LF together", "a\r\nb\r\n", [press("ArrowDown", "Home", "Backspace")], "ab\r\n"],
    ["so does Delete", "a\r\nb\r\n", [press("End", "Delete")], "ab\r\n"],
    ["the arrow goes past both", "a\r\nb\r\n", [press("End", "ArrowRight"), type("c")], "a\r\ncb\r\n"],
    ["and back", "a\r\nb\r\n", [press("ArrowDown", "Home", "ArrowLeft"), type("c")], "ac\r\nb\r\n"],
    ["a lone CR is one character", "a\rb\n", [press("ArrowRight", "ArrowRight"), type("c")], "a\rcb\n"],
    ["undo brings back what a key took", "a\r\nb\r\n", [press("Control+A", "Delete", "Control+Z")], "a\r\nb\r\n"],
    ["one space is one space", "    a\n", [press("End", "ArrowLeft", "Backspace")], "   a\n"],
    ["a line begins where it begins", "  a\n", [press("End", "Enter"), type("b")], "  a\nb\n"],
    ["beyond the first plane", "\u{1f4ee}x\n", [press("ArrowRight"), type("a"), press("Delete")], "\u{1f4ee}a\n"],
  ]) {
    test(`the text stays exact: ${why}`, async (t) => {
      const visitor = await withText(t, before);
      await assertExact(visitor.page, before);
      await editor(visitor.page).focus();
      await visitor.page.keyboard.press("Control+Home");
      for (const act of acts) await act(visitor.page);
      await assertExact(visitor.page, after ?? before);
      assertQuiet(visitor, []);
    });
  }

  test("the text stays exact: a paste, with the ends it has", async (t) => {
    const visitor = await visit(t);
    const { page } = visitor;
    await lint(page, "");
    const paste = (text) =>
      editor(page).evaluate((element, text) => {
        const clipboardData = new DataTransfer();
        clipboardData.setData("text/plain", text);
        element.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true, composed: true }));
      }, text);
    await editor(page).focus();
    await paste("a\r\nb\rc\n");
    await assertExact(page, "a\r\nb\rc\n");
    await editor(page).focus();
    await page.keyboard.press("Control+A");
    await paste("a\r\nb\r\n");
    await assertExact(page, "a\r\nb\r\n");
    await editor(page).focus();
    await page.keyboard.press("Control+Home");
    await paste("x\ny\n");
    await assertExact(page, "x\r\ny\r\na\r\nb\r\n");
  });

  test("the text stays exact: a fix in a CRLF text, and undo", async (t) => {
    const faulty = CRLF.replace("version:", "version :");
    const { page } = await withText(t, faulty);
    await finding(page, "pol-wsp-before-colon").getByRole("button", { name: "Apply" }).click();
    await assertExact(page, CRLF);
    await page.getByRole("button", { name: "Undo" }).click();
    await assertExact(page, faulty);
  });

  test("the text stays exact: octets that are no text", async (t) => {
    const octets = Buffer.from([...Buffer.from(POLICY), 0xff, 0xfe, 0x0a]);
    const { page } = await withText(t, octets);
    await finding(page, "pol-not-utf8").waitFor();
    assert.deepEqual((await downloaded(page)).bytes, octets);
  });
});

test("line ends are told, and made alike when somebody asks", async (t) => {
  const { page } = await withText(t, "version: STSv1\r\nmode: none\nmax_age: 86400\r\n");
  const ends = page.getByRole("combobox", { name: "Line ends" });
  await eventually(async () => assert.equal(await ends.locator("option:checked").innerText(), "mixed: 1 LF, 2 CRLF"));
  assert.deepEqual(await page.locator("#lint-editor .hidden-char").allInnerTexts(), ["CRLF", "CRLF"]);
  await ends.selectOption("CRLF");
  await assertExact(page, "version: STSv1\r\nmode: none\r\nmax_age: 86400\r\n");
  // Where every line ends so, it goes without saying.
  assert.deepEqual(await page.locator("#lint-editor .hidden-char").allInnerTexts(), []);
  await page.getByRole("button", { name: "Undo" }).click();
  await assertExact(page, "version: STSv1\r\nmode: none\nmax_age: 86400\r\n");
});

test("a download is named after what it is", async (t) => {
  const { page } = await visit(t);
  for (const [text, name] of [[POLICY, "mta-sts.txt"], ["v=STSv1; id=1", "record.txt"], [`v=STSv1; id=1\n\n${POLICY}`, "record.txt"]]) {
    await lint(page, text);
    await eventually(async () => assert.equal((await downloaded(page)).name, name));
  }
});

test("what would not be seen is named in its place", async (t) => {
  const { page } = await withText(t, "version: STSv1\nmode: none\nmx: a\u200bb\tc\0\nmax_age: 86400\n");
  await eventually(async () => assert.deepEqual(await page.locator("#lint-editor .hidden-char").allInnerTexts(), ["U+200B", "TAB", "NUL"]));
});

describe("a finding is told where it stands", () => {
  const FAULTY = POLICY.replace("version: STSv1", "version : STSv1").replace("enforce", "<b>enforced</b>");
  const tooltip = (page) => page.locator("#lint-editor .cm-tooltip");

  test("a finding is told where it stands: by the mouse, with its fix", async (t) => {
    const visitor = await visit(t);
    const { page } = visitor;
    await lint(page, FAULTY);
    await page.locator("#lint-editor .cm-lintRange-error").first().hover();
    await tooltip(page).locator(".diff").waitFor();
    await tooltip(page).getByRole("button", { name: "Apply the fix" }).click();
    await eventually(async () => assert.match(await shown(page), /^version: STSv1\n/));
    await page.locator("#lint-editor .cm-lint-marker-error").hover();
    await eventually(async () => assert.match(await tooltip(page).innerText(), /<b>enforced<\/b>/));
    assert.equal(await page.locator("#lint-editor b").count(), 0);
    assertQuiet(visitor, []);
  });

  test("a finding is told where it stands: by F8, until Escape", async (t) => {
    const { page } = await visit(t);
    await lint(page, FAULTY);
    await finding(page, "pol-mode-invalid").waitFor();
    await page.keyboard.press("F8");
    await tooltip(page).waitFor();
    await page.keyboard.press("Escape");
    await eventually(async () => assert.equal(await tooltip(page).count(), 0));
  });

  test("a finding is told where it stands: the list follows the cursor, and the cursor the list", async (t) => {
    const { page } = await visit(t);
    await lint(page, FAULTY);
    await finding(page, "pol-mode-invalid").waitFor();
    const current = () => page.locator("[data-finding][aria-current]").evaluateAll((all) => all.map((one) => one.dataset.finding));
    await page.keyboard.press("Control+Home");
    for (let k = 0; k < "version".length; k++) await page.keyboard.press("ArrowRight");
    await eventually(async () => assert.deepEqual(await current(), ["pol-wsp-before-colon"]));
    await page.keyboard.press("ArrowDown");
    await eventually(async () => assert.deepEqual(await current(), ["pol-mode-invalid"]));
    await finding(page, "pol-wsp-before-colon").locator("summary").click();
    await eventually(async () => assert.deepEqual(await current(), ["pol-wsp-before-colon"]));
    assert.equal(await page.locator("#lint-editor .current").innerText(), " ");
  });
});

test("all that is safe is seen before it is done, and is one step", async (t) => {
  const { page } = await visit(t);
  const faulty = "version : STSv1\n\nmode: Enforce\nmx: mx.example.com.\nmax_age: 604800\n";
  await lint(page, faulty);
  await page.getByText("Before and after all that is safe").click();
  const lines = () => page.locator("#lint-preview .diff-line").evaluateAll((all) => all.map((line) => line.innerText.replace(/\s+/g, " ").trim()));
  await eventually(async () => assert.ok((await lines()).length > 2, "there is a preview"));
  assert.equal(await shown(page), faulty);
  assert.match((await lines()).join("\n"), /− before: version : STSv1\n.*\+ after: version: STSv1/);
  await page.getByRole("button", { name: "Fix all that is safe" }).click();
  await eventually(async () => assert.equal(await shown(page), "version: STSv1\nmode: Enforce\nmx: mx.example.com\nmax_age: 604800\n"));
  await page.keyboard.press("Control+Z");
  await eventually(async () => assert.equal(await shown(page), faulty));
  await page.keyboard.press("Control+Y");
  await eventually(async () => assert.match(await shown(page), /^version: STSv1\nmode/));
});

test("Tab leaves the editor", async (t) => {
  const { page } = await visit(t);
  await lint(page, POLICY);
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.querySelector("#lint-editor").contains(document.activeElement)), false);
  await page.keyboard.press("Shift+Tab");
  assert.equal(await page.evaluate(() => document.querySelector("#lint-editor").contains(document.activeElement)), true);
  assert.equal(await shown(page), POLICY);
});

describe("until the editor is loaded, the text area takes the text", () => {
  const area = (page) => page.locator("#lint-text");
  const CODE = /\/assets\/code-[^/]*\.js$/;

  test("until the editor is loaded, what is typed, selected and in focus moves over", async (t) => {
    const visitor = await visit(t);
    const { page } = visitor;
    let release;
    const held = new Promise((resolve) => (release = resolve));
    await page.route(CODE, async (route) => {
      await held;
      await route.continue();
    });
    await page.getByRole("link", { name: "Lint", exact: true }).click();
    await area(page).fill(POLICY.replace("enforce", "enforced"));
    await finding(page, "pol-mode-invalid").waitFor();
    await finding(page, "pol-mode-invalid").getByRole("button", { name: "Apply" }).click();
    await eventually(async () => assert.equal(await area(page).inputValue(), POLICY));
    await area(page).evaluate((area) => area.setSelectionRange(0, 7));
    release();
    await page.locator("#lint-editor[data-editor]").waitFor();
    await page.keyboard.type("V");
    await eventually(async () => assert.equal(await shown(page), POLICY.replace("version", "V")));
    await page.keyboard.press("Control+Z");
    await page.keyboard.press("Control+Z");
    await eventually(async () => assert.match(await shown(page), /enforced/));
    assertQuiet(visitor, []);
  });

  test("until the editor is loaded, and if it never is, the text is linted all the same", async (t) => {
    const { page } = await visit(t);
    await page.route(CODE, (route) => route.abort());
    await page.getByRole("link", { name: "Lint", exact: true }).click();
    await page.getByText("The editor did not load").waitFor();
    await area(page).fill(POLICY.replace("version:", "version :"));
    await finding(page, "pol-wsp-before-colon").getByRole("button", { name: "Apply" }).click();
    await eventually(async () => assert.equal(await area(page).inputValue(), POLICY));
    await page.getByRole("button", { name: "Undo" }).click();
    await eventually(async () => assert.match(await area(page).inputValue(), /^version :/));
  });
});

test("a start page has no editor to load", async (t) => {
  const { page, requests } = await visit(t);
  await page.waitForLoadState("networkidle");
  assert.deepEqual(requests.map((request) => request.url()).filter((url) => /\/code-/.test(url)), []);
});

test("a text too long for the address says so", async (t) => {
  const { page } = await visit(t);
  await lint(page, POLICY + "é: y\n".repeat(20_000));
  await page.getByText("This text is too long for a link").waitFor();
  await lint(page, POLICY);
  await page.getByText("This text is too long for a link").waitFor({ state: "hidden" });
});

test("a long text is marked where one looks", async (t) => {
  const { page } = await visit(t);
  await lint(page, POLICY + "mx: 192.0.2.1\n".repeat(4_000));
  await page.locator("[data-finding]").first().waitFor();
  await page.keyboard.press("Control+End");
  await eventually(async () => assert.ok((await page.locator("#lint-editor .cm-lintRange").count()) > 5));
  const start = Date.now();
  await page.keyboard.type("mode: x");
  await eventually(async () => assert.match(await shown(page), /mode: x$/));
  assert.ok(Date.now() - start < 4000, "typing goes on");
});

describe("the MX hosts of the lint are filled from the DNS", () => {
  const ready = async (t, domain, resolver) => {
    const visitor = await visit(t);
    const { page } = visitor;
    if (resolver) await page.getByRole("textbox", { name: "Resolver" }).fill(`https://${resolver}/dns-query`);
    await lint(page, POLICY);
    await page.getByText("Compare with MX hosts").click();
    await page.getByRole("textbox", { name: "Domain of the policy" }).fill(domain);
    await page.getByRole("button", { name: "Fill from DNS" }).click();
    return visitor;
  };
  const hosts = (page) => page.getByRole("textbox", { name: "MX hosts" }).inputValue();

  test("the lint's MX hosts are those of the domain, and the policy is held against them", async (t) => {
    const visitor = await ready(t, "many.test");
    const { page } = visitor;
    await eventually(async () => assert.equal((await hosts(page)).split("\n").length, 10));
    await page.getByText(`10 hosts, as ${world.resolvers[0]} answered.`).first().waitFor();
    await page.locator('#lint-result [data-finding="cov-uncovered"]').or(page.getByRole("heading", { name: "MX hosts" })).first().waitFor();
    assertQuiet(visitor, [world.resolvers[0]]);
  });

  for (const [why, domain, resolver, says] of [
    ["a name that does not exist", "nobody.test", undefined, "The field is as it was"],
    ["a resolver that is dead", "many.test", "doh-dead.test", "Asked: https://doh-dead.test/dns-query"],
    ["no domain", "", undefined, "Type the domain of the policy"],
    ["a domain that is none", "192.0.2.1", undefined, "an IP address has no policy"],
  ]) {
    test(`the lint's MX hosts stay, and why is said: ${why}`, async (t) => {
      const { page } = await ready(t, domain, resolver);
      await eventually(async () => assert.ok((await page.locator("#lint-mx-said").innerText()).includes(says), await page.locator("#lint-mx-said").innerText()));
      assert.equal(await hosts(page), "");
    });
  }

  test("the lint's MX hosts: asking can be cancelled", async (t) => {
    const { page } = await ready(t, "many.test", "doh-silent.test");
    await page.getByRole("button", { name: "Cancel" }).click();
    await page.getByText("Cancelled. The field is as it was.").first().waitFor();
    await page.getByRole("button", { name: "Fill from DNS" }).waitFor();
  });
});
