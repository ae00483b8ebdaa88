/** What could not be seen from here, why, and the one thing to do next. Neither good nor bad. */

import type { NotSeen, Report } from "mta-sts";

import { h, outward, prose } from "../dom.ts";
import { carriesFiles, readText } from "../files.ts";
import { count, host, STOP_NAME } from "../words.ts";
import { copyButton } from "./copy.ts";
import { shape } from "./shape.ts";

type Say = (message: string) => void;

export const unseenList = (items: readonly NotSeen[], say: Say): HTMLElement =>
  h("ul", { class: "unseen-list", "data-test": "unseen" }, ...items.map((item) => unseenItem(item, say)));

function unseenItem({ stop, what, why, next, command, url, rules }: NotSeen, say: Say): HTMLElement {
  return h(
    "li",
    {},
    shape("unseen"),
    h(
      "div",
      {},
      h("h4", {}, h("span", {}, ...prose(what)), h("span", { class: "where" }, STOP_NAME[stop])),
      h("p", {}, ...prose(why)),
      h("p", { class: "next" }, ...prose(next)),
      command && h("div", { class: "command" }, h("code", {}, command), copyButton("Copy", () => command, say)),
      url && h("p", {}, outward(url, `Open ${host(url)} in a tab`)),
      rules.length > 0 &&
        h(
          "details",
          { class: "rules" },
          h("summary", {}, `${count(rules.length, "rule")} could not run`),
          h("p", {}, ...rules.flatMap((rule, index) => [index > 0 && ", ", h("code", {}, rule)])),
        ),
    ),
  );
}

/** The policy, where its text was asked for and could not be read. */
export const unreadPolicy = (report: Report): NotSeen | undefined =>
  report.policy ? undefined : report.not_seen.find(({ stop }) => stop === "policy");

/** Asks for the text of the policy: paste it, drop the file, or open the URL in a tab. */
export function policyBox(url: string | undefined, given: string, judge: (text: string) => void, say: Say): HTMLElement {
  const field = h("textarea", {
    rows: 6,
    spellcheck: "false",
    autocapitalize: "off",
    autocomplete: "off",
    placeholder: "version: STSv1",
  });
  field.value = given;
  const complain = h("p", { class: "field-error" });
  const file = h("input", { type: "file", class: "sr-only", accept: ".txt,text/plain" });
  const take = async (chosen: File | null | undefined): Promise<void> => {
    if (!chosen) return;
    const read = await readText(chosen);
    const refused =
      "refused" in read ? read.refused : read.bytes ? `${chosen.name} is not UTF-8; the lint below shows where.` : "";
    complain.textContent = refused;
    if ("refused" in read || refused !== "") {
      say(refused);
      return;
    }
    field.value = read.text;
    judge(read.text);
  };
  file.addEventListener("change", () => void take(file.files?.[0]));
  const form = h(
    "form",
    {
      class: "policy-box",
      on: {
        submit: (event) => {
          event.preventDefault();
          if (field.value !== "") {
            judge(field.value);
            return;
          }
          complain.textContent = "There is no text yet: paste it above.";
          say(complain.textContent);
          field.focus();
        },
        dragover: (event) => {
          if (carriesFiles(event.dataTransfer)) event.preventDefault();
        },
        drop: (event) => {
          if (!carriesFiles(event.dataTransfer)) return;
          event.preventDefault();
          void take(event.dataTransfer?.files[0]);
        },
      },
    },
    url !== undefined && h("p", {}, "1. ", outward(url, "Open the policy in a tab"), " ", h("span", { class: "url" }, url)),
    h("label", {}, h("span", {}, `${url === undefined ? "" : "2. "}Policy text: paste it, or drop the file`), field),
    complain,
    h(
      "div",
      { class: "actions" },
      h("button", { type: "submit", class: "primary" }, "Judge this text"),
      h("label", { class: "button quiet" }, "Choose a file", file),
    ),
  );
  return form;
}
