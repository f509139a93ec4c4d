import assert from "node:assert/strict";
import type { Problem } from "../../../src/contract/problem.ts";
import type { TaskList, WrittenTask } from "../../../src/contract/task.ts";
import { assertRefused } from "../../harness/refusal.ts";
import { openStream, sequences } from "../../stream/event-stream.ts";
import type { Story } from "../story.ts";

export const twoUsers: Story = {
  name: "two users learn nothing of each other, by list, by id or by stream",
  async tell({ url, client }) {
    const [ada, grace] = [await client.register(), await client.register()];
    const screens = await Promise.all([ada, grace].map(({ token }) => openStream(url, { token, since: 0 })));
    const { body: secret } = await ada.api<WrittenTask>("POST", "/tasks", { title: "Ada's" });
    await ada.api("PATCH", `/tasks/${secret.id}`, { title: "Ada's own" });
    await grace.api("POST", "/tasks", { title: "Grace's" });

    for (const [method, path, body] of [
      ["GET", `/tasks/${secret.id}`],
      ["PATCH", `/tasks/${secret.id}`, { title: "mine" }],
      ["DELETE", `/tasks/${secret.id}`],
    ] as const) {
      assertRefused(await grace.api<Problem>(method, path, body), 404, "not_found");
    }
    assert.deepEqual(
      (await grace.api<TaskList>("GET", "/tasks")).body.tasks.map(({ title }) => title),
      ["Grace's"],
    );

    const [adas, graces] = await Promise.all([screens[0]?.received(2), screens[1]?.received(1)]);
    for (const screen of screens) screen.cut();
    assert.deepEqual([sequences(adas ?? []), sequences(graces ?? [])], [[1, 2], [1]]);
    assert.ok(graces?.every(({ data }) => !data.includes("Ada")));
  },
};
