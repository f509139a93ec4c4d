import { Pool } from "undici";
import { closedLoop } from "./closed-loop.ts";
import { readInput, sayResult } from "./program.ts";

/** What a load program is told. */
export interface HttpLoad {
  readonly url: string;
  readonly tokens: readonly string[];
  readonly clients: number;
  readonly warmUpSeconds: number;
  readonly seconds: number;
  /** Paths that are read in turn; without them, tasks are written. */
  readonly read?: readonly string[];
}

const { url, tokens, read, ...loop } = readInput() as HttpLoad;
const pool = new Pool(url, { connections: loop.clients, pipelining: 1 });
let turn = 0;

const work = async (client: number): Promise<void> => {
  const headers = { authorization: `Bearer ${tokens[client % tokens.length]}`, "content-type": "application/json" };
  const request =
    read === undefined
      ? ({
          method: "POST",
          path: "/api/v1/tasks",
          body: JSON.stringify({
            title: "Pay rent for the flat",
            description: "by card",
            due_date: "2999-01-01T09:00",
          }),
        } as const)
      : ({ method: "GET", path: read[(turn += 1) % read.length] ?? "" } as const);
  const { statusCode, body } = await pool.request({ ...request, headers });
  await body.dump();
  if (statusCode >= 300) throw new Error(`${request.method} ${request.path} was answered ${statusCode}`);
};

sayResult(await closedLoop({ ...loop, work }));
await pool.close();
