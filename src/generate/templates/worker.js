// The MTA-STS policy of @domain@ (RFC 8461, section 3.3): one file, and nothing else.
const POLICY = [
@lines@].join("\n");

export default {
  fetch(request) {
    if (new URL(request.url).pathname !== "/.well-known/mta-sts.txt") {
      return new Response("not found\n", { status: 404 });
    }
    if (request.method !== "GET" && request.method !== "HEAD") {
      return new Response("only GET and HEAD\n", { status: 405, headers: { Allow: "GET, HEAD" } });
    }
    return new Response(request.method === "GET" ? POLICY : null, {
      headers: {
        "Content-Type": "text/plain; charset=utf-8",
        // Lets checkers that run in a browser read the policy, which is public.
        "Access-Control-Allow-Origin": "*",
      },
    });
  },
};
