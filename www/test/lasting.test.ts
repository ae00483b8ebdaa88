import assert from "node:assert/strict";
import { test } from "node:test";

import { exact, likelyTtl, parseSeconds } from "../src/lasting.ts";

test("lengths of time are read as people write them", () => {
  const rows: readonly (readonly [string, number | undefined])[] = [
    ["", undefined], // the default counts
    ["  ", undefined],
    ["0", 0],
    ["3600", 3600],
    [" 3600 s ", 3600],
    ["1h", 3600], // as in a zone file
    ["1H", 3600],
    ["7d", 604800],
    ["2 weeks", 1209600],
    ["1 minute", 60],
    ["90 minutes", 5400],
    ["4294967295", 4294967295],
  ];
  for (const [typed, seconds] of rows) assert.deepEqual(parseSeconds(typed), { seconds }, typed);
});

test("what is no length of time is refused in the reader's words", () => {
  const rows: readonly (readonly [string, RegExp])[] = [
    ["soon", /“soon” is no length of time: write seconds/],
    ["-1", /“-1” is no/],
    ["1.5h", /“1\.5h” is no/],
    ["1h30m", /is no/], // one unit
    ["1 month", /is no/], // months differ
    ["1e3", /is no/],
    ["4294967296", /more than 4294967295 seconds/],
    ["99999999999999999999w", /more than/],
  ];
  for (const [typed, reason] of rows) {
    const parsed = parseSeconds(typed);
    assert.ok("refused" in parsed && reason.test(parsed.refused), JSON.stringify(parsed));
  }
});

test("the TTL of a zone is at least what a resolver has left of it", () => {
  for (const [left, ttl] of [[0, 60], [299, 300], [300, 300], [301, 600], [3412, 3600], [3600, 3600], [604_801, 604_801]] as const) {
    assert.equal(likelyTtl(left), ttl, `${left}`);
  }
});

test("a time is exact to the second", () => {
  assert.equal(exact(new Date("2026-03-08T13:00:00.999Z")), "2026-03-08T13:00:00Z");
});
