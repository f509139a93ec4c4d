import type { WebSocket } from "ws";
import { StreamAuth } from "../../../contract/stream.ts";
import { DomainError } from "../../../contract/problem.ts";
import { Value } from "typebox/value";
import { textOf } from "./web-socket.ts";

/** How long a client may take for its first message, in milliseconds. */
const PATIENCE_MS = 10_000;

/**
 * The first message of a WebSocket, by which a client signs in; a DomainError when it is another one, or does not come.
 */
export const firstMessage = (socket: WebSocket): Promise<StreamAuth> =>
  new Promise((resolve, reject) => {
    const late = setTimeout(
      () => reject(new DomainError("unauthenticated", `no token came within ${PATIENCE_MS / 1_000} seconds`)),
      PATIENCE_MS,
    );
    late.unref();
    socket.once("close", () => {
      clearTimeout(late);
      reject(new DomainError("unauthenticated", "it was closed before it signed in"));
    });
    socket.once("message", (data, isBinary) => {
      clearTimeout(late);
      const auth = read(textOf(data, isBinary));
      if (auth === undefined)
        reject(new DomainError("unauthenticated", 'send {"type": "auth", "token": …, "since": …} first'));
      else resolve(auth);
    });
  });

const read = (text: string | undefined): StreamAuth | undefined => {
  try {
    const message: unknown = JSON.parse(text ?? "");
    return Value.Check(StreamAuth, message) ? message : undefined;
  } catch {
    return undefined;
  }
};
