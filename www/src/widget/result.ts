/** The result of a check, as far as it is for a page of somebody else. */

import type { Report } from "mta-sts";

import { h, prose, type Child } from "../dom.ts";
import { copyButton } from "../view/copy.ts";
import { evidenceView } from "../view/evidence.ts";
import { findingsView, heading } from "../view/findings.ts";
import { route } from "../view/route.ts";
import { sendersView } from "../view/senders.ts";
import { policyBox, unreadPolicy, unseenList } from "../view/unseen.ts";
import { circumstances, verdict, type Run } from "../view/verdict.ts";

type Say = (message: string) => void;

/** `given` is the text of the policy if somebody gave it; `judge` judges again with such a text. */
export function checkResult(report: Report, given: string | undefined, run: Run, judge: (policy: string) => void, say: Say): HTMLElement {
  const evidence = evidenceView(report, { choose: (finding) => findings.reveal(finding) });
  const findings = findingsView(report.findings, report.documents, {
    text: ({ document }) => report.documents.find(({ name }) => name === document)?.text,
    show: (finding, focus) => {
      if (focus) evidence.revealPlace(finding.document, report.findings.indexOf(finding));
    },
  });
  const senders = sendersView(report, findings.reveal);
  const unread = unreadPolicy(report);
  return h(
    "div",
    { class: "result" },
    verdict(report, circumstances(report, run), tools(report, say)),
    route(report.route, (stop) => evidence.reveal(stop)).element,
    unread && section(
      "The policy is not readable from here",
      "policy-asked",
      h("p", {}, ...prose(unread.why)),
      policyBox(unread.url ?? undefined, given ?? "", judge, say),
    ),
    given !== undefined && !unread && section(
      "Judged with the text you gave",
      "policy-given",
      h("p", {}, "The policy host’s own reply had no part in this."),
      h("details", {}, h("summary", {}, "Change the text"), policyBox(undefined, given, judge, say)),
    ),
    section(heading(report.findings), "findings-section", findings.element),
    section("Evidence", "evidence-section", evidence.element),
    ...ending(report, senders, say),
  );
}

/** What a result ends with, be it of a domain or of a text. */
export const ending = ({ not_seen }: Report, senders: HTMLElement | undefined, say: Say): Child[] => [
  senders && section("What senders do", "senders-section", senders),
  not_seen.length > 0 && section("Not seen from here", "unseen-section", unseenList(not_seen, say)),
];

export const tools = (report: Report, say: Say): HTMLElement =>
  h("div", { class: "tools" }, copyButton("Copy JSON", () => JSON.stringify(report, null, 2), say));

/** A part of a result. A section would be a landmark, and several elements on a page as many of one name. */
export const section = (heading: string, name: string, ...content: readonly Child[]): HTMLElement =>
  h("div", { class: `part ${name}`, role: "group", "aria-label": heading }, h("h3", {}, heading), ...content);
