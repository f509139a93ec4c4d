import type { Database } from "../../../adapters/db/database.ts";
import type { UserPatch } from "../../../contract/account.ts";
import type { Actor } from "../tasks/writer.ts";
import { openAccount, readUser, type UserRow } from "./users.ts";
import { readZone } from "./zone.ts";

export interface ProfileDeps {
  readonly database: Database;
  /** Moves the due dates and the head's zone, with an event for each task that moves; safe to repeat. */
  readonly moveToZone: (actor: Actor, zone: string) => Promise<void>;
}

/** The head's zone is the truth, the profile a copy of it; the lock keeps the two the same when two moves cross. */
const patchStatement = `
WITH head AS MATERIALIZED (SELECT time_zone FROM event_heads WHERE user_id = $1 FOR SHARE)
UPDATE users SET name = coalesce($2, name), week_start = coalesce($3, week_start), all_day_hour = coalesce($4, all_day_hour), time_zone = head.time_zone
FROM head WHERE id = $1 AND disabled_at IS NULL
RETURNING users.*`;

/** JSON merge patch of the profile: what is not sent does not change. */
export const createProfilePatch =
  ({ database, moveToZone }: ProfileDeps) =>
  async (actor: Actor, patch: UserPatch): Promise<UserRow> => {
    if (Object.keys(patch).length === 0) return readUser(database, actor.userId);
    if (patch.time_zone !== undefined) await moveToZone(actor, readZone(patch.time_zone));
    const values = [actor.userId, patch.name?.trim() ?? null, patch.week_start ?? null, patch.all_day_hour ?? null];
    const [row] = await database.prepared<UserRow>("patch-user", patchStatement, values);
    return openAccount(row);
  };
