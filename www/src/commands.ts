/** The questions of a check as commands for a terminal, for those who would ask from where their mail leaves. */

import type { Report } from "mta-sts";

/** A domain with many MX hosts has many addresses; what was asked of the first ones shows how to go on. */
const MAX_LINES = 40;

/** One command a line: `dig` for each question to the DNS, `curl` for the policy. No name that a shell would read otherwise. */
export function commands({ domain, lookups }: Report): string {
  const digs = lookups.filter(({ name }) => isPlain(name)).map(({ name, kind }) => `dig ${name} ${kind}`);
  const policy = domain && isPlain(domain.name) ? [`curl -si https://mta-sts.${domain.name}/.well-known/mta-sts.txt`] : [];
  return [...new Set([...digs, ...policy])].slice(0, MAX_LINES).join("\n");
}

/** A name that stands for itself in a shell, and is no option of a command. */
const isPlain = (name: string): boolean => /^[a-z0-9_][a-z0-9._-]{0,253}$/i.test(name);
