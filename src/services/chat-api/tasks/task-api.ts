import type { TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import type { FastifyInstance } from "fastify";
import type { Database } from "../../../adapters/db/database.ts";
import { KeepOccurrences, KeptOccurrences } from "../../../contract/occurrences.ts";
import { DomainError } from "../../../contract/problem.ts";
import type { TaskApi } from "../../../ports.ts";
import { decideKeep } from "../../../domain/series/keep-series.ts";
import { occurrenceId, seriesContext } from "./series-context.ts";
import type { TaskWriter } from "./writer.ts";

/** What other services may ask of tasks, as the system acting for a user whose account is open. */
export const createTaskApi = ({
  database,
  writer,
  newId,
}: {
  database: Database;
  writer: TaskWriter;
  newId: () => string;
}): TaskApi => ({
  async keepOccurrences({ user_id, plans }) {
    const account = await database.prepared("open-account", "SELECT FROM users WHERE id = $1 AND disabled_at IS NULL", [
      user_id,
    ]);
    if (account.length === 0) throw new DomainError("forbidden", "this account is closed or disabled");
    const ids = plans.flatMap(({ series_id, dates }) => [
      series_id,
      ...dates.map((date) => occurrenceId(series_id, date)),
    ]);
    const actor = {
      userId: user_id,
      actorId: "recurring-processor",
      actorKind: "system",
      correlationId: newId(),
    } as const;
    const { body } = await writer.write(actor, ids, (tasks, context) => {
      const { changes, guards, answers } = decideKeep(tasks, plans, seriesContext(context, newId));
      return { changes, guards, status: 200, body: { series: answers }, derivedIds: true };
    });
    return { series: [...body.series] };
  },
});

/** `/internal`: for the other services, by the service token. In no description of the API. */
export const internalRoutes = (instance: FastifyInstance, taskApi: TaskApi): void => {
  instance.withTypeProvider<TypeBoxTypeProvider>().post(
    "/internal/occurrences",
    {
      bodyLimit: 8 * 1024 * 1024,
      config: { access: "service" },
      schema: { hide: true, body: KeepOccurrences, response: { 200: KeptOccurrences } },
    },
    (request) => taskApi.keepOccurrences(request.body),
  );
};
