import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseEnv } from "node:util";

export type ResourceValues = Readonly<Record<string, string>>;

export interface RenderedResources {
  /** For daprd's `--resources-path`: components, subscriptions, resiliency. */
  readonly folder: string;
  /** For daprd's `--config`. */
  readonly configuration: string;
}

const here = import.meta.dirname;

/** The values for one machine (`values.env`): every name that a resource may use, and no other. */
export function defaultValues(): ResourceValues {
  return Object.fromEntries(
    Object.entries(parseEnv(readFileSync(join(here, "values.env"), "utf8"))).map(([name, value]) => [
      name,
      value ?? "",
    ]),
  );
}

/** Writes the Dapr resources into `folder` with the values filled in. Throws at a value that no resource knows. */
export function renderResources(folder: string, values: ResourceValues): RenderedResources {
  const all = defaultValues();
  const unknown = Object.keys(values).find((name) => !Object.hasOwn(all, name));
  if (unknown !== undefined) throw new Error(`${unknown} is no value of deploy/dapr/values.env`);
  const filled = { ...all, ...values };
  const rendered = { folder: join(folder, "resources"), configuration: join(folder, "configuration.yaml") };
  mkdirSync(rendered.folder, { recursive: true });
  for (const file of resourceFiles()) {
    const name = file.split("/").at(-1) ?? file;
    const to = name === "configuration.yaml" ? rendered.configuration : join(rendered.folder, file.replace("/", "-"));
    writeFileSync(to, fill(readFileSync(join(here, file), "utf8"), filled, file));
  }
  return rendered;
}

/** The resources as they ship, relative to this folder. */
export function resourceFiles(): string[] {
  return readdirSync(here, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".yaml"))
    .toSorted();
}

/** Fills in `${NAME}`. Escaped as JSON, which a quoted YAML scalar takes: a certificate has line ends. */
export function fill(text: string, values: ResourceValues, file: string): string {
  return text.replaceAll(/\$\{(\w+)\}/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`${file} uses \${${name}}, which is not in deploy/dapr/values.env`);
    return JSON.stringify(value).slice(1, -1);
  });
}

if (import.meta.main) {
  const folder = process.argv[2];
  if (folder === undefined) throw new Error("usage: node deploy/dapr/render.ts FOLDER (values from the environment)");
  const given = Object.keys(defaultValues()).flatMap((name) =>
    process.env[name] === undefined ? [] : [[name, process.env[name]] as const],
  );
  const { configuration } = renderResources(folder, Object.fromEntries(given) as Record<string, string>);
  process.stdout.write(`rendered ${resourceFiles().length} Dapr resources beside ${configuration}\n`);
}
