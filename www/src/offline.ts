/** The page without a network: its service worker, and what is said of a newer version. */

import { h } from "./dom.ts";
import { count } from "./words.ts";

/** Registers the worker once the page is at rest. `tell` shows a notice of it, and takes the one before away. */
export function keepOffline(tell: (notice: HTMLElement, words: string) => void): void {
  // Only a page over HTTPS, or of this machine, has one.
  const { serviceWorker } = navigator as { serviceWorker?: ServiceWorkerContainer };
  if (!serviceWorker) return;
  const begin = (): void => {
    const register = (): void => {
      // A browser that keeps nothing, or is told to, refuses; the page is as it was.
      void serviceWorker.register(workerUrl(), { updateViaCache: "none" }).then((registration) => {
        if (registration) watch(registration, serviceWorker, tell);
      }, () => undefined);
    };
    if ("requestIdleCallback" in globalThis) requestIdleCallback(register, { timeout: 5_000 });
    else setTimeout(register, 1_000);
  };
  if (document.readyState === "complete") begin();
  else addEventListener("load", begin, { once: true });
}

function watch(
  registration: ServiceWorkerRegistration,
  container: ServiceWorkerContainer,
  tell: (notice: HTMLElement, words: string) => void,
): void {
  const ready = (worker: ServiceWorker): void => {
    // Without one before it is no newer version, but the first.
    if (!container.controller) return;
    const words = "A newer version of this page is ready.";
    const reload = (): void => {
      container.addEventListener("controllerchange", () => location.reload(), { once: true });
      worker.postMessage("take over");
    };
    tell(h("p", { class: "update" }, `${words} `, h("button", { type: "button", class: "quiet", on: { click: reload } }, "Reload with it")), words);
  };
  container.addEventListener("message", ({ data }: MessageEvent<{ others?: number } | null>) => {
    if (!data?.others) return;
    const words = `The newer version waits until ${count(data.others, "other tab")} of this page ${data.others === 1 ? "is" : "are"} closed.`;
    tell(h("p", { class: "update" }, words), words);
  });
  container.startMessages();
  if (registration.waiting) ready(registration.waiting);
  registration.addEventListener("updatefound", () => {
    const worker = registration.installing;
    worker?.addEventListener("statechange", () => {
      if (worker.state === "installed") ready(worker);
    });
  });
}

interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL(): string }): { createScriptURL(url: string): string };
}

/** The one script that is loaded by its address. The policy of this name makes that address, whatever it is given. */
function workerUrl(): string {
  const url = new URL("worker.js", document.baseURI).href;
  const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };
  return trustedTypes ? trustedTypes.createPolicy("worker", { createScriptURL: () => url }).createScriptURL("") : url;
}
