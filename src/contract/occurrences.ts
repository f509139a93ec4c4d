import { type Static, Type } from "typebox";
import { Nullable, Uuid } from "./scalars.ts";
import { Task } from "./task.ts";

/**
 * What the recurring processor asks of the owner of tasks, for one user: dates that series must have. Not for clients.
 */
export const KeepOccurrences = Type.Object(
  {
    user_id: Uuid,
    plans: Type.Array(
      Type.Object(
        {
          series_id: Uuid,
          series_version: Type.Integer({
            minimum: 1,
            description: "Of the series that the dates were planned from; another one is answered `stale`",
          }),
          dates: Type.Array(Type.String({ maxLength: 30 }), { maxItems: 600 }),
          passed_over: Nullable(Type.String({ maxLength: 60 })),
        },
        { additionalProperties: false },
      ),
      { minItems: 1, maxItems: 200 },
    ),
  },
  { additionalProperties: false },
);
export type KeepOccurrences = Static<typeof KeepOccurrences>;
export type OccurrencePlan = KeepOccurrences["plans"][number];

export const KeptOccurrences = Type.Object({
  series: Type.Array(
    Type.Union([
      Type.Object({ series_id: Uuid, outcome: Type.Enum(["kept", "stale"]), series: Task }),
      Type.Object({ series_id: Uuid, outcome: Type.Literal("gone") }),
    ]),
  ),
});
export type KeptOccurrences = Static<typeof KeptOccurrences>;
export type KeptSeries = KeptOccurrences["series"][number];
