import { Ajv, type AnySchema } from "ajv";
import formats from "ajv-formats";
import type { FastifyInstance } from "fastify";

const options = {
  removeAdditional: false,
  useDefaults: true,
  allErrors: false,
  discriminator: true,
  strict: true,
  strictRequired: false,
  allowUnionTypes: true,
  verbose: true,
} as const;

/** Bodies are taken at their word; the text of a query, a path or a header may stand for a number or a boolean. */
export const validateBySchema = (app: FastifyInstance): void => {
  const exact = formats.default(new Ajv({ ...options, coerceTypes: false }));
  // The library takes the text "Infinity" for a number, and would then leave it unbounded.
  const lenient = formats.default(new Ajv({ ...options, coerceTypes: true, strictNumbers: false }));
  app.setValidatorCompiler(({ schema, httpPart }) =>
    (httpPart === "body" ? exact : lenient).compile(schema as AnySchema),
  );
  // Answers are typed and tested against their schemas; a second serializer would be one more thing to disagree with.
  app.setSerializerCompiler(() => (data) => JSON.stringify(data));
};
