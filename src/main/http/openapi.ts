import swagger from "@fastify/swagger";
import swaggerUi from "@fastify/swagger-ui";
import type { FastifyInstance } from "fastify";
import { Problem } from "../../contract/problem.ts";

/** OpenAPI 3.1 from the schemas that validate, at `/openapi.json`, `/api/v1/openapi.json` and as pages at `/docs`. */
export const describeApi = async (app: FastifyInstance, version: string): Promise<void> => {
  await app.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info: { title: "TaskFlow", version, description: "Tasks that are never lost, live on every screen. Errors are RFC 9457 problem documents." },
      components: {
        securitySchemes: { token: { type: "http", scheme: "bearer", description: "An access token of a login, or a personal API token (`tf_…`)" } },
        schemas: { Problem },
      },
      security: [{ token: [] }],
    },
    transform: ({ schema, url, route }) => ({ schema: describeRoute(schema, route.config?.access === "public"), url }),
  });
  app.get("/openapi.json", { schema: { hide: true } }, () => Promise.resolve(app.swagger()));
  app.get("/api/v1/openapi.json", { schema: { hide: true } }, () => Promise.resolve(app.swagger()));
  await app.register(swaggerUi, { routePrefix: "/docs", staticCSP: true, uiConfig: { docExpansion: "list" } });
};

const refusal = { description: "A refusal, with a stable `code`", content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } } };

/** Every route may refuse; a public one needs no token. */
const describeRoute = <S extends object>(schema: S | undefined, isPublic: boolean): S => {
  const described = { ...schema } as S & { response?: object };
  return {
    ...described,
    ...(described.response === undefined ? {} : { response: { ...described.response, default: refusal } }),
    ...(isPublic ? { security: [] } : {}),
  };
};
