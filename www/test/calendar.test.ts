import assert from "node:assert/strict";
import { test } from "node:test";

import type { Plan, PlanStep } from "mta-sts";

import { calendar, fold } from "../src/calendar.ts";
import { domainOf, headline, planText } from "../src/steps.ts";

const step = (rest: Partial<PlanStep>): PlanStep => ({
  id: "publish-both",
  action: "serve this policy, and see to it that every server does",
  why: "it lists old; and new hosts, too",
  rfc: "RFC 8461 §4.1",
  not_before: 1_772_366_400,
  date: "2026-03-01T12:00:00Z",
  waits: [],
  ...rest,
});

const POLICY = "version: STSv1\nmx: a.example\n";

const PLAN: Plan = {
  schema: "mta-sts-plan-1",
  offsets: "utf-16",
  kind: "move-mx",
  summary: "change the MX hosts: 2 steps",
  findings: [],
  documents: [],
  steps: [
    step({ publish: { kind: "policy", at: "https://mta-sts.example.com/.well-known/mta-sts.txt", text: POLICY } }),
    step({
      id: "change-mx",
      action: "let the MX records name these hosts and no others; keep the old ones",
      not_before: 1_772_970_000,
      date: "2026-03-08T11:40:00Z",
      waits: [{ after: "publish-both", seconds: 603_600, sum: "TXT TTL 1 hour + max_age 7 days", until: "the last copy has expired", early: null }],
    }),
  ],
};

const MADE = new Date("2026-02-28T08:00:00.123Z");

/** The lines of a calendar, unfolded. */
const unfolded = (text: string): string[] => text.replaceAll("\r\n ", "").split("\r\n");

test("a plan is a calendar of its steps", () => {
  const lines = unfolded(calendar(PLAN, "example.com", "a", MADE));
  const values = (name: string): string[] => lines.filter((line) => line.startsWith(`${name}:`)).map((line) => line.slice(name.length + 1));
  assert.deepEqual([lines[0], lines[1], lines.at(-2), lines.at(-1)], ["BEGIN:VCALENDAR", "VERSION:2.0", "END:VCALENDAR", ""]);
  assert.deepEqual(values("DTSTART"), ["20260301T120000Z", "20260308T114000Z"]);
  assert.deepEqual(values("DTSTAMP"), ["20260228T080000Z", "20260228T080000Z"]);
  assert.deepEqual(values("SUMMARY"), [
    "MTA-STS of example.com\\, 1 of 2: Serve this policy",
    "MTA-STS of example.com\\, 2 of 2: Let the MX records name these hosts and no others",
  ]);
  assert.match(values("DESCRIPTION")[0]!, /mta-sts\.txt:\\n\\nversion: STSv1\\nmx: a\.example\\n\\nWhy: it lists old\\; and new hosts\\, too \(RFC 8461 §4\.1\)\.$/);
  assert.match(values("DESCRIPTION")[1]!, /Wait after step 1: TXT TTL 1 hour \+ max_age 7 days\\, until the last copy has expired\./);
});

test("lines end with CRLF, have 75 octets at most, and no control", () => {
  const hostile = step({ action: `serve \u{1f4e7}\r\nEND:VEVENT\r\0${"ü".repeat(200)}` });
  const text = calendar({ ...PLAN, steps: [hostile] }, "example.com", "a", MADE);
  for (const line of text.split("\r\n")) {
    assert.ok(new TextEncoder().encode(line).length <= 75, line);
    assert.ok(!/\p{Cc}/u.test(line), JSON.stringify(line));
  }
  assert.equal(unfolded(text).filter((line) => line === "END:VEVENT").length, 1);
});

test("an event keeps its UID at another time, and has another for another change", () => {
  const uids = (plan: Plan, about: string): string[] => unfolded(calendar(plan, "example.com", about, new Date())).filter((line) => line.startsWith("UID:"));
  const later = { ...PLAN, steps: PLAN.steps.map((one) => ({ ...one, not_before: one.not_before + 86_400 })) };
  const before = uids(PLAN, "a");
  assert.equal(new Set(before).size, 2);
  assert.deepEqual(uids(later, "a"), before);
  assert.notDeepEqual(uids(PLAN, "b"), before);
  assert.match(before[0]!, /^UID:publish-both-[0-9a-f]{16}@example\.com$/);
  assert.match(unfolded(calendar(PLAN, "", "a", MADE)).find((line) => line.startsWith("UID:"))!, /@mta-sts\.invalid$/);
});

test("a long line goes on after a space, and no character is divided", () => {
  for (const [line, folded] of [
    ["a".repeat(75), "a".repeat(75)], // just fits
    ["a".repeat(76), `${"a".repeat(75)}\r\n a`],
    ["a".repeat(150), `${"a".repeat(75)}\r\n ${"a".repeat(74)}\r\n a`], // the space counts
    [`${"a".repeat(74)}ü`, `${"a".repeat(74)}\r\n ü`], // two octets
    [`${"a".repeat(72)}\u{1f4e7}`, `${"a".repeat(72)}\r\n \u{1f4e7}`], // four
  ] as const) {
    assert.equal(fold(line), folded);
  }
});

test("a plan as text has every date, text and wait", () => {
  const text = planText(PLAN, "example.com");
  assert.equal(text.split("\n")[0], "MTA-STS of example.com: change the MX hosts: 2 steps.");
  assert.match(text, /\n1\. 2026-03-01T12:00:00Z\n {3}Serve this policy, and see/);
  assert.match(text, /\n {3}version: STSv1\n {3}mx: a\.example\n/);
  assert.match(text, /\n2\. 2026-03-08T11:40:00Z\n/);
});

test("the domain of a plan is that of its texts", () => {
  const at = (at: string): string => domainOf({ ...PLAN, steps: [step({ publish: { kind: "record", at, text: "" } })] });
  assert.equal(domainOf(PLAN), "example.com");
  assert.equal(at("_mta-sts.a.test"), "a.test");
  assert.equal(at("_smtp._tls.a.test"), "a.test");
  assert.equal(at("_mta-sts"), ""); // it is not known
  assert.equal(at("/.well-known/mta-sts.txt"), "");
  assert.equal(headline(step({ action: "delete the policy, and the host" })), "Delete the policy");
});
