import type { Channel, NotificationType } from "../../contract/notification.ts";
import type { OutdatedReason } from "./outdated.ts";
import { isWanted, type StoredPreferences } from "./preferences.ts";
import { endOfQuiet } from "./quiet-hours.ts";

/** Why a channel is not used for a notification. */
export type SuppressionReason = OutdatedReason | "preference" | "critical_only";

/** What is done with a notification on a channel. Instants are epoch ms. */
export type Decision =
  | { readonly kind: "deliver" }
  | { readonly kind: "suppress"; readonly reason: SuppressionReason }
  | { readonly kind: "put off"; readonly until: number };

export interface DecisionInput {
  readonly type: NotificationType;
  readonly critical: boolean;
  readonly channel: Channel;
  readonly preferences: StoredPreferences;
  /** The user's zone; undefined while it is not known, and then no hours are quiet. */
  readonly zone: string | undefined;
  readonly now: number;
  readonly outdated: OutdatedReason | undefined;
}

/**
 * What is done with a notification on a channel now. A test is what its user asks for at this moment, and a digest is
 * of what was decided one by one. The inbox makes no sound, so that no hour is quiet for it; what is critical comes in
 * quiet hours too.
 */
export const decide = (input: DecisionInput): Decision => {
  const { type, critical, channel, preferences, outdated } = input;
  if (type === "test") return { kind: "deliver" };
  if (outdated !== undefined) return { kind: "suppress", reason: outdated };
  if (type !== "digest" && !isWanted(preferences, type, channel)) return { kind: "suppress", reason: "preference" };
  if (type !== "digest" && preferences.criticalOnly && !critical) return { kind: "suppress", reason: "critical_only" };
  const until = critical || channel === "inbox" ? undefined : quietUntil(input);
  return until === undefined ? { kind: "deliver" } : { kind: "put off", until };
};

const quietUntil = ({ preferences, zone, now }: DecisionInput): number | undefined =>
  preferences.quietHours === null || zone === undefined ? undefined : endOfQuiet(preferences.quietHours, zone, now);
