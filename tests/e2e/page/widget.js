// The widget in pages of another site: under the policies its README gives, in pages that mean it no good, moved about.

import assert from "node:assert/strict";
import { AxeBuilder } from "@axe-core/playwright";
import { readFileSync } from "node:fs";
import { describe } from "node:test";
import { test, world } from "./browser.js";
import { embed, embedPage, EMBEDDED, script } from "./embed.js";
import { assertQuiet, assertSays, eventually, visit } from "./visit.js";

const PROTECTED = "Senders that honour MTA-STS deliver to good.test only over verified TLS to mx1.good.test.";
const BROKEN = "version: STSv1\nmode: enforced\nmx: mx.example.com.\nmax_age: 604800\n";
const SITE = new URL(world.securePage).host;
const MANIFEST = JSON.parse(readFileSync(new URL("../../../pkg/custom-elements.json", import.meta.url), "utf8"));
const DECLARED = MANIFEST.modules.flatMap(({ declarations }) => declarations).find(({ tagName }) => tagName === "mta-sts-check");

const widget = (page, nth = 0) => page.locator("mta-sts-check").nth(nth);
const verdict = (page, nth = 0) => widget(page, nth).locator('[data-test="verdict"]');
const asked = (requests, part) => requests.filter((request) => request.url().includes(part)).length;

/** Opens a page with this body. */
const open = (t, body, { folder, head, style, ...options } = {}) =>
  visit(t, { at: embed(body, { folder, head, style }), ...options });

/** Waits until the widget has a verdict, and reads it. */
async function says(page, nth = 0) {
  await verdict(page, nth).waitFor({ timeout: 30_000 });
  return verdict(page, nth).innerText();
}

/** From now on the events of the page's widgets are written down. */
const listen = (page) =>
  page.evaluate(() => {
    window.heard = [];
    for (const type of ["mta-sts-report", "mta-sts-error"]) {
      document.addEventListener(type, ({ detail, target }) =>
        window.heard.push([type, detail.verdict?.outcome ?? detail.name, target.localName, detail === target.report]));
    }
  });
const heard = (page) => page.evaluate(() => window.heard);

/** A page that has the script later, and is listened to before. */
async function later(t, body) {
  const visitor = await open(t, body, { head: "" });
  await listen(visitor.page);
  return { ...visitor, load: () => visitor.page.addScriptTag({ type: "module", url: `${world.securePage}mta-sts-check.js` }) };
}

describe("the widget under a strict policy, with the digest of its script", { concurrency: 3 }, () => {
  for (const folder of ["strict", "stricter"]) {
    test(`${folder}: it checks, styled, and asks nobody but resolvers and policy host`, async (t) => {
      const visitor = await open(t, '<mta-sts-check domain="good.test"></mta-sts-check>', { folder });
      assertSays(await says(visitor.page), [PROTECTED], "the widget");
      const button = widget(visitor.page).getByRole("button", { name: "Check", exact: true });
      assert.notEqual(await button.evaluate((element) => getComputedStyle(element).backgroundColor), "rgba(0, 0, 0, 0)");
      assertQuiet(visitor, [SITE, world.resolvers[0], "mta-sts.good.test"]);
      assert.equal(asked(visitor.requests, ".wasm"), 1);
      // Nothing of the page goes with a request.
      for (const request of visitor.requests.filter((request) => !request.url().includes("embedder.test"))) {
        const headers = await request.allHeaders();
        if (!request.url().endsWith(".js")) assert.equal(headers.referer, undefined, request.url());
        assert.equal(headers.cookie, undefined, request.url());
      }
    });
  }

  test("it lints there", async (t) => {
    const visitor = await open(t, `<mta-sts-check policy="${BROKEN}"></mta-sts-check>`, { folder: "strict" });
    assertSays(await says(visitor.page), ["No sender that follows RFC 8461 can use this"], "the widget");
    assertQuiet(visitor, [SITE]);
  });

  test("the example page does what it shows", async (t) => {
    const example = readFileSync(new URL("../../../examples/widget.html", import.meta.url), "utf8");
    const html = example.replaceAll("http://127.0.0.1:8461", new URL(world.securePage).origin).replaceAll("example.com", "good.test");
    const visitor = await visit(t, { at: embedPage(html) });
    assertSays(await says(visitor.page, 0), [PROTECTED], "the first");
    assertSays(await says(visitor.page, 1), ["No sender that follows RFC 8461 can use this"], "the second");
    assertSays(await says(visitor.page, 2), [PROTECTED], "the third");
    assertQuiet(visitor, [SITE, world.resolvers[0], "mta-sts.good.test"]);
  });

  test("a script with another digest does not run, and the fallback stays", async (t) => {
    const { page } = await open(t, '<mta-sts-check domain="good.test">Look it up.</mta-sts-check>', {
      head: script().replace(/sha384-..../, "sha384-AAAA"),
    });
    await page.waitForTimeout(500);
    assert.equal(await page.getByText("Look it up.").isVisible(), true);
    assert.equal(await page.evaluate(() => customElements.get("mta-sts-check")), undefined);
  });

  for (const [what, fulfil] of [
    ["wasm that is another", { status: 200, contentType: "application/wasm", body: "\0asm\x01\0\0\0" }],
    ["no wasm", { status: 404, body: "" }],
  ]) {
    test(`${what}: it says that it did not load, and shows the fallback`, async (t) => {
      const { page, load } = await later(t, '<mta-sts-check domain="good.test"><p>Look it up.</p></mta-sts-check>');
      const headers = { "Access-Control-Allow-Origin": "*" };
      await page.context().route("**/*.wasm*", (route) => route.fulfill({ ...fulfil, headers }));
      await load();
      await eventually(async () => assert.deepEqual(await heard(page), [["mta-sts-error", "EngineError", "mta-sts-check", false]]));
      assertSays(await widget(page).getByRole("alert").innerText(), ["The validator did not load"], "the widget");
      assert.equal(await page.getByText("Look it up.").isVisible(), true);
      // Once the engine is to be had, the next attempt has it.
      await page.context().unroute("**/*.wasm*");
      await widget(page).getByRole("button", { name: "Check", exact: true }).click();
      assertSays(await says(page), [PROTECTED], "the widget");
      assert.equal(await page.getByText("Look it up.").isVisible(), false);
    });
  }
});

describe("before and without the script", { concurrency: 3 }, () => {
  const BODY = '<mta-sts-check domain="good.test"><p slot="fallback">Scripts are off.</p></mta-sts-check>';

  test("without scripts the fallback is there to read", async (t) => {
    const visitor = await open(t, BODY, { javaScriptEnabled: false });
    assert.equal(await visitor.page.getByText("Scripts are off.").isVisible(), true);
    assertQuiet(visitor, [SITE]);
  });

  test("it is there before the script, and not after", async (t) => {
    const { page, load } = await later(t, BODY);
    assert.equal(await page.getByText("Scripts are off.").isVisible(), true);
    await load();
    assertSays(await says(page), [PROTECTED], "the widget");
    assert.equal(await page.getByText("Scripts are off.").isVisible(), false);
  });

  test("properties that were set before the script count, and hide nothing", async (t) => {
    const { page, load } = await later(t, "<mta-sts-check></mta-sts-check>");
    await page.evaluate(() => Object.assign(document.querySelector("mta-sts-check"), { domain: "good.test", compact: true }));
    await load();
    assertSays(await says(page), [PROTECTED], "the widget");
    const element = await page.evaluate(() => document.querySelector("mta-sts-check").outerHTML);
    assert.equal(element, '<mta-sts-check domain="good.test" compact=""></mta-sts-check>');
    await page.evaluate(() => (document.querySelector("mta-sts-check").domain = "nothing.test"));
    await eventually(async () => assertSays(await says(page), ["nothing.test"], "the widget"));
  });

  test("the script twice is as good as once", async (t) => {
    const again = `<script type="module" src="${world.securePage}mta-sts-check.js?again"></script>`;
    const visitor = await open(t, '<mta-sts-check domain="good.test"></mta-sts-check>', { head: script() + again });
    assertSays(await says(visitor.page), [PROTECTED], "the widget");
    assertQuiet(visitor, [SITE, world.resolvers[0], "mta-sts.good.test"]);
  });
});

describe("attributes, properties, methods and events", { concurrency: 3 }, () => {
  test("a report is an event, and a property", async (t) => {
    const { page, load } = await later(t, '<div><mta-sts-check domain="good.test"></mta-sts-check></div>');
    await load();
    await says(page);
    assert.deepEqual(await heard(page), [["mta-sts-report", "protected", "mta-sts-check", true]]);
  });

  test("what is set together is checked once", async (t) => {
    const { page, requests } = await open(t, "<mta-sts-check></mta-sts-check>");
    await widget(page).getByRole("textbox").waitFor();
    assert.equal(asked(requests, "dns-query"), 0, "nothing is asked without a domain");
    await widget(page).getByText("Asks Cloudflare, then Google, and the domain’s own policy host, from this browser.").waitFor();
    await page.evaluate(() => {
      const element = document.querySelector("mta-sts-check");
      element.domain = "no-cors.test";
      element.setAttribute("resolver", "https://doh-dead.test/dns-query");
      element.resolver = "https://doh.test/dns-query, https://doh2.test/dns-query";
      element.domain = "good.test";
    });
    assertSays(await says(page), [PROTECTED], "the widget");
    assert.equal(asked(requests, "mta-sts.good.test"), 1);
    assert.deepEqual([asked(requests, "no-cors.test"), asked(requests, "doh-dead.test"), asked(requests, "cloudflare")], [0, 0, 0]);
  });

  test("what is no domain and what is no resolver is refused with a reason, as an event too", async (t) => {
    const visitor = await later(t, '<mta-sts-check domain="192.0.2.1"></mta-sts-check>');
    const { page } = visitor;
    await visitor.load();
    const alert = widget(page).getByRole("alert");
    await alert.waitFor();
    assertSays(await alert.innerText(), ["an IP address has no policy"], "the widget");
    assert.equal(await widget(page).getByRole("textbox").getAttribute("aria-invalid"), "true");
    await page.evaluate(() => Object.assign(document.querySelector("mta-sts-check"), { domain: "good.test", resolver: "nobody" }));
    await eventually(async () => assertSays(await alert.innerText(), ["“nobody” is no resolver"], "the widget"));
    assert.deepEqual((await heard(page)).map(([type, name]) => `${type} ${name}`), ["mta-sts-error Error", "mta-sts-error Error"]);
    assert.equal(await page.evaluate(() => document.querySelector("mta-sts-check").report), null);
    assertQuiet(visitor, [SITE]);
  });

  test("methods promise a report, and say why there is none", async (t) => {
    const { page } = await open(t, "<mta-sts-check></mta-sts-check>");
    await widget(page).getByRole("textbox").waitFor();
    const done = await page.evaluate(async () => {
      const element = document.querySelector("mta-sts-check");
      const said = (promise) => promise.then((report) => report.verdict.outcome, (error) => `${error.name}: ${error.message}`);
      const results = [await said(element.check()), await said(element.check("good.test"))];
      results.push(element.report.domain.name, element.getAttribute("domain"));
      const overtaken = said(element.check("many.test"));
      results.push(await said(element.check("good.test")), (await overtaken).split(":")[0]);
      const cancelled = said(element.check("hanging.test"));
      results.push(element.cancel(), element.cancel(), (await cancelled).split(":")[0], element.report);
      results.push(await said(element.lint("version: STSv1\nmode: none\nmax_age: 86400\n")), element.mode, element.report.policy.mode);
      results.push(await said(element.check("good.test")), element.mode);
      return results;
    });
    assert.deepEqual(done, [
      "Error: Type a domain, such as example.com.", "protected",
      "good.test", null, // what is checked by a method changes no attribute
      "protected", "AbortError",
      true, false, "AbortError", null,
      "inactive", "lint", "none",
      "protected", "check",
    ]);
  });

  test("compact folds all but verdict, route and counts; a stop opens it at its evidence", async (t) => {
    const { page, requests } = await open(t, '<mta-sts-check compact domain="one-uncovered.test"></mta-sts-check>');
    await says(page);
    const shown = await widget(page).locator("[part~=box]").innerText();
    assertSays(shown, ["1 error, 2 notes, 2 not seen from here"], "the widget");
    assert.ok(!shown.includes("Evidence"), shown);
    await widget(page).locator('[data-stop="mx"] button').click();
    const focused = await page.evaluate(() => document.querySelector("mta-sts-check").shadowRoot.activeElement.textContent);
    assert.equal(focused, "MX");
    const before = requests.length;
    await page.evaluate(() => (document.querySelector("mta-sts-check").compact = false));
    assert.equal(await widget(page).locator(".fold").count(), 0);
    assert.equal(requests.length, before, "nobody is asked again");
  });

  test("a policy that cannot be read is judged when it is pasted", async (t) => {
    const visitor = await open(t, '<mta-sts-check domain="no-cors.test"></mta-sts-check>', { folder: "strict" });
    const { page } = visitor;
    await says(page);
    await widget(page).getByRole("textbox", { name: "Policy text" }).fill("version: STSv1\nmode: enforce\nmx: mx1.no-cors.test\nmax_age: 1209600\n");
    await widget(page).getByRole("button", { name: "Judge this text" }).click();
    await widget(page).getByRole("heading", { name: "Judged with the text you gave" }).waitFor();
    assertSays(await says(page), ["deliver to no-cors.test only over verified TLS"], "the widget");
    assertQuiet(visitor, [SITE, ...world.resolvers, "mta-sts.no-cors.test"]);
  });

  test("the policy beside a domain is judged in place of its own", async (t) => {
    const policy = "version: STSv1&#10;mode: testing&#10;mx: mx1.good.test&#10;max_age: 1209600&#10;";
    const { page, requests } = await open(t, `<mta-sts-check domain="good.test" policy="${policy}"></mta-sts-check>`);
    assertSays(await says(page), ["good.test"], "the widget");
    assert.equal(await page.evaluate(() => document.querySelector("mta-sts-check").report.policy.mode), "testing");
    assert.equal(asked(requests, "mta-sts.txt"), 0);
  });

  test("the keyboard alone checks and cancels", async (t) => {
    const { page, requests } = await open(t, "<mta-sts-check></mta-sts-check>");
    await widget(page).getByRole("textbox").waitFor();
    await page.keyboard.press("Tab");
    await page.keyboard.type("hanging.test");
    await page.keyboard.press("Enter");
    await eventually(() => assert.equal(asked(requests, "mta-sts.hanging.test"), 1));
    await page.keyboard.press("Escape");
    await widget(page).getByText("The check was cancelled.", { exact: false }).first().waitFor();
  });
});

describe("the lint of the widget", { concurrency: 3 }, () => {
  test("text inside the element is linted, fixed, and brought back", async (t) => {
    const visitor = await later(t, `<mta-sts-check mode="lint">\n${BROKEN}</mta-sts-check>`);
    const { page } = visitor;
    await visitor.load();
    await says(page);
    const field = widget(page).getByRole("textbox", { name: "Policy or record text" });
    assert.equal(await field.inputValue(), BROKEN);
    await widget(page).getByRole("button", { name: "Fix all that is safe" }).click();
    await eventually(async () => assert.equal(await field.inputValue(), BROKEN.replace("com.", "com")));
    await widget(page).getByRole("button", { name: "Apply" }).click();
    await eventually(async () => assert.equal(await field.inputValue(), BROKEN.replace("com.", "com").replace("enforced", "enforce")));
    await widget(page).getByRole("button", { name: "Undo" }).click();
    await widget(page).getByRole("button", { name: "Undo" }).click();
    assert.equal(await field.inputValue(), BROKEN);
    await eventually(async () => assert.equal((await heard(page)).length, 5));
    assertQuiet(visitor, [SITE]);
  });

  test("it follows what is typed, and its places lead into the text", async (t) => {
    const { page } = await open(t, `<mta-sts-check policy="${BROKEN}"></mta-sts-check>`);
    await says(page);
    const field = widget(page).getByRole("textbox");
    const finding = widget(page).locator('[data-finding="pol-mode-invalid"]');
    await finding.locator("summary").click();
    await finding.getByRole("button", { name: "Go to the place" }).click();
    const selected = await field.evaluate((area) => area.value.slice(area.selectionStart, area.selectionEnd));
    assert.equal(selected, "enforced");
    await page.keyboard.type("enforce");
    await eventually(async () => assert.equal(await finding.count(), 0));
    await field.fill("v=STSv1; id=2026-11-01");
    await widget(page).locator('[data-finding="txt-id-syntax"]').waitFor(); // it is no policy any more
    await field.fill("");
    await eventually(async () => assert.equal(await verdict(page).count(), 0));
  });

  test("a record and a policy are one text", async (t) => {
    const { page } = await open(t, "<mta-sts-check></mta-sts-check>");
    await widget(page).getByRole("textbox").waitFor();
    await page.evaluate((policy) => Object.assign(document.querySelector("mta-sts-check"), { policy, record: "v=STSv1; id=1;" }), BROKEN);
    await says(page);
    const names = await page.evaluate(() => document.querySelector("mta-sts-check").report.documents.map(({ kind }) => kind).sort());
    assert.deepEqual(names, ["policy", "record"]);
  });
});

describe("moved about", { concurrency: 3 }, () => {
  const waiting = async (t) => {
    const visitor = await open(t, '<mta-sts-check domain="hanging.test"></mta-sts-check><div id="there"></div>');
    await eventually(() => assert.equal(asked(visitor.requests, "mta-sts.hanging.test"), 1));
    return visitor;
  };

  for (const method of ["append", "moveBefore"]) {
    test(`moved with ${method} while it asks: it goes on, and nobody is asked twice`, async (t) => {
      const { page, requests } = await waiting(t);
      const before = requests.length;
      await page.evaluate((method) => {
        const element = document.querySelector("mta-sts-check");
        const there = document.getElementById("there");
        if (method === "append" || !("moveBefore" in there)) there.append(element);
        else there.moveBefore(element, null);
      }, method);
      await page.waitForTimeout(300);
      assert.equal(await widget(page).locator('[data-state="asking"]').count(), 5);
      assert.equal(asked(requests.slice(before), "mta-sts.hanging.test/"), 0);
    });
  }

  test("removed while it asks: it stops; put back: it asks again", async (t) => {
    const { page, requests } = await waiting(t);
    const failed = page.waitForEvent("requestfailed", (request) => request.url().includes("mta-sts.hanging.test"));
    await page.evaluate(() => {
      window.kept = document.querySelector("mta-sts-check");
      window.kept.remove();
    });
    await failed;
    const before = requests.length;
    await page.waitForTimeout(300);
    assert.equal(requests.length, before, "nobody is asked any more");
    await page.evaluate(() => document.body.append(window.kept));
    await eventually(() => assert.equal(asked(requests, "mta-sts.hanging.test/"), 2));
  });

  test("a result stays when it is removed and put back, and nobody is asked again", async (t) => {
    const { page, requests } = await open(t, '<mta-sts-check domain="good.test"></mta-sts-check>');
    await says(page);
    const before = requests.length;
    await page.evaluate(async () => {
      const element = document.querySelector("mta-sts-check");
      element.remove();
      await new Promise((resolve) => setTimeout(resolve, 50));
      document.body.append(element);
    });
    await page.waitForTimeout(300);
    assertSays(await says(page), [PROTECTED], "the widget");
    assert.equal(requests.length, before);
  });

  test("into another document: it keeps its style", async (t) => {
    const { page } = await open(t, '<mta-sts-check domain="good.test"></mta-sts-check><iframe title="there"></iframe>');
    await says(page);
    const background = await page.evaluate(() => {
      const element = document.querySelector("mta-sts-check");
      document.querySelector("iframe").contentDocument.body.append(element);
      const box = element.shadowRoot.querySelector("[part~=box]");
      return box.ownerDocument.defaultView.getComputedStyle(box).containerType;
    });
    assert.equal(background, "inline-size");
  });

  test("several on a page share one engine, and none is mistaken for another", async (t) => {
    const visitor = await open(
      t,
      `<mta-sts-check domain="good.test"></mta-sts-check><mta-sts-check domain="nothing.test"></mta-sts-check><mta-sts-check policy="${BROKEN}"></mta-sts-check>`,
    );
    const { page, requests } = visitor;
    assertSays(await says(page, 0), [PROTECTED], "the first");
    assertSays(await says(page, 1), ["nothing.test"], "the second");
    assertSays(await says(page, 2), ["No sender"], "the third");
    assert.equal(asked(requests, ".wasm"), 1);
    assertQuiet(visitor, [SITE, world.resolvers[0], "mta-sts.good.test", "mta-sts.nothing.test"]);
  });
});

describe("in a page that means it no good", { concurrency: 3 }, () => {
  const HOSTILE = `
    * { all: unset !important; }
    style, script, head, title { display: none !important; }
    *, mta-sts-check, mta-sts-check * {
      color: red !important; background: yellow !important; font: 3px/9 cursive !important; letter-spacing: 1em !important;
      text-transform: uppercase !important; text-indent: 50px !important; visibility: hidden !important; cursor: none !important;
      white-space: nowrap !important; word-spacing: 9px !important; direction: rtl !important; text-align: right !important;
      pointer-events: none !important; user-select: none !important; --ink: red !important; --paper: yellow !important;
    }
    button, input, p, h2, .verdict, .route { display: none !important; position: fixed !important; }
  `;
  const CALM = ["color", "backgroundColor", "fontFamily", "letterSpacing", "textTransform", "textIndent", "visibility", "cursor",
    "whiteSpace", "wordSpacing", "direction", "pointerEvents", "userSelect", "display", "position", "lineHeight", "fontWeight"];

  test("it looks the same, but for the size of its text, which stays readable", async (t) => {
    const seen = [];
    for (const style of ["body { font-size: 3px }", HOSTILE]) {
      const { page } = await open(t, '<mta-sts-check domain="good.test"></mta-sts-check>', { style });
      await says(page);
      seen.push(await page.evaluate((properties) => {
        const root = document.querySelector("mta-sts-check").shadowRoot;
        return ["[part~=box]", "h2", "[part~=field]", "form button", ".stop-name", ".consequence"].map((selector) => {
          const style = getComputedStyle(root.querySelector(selector));
          return [selector, ...properties.filter((name) => name !== "lineHeight").map((name) => `${name}: ${style[name]}`)];
        });
      }, CALM));
      const size = await widget(page).locator("[part~=box]").evaluate((box) => parseFloat(getComputedStyle(box).fontSize));
      assert.ok(size >= 14, `${size} px`);
      assert.equal(await widget(page).getByRole("button", { name: "Check", exact: true }).isVisible(), true);
    }
    assert.deepEqual(seen[1], seen[0]);
  });

  for (const [scheme, style, colorScheme, expected] of [
    ["a light page of a reader who likes it dark", "", "dark", "light"],
    ["a page that is light or dark as its reader likes it", ":root { color-scheme: light dark }", "dark", "dark"],
    ["a dark page", ":root { color-scheme: dark }", "light", "dark"],
    ["a dark place in a light page", "body { color-scheme: light } mta-sts-check { color-scheme: dark }", "light", "dark"],
  ]) {
    test(`${scheme}: the widget is ${expected}`, async (t) => {
      const { page } = await open(t, "<mta-sts-check></mta-sts-check>", { style, colorScheme });
      await widget(page).getByRole("textbox").waitFor();
      const paper = await widget(page).locator("[part~=box]").evaluate((box) => getComputedStyle(box).backgroundColor);
      assert.equal(parseFloat(/oklch\(([\d.]+)/.exec(paper)[1]) > 0.5 ? "light" : "dark", expected, paper);
    });
  }

  test("its text is as large as that around it, whatever an rem is there", async (t) => {
    for (const [style, expected] of [
      ["html { font-size: 62.5% } body { font-size: 1.8rem }", "18px"],
      ["body { font-size: 16px }", "16px"],
      ["html { font-size: 40px } body { font-size: 20px }", "20px"],
    ]) {
      const { page } = await open(t, '<mta-sts-check domain="good.test"></mta-sts-check>', { style });
      await says(page);
      const size = await widget(page).locator(".consequence").evaluate((element) => getComputedStyle(element).fontSize);
      assert.equal(size, expected, style);
    }
  });

  test("each custom property of the manifest is heard, and each part can be had", async (t) => {
    const properties = DECLARED.cssProperties.map(({ name }) => name);
    const { page, load } = await later(t, `<mta-sts-check compact domain="no-cors.test"></mta-sts-check><mta-sts-check policy="${BROKEN}"></mta-sts-check>`);
    await page.evaluate(() => document.querySelectorAll("mta-sts-check").forEach((element, index) => element.style.setProperty("--mta-sts-ink", `rgb(${index}, 2, 3)`)));
    await load();
    await says(page, 0);
    await says(page, 1);
    const parts = new Set();
    const collect = async () => {
      const found = await page.evaluate(() => Array.from(document.querySelectorAll("mta-sts-check"), ({ shadowRoot }) =>
        Array.from(shadowRoot.querySelectorAll("[part]"), ({ part }) => [...part])).flat(2));
      for (const part of found) parts.add(part);
    };
    await collect();
    await page.evaluate(() => (document.querySelector("mta-sts-check").domain = "nothing"));
    await widget(page).getByRole("alert").waitFor();
    await collect();
    assert.deepEqual([...parts].sort(), DECLARED.cssParts.map(({ name }) => name).sort());
    const style = await page.evaluate(() => Array.from(document.querySelector("mta-sts-check").shadowRoot.adoptedStyleSheets[0].cssRules, (rule) => rule.cssText).join("\n"));
    const used = new Set(Array.from(style.matchAll(/var\((--mta-sts-[\w-]+)/g), ([, name]) => name));
    used.delete("--mta-sts-em");
    assert.deepEqual([...used].sort(), properties.sort());
    assert.equal(await widget(page, 1).locator(".consequence").evaluate((element) => getComputedStyle(element).color), "rgb(1, 2, 3)");
  });
});

describe("the widget looks right", { concurrency: 3 }, () => {
  for (const [name, [body, style, rest]] of Object.entries(EMBEDDED)) {
    test(`${name}, all unfolded`, async (t) => {
      const { page } = await visit(t, { at: embed(body, { style }), colorScheme: "light" });
      await rest(page);
      await page.evaluate(() => {
        for (const { shadowRoot } of document.querySelectorAll("mta-sts-check")) {
          shadowRoot.querySelectorAll("details").forEach((details) => (details.open = true));
        }
      });
      const faults = async (axe) =>
        (await axe.analyze()).violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
      const builder = () => new AxeBuilder({ page });
      assert.deepEqual(await faults(builder()), [], "light");
      await page.emulateMedia({ colorScheme: "dark" });
      assert.deepEqual(await faults(builder().withRules("color-contrast")), [], "dark");
      const elsewhere = await page.evaluate(() => Array.from(document.querySelectorAll("mta-sts-check"), ({ shadowRoot }) =>
        Array.from(shadowRoot.querySelectorAll("a[href]"), (link) => link.getAttribute("href"))).flat().filter((href) => !href.startsWith("https://")));
      assert.deepEqual(elsewhere, [], "links that would lead into the page around it");
      await page.setViewportSize({ width: 320, height: 640 });
      const out = await page.evaluate(() => Array.from(document.querySelectorAll("mta-sts-check"), (element) => {
        const edge = element.getBoundingClientRect().right + 0.5;
        return Array.from(element.shadowRoot.querySelectorAll("*"))
          .filter((inner) => inner.getBoundingClientRect().right > edge && !inner.closest(".marked, .sr-only, thead"))
          .map((inner) => inner.outerHTML.slice(0, 120));
      }).flat());
      assert.deepEqual(out, [], "sticks out");
      const [wide, room] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
      assert.ok(wide <= room, `the page is ${wide} px wide in a window of ${room} px`);
    });
  }
});
