// The package as somebody has it who installed it: run by `cargo xtask test npm` beside a packed copy.
import assert from "node:assert/strict";
import { test } from "node:test";

import {
  applyFixes,
  checkDomain,
  explain,
  generate,
  init,
  lintPolicy,
  lintRecord,
  lintText,
  lookupMx,
  plan,
  review,
  rules,
} from "mta-sts";

const BROKEN = "version: STSv1\nmode: enforced\nmx: mx.example.com\nmax_age: 604800\n";

test("init tries again after a failure, and then loads once", async () => {
  await assert.rejects(init(new Uint8Array([0, 1, 2])), WebAssembly.CompileError);
  const loading = init();
  assert.equal(init(), loading);
  assert.equal(await loading, undefined);
});

test("a report says what each known sender makes of a policy", () => {
  const report = lintPolicy("version: STSv1\n\nmode: enforce\nmx: mx.example.com\nmax_age: 1209600\n");
  const of = (id) => report.senders.find((sender) => sender.id === id);
  assert.equal(of("mox").accepts, false);
  assert.deepEqual([of("mox").because.id, of("mox").because.span.line], ["pol-blank-line", 2]);
  assert.deepEqual([of("stalwart").accepts, of("stalwart").mode, of("stalwart").max_age], [true, "enforce", 1209600]);
  assert.deepEqual(of("stalwart").mx, ["mx.example.com"]);
  assert.deepEqual(report.findings[0].refused_by, ["mox", "postfix-tlspol", "go-mtasts"]);
});

test("a policy is judged, and every finding points into its text", () => {
  const report = lintPolicy(BROKEN);
  assert.equal(report.policy.usable, false);
  const { id, span } = report.findings.find(({ severity }) => severity === "error");
  assert.equal(BROKEN.slice(span.start, span.end), "enforced", id);
});

test("offsets count UTF-16 code units, as strings do", () => {
  const text = `# \u{1f4e7}\n${BROKEN}`;
  const { span } = lintPolicy(text).findings.find(({ message }) => message.includes("enforced"));
  assert.equal(text.slice(span.start, span.end), "enforced");
});

test("texts are told apart, and octets are as good as a string", () => {
  assert.equal(lintText("v=STSv1; id=20240315;").record.policy_id, "20240315");
  assert.deepEqual(lintText(new TextEncoder().encode(BROKEN)), lintText(BROKEN));
});

test("the edits of applyFixes leave nothing to fix", () => {
  const { text, applied } = applyFixes(BROKEN, { likely: true });
  assert.notEqual(applied.length, 0);
  assert.equal(lintPolicy(text).policy.mode, "enforce");
  assert.deepEqual(applyFixes(text, { likely: true }), { text, applied: [], complete: true });
});

test("fixes keep to the notation of records, and to what is a policy beside them", () => {
  const fixed = (text, options) => applyFixes(text, options).text;
  const zone = '_mta-sts.example.com. IN TXT "v=stsv1; id=2024" ; \u{1f4e7}\n\n';
  assert.equal(
    fixed(`${zone}version: STSv1\n\nmode: none\nmax_age: 86400\n`),
    `${zone.replace("stsv1", "STSv1")}version: STSv1\nmode: none\nmax_age: 86400\n`,
  );
  assert.equal(fixed("_mta-sts IN TXT v=STSv1 id=20240101", { likely: true }), "_mta-sts IN TXT v=STSv1\\;\\  id=20240101");
  assert.equal(fixed("v=TLSRPTv1; rua=a@example.com;;", { kind: "tlsrpt", likely: true }), "v=TLSRPTv1; rua=mailto:a@example.com;");
  const policy = "version: STSv1\nmode: enforce\nmx: a.example\nmax_age: 1209600\n";
  assert.equal(
    fixed(policy, { mx: ["10 a.example", "20 b.example"], likely: true }),
    policy.replace("mx: a.example\n", "mx: a.example\nmx: b.example\n"),
  );
  assert.equal(fixed("mx: b\u00fccher.example\n"), "mx: xn--bcher-kva.example\n");
  // Put right, the last line would be a second record.
  const edge = "v=STSv1; id=1\nmode: none\rv=STSv1; id=2\n";
  assert.deepEqual(applyFixes(edge), { text: edge, applied: [], complete: false });
});

test("a draft is judged as a whole", () => {
  const draft = { domain: "example.com", policy: BROKEN.replace("enforced", "enforce"), mx: "mx.example.net" };
  assert.deepEqual(review(draft).mx.hosts.map(({ result }) => result), ["refused"]);
});

test("what is generated is new, and without a fault", () => {
  const before = Date.now();
  const made = generate({ domain: "example.com", mx: ["20 mx2.example.net", "10 MX1.Example.com."], mode: "enforce" });
  assert.deepEqual(made.mx, ["mx1.example.com", "mx2.example.net"]);
  const [, ...parts] = made.id.match(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)$/).map(Number);
  const at = Date.UTC(parts[0], parts[1] - 1, ...parts.slice(2));
  assert.ok(at > before - 1000 && at <= Date.now(), made.id);
  const draft = { domain: made.domain, policy: made.policy, record: made.record.zone, mx: made.mx.join("\n") };
  assert.deepEqual(review(draft).findings, []);
  assert.notEqual(generate({ domain: made.domain, mx: made.mx, previousId: made.id }).id, made.id);
});

test("a Worker that is generated answers with the policy", async () => {
  const { policy, policy_url, targets } = generate({ domain: "example.com", mx: ["mx.example.com"] });
  const { content } = targets.find(({ name }) => name === "cloudflare-worker").files[0];
  const { default: worker } = await import(`data:text/javascript,${encodeURIComponent(content)}`);
  const reply = await worker.fetch(new Request(policy_url));
  assert.equal(await reply.text(), policy);
  assert.equal(reply.headers.get("content-type"), "text/plain; charset=utf-8");
  assert.equal((await worker.fetch(new Request(new URL("/", policy_url)))).status, 404);
  assert.equal((await worker.fetch(new Request(policy_url, { method: "POST" }))).status, 405);
});

test("what cannot be generated is said", () => {
  const ask = (request) => () => generate({ domain: "example.com", mx: ["mx.example.com"], ...request });
  const says = (request, message) => assert.throws(ask(request), { name: "Error", message });
  says({ mx: ["."] }, /null MX/);
  says({ mx: ["192.0.2.1"] }, /`192\.0\.2\.1` is not the name of an MX host/);
  says({ maxAge: 60 }, /less than a day/);
  says({ id: "a-b" }, /`a-b` is no id/);
  says({ rua: ["http://example.com/"] }, /no place that reports can go to/);
  for (const request of [
    { domain: undefined },
    { mx: undefined },
    { mx: "mx.example.com" },
    { mode: "Enforce" },
    { maxAge: 1.5 },
    { maxAge: -1 },
    { maxAge: NaN },
    { maxAge: "86400" },
    { rua: "tls@example.com" },
    { previousId: 1 },
  ]) {
    assert.throws(ask(request), TypeError, JSON.stringify(request));
  }
});

test("a change is planned, with dates", () => {
  const policy = BROKEN.replace("enforced", "enforce");
  const old = { domain: "example.com", policy, mx: "mx.example.com" };
  const moved = { policy: policy.replace("example.com", "example.net"), mx: "mx.example.net" };
  const now = new Date("2026-01-15T00:00:00.999Z");
  const { kind, steps, findings } = plan({ old, new: moved, ttl: 3600, mxTtl: 60, now });
  assert.equal(kind, "move-mx");
  assert.deepEqual(steps.map(({ id, date }) => [id, date]), [
    ["publish-both", "2026-01-15T00:00:00Z"],
    ["id-both", "2026-01-15T00:00:00Z"],
    ["change-mx", "2026-01-22T01:00:00Z"],
    ["publish-policy", "2026-01-22T01:01:00Z"],
    ["id-policy", "2026-01-22T01:01:00Z"],
    ["done", "2026-01-29T02:01:00Z"],
  ]);
  assert.equal(steps[0].publish.at, "https://mta-sts.example.com/.well-known/mta-sts.txt");
  assert.equal(steps[2].not_before, Date.parse(steps[2].date) / 1000);
  assert.deepEqual(findings.map(({ id }) => id), ["ops-old-policy", "ops-add-mx"]);
  const { start, end } = findings[0].span;
  assert.equal(moved.policy.slice(start, end), "mx.example.net");

  const removed = plan({ old, longestMaxAge: 31557600, now });
  assert.equal(removed.steps.at(-1).date, "2027-01-17T06:00:00Z"); // 365.25 days and twice the TTL of a day
  assert.equal(plan({}).kind, "nothing");
  assert.ok(plan({ new: { policy: BROKEN } }).steps[0].not_before > 1768435200, "the time is now");
  const wrong = (change, message) => assert.throws(() => plan(change), { name: "TypeError", message });
  wrong({ now: 1768435200 }, /`now` is not a valid Date/);
  wrong({ now: new Date(NaN) }, /`now` is not a valid Date/);
  wrong({ ttl: "3600" }, /`ttl` is not a whole number of seconds/);
  wrong({ mxTtl: -1 }, /`mxTtl` is not a whole number of seconds/);
  wrong({ longestMaxAge: Infinity }, /`longestMaxAge` is not a whole number of seconds/);
  wrong({ old: { policy: 1 } }, /neither a string nor a Uint8Array/);
  assert.throws(() => plan({ new: { domain: "no domain" } }), Error);
});

test("records are as good as a list of their strings", () => {
  const { findings, record } = lintRecord([["v=STSv1; id=2024", "0315;"], [], ["v=spf1 -all", ""]]);
  assert.deepEqual(record, { usable: true, policy_id: "20240315" });
  assert.deepEqual(findings.map(({ id, document }) => `${document}: ${id}`), [
    "record 2: txt-unrelated",
    "record 3: txt-unrelated",
    "record 1: txt-split",
  ]);
  assert.deepEqual(lintRecord("v=STSv1; id=1; é=1").findings.map(({ id }) => id), lintRecord([["v=STSv1; id=1; é=1"]]).findings.map(({ id }) => id));
});

test("what makes no sense is refused with its reason", () => {
  assert.throws(() => lintPolicy(8461), TypeError);
  assert.throws(() => lintText(BROKEN, { kind: "dkim" }), TypeError);
  assert.throws(() => lintText(BROKEN, { mx: "mx.example.com" }), TypeError);
  assert.throws(() => lintRecord([["v=STSv1", 1]]), TypeError);
  assert.throws(() => lintPolicy(BROKEN, { domain: "a b" }), { name: "Error", message: /domain/ });
});

test("every finding's rule can be explained", async () => {
  const all = await rules();
  for (const rule of all) assert.deepEqual(await explain(rule.id), rule);
  for (const { id, why } of lintPolicy(BROKEN).findings) assert.equal((await explain(id)).why, why);
  assert.equal(await explain("no-such-rule"), undefined);
});

test("a check says what could not be seen, and what is no domain", async () => {
  const nobody = "https://127.0.0.1:1/dns-query";
  const report = await checkDomain("example.com", { resolvers: [nobody] });
  assert.equal(report.verdict.outcome, "unknown");
  assert.notEqual(report.not_seen.length, 0);
  await assert.rejects(checkDomain("no domain"), Error);
});

test("MX hosts are looked up, or it is said why not", async () => {
  const nobody = "https://127.0.0.1:1/dns-query";
  const { outcome, sentence, hosts, lookup, domain } = await lookupMx("postmaster@Example.com", { resolvers: [nobody] });
  assert.deepEqual([outcome, hosts, lookup.kind, lookup.answered], ["unreachable", [], "MX", false]);
  assert.match(sentence, /^Which MX hosts example\.com has is not known: https:\/\/127\.0\.0\.1:1/);
  assert.equal(domain.notes[0], "took the domain of the e-mail address");
  await assert.rejects(lookupMx("no domain"), { name: "Error", message: /space/ });
  await assert.rejects(lookupMx("example.com", { resolvers: [] }), TypeError);
  await assert.rejects(lookupMx("example.com", { resolvers: ["ftp://dns.example"] }), Error);
  const reason = new Error("enough");
  await assert.rejects(lookupMx("example.com", { signal: AbortSignal.abort(reason) }), reason);
});

test("MX hosts come in the order of their preference", async (t) => {
  const name = "076578616d706c6503636f6d00"; // example.com
  const mx = (preference, host) => `c00c000f00010000012c${(host.length / 2 + 2).toString(16).padStart(4, "0")}${preference}${host}`;
  const answers = [mx("0014", "0162c00c"), mx("000a", "0161c00c")];
  t.mock.method(globalThis, "fetch", async () =>
    new Response(Buffer.from(`000081800001000200000000${name}000f0001${answers.join("")}`, "hex"), {
      headers: { "content-type": "application/dns-message" },
    }));
  const { outcome, sentence, hosts, lookup } = await lookupMx("example.com");
  assert.deepEqual([outcome, sentence, lookup.ttl], ["found", "example.com has 2 MX hosts.", 300]);
  assert.deepEqual(hosts, [{ preference: 10, host: "a.example.com" }, { preference: 20, host: "b.example.com" }]);
});

test("a check can be cancelled", async () => {
  const reason = new Error("enough");
  await assert.rejects(checkDomain("example.com", { signal: AbortSignal.abort(reason) }), reason);
});
