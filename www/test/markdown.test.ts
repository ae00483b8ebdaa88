import assert from "node:assert/strict";
import { test } from "node:test";

import { micromark } from "micromark";
import { gfm, gfmHtml } from "micromark-extension-gfm";
import type { Report } from "mta-sts";

import { code, fence, markdown, text } from "../src/markdown.ts";

/** Rendered by another implementation of CommonMark, with the tables and links of GitHub. */
const render = (source: string): string =>
  micromark(source, { allowDangerousHtml: true, allowDangerousProtocol: true, extensions: [gfm()], htmlExtensions: [gfmHtml()] });

const tags = (html: string): string[] => Array.from(html.matchAll(/<[a-z][a-z0-9]*/g), ([tag]) => tag.slice(1));

/** What a name, a record or a policy may be made of, to become something else in Markdown. */
const HOSTILE = [
  "<img src=x onerror=alert(1)>", "<script>alert(1)</script>", "</code></pre><h1>", "<!-- a comment", "&lt;b&gt; &amp; &#60;b>",
  "[a link](https://evil.test)", "![an image](https://evil.test/x.png)", "[a reference]: https://evil.test", "[^1]",
  "https://evil.test/", "http://evil.test", "www.evil.test", "mailto:someone@evil.test", "someone@evil.test", "@someone", "a @b @c",
  "*emphasis* **strong** _both_ __so__ ~~gone~~", "`code`", "``code``", "```\nfence\n```", "~~~\nfence\n~~~", "`", "``", "` `", "a`", "`a",
  "# heading", "- item", "+ item", "* item", "1. item", "2) item", "> quotation", "---", "===", "    indented", "| a | b |", "a|b", "a\\|b", "|", "\\",
  "\\\\|", "a\\", ":smile:", "$x^2$", "line\nbreak", "line\r\nbreak", "tab\there", "\u202egnp.exe", "\u200b", "\0", "\ud800", "", " ", "   ",
];

test("text from outside is text: in words, in a code span, in a fence", () => {
  for (const hostile of HOSTILE) {
    const words = render(`Before ${text(hostile)} after`);
    assert.deepEqual(tags(words).filter((tag) => tag !== "code"), ["p"], `${JSON.stringify(hostile)} as words: ${words}`);
    const begins = render(text(hostile));
    assert.deepEqual(tags(begins).filter((tag) => tag !== "code" && tag !== "p"), [], `${JSON.stringify(hostile)} begins: ${begins}`);
    const span = render(`Before ${code(hostile)} after`);
    assert.deepEqual(tags(span).filter((tag) => tag !== "code"), ["p"], `${JSON.stringify(hostile)} as code: ${span}`);
    const block = render(`${fence(hostile)}\n\nafter`);
    assert.deepEqual(tags(block), ["pre", "code", "p"], `${JSON.stringify(hostile)} in a fence: ${block}`);
  }
});

test("what is shown is what was there, and what cannot be seen is named", () => {
  const rows: readonly (readonly [string, string, string])[] = [
    [text("a_b*c"), "a\\_b\\*c", "words are escaped"],
    [text("- 1. x"), "\\- 1. x", "a list begins at the beginning alone"],
    [text("12. x"), "12\\. x", "so does a numbered one"],
    [text("1.5.1"), "1.5.1", "and a version is none"],
    [text("---"), "\\---", "nor is a line across the page"],
    [text("write to tls@good.test now"), "write to `tls@good.test` now", "no mention, and no link"],
    [code("a`b"), "``a`b``", "a longer mark than any inside"],
    [code("`a`"), "`` `a` ``", "a space keeps the mark from the value's own"],
    [code("a\u202eb\r"), "`a⟨U+202E⟩b⟨CR⟩`", "nothing is hidden, or rearranges its neighbours"],
    [code("  "), "`⟨2 spaces⟩`", "spaces alone would be no code span"],
    [code(""), "(empty)", "nor would nothing"],
    [fence("a\r\nb\n"), "```text\na\nb\n```", "a text ends where its last line ends"],
    [fence("````\n"), "`````text\n````\n`````", "a longer fence than any inside"],
  ];
  for (const [written, expected, why] of rows) assert.equal(written, expected, why);
});

/** A report in which everything from outside is `x`. */
function reportOf(x: string): Report {
  const span = { start: 0, end: 1, line: 1, column: 1 };
  const lookup = {
    stop: "policy-host", name: x, kind: "A", outcome: x, answered: true, answers: [x, x], ttl: 300, aliases: [`${x} → ${x}`],
    authenticated: true, resolver: `https://${x}`, millis: 12,
  } as const;
  return {
    schema: "mta-sts-report-1",
    offsets: "utf-16",
    domain: { name: x, unicode: `${x}!`, notes: [`took \`${x}\` of ${x}`] },
    verdict: { outcome: "gap", sentence: `About ${x}.`, consequence: `What comes of \`${x}\`.` },
    route: (["record", "policy-host", "policy", "mx", "reports"] as const).map((id) => ({ id, state: "fine", summary: x })),
    documents: [{ name: "policy", kind: "policy", source: x, text: x }],
    findings: [{
      id: "pol-x", severity: "error", consequence: "refused", document: "policy", span, message: `\`${x}\` is ${x}`, why: `of ${x}`,
      rfc: "RFC 8461 §3.2", instead: `write ${x}`, senders: x,
    }],
    policy: { usable: true, mode: "enforce", max_age: 604_800, mx: [x] },
    mx: {
      coverage: "partial",
      hosts: [
        { host: x, preference: 10, addresses: [x], matched_by: x, near_miss: null, result: "allowed", outcome: `to \`${x}\`` },
        { host: x, preference: null, addresses: [], matched_by: null, near_miss: x, result: "refused", outcome: x },
      ],
    },
    senders: [{
      id: "mox", name: "mox", version: "1", kind: "mail-server", known: "run", accepts: true, mode: "enforce", max_age: 604_800, mx: [x],
      because: { id: "pol-x", document: "policy", span }, record: true, policy: true, tlsrpt: null, policy_id: x, rua: [x], hosts: ["allowed", "refused"],
    }],
    not_seen: [{ stop: "mx", what: x, why: x, next: `do \`${x}\``, command: x, url: "https://mta-sts.good.test/", rules: ["pol-x"] }],
    // One that makes a command, as the others do not all.
    lookups: [lookup, { ...lookup, name: "mx1.good.test" }],
    reply: { url: `https://${x}/`, status: 200, content_type: x, size: 64, millis: 12 },
  } as unknown as Report;
}

test("a report has the same parts whatever it is about", () => {
  const parts = (x: string): string[] => tags(render(markdown(reportOf(x), { began: new Date(0) }))).filter((tag) => tag !== "code");
  const expected = parts("good.test");
  for (const part of ["h1", "h2", "table", "tr", "td", "pre", "ul", "li", "a"]) assert.ok(expected.includes(part), `a report has ${part}`);
  for (const hostile of HOSTILE) {
    // Nothing makes no part.
    if (hostile.trim() === "") continue;
    assert.deepEqual(parts(hostile), expected, `${JSON.stringify(hostile)}:\n${markdown(reportOf(hostile))}`);
  }
});
