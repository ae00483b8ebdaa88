/** Views that are forms: fields with a label, a hint and a complaint of their own, whose values are the state of the view. */

import { explainError, isAbort } from "../api.ts";
import { h, plain, type Child } from "../dom.ts";
import { nameResolvers, parseResolvers } from "../resolvers.ts";
import { FORMS, type FormState, type FormView } from "../state.ts";

export interface FormPanel {
  /** Shows a state. One without any field only opens the view, and takes nothing away. */
  open(state: FormState): void;
  readonly state: FormState;
}

/** One field. */
export interface Field {
  /** With its label and its hint. */
  readonly element: HTMLElement;
  /** What stands in it; empty for nothing, or for a box that is not ticked. */
  value: string;
  /** What is wrong with it, or nothing. */
  complain(message?: string): void;
  /** What is said below it. */
  hint(...content: readonly Child[]): void;
  focus(): void;
}

export interface TextOptions {
  readonly hint?: string;
  readonly placeholder?: string;
  /** Lines; a field of one line without it. */
  readonly rows?: number;
  /** Whether what stands in it is wire text. */
  readonly mono?: boolean;
  readonly type?: "text" | "datetime-local";
  readonly inputmode?: string;
}

/** The fields of a view, by the names that they have in its state. */
export class Form {
  readonly #fields = new Map<string, Field>();

  constructor(readonly view: FormView) {}

  /** A field of text. */
  text(name: string, label: string, { hint = "", placeholder, rows, mono, type = "text", inputmode }: TextOptions = {}): Field {
    const id = `${this.view}-${name}`;
    const shared = {
      id,
      placeholder,
      class: mono ? "mono" : undefined,
      spellcheck: "false",
      autocapitalize: "off",
      autocomplete: "off",
      autocorrect: "off",
      "aria-describedby": `${id}-hint ${id}-complaint`,
    };
    const input = rows === undefined ? h("input", { ...shared, type, inputmode }) : h("textarea", { ...shared, rows });
    return this.#add(name, input, h("label", { for: id }, label), input, hint);
  }

  /** A choice of a list; each option is its value and its words. */
  select(name: string, label: string, options: readonly (readonly [string, string])[], hint = ""): Field {
    const id = `${this.view}-${name}`;
    const input = h(
      "select",
      { id, "aria-describedby": `${id}-hint ${id}-complaint` },
      ...options.map(([value, words]) => h("option", { value }, words)),
    );
    return this.#add(name, input, h("label", { for: id }, label), input, hint);
  }

  /** A box to tick, whose value is then `yes`. */
  tick(name: string, label: string, hint = ""): Field {
    const id = `${this.view}-${name}`;
    const input = h("input", { id, type: "checkbox", "aria-describedby": `${id}-hint` });
    const field = this.#add(name, input, undefined, h("label", { class: "tick" }, input, label), hint);
    const ticked = {
      get: () => (input.checked ? "yes" : ""),
      set: (value: string) => (input.checked = value === "yes"),
    };
    return Object.defineProperty(field, "value", ticked);
  }

  /** A choice of a few, all in view; each is its value, its name and what it means. The first is the default. */
  radios(name: string, label: string, options: readonly (readonly [string, string, string?])[]): Field {
    const id = `${this.view}-${name}`;
    const inputs = options.map(([value], index) => h("input", { type: "radio", name: id, value, checked: index === 0 }));
    const rows = options.map(([, words, meaning], index) =>
      h("label", { class: "radio" }, inputs[index], h("span", {}, h("span", { class: "choice" }, words), meaning && h("span", { class: "hint" }, meaning))),
    );
    const element = h("fieldset", { class: "field choices", id }, h("legend", {}, label), ...rows);
    const field: Field = {
      element,
      get value() {
        return inputs.find(({ checked }) => checked)!.value;
      },
      set value(value) {
        for (const [index, input] of inputs.entries()) input.checked = value === "" ? index === 0 : input.value === value;
      },
      complain: () => undefined,
      hint: () => undefined,
      focus: () => inputs.find(({ checked }) => checked)?.focus(),
    };
    this.#fields.set(name, field);
    return field;
  }

  #add(
    name: string,
    input: HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement,
    label: HTMLElement | undefined,
    body: HTMLElement,
    words: string,
  ): Field {
    const hint = h("p", { class: "hint", id: `${input.id}-hint` }, words);
    const complaint = h("p", { class: "field-error", id: `${input.id}-complaint` });
    const field: Field = {
      element: h("div", { class: "field" }, label, body, hint, complaint),
      get value() {
        return input.value;
      },
      set value(value) {
        input.value = value;
      },
      complain: (message) => {
        complaint.textContent = message ?? "";
        if (message === undefined) input.removeAttribute("aria-invalid");
        else input.setAttribute("aria-invalid", "true");
      },
      hint: (...content) => hint.replaceChildren(...content.filter((child) => child || child === 0).map((child) => (child instanceof Node ? child : String(child)))),
      focus: () => input.focus(),
    };
    this.#fields.set(name, field);
    return field;
  }

  /** Every field as typed. */
  get state(): FormState {
    const fields: Record<string, string> = {};
    for (const name of Object.keys(FORMS[this.view])) {
      const value = this.#fields.get(name)?.value ?? "";
      if (value !== "") fields[name] = value;
    }
    return { view: this.view, fields };
  }

  set state({ fields }: FormState) {
    for (const [name, field] of this.#fields) {
      field.value = fields[name] ?? "";
      field.complain();
    }
  }
}

/** The resolvers that the reader has chosen for checks. */
function chosenResolvers(): readonly string[] {
  const field = document.getElementById("resolver");
  const parsed = parseResolvers(field instanceof HTMLInputElement ? field.value : "");
  return "urls" in parsed ? parsed.urls : [];
}

/**
 * A button for a run that takes its time: it cancels while there is one. `run` gets the signal, and is not heard any more once
 * that is aborted.
 */
function runButton(label: string, run: (signal: AbortSignal) => Promise<void>): HTMLButtonElement {
  let running: AbortController | undefined;
  const show = (): void => {
    button.textContent = running ? "Cancel" : label;
  };
  const cancel = (): void => {
    running?.abort();
    running = undefined;
    show();
  };
  const button = h("button", { type: "button" }, label);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") cancel();
  });
  button.addEventListener("click", async () => {
    if (running) return cancel();
    const controller = new AbortController();
    running = controller;
    show();
    try {
      await run(controller.signal);
    } finally {
      if (running === controller) {
        running = undefined;
        show();
      }
    }
  });
  return button;
}

/**
 * A button that fills fields from the DNS. `ask` gets the resolvers and gives what is to be said once the fields are
 * filled; whom it asks beside them is `beside`. What is wrong is said at the domain, or in `noted`.
 */
export function fillButton(
  label: string,
  { domain, noted, beside = "" }: { readonly domain: Field; readonly noted: HTMLElement; readonly beside?: string },
  ask: (resolvers: readonly string[], signal: AbortSignal) => Promise<HTMLElement>,
): HTMLButtonElement {
  return runButton(label, async (signal) => {
    domain.complain();
    noted.replaceChildren();
    const refuse = (message: string): void => {
      noted.replaceChildren();
      domain.complain(message);
      domain.focus();
    };
    if (domain.value.trim() === "") return refuse("Type a domain, such as example.com.");
    const resolvers = chosenResolvers();
    noted.replaceChildren(h("p", {}, `Asking ${nameResolvers(resolvers).replaceAll(", ", " and ")}${beside} …`));
    try {
      noted.replaceChildren(await ask(resolvers, signal));
    } catch (error) {
      if (isAbort(error) || signal.aborted) noted.replaceChildren(h("p", {}, "Cancelled. Nothing was filled in."));
      else refuse(plain(explainError(error).message));
    }
  });
}

/** Offers a text as a file. */
export function downloadButton(label: string, name: string, text: () => string, type = "text/plain"): HTMLButtonElement {
  const save = (): void => {
    const url = URL.createObjectURL(new Blob([text()], { type: `${type};charset=utf-8` }));
    h("a", { href: url, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(url), 60_000);
  };
  return h("button", { type: "button", class: "quiet", on: { click: save } }, label);
}
