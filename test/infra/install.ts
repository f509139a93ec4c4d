import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { startProgram, type Program } from "./process.ts";

const run = promisify(execFile);

const BUILD_MS = 20 * 60_000;
const ASK_MS = 30_000;
const OLDEST_JAVA = 17;
const here = import.meta.dirname;
const source = (path: string) => readFileSync(join(here, path), "utf8");

/** What the five-service shape needs on one machine, found or built. */
export interface Infra {
  readonly daprd: string;
  readonly scheduler: string;
  readonly java: string;
  /** For `java -cp`. */
  readonly kafkaClasspath: string;
}

export interface Missing {
  /** What is not on this machine, and what it is for, in words. */
  readonly missing: string;
}

/** The versions that `dapr/go.mod` and `kafka/pom.xml` pin. */
export const versions = {
  dapr: pinned("dapr/go.mod", /github\.com\/dapr\/dapr v(\S+)/),
  kafka: pinned("kafka/pom.xml", /kafka_2\.13<\/artifactId><version>([^<]+)/),
};

let found: Promise<Infra | Missing> | undefined;

/**
 * Finds `daprd`, `scheduler` and Kafka on PATH (Kafka also by `KAFKA_HOME`) or in the cache folder, and builds there
 * what is missing. The cache is `TASKFLOW_INFRA_DIR`, or `taskflow-infra` in the user's cache folder. Throws when a
 * build fails.
 */
export function ensureInfra(): Promise<Infra | Missing> {
  found ??= findOrBuild();
  return found;
}

async function findOrBuild(): Promise<Infra | Missing> {
  const cache =
    process.env.TASKFLOW_INFRA_DIR ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "taskflow-infra");
  const java = await findJava();
  if (typeof java !== "string") return java;
  const dapr = (await daprOnPath()) ?? (await inCache(cache, daprBuild));
  if (typeof dapr !== "string") return dapr;
  const jars = kafkaOnPath() ?? (await inCache(cache, kafkaBuild));
  if (typeof jars !== "string") return jars;
  return { daprd: join(dapr, "daprd"), scheduler: join(dapr, "scheduler"), java, kafkaClasspath: join(jars, "*") };
}

interface Build {
  readonly name: string;
  /** Everything that the result depends on: another text is another folder of the cache. */
  readonly recipe: string;
  readonly tool: string;
  readonly progress: string;
  readonly command: (folder: string) => Pick<Program, "command" | "args" | "env" | "cwd">;
}

const LINKER_FLAGS = `-s -w -X github.com/dapr/dapr/pkg/buildinfo.version=${versions.dapr}`;

const daprBuild: Build = {
  name: "dapr",
  recipe:
    ["go.mod", "go.sum", "daprd/main.go", "scheduler/main.go"].map((file) => source(`dapr/${file}`)).join("") +
    LINKER_FLAGS,
  tool: "go",
  progress: `building Dapr ${versions.dapr} (daprd and its scheduler) from Go modules, about 5 minutes the first time`,
  command: (folder) => ({
    command: "go",
    args: ["build", "-trimpath", "-ldflags", LINKER_FLAGS, "-o", `${folder}/`, "./daprd", "./scheduler"],
    cwd: join(here, "dapr"),
    env: { CGO_ENABLED: "0" },
  }),
};

const kafkaBuild: Build = {
  name: "kafka",
  recipe: source("kafka/pom.xml"),
  tool: "mvn",
  progress: `fetching Kafka ${versions.kafka} with Maven, about 20 seconds`,
  command: (folder) => ({
    command: "mvn",
    args: [
      "-q",
      "-B",
      "-f",
      join(here, "kafka/pom.xml"),
      "dependency:copy-dependencies",
      "-DincludeScope=runtime",
      `-DoutputDirectory=${folder}`,
    ],
  }),
};

/** The folder of a build in the cache, made when it is not there. */
async function inCache(cache: string, build: Build): Promise<string | Missing> {
  const folder = join(cache, `${build.name}-${createHash("sha256").update(build.recipe).digest("hex").slice(0, 12)}`);
  if (existsSync(folder)) return folder;
  if (onPath(build.tool) === undefined)
    return { missing: `${build.tool} (not on PATH, and needed for ${build.progress.replace(/,.*/, "")})` };
  mkdirSync(cache, { recursive: true });
  using _lock = await lock(join(cache, `${build.name}.lock`));
  if (!existsSync(folder)) await buildInto(folder, build);
  return folder;
}

/** Built beside its place and moved there whole: a build that is cut off leaves nothing that looks finished. */
async function buildInto(folder: string, build: Build): Promise<void> {
  say(`${build.progress} …`);
  const unfinished = `${folder}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished);
  const program = startProgram({ name: `build-${build.name}`, folder: dirname(folder), ...build.command(unfinished) });
  const timer = setTimeout(() => void program.kill(), BUILD_MS);
  const { code } = await program.exited().finally(() => clearTimeout(timer));
  if (code !== 0)
    throw new Error(
      `${build.progress} failed (${code === null ? "killed" : `exit ${code}`}); see ${program.logFile}\n${program.log().slice(-2000)}`,
    );
  renameSync(unfinished, folder);
}

/** Waits for an exclusive lock that the kernel gives back when its holder dies, however it dies. */
async function lock(file: string): Promise<Disposable> {
  const database = new DatabaseSync(file, { timeout: 0 });
  for (let waited = false; ; waited = true) {
    try {
      database.exec("BEGIN EXCLUSIVE");
      return { [Symbol.dispose]: () => database.close() };
    } catch (error) {
      if (!(error instanceof Error && error.message.includes("database is locked"))) throw error;
    }
    if (!waited) say(`another build holds ${file}; waiting for it …`);
    await sleep(500);
  }
}

async function daprOnPath(): Promise<string | undefined> {
  const daprd = onPath("daprd");
  // `scheduler` is too common a name to be trusted unless it lies beside its daprd.
  if (daprd === undefined || !existsSync(join(dirname(daprd), "scheduler"))) return undefined;
  const { stdout } = await run(daprd, ["--version"], { timeout: ASK_MS });
  return stdout.trim() === versions.dapr ? dirname(daprd) : undefined;
}

function kafkaOnPath(): string | undefined {
  const script = onPath("kafka-server-start.sh");
  const homes = [process.env.KAFKA_HOME, script === undefined ? undefined : dirname(dirname(script))];
  return homes.flatMap((home) => (home === undefined ? [] : join(home, "libs"))).find(holdsKafka);
}

function holdsKafka(folder: string): boolean {
  return existsSync(folder) && readdirSync(folder).includes(`kafka_2.13-${versions.kafka}.jar`);
}

async function findJava(): Promise<string | Missing> {
  const home = process.env.JAVA_HOME;
  const java = home === undefined ? onPath("java") : join(home, "bin", "java");
  if (java === undefined || !existsSync(java))
    return { missing: `java ${OLDEST_JAVA} or newer (not on PATH, and needed to run Kafka)` };
  const { stderr } = await run(java, ["-version"], { timeout: ASK_MS });
  const version = Number(/version "(\d+)/.exec(stderr)?.[1]);
  return version >= OLDEST_JAVA
    ? java
    : {
        missing: `java ${OLDEST_JAVA} or newer (${java} is ${version}, and Kafka ${versions.kafka} needs ${OLDEST_JAVA})`,
      };
}

function onPath(command: string): string | undefined {
  return (process.env.PATH ?? "")
    .split(delimiter)
    .map((folder) => join(folder, command))
    .find((path) => existsSync(path));
}

function pinned(file: string, pattern: RegExp): string {
  const version = pattern.exec(source(file))?.[1];
  if (version === undefined) throw new Error(`${file} pins no version of ${pattern.source}`);
  return version;
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

if (import.meta.main) {
  const infra = await ensureInfra();
  if ("missing" in infra) {
    say(`missing: ${infra.missing}`);
    process.exitCode = 1;
  } else {
    process.stdout.write(`${JSON.stringify(infra, undefined, 2)}\n`);
  }
}
