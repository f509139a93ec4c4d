import { setTimeout as delay } from "node:timers/promises";
import { parseArgs } from "node:util";
import { createDatabase, type Database } from "../../adapters/db/database.ts";
import { runningServerUrl } from "../../adapters/db/embedded/running-server.ts";
import { createEventLog } from "../../adapters/event-log/read.ts";
import { createLineFolder } from "../../adapters/line-folder.ts";
import { createMetrics } from "../../adapters/metrics.ts";
import { Refusal } from "../../adapters/refusal.ts";
import type { LineStore } from "../../ports.ts";
import { restoreMonth } from "../../services/audit/archive/restore.ts";
import { createHeadSigner, type HeadSigner } from "../../services/audit/chain.ts";
import { createPartitions } from "../../services/audit/partitions.ts";
import { reconcile, type Reconciliation, repair } from "../../services/audit/reconcile.ts";
import { createRecorder } from "../../services/audit/recorder.ts";
import { isWrongKey } from "../../services/audit/verify/key.ts";
import { verifyArchives } from "../../services/audit/verify/verify-archives.ts";
import { verifyChains } from "../../services/audit/verify/verify-chains.ts";
import { readConfig } from "../config.ts";

const usage =
  "audit verify [--user ID] [--without-archives], audit reconcile [--wait SECONDS] [--repair], or audit restore YYYY-MM [--days N]";
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const DAY_MS = 86_400_000;

interface Opened {
  readonly database: Database;
  readonly store: LineStore;
  readonly signer: HeadSigner;
}

/**
 * `taskflow audit verify|reconcile|restore`, on the database that TaskFlow runs on. Exit code 1 when something is
 * wrong.
 */
export async function audit(args: readonly string[]): Promise<void> {
  const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options });
  const [action, ...rest] = positionals;
  const envFile = values["env-file"];
  const work = workOf(action, rest, values);
  await onDatabase(envFile === undefined ? {} : { envFile }, work);
}

const text = { type: "string" } as const;
const flag = { type: "boolean" } as const;
const options = {
  user: text,
  "without-archives": flag,
  wait: { ...text, default: "0" },
  repair: flag,
  days: { ...text, default: "30" },
  "env-file": text,
} as const;

interface Values {
  readonly user?: string;
  readonly "without-archives"?: boolean;
  readonly wait: string;
  readonly repair?: boolean;
  readonly days: string;
}

function workOf(
  action: string | undefined,
  rest: readonly string[],
  values: Values,
): (opened: Opened) => Promise<void> {
  const [month] = rest;
  if (action === "verify" && rest.length === 0) {
    if (values.user !== undefined && !uuid.test(values.user)) throw new Refusal("--user is the id of a user.");
    return (opened) => verify(opened, values.user, values.user === undefined && values["without-archives"] !== true);
  }
  if (action === "reconcile" && rest.length === 0)
    return (opened) => compare(opened, numberOf("wait", values.wait), values.repair === true);
  if (action === "restore" && month !== undefined && rest.length === 1) {
    if (!/^\d{4}-(0[1-9]|1[0-2])$/.test(month)) throw new Refusal("A month is written 2026-03.");
    return (opened) => restore(opened, month, numberOf("days", values.days));
  }
  throw new Refusal(`Say ${usage}.`);
}

function numberOf(name: string, value: string): number {
  const number = Number(value);
  if (!Number.isInteger(number) || number < 0 || number > 36_500) throw new Refusal(`--${name} is a whole number.`);
  return number;
}

async function onDatabase(input: { envFile?: string }, work: (opened: Opened) => Promise<void>): Promise<void> {
  const { databaseUrl, dataDir, auditDir, auditKey } = readConfig(process.env, input);
  const url = databaseUrl ?? (await runningServerUrl(dataDir));
  if (url === undefined)
    throw new Refusal(`TaskFlow does not run on ${dataDir}; start it first, or name its database in DATABASE_URL.`);
  const database = createDatabase({
    url,
    connections: 2,
    applicationName: "taskflow audit",
    onConnectionError: () => undefined,
    unlimited: true,
  });
  try {
    await work({ database, store: createLineFolder(auditDir), signer: createHeadSigner(auditKey) });
  } finally {
    await database.close();
  }
}

/** Proves the history and prints what was read. @throws Refusal when it is broken, or the key is another one. */
export async function verify(opened: Opened, user: string | undefined, withArchives: boolean): Promise<void> {
  if (await isWrongKey(opened.database, opened.signer))
    throw new Refusal(
      "TASKFLOW_AUDIT_KEY is not the key that this history was signed with: none of its signatures is of this key. Give the right one; the history itself was not looked at.",
    );
  const startedAt = performance.now();
  const chains = await verifyChains(opened, user);
  // A mistyped id must not be told that all is well.
  if (user !== undefined && chains.users === 0 && chains.breaks.length === 0)
    throw new Refusal(`There is no history of a user ${user}.`);
  const archives = withArchives ? await verifyArchives(opened) : { archives: 0, rows: 0, erased: 0, breaks: [] };
  for (const { user_id, sequence, reason } of chains.breaks)
    print(`user ${user_id}, sequence ${sequence}: ${reason}\n`);
  for (const { archive, reason } of archives.breaks) print(`archive ${archive}: ${reason}\n`);
  const seconds = (performance.now() - startedAt) / 1_000;
  const fromArchives =
    archives.archives === 0 ? "" : `, ${archives.rows} of them read in ${counted(archives.archives, "archive")}`;
  print(
    `${counted(chains.rows, "row")} of ${counted(chains.users, "user")}${fromArchives}, in ${seconds.toFixed(1)} s\n`,
  );
  const erased = chains.erased + archives.erased;
  if (erased > 0) print(`${erased} of them were erased with their accounts and are proven by what is left of them.\n`);
  const broken = chains.breaks.length + archives.breaks.length;
  if (broken > 0) throw new Refusal(`The history is broken in ${counted(broken, "place")}.`);
  print("The history is whole.\n");
}

/** Compares the event log with the history. @throws Refusal when they differ. */
export async function compare({ database, signer }: Opened, waitSeconds: number, mend: boolean): Promise<void> {
  let found = await settled(database, waitSeconds);
  if (mend && found.differences.some(({ kind }) => kind === "missing")) {
    const recorder = createRecorder({
      database,
      clock: { now: () => Date.now() },
      metrics: createMetrics(),
      signer,
      partitions: createPartitions(database),
    });
    print(
      `${await repair({ eventLog: createEventLog(database), recorder }, found.differences)} entries were read from the event log.\n`,
    );
    found = await reconcile(database);
  }
  const { events, underway, differences } = found;
  for (const { user_id, sequence, kind } of differences) print(`user ${user_id}, sequence ${sequence}: ${kind}\n`);
  print(`${events} events in the log, ${underway} of them still in the outbox\n`);
  if (differences.length > 0)
    throw new Refusal(`The event log and the history differ in ${counted(differences.length, "place")}.`);
  if (waitSeconds > 0 && underway > 0)
    throw new Refusal(`${underway} events are still in the outbox after ${waitSeconds} s.`);
  print("What is in the event log is in the history, and nothing else.\n");
}

/** Looks again until nothing is on its way and nothing differs, or the time is over. */
async function settled(database: Database, waitSeconds: number): Promise<Reconciliation> {
  const end = performance.now() + waitSeconds * 1_000;
  for (;;) {
    const found = await reconcile(database);
    if ((found.underway === 0 && found.differences.length === 0) || performance.now() >= end) return found;
    await delay(500);
  }
}

async function restore(opened: Opened, month: string, days: number): Promise<void> {
  const until = new Date(Date.now() + days * DAY_MS);
  const rows = await restoreMonth(opened, month, until).catch((error: unknown) => {
    throw error instanceof Error && /^(there is no archive|the archive )/.test(error.message)
      ? new Refusal(`${error.message.replace(/^./, (letter) => letter.toUpperCase())}.`)
      : error;
  });
  print(`${rows} rows of ${month} are back until ${until.toISOString().slice(0, 10)}.\n`);
}

function counted(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? "" : "s"}`;
}

function print(text: string): void {
  process.stdout.write(text);
}
