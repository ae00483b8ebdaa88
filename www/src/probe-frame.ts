/**
 * The script of `probe.html`, which `probe.ts` opens in a sandboxed frame. It imports nothing: the frame has an origin of
 * its own, and from there a browser loads a classic script, but not a module.
 */

(() => {
  const tell = (result: "off-host-redirect" | "http-error" | "load" | "none"): void =>
    parent.postMessage(result, "*");

  /** A blocked redirect fails the fetch, and the violation is reported a moment later. In milliseconds. */
  const VIOLATION_DELAY = 150;
  /** Where an `<object>` fires no event (a type that is neither shown nor refused), in milliseconds. */
  const OBJECT_PATIENCE = 4_000;

  const host = decodeURIComponent(location.hash.slice(1));
  // It goes into a policy and a URL: nothing but a host name with at least one dot.
  if (!/^(?=.{1,253}$)[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63})+$/.test(host)) {
    tell("none");
    return;
  }

  // From here on this document may ask the policy host alone, wherever that redirects to.
  const policy = document.createElement("meta");
  policy.httpEquiv = "Content-Security-Policy";
  policy.content = `default-src 'none'; connect-src https://${host}; object-src https://${host}; frame-src https://${host}`;
  document.head.append(policy);
  addEventListener("securitypolicyviolation", () => tell("off-host-redirect"));

  const url = `https://${host}/.well-known/mta-sts.txt`;
  fetch(url, { mode: "no-cors", cache: "no-store", credentials: "omit", referrerPolicy: "no-referrer" }).then(
    () => {
      const object = document.createElement("object");
      object.addEventListener("load", () => tell("load"));
      object.addEventListener("error", () => tell("http-error"));
      setTimeout(tell, OBJECT_PATIENCE, "none");
      object.data = url;
      document.body.append(object);
    },
    () => setTimeout(tell, VIOLATION_DELAY, "none"),
  );
})();
