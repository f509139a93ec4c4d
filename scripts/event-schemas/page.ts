import { eventSchemaVersion, topics } from "../../src/contract/event.ts";
import { cloudEventOf } from "../../src/adapters/bus/dapr/cloud-event.ts";
import type { JsonSchema } from "./compatibility.ts";
import { descriptionOf, exampleOf, type PublishedType, publishedTypes, schemaOf } from "./schemas.ts";

/** docs/events/README.md */
export const page = (): string => `# Events

Schemas ${eventSchemaVersion}. Made from \`src/contract/event.ts\` by \`node scripts/event-schemas.ts\`; \`npm run check\` fails when this folder says something else.

| event | topic | when | schema |
|---|---|---|---|
${publishedTypes.map((type) => `| \`${type}\` | \`${topics[type]}\` | ${descriptionOf(type)} | [${type}.json](${type}.json) |`).join("\n")}

Each is a CloudEvent 1.0 in structured JSON mode, with the task's id as the partition key:

\`\`\`json
${JSON.stringify({ ...cloudEventOf(exampleOf("task.created"), "chat-api"), data: "…" }, undefined, 2)}
\`\`\`

## Data

| field | type | in | |
|---|---|---|---|
${fields()}

\`task\` is the whole task after the change. \`changes\` has every field that changed, with its old and new value; for a new task, every field that is set.

## Reading them

- At least once, and in order per task within one topic. Across topics, and after retries, an older event may come later: a task's \`task.version\` decides what is news.
- \`sequence\` counts a user's events without gaps. It is the id of the live stream.
- A consumer lets fields through that it does not know, and refuses another major version.

## How they change

A minor version adds optional fields and nothing else, because older consumers get newer events in a rolling upgrade, and newer consumers get older events from the broker and
the log. Whatever else a validator would notice (a field removed, renamed or newly required, a value more or less in an enumeration, another type) needs a major version.
\`released/\` holds the schemas of the last release; the check compares with them, and \`node scripts/event-schemas.ts --release\` renews them when a version is released.
`;

const fields = (): string => {
  const rows = new Map<string, { schema: JsonSchema; types: PublishedType[]; optional: boolean }>();
  for (const type of publishedTypes) {
    const { properties, required } = schemaOf(type) as unknown as {
      properties: Record<string, JsonSchema>;
      required: string[];
    };
    for (const [name, schema] of Object.entries(properties)) {
      const row = rows.get(name) ?? { schema, types: [], optional: !required.includes(name) };
      row.types.push(type);
      rows.set(name, row);
    }
  }
  return [...rows]
    .map(
      ([name, row]) =>
        `| \`${name}\` | ${typeOf(row.schema)} | ${row.types.length === publishedTypes.length ? "all" : row.types.map((type) => `\`${type}\``).join(", ")}${row.optional ? ", optional" : ""} | ${descriptionIn(row.schema)} |`,
    )
    .join("\n");
};

const typeOf = ({ const: value, enum: values, format, type }: JsonSchema): string => {
  if (value !== undefined || values !== undefined) return "text";
  if (format === "uuid") return "UUID";
  return typeof type === "string" ? type.replace("string", "text") : "any";
};

const descriptionIn = ({ description, enum: values }: JsonSchema): string => {
  if (typeof description === "string") return description;
  return Array.isArray(values) ? values.map((value) => `\`${String(value)}\``).join(", ") : "";
};
