import { createDatabase } from "../../../src/adapters/db/database.ts";
import { reconcile } from "../../../src/services/audit/reconcile.ts";
import { createClient } from "../../harness/client.ts";
import { waitFor } from "../../infra/process.ts";
import type { FiveServices } from "../../services/five-services.ts";
import { createLedger, judge, type Rest, type Verdict } from "../ledger.ts";
import { startLoad } from "../load.ts";
import { readRest } from "../rest.ts";
import { followStream, type Follower } from "./follower.ts";

const USERS = 3;
/** How long a screen may need to catch up with everything, after the worst. */
const ARRIVAL_MS = 240_000;

/** People who write all the time, each with a screen open, whatever dies. */
export interface Workload {
  /** Writes that were answered so far. */
  readonly answered: () => number;
  /**
   * Stops writing, waits until everything has arrived everywhere, holds it against what was answered, and goes on
   * writing.
   */
  readonly settle: () => Promise<Verdict>;
  readonly stop: () => Promise<void>;
}

export async function startWorkload({ url, databaseUrl }: FiveServices): Promise<Workload> {
  const client = createClient(url);
  const users = await Promise.all(Array.from({ length: USERS }, () => client.register()));
  const screens = users.map(({ userId, token }) => ({ userId, screen: followStream(url, token) }));
  const ledger = createLedger();
  const start = () => startLoad({ url, users, writersPerUser: 1, ledger });
  let load = start();
  return {
    answered: () => ledger.answered,
    async settle() {
      await load.stop();
      const rest = await readRest(databaseUrl);
      const verdict = judge(ledger, rest);
      const effects = await Promise.all([
        ...screens.map(({ userId, screen }) => judgeScreen(screen, userId, rest)),
        judgeHistory(databaseUrl, rest),
      ]);
      load = start();
      return {
        ...verdict,
        lost: verdict.lost + effects.reduce((sum, { lost }) => sum + lost, 0),
        doubled: verdict.doubled + effects.reduce((sum, { doubled }) => sum + doubled, 0),
      };
    },
    async stop() {
      await load.stop();
      for (const { screen } of screens) screen.stop();
    },
  };
}

interface Effects {
  readonly lost: number;
  readonly doubled: number;
}

/** A screen shows every event of its user, each once. What came after the rest was read is not of it. */
async function judgeScreen(screen: Follower, userId: string, { heads }: Rest): Promise<Effects> {
  const head = heads.get(userId) ?? 0;
  await waitFor(() => screen.newest() >= head, { what: `a screen to show ${head} events`, timeoutMs: ARRIVAL_MS });
  const shown = screen.sequences.filter((sequence) => sequence <= head);
  const distinct = new Set(shown).size;
  return { lost: head - distinct, doubled: shown.length - distinct };
}

/** The history has a row for every event, and one only; as `taskflow audit reconcile` finds it. */
async function judgeHistory(databaseUrl: string, { events }: Rest): Promise<Effects> {
  const database = createDatabase({
    url: databaseUrl,
    connections: 1,
    applicationName: "taskflow fault test",
    onConnectionError: () => undefined,
  });
  const recorded = async () =>
    (
      await database.prepared<{ rows: number; events: number }>(
        "recorded",
        "SELECT count(*) AS rows, count(DISTINCT event_id) AS events FROM task_events",
        [],
      )
    )[0] ?? { rows: 0, events: 0 };
  try {
    await waitFor(async () => (await recorded()).events >= events.length, {
      what: `a history of ${events.length} events`,
      timeoutMs: ARRIVAL_MS,
    });
    // What Kafka still has is in neither; what is extra or different stays so.
    const isSame = async (): Promise<boolean> => {
      const { underway, differences } = await reconcile(database);
      return underway === 0 && differences.length === 0;
    };
    await waitFor(isSame, {
      what: "the history to have what the event log has, and nothing else",
      timeoutMs: ARRIVAL_MS,
    });
    const { rows, events: distinct } = await recorded();
    return { lost: Math.max(0, events.length - distinct), doubled: rows - distinct };
  } finally {
    await database.close();
  }
}
