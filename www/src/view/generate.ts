/** What a domain has to publish, made of its MX hosts: the policy, its records, and the files of servers and hosts. */

import type { File, Generated, Step, TargetName, TxtToPublish } from "mta-sts";

import { explainError, type Engine } from "../api.ts";
import { byId, h, plain, prose } from "../dom.ts";
import { parseSeconds } from "../lasting.ts";
import { encode, type FormState } from "../state.ts";
import { capital } from "../steps.ts";
import { count, duration } from "../words.ts";
import { copyButton } from "./copy.ts";
import { findingsView } from "./findings.ts";
import { downloadButton, fillButton, Form, type FormPanel } from "./form.ts";
import type { FormSurroundings } from "./plan.ts";
import { ruleName } from "./rule.ts";
import { shape } from "./shape.ts";
import { published } from "./timeline.ts";

/** Lifetimes in common use, in seconds, the longest first. */
const LIFETIMES = [31_557_600, 15_552_000, 2_592_000, 1_209_600, 604_800, 86_400];

export function generatePanel({ load, say, onState }: FormSurroundings): FormPanel {
  const form = new Form("generate");
  const domain = form.text("domain", "Domain", { placeholder: "example.com", inputmode: "url" });
  const mx = form.text("mx", "MX hosts, one a line", { rows: 4, mono: true, placeholder: "10 mx1.example.com", hint: "With or without their preference." });
  const mode = form.radios("mode", "Mode", [
    ["testing", "testing", "Mail is delivered all the same; failures are reported. Begin here."],
    ["enforce", "enforce", "Mail to a host that fails is held back."],
    ["none", "none", "Senders treat the domain as one without a policy."],
  ]);
  const age = form.text("max-age", "Another max_age, in seconds");
  const lifetime = h(
    "select",
    { id: "generate-lifetime" },
    h("option", { value: "" }, "as usual for the mode"),
    ...LIFETIMES.map((seconds) => h("option", { value: seconds }, duration(seconds))),
    h("option", { value: "other" }, "another"),
  );
  const wildcards = form.tick("wildcards", "One wildcard for hosts of one parent", "Any other host right below that parent is then trusted too.");
  const rua = form.text("rua", "Reports go to, one address a line", { rows: 2, mono: true, placeholder: "tls-reports@example.com", hint: "mailto: and https: URIs, or plain addresses. Without any no TLSRPT record is made." });
  const previousId = form.text("previous-id", "Id that is published now", { mono: true, hint: "So that the new one differs." });
  const id = form.text("id", "New id", { mono: true, hint: "Left empty, it is made of the time." });

  const noted = h("div", { class: "filled", role: "status" });
  const complaint = h("div", {});
  const output = h("div", {});
  const idle = h(
    "div",
    { class: "idle" },
    h("h2", {}, "What you get"),
    h("p", {}, "The policy, the TXT records as a line of a zone file and in words, and for nginx, Apache, Caddy, a Cloudflare Worker, GitHub Pages and Netlify the files that serve the policy. In the order in which to put them in place, and none of it with a fault."),
    h("p", {}, h("a", { href: encode({ view: "generate", fields: { domain: "example.com", mx: "10 mx1.example.com\n20 mx2.example.com", rua: "tls-reports@example.com" } }) ?? "" }, "An example"), ": example.com with two MX hosts"),
  );
  let engine: Engine | undefined;
  /** The id that was made of the time, so that a link gives the same. */
  let madeId: string | undefined;
  let target: TargetName = "nginx";

  const fill = fillButton("Fill in MX from the DNS", { domain, noted }, async (resolvers, signal) => {
    engine ??= await load();
    const { outcome, sentence, hosts, domain: asked } = await engine.lookupMx(domain.value, { resolvers, signal });
    signal.throwIfAborted();
    if (outcome === "found") mx.value = hosts.map(({ preference, host }) => `${preference} ${host}`).join("\n");
    if (outcome === "null-mx") mx.value = ".";
    if (outcome === "empty") mx.value = asked.name;
    const isFilled = outcome === "found" || outcome === "null-mx" || outcome === "empty";
    if (isFilled) void make(true);
    return h("p", {}, ...prose(sentence), isFilled ? " Filled in." : " Nothing was filled in.");
  });

  const element = h(
    "div",
    { class: "workbench" },
    h(
      "form",
      { class: "sheet", novalidate: true },
      h("div", { class: "asked" }, domain.element, fill),
      noted,
      mx.element,
      wildcards.element,
      mode.element,
      h("div", { class: "field" }, h("label", { for: "generate-lifetime" }, "max_age: how long senders keep it"), lifetime),
      age.element,
      rua.element,
      h("details", {}, h("summary", {}, "Ids of the record"), previousId.element, id.element),
      h("div", { class: "actions" }, h("button", { type: "submit", class: "primary" }, "Generate")),
    ),
    h("div", { class: "outcome" }, complaint, idle, output),
  );
  byId("generate-view", HTMLElement).replaceChildren(element);
  const formElement = element.querySelector("form")!;

  const complain = (message: string): void =>
    complaint.replaceChildren(h("p", { role: "alert", class: "complaint" }, ...prose(message)));
  const showAge = (): void => {
    age.element.hidden = lifetime.value !== "other";
  };
  /** The list follows the field, which is what counts. */
  const chooseAge = (): void => {
    const known = LIFETIMES.map(String).includes(age.value) || age.value === "";
    lifetime.value = known ? age.value : "other";
    showAge();
  };
  const state = (): FormState => {
    const { view, fields } = form.state;
    return { view, fields: { ...fields, ...(!fields["id"] && madeId && { id: madeId }), ...(target !== "nginx" && { target }) } };
  };
  const list = (text: string): string[] => text.split("\n").map((line) => line.trim()).filter((line) => line !== "");

  /** Generates what is asked for. `asked` says that the reader wants it now: what is missing is then said. */
  async function make(asked: boolean): Promise<void> {
    complaint.replaceChildren();
    domain.complain();
    mx.complain();
    const seconds = parseSeconds(age.value);
    age.complain("refused" in seconds ? seconds.refused : undefined);
    age.hint("seconds" in seconds && seconds.seconds !== undefined ? duration(seconds.seconds) : "Such as 604800, 7d or 2 weeks.");
    const missing = domain.value.trim() === "" ? domain : list(mx.value).length === 0 ? mx : "refused" in seconds ? age : undefined;
    if (missing) {
      show();
      if (!asked) return;
      if (missing === domain) domain.complain("Type a domain, such as example.com.");
      if (missing === mx) mx.complain("Name the MX hosts, or fill them in from the DNS. A domain without any is its own host: name the domain.");
      missing.focus();
      return;
    }
    try {
      engine ??= await load();
      const given = (text: string): string | undefined => (text.trim() === "" ? undefined : text.trim());
      const previous = given(previousId.value);
      const made = engine.generate({
        domain: domain.value,
        mx: list(mx.value),
        wildcards: wildcards.value !== "",
        mode: mode.value as "testing" | "enforce" | "none",
        maxAge: "seconds" in seconds ? seconds.seconds : undefined,
        id: given(id.value) ?? (madeId === previous ? undefined : madeId),
        previousId: previous,
        rua: list(rua.value),
      });
      if (given(id.value) === undefined) madeId = made.id;
      show(made);
    } catch (error) {
      show();
      const { message, ours } = explainError(error);
      if (!ours && isNoDomain()) {
        domain.complain(plain(message));
        if (asked) domain.focus();
      } else complain(capital(`${message.replace(/\.$/, "")}.`));
    }
    if (!byId("generate", HTMLElement).hidden) onState(state());
  }

  /** Whether it is the domain that is none. */
  function isNoDomain(): boolean {
    try {
      engine?.plan({ old: { domain: domain.value } });
      return false;
    } catch {
      return true;
    }
  }

  function show(made?: Generated): void {
    idle.hidden = made !== undefined;
    if (!made) {
      output.replaceChildren();
      return;
    }
    const link = (): string | { refused: string } => {
      const fragment = encode(state());
      return fragment === null ? { refused: "Too long for a link" } : new URL(fragment, location.href).href;
    };
    const sentence = `A policy for ${made.domain}: mode ${made.mode}, ${count(made.mx.length, made.mx.length === 1 && made.mx[0]!.startsWith("*") ? "pattern" : "host")}, kept for ${duration(made.max_age)}.`;
    const lintLink = encode({ view: "lint", text: `${made.record.zone}\n${made.tlsrpt ? `${made.tlsrpt.zone}\n` : ""}\n${made.policy}`, domain: made.domain, mx: list(mx.value) });
    const planLink = encode({
      view: "plan",
      fields: { domain: made.domain, mx: mx.value.trim(), new: made.policy, "new-record": made.record.value, ttl: String(made.record.ttl) },
    });
    const notes = made.notes.length > 0 && findingsView(made.notes, [], { text: () => undefined, ruleName, ...(engine && { explain: engine.explain }) });
    output.replaceChildren(
      h(
        "div",
        { class: "verdict", "data-test": "generated" },
        shape("fine"),
        h(
          "div",
          {},
          h("h2", { class: "sentence" }, sentence),
          h(
            "div",
            { class: "tools" },
            lintLink !== null && h("a", { class: "button", href: lintLink }, "Lint this"),
            planLink !== null && h("a", { class: "button", href: planLink }, "Plan the roll-out"),
            copyButton("Copy link", link, say),
          ),
        ),
      ),
      h("h3", {}, "The policy"),
      published("Policy at", made.policy_url, made.policy, copyButton("Copy", () => made.policy, say), downloadButton("Download", "mta-sts.txt", () => made.policy)),
      h("h3", {}, made.tlsrpt ? "The records" : "The record"),
      ...txt(made.record),
      ...(made.tlsrpt ? txt(made.tlsrpt) : []),
      h("h3", {}, "Where to serve it"),
      ...served(made),
      ...(notes ? [h("h3", {}, "Worth knowing"), notes.element] : []),
    );
  }

  function txt({ name, host, value, ttl, zone }: TxtToPublish): HTMLElement[] {
    const row = (term: string, shown: string, exact = shown): HTMLElement =>
      h("div", {}, h("dt", {}, term), h("dd", {}, h("code", {}, shown), exact === value && copyButton("Copy", () => exact, say)));
    return [
      published("TXT record at", name, zone, copyButton("Copy", () => zone, say)),
      h(
        "details",
        { class: "form-of-provider" },
        h("summary", {}, "In the form of a DNS provider"),
        h("dl", {}, row("Type", "TXT"), row("Name", host), row("Value", value), row("TTL", String(ttl))),
        h("p", { class: "hint" }, "Some forms want the whole name: ", h("code", {}, name), ". None wants the quotes of a zone file."),
      ),
    ];
  }

  /** A choice of servers and hosts, the files of the chosen one, and what to do. */
  function served(made: Generated): HTMLElement[] {
    const body = h("div", { class: "target" });
    const choose = (name: TargetName): void => {
      target = name;
      const { files, steps, title } = made.targets.find((one) => one.name === name)!;
      body.replaceChildren(
        // Paths on a server begin at its root.
        ...files.map((one) => fileView({ ...one, path: `${["nginx", "apache", "caddy"].includes(name) ? "/" : ""}${one.path}` })),
        h("h3", {}, `With ${title}, in this order`),
        h("ol", { class: "todo" }, ...[...steps, ...made.steps].map((step) => todo(step))),
      );
    };
    const options = made.targets.map(({ name, title }) =>
      h(
        "label",
        { class: "chip" },
        h("input", {
          type: "radio",
          name: "generate-target",
          value: name,
          checked: name === target,
          on: {
            change: () => {
              choose(name);
              onState(state());
            },
          },
        }),
        h("span", {}, title),
      ),
    );
    choose(target);
    return [h("fieldset", { class: "chips" }, h("legend", { class: "sr-only" }, "Server or host"), ...options), body];
  }

  function fileView({ path, content, purpose }: File): HTMLElement {
    const name = path.split("/").at(-1)!;
    if (content === "") return h("p", { class: "empty-file" }, h("code", {}, path), `, an empty file: ${purpose}.`);
    return published(`${capital(purpose)}:`, path, content, copyButton("Copy", () => content, say), downloadButton("Download", name, () => content));
  }

  function todo({ text, command }: Step): HTMLElement {
    return h(
      "li",
      {},
      h("p", {}, ...prose(`${capital(text)}.`)),
      command !== undefined && h("div", { class: "command" }, h("code", {}, command), copyButton("Copy", () => command, say)),
    );
  }

  lifetime.addEventListener("change", () => {
    if (lifetime.value !== "other") age.value = lifetime.value;
    showAge();
    if (lifetime.value === "other") age.focus();
  });
  formElement.addEventListener("submit", (event) => {
    event.preventDefault();
    void make(true).then(() => {
      const sentence = output.querySelector(".sentence")?.textContent;
      if (sentence) say(sentence);
    });
  });
  // Once there is a result it follows every change.
  formElement.addEventListener("change", () => {
    if (output.childElementCount > 0 || formElement.querySelector('[aria-invalid]') || complaint.childElementCount > 0) void make(false);
    else onState(state());
  });
  formElement.addEventListener("focusin", () => void load().catch(() => undefined), { once: true });
  chooseAge();

  return {
    open(next) {
      if (Object.keys(next.fields).length === 0) return;
      if (encode(next) === encode(state()) && output.childElementCount > 0) return;
      form.state = next;
      madeId = undefined;
      target = (next.fields["target"] as TargetName | undefined) ?? "nginx";
      noted.replaceChildren();
      chooseAge();
      void make(false).then(() => {
        const sentence = output.querySelector(".sentence")?.textContent;
        if (sentence) say(sentence);
      });
    },
    get state() {
      return state();
    },
  };
}
