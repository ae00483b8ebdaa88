import assert from "node:assert/strict";
import { test } from "node:test";

import { addRecent, eraseRecent, MAX_RECENT, parseRecent, recentChecks, withoutRecent, withRecent, type RecentCheck } from "../src/recent.ts";

const check = (domain: string, time = 1_700_000_000_000): RecentCheck => ({ domain, time, outcome: "protected" });
const domains = (list: readonly RecentCheck[]): string => list.map(({ domain }) => domain).join(" ");

test("what was not written here is left out of the stored list", () => {
  const good = check("good.test");
  const rows: readonly (readonly [string | null, readonly RecentCheck[], string])[] = [
    [null, [], "nothing was stored yet"],
    ["", [], "no JSON"],
    ["{", [], "JSON that is cut short"],
    ["null", [], "no list"],
    ['{"length":1}', [], "like a list, and none"],
    [JSON.stringify([good]), [good], "as it was written"],
    [JSON.stringify([good, null, 1, "x", []]), [good], "members that are no checks"],
    [JSON.stringify([{ ...good, domain: "" }]), [], "no name"],
    [JSON.stringify([{ ...good, domain: "a".repeat(254) }]), [], "longer than any domain"],
    [JSON.stringify([{ ...good, domain: ["good.test"] }]), [], "a name that is no text"],
    [JSON.stringify([{ ...good, time: "now" }]), [], "a time that is no number"],
    [JSON.stringify([{ ...good, time: 1e300 }]), [], "a time no calendar has, which would throw when it is shown"],
    [JSON.stringify([{ ...good, outcome: "fine" }]), [], "an outcome there is not"],
    [JSON.stringify([{ ...good, outcome: "toString" }]), [], "what every object has is no outcome"],
    [JSON.stringify(Array.from({ length: 40 }, () => good)), Array.from({ length: MAX_RECENT }, () => good), "no more than are kept"],
  ];
  for (const [stored, expected, why] of rows) assert.deepEqual(parseRecent(stored), expected, why);
});

test("the latest check comes first, a domain stands there once, and the oldest goes", () => {
  const three = ["a.test", "b.test", "c.test"].reduceRight((list, name) => withRecent(list, check(name)), [] as RecentCheck[]);
  assert.equal(domains(three), "a.test b.test c.test");
  assert.deepEqual(withRecent(three, check("b.test", 1))[0], check("b.test", 1));
  assert.equal(domains(withRecent(three, check("b.test"))), "b.test a.test c.test");
  assert.equal(domains(withoutRecent(three, "b.test")), "a.test c.test");
  const many = Array.from({ length: 20 }, (_, index) => `${index}.test`).reduce((list, name) => withRecent(list, check(name)), [] as RecentCheck[]);
  assert.equal(many.length, MAX_RECENT);
  assert.equal(many.at(-1)?.domain, "8.test");
});

test("a browser that denies storage is no error", () => {
  // Node has none either: the name is not even defined here.
  addRecent(check("good.test"));
  assert.deepEqual(recentChecks(), []);
  eraseRecent();
});
