import type pg from "pg";
import type { Database } from "../db/database.ts";

/** One of several processes, by a session lock that PostgreSQL gives back the moment the holder's connection ends. */
export interface Leadership {
  /** Whether this process leads; tries to when it does not. */
  lead(): Promise<boolean>;
  /** Tells whoever leads that there is work. Many calls at once are one message; one that is lost is no fault. */
  tell(): void;
  resign(): Promise<void>;
}

const CHANNEL = "taskflow_leader";

/** `onWork` is called when this process leads and there is work, by its own word or by another's. */
export const createLeadership = (database: Database, name: string, onWork: () => void): Leadership => {
  let client: pg.Client | undefined;
  let leads = false;
  let telling: Promise<void> | undefined;
  let more = false;

  const connected = async (): Promise<pg.Client> => {
    if (client !== undefined) return client;
    const opened = await database.connect();
    opened.once("end", () => {
      client = undefined;
      leads = false;
    });
    opened.on("notification", ({ payload }) => {
      if (leads && payload === name) onWork();
    });
    client = opened;
    await opened.query(`LISTEN ${CHANNEL}`);
    return opened;
  };

  /** On the connection of the lock: a NOTIFY within the writes themselves would make them wait for each other. */
  const tellOthers = async (): Promise<void> => {
    do {
      more = false;
      await client?.query("SELECT pg_notify($1, $2)", [CHANNEL, name]).catch(() => undefined);
    } while (more);
    telling = undefined;
  };

  return {
    async lead() {
      if (leads) return true;
      const connection = await connected();
      const { rows } = await connection.query<{ leads: boolean }>(
        "SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS leads",
        [name],
      );
      leads = rows[0]?.leads ?? false;
      return leads;
    },
    tell() {
      if (leads || client === undefined) return onWork();
      more = true;
      telling ??= tellOthers();
    },
    async resign() {
      await client?.end().catch(() => undefined);
    },
  };
};
