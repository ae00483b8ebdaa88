/** The plan of a change: what is published, what is to be, and the steps between them with their dates. */

import type { Change, Plan, Report } from "mta-sts";

import { explainError, type Engine, type LoadEngine } from "../api.ts";
import { calendar } from "../calendar.ts";
import { byId, h, plain, prose } from "../dom.ts";
import { exact, likelyTtl, parseSeconds } from "../lasting.ts";
import { encode, type FormState } from "../state.ts";
import { capital, domainOf, planText } from "../steps.ts";
import { duration } from "../words.ts";
import { copyButton } from "./copy.ts";
import { findingsView, heading } from "./findings.ts";
import { downloadButton, fillButton, Form, type Field, type FormPanel } from "./form.ts";
import { ruleName } from "./rule.ts";
import { shape } from "./shape.ts";
import { dated, timeline } from "./timeline.ts";

/** How long after the last key the plan is made anew, and the address follows, in milliseconds. */
const SETTLED = 400;

export interface FormSurroundings {
  readonly load: LoadEngine;
  readonly say: (message: string) => void;
  /** The reader changed something: the state belongs into the address. */
  readonly onState: (state: FormState) => void;
}

export function planPanel({ load, say, onState }: FormSurroundings): FormPanel {
  const form = new Form("plan");
  const domain = form.text("domain", "Domain", { placeholder: "example.com", inputmode: "url" });
  const old = form.text("old", "Policy", { rows: 6, mono: true, hint: "Leave it empty if none is published." });
  const record = form.text("record", "Record at _mta-sts", { mono: true, placeholder: "v=STSv1; id=…", hint: "Its id is not used again." });
  const mx = form.text("mx", "MX hosts, one a line", { rows: 2, mono: true, hint: "Without any: those that the policy lists." });
  const remove = form.tick("remove", "Remove the policy");
  const next = form.text("new", "Policy", { rows: 6, mono: true });
  const nextRecord = form.text("new-record", "Record at _mta-sts", { mono: true, hint: "Left empty, a new id is made of the time." });
  const nextMx = form.text("new-mx", "MX hosts, one a line", { rows: 2, mono: true, hint: "Without any they stay as they are." });
  const ttl = form.text("ttl", "TXT TTL, in seconds", { placeholder: "86400" });
  const mxTtl = form.text("mx-ttl", "MX TTL, in seconds", { placeholder: "86400" });
  const longest = form.text("max-age", "Longest max_age, in seconds");
  const start = moment(form.text("start", "Begin at, in your time", { type: "datetime-local" }));

  const noted = h("div", { class: "filled", role: "status" });
  const complaint = h("div", {});
  const output = h("div", {});
  const idle = h("div", {}, h("h2", {}, "Three to try"), examples());
  let engine: Engine | undefined;
  let settled = 0;

  const fill = fillButton("Fill in from the DNS", { domain, noted, beside: ", and the policy host" }, async (resolvers, signal) => {
    engine ??= await load();
    const report = await engine.checkDomain(domain.value, { resolvers, signal });
    signal.throwIfAborted();
    const said = h("ul", {}, ...take(report).map((line) => h("li", {}, ...prose(line))));
    settle();
    return said;
  });

  /** Fills in what a check saw; says what that was, and what it could not see. */
  function take(report: Report): string[] {
    const said: string[] = [];
    const text = (kind: string): string | undefined => report.documents.find((document) => document.kind === kind)?.text;
    const unseen = (stop: string): string => {
      const why = report.not_seen.find((item) => item.stop === stop)?.why;
      return why ? `: ${why}` : "";
    };
    const policy = text("policy");
    const hasRecord = report.record !== undefined;
    if (policy !== undefined) old.value = policy;
    said.push(
      policy !== undefined
        ? "The policy is filled in as it is served."
        : hasRecord
          ? `The policy cannot be seen from here${unseen("policy") || unseen("policy-host")}. Paste it.`
          : "No policy was found.",
    );
    const [txt, mail] = [`_mta-sts.${report.domain?.name}`, report.domain?.name].map((name, index) =>
      report.lookups.find((lookup) => lookup.name === name && lookup.kind === (index === 0 ? "TXT" : "MX")),
    );
    const records = report.documents.filter(({ kind, text }) => kind === "record" && text !== undefined);
    if (records.length > 0) record.value = records.map(({ text }) => text).join("\n");
    if (!txt?.answered) said.push(`The record cannot be seen from here: ${txt?.outcome ?? "no resolver answered"}.`);
    else said.push(records.length > 0 ? "The record is filled in." : "There is no record.");
    if (mail?.answered && mail.answers.length > 0) {
      mx.value = mail.answers.join("\n");
      said.push(`${mail.answers.length === 1 ? "The MX host is" : `${mail.answers.length} MX hosts are`} filled in.`);
    } else said.push(mail?.answered ? "There is no MX record." : "The MX hosts cannot be seen from here.");
    for (const [field, lookup, name] of [[ttl, txt, "TXT record"], [mxTtl, mail, "MX records"]] as const) {
      if (lookup?.ttl == null) continue;
      const likely = likelyTtl(lookup.ttl);
      field.value = String(likely);
      // What a resolver has kept for a while it keeps for the rest of the TTL only.
      if (likely !== lookup.ttl) {
        said.push(`The TTL of the ${name} is at least ${lookup.ttl} seconds, as the resolver still keeps them; ${likely} is a guess. Your zone has the exact one.`);
      }
    }
    said.push("Nobody can see the longest max_age that was ever served: fill it in if it was longer than now.");
    return said;
  }

  const copyOver = h("button", { type: "button", class: "quiet" }, "Copy what is published");
  copyOver.addEventListener("click", () => {
    next.value = old.value;
    nextMx.value = mx.value;
    remove.value = "";
    settle();
    next.focus();
  });

  const element = h(
    "div",
    { class: "workbench" },
    h(
      "form",
      { class: "sheet", novalidate: true, on: { submit: (event) => event.preventDefault() } },
      h("div", { class: "asked" }, domain.element, fill),
      noted,
      h("fieldset", {}, h("legend", {}, "Published now"), old.element, record.element, mx.element),
      h("fieldset", {}, h("legend", {}, "To be"), h("div", { class: "pair" }, remove.element, copyOver), next.element, nextRecord.element, nextMx.element),
      h("fieldset", { class: "numbers" }, h("legend", {}, "Times"), start.element, longest.element, ttl.element, mxTtl.element),
    ),
    h("div", { class: "outcome" }, complaint, idle, output),
  );
  byId("plan-view", HTMLElement).replaceChildren(element);

  const complain = (message: string): void =>
    complaint.replaceChildren(h("p", { role: "alert", class: "complaint" }, ...prose(message)));

  /** The seconds of a field; without any, and below it what that means. */
  function seconds(field: Field, otherwise: string): number | undefined {
    const parsed = parseSeconds(field.value);
    if ("refused" in parsed) {
      field.complain(parsed.refused);
      field.hint(otherwise);
      return undefined;
    }
    field.complain();
    field.hint(parsed.seconds === undefined ? otherwise : duration(parsed.seconds));
    return parsed.seconds;
  }

  const given = (field: Field): string | undefined => (field.value.trim() === "" ? undefined : field.value);

  function change(): Change {
    const is = { policy: given(old), record: given(record), mx: given(mx) };
    const toBe = remove.value ? { mx: given(nextMx) } : { policy: given(next), record: given(nextRecord), mx: given(nextMx) };
    return {
      old: { ...is, domain: given(domain) },
      new: toBe,
      ttl: seconds(ttl, "Without it, a day: to wait too long loses nothing."),
      mxTtl: seconds(mxTtl, "Without it, a day."),
      longestMaxAge: seconds(longest, "Of all that was ever served. Without it, that of the policy now."),
    };
  }

  /** Makes the plan of what is in the form now. */
  async function make(): Promise<void> {
    complaint.replaceChildren();
    for (const { element } of [next, nextRecord]) element.hidden = remove.value !== "";
    const asked = change();
    const isToBe = remove.value !== "" || given(next) !== undefined;
    if (!isToBe) {
      show();
      if (given(old) !== undefined) output.replaceChildren(h("p", { class: "note" }, "What is the policy to be? Write it under “To be”, copy what is published and edit that, or tick “Remove the policy”."));
      return;
    }
    try {
      engine ??= await load();
      if (start.value === "") start.value = exact(new Date(Math.ceil(Date.now() / 60_000) * 60_000));
      start.hint(`${start.value} in UTC`);
      show(judge(engine, { ...asked, now: new Date(start.value) }));
    } catch (error) {
      show();
      complain(explainError(error).message);
    }
  }

  function judge(engine: Engine, change: Change): Plan {
    domain.complain();
    try {
      return engine.plan(change);
    } catch (error) {
      const { message, ours } = explainError(error);
      if (ours || given(domain) === undefined) throw error;
      // A domain that is none, or is not typed out, is no reason to plan nothing.
      domain.complain(plain(message));
      return engine.plan({ ...change, old: { ...change.old, domain: undefined } });
    }
  }

  function show(plan?: Plan): void {
    idle.hidden = plan !== undefined || given(old) !== undefined;
    if (!plan) {
      output.replaceChildren();
      return;
    }
    const name = domainOf(plan);
    const { fields } = form.state;
    const about = JSON.stringify(["domain", "old", "mx", "new", "new-mx", "remove"].map((name) => fields[name] ?? ""));
    const link = (): string | { refused: string } => {
      const fragment = encode(form.state);
      return fragment === null ? { refused: "Too long for a link" } : new URL(fragment, location.href).href;
    };
    const before = output.querySelector<HTMLElement>(".findings") ?? h("div");
    const findings = findingsView(
      plan.findings,
      plan.documents,
      {
        text: ({ document }) => plan.documents.find(({ name }) => name === document)?.text,
        ruleName,
        ...(engine && { explain: engine.explain }),
        // Only the policy stands in a field as it was judged.
        show: ({ document, span }, focus) => {
          if (focus && span && document === "policy") selectIn(next, span);
        },
      },
      before,
    );
    const isGrave = plan.findings.some(({ severity }) => severity !== "info");
    const state = plan.kind === "fix-first" ? "broken" : plan.kind === "nothing" ? "not-needed" : isGrave ? "warn" : "fine";
    const atOnce = plan.kind === "fix-first" ? heading(plan.findings) : isGrave ? "What goes wrong if all is changed at once" : "Worth knowing";
    output.replaceChildren(
      h(
        "div",
        { class: "verdict", "data-test": "plan" },
        shape(state),
        h(
          "div",
          {},
          h("h2", { class: "sentence" }, ...dated(`${capital(plan.summary)}.`)),
          h(
            "div",
            { class: "tools" },
            copyButton("Copy as text", () => planText(plan, name), say),
            plan.steps.length > 0 && plan.kind !== "fix-first" &&
              downloadButton("Download .ics", `mta-sts-${name || "plan"}.ics`, () => calendar(plan, name, about, new Date()), "text/calendar"),
            copyButton("Copy link", link, say),
            copyButton("Copy JSON", () => JSON.stringify(plan, null, 2), say),
          ),
        ),
      ),
      ...(plan.findings.length > 0 ? [h("h3", {}, atOnce), findings.element] : []),
      ...(plan.steps.length > 0 && plan.kind !== "fix-first" ? [h("h3", {}, "Step by step"), timeline(plan, say)] : []),
    );
  }

  /** Plans once the reader has stopped typing. */
  function settle(): void {
    clearTimeout(settled);
    settled = window.setTimeout(async () => {
      await make();
      tell();
    }, SETTLED);
  }

  /** The address and the screen reader follow. */
  function tell(): void {
    if (byId("plan", HTMLElement).hidden) return;
    onState(form.state);
    const sentence = output.querySelector(".sentence")?.textContent;
    if (sentence) say(sentence);
  }
  element.addEventListener("input", settle);
  element.addEventListener("focusin", () => void load().catch(() => undefined), { once: true });
  void make();

  return {
    open(state) {
      if (Object.keys(state.fields).length === 0) return;
      if (encode(state) === encode(form.state)) return;
      form.state = state;
      noted.replaceChildren();
      void make().then(tell);
    },
    get state() {
      return form.state;
    },
  };
}

/** Selects a place of a field's text, and brings it into view. */
function selectIn({ element }: Field, { start, end }: { readonly start: number; readonly end: number }): void {
  const area = element.querySelector("textarea");
  area?.focus();
  area?.setSelectionRange(start, end);
}

/** A field of a local time whose value is the same in UTC. */
function moment(field: Field): Field {
  const { get, set } = Object.getOwnPropertyDescriptor(field, "value")!;
  return Object.defineProperty(field, "value", {
    get: () => {
      const date = new Date(get!.call(field));
      return Number.isNaN(date.getTime()) ? "" : exact(date);
    },
    set: (value: string) => {
      const date = new Date(value);
      // The field takes a local time without its zone.
      const local = (): string => new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString();
      set!.call(field, Number.isNaN(date.getTime()) ? "" : local().slice(0, date.getUTCSeconds() === 0 ? 16 : 19));
    },
  });
}

function examples(): HTMLElement {
  const policy = (host: string, mode = "enforce", age = 604_800): string => `version: STSv1\nmode: ${mode}\nmx: ${host}\nmax_age: ${age}\n`;
  const record = "v=STSv1; id=20260115";
  const times = { ttl: "3600", "mx-ttl": "3600" };
  const domain = "example.com";
  const list: readonly (readonly [string, string, Record<string, string>])[] = [
    ["Move to other MX hosts", "the old ones go; senders still hold the old policy", {
      domain, old: policy("mx1.example.com"), record, mx: "10 mx1.example.com", new: policy("mx.example.net"), "new-mx": "10 mx.example.net", ...times,
    }],
    ["A first policy", "from nothing by mode testing to mode enforce", {
      domain, mx: "10 mx1.example.com", new: policy("mx1.example.com", "enforce", 1_209_600), ...times,
    }],
    ["Remove a policy", "by mode none, and only then the record and the host", {
      domain, old: policy("mx1.example.com"), record, mx: "10 mx1.example.com", remove: "yes", ...times,
    }],
  ];
  return h(
    "ul",
    { class: "examples" },
    ...list.map(([name, what, fields]) => h("li", {}, h("a", { href: encode({ view: "plan", fields }) ?? "" }, name), `: ${what}`)),
  );
}
