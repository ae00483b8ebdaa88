/**
 * The service worker: keeps one version of the site, so that it opens and lints without a network.
 *
 * A version is a cache, filled as a whole or not at all: the build wrote down the hash of every file, and a file that is
 * another one, as while a site is being uploaded, ends the installation. A page keeps the version that it began with. A
 * newer one waits until no page of the older is open, or until the only one asks for it. Requests to others, such as
 * resolvers and policy hosts, are not touched.
 */

/** The site, as the build wrote it: paths relative to this script, folders for the pages in them, SHA-256 in hex. */
declare const SITE: {
  readonly version: string;
  readonly files: Readonly<Record<string, string>>;
  /** The file of all pages of rules, by path: one download instead of one a page. */
  readonly archive: string;
};

const worker = globalThis as unknown as ServiceWorkerGlobalScope;
const { scope } = worker.registration;
/** One origin may have several sites in its folders. */
const PREFIX = `mta-sts ${scope} `;
const CACHE = PREFIX + SITE.version;
/** How many files are asked for at once: a visitor may be reading. */
const AT_ONCE = 4;
/** A page of a rule. */
const RULE = /^rules\/[a-z0-9-]+\/$/;

worker.addEventListener("install", (event) => event.waitUntil(install()));
worker.addEventListener("activate", (event) => event.waitUntil(activate()));
worker.addEventListener("message", (event) => event.waitUntil(takeOver(event)));
worker.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  const path = pathOf(request.url);
  if (path === undefined || !(Object.hasOwn(SITE.files, path) || RULE.test(path))) return;
  event.respondWith(answer(request, path));
});

/** The path below the scope, without a query; that of a folder for the page in it. `undefined` for what is not ours. */
function pathOf(url: string): string | undefined {
  const [address = ""] = url.split(/[?#]/, 1);
  return address.startsWith(scope) ? address.slice(scope.length).replace(/(^|\/)index\.html$/, "$1") : undefined;
}

async function answer(request: Request, path: string): Promise<Response> {
  const kept = await caches.match(scope + path, { cacheName: CACHE });
  // A browser that is short of room may have dropped the cache.
  return kept ?? fetch(request);
}

async function install(): Promise<void> {
  try {
    const cache = await caches.open(CACHE);
    const paths = Object.keys(SITE.files);
    const next = async (): Promise<void> => {
      for (let path = paths.pop(); path !== undefined; path = paths.pop()) await keep(cache, path);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, next));
    await unpack(cache);
  } catch (error) {
    await caches.delete(CACHE);
    throw error;
  }
}

/** Fetches a file and keeps it, if it is the one of this version. */
async function keep(cache: Cache, path: string): Promise<void> {
  // What is named after its content was perhaps loaded a moment ago; what is not may lie in a cache for long.
  const reply = await fetch(scope + path, { cache: path.startsWith("assets/") ? "default" : "reload" });
  const body = await reply.arrayBuffer();
  const hash = hex(await crypto.subtle.digest("SHA-256", body));
  if (!reply.ok || hash.slice(0, SITE.files[path]!.length) !== SITE.files[path]) {
    throw new Error(`${path} is not that of version ${SITE.version}`);
  }
  await cache.put(scope + path, new Response(body, { headers: headersOf(reply) }));
}

/** Makes a reply of each page of a rule, with the headers of their index. */
async function unpack(cache: Cache): Promise<void> {
  const [archive, index] = await Promise.all([cache.match(scope + SITE.archive), cache.match(`${scope}rules/`)]);
  if (!archive || !index) throw new Error("the pages of the rules are missing");
  const pages = (await archive.json()) as Readonly<Record<string, string>>;
  await Promise.all(
    Object.entries(pages).map(([path, html]) => cache.put(scope + path, new Response(html, { headers: index.headers }))),
  );
  await cache.delete(scope + SITE.archive);
}

/** The headers of a reply, but for those about the transfer of its body. */
function headersOf(reply: Response): Headers {
  const headers = new Headers(reply.headers);
  for (const name of ["content-encoding", "content-length", "transfer-encoding"]) headers.delete(name);
  return headers;
}

/** No page of an older version is open any more. */
async function activate(): Promise<void> {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith(PREFIX) && name !== CACHE).map((name) => caches.delete(name)));
  // A first visit goes on without a network too. What its page asks for and this version has not comes over the network.
  await worker.clients.claim();
}

/** A page would like this version. It would take it from all pages at once, so it has to be the only one. */
async function takeOver({ source }: ExtendableMessageEvent): Promise<void> {
  const windows = await worker.clients.matchAll({ type: "window", includeUncontrolled: true });
  const others = windows.filter(({ url }) => url.startsWith(scope)).length - 1;
  if (others <= 0) await worker.skipWaiting();
  else source?.postMessage({ others });
}

const hex = (bytes: ArrayBuffer): string =>
  Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");
