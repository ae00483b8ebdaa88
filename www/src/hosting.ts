/** Who serves the policy, as far as the DNS says: what is at the end of the policy host's aliases. */

import type { Report } from "mta-sts";

/** A sentence with names in backticks; `undefined` where the policy host was not looked up, or nobody answered. */
export function servedBy({ lookups }: Pick<Report, "lookups">): string | undefined {
  const asked = lookups.filter(({ stop, answered }) => stop === "policy-host" && answered);
  const [first] = asked;
  if (!first) return undefined;
  // A and AAAA go the same way; one that failed half-way may tell less of it.
  const { aliases } = asked.reduce((longest, lookup) => (lookup.aliases.length > longest.aliases.length ? lookup : longest));
  const has = asked.some(({ answers }) => answers.length > 0);
  const end = aliases.at(-1)?.split(" → ").at(-1);
  if (end === undefined) return has ? `\`${first.name}\` has addresses of its own: no alias leads to somebody else.` : undefined;
  if (!has) return `No address: \`${first.name}\` is an alias of \`${end}\`, which has none.`;
  if (aliases.length === 1) return `Served by \`${end}\`: \`${first.name}\` is an alias of it.`;
  return `Served by \`${end}\`, at the end of a chain of ${aliases.length} aliases.`;
}
