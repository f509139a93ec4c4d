import { createDatabase } from "../adapters/db/database.ts";
import { migrate } from "../adapters/db/migrate.ts";
import { refreshTitleOrder } from "../adapters/db/title-order.ts";
import type { Logger } from "../ports.ts";

/** Brings the schema up to date; a change of a large table may take its time, so it has a connection without limits. */
export const runMigrations = async (url: string, log: Logger): Promise<void> => {
  const database = createDatabase({
    url,
    connections: 2,
    applicationName: "taskflow migrations",
    onConnectionError: () => undefined,
    unlimited: true,
  });
  try {
    const ran = await migrate(database.kysely);
    if (ran.length > 0) log.info({ migrations: ran }, "the schema is up to date");
    if (await refreshTitleOrder(database.kysely))
      log.info({}, "built the index of titles anew for this version of ICU");
  } finally {
    await database.close();
  }
};
