import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { TestContext } from "node:test";
import { temporaryFolder } from "./folders.ts";

const repository = join(import.meta.dirname, "..", "..");

/** A clone of the repository with scripts of its own, the sources themselves, and a web app that is built at once. */
export function makeClone(test: TestContext): string {
  const clone = temporaryFolder(test);
  cpSync(join(repository, "scripts"), join(clone, "scripts"), { recursive: true });
  for (const name of ["package.json", "package-lock.json"]) cpSync(join(repository, name), join(clone, name));
  symlinkSync(join(repository, "src"), join(clone, "src"));
  mkdirSync(join(clone, "web"));
  const web = { name: "@taskflow/web", version: "0.0.0", scripts: { build: "mkdir -p dist" } };
  writeFileSync(join(clone, "web", "package.json"), JSON.stringify(web));
  return clone;
}

/** Gives a clone the packages of this installation. */
export function installInto(clone: string): void {
  symlinkSync(join(repository, "node_modules"), join(clone, "node_modules"));
}

/**
 * An npm whose `ci` waits for the file `go` of the clone, counts itself in `installs`, and installs no more than what a
 * start looks for. Its path is for `npm_execpath`.
 */
export function slowNpm(clone: string): string {
  const path = join(clone, "npm.mjs");
  writeFileSync(
    path,
    `import { appendFileSync, cpSync, existsSync, mkdirSync, symlinkSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
appendFileSync("installs", process.pid + "\\n");
while (!existsSync("go")) await sleep(10);
mkdirSync("node_modules/.bin", { recursive: true });
if (!existsSync("node_modules/.bin/node")) symlinkSync(${JSON.stringify(process.execPath)}, "node_modules/.bin/node");
cpSync("package-lock.json", "node_modules/.package-lock.json");
`,
  );
  chmodSync(path, 0o755);
  return path;
}

/** The pids of the installs that were begun. */
export function installs(clone: string): number[] {
  try {
    return readFileSync(join(clone, "installs"), "utf8").trim().split("\n").map(Number);
  } catch {
    return [];
  }
}

export interface Started {
  readonly pid: number;
  /** What it and its children have said so far, a line each. */
  readonly lines: readonly string[];
  /** The end of the process itself; its children may live on. */
  readonly ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  kill(signal: NodeJS.Signals): void;
}

/** Runs a command in a clone, as a terminal or a service manager does. */
export function startIn(
  test: TestContext,
  clone: string,
  command: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Started {
  const [file = "", ...args] = command;
  const child = spawn(file, args, {
    cwd: clone,
    env: { ...outerEnvironment(), ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  if (child.pid === undefined) throw new Error(`${file} was not started`);
  const ended = endOf(child);
  test.after(() => {
    child.kill("SIGTERM");
    return ended;
  });
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr])
    createInterface({ input: stream }).on("line", (line) => lines.push(line));
  return { pid: child.pid, lines, ended, kill: (signal) => child.kill(signal) };
}

async function endOf(child: ChildProcess): Promise<Awaited<Started["ended"]>> {
  const [code, signal] = (await once(child, "exit")) as [number | null, NodeJS.Signals | null];
  return { code, signal };
}

/** Neither settings nor what the npm that runs the tests says of itself. */
function outerEnvironment(): Record<string, string | undefined> {
  const inner = /^(TASKFLOW_|DATABASE_URL|NODE_|APP_API_TOKEN|DAPR_|PG|npm_|INIT_CWD)/;
  const outer = Object.fromEntries(Object.entries(process.env).filter(([name]) => !inner.test(name)));
  const path = (process.env["PATH"] ?? "").split(":").filter((folder) => !folder.includes("node_modules"));
  return { ...outer, PATH: path.join(":") };
}
