import { randomBytes } from "node:crypto";
import { linkSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openDataFolder } from "../adapters/data-folder.ts";
import { Refusal } from "../adapters/refusal.ts";
import type { Settings } from "./read-settings.ts";

/** The secrets that TaskFlow makes for itself on one machine. */
export interface Secrets {
  readonly jwtSecret: string;
  readonly serviceToken: string;
}

const names = { jwtSecret: "TASKFLOW_JWT_SECRET", serviceToken: "TASKFLOW_SERVICE_TOKEN" } as const;
const keys = Object.keys(names) as (keyof Secrets)[];
const leastBytes = 32;

/**
 * The secrets from the settings; what is missing is generated once into `secrets.json` of the data folder (mode 600), but
 * never in production nor beside a database that other machines may share.
 * @throws Refusal naming the secret that is missing or weak.
 */
export function resolveSecrets(settings: Settings): Secrets {
  for (const key of keys) checkStrength(key, settings[key], "");
  const missing = keys.find((key) => settings[key] === undefined);
  if (missing) checkMayGenerate(settings, names[missing]);
  const kept = missing ? keptSecrets(settings.dataDir) : undefined;
  return { jwtSecret: settings.jwtSecret ?? kept?.jwtSecret ?? "", serviceToken: settings.serviceToken ?? kept?.serviceToken ?? "" };
}

function checkMayGenerate(settings: Settings, name: string): void {
  const give = `set it (or ${name}_FILE) to ${leastBytes} random bytes or more.`;
  if (settings.environment === "production") throw new Refusal(`${name} is missing and NODE_ENV is production; ${give}`);
  if (settings.databaseUrl && !isLocal(settings.databaseUrl)) throw new Refusal(`${name} is missing and DATABASE_URL names another machine; ${give}`);
}

function isLocal(databaseUrl: string): boolean {
  const { hostname, searchParams } = new URL(databaseUrl);
  const host = searchParams.get("host") ?? hostname;
  return host === "" || host.startsWith("/") || /^(localhost|127\..*|::1|\[::1\]|%2f.*)$/i.test(host);
}

function keptSecrets(dataDir: string): Secrets {
  const file = join(openDataFolder(dataDir), "secrets.json");
  const kept = readSecrets(file) ?? makeSecrets(file);
  for (const key of keys) checkStrength(key, kept[key], ` in ${file}`);
  return kept;
}

function readSecrets(file: string): Secrets | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Secrets;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    // The parser's own message would quote the file.
    throw new Refusal(`The secrets in ${file} cannot be read (${(error as NodeJS.ErrnoException).code ?? "not JSON"}).`);
  }
}

/** Linked into place whole: of two starts at once, one makes the secrets and both use them. */
function makeSecrets(file: string): Secrets {
  const draft = `${file}.${process.pid}`;
  const made: Secrets = { jwtSecret: randomBytes(48).toString("base64url"), serviceToken: randomBytes(48).toString("base64url") };
  writeFileSync(draft, `${JSON.stringify(made, undefined, 2)}\n`, { mode: 0o600 });
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

function checkStrength(key: keyof Secrets, value: unknown, where: string): void {
  if (value === undefined && where === "") return;
  if (typeof value === "string" && Buffer.byteLength(value) >= leastBytes) return;
  throw new Refusal(`${names[key]}${where} is too weak; give it ${leastBytes} random bytes or more.`);
}
