import type { Database } from "../../../adapters/db/database.ts";
import type { UserPatch } from "../../../contract/account.ts";
import type { ReminderClock } from "../../../domain/reminder/instant.ts";
import { visibleText } from "../../../domain/visible-text.ts";
import type { Actor } from "../tasks/writer.ts";
import { openAccount, readUser, type UserRow } from "./users.ts";
import { readZone } from "./zone.ts";

export interface ProfileDeps {
  readonly database: Database;
  /** Moves the head's clock and what follows it, with an event for each task that moves; safe to repeat. */
  readonly moveToClock: (actor: Actor, clock: Partial<ReminderClock>) => Promise<void>;
}

/** The head's clock is the truth, the profile a copy of it; the lock keeps the two the same when two moves cross. */
const patchStatement = `
WITH head AS MATERIALIZED (SELECT time_zone, all_day_hour FROM event_heads WHERE user_id = $1 FOR SHARE)
UPDATE users SET name = coalesce($2, name), week_start = coalesce($3, week_start), all_day_hour = head.all_day_hour, time_zone = head.time_zone
FROM head WHERE id = $1 AND disabled_at IS NULL
RETURNING users.*`;

/** JSON merge patch of the profile: what is not sent does not change. */
export const createProfilePatch =
  ({ database, moveToClock }: ProfileDeps) =>
  async (actor: Actor, patch: UserPatch): Promise<UserRow> => {
    if (Object.keys(patch).length === 0) return readUser(database, actor.userId);
    const { time_zone, all_day_hour } = patch;
    const clock = {
      ...(time_zone === undefined ? {} : { zone: readZone(time_zone) }),
      ...(all_day_hour === undefined ? {} : { allDayHour: all_day_hour }),
    };
    if (Object.keys(clock).length > 0) await moveToClock(actor, clock);
    const values = [
      actor.userId,
      patch.name === undefined ? null : visibleText(patch.name.toWellFormed()),
      patch.week_start ?? null,
    ];
    const [row] = await database.prepared<UserRow>("patch-user", patchStatement, values);
    return openAccount(row);
  };
