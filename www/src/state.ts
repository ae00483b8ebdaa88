/**
 * The state of the page as a URL fragment: `#check?domain=…&resolver=…,…`, `#lint?text=…`, `#plan?…` and `#generate?…`.
 * Nothing else goes into a link.
 * A fragment comes from whoever made the link: it is bounded, and what cannot be read is refused with a reason.
 */

/** What the engine can be told about the kind of a text. */
export const KINDS = ["policy", "record", "tlsrpt"] as const;
export type Kind = (typeof KINDS)[number];

export interface CheckState {
  readonly view: "check";
  /** As typed; absent in a link that only opens the view. */
  readonly domain?: string;
  /** URLs, in the order they are asked; absent for the default ones. */
  readonly resolvers?: readonly string[];
}

export interface LintState {
  readonly view: "lint";
  /** Absent in a link that only opens the view, so that it takes nothing away. */
  readonly text?: string;
  readonly kind?: Kind;
  readonly domain?: string;
  readonly mx?: readonly string[];
}

/** The state of a view that is a form: its fields as typed, by their names in {@link FORMS}; an empty one is left out. */
export interface FormState {
  readonly view: FormView;
  readonly fields: Readonly<Record<string, string>>;
}

export type State = CheckState | LintState | FormState;

/** Longest fragment that is read or written, in UTF-16 code units: a policy of 64 KiB with room for its escapes. */
export const MAX_FRAGMENT = 131_072;
/** A domain has at most 253 characters; the rest is room for a pasted URL. */
const MAX_DOMAIN = 2_048;
const MAX_RESOLVERS = 4;
const MAX_MX = 100;

/** A text of several lines, of one line, and a number with its unit. */
const [TEXT, LINE, NUMBER] = [65_536, 4_096, 40];

/** The fields of each form: how long one may be in UTF-16 code units, which words it takes, or that it is a time in UTC. */
export const FORMS = {
  plan: {
    domain: MAX_DOMAIN,
    old: TEXT,
    record: LINE,
    mx: TEXT,
    new: TEXT,
    "new-record": LINE,
    "new-mx": TEXT,
    remove: ["yes"],
    ttl: NUMBER,
    "mx-ttl": NUMBER,
    "max-age": NUMBER,
    start: "time",
  },
  generate: {
    domain: MAX_DOMAIN,
    mx: TEXT,
    mode: ["testing", "enforce", "none"],
    "max-age": NUMBER,
    wildcards: ["yes"],
    rua: LINE,
    "previous-id": LINE,
    id: LINE,
    target: ["nginx", "apache", "caddy", "cloudflare-worker", "github-pages", "netlify"],
  },
} as const satisfies Readonly<Record<string, Readonly<Record<string, number | "time" | readonly string[]>>>>;

export type FormView = keyof typeof FORMS;

/** A state, or why there is none, in words for a person. */
export type Decoded = State | { readonly refused: string };

/** The fragment of a state, with its `#`; `null` if it would be longer than {@link MAX_FRAGMENT}. */
export function encode(state: State): string | null {
  const parameters: string[] = [];
  const add = (name: string, value: string | readonly string[] | undefined): void => {
    if (value === undefined || (value.length === 0 && name !== "text")) return;
    const values = typeof value === "string" ? [value] : value;
    parameters.push(`${name}=${values.map(escape).join(",")}`);
  };
  if (state.view === "check") {
    add("domain", state.domain);
    add("resolver", state.resolvers);
  } else if (state.view !== "lint") {
    for (const name of Object.keys(FORMS[state.view])) add(name, state.fields[name] ?? "");
  } else {
    add("text", state.text);
    add("kind", state.kind);
    add("domain", state.domain);
    add("mx", state.mx);
  }
  const fragment = `#${state.view}${parameters.length > 0 ? "?" : ""}${parameters.join("&")}`;
  return fragment.length > MAX_FRAGMENT ? null : fragment;
}

/** The state of a fragment, given with or without its `#`. An empty one opens the check. */
export function decode(fragment: string): Decoded {
  if (fragment.length > MAX_FRAGMENT) {
    return refuse(`has ${fragment.length} characters after the #; this page reads at most ${MAX_FRAGMENT}`);
  }
  const [view, query = ""] = split(fragment.replace(/^#/, ""), "?");
  const parameters = new Map<string, string>();
  for (const parameter of query.split("&")) {
    const [name, value = ""] = split(parameter, "=");
    // The first counts, as with a repeated field of a record.
    if (!parameters.has(name)) parameters.set(name, value);
  }
  try {
    switch (view) {
      case "":
      case "check":
        return check(parameters);
      case "lint":
        return lint(parameters);
      case "plan":
      case "generate":
        return form(view, parameters);
      default:
        return refuse(`asks for “${excerpt(unescape(view))}”; this page has “check”, “lint”, “plan” and “generate”`);
    }
  } catch (error) {
    if (error instanceof URIError) return refuse("has a % that begins no escape of UTF-8");
    throw error;
  }
}

function check(parameters: ReadonlyMap<string, string>): Decoded {
  const domain = one(parameters, "domain");
  const resolvers = list(parameters, "resolver");
  if (domain !== undefined && domain.length > MAX_DOMAIN) {
    return refuse(`names a domain of ${domain.length} characters; the longest has 253`);
  }
  if (resolvers !== undefined && resolvers.length > MAX_RESOLVERS) {
    return refuse(`names ${resolvers.length} resolvers; this page asks at most ${MAX_RESOLVERS}`);
  }
  return { view: "check", ...(domain !== undefined && { domain }), ...(resolvers !== undefined && { resolvers }) };
}

function lint(parameters: ReadonlyMap<string, string>): Decoded {
  const text = one(parameters, "text");
  const domain = one(parameters, "domain");
  const mx = list(parameters, "mx");
  const kind = KINDS.find((kind) => kind === one(parameters, "kind"));
  if (domain !== undefined && domain.length > MAX_DOMAIN) {
    return refuse(`names a domain of ${domain.length} characters; the longest has 253`);
  }
  if (mx !== undefined && mx.length > MAX_MX) {
    return refuse(`names ${mx.length} MX hosts; this page takes at most ${MAX_MX}`);
  }
  return {
    view: "lint",
    ...(text !== undefined && { text }),
    ...(kind !== undefined && { kind }),
    ...(domain !== undefined && { domain }),
    ...(mx !== undefined && { mx }),
  };
}

function form(view: FormView, parameters: ReadonlyMap<string, string>): Decoded {
  const fields: Record<string, string> = {};
  for (const [name, takes] of Object.entries(FORMS[view])) {
    const value = one(parameters, name) ?? "";
    if (value === "") continue;
    if (typeof takes === "number") {
      if (value.length > takes) return refuse(`has ${value.length} characters in “${name}”; this page takes at most ${takes}`);
    } else if (takes === "time") {
      if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?Z$/.test(value) || Number.isNaN(Date.parse(value))) {
        return refuse(`has “${excerpt(value)}” in “${name}”, which is no time such as 2026-03-01T12:00Z`);
      }
    } else if (!takes.includes(value)) {
      return refuse(`has “${excerpt(value)}” in “${name}”, which takes ${takes.join(", ")}`);
    }
    fields[name] = value;
  }
  return { view, fields };
}

const one = (parameters: ReadonlyMap<string, string>, name: string): string | undefined => {
  const value = parameters.get(name);
  return value === undefined ? undefined : unescape(value);
};

/** A comma separates. An escaped one does too, where it does not stand inside a URL: `URLSearchParams` escapes them all. */
const list = (parameters: ReadonlyMap<string, string>, name: string): string[] | undefined => {
  const values = parameters
    .get(name)
    ?.split(",")
    .flatMap((value) => unescape(value).split(/(?<!:.*),|,(?=https?:)/))
    .map((value) => value.trim())
    .filter((value) => value !== "");
  return values === undefined || values.length === 0 ? undefined : values;
};

/** A lone surrogate has no UTF-8, and so no escape: it becomes U+FFFD rather than an exception. */
const escape = (value: string): string => encodeURIComponent(value.replace(/\p{Surrogate}/gu, "\ufffd"));

/** `+` is a space, as `URLSearchParams` writes it; a plus sign is always written `%2B` here. */
const unescape = (value: string): string => decodeURIComponent(value.replaceAll("+", " "));

const split = (text: string, delimiter: string): [string, string?] => {
  const at = text.indexOf(delimiter);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
};

const excerpt = (text: string): string => (text.length > 40 ? `${text.slice(0, 40)}…` : text);

const refuse = (why: string): Decoded => ({ refused: `The link cannot be opened: it ${why}.` });
