import { randomUUID } from "node:crypto";
import { Pool, type QueryConfig } from "pg";
import { v7 as uuidv7 } from "uuid";
import { createTask } from "../../src/domain/task.ts";
import { commitQuery } from "../../src/services/chat-api/tasks/commit.ts";
import { closedLoop } from "./closed-loop.ts";
import { readInput, sayResult } from "./program.ts";

export interface BareLoad {
  readonly databaseUrl: string;
  readonly userIds: readonly string[];
  readonly connections: number;
  readonly clients: number;
  readonly warmUpSeconds: number;
  readonly seconds: number;
}

const { databaseUrl, userIds, connections, ...loop } = readInput() as BareLoad;
const pool = new Pool({ connectionString: databaseUrl, max: connections });
const clock = { zone: "UTC", allDayHour: 9 };

/** The same write as the server's, with the same rules, without HTTP. */
const queryFor = (userId: string): QueryConfig => {
  const now = Date.now();
  const { change } = createTask(
    { title: "Pay rent for the flat", description: "by card", due_date: "2999-01-01T09:00" },
    { id: uuidv7(), userId },
    { now, ...clock, newId: uuidv7 },
  );
  if (change === null) throw new Error("a new task is a change");
  const event = { now, ...clock, actorId: userId, actorKind: "person", correlationId: randomUUID() } as const;
  const { values, ...statement } = commitQuery(uuidv7, { userId, changes: [change], clockRead: clock, event });
  return { ...statement, values: [...values] };
};

const work = async (client: number): Promise<void> => {
  const { rowCount } = await pool.query(queryFor(userIds[client % userIds.length] ?? ""));
  if (rowCount !== 1) throw new Error("a bare write was not made");
};

sayResult(await closedLoop({ ...loop, work }));
await pool.end();
