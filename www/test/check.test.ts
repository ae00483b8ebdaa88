import assert from "node:assert/strict";
import { test } from "node:test";

import type { LookupReport, Report } from "mta-sts";

import { commands } from "../src/commands.ts";
import { servedBy } from "../src/hosting.ts";

const lookup = (name: string, kind: string, rest: Partial<LookupReport> = {}): LookupReport =>
  ({ stop: "policy-host", name, kind, outcome: "NOERROR", answered: true, answers: [], aliases: [], ...rest }) as LookupReport;

test("who serves the policy is what is at the end of the aliases", () => {
  const NAME = "mta-sts.a.test";
  const address = { answers: ["192.0.2.1"] };
  const one = { aliases: [`${NAME} → b.test`] };
  const two = { aliases: [`${NAME} → b.test`, "b.test → c.test"] };
  const rows: readonly (readonly [readonly LookupReport[], string | undefined, string])[] = [
    [[], undefined, "it was not asked for"],
    [[lookup(NAME, "A", { answered: false })], undefined, "nobody answered"],
    [[lookup(NAME, "A")], undefined, "it has no address, which is a finding"],
    [[lookup(NAME, "A", address)], `\`${NAME}\` has addresses of its own: no alias leads to somebody else.`, "no alias"],
    [[lookup(NAME, "A"), lookup(NAME, "AAAA", address)], `\`${NAME}\` has addresses of its own: no alias leads to somebody else.`, "IPv6 alone"],
    [[lookup(NAME, "A", { ...one, ...address })], `Served by \`b.test\`: \`${NAME}\` is an alias of it.`, "one alias"],
    [[lookup(NAME, "A", { ...two, ...address }), lookup(NAME, "AAAA", one)], "Served by `c.test`, at the end of a chain of 2 aliases.", "the longer of two answers"],
    [[lookup(NAME, "A", one)], `No address: \`${NAME}\` is an alias of \`b.test\`, which has none.`, "an alias that leads nowhere"],
    [[lookup("_mta-sts.a.test", "TXT", { stop: "record", ...one })], undefined, "the record's alias is not the host's"],
  ];
  for (const [lookups, expected, why] of rows) assert.equal(servedBy({ lookups: [...lookups] }), expected, why);
});

test("the commands ask what the check asked, and no name becomes a command", () => {
  const report = (names: readonly string[], domain: string): Report =>
    ({
      domain: { name: domain, unicode: domain, notes: [] },
      lookups: names.map((name) => lookup(name, "A")),
    }) as unknown as Report;
  const CURL = "curl -si https://mta-sts.a.test/.well-known/mta-sts.txt";
  const rows: readonly (readonly [Report, string, string])[] = [
    [report(["mta-sts.a.test", "_smtp._tls.a.test"], "a.test"), `dig mta-sts.a.test A\ndig _smtp._tls.a.test A\n${CURL}`, "each question, and the policy"],
    [report(["a.test", "a.test"], "a.test"), `dig a.test A\n${CURL}`, "a question once"],
    [report(["-x", "a;b", "$(reboot)", "a b", "`id`", "a\nb", "a'b", "@resolver", "+short", "", "*.test"], "a.test"), CURL, "what a shell or dig would take for something else"],
    [report([], "a.test/$(id)"), "", "a domain likewise"],
  ];
  for (const [given, expected, why] of rows) assert.equal(commands(given), expected, why);
});
