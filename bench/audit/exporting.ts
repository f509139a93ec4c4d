import { createAccessTokens } from "../../src/adapters/auth/access-token.ts";
import type { BenchServer } from "../harness.ts";

export interface Exported {
  readonly rows: number;
  readonly seconds: number;
  /** Resident memory of the server before, and the most it had while it sent the file. */
  readonly memory: { readonly before: number; readonly most: number };
}

const MEMORY = "process_resident_memory_bytes";
const SAMPLE_MS = 250;

/** Everyone's history between two instants as NDJSON, asked for by an administrator. */
export const measureExport = async (
  server: BenchServer,
  jwtSecret: string,
  span: { readonly from: string; readonly to: string },
): Promise<Exported> => {
  const { token } = createAccessTokens({ secret: jwtSecret, clock: { now: () => Date.now() } }).sign({
    userId: crypto.randomUUID(),
    role: "admin",
    sessionId: crypto.randomUUID(),
  });
  const before = await server.metric(MEMORY);
  let [rows, most] = [0, before];
  const sampling = setInterval(
    () => void server.metric(MEMORY).then((bytes) => (most = Math.max(most, bytes))),
    SAMPLE_MS,
  );
  const startedAt = performance.now();
  const answer = await fetch(`${server.url}/api/v1/audit-logs?format=ndjson&from=${span.from}&to=${span.to}`, {
    headers: { authorization: `Bearer ${token}` },
  });
  if (answer.status !== 200 || answer.body === null) throw new Error(`the export was answered ${answer.status}`);
  for await (const piece of answer.body) for (const byte of piece) if (byte === NEWLINE) rows += 1;
  clearInterval(sampling);
  return { rows, seconds: (performance.now() - startedAt) / 1_000, memory: { before, most } };
};

const NEWLINE = 10;
