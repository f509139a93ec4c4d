import assert from "node:assert/strict";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import formats from "ajv-formats";
import { Problem, type ProblemCode, problems } from "../../src/contract/problem.ts";

export interface SeenAnswer {
  readonly method: string;
  /** From the root, with its query. */
  readonly path: string;
  readonly status: number;
  readonly contentType: string;
  readonly body: unknown;
}

export interface OpenApiDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, OpenApiOperation>>>>;
}

export interface OpenApiOperation {
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: "path" | "query" | "header";
    readonly schema: object;
  }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: object }>> };
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { readonly schema: object }>> }>
  >;
  readonly security?: readonly object[];
}

/** The document a server gives of itself. */
export const readOpenApi = async (url: string): Promise<OpenApiDocument> =>
  (await (await fetch(`${url}/openapi.json`)).json()) as OpenApiDocument;

/**
 * Asserts that an answer is one the server's own OpenAPI document allows, and that a refusal is a problem document of
 * the table.
 */
export const createAnswerCheck = (url: string): ((answer: SeenAnswer) => Promise<void>) => {
  let schemas: Promise<AnswerSchemas> | undefined;
  return async (answer) => {
    const where = `${answer.method} ${answer.path} answered ${answer.status}`;
    if (answer.status >= 400) return assertProblem(answer, where);
    schemas ??= readOpenApi(url).then(compileAnswers);
    const validate = (await schemas)(answer);
    assert.ok(validate, `${where}, which the OpenAPI document does not know`);
    assert.ok(
      validate(answer.body ?? null),
      `${where} with a body its schema refuses: ${JSON.stringify(validate.errors)}`,
    );
  };
};

type AnswerSchemas = (answer: SeenAnswer) => ValidateFunction | undefined;

const newAjv = (): Ajv2020 => formats.default(new Ajv2020({ strict: false, allErrors: true }));

const compileAnswers = ({ paths }: OpenApiDocument): AnswerSchemas => {
  const ajv = newAjv();
  const compiled = new Map<object, ValidateFunction>();
  // What is more literal comes first: `/tasks/bulk` is not `/tasks/{id}`.
  const templates = Object.entries(paths)
    .map(([template, operations]) => ({
      pattern: new RegExp(`^${template.replace(/\{\w+\}/g, "[^/]+")}$`),
      operations,
      holes: template.split("{").length,
    }))
    .toSorted((one, other) => one.holes - other.holes);
  return ({ method, path, status, contentType }) => {
    const [plain = ""] = path.split("?");
    const operation = templates.find(({ pattern }) => pattern.test(plain))?.operations[method.toLowerCase()];
    const response = operation?.responses[status];
    if (response === undefined) return undefined;
    const schema =
      response.content === undefined ? { type: "null" } : response.content[contentType.split(";")[0] ?? ""]?.schema;
    if (schema === undefined) return undefined;
    const validate = compiled.get(schema) ?? ajv.compile(schema);
    compiled.set(schema, validate);
    return validate;
  };
};

const isProblem = newAjv().compile(Problem);

const assertProblem = ({ status, contentType, body }: SeenAnswer, where: string): void => {
  assert.match(contentType, /^application\/problem\+json/, where);
  assert.ok(isProblem(body), `${where} with no problem document: ${JSON.stringify(body)}`);
  const { code } = body as Problem;
  assert.equal(problems[code as ProblemCode]?.status, status, `${where} with the code ${code}`);
  assert.equal((body as Problem).status, status, where);
};
