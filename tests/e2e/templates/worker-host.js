// Runs a Worker as its host does: hands each request to its `fetch`, and sends on what comes back.
import { readFileSync } from "node:fs";
import { createServer } from "node:https";

const [worker, certificate, key] = process.argv.slice(2);
const { default: handler } = await import(worker);

createServer({ cert: readFileSync(certificate), key: readFileSync(key) }, async (request, response) => {
  const url = `https://${request.headers.host}${request.url}`;
  const reply = await handler.fetch(new Request(url, { method: request.method }));
  response.writeHead(reply.status, Object.fromEntries(reply.headers));
  response.end(Buffer.from(await reply.arrayBuffer()));
}).listen(443, "::");
