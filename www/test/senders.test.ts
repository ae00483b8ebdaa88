import assert from "node:assert/strict";
import { test } from "node:test";

import type { SenderReport } from "mta-sts";

import { summary } from "../src/view/senders.ts";

test("what senders do is summed up, and no more is said than is known", () => {
  const sender = (accepts: boolean | null, document?: string): SenderReport =>
    ({ accepts, record: accepts, because: document === undefined ? null : { id: "x", document } }) as unknown as SenderReport;
  const [yes, no, unknown] = [sender(true), sender(false), sender(null)];
  const rows: readonly (readonly [readonly SenderReport[], string, string])[] = [
    [[yes, yes, yes], "All 3 known senders apply it.", "all alike"],
    [[yes, sender(true, "policy"), yes], "All 3 known senders apply it, 1 of them in another way than the RFC says.", "one reads it otherwise"],
    [[yes, sender(true, "tlsrpt"), yes], "All 3 known senders apply it.", "where reports go does not change what is applied"],
    [[no, no], "None of the 2 known senders applies it.", "none"],
    [[yes, no, no], "1 of 3 known senders applies it.", "one"],
    [[yes, unknown, unknown], "1 of 3 known senders applies it; for 2 that depends on what cannot be seen from here.", "the policy was not seen"],
    [[no, unknown], "1 of 2 known senders refuses it; for 1 that depends on what cannot be seen from here.", "likewise"],
    [[unknown, unknown], "What senders do with it depends on what cannot be seen from here.", "nothing was seen"],
  ];
  for (const [senders, expected, why] of rows) assert.equal(summary(senders), expected, why);
});
