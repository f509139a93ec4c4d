import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import type { AuditLog } from "../../src/contract/audit.ts";
import { topics } from "../../src/contract/event.ts";
import { createClient } from "../harness/client.ts";
import { startWorkload, type Workload } from "../fault/services/workload.ts";
import { freePort } from "../infra/ports.ts";
import { waitFor } from "../infra/process.ts";
import { requireInfra, testFolder } from "../infra/require-infra.ts";
import { renderForOneMachine } from "../infra/resources.ts";
import { readTopics } from "../infra/topics.ts";
import { startFiveServices } from "./five-services.ts";
import type { Place } from "./place.ts";

const FORGOTTEN = topics["task.completed"];
/** Writes that are answered while a fault lasts: enough for some to be completions. */
const MEANWHILE = 30;

test(
  "five services that were set up wrong say what is missing, answer, and lose nothing",
  { timeout: 1_140_000 },
  async (t) => {
    const infra = await requireInfra(t);
    if (infra === undefined) return;
    const folder = join(testFolder(), "services");
    const services = await startFiveServices({
      infra,
      folder,
      env: { TASKFLOW_RATE_LIMITS: "off" },
      brokers: `127.0.0.1:${await freePort()}`,
      topics: readTopics().filter(({ name }) => name !== FORGOTTEN),
    });
    t.after(services.stop);
    const chatApi = services.place("chat-api");
    await Promise.all(
      services.places.map((place) =>
        says(place, /^the sidecar does not answer at http:\/\/127\.0\.0\.1:\d+ \(ECONNREFUSED\)$/, { only: true }),
      ),
    );
    const workload = await startWorkload(services);
    t.after(workload.stop);

    await t.test("a wrong address of the broker: no sidecar stays up, every service says so", async () => {
      await answers(services.places, workload);
      renderForOneMachine({ folder, brokers: services.kafka.brokers });
      for (const place of services.places.filter(({ role }) => role !== "chat-api")) await isReady(place);
    });

    await t.test("a topic that was not made: who publishes names it, and the others' events go on", async () => {
      await says(chatApi, new RegExp(`^the topic ${FORGOTTEN} does not exist at the broker`));
      await answers(services.places, workload);
      // What it was told of the other topics before is remembered for a while.
      await waitFor(async () => isAllOf(await chatApi.missing(), FORGOTTEN), { what: "nothing else to be missing" });
      await services.kafka.createTopics();
      await services.ready();
    });

    await t.test("everything that was written meanwhile has arrived, once", async () => {
      const { lost, doubled, faults } = await workload.settle();
      assert.deepEqual({ lost, doubled, faults }, { lost: 0, doubled: 0, faults: [] });
    });

    await t.test("a token that is not the sidecar's: the service says which, and answers", async () => {
      const wrong = await services.addReplica("chat-api", { DAPR_API_TOKEN: "another" });
      await says(wrong, /^the sidecar refuses our token \(DAPR_API_TOKEN\)$/, { only: true });
      assert.equal((await fetch(`${wrong.url}/health/live`)).status, 200);
      const user = await createClient(wrong.url).register();
      assert.equal((await user.api("POST", "/tasks", { title: "another replica publishes it" })).status, 201);
      const history = createClient(chatApi.url).api(user.token);
      await waitFor(async () => (await history<AuditLog>("GET", "/audit-logs")).body.events.length === 1, {
        what: "the history to have it",
      });
    });
  },
);

/** Waits until readiness says it, among other things or alone. */
async function says({ name, missing }: Place, why: RegExp, { only = false } = {}): Promise<void> {
  let said: readonly string[] | undefined;
  const isSaid = async (): Promise<boolean> => {
    said = await missing();
    return (said?.some((words) => why.test(words)) ?? false) && (!only || said?.length === 1);
  };
  await waitFor(isSaid, { what: `${name} to say ${String(why)}` }).catch((cause: unknown) => {
    throw new Error(`${name} says ${JSON.stringify(said)}`, { cause });
  });
}

const isAllOf = (missing: readonly string[] | undefined, topic: string): boolean =>
  missing !== undefined && missing.length > 0 && missing.every((words) => words.includes(topic));

const isReady = (place: Place) =>
  waitFor(async () => (await place.missing())?.length === 0, { what: `${place.name} to be ready` });

/** Liveness does not look at what is missing, and writes are answered. */
async function answers(places: readonly Place[], workload: Workload): Promise<void> {
  for (const { url, name } of places) assert.equal((await fetch(`${url}/health/live`)).status, 200, name);
  const enough = workload.answered() + MEANWHILE;
  await waitFor(() => workload.answered() >= enough, { what: "writes to be answered" });
}
