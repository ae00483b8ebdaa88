// Prints reports as TypeScript, for the compiler to hold against their declared types.
import { checkDomain, generate, init, lintText, lookupMx, plan, review, rules } from "mta-sts";

await init();
const text = "version: STSv1\r\nmode: enforced\nmx: mx.example.com.\nmax_age: 1 week\n\nv=STSv1; id=2024-03-15\n";
const draft = { domain: "example.com", policy: text, mx: "10 mx.example.com\n20 mail.example.net", tlsrpt: "v=TLSRPTv1" };
const check = await checkDomain("example.com", { resolvers: ["https://127.0.0.1:1/dns-query"] });
const lookups = [await lookupMx("example.com", { resolvers: ["https://127.0.0.1:1/dns-query"] })];
const request = { domain: "example.com", mx: ["10 mx.example.com", "20 mx.example.net"] };
const full = { ...request, wildcards: true, mode: "enforce", maxAge: 86400, id: "1", rua: ["tls@example.com"] };
const generated = [generate(request), generate(full)];
const state = (mode, mx) => ({ policy: `version: STSv1\nmode: ${mode}\nmx: ${mx}\nmax_age: 604800\n`, mx, tlsrpt: "" });
const plans = [
  plan({ old: state("enforce", "mx.example.com"), new: state("enforce", "mx.example.net") }),
  plan({ new: state("enforce", "mx.example.com") }),
  plan({ old: state("enforce", "mx.example.com") }),
  plan({ new: { policy: text } }),
  plan({}),
];
const values = { Generated: generated, MxLookup: lookups, Plan: plans, Report: [lintText(text), lintText(""), review(draft), check], RuleReport: await rules() };
for (const [type, list] of Object.entries(values)) {
  console.log(`import type { ${type} } from "mta-sts";`);
  for (const [index, value] of list.entries()) {
    console.log(`export const ${type}${index}: ${type} = ${JSON.stringify(value)};`);
  }
}
