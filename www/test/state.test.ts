import assert from "node:assert/strict";
import { test } from "node:test";

import { decode, encode, MAX_FRAGMENT, type State } from "../src/state.ts";

test("a state comes back from its fragment", () => {
  const states: readonly State[] = [
    { view: "check" },
    { view: "check", domain: "good.test" },
    { view: "check", domain: "bücher.example", resolvers: ["https://doh.test/dns-query"] },
    { view: "check", domain: "a.test", resolvers: ["https://a.test/q?x=1&y=2,3", "https://b.test/q"] }, // & and , escaped
    { view: "lint" },
    { view: "lint", text: "" }, // an empty text is not the same as none
    { view: "lint", text: "version: STSv1\r\nmode: enforce\n\0\t+%#&=?,<b>\u{1f4e7}" },
    { view: "plan", fields: {} },
    {
      view: "plan",
      fields: {
        domain: "a.test", old: "version: STSv1\nmode: enforce\n", record: "v=STSv1; id=1", mx: "10 mx1.a.test\n20 mx2.a.test",
        new: " ", "new-record": "v=STSv1; id=2,3", "new-mx": ".", remove: "yes", ttl: "1h", "mx-ttl": "x", "max-age": "2 weeks", start: "2026-03-01T12:00:00Z",
      },
    }, // every field, and what is wrong in one is for the view to say
    {
      view: "generate",
      fields: {
        domain: "b\u00fccher.example", mx: "mx1.a.test, mx2.a.test", mode: "enforce", "max-age": "604800", wildcards: "yes", rua: "https://a.test/?a=1&b=2\na+b@a.test",
        "previous-id": "1", id: "2", target: "github-pages",
      },
    },
    { view: "lint", text: "v=STSv1; id=1", kind: "record", domain: "a.test", mx: ["mx1.a.test", "mx2.a.test"] },
  ];
  for (const state of states) assert.deepEqual(decode(encode(state) ?? ""), state);
});

test("a fragment is read as people and other tools write it", () => {
  const rows: readonly (readonly [string, State])[] = [
    ["", { view: "check" }],
    ["#", { view: "check" }],
    ["#check?domain=good.test&resolver=https%3A%2F%2Fdoh.test%2Fdns-query", { view: "check", domain: "good.test", resolvers: ["https://doh.test/dns-query"] }],
    ["#check?resolver=https%3A%2F%2Fa.test%2Fq%2Chttps%3A%2F%2Fb.test%2Fq", { view: "check", resolvers: ["https://a.test/q", "https://b.test/q"] }], // URLSearchParams escapes the comma, too
    ["#check?resolver=Cloudflare%2CGoogle", { view: "check", resolvers: ["Cloudflare", "Google"] }],
    ["#lint?text=v%3DSTSv1%3B+id%3D1", { view: "lint", text: "v=STSv1; id=1" }], // + is a space in URLSearchParams
    ["#lint?text=a%2Bb", { view: "lint", text: "a+b" }],
    ["#lint?text=a=b", { view: "lint", text: "a=b" }], // only the first = divides
    ["#check?domain=one.test&domain=two.test", { view: "check", domain: "one.test" }], // the first counts
    ["#check?domain=&nonsense&x=%41", { view: "check", domain: "" }], // what is not known is left out
    ["#plan?remove=&old=a&old=b&x=1", { view: "plan", fields: { old: "a" } }], // empty, repeated, not known
    ["#plan?start=2026-03-01T12:00Z", { view: "plan", fields: { start: "2026-03-01T12:00Z" } }], // without seconds
    ["#generate?mx=a.test%2Cb.test", { view: "generate", fields: { mx: "a.test,b.test" } }], // a text, not a list
    ["#lint?kind=html&text=x", { view: "lint", text: "x" }], // a kind that is none
  ];
  for (const [fragment, state] of rows) assert.deepEqual(decode(fragment), state, fragment);
});

test("what cannot be read is refused with a reason", () => {
  const rows: readonly (readonly [string, RegExp])[] = [
    ["#check?domain=%", /% that begins no escape/],
    ["#lint?text=%ff", /% that begins no escape/], // an octet that is no UTF-8
    ["#other?x=1", /asks for “other”/],
    [`#${"x".repeat(500)}`, /asks for “x{40}…”/], // quoted, but not at length
    [`#check?domain=${"a".repeat(3000)}`, /domain of 3000 characters/],
    ["#check?resolver=a,b,c,d,e", /5 resolvers; this page asks at most 4/],
    [`#lint?mx=${"a,".repeat(101)}`, /101 MX hosts/],
    ["#plan?start=tomorrow", /“tomorrow” in “start”, which is no time such as 2026-03-01T12:00Z/],
    ["#plan?start=2026-13-01T12:00Z", /“2026-13-01T12:00Z” in “start”/], // no month
    ["#plan?start=2026-03-01T12:00", /in “start”/], // whose noon
    ["#plan?remove=no", /“no” in “remove”, which takes yes/],
    [`#plan?old=${"a".repeat(65_537)}`, /65537 characters in “old”; this page takes at most 65536/],
    [`#plan?ttl=${"1".repeat(41)}`, /41 characters in “ttl”/],
    ["#plan?domain=%", /% that begins no escape/],
    ["#generate?mode=Enforce", /“Enforce” in “mode”, which takes testing, enforce, none/],
    [`#generate?target=${"x".repeat(99)}`, /“x{40}…” in “target”, which takes nginx, apache/],
    [`#generate?domain=${"a".repeat(3000)}`, /3000 characters in “domain”/],
    [`#lint?text=${"a".repeat(MAX_FRAGMENT)}`, /this page reads at most 131072/],
  ];
  for (const [fragment, reason] of rows) {
    const decoded = decode(fragment);
    assert.ok("refused" in decoded && reason.test(decoded.refused), JSON.stringify(decoded));
  }
});

test("a text that is too long has no fragment, and one that just fits is read again", () => {
  const prefix = "#lint?text=".length;
  const longest = "a".repeat(MAX_FRAGMENT - prefix);
  assert.deepEqual(decode(encode({ view: "lint", text: longest }) ?? ""), { view: "lint", text: longest });
  assert.equal(encode({ view: "lint", text: `${longest}a` }), null);
});

test("half of a surrogate pair is no reason to fail", () => {
  assert.equal(encode({ view: "lint", text: "\ud800" }), "#lint?text=%EF%BF%BD");
});
