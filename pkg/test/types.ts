// What TypeScript accepts, and what it refuses.
import { checkDomain, generate, init, lintPolicy, lintText, lookupMx, plan, type Change, type Generated, type MxLookup, type Plan, type Report } from "mta-sts";

export async function ids(text: string): Promise<string[]> {
  const done: void = await init();
  const report: Report = lintPolicy(text, { mx: ["mx.example.com"] });
  return report.findings.map((finding) => finding.id);
}

export const check: Promise<Report> = checkDomain("example.com", { signal: new AbortController().signal });

const looked: MxLookup = await lookupMx("example.com", { resolvers: ["https://dns.example/dns-query"] });
export const hosts: string[] = looked.hosts.map(({ preference, host }) => `${preference} ${host}`);

const made: Generated = generate({ domain: "example.com", mx: ["mx.example.com"], mode: "testing", maxAge: undefined });
export const contents: string[] = made.targets.flatMap((target) => target.files.map((file) => file.content));

const change: Change = { old: { policy: "" }, new: undefined, ttl: 3600, now: new Date() };
const planned: Plan = plan(change);
export const dates: string[] = planned.steps.flatMap((step) => [step.date, ...step.waits.map(({ sum }) => sum)]);

// @ts-expect-error a time is a Date
plan({ now: 1768435200 });
// @ts-expect-error the MX hosts decide what a policy says
generate({ domain: "example.com" });
// @ts-expect-error there is no such mode
generate({ domain: "example.com", mx: [], mode: "enforced" });
// @ts-expect-error no policy is looked up
lookupMx("example.com", { policy: "" });
// @ts-expect-error a number is no text
lintPolicy(8461);
// @ts-expect-error there is no such kind of text
lintText("v=STSv1; id=1;", { kind: "dkim" });
