import type { FieldError } from "../../contract/problem.ts";
import { storableText } from "../../contract/scalars.ts";
import { whyNoDueDate } from "../../domain/due-date.ts";

/** What the validation library says of a value that a schema refuses; `parentSchema` is the schema of the value. */
export interface Failure {
  readonly keyword: string;
  readonly instancePath: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly message?: string;
  /** The value that is refused. */
  readonly data?: unknown;
  readonly parentSchema?: ValueSchema;
}

/** The part of a schema that says how a text is written. */
interface ValueSchema {
  readonly format?: string;
  readonly pattern?: string;
  readonly examples?: readonly unknown[];
  /** The kinds of an object, where a field tells them apart. */
  readonly oneOf?: readonly KindSchema[];
}

interface KindSchema {
  readonly properties?: Readonly<Record<string, { readonly const?: unknown; readonly enum?: readonly unknown[] }>>;
}

/**
 * The refused fields by the client's names, each with a sentence for people. `whole` names what is refused when no
 * field is.
 */
export const refusedFields = (failures: readonly Failure[], whole: string): readonly FieldError[] =>
  withoutAlternatives(failures).map((failure) => ({ field: fieldName(failure) || whole, message: sentence(failure) }));

/**
 * A field that may be null fails as one of two alternatives; what a person wants to know is what is wrong with the
 * value.
 */
const withoutAlternatives = (failures: readonly Failure[]): readonly Failure[] => {
  const telling = failures.filter(
    ({ keyword, params }) => keyword !== "anyOf" && !(keyword === "type" && params["type"] === "null"),
  );
  return telling.length === 0 ? failures.slice(0, 1) : telling;
};

/**
 * `/operations/3/title` and a missing `task` become `operations.3.title` and `operations.3.task`; `tag` is what tells
 * the kinds of an object apart.
 */
const fieldName = ({ instancePath, params }: Failure): string => {
  const named = params["missingProperty"] ?? params["additionalProperty"] ?? params["tag"];
  return [...instancePath.split("/").slice(1), ...(typeof named === "string" ? [named] : [])].join(".");
};

/** Every value of the field that tells the kinds of an object apart. */
const tagsOf = ({ params, parentSchema }: Failure): readonly string[] =>
  (parentSchema?.oneOf ?? []).flatMap(({ properties = {} }) => {
    const tag = properties[String(params["tag"])];
    return (tag?.enum ?? [tag?.const]).map(String);
  });

const sentence = (failure: Failure): string =>
  sentences[failure.keyword]?.(failure) ?? failure.message ?? "is not valid";

const sentences: Readonly<Record<string, (failure: Failure) => string>> = {
  type: ({ params }) =>
    `must be ${[params["type"]]
      .flat()
      .map((type) => types[String(type)] ?? String(type))
      .join(" or ")}`,
  format: (failure) => impossible(failure) ?? formOf(failure.parentSchema),
  pattern: (failure) => formOf(failure.parentSchema),
  enum: ({ params }) => `must be one of ${[params["allowedValues"]].flat().join(", ")}`,
  const: ({ params }) => `must be ${String(params["allowedValue"])}`,
  required: () => "is missing",
  additionalProperties: () => "is not a field of this request",
  discriminator: (failure) => `must be one of ${tagsOf(failure).join(", ")}`,
  minLength: ({ params }) =>
    params["limit"] === 1 ? "must not be empty" : `must have at least ${String(params["limit"])} characters`,
  maxLength: ({ params }) => `must have at most ${String(params["limit"])} characters`,
  minItems: ({ params }) =>
    params["limit"] === 1 ? "must not be empty" : `must have at least ${String(params["limit"])} entries`,
  maxItems: ({ params }) => `must have at most ${String(params["limit"])} entries`,
  minProperties: () => "must say something",
  minimum: ({ params }) => `must be at least ${String(params["limit"])}`,
  maximum: ({ params }) => `must be at most ${String(params["limit"])}`,
};

const types: Readonly<Record<string, string>> = {
  string: "a text",
  integer: "a whole number",
  number: "a number",
  boolean: "true or false",
  array: "a list",
  object: "an object",
  null: "null",
};

const formats: Readonly<Record<string, string>> = {
  "date-time": "must be an instant such as 2026-03-01T09:00:00Z",
  email: "must be an e-mail address such as ada@example.org",
  uuid: "must be an id such as 0198c6b2-0000-7000-8000-000000000001, in lower case",
};

/** Of an instant that is written as it should be: the day or the time that there is not. */
const impossible = ({ params, data }: Failure): string | undefined => {
  if (params["format"] !== "date-time" || typeof data !== "string") return undefined;
  return / is no such (day|time)$/.test(whyNoDueDate(data)) ? whyNoDueDate(data) : undefined;
};

/**
 * How a text is to be written. A schema with a pattern of its own has an example of it; what has neither is told
 * nothing that helps.
 */
export const formOf = ({ format = "", pattern, examples = [] }: ValueSchema = {}): string => {
  const known = formats[format];
  if (known !== undefined) return known;
  if (examples.length > 0) return `must be written like ${String(examples[0])}`;
  return pattern === storableText ? "must not have the character U+0000" : unknownForm;
};

export const unknownForm = "is not written as it should be";
