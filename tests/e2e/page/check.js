// Every scenario of the table, checked as a visitor does: type the domain, press the button, read what it says.

import assert from "node:assert/strict";
import { describe } from "node:test";
import { test, world } from "./browser.js";
import { check, result } from "./page.js";
import { assertQuiet, assertSays, visit } from "./visit.js";

const STOPS = ["record", "policy-host", "policy", "mx", "reports"];
const isNote = (finding) => finding.startsWith("info ");

describe("the page says of", { concurrency: 3 }, () => {
  for (const { domain, typed, why, says, redirectsTo } of world.scenarios) {
    test(`${typed}: ${why}`, async (t) => {
      const visitor = await visit(t);
      await check(visitor.page, typed);
      const said = await result(visitor.page);
      assertSays(said.verdict, says.verdict, "the verdict");
      assert.deepEqual(
        { stops: said.stops, findings: said.findings.filter((finding) => !isNote(finding)).sort() },
        {
          stops: STOPS.map((stop, index) => `${stop}: ${says.stops[index]}`),
          findings: says.findings.filter((finding) => !isNote(finding)).sort(),
        },
        said.verdict,
      );
      assertSays(said.findings.join(", "), says.findings.filter(isNote), "the list of notes");
      assert.equal(said.unseen.length, says.unseen.length, `what could not be seen:\n${said.unseen.join("\n\n")}`);
      assertSays(said.unseen.join(" "), says.unseen, "what could not be seen");
      assertSays(said.text, says.anywhere, "the page");
      assertQuiet(visitor, [...world.resolvers, `mta-sts.${domain}`], redirectsTo ? [redirectsTo] : []);
    });
  }
});
