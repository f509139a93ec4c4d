import swagger, { type StaticDocumentSpec } from "@fastify/swagger";
import swaggerUi from "@fastify/swagger-ui";
import fastify, { type FastifyInstance } from "fastify";
import { Problem } from "../../contract/problem.ts";
import type { Service } from "../../ports.ts";
import { prepareBody } from "./prepared-body.ts";

/** OpenAPI 3.1 from the schemas that validate, at `/openapi.json`, `/api/v1/openapi.json` and as pages at `/docs`. */
export const describeApi = async (
  app: FastifyInstance,
  services: readonly Service[],
  version: string,
): Promise<void> => {
  const document = await documentOf(services, version);
  const body = prepareBody({
    content: Buffer.from(JSON.stringify(document)),
    type: "application/json; charset=utf-8",
    cacheControl: "no-cache",
    isCompressible: true,
  });
  await app.register(swagger, { mode: "static", specification: { document } });
  for (const path of ["/openapi.json", "/api/v1/openapi.json"])
    app.get(path, (request, reply) => body.send(request, reply));
  await app.register(swaggerUi, { routePrefix: "/docs", staticCSP: true, uiConfig: { docExpansion: "list" } });
};

/** The library's types know no OpenAPI 3.1 where a document is given to it. */
type Document = NonNullable<StaticDocumentSpec["document"]>;

/** Made by a server of its own that nobody can reach: some of the routes may be answered by another process. */
const documentOf = async (services: readonly Service[], version: string): Promise<Document> => {
  const app = fastify();
  app.setValidatorCompiler(() => () => true);
  app.setSerializerCompiler(() => JSON.stringify);
  await app.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info: {
        title: "TaskFlow",
        version,
        description: "Tasks that are never lost, live on every screen. Errors are RFC 9457 problem documents.",
      },
      components: {
        securitySchemes: {
          token: {
            type: "http",
            scheme: "bearer",
            description: "An access token of a login, or a personal API token (`tf_…`)",
          },
        },
        schemas: { Problem },
      },
      security: [{ token: [] }],
    },
    transform: ({ schema, url, route }) => ({ schema: describeRoute(schema, route.config?.access === "public"), url }),
  });
  await app.register(async (api) => services.forEach((service) => service.routes(api)), { prefix: "/api/v1" });
  await app.ready();
  const document = app.swagger() as Document;
  await app.close();
  return document;
};

const refusal = {
  description: "A refusal, with a stable `code`",
  content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
};

/** Every route may refuse; a public one needs no token. */
const describeRoute = <S extends object>(schema: S | undefined, isPublic: boolean): S => {
  const described = { ...schema } as S & { response?: object };
  return {
    ...described,
    ...(described.response === undefined ? {} : { response: { ...described.response, default: refusal } }),
    ...(isPublic ? { security: [] } : {}),
  };
};
