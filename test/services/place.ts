import { join } from "node:path";
import type { RoleName } from "../../src/main/settings.ts";
import type { Infra } from "../infra/install.ts";
import { freePort } from "../infra/ports.ts";
import { startProgram } from "../infra/process.ts";
import type { RenderedResources } from "../infra/resources.ts";
import { startSidecar, type Sidecar } from "../infra/sidecar.ts";
import type { DatabaseUrls } from "./database-roles.ts";
import { supervise, type Supervised, type Supervision } from "./supervised.ts";

/** One service with its sidecar. */
export interface Place {
  readonly role: RoleName;
  /** The role, with a number when it is a further replica. */
  readonly name: string;
  readonly url: string;
  readonly service: Supervised;
  readonly sidecar: Supervised;
  readonly sidecarUrl: string;
  /** What it lacks, as its readiness says; undefined when it does not answer. */
  readonly missing: () => Promise<readonly string[] | undefined>;
  readonly stop: () => Promise<void>;
}

export interface PlaceOptions {
  readonly infra: Infra;
  readonly folder: string;
  readonly resources: RenderedResources;
  readonly scheduler: string;
  readonly databaseUrls: DatabaseUrls;
  readonly tokens: { readonly app: string; readonly api: string };
  /** Settings of the service beside those that follow from its place. */
  readonly env: Readonly<Record<string, string>>;
  readonly supervision: Supervision;
}

const cli = join(import.meta.dirname, "../../src/main/cli.ts");
const ASK_MS = 5_000;

/** Starts a service and its sidecar, in any order: each waits for the other. */
export async function startPlace(role: RoleName, name: string, port: number, options: PlaceOptions): Promise<Place> {
  const httpPort = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const service = supervise(startService({ role, name, port, httpPort }, options), options.supervision);
  const sidecar = await startItsSidecar({ role, name, port, httpPort }, options);
  const supervised = supervise(sidecar.program, options.supervision);
  return {
    role,
    name,
    url,
    service,
    sidecar: supervised,
    sidecarUrl: sidecar.url,
    missing: () => askMissing(url),
    // The service first: it ends its requests and publishes what is under way.
    stop: () => service.stop().then(supervised.stop),
  };
}

interface Where {
  readonly role: RoleName;
  readonly name: string;
  readonly port: number;
  /** Of the sidecar's HTTP API. */
  readonly httpPort: number;
}

function startService({ role, name, port, httpPort }: Where, { folder, databaseUrls, tokens, env }: PlaceOptions) {
  const settings = {
    TASKFLOW_ROLES: role,
    TASKFLOW_PORT: `${port}`,
    TASKFLOW_HOST: "127.0.0.1",
    TASKFLOW_DATA_DIR: join(folder, "data"),
    DATABASE_URL: databaseUrls.of(role),
    DAPR_HTTP_PORT: `${httpPort}`,
    APP_API_TOKEN: tokens.app,
    DAPR_API_TOKEN: tokens.api,
  };
  return startProgram({
    name,
    command: process.execPath,
    args: [cli],
    folder: join(folder, "logs"),
    env: { ...settings, ...env },
  });
}

function startItsSidecar(
  { role, name, port, httpPort }: Where,
  { infra, folder, resources, scheduler, databaseUrls, tokens }: PlaceOptions,
): Promise<Sidecar> {
  return startSidecar({
    infra,
    folder: join(folder, "logs"),
    resources,
    scheduler,
    appId: role,
    name,
    appPort: port,
    httpPort,
    appToken: tokens.app,
    apiToken: tokens.api,
    env: { DATABASE_URL: databaseUrls.state },
  });
}

async function askMissing(url: string): Promise<readonly string[] | undefined> {
  try {
    const response = await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(ASK_MS) });
    return ((await response.json()) as { missing: readonly string[] }).missing;
  } catch {
    return undefined;
  }
}
