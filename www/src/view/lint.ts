/** The lint of a text: judged while it is typed, findings tied to their place, fixes one click away, undo always. */

import type { Report } from "mta-sts";

import { explainError, type Engine, type LoadEngine } from "../api.ts";
import { byId, h, plain, prose } from "../dom.ts";
import { carriesFiles, readText, type FileText } from "../files.ts";
import { encode, KINDS, type LintState } from "../state.ts";
import { lineEdits, lineEnds, uniformEnd, withLineEnds, type Range } from "../text.ts";
import { count } from "../words.ts";
import { copyButton } from "./copy.ts";
import { plainEditor, type EditorEvents, type TextEditor } from "./editor.ts";
import { mxTable, policyFacts } from "./evidence.ts";
import { findingsView, heading, tally, type FindingsView } from "./findings.ts";
import { fillFromDns } from "./fill.ts";
import { diff } from "./fix.ts";
import { markdownButton } from "./markdown.ts";
import { ruleName } from "./rule.ts";
import { sendersView } from "./senders.ts";
import { unseenList } from "./unseen.ts";
import { verdict } from "./verdict.ts";

/** How long after the last key the address follows, and the tally is read out, in milliseconds. */
const SETTLED = 600;
/** How long after the last key the findings follow where showing them takes longer than a part of a frame, in milliseconds. */
const PAUSE = 150;
const PART_OF_FRAME = 6;
/** More changes than this are like the others. */
const MAX_CHANGES = 40;

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

/** A report, and the text that its places count in. */
interface Judged {
  readonly text: string;
  readonly report: Report;
}

export function lintPanel({ load, say, onState }: LintSurroundings): LintPanel {
  const area = byId("lint-text", HTMLTextAreaElement);
  const output = byId("lint-result", HTMLElement);
  const idle = byId("lint-idle", HTMLElement);
  const hint = byId("lint-hint", HTMLElement);
  const kind = byId("lint-kind", HTMLSelectElement);
  const domain = byId("lint-domain", HTMLInputElement);
  const mx = byId("lint-mx", HTMLTextAreaElement);
  const undo = byId("lint-undo", HTMLButtonElement);
  const fixAll = byId("lint-fix-all", HTMLButtonElement);
  const preview = byId("lint-preview", HTMLDetailsElement);
  const ends = byId("lint-ends", HTMLSelectElement);
  const keep = byId("lint-keep", HTMLElement);
  const tooLong = byId("lint-too-long", HTMLElement);
  const complaint = byId("lint-complaint", HTMLElement);
  const box = byId("lint-editor", HTMLElement);
  const file = byId("lint-file", HTMLInputElement);

  /** A file whose bytes are no text: they are what is judged for as long as its text stands as it was opened. */
  let opened: FileText | undefined;
  let judged: Judged | undefined;
  let engine: Engine | undefined;
  let findings: FindingsView | undefined;
  /** The finding at the cursor, by its position in the report. */
  let current: number | undefined;
  let frame = 0;
  let settled = 0;
  let pause = 0;
  let isSlow = false;

  const events: EditorEvents = {
    changed: () => schedule(true),
    moved: () => follow(),
    step,
    apply: (index) => judged && apply(judged, index),
    open: (file) => void openFile(file),
  };
  const plainText = plainEditor(area, events);
  let editor: TextEditor = plainText;
  let upgrading: Promise<void> | undefined;

  /** Puts the real editor in the place of the plain one, with all that is in it. */
  async function upgrade(): Promise<void> {
    const { codeEditor } = await import("../code/code.ts");
    const { selection, focused } = plainText;
    const host = h("div", { id: "lint-code" });
    area.before(host);
    const label = area.labels[0];
    editor = codeEditor(host, label?.textContent ?? "", hint.textContent.trim(), plainText.stop(), events);
    area.hidden = true;
    label?.addEventListener("click", () => editor.focus());
    editor.select(selection, { focus: focused });
    box.dataset["editor"] = "code";
    schedule(false);
  }

  const bytes = (): Uint8Array | undefined => (opened?.text === editor.text ? opened.bytes : undefined);
  const mxHosts = (): string[] => mx.value.split(/[\n,]/).map((line) => line.trim()).filter((line) => line !== "");
  const chosenKind = (): (typeof KINDS)[number] | undefined => KINDS.find((name) => name === kind.value);
  const options = () => {
    const [chosen, hosts, name] = [chosenKind(), mxHosts(), domain.value.trim()];
    return { ...(chosen && { kind: chosen }), ...(name !== "" && { domain: name }), ...(hosts.length > 0 && { mx: hosts }) };
  };
  const state = (): LintState => ({ view: "lint", text: editor.text, ...options() });

  /** Takes another text in, so that the one before can be brought back. */
  function replace(text: string): void {
    editor.change([{ start: 0, end: editor.text.length, text }], { start: 0, end: 0 });
  }

  /** Lints before the next frame; `changed` says that the reader did something worth a new address. */
  function schedule(changed: boolean): void {
    undo.hidden = !editor.canUndo;
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(() => void lint());
    clearTimeout(settled);
    settled = window.setTimeout(() => {
      if (changed) onState(state());
      tooLong.hidden = encode(state()) !== null;
      if (judged) say(tally(judged.report.findings));
    }, SETTLED);
  }

  async function lint(): Promise<void> {
    complaint.replaceChildren();
    let report: Report | undefined;
    if (editor.text !== "" || bytes()) {
      try {
        // What was typed in the meantime is what counts: the text is read after the wait.
        engine ??= await load();
        report = judge(engine, bytes() ?? editor.text);
      } catch (error) {
        complain(explainError(error).message);
      }
    }
    judged = report && { text: editor.text, report };
    editor.mark(report?.findings ?? []);
    clearTimeout(pause);
    // The marks are in the next frame; what is beside the text can be in the one after it.
    pause = window.setTimeout(timed, isSlow ? PAUSE : 0);
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

  function timed(): void {
    const start = performance.now();
    render();
    isSlow = performance.now() - start > PART_OF_FRAME;
  }

  function render(): void {
    const safe = judged?.report.findings.filter(({ fix }) => fix?.applicability === "safe").length ?? 0;
    fixAll.hidden = preview.hidden = safe === 0;
    renderPreview();
    renderEnds();
    idle.hidden = judged !== undefined;
    if (!judged) {
      findings = undefined;
      output.replaceChildren();
      return;
    }
    const now = judged;
    const { report } = now;
    const before = output.querySelector<HTMLElement>(".findings") ?? h("div");
    const view = findingsView(
      report.findings,
      report.documents,
      {
        text: () => now.text,
        ruleName,
        ...(engine && { explain: engine.explain }),
        show: (finding, focus) => {
          if (!finding.span || now.text !== editor.text) return;
          editor.current(finding.span);
          editor.select(finding.span, { focus });
          point(report.findings.indexOf(finding));
        },
        apply: (finding) => apply(now, report.findings.indexOf(finding)),
      },
      before,
    );
    findings = view;
    const link = (): string | { refused: string } => {
      if (bytes()) return { refused: "Not UTF-8: it does not fit into a link" };
      const fragment = encode(state());
      return fragment === null ? { refused: "Too long for a link" } : new URL(fragment, location.href).href;
    };
    const senders = sendersView(report, view.reveal);
    output.replaceChildren(
      verdict(
        report,
        h("div", { class: "tools" }, copyButton("Copy link", link, say), markdownButton(report, {}, undefined, say), copyButton("Copy JSON", () => JSON.stringify(report, null, 2), say)),
      ),
      h("h3", {}, heading(report.findings)),
      view.element,
      ...(report.policy ? [h("h3", {}, "As senders read it"), policyFacts(report.policy)] : []),
      ...(report.mx && report.mx.hosts.length > 0 ? [h("h3", {}, "MX hosts"), mxTable(report.mx)] : []),
      ...(senders ? [h("h3", {}, "What senders do"), senders] : []),
      ...(report.not_seen.length > 0
        ? [h("details", { class: "notes" }, h("summary", {}, "Not seen from here"), unseenList(report.not_seen, say))]
        : []),
    );
    follow();
  }

  /** What all safe fixes together make of the text. */
  const fixed = (): { text: string; applied: number } | undefined => {
    if (!engine || bytes()) return undefined;
    const chosen = chosenKind();
    const { text, applied } = engine.applyFixes(editor.text, chosen ? { kind: chosen } : {});
    return { text, applied: applied.length };
  };

  function renderPreview(): void {
    const place = preview.querySelector(".fix")!;
    const made = preview.open && !preview.hidden ? fixed() : undefined;
    place.replaceChildren(...(made ? [diff(editor.text, lineEdits(editor.text, made.text), MAX_CHANGES)] : []));
  }
  preview.addEventListener("toggle", renderPreview);

  function renderEnds(): void {
    const { text } = editor;
    const found = lineEnds(text);
    const uniform = uniformEnd(found);
    const isMixed = uniform === undefined && found.lf + found.crlf + found.cr > 0;
    keep.hidden = text === "";
    ends.disabled = uniform === undefined && !isMixed;
    const mixed = ends.querySelector<HTMLOptionElement>('[value=""]')!;
    mixed.hidden = !isMixed;
    const told = [[found.lf, "LF"], [found.crlf, "CRLF"], [found.cr, "CR"]].filter(([number]) => number !== 0);
    mixed.textContent = `mixed: ${told.map(([number, name]) => `${number} ${name}`).join(", ")}`;
    ends.value = isMixed ? "" : uniform === "\r\n" ? "crlf" : "lf";
  }
  ends.addEventListener("change", () => {
    if (ends.value === "") return;
    const { text } = editor;
    editor.change(lineEdits(text, withLineEnds(text, ends.value === "crlf" ? "\r\n" : "\n")));
    say(`Every line ends with ${ends.value.toUpperCase()}. Undo brings the text before back.`);
  });

  function apply(on: Judged, index: number): void {
    const fix = on.report.findings[index]?.fix;
    // What was judged is not what is there any more: in a moment it is.
    if (!fix || on.text !== editor.text) return;
    const [first] = fix.edits;
    if (!first) return;
    editor.change(fix.edits, { start: first.start, end: first.start + first.text.length });
    editor.focus();
    say("The fix is applied. Undo brings the text before back.");
  }

  fixAll.addEventListener("click", () => {
    const made = fixed();
    if (!made) return;
    editor.change(lineEdits(editor.text, made.text), { start: 0, end: 0 });
    editor.focus();
    say(`${count(made.applied, "fault")} mended. Undo brings the text before back.`);
  });
  undo.addEventListener("click", () => {
    editor.undo();
    editor.focus();
  });

  /** Points out a finding in the list. */
  function point(finding: number | undefined): void {
    current = finding;
    findings?.point(finding);
  }

  /** Points out the finding at the cursor: the one with the smallest place. */
  function follow(): void {
    editor.current(undefined);
    if (!judged || judged.text !== editor.text) return;
    const { start: cursor } = editor.selection;
    const within = ({ start, end }: Range): boolean => start <= cursor && cursor <= end;
    let [found, length] = [undefined as number | undefined, Infinity];
    for (const [index, { span, also }] of judged.report.findings.entries()) {
      const at = span && within(span) ? span : also?.find(within);
      if (at && at.end - at.start < length) [found, length] = [index, at.end - at.start];
    }
    point(found);
  }

  /** Goes to the next finding in the order of the text, or the one before. */
  function step(forward: boolean): boolean {
    if (!judged || judged.text !== editor.text) return false;
    const placed = [...judged.report.findings.entries()].flatMap(([index, { span, message }]) => (span ? [{ index, span, message }] : []));
    placed.sort((a, b) => a.span.start - b.span.start || a.index - b.index);
    if (placed.length === 0) return false;
    const { start: cursor } = editor.selection;
    const here = placed.findIndex(({ index, span }) => index === current && span.start === cursor);
    const beyond = forward ? placed.findIndex(({ span }) => span.start > cursor) : placed.findLastIndex(({ span }) => span.start < cursor);
    // Beyond the last one is the first.
    const round = forward ? 0 : placed.length - 1;
    const next = here < 0 ? beyond : here + (forward ? 1 : -1);
    const { index, span, message } = placed[next] ?? placed[round]!;
    editor.current(span);
    editor.select(span, { tell: true });
    point(index);
    say(plain(message));
    return true;
  }

  for (const field of [kind, domain, mx]) field.addEventListener("input", () => schedule(true));
  fillFromDns(load, say, () => schedule(true));

  const text = (): string => editor.text;
  keep.prepend(
    copyButton("Copy", text, say),
    h("button", { type: "button", class: "quiet", on: { click: download } }, "Download"),
  );
  function download(): void {
    const kinds = judged?.report.documents.map(({ kind }) => kind) ?? [];
    const isPolicy = kinds.length > 0 && kinds.every((kind) => kind === "policy");
    const url = URL.createObjectURL(new Blob([bytes() as Uint8Array<ArrayBuffer> | undefined ?? editor.text], { type: "text/plain" }));
    h("a", { href: url, download: isPolicy ? "mta-sts.txt" : "record.txt" }).click();
    setTimeout(() => URL.revokeObjectURL(url), 0);
  }

  async function openFile(chosen: File | null | undefined): Promise<void> {
    if (!chosen) return;
    const read = await readText(chosen);
    if ("refused" in read) {
      complain(read.refused);
      return;
    }
    opened = read;
    replace(read.text);
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

  return {
    open(next) {
      void load().catch(() => undefined);
      upgrading ??= upgrade().catch(() => {
        upgrading = undefined;
        hint.textContent = "The editor did not load, so the text has no marks. It is linted all the same.";
      });
      if (next.text === undefined) return;
      kind.value = next.kind ?? "";
      domain.value = next.domain ?? "";
      mx.value = next.mx?.join("\n") ?? "";
      if (next.mx || next.domain || next.kind) byId("lint-options", HTMLDetailsElement).open = true;
      if (next.text === editor.text) return schedule(false);
      replace(next.text);
    },
    get state() {
      return state();
    },
  };
}
