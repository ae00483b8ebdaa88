/** The steps of a plan in plain text. */

import type { Plan, PlanStep, PlanWait, PublicationKind } from "mta-sts";

export const PUBLICATION: Readonly<Record<PublicationKind, string>> = {
  policy: "Policy",
  record: "TXT record",
  tlsrpt: "TXT record",
  mx: "MX hosts",
};

/** What a step does, in a few words: its action up to where it goes into detail. */
export const headline = ({ action }: PlanStep): string => capital(/^[^,;:]*/.exec(action)![0]);

export const capital = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;

/** `after step 2`, by the place of the step that it counts from. */
export function since({ after }: PlanWait, { steps }: Plan): string {
  const at = steps.findIndex(({ id }) => id === after);
  return at < 0 ? "from now" : `after step ${at + 1}`;
}

/** The domain that a plan is about, as far as its texts name it. */
export function domainOf({ steps }: Plan): string {
  for (const { publish } of steps) {
    const domain = /^(?:https:\/\/mta-sts|_mta-sts|_smtp\._tls)\.([^/]+)/.exec(publish?.at ?? "")?.[1];
    if (domain) return domain;
  }
  return "";
}

/** A step without its number and date: what to do, with which text, after which wait, and why. */
export function described({ action, publish, waits, why, rfc }: PlanStep, plan: Plan): string {
  return [
    `${capital(action)}.`,
    ...(publish ? [`${PUBLICATION[publish.kind]}${publish.at && ` at ${publish.at}`}:`, "", publish.text.trimEnd(), ""] : []),
    ...waits.map((wait) => `Wait ${since(wait, plan)}: ${wait.sum}, until ${wait.until}.`),
    ...waits.flatMap(({ early }) => (early ? [`Early, not before ${early.date}: ${early.risk}.`] : [])),
    `Why: ${why} (${rfc}).`,
  ].join("\n");
}

/** The whole plan, for a ticket or a mail. */
export function planText(plan: Plan, domain: string): string {
  const steps = plan.steps.map((step, index) => {
    const text = described(step, plan).replace(/^(?=.)/gm, "   ");
    return `${index + 1}. ${step.date}\n${text}\n`;
  });
  return [`MTA-STS${domain && ` of ${domain}`}: ${plan.summary}.\n`, ...steps].join("\n");
}
