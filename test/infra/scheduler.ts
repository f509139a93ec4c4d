import { join } from "node:path";
import type { Infra } from "./install.ts";
import { freePort } from "./ports.ts";
import { startProgram, waitFor, type RunningProgram } from "./process.ts";

const READY_MS = 180_000;

export interface Scheduler {
  /** `127.0.0.1:port`, for a sidecar's `--scheduler-host-address`. */
  readonly address: string;
  readonly program: RunningProgram;
  readonly restart: (how?: "stop" | "kill") => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** Starts Dapr's scheduler (the Jobs API, with an etcd of its own in `folder`), and answers when it is healthy. */
export async function startScheduler(options: { readonly infra: Infra; readonly folder: string }): Promise<Scheduler> {
  const [port, health, metrics, peer, client] = [
    await freePort(),
    await freePort(),
    await freePort(),
    await freePort(),
    await freePort(),
  ];
  const program = startProgram({
    name: "scheduler",
    command: options.infra.scheduler,
    args: [
      "--listen-address=127.0.0.1",
      `--port=${port}`,
      "--healthz-listen-address=127.0.0.1",
      `--healthz-port=${health}`,
      "--metrics-listen-address=127.0.0.1",
      `--metrics-port=${metrics}`,
      "--id=s0",
      `--etcd-initial-cluster=s0=http://127.0.0.1:${peer}`,
      `--etcd-client-port=${client}`,
      `--etcd-data-dir=${join(options.folder, "scheduler")}`,
    ],
    folder: options.folder,
    env: { DAPR_HOST_IP: "127.0.0.1" },
  });
  const healthy = async () =>
    (await fetch(`http://127.0.0.1:${health}/healthz`, { signal: AbortSignal.timeout(5_000) })).ok;
  const ready = async () => {
    await waitFor(healthy, { what: "the Dapr scheduler to be healthy", timeoutMs: READY_MS, program });
  };
  await ready();
  return {
    address: `127.0.0.1:${port}`,
    program,
    restart: async (how = "stop") => {
      await program[how]();
      program.start();
      await ready();
    },
    stop: async () => {
      await program.stop();
    },
  };
}
