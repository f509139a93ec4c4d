import assert from "node:assert/strict";
import { test } from "node:test";
import { until } from "../start/folders.ts";
import { range } from "../stream/event-stream.ts";
import { createLedger, judge } from "./ledger.ts";
import { startLoad } from "./load.ts";
import { readRest } from "./rest.ts";
import { followStream } from "./services/follower.ts";
import { createSingleProcess } from "./single-process.ts";

test(
  "SIGTERM under load answers what is under way, loses nothing and cuts nothing short; streams go on after it",
  { timeout: 600_000 },
  async (t) => {
    const taskflow = await createSingleProcess(t);
    await taskflow.start();
    const users = await taskflow.register(2);
    const screens = users.map(({ token }) => followStream(taskflow.url, token));
    t.after(() => screens.forEach((screen) => screen.stop()));
    const ledger = createLedger();
    const load = startLoad({ url: taskflow.url, users, writersPerUser: 8, ledger });
    t.after(() => load.stop());
    for (let round = 0; round < 3; round += 1) {
      const enough = ledger.answered + 100;
      await until(() => ledger.answered >= enough);
      taskflow.current().kill("SIGTERM");
      const { code, stderr } = await taskflow.current().ended;
      assert.deepEqual({ code, stderr }, { code: 0, stderr: "" });
      await taskflow.start();
    }
    await load.stop();

    const rest = await readRest(taskflow.databaseUrl);
    const { writes, lost, doubled, faults } = judge(ledger, rest);
    const made = new Set(rest.events.map(({ correlation_id }) => correlation_id));
    const untold = ledger.writes.filter(
      ({ outcome, tries }) => outcome === "open" && tries.some((correlation) => made.has(correlation)),
    );
    t.diagnostic(`${writes} writes, 3 stops, ${lost} lost, ${doubled} doubled, ${untold.length} made and not answered`);
    assert.deepEqual({ lost, doubled, faults }, { lost: 0, doubled: 0, faults: [] });
    assert.equal(untold.length, 0, "every write that was made was answered");
    await taskflow.proveHistory();
    for (const [index, user] of users.entries()) {
      const head = rest.heads.get(user.userId) ?? 0;
      await until(() => (screens[index]?.newest() ?? 0) >= head);
      screens[index]?.stop();
      assert.deepEqual(screens[index]?.sequences, range(1, head));
    }
  },
);
