/**
 * Narrows down why script may not read a policy, with frames of our own (`probe.html`). The frame may connect to the
 * policy host alone, and what is not allowed to it tells of a redirect; an `<object>` in it tells of an HTTP error.
 */

/** What the frame found; `none` where it found nothing, or said nothing in time. */
const FINDINGS = ["off-host-redirect", "http-error", "load", "none"] as const;
export type ProbeResult = (typeof FINDINGS)[number];

/** How long a frame may take, in milliseconds. */
const PATIENCE = 8_000;

/** Asks `host` in a frame, which is removed when it has answered, when its time is over, or when `signal` aborts. */
export function probe(host: string, signal: AbortSignal): Promise<ProbeResult> {
  return new Promise((resolve, reject) => {
    const frame = document.createElement("iframe");
    const timer = setTimeout(() => finish("none"), PATIENCE);
    const finish = (result: ProbeResult): void => {
      stop();
      resolve(result);
    };
    const listen = (event: MessageEvent<unknown>): void => {
      if (event.source !== frame.contentWindow) return;
      finish(FINDINGS.find((finding) => finding === event.data) ?? "none");
    };
    const abort = (): void => {
      stop();
      reject(signal.reason);
    };
    const stop = (): void => {
      clearTimeout(timer);
      removeEventListener("message", listen);
      signal.removeEventListener("abort", abort);
      frame.remove();
    };

    if (signal.aborted) {
      abort();
      return;
    }
    signal.addEventListener("abort", abort);
    addEventListener("message", listen);
    // Scripts of ours may run in it, in an origin of its own: neither it nor what it loads reaches this page.
    frame.setAttribute("sandbox", "allow-scripts");
    frame.referrerPolicy = "no-referrer";
    // Out of sight, yet laid out: in a frame that is not rendered, an `<object>` loads nothing and tells nothing.
    frame.className = "sr-only";
    frame.ariaHidden = "true";
    frame.tabIndex = -1;
    frame.title = "Probe of the policy host";
    frame.src = new URL(`probe.html#${encodeURIComponent(host)}`, document.baseURI).href;
    document.body.append(frame);
  });
}
