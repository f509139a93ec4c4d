import { createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { once } from "node:events";

/**
 * Enough of PostgreSQL's protocol 3.0 (its manual, chapter "Frontend/Backend Protocol") to be a server of an old
 * version: lets everyone in, and answers every query with its version. No such server can be had from npm.
 */
export async function startOldServer(version: string): Promise<{ url: string; server: Server }> {
  const server = createServer((socket) => serve(socket, version)).listen(0, "127.0.0.1");
  await once(server, "listening");
  return { url: `postgresql://taskflow@127.0.0.1:${(server.address() as AddressInfo).port}/taskflow`, server };
}

function serve(socket: Socket, version: string): void {
  const ready = message("Z", Buffer.from("I"));
  socket.on("error", () => undefined);
  socket.once("data", () => {
    socket.write(Buffer.concat([message("R", int32(0)), ready]));
    socket.on("data", (request) => {
      if (String.fromCharCode(request[0] ?? 0) === "Q")
        socket.write(Buffer.concat([...row("server_version", version), ready]));
      else socket.end();
    });
  });
}

function row(name: string, value: string): Buffer[] {
  const textType = Buffer.concat([int32(0), int16(0), int32(25), int16(-1), int32(-1), int16(0)]);
  return [
    message("T", Buffer.concat([int16(1), Buffer.from(`${name}\0`), textType])),
    message("D", Buffer.concat([int16(1), int32(value.length), Buffer.from(value)])),
    message("C", Buffer.from("SHOW\0")),
  ];
}

function message(type: string, body: Buffer): Buffer {
  return Buffer.concat([Buffer.from(type), int32(body.length + 4), body]);
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

function int16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeInt16BE(value);
  return bytes;
}
