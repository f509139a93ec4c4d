import { randomUUID } from "node:crypto";
import type { WrittenTask } from "../../src/contract/task.ts";
import { openStream } from "../../test/stream/event-stream.ts";

/**
 * Milliseconds from sending a completion until the next occurrence is on an open stream, one after the other, in either
 * shape.
 */
export const completionsToNext = async (url: string, token: string, rounds: number): Promise<number[]> => {
  const call = async <Body>(path: string, body?: object): Promise<Body> => {
    const headers = {
      authorization: `Bearer ${token}`,
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    };
    const response = await fetch(`${url}/api/v1${path}`, {
      method: "POST",
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return (await response.json()) as Body;
  };
  const series = await call<WrittenTask>("/tasks", {
    id: randomUUID(),
    title: "series",
    due_date: "2999-01-01",
    recurrence_pattern: "daily",
  });
  const stream = await openStream(url, { token });
  const times: number[] = [];
  let seen = 0;
  let occurrence_date = "2999-01-01";
  for (let round = 0; round < rounds; round += 1) {
    const started = performance.now();
    const done = await call<WrittenTask>(`/tasks/${series.id}/complete`, { occurrence_date });
    occurrence_date = done.next_occurrence_date ?? "";
    const next = `"occurrence_date":"${occurrence_date}"`;
    for (let found = false; !found;) {
      const events = await stream.received(seen + 1);
      found = events.slice(seen).some(({ event, data }) => event === "task.created" && data.includes(next));
      seen = events.length;
    }
    times.push(performance.now() - started);
  }
  stream.cut();
  return times;
};
