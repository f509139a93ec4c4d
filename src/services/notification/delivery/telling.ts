import type { Channel } from "../../../contract/notification.ts";
import { decide, type Decision } from "../../../domain/notification/decision.ts";
import { outdatedBecause, type OutdatedReason } from "../../../domain/notification/outdated.ts";
import { digestOf } from "../../../domain/notification/words.ts";
import type { ChangedTask, DueNotification } from "../../../ports.ts";
import type { UserPreferences } from "../preferences/preference-store.ts";
import type { Outcome, Waiting } from "./queue.ts";
import { toNotification } from "./rows.ts";

/** What is known at the moment of delivery. */
export interface Present {
  readonly channel: Channel;
  readonly of: (userId: string) => UserPreferences;
  /** The tasks that were changed since, by their ids. */
  readonly changed: ReadonlyMap<string, ChangedTask>;
  readonly now: number;
}

/** One thing to tell, and what is settled by telling it. */
export interface Telling {
  readonly due: DueNotification;
  /** The delivery that was claimed, and its tries: it is tried again when this one fails. */
  readonly claimed: { readonly id: string; readonly attempts: number };
  /** What else has its outcome with this one. */
  readonly settles: readonly Outcome[];
}

/** What is done with a claimed delivery. */
export type Step =
  | { readonly kind: "tell"; readonly telling: Telling; readonly outcomes: readonly Outcome[] }
  | { readonly kind: "settle"; readonly outcomes: readonly Outcome[] }
  | { readonly kind: "put off"; readonly waiting: Waiting; readonly until: number };

const suppressed = (id: string, reason: string): Outcome => ({ id, status: "suppressed", reason });

/** What is done with one that stands alone. */
export const stepOf = (waiting: Waiting, present: Present): Step => {
  const decision = decisionOn(waiting, present);
  if (decision.kind === "put off") return { kind: "put off", waiting, until: decision.until };
  if (decision.kind === "suppress")
    return { kind: "settle", outcomes: [suppressed(waiting.delivery_id, decision.reason)] };
  return { kind: "tell", telling: { due: dueOf(waiting), claimed: claimedOf(waiting), settles: [] }, outcomes: [] };
};

/** What is done with a digest: what is still so of it is told as one, and one alone as itself. */
export const stepOfDigest = (digest: Waiting, members: readonly Waiting[], present: Present): Step => {
  const own = decisionOn(digest, present);
  if (own.kind === "put off") return { kind: "put off", waiting: digest, until: own.until };
  const decided = members.map((member) => ({ member, decision: decisionOn(member, present) }));
  const outcomes = decided.flatMap(({ member, decision }) =>
    decision.kind === "suppress" ? [suppressed(member.delivery_id, decision.reason)] : [],
  );
  const still = decided.filter(({ decision }) => decision.kind !== "suppress").map(({ member }) => member);
  const [first] = still;
  if (first === undefined)
    return { kind: "settle", outcomes: [...outcomes, suppressed(digest.delivery_id, "nothing_left")] };
  const claimed = claimedOf(digest);
  if (still.length === 1)
    return {
      kind: "tell",
      telling: { due: dueOf(first), claimed, settles: [suppressed(digest.delivery_id, "one_left")] },
      outcomes,
    };
  const settles = still.map(({ delivery_id }): Outcome => ({ id: delivery_id, status: "delivered", reason: "digest" }));
  return { kind: "tell", telling: { due: dueOf(inWords(digest, still)), claimed, settles }, outcomes };
};

/** It was begun with the first that had to wait, and is made now. */
const inWords = (digest: Waiting, members: readonly Waiting[]): Waiting => ({
  ...digest,
  ...digestOf(members.map(({ title }) => title)),
  count: members.length,
  created_at: digest.due_at,
});

const claimedOf = ({ delivery_id, attempts }: Waiting) => ({ id: delivery_id, attempts });

const dueOf = (waiting: Waiting): DueNotification => ({
  deliveryId: waiting.delivery_id,
  userId: waiting.user_id,
  notification: toNotification(waiting),
});

const decisionOn = (waiting: Waiting, { channel, of, changed, now }: Present): Decision => {
  const { type, critical, user_id } = waiting;
  const preferences = of(user_id);
  return decide({
    type,
    critical,
    channel,
    preferences,
    zone: preferences.zone,
    now,
    outdated: outdatedOf(waiting, changed),
  });
};

const outdatedOf = (
  { type, task_id, sequence, reminder_id, occurred_at }: Waiting,
  changed: ReadonlyMap<string, ChangedTask>,
): OutdatedReason | undefined => {
  const change = changed.get(task_id ?? "");
  if (type === "digest" || type === "test" || change === undefined || change.sequence <= (sequence ?? 0))
    return undefined;
  return outdatedBecause({ type, reminderId: reminder_id, occurredAt: occurred_at.toISOString() }, change.task);
};
