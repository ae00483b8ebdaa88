// The network of `checkDomain` and `lookupMx`, by `fetch`: in a page, in a worker and in Node. What to request, and what comes of it, is
// the engine's to say.
import { Check } from "./dist/mta_sts.js";
import { lines, refuse, result, text } from "./values.js";

const MAX_RESOLVERS = 4;
const MAX_TIMEOUT = 60_000;

/** A request leaves no trace: nothing of the visitor goes with it, and nothing of the answer stays. */
const SILENT = { cache: "no-store", credentials: "omit", referrerPolicy: "no-referrer" };

/** How the kinds of requests differ. To a probe no reply is shown, but whether one came. */
const INIT = {
  dns: { headers: { accept: "application/dns-message" } },
  policy: { redirect: "manual" },
  probe: { mode: "no-cors" },
};

export async function checkDomain(domain, options) {
  const asked = checked(options ?? {});
  const { resolvers, policy, timeout } = asked;
  const run = new Check(`${domain}`, policy, resolvers, timeout);
  await drive(run, asked);
  return result(run.report());
}

export async function lookupMx(domain, { resolvers, signal } = {}) {
  const asked = checked({ resolvers, signal });
  const run = Check.mx(`${domain}`, asked.resolvers);
  await drive(run, asked);
  return result(run.mx_report());
}

/** Sends what a run asks for, until nothing is left. */
async function drive(run, { signal, onProgress, probe }) {
  signal?.throwIfAborted();

  /** Sends all there is to send, and then what that gives rise to, to the end. */
  async function proceed() {
    const { progress, requests } = result(run.next());
    for (const step of progress) quietly(() => signal?.aborted || onProgress?.(step));
    await Promise.all(
      requests.map(async (request) => {
        await (request.kind === "probe" ? narrow(request) : send(request));
        // Every request carries the signal: once it is aborted, all that was asked ends at once.
        signal?.throwIfAborted();
        await proceed();
      }),
    );
  }

  async function send(request) {
    const start = performance.now();
    const { response, body, failure } = await outcome(request, signal);
    const millis = performance.now() - start;
    if (failure) return run.failed(request.id, failure, millis);
    const headers = ["content-type", "location", "age"].map((name) => response.headers.get(name) ?? "");
    const status = response.type === "opaqueredirect" ? 0 : response.status;
    run.replied(request.id, status, ...headers, body, millis);
  }

  /** Looks again where no reply can be read: whether one comes at all, and what the caller's `probe` finds. */
  async function narrow(request) {
    const { response, failure } = await outcome(request, signal);
    if (failure === "timeout") return run.failed(request.id, failure, 0);
    const host = new URL(request.url).hostname;
    const finding = await quietly(() => (signal?.aborted ? undefined : probe?.(host, signal)));
    run.probed(request.id, Boolean(response), `${finding}`);
  }

  await proceed();
}

/** The options, with what they default to. */
function checked({ resolvers, policy, signal, onProgress, probe, timeoutMs }) {
  const timeout = timeoutMs ?? 10_000;
  const urls = lines(resolvers, "resolvers") ?? "";
  const count = resolvers?.length ?? 1;
  if (count < 1 || count > MAX_RESOLVERS) refuse(`\`resolvers\` has ${count} members; give 1 to ${MAX_RESOLVERS}`);
  if (signal != null && !(signal instanceof AbortSignal)) refuse("`signal` is not an AbortSignal");
  if (onProgress != null && typeof onProgress !== "function") refuse("`onProgress` is not a function");
  if (probe != null && typeof probe !== "function") refuse("`probe` is not a function");
  if (!(timeout >= 1 && timeout <= MAX_TIMEOUT)) refuse(`\`timeoutMs\` is not a number from 1 to ${MAX_TIMEOUT}`);
  return { resolvers: urls, policy: text(policy, "policy"), signal, onProgress, probe, timeout };
}

/** Sends a request. Says what came, or why nothing did: `timeout`, `cut-short` or `no-reply`. */
async function outcome({ kind, url, timeout, limit }, signal) {
  const patience = AbortSignal.timeout(timeout);
  let response;
  try {
    const both = signal ? AbortSignal.any([patience, signal]) : patience;
    response = await fetch(url, { ...SILENT, ...INIT[kind], signal: both });
    return { response, body: await octets(response, limit) };
  } catch (error) {
    return { failure: error?.name === "TimeoutError" ? "timeout" : response ? "cut-short" : "no-reply" };
  }
}

/** At most `limit` octets of a body, if they can be of use. The rest is let go. */
async function octets(response, limit) {
  const reader = response.body?.getReader();
  const chunks = [];
  let room = response.ok ? limit : 0;
  while (reader && room > 0) {
    const { done, value } = await reader.read();
    if (done) break;
    chunks.push(value.subarray(0, room));
    room -= value.length;
  }
  // Whether the stream minds is of no interest.
  reader?.cancel().catch(() => {});
  return new Uint8Array(await new Blob(chunks).arrayBuffer());
}

/** What a function of the caller's returns; what it throws is not the run's concern. */
async function quietly(call) {
  try {
    return await call();
  } catch {
    return undefined;
  }
}
