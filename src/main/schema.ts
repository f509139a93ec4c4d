import { createDatabase } from "../adapters/db/database.ts";
import { migrate, ownsSchema, requireSchema } from "../adapters/db/migrate.ts";
import { refreshTitleOrder } from "../adapters/db/title-order.ts";
import type { Logger } from "../ports.ts";
import { grantServiceTables } from "./grants.ts";

/**
 * Brings the schema up to date and, when that changed it or `grants` says always, gives the services' roles, where
 * there are any, their tables. Who does not own the schema only looks whether it is up to date, and is refused when it
 * is not. A change of a large table may take its time, so it has a connection without limits.
 */
export const runMigrations = async (
  url: string,
  log: Logger,
  { grants = "when changed" }: { readonly grants?: "when changed" | "always" } = {},
): Promise<void> => {
  const database = createDatabase({
    url,
    connections: 2,
    applicationName: "taskflow migrations",
    onConnectionError: () => undefined,
    unlimited: true,
  });
  try {
    if (!(await ownsSchema(database.kysely))) return await requireSchema(database.kysely);
    const ran = await migrate(database.kysely);
    if (ran.length > 0) log.info({ migrations: ran }, "the schema is up to date");
    if (await refreshTitleOrder(database.kysely))
      log.info({}, "built the index of titles anew for this version of ICU");
    const roles = ran.length > 0 || grants === "always" ? await grantServiceTables(database.kysely) : [];
    if (roles.length > 0) log.debug({ roles }, "the roles of the services have their tables");
  } finally {
    await database.close();
  }
};
