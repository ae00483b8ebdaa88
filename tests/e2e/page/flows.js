// What visitors do around a check: choose resolvers, type other things than domains, change their mind, pass on a link.

import assert from "node:assert/strict";
import { describe } from "node:test";
import { test, world } from "./browser.js";
import { check, result } from "./page.js";
import { assertQuiet, assertSays, eventually, visit } from "./visit.js";

const PROTECTED = "Senders that honour MTA-STS deliver to good.test only over verified TLS";

/** The page's address with a state in its fragment. */
const link = ({ domain, resolvers = [] }, page = world.page) => {
  const urls = resolvers.map((host) => encodeURIComponent(host.includes("<") ? host : `https://${host}/dns-query`));
  return `${page}#check?domain=${encodeURIComponent(domain)}${urls.length > 0 ? `&resolver=${urls.join(",")}` : ""}`;
};
const hostsAsked = (requests) => new Set(requests.map((request) => new URL(request.url()).host));

describe("resolvers", { concurrency: 3 }, () => {
  test("the default one is asked, and nobody else", async (t) => {
    const visitor = await visit(t);
    await check(visitor.page, "good.test");
    assertSays((await result(visitor.page)).verdict, [PROTECTED], "the verdict");
    assert.deepEqual(hostsAsked(visitor.requests), new Set(["127.0.0.1:8000", world.resolvers[0], "mta-sts.good.test"]));
  });

  test("neither the resolver nor the policy host learns where the visitor comes from", async (t) => {
    const visitor = await visit(t, { at: link({ domain: "good.test" }) });
    await result(visitor.page);
    const outside = visitor.requests.filter((request) => request.url().startsWith("https:"));
    assert.ok(outside.length > 5, "there were requests");
    for (const request of outside) {
      const headers = await request.allHeaders();
      assert.equal(headers.referer, undefined, request.url());
      assert.equal(headers.cookie, undefined, request.url());
      assert.equal(request.method(), "GET");
    }
  });

  test("one that is typed is asked, and nobody else", async (t) => {
    const visitor = await visit(t);
    await visitor.page.getByRole("textbox", { name: "Resolver" }).fill("https://doh.test/dns-query");
    await check(visitor.page, "good.test");
    assertSays((await result(visitor.page)).verdict, [PROTECTED], "the verdict");
    assertQuiet(visitor, ["doh.test", "mta-sts.good.test"]);
    assert.ok(!hostsAsked(visitor.requests).has(world.resolvers[0]));
  });

  test("one that is none is refused with a reason, and stays in the field", async (t) => {
    const visitor = await visit(t);
    const field = visitor.page.getByRole("textbox", { name: "Resolver" });
    await field.fill("http://doh.test/dns-query");
    await check(visitor.page, "good.test");
    assertSays(await visitor.page.getByRole("alert").innerText(), ["http://doh.test/dns-query", "https://"], "the message");
    assert.equal(await field.inputValue(), "http://doh.test/dns-query");
    assertQuiet(visitor, []);
  });

  for (const [why, first, says] of [
    ["is unreachable", "doh-dead.test", "the browser could not reach it, or it does not let pages ask (CORS)"],
    ["may not be read by scripts", "doh-no-cors.test", "the browser could not reach it, or it does not let pages ask (CORS)"],
    ["answers with a web page", "doh-page.test", "it answered text/html, not application/dns-message"],
    ["never answers", "doh-silent.test", "timed out after 5 s"],
  ]) {
    test(`a first one that ${why}: the second is asked, and named`, async (t) => {
      const visitor = await visit(t, { at: link({ domain: "good.test", resolvers: [first, "doh2.test"] }) });
      const said = await result(visitor.page);
      assertSays(said.verdict, [PROTECTED], "the verdict");
      assertSays(said.text, ["doh2.test"], "the page");
      assertQuiet(visitor, [first, "doh2.test", "mta-sts.good.test"]);
    });

    test(`no resolver that works (${why}): the domain is neither praised nor blamed`, async (t) => {
      const visitor = await visit(t, { at: link({ domain: "good.test", resolvers: [first, "doh-dead.test"] }) });
      const said = await result(visitor.page);
      assertSays(said.verdict, ["Whether good.test publishes MTA-STS cannot be seen from here: no resolver answered"], "the verdict");
      // The policy host needs no resolver of ours: the browser finds it by its own.
      assert.deepEqual(said.stops, ["record: unseen", "policy-host: fine", "policy: fine", "mx: unseen", "reports: unseen"]);
      assert.deepEqual(said.findings.filter((finding) => finding.startsWith("error")), []);
      assertSays(said.unseen.join(" "), [`https://${first}/dns-query: ${says}`], "what could not be seen");
      assertQuiet(visitor, [first, "doh-dead.test", "mta-sts.good.test"]);
    });
  }
});

describe("the page is served over HTTPS", { concurrency: 3 }, () => {
  for (const [domain, phrase, ...elsewhere] of [
    ["good.test", PROTECTED],
    ["no-cors.test", "cannot be seen from here"],
    ["downgrade.test", "redirect", "http://mta-sts.downgrade.test"],
  ]) {
    test(`${domain} gets the same verdict there`, async (t) => {
      const here = await visit(t, { at: link({ domain }) });
      const there = await visit(t, { at: link({ domain }, world.securePage) });
      const [one, other] = [await result(here.page), await result(there.page)];
      assertSays(other.text, [phrase], "the page");
      // How long the policy host takes is the machine's load, here.
      const untimed = ({ findings }) => findings.filter((finding) => !finding.endsWith(" http-timeout"));
      assert.deepEqual([other.sentence, other.stops, untimed(other)], [one.sentence, one.stops, untimed(one)]);
      assertQuiet(there, [...world.resolvers, `mta-sts.${domain}`], elsewhere);
    });
  }
});

describe("a policy that cannot be read", () => {
  const POLICY = "version: STSv1\nmode: enforce\nmx: mx1.no-cors.test\nmax_age: 1209600\n";
  for (const [how, give] of [
    ["pasted", async (page) => {
      await page.getByRole("textbox", { name: "Policy text" }).fill(POLICY);
      await page.getByRole("button", { name: "Judge this text" }).click();
    }],
    ["chosen as a file", (page) =>
      page.getByLabel("Choose a file").setInputFiles({ name: "mta-sts.txt", mimeType: "text/plain", buffer: Buffer.from(POLICY) })],
  ]) {
    test(`is judged when it is ${how}`, async (t) => {
      const visitor = await visit(t, { at: link({ domain: "no-cors.test" }) });
      await result(visitor.page);
      await give(visitor.page);
      await visitor.page.getByRole("heading", { name: "Judged with the text you gave" }).waitFor();
      const said = await result(visitor.page);
      assertSays(said.verdict, ["deliver to no-cors.test only over verified TLS to mx1.no-cors.test."], "the verdict");
      // Its host was not seen to serve this text.
      assert.deepEqual(said.stops, ["record: fine", "policy-host: unseen", "policy: fine", "mx: fine", "reports: fine"]);
      assertSays(said.unseen.join(" "), ["status and headers of the policy host's reply"], "what could not be seen");
      assertQuiet(visitor, [...world.resolvers, "mta-sts.no-cors.test"]);
    });
  }
});

describe("what people type", { concurrency: 3 }, () => {
  for (const [typed, note] of [
    ["https://good.test/some/path?x=1#y", "took the host of the URL"],
    ["postmaster@good.test", "took the domain of the e-mail address"],
    ["  GOOD.Test.  ", "left out the final dot"],
  ]) {
    test(`${JSON.stringify(typed)} is good.test`, async (t) => {
      const { page } = await visit(t);
      await check(page, typed);
      const said = await result(page);
      assertSays(said.verdict, [PROTECTED], "the verdict");
      assertSays(said.verdict, [note], "the verdict");
    });
  }

  for (const [typed, says] of [
    ["", "Type a domain, such as example.com."],
    [`${"a".repeat(64)}.test`, "is 64 octets long; 63 are the most"],
    [`${"abcdefgh.".repeat(30)}test`, "is 274 octets long; 245 are the most"],
    ["192.0.2.1", "an IP address has no policy, only domains do"],
    ["[2001:db8::1]", "an address literal in brackets has no policy"],
    ["nothing", "is a single label, no mail domain"],
    ["two words.test", "there is a space inside the name"],
    ["good..test", "there is nothing before, between or after dots of the name"],
    ['"><img src=x onerror=alert(1)>', "(U+0022), which no mail domain has"],
  ]) {
    test(`${JSON.stringify(typed.slice(0, 40))} is refused with a reason, and stays in the field`, async (t) => {
      const visitor = await visit(t);
      await check(visitor.page, typed);
      const alert = visitor.page.getByRole("alert");
      await alert.waitFor();
      assertSays(await alert.innerText(), [says], "the message");
      assert.equal(await visitor.page.getByRole("textbox", { name: "Domain" }).inputValue(), typed);
      assert.equal(await visitor.page.locator("[data-stop]").count(), 0, "there is no result");
      assertQuiet(visitor, []);
    });
  }
});

describe("changing one's mind", () => {
  /** A check that waits for a policy host that never answers. */
  const waiting = async (t) => {
    const visitor = await visit(t);
    await check(visitor.page, "hanging.test");
    await eventually(() => assert.ok(hostsAsked(visitor.requests).has("mta-sts.hanging.test")));
    await visitor.page.locator('[data-stop="policy"][data-state="asking"]').waitFor();
    return visitor;
  };

  test("a newer check overtakes an older one, which says nothing any more", async (t) => {
    const { page } = await waiting(t);
    await check(page, "good.test");
    const said = await result(page);
    assertSays(said.verdict, [PROTECTED], "the verdict");
    await page.waitForTimeout(2000);
    assert.deepEqual(await result(page), said);
  });

  for (const [how, cancel] of [
    ["the button", (page) => page.getByRole("button", { name: "Cancel" }).click()],
    ["Escape", (page) => page.keyboard.press("Escape")],
  ]) {
    test(`a check can be cancelled with ${how}`, async (t) => {
      const { page, requests } = await waiting(t);
      const failed = page.waitForEvent("requestfailed", (request) => request.url().includes("mta-sts.hanging.test"));
      await cancel(page);
      await failed;
      await page.getByText("cancelled").first().waitFor();
      assert.equal(await page.locator('[data-state="asking"]').count(), 0);
      assert.equal(await page.getByRole("textbox", { name: "Domain" }).inputValue(), "hanging.test");
      const asked = requests.length;
      await page.waitForTimeout(500);
      assert.equal(requests.length, asked, "nobody is asked any more");
      await check(page, "good.test");
      assertSays((await result(page)).verdict, [PROTECTED], "the verdict");
    });
  }
});

describe("links", () => {
  test("the address of a result leads to the same result", async (t) => {
    const { page } = await visit(t);
    await check(page, "good.test");
    const said = await result(page);
    const again = await visit(t, { at: page.url() });
    assert.equal((await result(again.page)).sentence, said.sentence);
    await again.page.reload();
    assert.equal((await result(again.page)).sentence, said.sentence);
  });

  test("back goes back to the result before", async (t) => {
    const { page } = await visit(t);
    await check(page, "good.test");
    assertSays((await result(page)).verdict, ["good.test"], "the verdict");
    await check(page, "none.test");
    await page.locator('[data-test="verdict"]', { hasText: "none.test" }).waitFor();
    await page.goBack();
    await page.locator('[data-test="verdict"]', { hasText: "good.test" }).waitFor();
  });

  test("markup in a link is text", async (t) => {
    const domain = "<img src=x onerror=alert(1)>.test";
    const visitor = await visit(t, { at: link({ domain, resolvers: ["<img src=x onerror=alert(2)>"] }) });
    await visitor.page.getByRole("alert").first().waitFor();
    assert.equal(await visitor.page.getByRole("textbox", { name: "Domain" }).inputValue(), domain);
    assert.equal(await visitor.page.locator("img[src=x]").count(), 0);
    assertQuiet(visitor, []);
  });
});

test("the keyboard alone leads from an empty page to the first finding", async (t) => {
  const { page } = await visit(t);
  const focused = (selector) => page.evaluate((s) => document.activeElement?.matches(s) ?? false, selector);
  const field = page.getByRole("textbox", { name: "Domain" });
  for (let presses = 0; presses < 20 && !(await field.evaluate((e) => e === document.activeElement)); presses += 1) {
    await page.keyboard.press("Tab");
  }
  await page.keyboard.type("one-uncovered.test");
  await page.keyboard.press("Enter");
  await result(page);
  await page.keyboard.press("F8");
  assert.ok(await focused("[data-finding], [data-finding] *"), "F8 puts the focus on a finding");
});

test("the verdict is announced once, politely", async (t) => {
  const { page } = await visit(t, { at: link({ domain: "good.test" }) });
  const { sentence } = await result(page);
  assertSays(await page.getByRole("status").innerText(), [sentence], "the announcement");
});

test("the page is served with its own strict policy, and nothing inline", async (t) => {
  const { page } = await visit(t);
  const reply = await page.request.get(world.page);
  const policy = reply.headers()["content-security-policy"];
  assert.match(policy, /default-src 'none'/);
  assert.match(policy, /script-src 'self' 'wasm-unsafe-eval';/);
  assert.doesNotMatch(policy, /'unsafe-/);
  assert.equal(reply.headers()["referrer-policy"], "no-referrer");
  assert.equal(await page.locator("script:not([src]), style, [style], [onclick]").count(), 0);
});

test("an engine that does not load is our fault, and the page says so", async (t) => {
  const { page } = await visit(t);
  await page.route("**/*.wasm", (route) => route.abort());
  await check(page, "good.test");
  const alert = page.getByRole("alert");
  assertSays(await alert.innerText(), ["The validator did not load", "not yours"], "the message");
  await page.unroute("**/*.wasm");
  await check(page, "good.test");
  assertSays((await result(page)).verdict, [PROTECTED], "the verdict of the next try");
});

test("without scripts the page says what it needs them for", async (t) => {
  const { page } = await visit(t, { javaScriptEnabled: false });
  assertSays(await page.locator("main").innerText(), ["scripts are off: nothing can be checked here"], "the page");
});
