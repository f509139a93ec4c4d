import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";
import { topics } from "../../src/contract/event.ts";
import { roleNames, type RoleName } from "../../src/main/settings.ts";
import { waitFor } from "../infra/process.ts";
import { requireInfra, testFolder } from "../infra/require-infra.ts";
import { type FiveServices, startFiveServices } from "../services/five-services.ts";
import type { Place } from "../services/place.ts";
import { startWorkload, type Workload } from "./services/workload.ts";

/** By hand: FAULT_ROUNDS=20 FAULT_OUTAGE_SECONDS=30 npm test -- test/fault/services.dapr.test.ts */
const ROUNDS = Number(process.env.FAULT_ROUNDS ?? 1);
const OUTAGE_MS = Number(process.env.FAULT_OUTAGE_SECONDS ?? 4) * 1_000;
/** Writes before and after a fault, so that it happens under load. */
const AROUND = 30;

test("five services under load, whatever dies", { timeout: 1_140_000 * ROUNDS }, async (t) => {
  const infra = await requireInfra(t);
  if (infra === undefined) return;
  const folder = join(testFolder(), "services");
  const services = await startFiveServices({ infra, folder, env: { TASKFLOW_RATE_LIMITS: "off" } });
  t.after(services.stop);
  await services.ready();
  const workload = await startWorkload(services);
  t.after(workload.stop);
  const query = (sql: string): Promise<readonly Letter[]> => ask(services.databaseUrl, sql);
  let kills = 0;

  const survives = (name: string, fault: () => Promise<void>): Promise<void> =>
    t.test(name, async (t) => {
      await written(workload);
      await fault();
      await written(workload);
      await services.ready();
      const { writes, lost, doubled, faults } = await workload.settle();
      t.diagnostic(`${writes} writes, ${kills} kills, ${lost} lost, ${doubled} doubled`);
      assert.deepEqual({ lost, doubled, faults }, { lost: 0, doubled: 0, faults: [] });
    });

  for (let round = 1; round <= ROUNDS; round += 1) {
    for (const { name, service, sidecar } of services.places) {
      for (const victim of [service, sidecar]) {
        await survives(`kill -9 of ${victim === service ? name : `the sidecar of ${name}`}`, async () => {
          kills += 1;
          await victim.kill();
        });
      }
    }
    await survives("Kafka away, and back, and a sidecar that starts meanwhile", async () => {
      await services.broker.hold("kill");
      await services.place("audit-logger").sidecar.kill();
      kills += 2;
      await outage(services.place("chat-api"), /the broker does not take events/, workload);
      services.broker.release();
    });
    await survives("PostgreSQL restarted", async () => {
      const pid = Number(readFileSync(join(folder, "data/postgres/postmaster.pid"), "utf8").split("\n")[0]);
      kills += 1;
      process.kill(pid, "SIGQUIT");
    });
    await survives("a sidecar that comes late", async () => {
      const place = services.place("chat-api");
      await place.sidecar.hold();
      await outage(place, /the sidecar does not answer/, workload);
      place.sidecar.release();
    });
  }
  assert.deepEqual(await query(LETTERS), [], "nothing of all this is a dead letter");

  await survives("a poison", async () => {
    await publishPoison(services);
    await waitFor(async () => (await query(LETTERS)).length >= consuming.length, {
      what: "the dead letters",
      timeoutMs: 240_000,
    });
  });
  await survives("every message on the partitions of two consumers delivered once more", async () => {
    for (const consumer of REWOUND) {
      const { sidecar } = services.place(consumer);
      await sidecar.hold();
      await rewind(services, consumer);
      sidecar.release();
    }
    for (const consumer of REWOUND) await catchesUp(services, consumer);
  });
  const letters = await query(LETTERS);
  assert.deepEqual(
    letters.map(({ consumer }) => consumer),
    consuming,
    "the poison, once for each",
  );
  for (const { reason } of letters) assert.match(reason, /^not a valid event: /);
});

const REWOUND = ["audit-logger", "recurring-processor"] as const satisfies readonly RoleName[];
const taskTopics = [topics["task.created"], topics["task.updated"], topics["task.completed"], topics["task.deleted"]];

interface Letter {
  readonly consumer: string;
  readonly reason: string;
}

const LETTERS = "SELECT consumer, reason FROM dead_letters ORDER BY consumer";
/** Who takes what is published as created, by the subscriptions that ship. */
const consuming = roleNames.filter(hearsOfCreated).toSorted();

function hearsOfCreated(role: RoleName): boolean {
  const file = join(import.meta.dirname, `../../deploy/dapr/subscriptions/${role}.yaml`);
  return existsSync(file) && readFileSync(file, "utf8").includes("topic: taskflow.tasks.created\n");
}

async function ask(databaseUrl: string, sql: string): Promise<readonly Letter[]> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    return (await client.query<Letter>(sql)).rows;
  } finally {
    await client.end();
  }
}

/** Waits for more writes to be answered. */
async function written(workload: Workload): Promise<void> {
  const enough = workload.answered() + AROUND;
  await waitFor(() => workload.answered() >= enough, { what: "writes to be answered", timeoutMs: 240_000 });
}

/** For as long as an outage lasts: readiness says why, liveness does not look, and the API keeps answering. */
async function outage({ url, missing }: Place, why: RegExp, workload: Workload): Promise<void> {
  await waitFor(async () => (await missing())?.some((words) => why.test(words)), {
    what: `readiness to say ${String(why)}`,
  });
  await sleep(OUTAGE_MS);
  assert.equal((await fetch(`${url}/health/live`)).status, 200);
  await written(workload);
}

/** Asks Kafka about a consumer group: a line of words for each partition. Undefined when it will not answer yet. */
async function askGroup(
  { kafka }: FiveServices,
  group: RoleName,
  ...what: string[]
): Promise<readonly string[][] | undefined> {
  const output = await kafka
    .tool(
      "org.apache.kafka.tools.consumer.group.ConsumerGroupCommand",
      "--bootstrap-server",
      kafka.brokers,
      "--group",
      group,
      ...what,
    )
    .catch(() => undefined);
  return output
    ?.split("\n")
    .filter((line) => line.includes(" taskflow.tasks."))
    .map((line) => line.trim().split(/\s+/));
}

/** Sets a group back to the oldest message of every partition; its members must be gone. */
async function rewind(services: FiveServices, group: RoleName): Promise<void> {
  const named = taskTopics.flatMap((topic) => ["--topic", topic]);
  const isRewound = async (): Promise<boolean> => {
    const offsets = await askGroup(services, group, "--reset-offsets", "--to-earliest", ...named, "--execute");
    return offsets !== undefined && offsets.length > 0 && offsets.every((words) => words.at(-1) === "0");
  };
  await waitFor(isRewound, { what: `the offsets of ${group} to be set back`, timeoutMs: 120_000 });
}

/** Waits until a group has acknowledged everything that there is now. */
async function catchesUp(services: FiveServices, group: RoleName): Promise<void> {
  const offsets = async () =>
    (await askGroup(services, group, "--describe"))?.map(([_group, topic, partition, current, end]) => ({
      partition: `${topic}/${partition}`,
      current: Number(current),
      end: Number(end),
    }));
  const ends = await waitFor(offsets, { what: `the offsets of ${group}` });
  const goal = new Map(ends.map(({ partition, end }) => [partition, end]));
  // Of a partition that nothing was ever published to, there is no offset to speak of.
  const isThere = async () =>
    (await offsets())?.every(
      ({ partition, current }) => (goal.get(partition) ?? 0) === 0 || current >= (goal.get(partition) ?? 0),
    );
  await waitFor(isThere, { what: `${group} to take everything once more`, timeoutMs: 480_000 });
}

/** An event that no schema knows, published as one of our own would be. */
async function publishPoison({ place, tokens }: FiveServices): Promise<void> {
  const response = await fetch(
    `${place("chat-api").sidecarUrl}/v1.0/publish/taskflow-pubsub/taskflow.tasks.created?metadata.partitionKey=poison`,
    {
      method: "POST",
      headers: { "content-type": "application/cloudevents+json", "dapr-api-token": tokens.api },
      body: JSON.stringify({
        specversion: "1.0",
        id: "poison",
        source: "chat-api",
        type: "task.created",
        datacontenttype: "application/json",
        data: { event_id: "poison", event_type: "task.created" },
      }),
    },
  );
  assert.equal(response.status, 204);
}
