import { randomBytes } from "node:crypto";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { startEmbeddedPostgres } from "../../src/adapters/db/embedded.ts";
import { roleNames, type RoleName } from "../../src/main/settings.ts";
import type { Infra } from "../infra/install.ts";
import { startKafka, type Kafka } from "../infra/kafka.ts";
import { freePort, freePorts, reservePort } from "../infra/ports.ts";
import { waitFor } from "../infra/process.ts";
import { renderForOneMachine } from "../infra/resources.ts";
import { startScheduler } from "../infra/scheduler.ts";
import { type DatabaseUrls, makeDatabaseRoles } from "./database-roles.ts";
import { type Place, startPlace } from "./place.ts";
import type { Topic } from "../infra/topics.ts";
import { supervise, type Supervised, type Supervision } from "./supervised.ts";

/** The five-service shape on one machine, without containers: what dies is started again. */
export interface FiveServices {
  /** Where clients go: chat-api. */
  readonly url: string;
  /** As the owner of the schema. */
  readonly databaseUrl: string;
  /** As what each service connects: roles of their own on an embedded server, else the owner. */
  readonly databaseUrls: DatabaseUrls;
  /** The sidecars show the first to their apps, and ask for the second. */
  readonly tokens: { readonly app: string; readonly api: string };
  readonly kafka: Kafka;
  readonly broker: Supervised;
  readonly places: readonly Place[];
  readonly place: (role: RoleName) => Place;
  /** One more replica of a service, with a sidecar of its own; `env` is for the service alone. */
  readonly addReplica: (role: RoleName, env?: Readonly<Record<string, string>>) => Promise<Place>;
  /** Waits until every service is ready, as it says itself. */
  readonly ready: () => Promise<void>;
  /** Everything in order, and the database last. */
  readonly stop: () => Promise<void>;
}

export interface FiveServicesOptions extends Supervision {
  readonly infra: Infra;
  /** For data, logs and the rendered Dapr resources. A folder that was used before is opened again. */
  readonly folder: string;
  /** A PostgreSQL server; without it, an embedded one in the folder. */
  readonly databaseUrl?: string | undefined;
  /** chat-api's, and the others follow; without it, free ones. */
  readonly basePort?: number | undefined;
  /** Further settings of every service. */
  readonly env?: Readonly<Record<string, string>>;
  readonly onProgress?: (line: string) => void;
  /**
   * What is wrong from the start, for tests of what users do: where the sidecars look for the broker, and the topics
   * that there are.
   */
  readonly brokers?: string;
  readonly topics?: readonly Topic[];
}

const READY_MS = 240_000;
const quiet = { debug() {}, info() {}, warn() {}, error() {} };

/** Starts them, and answers when all programs run; wait by `ready`. What was started is stopped when it throws. */
export async function startFiveServices(options: FiveServicesOptions): Promise<FiveServices> {
  const stack = new AsyncDisposableStack();
  try {
    return await start(options, stack);
  } catch (error) {
    await stack.disposeAsync();
    throw error;
  }
}

async function start(options: FiveServicesOptions, stack: AsyncDisposableStack): Promise<FiveServices> {
  const { infra, folder, env = {}, onProgress = () => undefined } = options;
  const supervision: Supervision = options;
  const logs = join(folder, "logs");
  mkdirSync(logs, { recursive: true });
  // Before any other port is chosen, which could be one of these.
  const portOf = await choosePorts(options.basePort);
  onProgress("PostgreSQL, Kafka and the scheduler start");
  // First, because it refuses a folder that another one works on.
  const { databaseUrl, databaseUrls } = await openDatabase(options, stack);
  const [kafka, scheduler] = await Promise.all([
    startKafka({ infra, folder: join(folder, "kafka") }).then((started) => stack.adopt(started, ({ stop }) => stop())),
    startScheduler({ infra, folder: logs }).then((started) => stack.adopt(started, ({ stop }) => stop())),
  ]);
  const broker = stack.adopt(supervise(kafka.program, supervision), ({ stop }) => stop());
  stack.adopt(supervise(scheduler.program, supervision), ({ stop }) => stop());
  onProgress("topics are created");
  await kafka.createTopics(options.topics);

  onProgress("five services and their sidecars start");
  const resources = renderForOneMachine({ folder, brokers: options.brokers ?? kafka.brokers });
  const tokens = { app: randomBytes(32).toString("base64url"), api: randomBytes(32).toString("base64url") };
  const common = { infra, folder, resources, scheduler: scheduler.address, databaseUrls, tokens, supervision };
  const addressOf = (role: RoleName): string => `http://127.0.0.1:${portOf(role)}`;
  const settings = {
    ...env,
    TASKFLOW_NOTIFICATION_URL: addressOf("notification-service"),
    TASKFLOW_AUDIT_URL: addressOf("audit-logger"),
    TASKFLOW_REMINDER_URL: addressOf("reminder-service"),
  };
  const places: Place[] = [];
  stack.defer(async () => {
    await Promise.all(places.map(({ stop }) => stop()));
  });
  const add = async (
    role: RoleName,
    name: string,
    port: number,
    own: Readonly<Record<string, string>> = {},
  ): Promise<Place> => {
    const place = await startPlace(role, name, port, { ...common, env: { ...settings, ...own } });
    places.push(place);
    return place;
  };
  await Promise.all(roleNames.map((role) => add(role, role, portOf(role))));

  const place = (role: RoleName): Place => {
    const found = places.find((each) => each.role === role);
    if (found === undefined) throw new Error(`${role} has no place`);
    return found;
  };
  return {
    url: place("chat-api").url,
    databaseUrl,
    databaseUrls,
    tokens,
    kafka,
    broker,
    places,
    place,
    addReplica: async (role, own) =>
      add(role, `${role}-${places.filter((each) => each.role === role).length + 1}`, await freePort(), own),
    async ready() {
      for (const each of places) await waitUntilReady(each);
    },
    stop: () => stack.disposeAsync(),
  };
}

async function waitUntilReady({ name, missing }: Place): Promise<void> {
  let lacking: readonly string[] | undefined;
  const ready = async (): Promise<boolean> => {
    lacking = await missing();
    return lacking?.length === 0;
  };
  await waitFor(ready, { what: `${name} to be ready`, timeoutMs: READY_MS }).catch((cause: unknown) => {
    throw new Error(`${name} is not ready: ${lacking?.join("; ") ?? "it does not answer"}`, { cause });
  });
}

async function openDatabase(
  { databaseUrl, folder }: FiveServicesOptions,
  stack: AsyncDisposableStack,
): Promise<Pick<FiveServices, "databaseUrl" | "databaseUrls">> {
  // A server that someone else looks after has the roles that it has.
  if (databaseUrl !== undefined) return { databaseUrl, databaseUrls: { of: () => databaseUrl, state: databaseUrl } };
  const server = await startEmbeddedPostgres({ dataDir: join(folder, "data"), log: quiet });
  stack.defer(() => server.stop());
  return { databaseUrl: server.url, databaseUrls: await makeDatabaseRoles(server.url) };
}

async function choosePorts(basePort: number | undefined): Promise<(role: RoleName) => number> {
  const ports =
    basePort === undefined ? await freePorts(roleNames.length) : roleNames.map((_role, index) => basePort + index);
  if (basePort !== undefined) await Promise.all(ports.map(reservePort));
  return (role) => ports[roleNames.indexOf(role)] ?? 0;
}
