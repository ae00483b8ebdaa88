// What TypeScript accepts, and what it refuses.
import { checkDomain, init, lintPolicy, lintText, type Report } from "mta-sts";

export async function ids(text: string): Promise<string[]> {
  const done: void = await init();
  const report: Report = lintPolicy(text, { mx: ["mx.example.com"] });
  return report.findings.map((finding) => finding.id);
}

export const check: Promise<Report> = checkDomain("example.com", { signal: new AbortController().signal });

// @ts-expect-error a number is no text
lintPolicy(8461);
// @ts-expect-error there is no such kind of text
lintText("v=STSv1; id=1;", { kind: "dkim" });
