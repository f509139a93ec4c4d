import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { promisify } from "node:util";
import { socketFolderOf, socketUrl } from "../../src/adapters/db/embedded/socket-folder.ts";
import { createClient, type TestUser } from "../harness/client.ts";
import { freePort } from "../infra/ports.ts";
import { postmasterPid, temporaryFolder } from "../start/folders.ts";
import { startTaskflow, type Taskflow } from "../start/taskflow.ts";

/**
 * TaskFlow as a person runs it: one process with an embedded PostgreSQL in a folder of its own, at an address that
 * stays.
 */
export interface SingleProcess {
  readonly url: string;
  readonly databaseUrl: string;
  /** The process that runs now. */
  current(): Taskflow;
  postgresPid(): number;
  /** Starts it (again); resolves when it is ready. */
  start(): Promise<void>;
  register(count: number): Promise<readonly TestUser[]>;
  /**
   * Runs `taskflow audit reconcile` and `verify` as a person does: what is in the event log is in the history, and the
   * history is whole.
   */
  proveHistory(): Promise<void>;
}

const cli = new URL("../../src/main/cli.ts", import.meta.url).pathname;

export const createSingleProcess = async (
  t: TestContext,
  env: Readonly<Record<string, string>> = {},
): Promise<SingleProcess> => {
  const dataDir = join(temporaryFolder(t), "data");
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  let current: Taskflow | undefined;
  const running = (): Taskflow => {
    if (current === undefined) throw new Error("it was not started yet");
    return current;
  };
  return {
    url,
    databaseUrl: socketUrl(socketFolderOf(dataDir)),
    current: running,
    postgresPid: () => postmasterPid(dataDir),
    async start() {
      current = startTaskflow(t, {
        env: {
          TASKFLOW_DATA_DIR: dataDir,
          TASKFLOW_PORT: String(port),
          TASKFLOW_RATE_LIMITS: "off",
          TASKFLOW_LOG_LEVEL: "info",
          ...env,
        },
      });
      void current.ended.then(({ code, stderr }) => {
        // An end that nobody asked for says why, or the test would only run out of time.
        if (stderr !== "") t.diagnostic(`TaskFlow ended with code ${code}: ${stderr}`);
      });
      await current.ready;
    },
    async proveHistory() {
      const options = { env: { PATH: process.env["PATH"], TASKFLOW_DATA_DIR: dataDir } };
      for (const args of [["reconcile", "--wait", "300"], ["verify"]]) {
        const { stdout } = await promisify(execFile)(process.execPath, [cli, "audit", ...args], options);
        assert.match(stdout, /is in the history, and nothing else|The history is whole/, stdout);
      }
    },
    register: (count) => Promise.all(Array.from({ length: count }, () => createClient(url).register())),
  };
};
