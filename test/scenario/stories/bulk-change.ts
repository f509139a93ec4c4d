import assert from "node:assert/strict";
import type { BulkAnswer, TaskList, UndoAnswer, WrittenTask } from "../../../src/contract/task.ts";
import { openStream, range, sequences } from "../../stream/event-stream.ts";
import type { Story } from "../story.ts";

const TASKS = 50;

export const bulkChange: Story = {
  name: "a bulk change is one write, one undo takes it back, and a screen sees every task of both",
  async tell({ url, client }) {
    const user = await client.register();
    const screen = await openStream(url, { token: user.token, since: 0 });
    const { body: kept } = await user.api<WrittenTask>("POST", "/tasks", { title: "kept" });
    const creates = Array.from({ length: TASKS }, (_none, index) => ({
      op: "create",
      task: { title: `task ${index}` },
    }));
    const { body: made } = await user.api<BulkAnswer>("POST", "/tasks/bulk", {
      operations: [...creates, { op: "complete", id: kept.id }],
    });
    assert.equal((await user.api<TaskList>("GET", "/tasks")).body.total, TASKS + 1);

    const { body: undone } = await user.api<UndoAnswer>("POST", `/undo/${made.undo}`);
    assert.equal(undone.undone.length, TASKS + 1);
    const { body: list } = await user.api<TaskList>("GET", "/tasks");
    assert.deepEqual(
      list.tasks.map(({ title, status }) => [title, status]),
      [["kept", "pending"]],
    );

    const frames = await screen.received(1 + 2 * (TASKS + 1));
    screen.cut();
    assert.deepEqual(sequences(frames), range(1, 1 + 2 * (TASKS + 1)));
  },
};
