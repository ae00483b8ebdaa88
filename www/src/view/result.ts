/** The result of a check, from the verdict down to the last answer. Takes a report, returns nodes. */

import type { Document, FindingReport, Report, RuleReport, StopId } from "mta-sts";

import { commands } from "../commands.ts";
import { h, prose } from "../dom.ts";
import { STOP_OF } from "../words.ts";
import { copyButton } from "./copy.ts";
import { evidenceView } from "./evidence.ts";
import { findingsView, heading } from "./findings.ts";
import { markdownButton } from "./markdown.ts";
import { route } from "./route.ts";
import { ruleName } from "./rule.ts";
import { sendersView } from "./senders.ts";
import { policyBox, unreadPolicy, unseenList } from "./unseen.ts";
import { circumstances, verdict, type Run } from "./verdict.ts";

export interface ResultActions {
  /** Tells something to a screen reader, politely. */
  readonly say: (message: string) => void;
  /** The button that asks again. */
  readonly again?: HTMLElement;
  /** The address of this result. */
  readonly link?: () => string;
  /** Judges again, with this text in place of the policy that could not be read. */
  readonly judge?: (policy: string) => void;
  /** The rule of an id. */
  readonly explain?: (id: string) => Promise<RuleReport | undefined>;
  /** Where a text can be edited; `null` if it is too long for a link. */
  readonly edit?: (document: Document) => string | null;
}

/** Where the route stands upright, and each stop opens in place: as in `style/stops.css`. */
const UPRIGHT = "(max-width: 860px)";

/** `given` is the text of the policy if somebody gave it; `run` is when it was checked. */
export function resultView(
  report: Report,
  given: string | undefined,
  actions: ResultActions,
  run?: Run,
): HTMLElement {
  const { say, again, link, judge, explain, edit } = actions;
  const textOf = ({ document }: FindingReport): string | undefined =>
    report.documents.find(({ name }) => name === document)?.text;
  const evidence = evidenceView(report, { choose: (finding) => findings.reveal(finding), ...(edit && { edit }) });
  const findings = findingsView(report.findings, report.documents, {
    text: textOf,
    ruleName,
    ...(explain && { explain }),
    show: (finding, focus) => {
      if (!focus) return;
      const stop = report.documents.find(({ name }) => name === finding.document)?.kind;
      const at = stop && STOP_OF[stop];
      if (at && upright.matches) unfold(at, true);
      evidence.revealPlace(finding.document, report.findings.indexOf(finding));
    },
  });

  const upright = matchMedia(UPRIGHT);
  const way = route(report.route, (stop) => (upright.matches ? unfold(stop) : evidence.reveal(stop)));
  const evidencePart = section("Evidence", "evidence-section", evidence.element);
  /** Opens or closes a stop in place. */
  function unfold(stop: StopId, open = way.panels.get(stop)?.hidden ?? true): void {
    const panel = way.panels.get(stop);
    if (!panel) return;
    panel.hidden = !open;
    way.buttons.get(stop)?.setAttribute("aria-expanded", String(open));
  }
  function arrange(): void {
    evidencePart.hidden = upright.matches;
    if (!upright.matches) evidence.takeBack();
    for (const [stop, button] of way.buttons) {
      if (upright.matches) {
        way.panels.get(stop)?.append(evidence.contents.get(stop) ?? "");
        unfold(stop, false);
      } else {
        way.panels.get(stop)?.toggleAttribute("hidden", true);
        button.removeAttribute("aria-expanded");
      }
    }
  }
  const turned = (): void => {
    // A result that was replaced listens no more.
    if (evidencePart.isConnected) arrange();
    else upright.removeEventListener("change", turned);
  };
  upright.addEventListener("change", turned);
  arrange();

  const senders = sendersView(report, findings.reveal);
  const unread = unreadPolicy(report);
  const tools = h(
    "div",
    { class: "tools" },
    again,
    link && copyButton("Copy link", link, say),
    markdownButton(report, { ...(run && { began: run.began }), given: given !== undefined }, link, say),
    copyButton("Copy JSON", () => JSON.stringify(report, null, 2), say),
  );
  const shell = commands(report);
  return h(
    "div",
    { class: "result" },
    verdict(report, ...(run ? [circumstances(report, run)] : []), tools),
    way.element,
    judge && unread && section(
      "The policy is not readable from here",
      "policy-asked",
      h("p", {}, ...prose(unread.why)),
      policyBox(unread.url ?? undefined, given ?? "", judge, say),
    ),
    judge && given !== undefined && !unread && section(
      "Judged with the text you gave",
      "policy-given",
      h("p", {}, "The policy host’s own reply had no part in this. The text is not part of the link."),
      h("details", {}, h("summary", {}, "Change the text"), policyBox(undefined, given, judge, say)),
    ),
    section(heading(report.findings), "findings-section", findings.element),
    evidencePart,
    senders && section("What senders do", "senders-section", senders),
    report.not_seen.length > 0 && section("Not seen from here", "unseen-section", unseenList(report.not_seen, say)),
    shell !== "" && section(
      "The same questions from a terminal",
      "terminal-section",
      h("p", { class: "terminal-note" }, "Ask from the network your mail leaves from: other resolvers and other routes may answer otherwise."),
      h("div", { class: "command" }, h("code", {}, shell), copyButton("Copy", () => shell, say)),
    ),
  );
}

const section = (heading: string, name: string, ...content: readonly Node[]): HTMLElement =>
  h("section", { class: `part ${name}`, "aria-label": heading }, h("h3", {}, heading), ...content);
