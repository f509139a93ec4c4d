import type { Database } from "../../../adapters/db/database.ts";
import type { NotificationPreferencesPatch } from "../../../contract/notification.ts";
import {
  choicesOf,
  type Choices,
  noPreferences,
  type StoredPreferences,
} from "../../../domain/notification/preferences.ts";

/** What a user wants, and the zone they are in. */
export interface UserPreferences extends StoredPreferences {
  /** The IANA zone of their account; undefined for an account that is closed. */
  readonly zone: string | undefined;
}

export interface PreferenceStore {
  /** Those of many users, and the database's time (epoch ms), which is the same for every process. */
  read(userIds: readonly string[]): Promise<{ readonly of: (userId: string) => UserPreferences; readonly now: number }>;
  /** Changes what is given and answers the whole; undefined for an account that is closed. */
  change(userId: string, patch: NotificationPreferencesPatch): Promise<StoredPreferences | undefined>;
}

interface Row {
  readonly quiet_start: string | null;
  readonly quiet_end: string | null;
  readonly critical_only: boolean;
  readonly choices: Choices;
}

const readStatement = `
SELECT u.user_id, p.quiet_start, p.quiet_end, coalesce(p.critical_only, false) AS critical_only,
  coalesce(p.choices, '{}') AS choices, h.time_zone, now() AS now
FROM unnest($1::uuid[]) AS u (user_id)
  LEFT JOIN notification_preferences p USING (user_id)
  LEFT JOIN event_heads h USING (user_id)`;

const changeStatement = `
INSERT INTO notification_preferences AS p (user_id, quiet_start, quiet_end, critical_only, choices)
SELECT user_id, $3, $4, coalesce($5, false), $6::jsonb FROM event_heads WHERE user_id = $1
ON CONFLICT (user_id) DO UPDATE SET
  quiet_start = CASE WHEN $2 THEN $3 ELSE p.quiet_start END,
  quiet_end = CASE WHEN $2 THEN $4 ELSE p.quiet_end END,
  critical_only = coalesce($5, p.critical_only),
  choices = p.choices || $6::jsonb
RETURNING quiet_start, quiet_end, critical_only, choices`;

export const createPreferenceStore = (database: Pick<Database, "prepared">): PreferenceStore => ({
  async read(userIds) {
    const rows = await database.prepared<Row & { user_id: string; time_zone: string | null; now: Date }>(
      "preferences-read",
      readStatement,
      [[...new Set(userIds)]],
    );
    const byUser = new Map(rows.map((row) => [row.user_id, { ...storedOf(row), zone: row.time_zone ?? undefined }]));
    return {
      of: (userId) => byUser.get(userId) ?? { ...noPreferences, zone: undefined },
      now: rows[0]?.now.getTime() ?? 0,
    };
  },
  async change(userId, { quiet_hours, critical_only, events = {} }) {
    const values = [
      userId,
      quiet_hours !== undefined,
      quiet_hours?.start ?? null,
      quiet_hours?.end ?? null,
      critical_only ?? null,
      JSON.stringify(choicesOf(events)),
    ];
    const [row] = await database.prepared<Row>("preferences-change", changeStatement, values);
    return row && storedOf(row);
  },
});

const storedOf = ({ quiet_start, quiet_end, critical_only, choices }: Row): StoredPreferences => ({
  quietHours: quiet_start === null || quiet_end === null ? null : { start: quiet_start, end: quiet_end },
  criticalOnly: critical_only,
  choices,
});
