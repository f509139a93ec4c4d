import type pg from "pg";
import type { Database } from "../db/database.ts";

/** One of several processes, by a session lock that PostgreSQL gives back the moment the holder's connection ends. */
export interface Leadership {
  /** Whether this process leads; tries to when it does not. */
  lead(): Promise<boolean>;
  resign(): Promise<void>;
}

export const createLeadership = (database: Database, name: string): Leadership => {
  let client: pg.Client | undefined;
  let leads = false;

  const connected = async (): Promise<pg.Client> => {
    if (client !== undefined) return client;
    const opened = await database.connect();
    opened.once("end", () => {
      client = undefined;
      leads = false;
    });
    client = opened;
    return opened;
  };

  return {
    async lead() {
      if (leads) return true;
      const connection = await connected();
      const { rows } = await connection.query<{ leads: boolean }>("SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS leads", [name]);
      leads = rows[0]?.leads ?? false;
      return leads;
    },
    async resign() {
      await client?.end().catch(() => undefined);
    },
  };
};
