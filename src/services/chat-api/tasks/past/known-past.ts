import type { Database } from "../../../../adapters/db/database.ts";
import { DomainError, invalidField } from "../../../../contract/problem.ts";
import type { KnownPast } from "../../../../contract/time-travel.ts";
import { whyNoDueDate } from "../../../../domain/due-date.ts";
import type { Clock } from "../../../../ports.ts";

/**
 * How far back a user's tasks are known: to the beginning of the account, or to the oldest event that is still kept.
 */
export const readKnownPast = async (
  { database, clock }: { database: Database; clock: Clock },
  userId: string,
): Promise<KnownPast> => {
  const [row] = await database.prepared<{ opened_at: Date; sequence: number | null; created_at: Date }>(
    "known-past",
    knownStatement,
    [userId],
  );
  if (row === undefined) throw new DomainError("unauthenticated", "this account is closed");
  const since = row.sequence === null || row.sequence === 1 ? row.opened_at : row.created_at;
  return { since: since.toISOString(), until: new Date(clock.now()).toISOString() };
};

const knownStatement = `
SELECT u.created_at AS opened_at, oldest.sequence, oldest.created_at FROM users u
LEFT JOIN LATERAL (SELECT sequence, created_at FROM events WHERE user_id = u.id ORDER BY sequence LIMIT 1) oldest ON true
WHERE u.id = $1 AND u.disabled_at IS NULL`;

/**
 * The moment (epoch ms) that a field names; one to come is now.
 * @throws DomainError a 422 for one from before the past is known; its `since` says from when on it is
 */
export const readMoment = ({ since, until }: KnownPast, field: string, text: string): number => {
  const moment = Date.parse(text.toUpperCase());
  if (Number.isNaN(moment)) throw invalidField(field, whyNoDueDate(text));
  if (moment < Date.parse(since))
    throw new DomainError("validation", `${field}: the past is known since ${since}`, {
      errors: [{ field, message: `must not be before ${since}` }],
      members: { since },
    });
  return Math.min(moment, Date.parse(until));
};
