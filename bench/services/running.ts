import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import { createClient, type TestUser } from "../../test/harness/client.ts";
import { ensureInfra, type Infra } from "../../test/infra/install.ts";
import { type FiveServices, startFiveServices } from "../../test/services/five-services.ts";

/** Five ready services over Dapr and Kafka with some users, as a bench has them. */
export interface Running {
  readonly infra: Infra;
  /** Gone after the work. */
  readonly folder: string;
  readonly services: FiveServices;
  /** A connection to their database. */
  readonly database: Client;
  readonly users: readonly TestUser[];
}

/**
 * Starts them without rate limits for `work`, and stops them after it, however it ends. Throws where Dapr or Kafka
 * cannot be had.
 */
export const withFiveServices = async (userCount: number, work: (running: Running) => Promise<void>): Promise<void> => {
  const infra = await ensureInfra();
  if ("missing" in infra) throw new Error(`missing: ${infra.missing}`);
  const folder = await mkdtemp(join(tmpdir(), "taskflow-bench-"));
  const services = await startFiveServices({
    infra,
    folder,
    env: { TASKFLOW_RATE_LIMITS: "off", TASKFLOW_LOG_LEVEL: "warn" },
  });
  const database = new Client({ connectionString: services.databaseUrl });
  try {
    await services.ready();
    await database.connect();
    const client = createClient(services.url);
    const users = await Promise.all(Array.from({ length: userCount }, () => client.register()));
    await work({ infra, folder, services, database, users });
  } finally {
    await database.end();
    await services.stop();
    await rm(folder, { recursive: true });
  }
};
