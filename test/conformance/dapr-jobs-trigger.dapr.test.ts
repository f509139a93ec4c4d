import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import fastify, { type FastifyInstance } from "fastify";
import { createMetrics } from "../../src/adapters/metrics.ts";
import { createDaprJobsTrigger, type DaprJobsTrigger } from "../../src/adapters/reminder-trigger/dapr-jobs.ts";
import { answerError } from "../../src/main/http/problems.ts";
import type { Service } from "../../src/ports.ts";
import { until } from "../harness/until.ts";
import { freePort } from "../infra/ports.ts";
import { requireInfra, testFolder } from "../infra/require-infra.ts";
import { type Scheduler, startScheduler } from "../infra/scheduler.ts";
import { type Sidecar, startSidecar } from "../infra/sidecar.ts";
import { silent as log } from "../outbox/migrated-database.ts";
import { createReminderBench, reminderAt, reminderEvent, tell } from "../reminder/bench.ts";
import { triggerConformance, type TriggerHarness } from "./trigger.ts";

const tokens = { app: "the-sidecar-shows-this", api: "the-app-shows-this" };

interface Place {
  readonly sidecar: Sidecar;
  readonly port: number;
}

interface JobsHarness extends TriggerHarness {
  readonly scheduler: Scheduler;
  readonly places: readonly Place[];
  /** The app of a place, listening for jobs. */
  listen(
    place: Place,
    onAnswered?: (status: number) => void,
  ): Promise<{ trigger: DaprJobsTrigger; server: FastifyInstance }>;
}

/** A real scheduler, and for each replica a sidecar that knows no component: jobs need none. */
const createHarness = async (t: TestContext): Promise<JobsHarness | undefined> => {
  const infra = await requireInfra(t);
  if (infra === undefined) return undefined;
  const folder = testFolder();
  const resources = { folder: join(folder, "no-resources"), configuration: join(folder, "jobs.yaml") };
  mkdirSync(resources.folder, { recursive: true });
  writeFileSync(
    resources.configuration,
    JSON.stringify({ apiVersion: "dapr.io/v1alpha1", kind: "Configuration", metadata: { name: "jobs" }, spec: {} }),
  );
  const [bench, scheduler] = await Promise.all([createReminderBench(), startScheduler({ infra, folder })]);
  const placeOf = async (name: string): Promise<Place> => {
    const port = await freePort();
    const sidecar = await startSidecar({
      infra,
      folder,
      resources,
      scheduler: scheduler.address,
      appId: "reminder-service",
      name,
      appPort: port,
      appToken: tokens.app,
      apiToken: tokens.api,
    });
    return { sidecar, port };
  };
  const places = [await placeOf("reminders-1"), await placeOf("reminders-2")];
  t.after(async () => {
    await Promise.all([...places.map(({ sidecar }) => sidecar.stop()), scheduler.stop(), bench.drop()]);
  });

  const listen: JobsHarness["listen"] = async ({ sidecar, port }, onAnswered = () => undefined) => {
    const trigger = createDaprJobsTrigger({
      sidecarUrl: sidecar.url,
      apiToken: tokens.api,
      appToken: tokens.app,
      log,
      metrics: createMetrics(),
    });
    const server = fastify({ forceCloseConnections: true });
    server.setErrorHandler(answerError);
    server.addHook("onResponse", async (_request, reply) => onAnswered(reply.statusCode));
    trigger.routes(server);
    await server.listen({ host: "127.0.0.1", port });
    return { trigger, server };
  };
  return {
    bench,
    scheduler,
    places,
    listen,
    async start(t, replicas) {
      const apps = await Promise.all(places.slice(0, replicas).map((place) => listen(place)));
      const services = apps.map(({ trigger }) => bench.replica(trigger)) as [Service, ...Service[]];
      await Promise.all(places.slice(0, replicas).map(({ sidecar }) => sidecar.ready()));
      for (const service of services) await service.start();
      const stop = async (): Promise<void> => {
        await Promise.all(services.map((service) => service.stop()));
        await Promise.all(apps.map(({ server }) => server.close()));
      };
      t.after(stop);
      return { services, stop };
    },
  };
};

triggerConformance("jobs of Dapr's scheduler", createHarness);

test("jobs of Dapr's scheduler", { timeout: 580_000 }, async (t) => {
  const harness = await createHarness(t);
  if (harness === undefined) return;
  const { bench, places, listen, scheduler } = harness;
  const [place] = places as [Place];

  /** That the scheduler takes jobs: without a sweep, none that it did not take is set again. */
  const isTaken = async (): Promise<boolean> => {
    const headers = { "content-type": "application/json", "dapr-api-token": tokens.api };
    const body = JSON.stringify({ dueTime: "24h", overwrite: true, data: {} });
    return (await fetch(`${place.sidecar.url}/v1.0/jobs/tomorrow`, { method: "POST", headers, body })).ok;
  };

  /** A trigger without its sweep, whose rings are counted, in the place. */
  const ringing = async (each: TestContext, ring: () => Promise<void> = async () => undefined) => {
    const { trigger, server } = await listen(place);
    each.after(() => Promise.all([trigger.stop(), server.close()]));
    let rings = 0;
    await place.sidecar.ready();
    await until("the scheduler to take jobs", isTaken);
    trigger.start(async () => {
      rings += 1;
      await ring();
    });
    return { trigger, rings: () => rings };
  };

  await t.test("ring without the sweep", async (each) => {
    const { trigger, rings } = await ringing(each);
    trigger.set({ at: Date.now() + 200, inMs: 200 });
    await until("the job to ring", () => rings() > 0);
    const before = rings();
    trigger.set({ at: Date.now() + 50, inMs: 50 });
    await until("the next one to ring", () => rings() > before);
  });

  await t.test("that fail ring again", async (each) => {
    let fails = 2;
    const { trigger, rings } = await ringing(each, async () => {
      fails -= 1;
      if (fails >= 0) throw new Error("the database is away");
    });
    trigger.set({ at: Date.now() + 50, inMs: 50 });
    await until("the third try", () => rings() >= 3);
  });

  await t.test("that are set again for the same instant ring once", async (each) => {
    const { trigger, rings } = await ringing(each);
    const other = createDaprJobsTrigger({
      sidecarUrl: place.sidecar.url,
      apiToken: tokens.api,
      appToken: tokens.app,
      log,
      metrics: createMetrics(),
    });
    // Both are set before either rings: what is set for an instant that has passed rings anew.
    const inMs = 5_000;
    const at = Date.now() + inMs;
    trigger.set({ at, inMs });
    other.set({ at, inMs });
    await until("the job to ring", () => rings() > 0);
    trigger.set({ at: at + 500, inMs: 500 });
    await until("a later one to ring", () => rings() > 1);
    assert.equal(rings(), 2);
    await other.stop();
  });

  await t.test("are taken from the sidecar alone", async (each) => {
    const { rings } = await ringing(each);
    const post = async (name: string, headers: Record<string, string>): Promise<number> =>
      (
        await fetch(`http://127.0.0.1:${place.port}/job/${name}`, {
          method: "POST",
          body: "{}",
          headers: { "content-type": "application/json", ...headers },
        })
      ).status;
    assert.equal(await post("reminders-1", {}), 401);
    assert.equal(await post("reminders-1", { "dapr-api-token": "wrong" }), 401);
    assert.equal(await post("reminders-1", { "dapr-api-token": tokens.app, "dapr-caller-app-id": "chat-api" }), 401);
    assert.equal(rings(), 0);
    assert.equal(await post("backup", { "dapr-api-token": tokens.app }), 404, "not ours: done with");
    assert.equal(await post("reminders-1", { "dapr-api-token": tokens.app }), 200);
    assert.equal(rings(), 1);
  });

  await t.test("come again when they come before the service is started", async (each) => {
    const early = Promise.withResolvers<number>();
    const { trigger, server } = await listen(place, early.resolve);
    each.after(() => Promise.all([trigger.stop(), server.close()]));
    await place.sidecar.ready();
    await until("the scheduler to take jobs", isTaken);
    trigger.set({ at: Date.now() + 50, inMs: 50 });
    assert.equal(await early.promise, 503);
    const rung = Promise.withResolvers<void>();
    trigger.start(async () => rung.resolve());
    await rung.promise;
  });

  await t.test("are done without while the scheduler is away, which is said", async (each) => {
    const {
      services: [service],
    } = await harness.start(each, 1);
    await scheduler.program.stop();
    const userId = await bench.newUser();
    // There is one to come at every moment, so that a job for it is tried.
    const [reminder, later] = [reminderAt((await bench.now()) + 500), reminderAt((await bench.now()) + 3_600_000)];
    await tell(service, reminderEvent({ userId, taskId: userId, version: 1, reminders: [reminder, later] }));
    await until("the lack to be said", async () =>
      (await service.missing()).some((lack) => lack.includes("scheduler")),
    );
    await until("the sweep to give it", async () => (await bench.given(userId)).length === 1);
    await scheduler.restart("kill");
    const next = reminderAt((await bench.now()) + 3_000);
    await tell(service, reminderEvent({ userId, taskId: userId, version: 2, reminders: [reminder, next, later] }));
    await until("the next one to be given", async () => (await bench.given(userId)).length === 2);
    await until("nothing to be missing", async () => (await service.missing()).length === 0);
  });
});
