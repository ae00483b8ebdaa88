// The entry point of browsers and of bundlers, which find the wasm by the expression in `init`.
import load, * as engine from "./dist/mta_sts.js";
import { isList, lines, octets, refuse, result, seconds, text, word } from "./values.js";

export { checkDomain, lookupMx } from "./check.js";

let loading;

export function init(source) {
  loading ??= start(source ?? new URL("./dist/mta_sts_bg.wasm", import.meta.url));
  return loading;
}

async function start(source) {
  try {
    await load({ module_or_path: source });
  } catch (error) {
    // A connection that failed once may be there the next time.
    loading = undefined;
    throw error;
  }
}

export function lintText(text, options) {
  return result(engine.lint(octets(text), ...known(options)));
}

export function lintPolicy(text, options) {
  return lintText(text, { ...options, kind: "policy" });
}

export function lintRecord(records, kind = "record") {
  if (!Array.isArray(records)) return lintText(records, { kind });
  if (!records.every(isList)) refuse("the records are neither a string nor an array of arrays of strings");
  const lengths = records.flatMap((record) => [record.length, ...record.map((string) => octets(string).length)]);
  return result(engine.lint_records(octets(records.flat().join("")), new Uint32Array(lengths), known({ kind })[0]));
}

export function applyFixes(text, options) {
  return result(engine.fix(octets(text), ...known(options), Boolean(options?.likely)));
}

/** What is known beside a text: its kind, the domain, the MX hosts. */
function known(options) {
  const { kind, domain, mx } = options ?? {};
  return [word(kind, ["policy", "record", "tlsrpt"], "kind") ?? "", text(domain, "domain") ?? "", lines(mx, "mx")];
}

export function review(draft) {
  return result(engine.review(given(draft)));
}

export function plan(change) {
  const { ttl, mxTtl, longestMaxAge, now } = change;
  const start = now ?? new Date();
  if (!(start instanceof Date) || Number.isNaN(start.getTime())) refuse("`now` is not a valid Date");
  return result(
    engine.plan(
      given(change.old ?? {}),
      given(change.new ?? {}),
      seconds(ttl, "ttl"),
      seconds(mxTtl, "mxTtl"),
      seconds(longestMaxAge, "longestMaxAge"),
      start.getTime() / 1000,
    ),
  );
}

function given({ domain, policy, record, tlsrpt, mx }) {
  return new engine.Draft(
    text(domain, "domain") ?? "",
    policy == null ? undefined : octets(policy),
    text(record, "record"),
    text(tlsrpt, "tlsrpt"),
    text(mx, "mx"),
  );
}

export function generate({ domain, mx, wildcards, mode, maxAge, id, previousId, rua }) {
  return result(
    engine.generate(
      text(domain, "domain") ?? refuse("`domain` is missing"),
      lines(mx, "mx") ?? refuse("`mx` is missing"),
      Boolean(wildcards),
      word(mode, ["testing", "enforce", "none"], "mode") ?? "testing",
      seconds(maxAge, "maxAge"),
      text(id, "id"),
      text(previousId, "previousId"),
      lines(rua, "rua") ?? "",
      Date.now() / 1000,
    ),
  );
}

// What documents the rules is not in the wasm: it is loaded for those who ask for it.
export async function rules() {
  return (await import("./dist/rules.js")).default;
}

export async function explain(id) {
  return (await rules()).find((rule) => rule.id === id);
}
