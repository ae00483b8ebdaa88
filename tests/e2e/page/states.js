// The states of the page worth looking at, each with the way to get there from the empty page.

import { EMBEDDED_STATES } from "./embed.js";
import { check, lint, result } from "./page.js";

const checked = (domain) => async (page) => {
  await check(page, domain);
  await result(page);
};

/** The state of a phone or a zoomed window, and no wider one. */
const within = (width, reach) => async (page) => {
  await page.setViewportSize({ width, height: 844 });
  await reach(page);
};

/** Keeps the answers to some requests back for good. */
const withheld = (pattern, domain) => async (page) => {
  await page.route(pattern, () => {});
  await check(page, domain);
  await page.locator('[data-phase="asking"]').first().waitFor();
};

const linted = (text) => (page) => lint(page, text);

/** Turns to a form, whose code then comes. */
const view = (name) => async (page) => {
  await page.getByRole("link", { name: name === "plan" ? "Plan" : "Generate", exact: true }).click();
  await page.locator(`#${name}-domain`).waitFor();
};

const planned = (example) => async (page) => {
  await view("plan")(page);
  await page.getByRole("link", { name: example }).click();
  await page.locator('[data-test="plan"]').waitFor();
};

/** Fills a form in from the DNS. */
const fillIn = async (page, name, domain) => {
  await page.locator(`#${name}-domain`).fill(domain);
  await page.getByRole("button", { name: /^Fill in/ }).click();
  await page.locator(`#${name}-view .filled`, { hasText: /illed in/ }).waitFor();
};
const rules = (path) => (page) => page.goto(new URL(`rules/${path}`, page.url()).href);

/** A policy with a fault of every sort. */
export const FAULTY = `Version: STSv1
mode: enforced
mode: testing
mx: https://mx1.example.com/
mx: mail.example.com:25
mx: *
mx: 192.0.2.1
mx: mx_2.example.com
mx: mx3.example.com.
 mx: mx4.example.com
mx: bücher.example
max_age: 2 weeks

# the end
nmx: mx5.example.com
`;

export const STATES = {
  ...EMBEDDED_STATES,
  empty: async () => {},
  typing: (page) => page.getByRole("textbox", { name: "Domain" }).pressSequentially("university-of-somewh"),
  "with recent checks": async (page) => {
    for (const domain of ["good.test", "one-uncovered.test", "no-cors.test", "two-records.test", "nothing.test"]) await checked(domain)(page);
    await page.goto(page.url().split("#")[0]);
    await page.reload();
  },
  good: checked("good.test"),
  "good with ten MX hosts": checked("many.test"),
  warnings: checked("mx-cname.test"),
  "broken record": checked("two-records.test"),
  "broken policy host": checked("no-host.test"),
  "broken policy": checked("page.test"),
  broken: checked("one-uncovered.test"),
  "broken reports": checked("reports-broken.test"),
  "full of markup": checked("markup.test"),
  "hosted elsewhere": checked("delegated.test"),
  internationalised: checked("bücher.test"),
  "not seen": checked("no-cors.test"),
  "not seen, a redirect": checked("off-host.test"),
  "not seen, no usable HTTPS": checked("refused.test"),
  "no record": checked("nothing.test"),
  "long domain": checked("a-department-with-a-long-name.faculty-of-applied-sciences.university-of-somewhere.long.test"),
  "resolver unreachable": async (page) => {
    await page.goto(`${page.url().split("#")[0]}#check?domain=good.test&resolver=https%3A%2F%2Fdoh-dead.test%2Fdns-query`);
    await result(page);
  },
  asking: async (page) => {
    await check(page, "hanging.test");
    await page.locator('[data-stop="policy"][data-state="asking"]').waitFor();
  },
  "asking, the DNS silent": withheld(/dns-query/, "good.test"),
  cancelled: async (page) => {
    await withheld(/dns-query/, "good.test")(page);
    await page.keyboard.press("Escape");
  },
  "stops opened in place": within(390, async (page) => {
    await checked("one-uncovered.test")(page);
    for (const stop of ["policy-host", "mx"]) await page.locator(`[data-stop="${stop}"] > button`).click();
  }),
  "zoomed to 200 percent": within(640, checked("one-uncovered.test")),
  "refused name": async (page) => {
    await check(page, "192.0.2.1");
    await page.getByRole("alert").waitFor();
  },
  "lint empty": linted(""),
  "lint, faulty": linted(FAULTY),
  "lint, fix preview": async (page) => {
    await lint(page, FAULTY);
    await page.getByText("Before and after all that is safe").click();
    await page.locator("#lint-preview .diff").waitFor();
  },
  "lint, told in place": async (page) => {
    await lint(page, FAULTY);
    await page.locator("[data-finding]").first().waitFor();
    await page.keyboard.press("F8");
    await page.locator("#lint-editor .cm-tooltip").waitFor();
  },
  "lint, line ends and unseen": linted("version: STSv1\r\nmode: none\nmx: a\u200bb\tc\0\rd\r\nmax_age: 86400\n"),
  "a text of 64 KiB": linted(`version: STSv1\nmode: enforce\n${"mx: mx.example.com.\n".repeat(3_200)}`),
  "lint, senders differ": linted("version: STSv1\nmode: enforce\nmx: *.example.com\nmax_age: 604800\nmode: none\n"),
  "plan empty": view("plan"),
  "plan, MX hosts move": planned("Move to other MX hosts"),
  "plan, first policy": planned("A first policy"),
  "plan, removal": planned("Remove a policy"),
  "plan, to be corrected": async (page) => {
    await planned("A first policy")(page);
    await page.getByRole("group", { name: "To be" }).getByRole("textbox", { name: "Policy" }).fill("version: STSv1\nmode: enforced\n");
    await page.locator('[data-test="plan"]', { hasText: "errors" }).waitFor();
  },
  "plan, filled in": async (page) => {
    await view("plan")(page);
    await fillIn(page, "plan", "one-uncovered.test");
    await page.getByText("What is the policy to be?").waitFor();
  },
  "generate empty": view("generate"),
  generated: async (page) => {
    await view("generate")(page);
    await fillIn(page, "generate", "many.test");
    await page.getByRole("button", { name: "Generate", exact: true }).click();
    await page.locator('[data-test="generated"]').waitFor();
  },
  "generated for a Worker": async (page) => {
    await view("generate")(page);
    await page.getByRole("link", { name: "An example" }).click();
    await page.getByRole("radio", { name: "Cloudflare Worker" }).check();
  },
  "nothing generated": async (page) => {
    await view("generate")(page);
    await page.locator("#generate-domain").fill("example.com");
    await page.locator("#generate-mx").fill("192.0.2.1");
    await page.getByRole("button", { name: "Generate", exact: true }).click();
    await page.getByRole("alert").waitFor();
  },
  "lint, clean": linted("version: STSv1\nmode: enforce\nmx: mx1.example.com\nmax_age: 1209600\n"),
  rules: rules(""),
  "rules, searched": rules("?q=wildcard"),
  "rule with a fix": rules("mx-trailing-dot/"),
  "rule about a domain": rules("cov-mx-not-covered/"),
};
