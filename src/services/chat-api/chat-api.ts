import { type Database } from "../../adapters/db/database.ts";
import type {
  AccessTokens,
  Clock,
  CredentialWatch,
  KeyedHash,
  Logger,
  Loop,
  Metrics,
  PasswordHasher,
  ProcessorShare,
  ReminderStates,
  SecretSource,
  Service,
  StartLoop,
  TaskApi,
} from "../../ports.ts";
import { createAccounts } from "./accounts/accounts.ts";
import { createExecute } from "./execute.ts";
import { createHousekeeping } from "./housekeeping.ts";
import { reminderRoutes } from "./reminders/routes.ts";
import { createReminderAnswers } from "./reminders/answers.ts";
import { createClockMove } from "./tasks/clock-move.ts";
import { createEmptyTrash } from "./tasks/empty-trash.ts";
import { createTimeTravel } from "./tasks/past/time-travel.ts";
import { createPurge } from "./tasks/purge.ts";
import { createPurgeAll } from "./tasks/purge-all.ts";
import { taskRoutes } from "./tasks/routes.ts";
import { createTaskApi, internalRoutes } from "./tasks/task-api.ts";
import { createUndoHandles } from "./tasks/undo-handle.ts";
import { createUndo } from "./tasks/undo.ts";
import { createTaskWriter } from "./tasks/writer.ts";

export interface ChatApiDeps {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly startLoop: StartLoop;
  readonly newId: () => string;
  readonly passwords: PasswordHasher;
  readonly accessTokens: AccessTokens;
  readonly credentials: CredentialWatch;
  readonly secrets: SecretSource;
  readonly keyedHash: KeyedHash;
  readonly processorShare: ProcessorShare;
  readonly reminderStates: ReminderStates;
  /** Called after each commit that left events in the outbox. */
  readonly onCommitted: () => void;
  readonly settings: {
    readonly registration: "open" | "closed";
    readonly rateLimits: boolean;
    readonly trashDays: number;
    readonly eventRetentionDays: number;
  };
}

export interface ChatApi extends Service {
  /** For the services that run in this process. */
  readonly taskApi: TaskApi;
}

const HOUSEKEEPING_MS = 10 * 60_000;

/** The only writer of tasks and the only producer of task events. */
export const createChatApi = (deps: ChatApiDeps): ChatApi => {
  const { database, clock, startLoop, newId, settings } = deps;
  const undoHandles = createUndoHandles(deps.keyedHash);
  const writer = createTaskWriter({ ...deps, undoHandles });
  const execute = createExecute({ writer, newId });
  const purge = createPurge(writer);
  const taskApi = createTaskApi({ database, writer, newId });
  const tasks = { moveToClock: createClockMove(deps), purgeAll: createPurgeAll({ database, purge }) };
  const accounts = createAccounts({
    ...deps,
    tasks,
    registration: settings.registration,
    rateLimits: settings.rateLimits,
  });
  const housekeep = createHousekeeping({ ...deps, ...settings, purge });
  let loops: readonly Loop[] = [];

  return {
    name: "chat-api",
    subscriptions: [],
    taskApi,
    routes(app) {
      accounts.routes(app);
      taskRoutes(app, {
        database,
        clock,
        processorShare: deps.processorShare,
        execute,
        undo: createUndo({ database, writer, newId, undoHandles }),
        writer,
        timeTravel: createTimeTravel({ database, clock, writer, newId }),
        emptyTrash: createEmptyTrash({ database, purge }),
      });
      reminderRoutes(app, createReminderAnswers({ database, execute, states: deps.reminderStates }));
      internalRoutes(app, taskApi);
    },
    start() {
      // Each on its own: what cannot be tidied among the tasks does not keep accounts from it.
      loops = [
        startLoop("housekeeping", HOUSEKEEPING_MS, housekeep),
        startLoop("account-housekeeping", HOUSEKEEPING_MS, () => accounts.housekeeping()),
      ];
      return Promise.resolve();
    },
    async stop() {
      await Promise.all(loops.map((loop) => loop.stop()));
    },
    missing: () => Promise.resolve([]),
  };
};
