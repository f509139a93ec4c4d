import type { Database } from "../../adapters/db/database.ts";
import { topics } from "../../contract/event.ts";
import type {
  Clock,
  Directory,
  EventLog,
  LineStore,
  Logger,
  Loop,
  Metrics,
  ProcessorShare,
  Service,
  StartLoop,
} from "../../ports.ts";
import { runRetention } from "./archive/retention.ts";
import { createBatcher } from "./batcher.ts";
import { createCatchUp } from "./catch-up.ts";
import { createHeadSigner } from "./chain.ts";
import { type Entry, entryOf } from "./entry.ts";
import { runErasures } from "./erasure.ts";
import { createHeadExport } from "./head-export.ts";
import { createPartitions } from "./partitions.ts";
import { createReads } from "./reads.ts";
import { createRecorder } from "./recorder.ts";
import { auditRoutes } from "./routes.ts";

export interface AuditSettings {
  /** Signs the heads; never changed. */
  readonly auditKey: string;
  /** Whole months that stay in the database; 0 keeps all. */
  readonly auditRetentionMonths: number;
}

export interface AuditDeps {
  readonly database: Database;
  readonly eventLog: EventLog;
  readonly directory: Directory;
  readonly processorShare: ProcessorShare;
  readonly store: LineStore;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly startLoop: StartLoop;
  readonly newId: () => string;
  readonly settings: AuditSettings;
}

const name = "audit-logger";

/**
 * Batches of 100 or 1 s, whichever is first (spec §6), and earlier when nothing more is coming. One is made while the
 * database writes another one.
 */
const batches = { most: 100, longestMs: 1_000, quietMs: 3, atOnce: 2 } as const;
const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;

/** The audit logger: the history that cannot be changed, its archives, and who may read it. */
export const createAuditService = (deps: AuditDeps): Service => {
  const { database, startLoop, clock, settings } = deps;
  const signer = createHeadSigner(settings.auditKey);
  const partitions = createPartitions(database);
  const recorder = createRecorder({ ...deps, signer, partitions });
  const batcher = createBatcher<Entry>({ ...batches, flush: recorder.record });
  const catchUp = createCatchUp({ ...deps, recorder });
  const heads = createHeadExport(deps);
  let loops: readonly Loop[] = [];

  return {
    name,
    subscriptions: [{ consumer: name, topics: Object.values(topics), handle: (event) => batcher.add(entryOf(event)) }],
    routes: (app) => auditRoutes(app, { ...deps, reads: createReads(deps) }),
    async start() {
      await partitions.makeAhead(clock.now());
      loops = [
        startLoop("history waiting", SECOND_MS, () => catchUp.chainWaiting()),
        startLoop("history heads", 10 * MINUTE_MS, () => catchUp.compareHeads()),
        startLoop("signed heads", 10 * SECOND_MS, () => heads.run()),
        startLoop("history partitions", 60 * MINUTE_MS, () => partitions.makeAhead(clock.now())),
        startLoop("history erasure", 10 * SECOND_MS, () => runErasures({ ...deps, signer })),
        startLoop("history retention", 60 * MINUTE_MS, (signal) =>
          runRetention({ ...deps, signer, partitions, months: settings.auditRetentionMonths }, signal),
        ),
      ];
    },
    async stop() {
      await batcher.stop();
      await Promise.all(loops.map((loop) => loop.stop()));
      if (loops.length > 0)
        await heads
          .run()
          .catch((error: unknown) =>
            deps.log.warn({ err: error }, "the signed heads are exported after the next start"),
          );
    },
    missing: async () => (loops.length === 0 ? ["the history is not started"] : []),
  };
};
