import { parseArgs } from "node:util";
import { Refusal } from "../../adapters/refusal.ts";
import { createLog } from "../log.ts";
import { readSettings } from "../read-settings.ts";
import { runMigrations } from "../schema.ts";

/**
 * `taskflow migrate`, with the DATABASE_URL of the schema's owner: what each service does at its start when it may, and
 * what must be done before it when each has a role of its own.
 */
export async function migrate(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({ args: [...args], options: { "env-file": { type: "string" } } });
  const envFile = values["env-file"];
  const { databaseUrl } = readSettings(process.env, envFile === undefined ? {} : { envFile });
  if (databaseUrl === undefined)
    throw new Refusal(
      "Say in DATABASE_URL which database; the one in a data folder is brought up to date at each start.",
    );
  await runMigrations(databaseUrl, createLog("warn"), { grants: "always" });
  process.stdout.write("The schema is up to date, and the services' roles have their tables.\n");
}
