import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import type { WrittenTask } from "../../../src/contract/task.ts";
import { openStream, range, sequences } from "../../stream/event-stream.ts";
import type { Story } from "../story.ts";

export const offlineClient: Story = {
  name: "a client that was offline replays its writes once and its stream from where it was",
  async tell({ url, client }) {
    const user = await client.register();
    const before = await openStream(url, { token: user.token, since: 0 });
    await user.api("POST", "/tasks", { title: "while online" });
    await before.received(1);
    before.cut();

    const queued = Array.from({ length: 5 }, (_none, index) => ({ key: randomUUID(), title: `offline ${index}` }));
    const send = ({ key, title }: { key: string; title: string }) =>
      user.api<WrittenTask>("POST", "/tasks", { title }, { "idempotency-key": key });
    const first = await Promise.all(queued.map(send));
    // The answers were lost on the way: the same writes once more.
    const again = await Promise.all(queued.map(send));
    assert.deepEqual(
      again.map(({ body }) => body.id),
      first.map(({ body }) => body.id),
    );

    const resumed = await openStream(url, { token: user.token, lastEventId: "1" });
    const missed = sequences(await resumed.received(5));
    await user.api("POST", "/tasks", { title: "online again" });
    const all = sequences(await resumed.received(6));
    resumed.cut();
    assert.deepEqual([missed, all], [range(2, 6), range(2, 7)]);
  },
};
