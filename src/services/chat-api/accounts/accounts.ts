import type { FastifyInstance } from "fastify";
import type { Database } from "../../../adapters/db/database.ts";
import type {
  AccessTokens,
  Clock,
  CredentialWatch,
  KeyedHash,
  Logger,
  PasswordHasher,
  SecretSource,
} from "../../../ports.ts";
import type { ReminderClock } from "../../../domain/reminder/instant.ts";
import type { Actor } from "../tasks/writer.ts";
import { createApiTokens } from "./api-tokens.ts";
import { createClosing } from "./closing.ts";
import { createCredentialChanges } from "./credential-changes.ts";
import { forgetErased } from "./erasure.ts";
import { deleteExpired } from "./expiry.ts";
import { createGuessDelay } from "./guess-delay.ts";
import { createProfilePatch } from "./profile.ts";
import { createRegistration } from "./registration.ts";
import { accountRoutes } from "./routes.ts";
import { createSessions } from "./sessions.ts";

export interface AccountsDeps {
  readonly database: Database;
  readonly clock: Clock;
  readonly passwords: PasswordHasher;
  readonly accessTokens: AccessTokens;
  readonly secrets: SecretSource;
  readonly keyedHash: KeyedHash;
  readonly newId: () => string;
  readonly credentials: Pick<CredentialWatch, "look">;
  /** What a change of the account does to its tasks; both are safe to repeat. */
  readonly tasks: {
    moveToClock(actor: Actor, clock: Partial<ReminderClock>): Promise<void>;
    purgeAll(actor: Actor): Promise<void>;
  };
  readonly registration: "open" | "closed";
  readonly rateLimits: boolean;
  readonly log: Logger;
}

export interface Accounts {
  routes(app: FastifyInstance): void;
  /** Deletes sessions, stream tickets and API tokens whose time is over, and what is left of closed accounts. */
  housekeeping(): Promise<void>;
}

/** Accounts, their sessions and their API tokens (spec §8). */
export const createAccounts = (deps: AccountsDeps): Accounts => {
  const routes = {
    database: deps.database,
    passwords: deps.passwords,
    sessions: createSessions(deps),
    apiTokens: createApiTokens(deps),
    register: createRegistration(deps),
    patchProfile: createProfilePatch({ database: deps.database, moveToClock: deps.tasks.moveToClock }),
    credentials: createCredentialChanges(deps),
    guessDelay: deps.rateLimits ? createGuessDelay() : undefined,
    closeAccount: createClosing({ ...deps, purgeAll: deps.tasks.purgeAll }),
  };
  return {
    routes: (app) => accountRoutes(app, routes),
    async housekeeping() {
      await deleteExpired(deps);
      await forgetErased(deps.database);
    },
  };
};
