// What callers give is checked before the engine gets it; what the engine gives is JSON.

export function refuse(message) {
  throw new TypeError(message);
}

const isText = (value) => typeof value === "string";

/** Whether a value is a list of texts. */
export const isList = (value) => Array.isArray(value) && value.every(isText);

/** A text, or nothing. */
export function text(value, name) {
  if (value == null) return undefined;
  return isText(value) ? value : refuse(`\`${name}\` is not a string`);
}

/** The members of a list, a line each, or nothing. */
export function lines(value, name) {
  if (value == null) return undefined;
  return isList(value) ? value.map(line).join("\n") : refuse(`\`${name}\` is not an array of strings`);
}

/** A member that holds a line end is one member all the same. */
const line = (member) => member.replaceAll(/[\r\n]/g, " ");

/** A whole number of seconds, or nothing. */
export function seconds(value, name) {
  if (value == null) return undefined;
  return Number.isInteger(value) && value >= 0 ? value : refuse(`\`${name}\` is not a whole number of seconds`);
}

/** One of these words, or nothing. */
export function word(value, words, name) {
  if (value == null || words.includes(value)) return value ?? undefined;
  return refuse(`\`${name}\` is none of ${words.map((word) => `"${word}"`).join(", ")}`);
}

const encoder = new TextEncoder();

/** The octets of a text. */
export function octets(value) {
  if (isText(value)) return encoder.encode(value);
  return value instanceof Uint8Array ? value : refuse("the text is neither a string nor a Uint8Array");
}

/** What the engine says, be it why it cannot judge. */
export function result(json) {
  const value = JSON.parse(json);
  if (value.error !== undefined) throw new Error(value.error);
  return value;
}
