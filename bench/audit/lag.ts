import type { Client } from "pg";
import { Pool } from "undici";
import type { TestUser } from "../../test/harness/client.ts";
import type { FiveServices } from "../../test/services/five-services.ts";
import { milliseconds, percentile, row } from "../harness.ts";
import { offer, type Path } from "../services/open-load.ts";
import { withFiveServices } from "../services/running.ts";
import { followRows, type RowFollower } from "./row-follower.ts";

export interface Load {
  /** Events a second, one after the other. */
  readonly rates: readonly number[];
  /** Events of a write: one is a task, more are a bulk write. */
  readonly batch: number;
}

const USERS = 20;

/**
 * From the instant of an event until its row is committed in the history, over Dapr and Kafka; everything shares this
 * machine, and so its clock.
 */
export const measureLag = ({ rates, batch }: Load, print: (line: string) => void): Promise<void> =>
  withFiveServices(USERS, async ({ services, database, users }) => {
    print(`${row("events a second", "event → row, p50", "p99", "most")}\n${row("---", "---", "---", "---")}`);
    for (const [index, rate] of rates.entries())
      print(
        row(rate, ...(await lagAt(services, users, { database, rate, batch, firstNumber: (index + 1) * 1_000_000 }))),
      );
  });

interface Step {
  readonly database: Client;
  readonly rate: number;
  readonly batch: number;
  readonly firstNumber: number;
}

const lagAt = async (
  { url }: FiveServices,
  users: readonly TestUser[],
  { database, rate, batch, firstNumber }: Step,
): Promise<readonly string[]> => {
  const pool = new Pool(url, { connections: 64 });
  const follower = followRows(database);
  await offer(pathOf(pool, users, follower, batch), rate / batch, firstNumber);
  await follower.stop();
  await pool.close();
  return [0.5, 0.99, 1].map((share) => milliseconds(percentile(follower.lags, share)));
};

const pathOf = (pool: Pool, users: readonly TestUser[], follower: RowFollower, batch: number): Path => ({
  async send(number) {
    const { statusCode, body } = await pool.request({
      method: "POST",
      path: "/api/v1/tasks/bulk",
      body: JSON.stringify({ operations: operationsOf(number, batch) }),
      headers: { authorization: `Bearer ${users[number % users.length]?.token}`, "content-type": "application/json" },
    });
    await body.dump();
    if (statusCode !== 200) throw new Error(`a write was answered ${statusCode}`);
  },
  onArrival: (listener) => (follower.onTitle = (title) => listener(Number(title))),
});

/** A user's rows come in order, so a write has arrived when its last event has. */
const operationsOf = (number: number, batch: number): readonly object[] =>
  Array.from({ length: batch }, (_, index) => ({
    op: "create",
    task: { title: index === batch - 1 ? `${number}` : "one of a few" },
  }));
