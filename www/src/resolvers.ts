/** The resolvers, as somebody names them. */

/** The defaults, in the order they are asked: both answer requests of any origin. */
export const KNOWN: Readonly<Record<string, string>> = {
  Cloudflare: "https://cloudflare-dns.com/dns-query",
  Google: "https://dns.google/dns-query",
};

export const DEFAULT = Object.keys(KNOWN).join(", ");

/** The URLs of a typed list, or why it is none. An empty list means the defaults. */
export function parseResolvers(typed: string): { urls: string[] } | { refused: string } {
  const names = typed.split(/[\s,]+/).filter((name) => name !== "");
  const urls: string[] = [];
  for (const name of names.length > 0 ? names : Object.keys(KNOWN)) {
    const known = Object.entries(KNOWN).find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1];
    const url = known ?? name;
    if (!isResolver(url)) {
      const known = Object.keys(KNOWN).join(", ");
      return { refused: `“${name}” is no resolver: give ${known}, or a URL such as https://dns.example/dns-query.` };
    }
    if (!urls.includes(url)) urls.push(url);
  }
  return { urls };
}

/** Known ones by name, others by URL: what {@link parseResolvers} reads. */
export const nameResolvers = (urls: readonly string[]): string =>
  urls.map((url) => Object.entries(KNOWN).find(([, known]) => known === url)?.[0] ?? url).join(", ");

export const isDefault = (urls: readonly string[]): boolean =>
  urls.join() === Object.values(KNOWN).join();

/** DNS over HTTPS; without TLS only on this machine, where browsers and our own policy allow it. */
function isResolver(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, username, password } = new URL(text);
  const here = hostname === "127.0.0.1" || hostname === "localhost";
  return (protocol === "https:" || (protocol === "http:" && here)) && username === "" && password === "";
}
