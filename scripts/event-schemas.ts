/**
 * Makes docs/events: a JSON Schema for each event, and the page about them.
 *
 *   node scripts/event-schemas.ts             rewrites the folder
 *   node scripts/event-schemas.ts --check     fails when it is not what the code says now
 *   node scripts/event-schemas.ts --release   keeps the schemas as those of the last release
 *
 * It fails, too, when a change since the last release needs another version than the code has.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { eventSchemaVersion } from "../src/contract/event.ts";
import type { JsonSchema } from "./event-schemas/compatibility.ts";
import { page } from "./event-schemas/page.ts";
import { publishedTypes, schemaOf } from "./event-schemas/schemas.ts";
import { versionFaults } from "./event-schemas/versions.ts";

const folder = join(import.meta.dirname, "../docs/events");
const releasedFolder = join(folder, "released");

const schemas = new Map(publishedTypes.map((type) => [`${type}.json`, schemaOf(type)]));
const files = new Map([
  ...[...schemas].map(([name, schema]) => [name, `${JSON.stringify(schema, undefined, 2)}\n`] as const),
  ["README.md", page()],
]);

function read(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

function released(): Map<string, JsonSchema> {
  const names = readdirSync(releasedFolder).filter((name) => name.endsWith(".json"));
  return new Map(
    names.map((name) => [name, JSON.parse(readFileSync(join(releasedFolder, name), "utf8")) as JsonSchema]),
  );
}

function staleFiles(): string[] {
  const present = readdirSync(folder).filter((name) => name.endsWith(".json") || name === "README.md");
  const left = present.filter((name) => !files.has(name)).map((name) => `docs/events/${name} belongs to no event`);
  const stale = [...files]
    .filter(([name, text]) => read(join(folder, name)) !== text)
    .map(([name]) => `docs/events/${name} is stale; run node scripts/event-schemas.ts`);
  return [...left, ...stale];
}

function write(to: string, names: Iterable<readonly [string, string]>): void {
  mkdirSync(to, { recursive: true });
  for (const [name, text] of names) writeFileSync(join(to, name), text);
}

const { values } = parseArgs({
  options: { check: { type: "boolean", default: false }, release: { type: "boolean", default: false } },
});
const faults = versionFaults(released(), schemas, eventSchemaVersion);
if (values.check) faults.push(...staleFiles());
else if (faults.length === 0) {
  write(folder, files);
  if (values.release)
    write(
      releasedFolder,
      [...files].filter(([name]) => schemas.has(name)),
    );
}
for (const fault of faults) process.stderr.write(`${fault}\n`);
process.exitCode = faults.length === 0 ? 0 : 1;
