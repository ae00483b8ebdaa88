// Every scenario of the table, checked as a visitor does: type the domain, press the button, read what it says.

import assert from "node:assert/strict";
import { describe } from "node:test";
import { test, world } from "./browser.js";
import { check, result } from "./page.js";
import { assertQuiet, assertSays, visit } from "./visit.js";

const STOPS = ["record", "policy-host", "policy", "mx", "reports"];

describe("the page says of", { concurrency: 3 }, () => {
  for (const { domain, typed, why, says, redirectsTo } of world.scenarios) {
    test(`${typed}: ${why}`, async (t) => {
      const visitor = await visit(t);
      await check(visitor.page, typed);
      const said = await result(visitor.page);
      assertSays(said.verdict, says.verdict, "the verdict");
      assert.deepEqual(
        { stops: said.stops, findings: said.findings.sort() },
        { stops: STOPS.map((stop, index) => `${stop}: ${says.stops[index]}`), findings: [...says.findings].sort() },
        said.verdict,
      );
      assert.equal(said.unseen.length, says.unseen.length, `what could not be seen:\n${said.unseen.join("\n\n")}`);
      assertSays(said.unseen.join(" "), says.unseen, "what could not be seen");
      assertSays(said.text, says.anywhere, "the page");
      assertQuiet(visitor, [...world.resolvers, `mta-sts.${domain}`], redirectsTo ? [redirectsTo] : []);
    });
  }
});
