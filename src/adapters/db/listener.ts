import type { Logger } from "../../ports.ts";
import type { Database } from "./database.ts";

type Connection = Awaited<ReturnType<Database["connect"]>>;

export interface ListenerDeps {
  readonly database: Pick<Database, "connect">;
  readonly channel: string;
  readonly log: Logger;
  readonly onWord: () => void;
}

/**
 * Listens to the database on a connection of its own. Words that come while it has none are lost: look now and then.
 */
export interface Listener {
  /** Connects, when it is not connected. */
  keep(): Promise<void>;
  stop(): Promise<void>;
}

export const createListener = ({ database, channel, log, onWord }: ListenerDeps): Listener => {
  let connection: Connection | undefined;

  const connect = async (): Promise<void> => {
    const opened = await database.connect();
    opened.on("notification", onWord);
    opened.on("end", () => {
      if (connection === opened) connection = undefined;
    });
    await opened.query(`LISTEN ${channel}`);
    connection = opened;
    // What was said before.
    onWord();
  };

  return {
    async keep() {
      if (connection !== undefined) return;
      await connect();
      log.debug({ channel }, "listening");
    },
    async stop() {
      const open = connection;
      connection = undefined;
      await open?.end();
    },
  };
};
