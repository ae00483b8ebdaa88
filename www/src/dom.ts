/** Building nodes. There is no way here from a string to markup: text becomes text nodes, and nothing else. */

import { pieces } from "./text.ts";

export type Child = Node | string | number | null | undefined | false;

export interface Attributes {
  /** An attribute; `true` for one without a value, absent where it is `false` or `undefined`. */
  readonly [attribute: string]: string | number | boolean | undefined | Listeners;
  readonly on?: Listeners;
}

type Listeners = { readonly [K in keyof HTMLElementEventMap]?: (event: HTMLElementEventMap[K]) => void };

/** An element with attributes and children. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  const { on, ...rest } = attributes;
  setAttributes(element, rest as Omit<Attributes, "on">);
  for (const [type, listener] of Object.entries(on ?? {})) {
    element.addEventListener(type, listener as EventListener);
  }
  append(element, children);
  return element;
}

/** An SVG element. */
export function svg<K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes: Omit<Attributes, "on"> = {},
  ...children: readonly Child[]
): SVGElementTagNameMap[K] {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  setAttributes(element, attributes);
  append(element, children);
  return element;
}

function setAttributes(element: Element, attributes: Omit<Attributes, "on">): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    element.setAttribute(name, value === true ? "" : String(value));
  }
}

function append(element: Element, children: readonly Child[]): void {
  for (const child of children) {
    if (child === null || child === undefined || child === false) continue;
    element.append(child instanceof Node ? child : String(child));
  }
}

/** Text from outside as it was on the wire, what cannot be seen named, and kept from rearranging what is around it. */
export function wire(text: string, tag: "code" | "span" = "code"): HTMLElement {
  return h(tag, { class: "wire" }, ...wirePieces(text));
}

/** {@link wire}, without an element around it. */
export const wirePieces = (text: string): Child[] =>
  pieces(text).map(({ text, name }) => (name ? h("span", { class: "hidden-char" }, name) : text));

/** {@link wirePieces} of a text whose line feeds end lines; `sign` stands before each. */
export const wireLines = (text: string, sign = ""): Child[] =>
  text.split("\n").flatMap((line, index) => [index > 0 && `${sign}\n`, ...wirePieces(line)]);

/** A sentence of the engine, in which the reader's own values stand in backticks: they become `<code>`. */
export const prose = (text: string): Child[] =>
  text.split(/`([^`]+)`/).map((part, index) => (index % 2 === 1 ? wire(part) : part));

/** {@link prose} for where there are no nodes, such as what is read out. */
export const plain = (text: string): string => text.replace(/`([^`]+)`/g, "$1");

/** A link to another site. Only HTTPS: a URL of another kind stays text. */
export function outward(url: string, ...children: readonly Child[]): HTMLElement {
  if (!URL.canParse(url) || new URL(url).protocol !== "https:") return h("span", {}, ...children);
  return h("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, ...children);
}

/** A moment in the reader's own form and time zone; the exact one is the title. */
export const moment = (date: Date): HTMLTimeElement =>
  h(
    "time",
    { datetime: date.toISOString(), title: date.toISOString() },
    date.toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" }),
  );

/** The element of the document with this id, which the page's own markup has. */
export function byId<T extends HTMLElement>(id: string, type: new () => T): T {
  const element = document.getElementById(id);
  if (!(element instanceof type)) throw new Error(`the page has no ${type.name} with the id ${id}`);
  return element;
}
