import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/*
 * The limit the benches compare with: Node's HTTP server and nothing else. A GET is an open chunked response; a POST writes
 * what it was sent to all open ones, as an event, and is answered after that.
 */
const open = new Set<ServerResponse>();

const server = createServer((request, response) => {
  if (request.url === "/metrics")
    return void response.end(`process_resident_memory_bytes ${process.memoryUsage.rss()}\n`);
  if (request.method === "GET") {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write("event: hello\n\n");
    open.add(response);
    response.on("close", () => open.delete(response));
    return;
  }
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    const frame = Buffer.from(`event: task.created\ndata: ${Buffer.concat(chunks).toString().padEnd(900, " ")}\n\n`);
    for (const stream of open) stream.write(frame);
    response.writeHead(201).end();
  });
});

server.listen(0, "127.0.0.1", () => {
  const { port } = server.address() as AddressInfo;
  process.stdout.write(`${JSON.stringify({ address: `http://127.0.0.1:${port}` })}\n`);
});
process.on("SIGTERM", () => process.exit());
