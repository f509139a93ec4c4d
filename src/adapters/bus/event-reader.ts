import { Ajv, type ErrorObject, type ValidateFunction } from "ajv";
import formats from "ajv-formats";
import { eventSchemas, eventSchemaVersion, type TaskFlowEvent } from "../../contract/event.ts";

/** An event from outside, or why it is none. */
export type ReadEvent = { readonly event: TaskFlowEvent } | { readonly reason: string };

const majorOf = (version: string): string => version.split(".", 1)[0] ?? "";

/** Checks data from outside against the schema of its type. Fields of a later minor version are let through. */
export const createEventReader = (): ((data: unknown) => ReadEvent) => {
  const ajv = formats.default(new Ajv({ strict: true, strictRequired: false, allowUnionTypes: true }));
  const validators = new Map<string, ValidateFunction>(
    Object.entries(eventSchemas).map(([type, schema]) => [type, ajv.compile(schema)]),
  );

  return (data) => {
    if (typeof data !== "object" || data === null) return { reason: "it is no object" };
    const { event_type: type, version } = data as { event_type?: unknown; version?: unknown };
    const validate = validators.get(String(type));
    if (validate === undefined) return { reason: `event_type ${JSON.stringify(type)?.slice(0, 100)} is unknown` };
    if (typeof version === "string" && majorOf(version) !== majorOf(eventSchemaVersion))
      return {
        reason: `it has version ${version.slice(0, 50)}, and version ${majorOf(eventSchemaVersion)} is understood`,
      };
    return validate(data) ? { event: data as TaskFlowEvent } : { reason: inWords(validate.errors?.[0]) };
  };
};

const inWords = (error: ErrorObject | undefined): string => {
  const field = error?.instancePath.slice(1).replaceAll("/", ".") ?? "";
  return `${field === "" ? "it" : field} ${error?.message ?? "is not valid"}`;
};
