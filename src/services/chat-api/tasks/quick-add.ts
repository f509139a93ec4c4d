import type { QuickAddRequest } from "../../../contract/quick-add.ts";
import { invalidField } from "../../../contract/problem.ts";
import { isDayFirst } from "../../../domain/quick-add/day-order.ts";
import { english } from "../../../domain/quick-add/english.ts";
import { parseQuickAdd, type QuickAdd } from "../../../domain/quick-add/quick-add.ts";
import { toCivil } from "../../../domain/time-zone.ts";
import type { UserRow } from "../accounts/users.ts";
import { readZone } from "../accounts/zone.ts";

/**
 * Understands a line of text as its user means it. `now` in epoch ms.
 * @throws DomainError a 422 that names the field
 */
export const understand = (request: QuickAddRequest, user: UserRow, now: number): QuickAdd => {
  if (request.now !== undefined && request.dry_run !== true)
    throw invalidField("now", "goes with dry_run only: a task is added now");
  const zone = request.time_zone === undefined ? user.time_zone : readZone(request.time_zone);
  return parseQuickAdd(request.text, {
    now: toCivil(zone, request.now === undefined ? now : Date.parse(request.now)),
    weekStart: user.week_start === "sunday" ? 6 : 0,
    isDayFirst: isDayFirst(request.language, zone),
    allDayHour: user.all_day_hour,
    language: english,
    ...(request.dismissed === undefined ? {} : { dismissed: request.dismissed }),
  });
};
