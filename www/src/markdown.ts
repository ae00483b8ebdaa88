/**
 * A report as Markdown, whole: for a ticket, a mail or a commit. Loaded by those who copy it.
 *
 * Much of a report is text from outside. It stands in code spans and fences that it cannot end, or is escaped, so that it
 * is neither markup, nor a link, nor a cell of a table, in CommonMark and in the dialect of GitHub.
 */

import type { FindingReport, LookupReport, MxReport, NotSeen, PolicyReport, ReplyReport, Report, SenderReport } from "mta-sts";

import { commands } from "./commands.ts";
import { servedBy } from "./hosting.ts";
import { pieces } from "./text.ts";
import { heading } from "./view/findings.ts";
import { summary } from "./view/senders.ts";
import { CONSEQUENCE, count, documentName, duration, elapsed, host, place, references, SEVERITY_WORD, STATE_WORD, STOP_NAME } from "./words.ts";

/** What a report does not say of its check. */
export interface Circumstances {
  /** When it began. */
  readonly began?: Date;
  /** The address of the result. */
  readonly link?: string;
  /** Whether the policy is a text that somebody gave. */
  readonly given?: boolean;
}

/** More than this of a list is like the rest of it. */
const MAX_ITEMS = 100;

export function markdown(report: Report, circumstances: Circumstances = {}): string {
  const { verdict, domain, route, findings, mx, senders, not_seen, lookups, policy, reply } = report;
  const shell = commands(report);
  const blocks: (string | false | undefined)[] = [
    `# ${domain ? `MTA-STS of ${text(domain.unicode)}` : "MTA-STS"}`,
    `**${prose(verdict.sentence).trim()}**`,
    prose(verdict.consequence),
    ...(domain?.notes ?? []).map(prose),
    domain && domain.unicode !== domain.name && `In the DNS it is ${code(domain.name)}.`,
    when(report, circumstances),
    lookups.length > 0 && table(["Stop", "State", ""], route.map(({ id, state, summary }) => [STOP_NAME[id], STATE_WORD[state], proseCell(summary)])),
    `## ${heading(findings)}`,
    bounded(findings.map((finding) => findingItem(finding, report))),
    "## Evidence",
    bounded(lookups.map(lookupItem)),
    servedBy(report) && prose(servedBy(report)!),
    reply && replyLine(reply),
    policy && policyLine(policy),
    ...report.documents.flatMap((document) =>
      document.text === undefined ? [] : [`The ${documentName(document)}${domain && lookups.length > 0 ? ", as received" : ""}:`, fence(document.text)],
    ),
    ...(mx && mx.hosts.length > 0 ? ["## MX hosts", mxTable(mx)] : []),
    ...(senders.length > 0 ? ["## What senders do", summary(senders), sendersTable(senders)] : []),
    ...(not_seen.length > 0 ? ["## Not seen from here", ...not_seen.map(unseenItem)] : []),
    ...(shell === "" ? [] : ["## The same questions from a terminal", fence(shell, "sh")]),
  ];
  return `${blocks.filter((block) => block).join("\n\n")}\n`;
}

function when({ lookups }: Report, { began, link, given }: Circumstances): string {
  const resolvers = [...new Set(lookups.filter(({ answered }) => answered).map(({ resolver }) => host(resolver)))];
  const of = lookups.length === 0 ? "" : resolvers.length === 0 ? "; no resolver answered" : `; the DNS answered by ${resolvers.map((name) => code(name)).join(", ")}`;
  return [
    began && `Checked at ${began.toISOString().replace(/\.\d+Z$/, "Z")} from a browser${of}.`,
    given && "The policy is a text that was given by hand; its host’s own reply had no part in this.",
    link !== undefined && /^https?:\/\/[^\s<>]+$/.test(link) && `<${link}>`,
  ].filter((line) => line).join(" ");
}

function findingItem(finding: FindingReport, { documents }: Report): string {
  const { id, severity, span, also, message, why, instead, consequence, rfc, senders } = finding;
  const document = documents.find(({ name }) => name === finding.document);
  const oneLine = document?.text !== undefined && !document.text.includes("\n");
  const where = [document && documentName(document), span && place(span, oneLine)].filter((part) => part).join(", ");
  const further = (also ?? []).slice(0, 10).map((span) => place(span, oneLine)).join("; ");
  const sources = references(rfc).map(({ text: words, url }) => (url ? `[${text(words)}](${url})` : text(words))).join("");
  return [
    `- **${SEVERITY_WORD[severity]}**: ${prose(message)}${where && ` (${text(where)})`}`,
    `  - Why: ${prose(why)}`,
    `  - Means: ${CONSEQUENCE[consequence]}`,
    senders && `  - Senders: ${prose(senders)}`,
    `  - Instead: ${prose(instead)}`,
    further && `  - Also at: ${further}`,
    `  - Source: ${sources}, ${code(id)}`,
  ].filter((line) => line).join("\n");
}

function lookupItem({ name, kind, outcome, answered, answers, ttl, aliases, authenticated, resolver, millis }: LookupReport): string {
  const facts = [
    text(outcome),
    ...aliases.map((alias) => `CNAME ${code(alias)}`),
    ...answers.slice(0, MAX_ITEMS).map((answer) => code(answer)),
    ttl != null && `TTL ${duration(ttl)}`,
    answered && (authenticated ? "validated by the resolver (AD)" : "not validated (no AD)"),
    resolver && `${answered ? "answered by" : "asked of"} ${code(host(resolver))}, ${elapsed(millis)}`,
  ];
  return `- ${kind} ${code(name)}: ${facts.filter((fact) => fact).join("; ")}`;
}

function replyLine({ url, status, content_type, size, millis }: ReplyReport): string {
  const facts = [
    status != null && `HTTP ${status}`,
    content_type != null && (content_type === "" ? "no Content-Type" : code(content_type)),
    count(size, "byte"),
    millis != null && elapsed(millis),
  ];
  return `GET ${code(url)}: ${facts.filter((fact) => fact !== false).join(", ")}.`;
}

function policyLine({ usable, mode, max_age, mx }: PolicyReport): string {
  const patterns = mx.slice(0, MAX_ITEMS).map((pattern) => code(pattern)).join(", ");
  const age = max_age == null ? "no `max_age` that is a number" : `\`max_age\` ${duration(Number(max_age))}`;
  const modes = mode ? `mode \`${mode}\`` : "no mode";
  return `Senders that follow the RFC ${usable ? "can" : "cannot"} apply the policy: ${modes}, ${age}, ${patterns ? `mx ${patterns}` : "no mx"}.`;
}

function mxTable({ hosts }: MxReport): string {
  return table(
    ["Preference", "Host", "Addresses", "Pattern", "Mail"],
    hosts.slice(0, MAX_ITEMS).map(({ preference, host, addresses, matched_by, near_miss, outcome }) => [
      preference == null ? "–" : String(preference),
      cell(host === "" ? "." : host),
      addresses.map(cell).join(", "),
      matched_by != null ? cell(matched_by) : near_miss != null ? `none; nearest ${cell(near_miss)}` : "none",
      proseCell(outcome),
    ]),
  );
}

const TAKES = { true: "yes", false: "no", null: "–" } as const;

function sendersTable(senders: readonly SenderReport[]): string {
  const takes = (value: boolean | null | undefined): string => TAKES[`${value ?? null}`];
  return table(
    ["Sender", "Takes the record", "Applies the policy", "Delivers to", "Because"],
    senders.map(({ name, version, record, policy, hosts, because }) => [
      `${proseCell(name)} ${proseCell(version)}`,
      takes(record),
      takes(policy),
      delivers(hosts),
      because == null ? "" : `${code(because.id)}${because.span ? ` at line ${because.span.line}, column ${because.span.column}` : ""}`,
    ]),
  );
}

/** How many hosts mail goes to by their names; where the names in certificates decide, nobody knows from here. */
function delivers(hosts: SenderReport["hosts"]): string {
  const number = (result: string): number => hosts.filter((host) => host === result).length;
  if (number("unknown") === hosts.length) return hosts.length === 0 ? "–" : "the certificates decide";
  const rest = number("unknown") > 0 ? `; for ${number("unknown")} the certificates decide` : "";
  return `${number("allowed")} of ${hosts.length}${rest}`;
}

function unseenItem({ stop, what, why, next, command, url }: NotSeen): string {
  const address = url != null && /^https:\/\/[\w.\-/]+$/.test(url) ? ` <${url}>` : "";
  const item = `- **${prose(what).trim()}** (${STOP_NAME[stop]}): ${prose(why)}. Next: ${prose(next)}.${address}`;
  return command == null ? item : `${item}\n\n${fence(command, "sh").replace(/^(?=.)/gm, "  ")}`;
}

/** A list, no longer than somebody reads. */
const bounded = (items: readonly string[]): string =>
  [...items.slice(0, MAX_ITEMS), ...(items.length > MAX_ITEMS ? [`- … and ${items.length - MAX_ITEMS} more`] : [])].join("\n");

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");

/** A sentence of the engine, in which the reader's own values stand in backticks. */
const prose = (sentence: string): string =>
  sentence.split(/`([^`]+)`/).map((part, index) => (index % 2 === 1 ? code(part) : part === "" ? "" : text(part))).join("");

/** {@link prose} for a cell of a table. */
const proseCell = (sentence: string): string =>
  sentence.split(/`([^`]+)`/).map((part, index) => (index % 2 === 1 ? cell(part) : part === "" ? "" : text(part))).join("");

/** A code span in a table. There a pipe ends the cell even in a code span, and which backslash escapes it is disputed. */
const cell = (value: string): string => (value.includes("|") ? text(value) : code(value));

/** What cannot be seen is named: it would hide, or rearrange what is around it. */
const visible = (value: string): string => pieces(value).map(({ text, name }) => (name ? `⟨${name}⟩` : text)).join("");

/** Text from outside that is words. What looks like an address would become a link or a mention, escaped or not: it is code. */
export const text = (value: string): string =>
  visible(value)
    .split(/([^\s@]*@[^\s@]*(?:@[^\s@]*)*)/)
    .map((part, index) => (index % 2 === 1 ? code(part) : escape(part)))
    .join("");

const escape = (words: string): string =>
  words
    .replace(/[\\`*_[\]<>|~&#$]/g, "\\$&")
    // Links that need no brackets, and names of emoji.
    .replace(/:(?=\S)/g, "\\:")
    .replace(/\bwww\./gi, (www) => `${www.slice(0, -1)}\\.`)
    // What would begin code, a list or a heading at the beginning of a line.
    .replace(/^\s{2,}/, " ")
    .replace(/^(\s*)([-+=])(?=[-=\s]|$)/, "$1\\$2")
    .replace(/^(\s*\d+)([.)])(?=\s|$)/, "$1\\$2");

/** Text from outside as it was on the wire, in a code span that it cannot end. */
export function code(value: string): string {
  const shown = visible(value);
  if (shown.trim() === "") return shown === "" ? "(empty)" : `\`⟨${count(shown.length, "space")}⟩\``;
  const mark = "`".repeat(longestRun(shown) + 1);
  // One space at either end is taken off again.
  const room = /^[ `]|[ `]$/.test(shown) ? " " : "";
  return `${mark}${room}${shown}${room}${mark}`;
}

/** A text of several lines, in a fence that it cannot end. */
export function fence(value: string, language = "text"): string {
  const lines = value.replace(/\r?\n$/, "").split(/\r?\n/).slice(0, 1000);
  const shown = lines.map((line) => line.split("\t").map(visible).join("\t")).join("\n");
  const mark = "`".repeat(Math.max(3, longestRun(shown) + 1));
  return `${mark}${language}\n${shown}\n${mark}`;
}

const longestRun = (value: string): number => Math.max(0, ...Array.from(value.matchAll(/`+/g), ([run]) => run.length));
