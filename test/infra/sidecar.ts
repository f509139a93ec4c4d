import type { Infra } from "./install.ts";
import { freePort } from "./ports.ts";
import { startProgram, waitFor, type RunningProgram } from "./process.ts";
import type { RenderedResources } from "./resources.ts";

const READY_MS = 180_000;
const ASK_MS = 5_000;

export interface SidecarOptions {
  readonly infra: Infra;
  /** Where its log goes. */
  readonly folder: string;
  readonly appId: string;
  /** Names it in logs and errors when one app has several replicas; the app id by default. */
  readonly name?: string;
  /** Absent: a sidecar that only publishes and invokes. The app may start before or after it. */
  readonly appPort?: number;
  readonly resources: RenderedResources;
  /** `host:port` of the scheduler; without it there is no Jobs API. */
  readonly scheduler?: string;
  /** Sent to the app with each delivery and invocation, as the header `dapr-api-token`. */
  readonly appToken?: string;
  /** Asked of the app in the same header. */
  readonly apiToken?: string;
  /** Deliveries pause while this path of the app answers no 2xx. */
  readonly appHealthPath?: string;
  /** How long SIGTERM waits for the app to end before the sidecar ends too; less when the app turns unhealthy. */
  readonly blockShutdownSeconds?: number;
  readonly httpPort?: number;
  /** Secrets that its components read from the environment. */
  readonly env?: Readonly<Record<string, string>>;
}

export interface Sidecar {
  readonly appId: string;
  readonly httpPort: number;
  readonly metricsPort: number;
  /** `http://127.0.0.1:port` of Dapr's HTTP API. */
  readonly url: string;
  readonly program: RunningProgram;
  /** Its components are ready to be called; true with the app still away (`/v1.0/healthz/outbound`). */
  readonly outboundReady: () => Promise<void>;
  /** Its app's port takes connections too (`/v1.0/healthz`); deliveries begin. */
  readonly ready: () => Promise<void>;
  readonly restart: (how?: "stop" | "kill") => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** Starts `daprd` for one app on free ports of 127.0.0.1. Answers at once: wait by `ready` or `outboundReady`. */
export async function startSidecar(options: SidecarOptions): Promise<Sidecar> {
  const name = options.name ?? options.appId;
  const ports = {
    http: options.httpPort ?? (await freePort()),
    grpc: await freePort(),
    internal: await freePort(),
    metrics: await freePort(),
  };
  const program = startProgram({
    name: `daprd-${name}`,
    command: options.infra.daprd,
    args: sidecarArgs(options, ports),
    folder: options.folder,
    env: sidecarEnv(options),
  });
  const url = `http://127.0.0.1:${ports.http}`;
  const healthy = async (path: string) => {
    const answer = async () => (await fetch(`${url}${path}`, { signal: AbortSignal.timeout(ASK_MS) })).ok;
    await waitFor(answer, { what: `the sidecar of ${name} to answer ${path}`, timeoutMs: READY_MS, program });
  };
  return {
    appId: options.appId,
    httpPort: ports.http,
    metricsPort: ports.metrics,
    url,
    program,
    outboundReady: () => healthy("/v1.0/healthz/outbound"),
    ready: () => healthy("/v1.0/healthz"),
    restart: async (how = "stop") => {
      await program[how]();
      program.start();
    },
    stop: async () => {
      await program.stop();
    },
  };
}

type SidecarPorts = Readonly<Record<"http" | "grpc" | "internal" | "metrics", number>>;

function sidecarArgs(options: SidecarOptions, ports: SidecarPorts): string[] {
  const appPort = options.appPort === undefined ? [] : ["--app-port", `${options.appPort}`, "--app-protocol", "http"];
  const health =
    options.appHealthPath === undefined
      ? []
      : [
          "--enable-app-health-check",
          "--app-health-check-path",
          options.appHealthPath,
          "--app-health-probe-interval",
          "1",
          "--app-health-threshold",
          "2",
        ];
  const block =
    options.blockShutdownSeconds === undefined
      ? []
      : ["--dapr-block-shutdown-duration", `${options.blockShutdownSeconds}s`];
  return [
    ["--app-id", options.appId],
    appPort,
    health,
    block,
    ["--dapr-listen-addresses", "127.0.0.1"],
    ["--dapr-http-port", `${ports.http}`],
    ["--dapr-grpc-port", `${ports.grpc}`],
    ["--dapr-internal-grpc-port", `${ports.internal}`],
    ["--dapr-internal-grpc-listen-address", "127.0.0.1"],
    ["--metrics-port", `${ports.metrics}`],
    ["--metrics-listen-address", "127.0.0.1"],
    ["--resources-path", options.resources.folder],
    ["--config", options.resources.configuration],
    ["--scheduler-host-address", options.scheduler ?? ""],
    ["--dapr-graceful-shutdown-seconds", "10"],
  ].flat();
}

function sidecarEnv(options: SidecarOptions): Record<string, string> {
  return {
    DAPR_HOST_IP: "127.0.0.1",
    ...(options.appToken === undefined ? {} : { APP_API_TOKEN: options.appToken }),
    ...(options.apiToken === undefined ? {} : { DAPR_API_TOKEN: options.apiToken }),
    ...options.env,
  };
}
