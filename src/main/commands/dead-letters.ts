import { parseArgs } from "node:util";
import { v7 as uuidv7 } from "uuid";
import { createDatabase } from "../../adapters/db/database.ts";
import { runningServerUrl } from "../../adapters/db/embedded/running-server.ts";
import { createDeadLetters } from "../../adapters/dead-letters.ts";
import { Refusal } from "../../adapters/refusal.ts";
import type { DeadLetter, DeadLetters } from "../../ports.ts";
import { readConfig } from "../config.ts";

const usage = "dead-letters list [--consumer NAME] [--limit N], or dead-letters replay [--consumer NAME] [--id ID]";
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/**
 * `taskflow dead-letters list|replay`: the events that a consumer could not take, on the database that TaskFlow runs
 * on.
 */
export async function deadLetters(args: readonly string[]): Promise<void> {
  const text = { type: "string" } as const;
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { consumer: text, id: text, limit: { ...text, default: "100" }, "env-file": text },
  });
  const [action, ...rest] = positionals;
  if (rest.length > 0 || (action !== "list" && action !== "replay")) throw new Refusal(`Say ${usage}.`);
  if (values.id !== undefined && (action === "list" || !uuid.test(values.id)))
    throw new Refusal("--id names one dead letter to replay, as list shows it.");
  const consumer = values.consumer === undefined ? {} : { consumer: values.consumer };
  const envFile = values["env-file"] === undefined ? {} : { envFile: values["env-file"] };
  await onDatabase(envFile, async (letters) => {
    if (action === "list") return list(letters, { ...consumer, limit: limitOf(values.limit) });
    await replay(letters, { ...consumer, ...(values.id === undefined ? {} : { id: values.id }) });
  });
}

function limitOf(value: string): number {
  const limit = Number(value);
  if (!Number.isInteger(limit) || limit < 1) throw new Refusal("--limit is a number, 1 or more.");
  return limit;
}

async function onDatabase(options: { envFile?: string }, work: (letters: DeadLetters) => Promise<void>): Promise<void> {
  const { databaseUrl, dataDir } = readConfig(process.env, options);
  const url = databaseUrl ?? (await runningServerUrl(dataDir));
  if (url === undefined)
    throw new Refusal(`TaskFlow does not run on ${dataDir}; start it first, or name its database in DATABASE_URL.`);
  const database = createDatabase({
    url,
    connections: 1,
    applicationName: "taskflow dead-letters",
    onConnectionError: () => undefined,
  });
  try {
    await work(createDeadLetters(database, uuidv7));
  } finally {
    await database.close();
  }
}

async function list(letters: DeadLetters, page: { consumer?: string; limit: number }): Promise<void> {
  const found = await letters.list(page);
  print(found.length === 0 ? "There are no dead letters.\n" : found.map(lines).join("\n"));
  if (found.length === page.limit) print(`\nThe first ${page.limit}; --limit shows more.\n`);
}

async function replay(letters: DeadLetters, which: { consumer?: string; id?: string }): Promise<void> {
  const count = await letters.requestReplay(which);
  if (count === 0) throw new Refusal("There is no such dead letter.");
  print(
    `${count} ${count === 1 ? "dead letter goes" : "dead letters go"} to ${count === 1 ? "its consumer" : "their consumers"} again, as soon as the service runs. What fails again stays in the list.\n`,
  );
}

/** Never the task itself: it is the user's. */
function lines({ id, consumer, event, reason, attempts, failed_at, replay_requested_at }: DeadLetter): string {
  const { event_type, task_id } = (typeof event === "object" && event !== null ? event : {}) as {
    event_type?: unknown;
    task_id?: unknown;
  };
  const what = typeof event_type === "string" ? `${event_type} of task ${String(task_id)}` : "no event";
  const asked = replay_requested_at === null ? "" : `\n  replay asked for at ${replay_requested_at}`;
  return `${id}  ${failed_at}  ${consumer}\n  ${what}\n  after ${attempts} ${attempts === 1 ? "try" : "tries"}: ${reason}${asked}\n`;
}

function print(text: string): void {
  process.stdout.write(text);
}
