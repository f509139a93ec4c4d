import { randomBytes } from "node:crypto";
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { openDataFolder } from "../adapters/data-folder.ts";
import { Refusal } from "../adapters/refusal.ts";
import type { Settings } from "./read-settings.ts";

/** The secrets that TaskFlow makes for itself on one machine. */
export interface Secrets {
  readonly jwtSecret: string;
  readonly serviceToken: string;
  /** Empty in a process without the history. */
  readonly auditKey: string;
}

const names = {
  jwtSecret: "TASKFLOW_JWT_SECRET",
  serviceToken: "TASKFLOW_SERVICE_TOKEN",
  auditKey: "TASKFLOW_AUDIT_KEY",
} as const;
const keys = Object.keys(names) as (keyof Secrets)[];
const leastBytes = 32;

/**
 * The secrets from the settings; what is missing is generated once into `secrets.json` of the data folder (mode 600),
 * but never in production nor beside a database that other machines may share.
 * @throws Refusal naming the secret that is missing or weak.
 */
export function resolveSecrets(settings: Settings): Secrets {
  for (const key of keys) checkStrength(key, settings[key], "");
  const needed = keys.filter((key) => key !== "auditKey" || settings.roles.includes("audit-logger"));
  const missing = needed.find((key) => settings[key] === undefined);
  if (missing) checkMayGenerate(settings, names[missing]);
  const kept = missing ? keptSecrets(settings.dataDir) : undefined;
  const secretOf = (key: keyof Secrets): string => settings[key] ?? kept?.[key] ?? "";
  return { jwtSecret: secretOf("jwtSecret"), serviceToken: secretOf("serviceToken"), auditKey: secretOf("auditKey") };
}

function checkMayGenerate(settings: Settings, name: string): void {
  const give = `set it (or ${name}_FILE) to ${leastBytes} random bytes or more.`;
  if (settings.environment === "production")
    throw new Refusal(`${name} is missing and NODE_ENV is production; ${give}`);
  if (settings.databaseUrl && !isLocal(settings.databaseUrl))
    throw new Refusal(`${name} is missing and DATABASE_URL names another machine; ${give}`);
}

function isLocal(databaseUrl: string): boolean {
  const { hostname, searchParams } = new URL(databaseUrl);
  const host = searchParams.get("host") ?? hostname;
  return host === "" || host.startsWith("/") || /^(localhost|127\..*|::1|\[::1\]|%2f.*)$/i.test(host);
}

function keptSecrets(dataDir: string): Secrets {
  const file = join(openDataFolder(dataDir), "secrets.json");
  const kept = readSecrets(file) ?? makeSecrets(file);
  const whole = isWhole(kept) ? kept : addSecrets(file, kept);
  for (const key of keys) checkStrength(key, whole[key], ` in ${file}`);
  return whole;
}

const isWhole = (kept: Partial<Secrets>): kept is Secrets => keys.every((key) => kept[key] !== undefined);

function readSecrets(file: string): Partial<Secrets> | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Partial<Secrets>;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    // The parser's own message would quote the file.
    throw new Refusal(
      `The secrets in ${file} cannot be read (${(error as NodeJS.ErrnoException).code ?? "not JSON"}).`,
    );
  }
}

/** Linked into place whole: of two starts at once, one makes the secrets and both use them. */
function makeSecrets(file: string): Partial<Secrets> {
  const made = randomSecrets();
  const draft = writeDraft(file, made);
  try {
    linkSync(draft, file);
    return made;
  } catch (error) {
    const others = (error as NodeJS.ErrnoException).code === "EEXIST" ? readSecrets(file) : undefined;
    if (!others) throw error;
    return others;
  } finally {
    rmSync(draft);
  }
}

/** A file of an earlier release lacks the secrets that have come since. */
function addSecrets(file: string, kept: Partial<Secrets>): Secrets {
  const whole = { ...randomSecrets(), ...kept };
  renameSync(writeDraft(file, whole), file);
  return whole;
}

function randomSecrets(): Secrets {
  const random = (): string => randomBytes(48).toString("base64url");
  return { jwtSecret: random(), serviceToken: random(), auditKey: random() };
}

/**
 * Under a name with a dot: a start that looks at the new folder meanwhile, or after a kill, does not take it for
 * someone else's file.
 */
function writeDraft(file: string, secrets: Secrets): string {
  const draft = join(dirname(file), `.${basename(file)}.${process.pid}`);
  writeFileSync(draft, `${JSON.stringify(secrets, undefined, 2)}\n`, { mode: 0o600 });
  return draft;
}

function checkStrength(key: keyof Secrets, value: unknown, where: string): void {
  if (value === undefined && where === "") return;
  if (typeof value === "string" && Buffer.byteLength(value) >= leastBytes) return;
  throw new Refusal(`${names[key]}${where} is too weak; give it ${leastBytes} random bytes or more.`);
}
