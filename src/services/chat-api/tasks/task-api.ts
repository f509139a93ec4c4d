import type { TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import type { FastifyInstance } from "fastify";
import type { Database } from "../../../adapters/db/database.ts";
import { KeepOccurrences, KeptOccurrences } from "../../../contract/occurrences.ts";
import { DomainError } from "../../../contract/problem.ts";
import type { TaskApi } from "../../../ports.ts";
import type { TaskUseCases } from "./use-cases.ts";

/** What other services may ask of tasks, as the system acting for a user whose account is open. */
export const createTaskApi = ({
  database,
  useCases,
  newId,
}: {
  database: Database;
  useCases: TaskUseCases;
  newId: () => string;
}): TaskApi => ({
  async keepOccurrences({ user_id, plans }) {
    const account = await database.prepared("open-account", "SELECT FROM users WHERE id = $1 AND disabled_at IS NULL", [
      user_id,
    ]);
    if (account.length === 0) throw new DomainError("forbidden", "this account is closed or disabled");
    return useCases.keepOccurrences(
      { userId: user_id, actorId: "recurring-processor", actorKind: "system", correlationId: newId() },
      plans,
    );
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
