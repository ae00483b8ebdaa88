// Generating a policy: from MX hosts, typed or looked up, to texts and files that nothing is wrong with.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { describe } from "node:test";
import { test, world } from "./browser.js";
import { assertQuiet, assertSays, eventually, visit } from "./visit.js";

const MADE = { domain: "example.com", mx: "10 mx1.example.com\n20 mx2.example.com", id: "20260301T120000", rua: "tls@example.net" };
const POLICY = "version: STSv1\nmode: testing\nmx: mx1.example.com\nmx: mx2.example.com\nmax_age: 604800\n";
const link = (fields) => `${world.page}#generate?${new URLSearchParams(fields)}`;

const made = (page) => page.locator('[data-test="generated"]');
const field = (page, name) => page.locator(`#generate-${name}`);
const press = (page) => page.getByRole("button", { name: "Generate", exact: true }).click();
/** The texts that are shown, each by where it goes. */
const texts = (page) =>
  page.locator("#generate .publish").evaluateAll((all) => Object.fromEntries(all.map((one) => [one.querySelector("figcaption code").textContent, one.querySelector("pre").textContent])));

async function open(t, fields, options = {}) {
  const visitor = await visit(t, { at: link(fields), ...options });
  await made(visitor.page).waitFor();
  return visitor;
}

describe("what is generated", { concurrency: 3 }, () => {
  test("is typed, shown and linked", async (t) => {
    const visitor = await visit(t, { at: `${world.page}#generate` });
    const { page } = visitor;
    await field(page, "domain").fill("example.com");
    await field(page, "mx").fill(MADE.mx);
    await press(page);
    await made(page).waitFor();
    assertSays(await made(page).innerText(), ["A policy for example.com: mode testing, 2 hosts, kept for 7 days (604800 seconds)."], "the result");
    const shown = await texts(page);
    assert.equal(`${shown["https://mta-sts.example.com/.well-known/mta-sts.txt"]}\n`, POLICY);
    assert.match(shown["_mta-sts.example.com"], /^_mta-sts\.example\.com\. 3600 IN TXT "v=STSv1; id=\d{8}T\d{6}"$/);
    await eventually(() => assert.match(page.url(), /[?&]id=\d{8}T\d{6}/)); // the time is over when the link is opened
    const again = await visit(t, { at: page.url() });
    await made(again.page).waitFor();
    assert.deepEqual(await texts(again.page), shown);
    assertQuiet(visitor, []);
  });

  test("follows each choice", async (t) => {
    const { page } = await open(t, MADE);
    await page.getByRole("radio", { name: "enforce" }).check();
    await made(page).getByText("mode enforce, 2 hosts, kept for 14 days").waitFor();
    await page.getByRole("checkbox", { name: "One wildcard" }).check();
    await made(page).getByText("1 pattern").waitFor();
    await page.getByRole("combobox", { name: /^max_age/ }).selectOption("another");
    await page.getByRole("textbox", { name: "Another max_age" }).fill("30d");
    await page.keyboard.press("Tab");
    await made(page).getByText("kept for 30 days (2592000 seconds)").waitFor();
    assert.match((await texts(page))["https://mta-sts.example.com/.well-known/mta-sts.txt"], /^version: STSv1\nmode: enforce\nmx: \*\.example\.com\nmax_age: 2592000$/);
    assert.match((await texts(page))["_smtp._tls.example.com"], /"v=TLSRPTv1; rua=mailto:tls@example\.net"$/);
  });

  for (const [name, title, paths] of [
    ["nginx", "nginx", ["/var/www/mta-sts.example.com/.well-known/mta-sts.txt", "/etc/nginx/conf.d/mta-sts.example.com.conf"]],
    ["apache", "Apache", ["/var/www/mta-sts.example.com/.well-known/mta-sts.txt", "/etc/apache2/sites-available/mta-sts.example.com.conf"]],
    ["caddy", "Caddy", ["/var/www/mta-sts.example.com/.well-known/mta-sts.txt", "/etc/caddy/mta-sts.example.com.caddy"]],
    ["cloudflare-worker", "Cloudflare Worker", ["worker.js", "wrangler.toml"]],
    ["github-pages", "GitHub Pages", [".well-known/mta-sts.txt", "CNAME"]],
    ["netlify", "Netlify", ["public/.well-known/mta-sts.txt", "public/_headers", "netlify.toml"]],
  ]) {
    test(`has the files for ${title}, and the link remembers which`, async (t) => {
      const { page } = await open(t, MADE);
      await page.getByRole("radio", { name: title, exact: true }).check();
      assert.deepEqual(Object.keys(await texts(page)).slice(3), paths);
      if (name !== "nginx") await eventually(() => assert.match(page.url(), new RegExp(`target=${name}`)));
      const again = await open(t, { ...MADE, target: name });
      assert.deepEqual(await texts(again.page), await texts(page));
    });
  }

  test("is downloaded as it is", async (t) => {
    const { page, complaints } = await open(t, MADE);
    const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Download" }).first().click()]);
    assert.deepEqual([file.suggestedFilename(), await readFile(await file.path(), "utf8")], ["mta-sts.txt", POLICY]);
    assert.deepEqual(complaints, []);
  });

  test("has nothing wrong with it", async (t) => {
    const { page } = await open(t, MADE);
    await page.getByRole("link", { name: "Lint this" }).click();
    await page.locator('#lint [data-test="verdict"]').waitFor();
    assert.deepEqual(await page.locator('#lint [data-finding]:not([data-severity="info"])').count(), 0);
    assert.equal(await page.getByRole("textbox", { name: "Domain of the policy" }).inputValue(), "example.com");
    await page.goBack();
    await made(page).waitFor();
  });

  test("is rolled out by a plan", async (t) => {
    const { page } = await open(t, { ...MADE, mode: "enforce" });
    await page.getByRole("link", { name: "Plan the roll-out" }).click();
    await page.locator('[data-test="plan"]').getByText("Publish a policy").waitFor();
    assertSays(await page.locator('[data-step="publish-testing"]').innerText(), ["mode: testing", "mx: mx2.example.com"], "the step");
    assertSays(await page.locator('[data-step="id-policy"]').innerText(), ["v=STSv1; id=20260301T120000"], "the step");
  });

  test("the servers can be chosen by keyboard", async (t) => {
    const { page } = await open(t, MADE);
    await page.getByRole("radio", { name: "nginx" }).focus();
    await page.keyboard.press("ArrowRight");
    await page.getByText("With Apache, in this order").waitFor();
  });
});

describe("MX hosts are looked up", { concurrency: 3 }, () => {
  for (const [domain, sentence, filled] of [
    ["good.test", "good.test has 1 MX host. Filled in.", "10 mx1.good.test"],
    ["many.test", "many.test has 10 MX hosts. Filled in.", /^10 mx1\.many\.test\n20 mx2\.many\.test\n/],
    ["null-mx.test", "null-mx.test takes no mail: its MX record is a null MX (RFC 7505). Filled in.", "."],
    ["no-such-domain.test", "no-such-domain.test does not exist: the DNS answers NXDOMAIN. Nothing was filled in.", ""],
    ["mta-sts.good.test", "good.test has 1 MX host. Filled in.", "10 mx1.good.test"], // as people type it
    ["mx1.good.test", "mx1.good.test has no MX record: mail goes to its own addresses (RFC 5321 §5.1). Filled in.", "mx1.good.test"],
    ["bogus.test", "The resolver cannot say which MX hosts bogus.test has: SERVFAIL. Nothing was filled in.", ""],
  ]) {
    test(`of ${domain}`, async (t) => {
      const visitor = await visit(t, { at: `${world.page}#generate` });
      const { page } = visitor;
      await field(page, "domain").fill(domain);
      await page.getByRole("button", { name: "Fill in MX from the DNS" }).click();
      await eventually(async () => assert.equal(await page.locator("#generate .filled").innerText(), sentence));
      const value = await field(page, "mx").inputValue();
      if (filled instanceof RegExp) assert.match(value, filled);
      else assert.equal(value, filled);
      assertQuiet(visitor, world.resolvers);
    });
  }

  test("of no resolver that answers", async (t) => {
    const { page } = await visit(t);
    await page.getByRole("textbox", { name: "Resolver" }).fill("https://doh-dead.test/dns-query");
    await page.getByRole("link", { name: "Generate", exact: true }).click();
    await field(page, "domain").fill("good.test");
    await field(page, "mx").fill("typed.example");
    await page.getByRole("button", { name: "Fill in MX from the DNS" }).click();
    await page.getByText("Which MX hosts good.test has is not known: https://doh-dead.test/dns-query: the browser could not reach it").waitFor();
    assert.equal(await field(page, "mx").inputValue(), "typed.example");
  });
});

describe("what cannot be generated is refused in words, and stays", { concurrency: 3 }, () => {
  for (const [why, fields, place, says] of [
    ["no domain", { ...MADE, domain: "192.0.2.1" }, "#generate-domain-complaint", "an IP address has no policy, only domains do"],
    ["nothing typed", { mx: "mx.example" }, "#generate-domain-complaint", "Type a domain, such as example.com."],
    ["no MX hosts", { domain: "example.com" }, "#generate-mx-complaint", "Name the MX hosts, or fill them in from the DNS."],
    ["an address for a host", { ...MADE, mx: "192.0.2.1" }, '[role="alert"]', "192.0.2.1 is not the name of an MX host"],
    ["a null MX", { ...MADE, mx: "." }, '[role="alert"]', "The domain has a null MX and takes no mail (RFC 7505 §3)"],
    ["the id of before", { ...MADE, "previous-id": MADE.id }, '[role="alert"]', "is published already"],
    ["no place for reports", { ...MADE, rua: "http://example.com/" }, '[role="alert"]', "is no place that reports can go to"],
    ["a max_age too short", { ...MADE, "max-age": "60" }, '[role="alert"]', "less than a day"],
    ["a max_age that is none", { ...MADE, "max-age": "soon" }, "#generate-max-age-complaint", "“soon” is no length of time"],
  ]) {
    test(`${why}`, async (t) => {
      const visitor = await visit(t, { at: link(fields) });
      const { page } = visitor;
      await field(page, "domain").waitFor();
      await press(page);
      await eventually(async () => assertSays((await page.locator(`#generate ${place}`).innerText()), [says], "the page"));
      assert.equal(await made(page).count(), 0);
      for (const name of ["domain", "mx", "rua"]) assert.equal(await field(page, name).inputValue(), fields[name] ?? "", name);
      assertQuiet(visitor, []);
    });
  }
});

test("a link that asks for something else is refused with a reason", async (t) => {
  const { page } = await visit(t, { at: link({ ...MADE, mode: "Enforce" }) });
  assertSays(await page.getByRole("alert").innerText(), ["“Enforce” in “mode”, which takes testing, enforce, none"], "the page");
});

test("a new id differs from the one before", async (t) => {
  const { page } = await visit(t, { at: `${world.page}#generate` });
  await field(page, "domain").fill("example.com");
  await field(page, "mx").fill("mx.example.com");
  await press(page);
  await made(page).waitFor();
  const id = async () => /id=(\w+)"/.exec((await texts(page))["_mta-sts.example.com"])[1];
  const before = await id();
  await page.getByText("Ids of the record").click();
  await field(page, "previous-id").fill(before);
  await page.keyboard.press("Tab");
  await eventually(async () => assert.notEqual(await id(), before));
});
