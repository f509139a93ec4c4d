import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { createClient } from "../harness/client.ts";
import { startTaskFlow } from "../harness/taskflow.ts";
import { requireInfra, testFolder } from "../infra/require-infra.ts";
import { type FiveServices, startFiveServices } from "../services/five-services.ts";
import { stories } from "./stories.ts";
import type { Shape } from "./story.ts";

/** One process with all services. */
export async function singleProcess(t: TestContext): Promise<Shape> {
  const taskflow = await startTaskFlow();
  t.after(() => taskflow.stop());
  return taskflow;
}

export interface FiveServicesShape extends Shape {
  readonly services: FiveServices;
}

/**
 * Five real services with sidecars on real Kafka and PostgreSQL; undefined when the test was skipped for want of them.
 */
export async function fiveServices(
  t: TestContext,
  env: Readonly<Record<string, string>> = {},
): Promise<FiveServicesShape | undefined> {
  const infra = await requireInfra(t);
  if (infra === undefined) return undefined;
  const services = await startFiveServices({
    infra,
    folder: join(testFolder(), "services"),
    env: { TASKFLOW_RATE_LIMITS: "off", ...env },
  });
  t.after(() => services.stop());
  await services.ready();
  return { url: services.url, client: createClient(services.url), services };
}

/** Tells every story to one shape, which is started once for all of them. */
export async function eachStory(t: TestContext, shape: Shape): Promise<void> {
  for (const { name, tell } of stories) await t.test(name, () => tell(shape));
}

/** A test of one shape that ends when the machine cannot have it. */
export function shapeTest<S extends Shape>(
  name: string,
  start: (t: TestContext) => Promise<S | undefined>,
  run: (t: TestContext, shape: S) => Promise<void>,
): void {
  test(name, { timeout: 1_140_000 }, async (t) => {
    const shape = await start(t);
    if (shape !== undefined) await run(t, shape);
  });
}
