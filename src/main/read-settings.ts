import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseEnv } from "node:util";
import { Refusal } from "../adapters/refusal.ts";
import { nearestName } from "./nearest-name.ts";
import { roleNames, settings, type Setting, type SettingsTable } from "./settings.ts";

type Environment = Readonly<Record<string, string | undefined>>;

export interface ReadOptions {
  /** A file of NAME=value lines; what the environment says goes before it. */
  readonly envFile?: string;
  readonly readFile?: (path: string) => string;
}

type Values = { readonly [Key in keyof SettingsTable]: SettingsTable[Key] extends Setting<infer T> ? T : never };

/** Every setting's value, with the defaults that follow from other settings filled in. */
export type Settings = Omit<Values, "bus" | "webDist" | "auditDir"> & {
  readonly bus: "in-process" | "dapr";
  readonly auditDir: string;
  readonly webDist: string;
};

/** @throws Refusal naming the setting that is unknown or has a bad value. */
export function readSettings(env: Environment, options: ReadOptions = {}): Settings {
  const readFile = options.readFile ?? ((path: string) => readFileSync(path, "utf8"));
  const given = { ...readEnvFile(options.envFile, readFile), ...withoutEmpty(env) };
  refuseUnknown(given);
  const entries = Object.entries(settings).map(([key, setting]) => [
    key,
    readOne(setting as Setting<unknown>, given, readFile),
  ]);
  return withDerived(Object.fromEntries(entries) as Values);
}

function withDerived(values: Values): Settings {
  const everyRole = values.roles.length === roleNames.length;
  if (!everyRole && !values.databaseUrl) {
    throw new Refusal(
      "DATABASE_URL is missing: TASKFLOW_ROLES names some services only, and only a process that runs all of them brings its own database.",
    );
  }
  const bus = values.bus ?? (everyRole ? "in-process" : "dapr");
  if (bus === "dapr" && values.roles.length !== 1) {
    throw new Refusal("TASKFLOW_BUS is dapr, so TASKFLOW_ROLES must name one service: each has a sidecar of its own.");
  }
  if (bus === "in-process" && !everyRole) {
    throw new Refusal(
      "TASKFLOW_BUS is in-process, so TASKFLOW_ROLES must be all: a service in another process would get no events.",
    );
  }
  return {
    ...values,
    bus,
    auditDir: values.auditDir ?? join(values.dataDir, "audit"),
    webDist: values.webDist ?? fileURLToPath(new URL("../../web/dist", import.meta.url)),
  };
}

function readOne(setting: Setting<unknown>, given: Environment, readFile: (path: string) => string): unknown {
  const { name, type } = setting;
  const value = readSecretFile(setting, given, readFile) ?? given[name] ?? setting.default;
  if (value === undefined) return undefined;
  try {
    return type.parse(value);
  } catch (error) {
    const shown = setting.secret ? "" : `, not ${JSON.stringify(value)}`;
    throw new Refusal(`${name} ${(error as Error).message}${shown}.`);
  }
}

function readSecretFile(
  { name, secret }: Setting<unknown>,
  given: Environment,
  readFile: (path: string) => string,
): string | undefined {
  const path = secret && given[`${name}_FILE`];
  if (!path) return undefined;
  if (given[name] !== undefined) throw new Refusal(`${name} and ${name}_FILE are both set; keep one of them.`);
  return readNamed(path, `${name}_FILE`, readFile).trimEnd();
}

function readEnvFile(path: string | undefined, readFile: (path: string) => string): Environment {
  return path === undefined ? {} : withoutEmpty(parseEnv(readNamed(path, "--env-file", readFile)));
}

function readNamed(path: string, namedBy: string, readFile: (path: string) => string): string {
  try {
    return readFile(path);
  } catch (error) {
    throw new Refusal(`${namedBy} names ${path}, which cannot be read (${(error as NodeJS.ErrnoException).code}).`);
  }
}

/** An empty variable is how compose files and shells write "not set". */
function withoutEmpty(env: Environment): Environment {
  return Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ""));
}

/** Read by the tests' tools, in an environment that the server may share. */
const notForTheServer = ["TASKFLOW_INFRA_DIR"];

function refuseUnknown(given: Environment): void {
  const known = Object.values(settings).flatMap(({ name, secret }) => (secret ? [name, `${name}_FILE`] : [name]));
  const unknown = Object.keys(given).find(
    (name) => name.startsWith("TASKFLOW_") && !known.includes(name) && !notForTheServer.includes(name),
  );
  if (unknown === undefined) return;
  const nearest = nearestName(unknown, known);
  throw new Refusal(
    `${unknown} is not a setting of TaskFlow${nearest ? `; did you mean ${nearest}?` : "; --help lists them all."}`,
  );
}
