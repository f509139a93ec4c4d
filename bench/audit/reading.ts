import { createAccessTokens } from "../../src/adapters/auth/access-token.ts";
import type { TaskHistory } from "../../src/contract/audit.ts";
import { milliseconds, percentile, row } from "../harness.ts";
import type { GeneratedHistory } from "./generated-history.ts";

export interface Reader {
  /** Rows of the tables of RESULTS.md: what was read, how often, p50, p95, p99. */
  measure(): AsyncGenerator<string>;
}

export interface ReaderInput {
  readonly url: string;
  readonly jwtSecret: string;
  readonly history: GeneratedHistory;
  /** Rows of each task. */
  readonly versions: number;
}

const WARM_UP = 50;
const STRIDE = 7_919;
const clock = { now: () => Date.now() };

/** Reads the history as a client does, one request after the other, each of another user and task. */
export const createReader = ({ url, jwtSecret, history, versions }: ReaderInput): Reader => {
  const { sign } = createAccessTokens({ secret: jwtSecret, clock });
  const read = async (path: string, userId: string, role: "user" | "admin"): Promise<unknown> => {
    const { token } = sign({ userId, role, sessionId: userId });
    const answer = await fetch(`${url}/api/v1${path}`, { headers: { authorization: `Bearer ${token}` } });
    if (answer.status !== 200) throw new Error(`${path} was answered ${answer.status}: ${await answer.text()}`);
    return answer.json();
  };

  const times = async (what: string, count: number, one: (number: number) => Promise<void>): Promise<string> => {
    const found: number[] = [];
    for (let number = 0; number < count + WARM_UP; number += 1) {
      const startedAt = performance.now();
      await one(number);
      if (number >= WARM_UP) found.push(performance.now() - startedAt);
    }
    return row(what, count, ...[0.5, 0.95, 0.99].map((share) => milliseconds(percentile(found, share))));
  };

  const [from, to] = [history.months.at(-12), history.months.at(-11)];
  const filters: Record<string, (task: { readonly userId: string; readonly taskId: string }) => string> = {
    "/audit-logs": () => "",
    "/audit-logs of a month": () => `&from=${from}&to=${to}`,
    "/audit-logs of a task": ({ taskId }) => `&task_id=${taskId}`,
    "/audit-logs of an event type": () => "&event_type=task.completed",
    "/audit-logs of an actor with a fiftieth": () => "&actor_id=assistant",
    "/audit-logs of an actor with none": () => "&actor_id=nobody",
  };

  return {
    async *measure() {
      yield times("/audit/tasks/{id}", 1_000, async (number) => {
        const { userId, taskId } = history.task(number * STRIDE);
        const { events } = (await read(`/audit/tasks/${taskId}`, userId, "user")) as TaskHistory;
        if (events.length !== versions) throw new Error(`a task has ${events.length} events`);
      });
      for (const [what, filterOf] of Object.entries(filters))
        yield times(what, 200, async (number) => {
          const task = history.task(number * STRIDE);
          await read(`/audit-logs?limit=50${filterOf(task)}`, task.userId, "user");
        });
      yield times("/audit-logs of everyone", 200, async (number) => {
        await read("/audit-logs?limit=50", history.task(number).userId, "admin");
      });
      yield times("/activity-logs", 200, async (number) => {
        await read("/activity-logs?limit=50", history.task(number * STRIDE).userId, "user");
      });
      yield times("/activity-logs, its hundredth page", 200, async (number) => {
        await read("/activity-logs?limit=50&offset=5000", history.task(number * STRIDE).userId, "user");
      });
    },
  };
};
