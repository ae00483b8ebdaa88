/** The lint of a text: judged while it is typed, findings tied to their place, fixes one click away, undo always. */

import type { FindingReport, Report } from "mta-sts";

import { explainError, type Engine, type LoadEngine } from "../api.ts";
import { byId, h, prose } from "../dom.ts";
import { carriesFiles, readText } from "../files.ts";
import { encode, KINDS, type LintState } from "../state.ts";
import { applyEdits, ExactText } from "../text.ts";
import { copyButton } from "./copy.ts";
import { Editor } from "./editor.ts";
import { mxTable, policyFacts } from "./evidence.ts";
import { findingsView, heading, tally } from "./findings.ts";
import { marksOf } from "./marked.ts";
import { sendersView } from "./senders.ts";
import { unseenList } from "./unseen.ts";
import { verdict } from "./verdict.ts";

/** How long after the last key the address follows, and the tally is read out, in milliseconds. */
const SETTLED = 600;
const MAX_UNDO = 100;

export interface LintPanel {
  open(state: LintState): void;
  readonly state: LintState;
}

export interface LintSurroundings {
  readonly load: LoadEngine;
  readonly say: (message: string) => void;
  /** The text was changed by its reader: its state belongs into the address; `null` if it is too long for one. */
  readonly onState: (state: LintState) => void;
}

/** What is linted: a text, or bytes that are none. */
interface Source {
  readonly text: ExactText;
  readonly bytes?: Uint8Array;
}

export function lintPanel({ load, say, onState }: LintSurroundings): LintPanel {
  const area = byId("lint-text", HTMLTextAreaElement);
  const output = byId("lint-result", HTMLElement);
  const idle = byId("lint-idle", HTMLElement);
  const kind = byId("lint-kind", HTMLSelectElement);
  const domain = byId("lint-domain", HTMLInputElement);
  const mx = byId("lint-mx", HTMLTextAreaElement);
  const undo = byId("lint-undo", HTMLButtonElement);
  const fixAll = byId("lint-fix-all", HTMLButtonElement);
  const complaint = byId("lint-complaint", HTMLElement);
  const box = byId("lint-editor", HTMLElement);
  const file = byId("lint-file", HTMLInputElement);

  let bytes: Uint8Array | undefined;
  let report: Report | undefined;
  let engine: Engine | undefined;
  let frame = 0;
  let settled = 0;
  let typedSinceFix = false;
  const past: Source[] = [];

  const editor = new Editor(
    area,
    byId("lint-layer", HTMLElement),
    () => {
      bytes = undefined;
      schedule(true);
    },
    (text) => replace({ text }),
  );

  const mxHosts = (): string[] => mx.value.split(/[\n,]/).map((line) => line.trim()).filter((line) => line !== "");
  const chosenKind = (): (typeof KINDS)[number] | undefined => KINDS.find((name) => name === kind.value);
  const options = () => {
    const [chosen, hosts, name] = [chosenKind(), mxHosts(), domain.value.trim()];
    return { ...(chosen && { kind: chosen }), ...(name !== "" && { domain: name }), ...(hosts.length > 0 && { mx: hosts }) };
  };
  const state = (): LintState => ({ view: "lint", text: editor.text.exact, ...options() });

  /** Takes another text in, so that the one before can be brought back. */
  function replace(next: Source): void {
    if (editor.text.exact !== "") past.push({ text: editor.text, ...(bytes && { bytes }) });
    if (past.length > MAX_UNDO) past.shift();
    take(next);
  }

  function take(next: Source): void {
    bytes = next.bytes;
    typedSinceFix = false;
    editor.set(next.text);
    schedule(true);
  }

  /** Lints before the next frame; `changed` says that the reader did something worth a new address. */
  function schedule(changed: boolean): void {
    undo.hidden = past.length === 0;
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(() => void lint());
    clearTimeout(settled);
    settled = window.setTimeout(() => {
      if (changed) onState(state());
      if (report && editor.text.exact !== "") say(tally(report.findings));
    }, SETTLED);
  }

  async function lint(): Promise<void> {
    complaint.replaceChildren();
    if (editor.text.exact === "" && !bytes) {
      report = undefined;
      render();
      return;
    }
    try {
      // What was typed in the meantime is what counts: the text is read after the wait.
      engine ??= await load();
      const text = bytes ?? editor.text.exact;
      report = judge(engine, text);
    } catch (error) {
      report = undefined;
      complain(explainError(error).message);
    }
    render();
  }

  function judge(engine: Engine, text: string | Uint8Array): Report | undefined {
    if (text.length === 0) return undefined;
    const { domain: _, ...rest } = options();
    try {
      return engine.lintText(text, options());
    } catch (error) {
      // A domain that is none, or is not typed out, is no reason to say nothing of the text.
      const { message, ours } = explainError(error);
      if (ours) throw error;
      complain(message);
      return engine.lintText(text, rest);
    }
  }

  const complain = (message: string): void =>
    complaint.replaceChildren(h("p", { role: "alert", class: "complaint" }, ...prose(message)));

  function render(): void {
    editor.mark(report ? marksOf([...report.findings.entries()]) : []);
    const safe = report?.findings.filter(({ fix }) => fix?.applicability === "safe").length ?? 0;
    fixAll.hidden = safe === 0;
    idle.hidden = report !== undefined;
    if (!report) {
      output.replaceChildren();
      return;
    }
    const now = report;
    const before = output.querySelector<HTMLElement>(".findings") ?? h("div");
    const findings = findingsView(
      now.findings,
      now.documents,
      {
        text: () => editor.text.exact,
        ...(engine && { explain: engine.explain }),
        show: (finding, focus) => {
          if (!finding.span) return;
          editor.mark(marksOf([...now.findings.entries()]), now.findings.indexOf(finding));
          editor.select(finding.span, focus);
        },
        apply,
      },
      before,
    );
    const link = (): string | { refused: string } => {
      if (bytes) return { refused: "Not UTF-8: it does not fit into a link" };
      const fragment = encode(state());
      return fragment === null ? { refused: "Too long for a link" } : new URL(fragment, location.href).href;
    };
    const senders = sendersView(now, findings.reveal);
    output.replaceChildren(
      verdict(
        now,
        h("div", { class: "tools" }, copyButton("Copy link", link, say), copyButton("Copy JSON", () => JSON.stringify(now, null, 2), say)),
      ),
      h("h3", {}, heading(now.findings)),
      findings.element,
      ...(now.policy ? [h("h3", {}, "As senders read it"), policyFacts(now.policy)] : []),
      ...(now.mx && now.mx.hosts.length > 0 ? [h("h3", {}, "MX hosts"), mxTable(now.mx)] : []),
      ...(senders ? [h("h3", {}, "What senders do"), senders] : []),
      ...(now.not_seen.length > 0
        ? [h("details", { class: "notes" }, h("summary", {}, "Not seen from here"), unseenList(now.not_seen, say))]
        : []),
    );
  }

  function apply(finding: FindingReport): void {
    if (!finding.fix) return;
    const { edits } = finding.fix;
    replace({ text: new ExactText(applyEdits(editor.text.exact, edits)) });
    const [first] = edits;
    if (first) editor.select({ start: first.start, end: first.start + first.text.length }, true);
    say("The fix is applied. Undo brings the text before back.");
  }

  fixAll.addEventListener("click", () => {
    if (!engine) return;
    const chosen = chosenKind();
    const { text, applied } = engine.applyFixes(editor.text.exact, chosen ? { kind: chosen } : {});
    replace({ text: new ExactText(text) });
    area.focus();
    say(`${applied.length} fixed. Undo brings the text before back.`);
  });

  const stepBack = (): void => {
    const before = past.pop();
    if (before) take(before);
    area.focus();
  };
  undo.addEventListener("click", stepBack);
  area.addEventListener("input", () => (typedSinceFix = true));
  area.addEventListener("keydown", (event) => {
    // The browser's own undo does not know a text that was set by script: right after a fix the key means ours.
    const isUndo = event.key.toLowerCase() === "z" && (event.ctrlKey || event.metaKey) && !event.shiftKey;
    if (!isUndo || typedSinceFix || past.length === 0) return;
    event.preventDefault();
    stepBack();
  });

  for (const field of [kind, domain, mx]) field.addEventListener("input", () => schedule(true));

  async function openFile(chosen: File | null | undefined): Promise<void> {
    if (!chosen) return;
    const read = await readText(chosen);
    if ("refused" in read) {
      complain(read.refused);
      return;
    }
    const { text, bytes } = read;
    replace({ text: new ExactText(text), ...(bytes && { bytes }) });
  }
  file.addEventListener("change", () => {
    void openFile(file.files?.[0]);
    file.value = "";
  });
  box.addEventListener("dragover", (event) => {
    if (!carriesFiles(event.dataTransfer)) return;
    event.preventDefault();
    box.classList.add("dropping");
  });
  box.addEventListener("dragleave", () => box.classList.remove("dropping"));
  box.addEventListener("drop", (event) => {
    box.classList.remove("dropping");
    if (!carriesFiles(event.dataTransfer)) return;
    event.preventDefault();
    void openFile(event.dataTransfer?.files[0]);
  });
  area.addEventListener("paste", (event) => {
    const pasted = event.clipboardData?.files[0];
    if (!pasted || event.clipboardData?.getData("text/plain") !== "") return;
    event.preventDefault();
    void openFile(pasted);
  });
  area.addEventListener("focus", () => void load().catch(() => undefined), { once: true });

  return {
    open(next) {
      if (next.text === undefined) return;
      kind.value = next.kind ?? "";
      domain.value = next.domain ?? "";
      mx.value = next.mx?.join("\n") ?? "";
      if (next.mx || next.domain || next.kind) byId("lint-options", HTMLDetailsElement).open = true;
      if (next.text === editor.text.exact) return schedule(false);
      replace({ text: new ExactText(next.text) });
    },
    get state() {
      return state();
    },
  };
}
