import assert from "node:assert/strict";
import { test } from "node:test";
import { isFiltered, noFilter, readFilter, toLogFilter, withFilter } from "./activity-filter.ts";

const taskId = "0198c0de-0000-7000-8000-00000000000a";
const read = (query: string) => readFilter(new URLSearchParams(query));

test("the address says what is filtered, and reads back the same", () => {
  const filter = { type: "task.completed", actor: "token-1", taskId, from: "2027-03-01", to: "2027-03-10" } as const;
  const address = withFilter(new URLSearchParams("task=open"), filter);
  assert.deepEqual(readFilter(address), filter);
  assert.equal(address.get("task"), "open");
  assert.equal(withFilter(address, noFilter).toString(), "task=open");
});

test("what makes no sense in the address is left out", () => {
  assert.deepEqual(read("type=task.exploded&about=1&from=yesterday&to=2027-3-1&by="), noFilter);
  assert.equal(isFiltered(read("type=task.exploded")), false);
  assert.equal(isFiltered(read("by=token-1")), true);
});

test("days are the user's, the last one whole", () => {
  const filter = { ...noFilter, from: "2027-03-27", to: "2027-03-28" };
  assert.deepEqual(toLogFilter(filter, "Europe/Berlin"), {
    from: "2027-03-26T23:00:00.000Z",
    to: "2027-03-28T22:00:00.000Z",
  });
  assert.deepEqual(toLogFilter(noFilter, "UTC"), {});
  assert.deepEqual(toLogFilter({ ...noFilter, type: "task.created", actor: "a", taskId }, "UTC"), {
    event_type: "task.created",
    actor_id: "a",
    task_id: taskId,
  });
});
