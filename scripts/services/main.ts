import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { Refusal } from "../../src/adapters/refusal.ts";
import { roleNames } from "../../src/main/settings.ts";
import { listenForStop } from "../../src/main/stop-signal.ts";
import { ensureInfra } from "../../test/infra/install.ts";
import { isFree } from "../../test/infra/ports.ts";
import { type FiveServices, startFiveServices } from "../../test/services/five-services.ts";
import { changes, type ServiceStatus, statusPage } from "./status.ts";

const help = `The five-service shape on this machine: Kafka, Dapr's scheduler, and five services with their sidecars.

  npm run services -- [options]

Options
  --base-port PORT  chat-api's; the others have the four after it (default 8000)
  --data-dir DIR    data, logs and rendered Dapr resources (default ./data/services)
  --help            This text.

PostgreSQL is DATABASE_URL, or an embedded one in the folder. Settings of TaskFlow are taken from the environment.
Dapr and Kafka are found on PATH or in TASKFLOW_INFRA_DIR, or are built with Go and Maven into a cache, once.
`;

const LOOK_MS = 1_000;
const CLEAR = "\u001b[H\u001b[2J";

interface Options {
  readonly basePort: number;
  readonly folder: string;
}

function readOptions(): Options | undefined {
  const options = {
    "base-port": { type: "string" },
    "data-dir": { type: "string" },
    help: { type: "boolean" },
  } as const;
  const { values } = parseArgs({ options });
  if (values.help) return undefined;
  const basePort = Number(values["base-port"] ?? 8000);
  if (!Number.isInteger(basePort) || basePort < 1 || basePort > 65_000)
    throw new Refusal(`--base-port must be a whole number from 1 to 65000, not ${values["base-port"]}.`);
  return { basePort, folder: resolve(values["data-dir"] ?? join("data", "services")) };
}

async function run({ basePort, folder }: Options): Promise<void> {
  const stop = listenForStop();
  const infra = await ensureInfra();
  if ("missing" in infra) throw new Refusal(`This machine lacks ${infra.missing}.`);
  for (const [index, role] of roleNames.entries()) {
    if (!(await isFree(basePort + index)))
      throw new Refusal(
        `Port ${basePort + index} for ${role} is in use by another program; choose others by --base-port.`,
      );
  }
  mkdirSync(folder, { recursive: true });
  const services = await startFiveServices({
    infra,
    folder,
    basePort,
    databaseUrl: process.env.DATABASE_URL || undefined,
    onProgress: say,
  });
  if (!stop.aborted) await Promise.race([once(stop, "abort"), show(services, folder, stop)]);
  say("stopping");
  await services.stop();
  say("stopped");
}

/** One page in a terminal, else a line a change, until the stop. */
async function show(services: FiveServices, folder: string, stop: AbortSignal): Promise<void> {
  let before: readonly ServiceStatus[] = [];
  let saidReady = false;
  while (!stop.aborted) {
    const now = await Promise.all(services.places.map(statusOf));
    if (process.stdout.isTTY) process.stdout.write(`${CLEAR}${statusPage(now, notes(services, folder))}`);
    else changes(before, now).forEach(say);
    const ready = now.every(({ missing }) => missing?.length === 0);
    if (ready && !saidReady && !process.stdout.isTTY) say(`TaskFlow is ready at ${services.url}`);
    saidReady ||= ready;
    before = now;
    await sleep(LOOK_MS, undefined, { signal: stop }).catch(() => undefined);
  }
}

async function statusOf({
  name,
  url,
  missing,
  service,
  sidecar,
}: FiveServices["places"][number]): Promise<ServiceStatus> {
  return { name, url, missing: await missing(), restarts: service.restarts() + sidecar.restarts() };
}

function notes({ kafka, url }: FiveServices, folder: string): string[] {
  return [
    `Open ${url}`,
    `Kafka ${kafka.brokers}; logs in ${relative(process.cwd(), join(folder, "logs"))}`,
    "Ctrl-C stops everything.",
  ];
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function report(error: unknown): never {
  const isUsage = String((error as NodeJS.ErrnoException).code).startsWith("ERR_PARSE_ARGS");
  process.stderr.write(
    `taskflow: ${error instanceof Refusal || isUsage ? (error as Error).message : String((error as Error).stack ?? error)}\n`,
  );
  process.exit(1);
}

try {
  const options = readOptions();
  if (options === undefined) process.stdout.write(help);
  else await run(options);
  process.exit(0);
} catch (error) {
  report(error);
}
