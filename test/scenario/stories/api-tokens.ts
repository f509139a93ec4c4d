import assert from "node:assert/strict";
import type { IssuedApiToken } from "../../../src/contract/account.ts";
import type { TaskEvent } from "../../../src/contract/event.ts";
import type { Problem } from "../../../src/contract/problem.ts";
import type { TaskList } from "../../../src/contract/task.ts";
import { assertRefused } from "../../harness/refusal.ts";
import { openStream } from "../../stream/event-stream.ts";
import type { Story } from "../story.ts";

export const apiTokens: Story = {
  name: "an API token does what its scopes say, also at the stream, is the actor of what it does, and ends when revoked",
  async tell({ url, client }) {
    const user = await client.register();
    const issue = async (...scopes: readonly string[]): Promise<IssuedApiToken> =>
      (await user.api<IssuedApiToken>("POST", "/auth/tokens", { name: "script", scopes })).body;
    const [reader, writer] = [await issue("read"), await issue("write")];

    const screen = await openStream(url, { token: reader.token, since: 0 });
    assert.equal((await client.api(writer.token)("POST", "/tasks", { title: "by a script" })).status, 201);
    assertRefused(
      await client.api(reader.token)<Problem>("POST", "/tasks", { title: "no" }),
      403,
      "insufficient_scope",
    );
    assertRefused(await client.api(writer.token)<Problem>("GET", "/tasks"), 403, "insufficient_scope");
    assert.equal((await client.api(reader.token)<TaskList>("GET", "/tasks")).body.total, 1);
    const [frame] = await screen.received(1);
    screen.cut();
    const { actor_kind, actor_id } = JSON.parse(frame?.data ?? "") as TaskEvent;
    assert.deepEqual([actor_kind, actor_id], ["token", writer.id]);

    const refused = await openStream(url, { token: writer.token });
    assert.equal((await refused.body<Problem>()).code, "insufficient_scope");
    await user.api("DELETE", `/auth/tokens/${reader.id}`);
    const ended = await openStream(url, { token: reader.token });
    assert.equal((await ended.body<Problem>()).code, "unauthenticated");
  },
};
