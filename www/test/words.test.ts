import assert from "node:assert/strict";
import { test } from "node:test";

import { isDefault, KNOWN, nameResolvers, parseResolvers } from "../src/resolvers.ts";
import { duration, elapsed, references } from "../src/words.ts";

test("durations have a unit people use, and the exact seconds", () => {
  const rows: readonly (readonly [number, string])[] = [
    [0, "0 seconds"],
    [1, "1 second"],
    [59, "59 seconds"],
    [60, "1 minute (60 seconds)"],
    [3600, "1 hour (3600 seconds)"],
    [604800, "7 days (604800 seconds)"],
    [129600, "about 1.5 days (129600 seconds)"],
    [31557600, "about 365.3 days (31557600 seconds)"],
  ];
  for (const [seconds, words] of rows) assert.equal(duration(seconds), words);
  assert.equal(elapsed(12.4), "12 ms");
  assert.equal(elapsed(1234), "1.2 s");
});

test("each section of an RFC is a link, and the words between stay", () => {
  assert.deepEqual(references("RFC 8461 §3.2, RFC 3629 §4; see also §10.4 and erratum 6253"), [
    { text: "RFC 8461 §3.2", url: "https://www.rfc-editor.org/rfc/rfc8461#section-3.2" },
    { text: ", " },
    { text: "RFC 3629 §4", url: "https://www.rfc-editor.org/rfc/rfc3629#section-4" },
    { text: "; see also " },
    { text: "§10.4", url: "https://www.rfc-editor.org/rfc/rfc3629#section-10.4" }, // of the RFC named last
    { text: " and " },
    { text: "erratum 6253", url: "https://www.rfc-editor.org/errata/eid6253" },
  ]);
  assert.deepEqual(references("RFC 7505"), [{ text: "RFC 7505", url: "https://www.rfc-editor.org/rfc/rfc7505" }]);
  assert.deepEqual(references("common practice"), [{ text: "common practice" }]);
});

test("resolvers are named or given as URLs", () => {
  const all = Object.values(KNOWN);
  for (const typed of ["", "  ", "Cloudflare, Google", "cloudflare google"]) {
    assert.deepEqual(parseResolvers(typed), { urls: all }, typed);
  }
  const one = "https://doh.test/dns-query";
  assert.deepEqual(parseResolvers(`${one}, Google, ${one}`), { urls: [one, KNOWN["Google"]] }); // each once
  assert.deepEqual(parseResolvers("http://127.0.0.1:8053/dns-query"), { urls: ["http://127.0.0.1:8053/dns-query"] });
  for (const typed of ["Quad10", "http://doh.test/dns-query", "javascript:alert(1)", "https://user:pass@doh.test/", "<img src=x>"]) {
    assert.ok("refused" in parseResolvers(typed), typed);
  }
  assert.equal(nameResolvers([one, KNOWN["Google"]!]), `${one}, Google`);
  assert.ok(isDefault(all) && !isDefault([...all].reverse()));
});
