import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test, type TestContext } from "node:test";
import { parse, parseAllDocuments } from "yaml";
import { defaultValues, fill, renderResources, resourceFiles } from "../../deploy/dapr/render.ts";
import { roleNames, settings } from "../../src/main/settings.ts";
import { databaseRoleOf, STATE_DATABASE_ROLE } from "../../src/main/service-tables.ts";
import { versions } from "./install.ts";
import { readTopics } from "./topics.ts";

const root = join(import.meta.dirname, "../..");
const read = (path: string) => readFileSync(join(root, path), "utf8");

interface Entry {
  readonly name: string;
  readonly value?: string;
}

type Policies = Readonly<Record<string, string>>;

/** The fields of all four kinds; the assertions say which one has which. */
interface Spec {
  readonly type: string;
  readonly version: string;
  readonly metadata?: readonly Entry[];
  readonly pubsubname: string;
  readonly topic: string;
  readonly routes: { readonly default: string };
  readonly deadLetterTopic?: string;
  readonly bulkSubscribe?: {
    readonly enabled: boolean;
    readonly maxMessagesCount: number;
    readonly maxAwaitDurationMs: number;
  };
  readonly policies: Readonly<Record<string, Readonly<Record<string, { readonly trip?: string }>>>>;
  readonly targets: {
    readonly apps: Readonly<Record<string, Policies>>;
    readonly components: Readonly<Record<string, { readonly inbound?: Policies; readonly outbound?: Policies }>>;
  };
  readonly features: unknown;
}

interface Resource {
  readonly kind: "Component" | "Subscription" | "Resiliency" | "Configuration";
  readonly metadata: { readonly name: string };
  readonly scopes?: readonly string[];
  readonly spec: Spec;
}

const documents = (text: string, file: string): Resource[] =>
  parseAllDocuments(text).map((document) => {
    assert.deepEqual(document.errors, [], file);
    return document.toJS() as Resource;
  });
const resources = resourceFiles().flatMap((file) =>
  documents(fill(read(`deploy/dapr/${file}`), defaultValues(), file), file),
);
const ofKind = (kind: Resource["kind"]) => resources.filter((resource) => resource.kind === kind);
const components = new Map(ofKind("Component").map((component) => [component.metadata.name, component]));
const metadata = (component: string) => valuesOf(components.get(component));

const topics = new Map(readTopics().map((topic) => [topic.name, topic]));

describe("Dapr resources", () => {
  test("render leaves no placeholder and fills values that YAML could trip over", (t) => {
    const folder = temporaryFolder(t);
    const certificate = '-----BEGIN CERTIFICATE-----\n"quoted": \\ #\n-----END CERTIFICATE-----\n';
    const rendered = renderResources(folder, { KAFKA_TLS_CA_CERT: certificate, KAFKA_BROKERS: "a:1,b:2" });
    const files = readdirSync(rendered.folder).map((file) => readFileSync(join(rendered.folder, file), "utf8"));
    assert.equal(
      [...files, readFileSync(rendered.configuration, "utf8")].filter((text) => text.includes("${")).length,
      0,
    );
    const pubsub = files
      .flatMap((text) => documents(text, "rendered"))
      .find(({ kind, metadata: { name } }) => kind === "Component" && name === "taskflow-pubsub");
    assert.equal(valuesOf(pubsub).caCert, certificate);
    assert.equal(valuesOf(pubsub).brokers, "a:1,b:2");
  });

  test("render refuses a value that no resource knows, and a resource that uses an unknown value", (t) => {
    assert.throws(() => renderResources(temporaryFolder(t), { KAFKA_BROKER: "a:1" }), /KAFKA_BROKER is no value/);
    assert.throws(() => fill("x: ${NOPE}", defaultValues(), "x.yaml"), /x\.yaml uses \$\{NOPE\}/);
  });

  test("every value is used", () => {
    const text = resourceFiles()
      .map((file) => read(`deploy/dapr/${file}`))
      .join("");
    assert.deepEqual(
      Object.keys(defaultValues()).filter((name) => !text.includes(`\${${name}}`)),
      [],
    );
  });

  test("names are unique and scopes are services", () => {
    const names = resources.map(({ kind, metadata: { name } }) => `${kind} ${name}`);
    assert.deepEqual(
      names.filter((name, index) => names.indexOf(name) !== index),
      [],
    );
    for (const {
      metadata: { name },
      scopes,
    } of resources) {
      for (const scope of scopes ?? [])
        assert.ok((roleNames as readonly string[]).includes(scope), `${name} is scoped to ${scope}`);
    }
  });

  test("components are given to the services that need them, and to no other", () => {
    assert.deepEqual([...(components.get("taskflow-pubsub")?.scopes ?? [])].toSorted(), [...roleNames].toSorted());
    assert.deepEqual(components.get("taskflow-broadcast")?.scopes, ["notification-service"]);
    assert.deepEqual(components.get("taskflow-state")?.scopes, ["chat-api"]);
    for (const {
      metadata: { name },
      spec,
    } of components.values()) {
      if (JSON.stringify(spec).includes("secretKeyRef")) assert.ok(components.has("taskflow-secrets"), name);
    }
  });

  test("an app publishes its own events and dead letters, and has the topics of its subscriptions; no app is left out", () => {
    const publishing = scopesIn(metadata("taskflow-pubsub").publishingScopes);
    const subscription = scopesIn(metadata("taskflow-pubsub").subscriptionScopes);
    const deadLetters = (app: string) => (app === "chat-api" ? [] : [`taskflow.dead-letters.${app}`]);
    const produced: Readonly<Record<string, readonly string[]>> = {
      "chat-api": ["created", "updated", "completed", "deleted"].map((name) => `taskflow.tasks.${name}`),
      "reminder-service": ["taskflow.tasks.reminder-triggered"],
    };
    for (const app of roleNames) {
      assert.deepEqual(publishing.get(app), [...(produced[app] ?? []), ...deadLetters(app)], app);
      const subscribed = ofKind("Subscription")
        .filter(({ scopes }) => scopes?.includes(app))
        .map(({ spec }) => spec.topic);
      assert.deepEqual(subscription.get(app)?.toSorted(), [...new Set(subscribed)].toSorted(), app);
    }
    assert.deepEqual(
      scopesIn(metadata("taskflow-broadcast").publishingScopes),
      new Map([["notification-service", []]]),
    );
    assert.equal(metadata("taskflow-broadcast").subscriptionScopes, metadata("taskflow-pubsub").subscriptionScopes);
  });

  test("the shared pub/sub starts with the oldest event, the broadcast with a group of its own from now on", () => {
    assert.equal(metadata("taskflow-pubsub").initialOffset, "oldest");
    assert.equal(metadata("taskflow-pubsub").consumerID, undefined);
    assert.equal(metadata("taskflow-pubsub").consumeRetryEnabled, "true");
    assert.equal(metadata("taskflow-broadcast").initialOffset, "newest");
    assert.equal(metadata("taskflow-broadcast").consumerID, "notification-service-{uuid}");
    for (const pubsub of ["taskflow-pubsub", "taskflow-broadcast"])
      assert.equal(metadata(pubsub).version, "4.1.0", pubsub);
    assert.equal(components.get("taskflow-state")?.spec.version, "v2");
  });

  test("no password is written into a component", () => {
    for (const {
      metadata: { name },
      spec,
    } of components.values()) {
      for (const entry of spec.metadata ?? []) {
        if (/password|connectionString/i.test(entry.name))
          assert.equal(entry.value, undefined, `${name}.${entry.name}`);
      }
    }
  });

  test("a subscription names a component of its app, a topic that is created, and the route of that topic", () => {
    for (const {
      metadata: { name },
      scopes,
      spec,
    } of ofKind("Subscription")) {
      assert.equal(scopes?.length, 1, `${name} is of one app`);
      const [app = ""] = scopes;
      assert.ok(components.get(spec.pubsubname)?.scopes?.includes(app), `${name}: ${app} has no ${spec.pubsubname}`);
      assert.ok(topics.has(spec.topic), `${name}: ${spec.topic} is not in topics.txt`);
      assert.equal(spec.routes.default, routeOf(spec.pubsubname, spec.topic), name);
      assert.equal(
        spec.bulkSubscribe?.enabled ?? false,
        mayComeTogether(spec, app),
        `${name}: what people wait for, and dead letters, come one by one`,
      );
      assert.ok((spec.bulkSubscribe?.maxMessagesCount ?? 0) <= 100, `${name}: the address takes a hundred events`);
      assert.equal(spec.deadLetterTopic, mayDeadLetter(spec) ? `taskflow.dead-letters.${app}` : undefined, name);
    }
  });

  test("every app with a subscription hears of its own dead letters", () => {
    for (const app of new Set(ofKind("Subscription").flatMap(({ scopes }) => scopes ?? []))) {
      assert.ok(
        ofKind("Subscription").some(({ spec }) => spec.topic === `taskflow.dead-letters.${app}`),
        app,
      );
      assert.ok(existsSync(join(root, `deploy/dapr/subscriptions/${app}.yaml`)), `${app} has a file of its own`);
    }
  });

  test("resiliency: inbound has a retry and no circuit breaker, outbound opens after five failures", () => {
    const [{ spec }] = ofKind("Resiliency") as [Resource];
    for (const [name, target] of Object.entries(spec.targets.components)) {
      assert.ok(components.has(name), `${name} is no component`);
      assert.equal(target.inbound?.circuitBreaker, undefined, `${name}: an open breaker dead-letters healthy events`);
      for (const direction of Object.values(target)) assertPolicies(spec, direction, name);
    }
    for (const [app, target] of Object.entries(spec.targets.apps)) assertPolicies(spec, target, app);
    assert.ok(spec.targets.components["taskflow-pubsub"]?.inbound?.retry);
    for (const breaker of Object.values(spec.policies.circuitBreakers ?? {}))
      assert.equal(breaker.trip, "consecutiveFailures >= 5");
  });

  test("a delivery is tried for less than the minute that a rebalance waits", () => {
    const { DELIVERY_RETRIES: retries, DELIVERY_RETRY_INTERVAL: interval } = defaultValues();
    const longest = Number(retries) * Number.parseFloat(interval ?? "") * 1.5;
    assert.match(interval ?? "", /^\d+s$/);
    assert.ok(longest < 60, `${longest} s`);
  });

  test("hot reload is off", () => {
    const [{ spec }] = ofKind("Configuration") as [Resource];
    assert.deepEqual(spec.features, [{ name: "HotReload", enabled: false }]);
  });
});

describe("topics", () => {
  test("are created with three partitions or more, and kept as long as the contract says", () => {
    for (const topic of ["created", "updated", "completed", "deleted"])
      assert.equal(topics.get(`taskflow.tasks.${topic}`)?.retentionHours, 7 * 24, topic);
    assert.equal(topics.get("taskflow.tasks.reminder-triggered")?.retentionHours, 24);
    for (const [name, { partitions }] of topics) assert.ok(partitions >= 3, name);
    assert.equal(
      [...topics.keys()].filter((name) => name.startsWith("taskflow.dead-letters.")).length,
      roleNames.length - 1,
    );
  });
});

describe("image", () => {
  const copies = [...read("deploy/Dockerfile").matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, sources = ""]) =>
    sources.split(" "),
  );
  const allowed = [...read(".dockerignore").matchAll(/^!(.+)$/gm)].map(([, path = ""]) => path);

  test("copies what exists and what the build context holds", () => {
    assert.ok(copies.length > 5);
    for (const path of copies) {
      assert.ok(existsSync(join(root, path)), `${path} does not exist`);
      assert.ok(
        allowed.some((prefix) => path === prefix || path.startsWith(`${prefix}/`)),
        `.dockerignore leaves out ${path}`,
      );
    }
  });

  test("runs as another user than root, and starts what exists", () => {
    const text = read("deploy/Dockerfile");
    assert.match(text, /^USER node$/m);
    assert.match(text, /^HEALTHCHECK [^]*\/health\/live/m);
    const [, command = "[]"] = /^CMD (\[.*\])$/m.exec(text) ?? [];
    assert.deepEqual(JSON.parse(command), ["node", "--max-semi-space-size=4", "src/main/cli.ts", "serve"]);
    assert.ok(existsSync(join(root, "src/main/cli.ts")));
  });
});

interface Service {
  readonly image: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly command?: readonly string[];
  readonly network_mode?: string;
  readonly volumes?: readonly string[];
  readonly read_only?: boolean;
  readonly ports?: readonly string[];
}

describe("compose", () => {
  const compose = parse(read("deploy/compose.yaml"), { merge: true }) as {
    services: Record<string, Service>;
    volumes: Record<string, unknown>;
  };
  const service = (name: string): Service => compose.services[name] ?? assert.fail(`compose has no service ${name}`);
  const flag = (name: string, of: Service) =>
    of.command?.find((argument) => argument.startsWith(`--${name}=`))?.slice(name.length + 3);

  test("has the five services on their ports, each with its sidecar", () => {
    for (const [index, role] of roleNames.entries()) {
      const port = `${8000 + index}`;
      assert.equal(service(role).environment?.TASKFLOW_ROLES, role);
      assert.equal(service(role).environment?.TASKFLOW_PORT, port);
      assert.deepEqual(service(role).ports, [`127.0.0.1:${port}:${port}`]);
      assert.equal(service(role).read_only, true);
      const sidecar = service(`${role}-dapr`);
      assert.equal(sidecar.network_mode, `service:${role}`);
      assert.equal(flag("app-id", sidecar), role);
      assert.equal(flag("app-port", sidecar), port);
    }
  });

  test("each service connects as its own role, which roles.sql makes and passwords.sql gives a password", () => {
    const urlOf = (name: string) =>
      new URL((service(name).environment?.DATABASE_URL ?? "").replace(/\$\{[^}]+\}/, "x"));
    for (const role of roleNames) assert.equal(urlOf(role).username, databaseRoleOf(role));
    assert.equal(urlOf("chat-api-dapr").username, STATE_DATABASE_ROLE);
    assert.equal(urlOf("migrate").username, service("postgres").environment?.POSTGRES_USER);
    const expected = [...roleNames.map(databaseRoleOf), STATE_DATABASE_ROLE].toSorted();
    const made = [...read("deploy/postgres/roles.sql").matchAll(/'(taskflow_\w+)'[,\n]/g)].map(([, name]) => name);
    assert.deepEqual(made.toSorted(), expected);
    const passwords = read("deploy/postgres/passwords.sql");
    const given = [...passwords.matchAll(/^ALTER ROLE (\w+) PASSWORD :'(\w+)';$/gm)];
    assert.deepEqual(given.map(([, name]) => name).toSorted(), expected);
    for (const [, name, variable] of given) assert.equal(`taskflow_${variable}`, name);
    for (const [, variable = "", from = ""] of passwords.matchAll(/^\\getenv (\w+) (\w+)$/gm)) {
      assert.equal(from, `${variable.toUpperCase()}_DATABASE_PASSWORD`);
      assert.ok(service("database-roles").environment?.[from], from);
    }
  });

  test("each sidecar comes to the broker as a user of its own, and nobody without a name but on loopback", () => {
    const rendered = service("dapr-resources").environment ?? {};
    assert.deepEqual([rendered.KAFKA_AUTH_TYPE, rendered.KAFKA_SASL_USERNAME], ["password", "{appID}"]);
    const broker = service("kafka").environment ?? {};
    assert.match(broker.KAFKA_AUTHORIZER_CLASS_NAME ?? "", /StandardAuthorizer$/);
    const plain = (broker.KAFKA_LISTENERS ?? "").split(",").filter((listener) => !listener.startsWith("SASL_"));
    assert.deepEqual(
      plain.filter((listener) => !listener.includes("://127.0.0.1:")),
      [],
    );
    for (const role of roleNames) {
      const variable = `${role.toUpperCase().replaceAll("-", "_")}_KAFKA_PASSWORD`;
      const password = service(`${role}-dapr`).environment?.KAFKA_SASL_PASSWORD;
      assert.ok(password?.startsWith(`\${${variable}:?`), role);
      assert.equal(service("topics").environment?.[variable], password, role);
    }
  });

  test("sets only what the settings table knows", () => {
    const known = Object.values(settings).flatMap(({ name, secret }) => (secret ? [name, `${name}_FILE`] : [name]));
    for (const role of roleNames)
      assert.deepEqual(
        Object.keys(service(role).environment ?? {}).filter((name) => !known.includes(name)),
        [],
        role,
      );
  });

  test("renders with values that exist", () => {
    assert.deepEqual(
      Object.keys(service("dapr-resources").environment ?? {}).filter((name) => !Object.hasOwn(defaultValues(), name)),
      [],
    );
  });

  test("uses the versions that the tests use", () => {
    assert.equal(service("kafka").image, `apache/kafka:${versions.kafka}`);
    assert.equal(service("topics").image, service("kafka").image);
    assert.equal(service("scheduler").image, `daprio/scheduler:${versions.dapr}`);
    for (const role of roleNames) assert.equal(service(`${role}-dapr`).image, `daprio/daprd:${versions.dapr}`);
  });

  test("no image is by a tag that moves: a whole version, or a digest", () => {
    const from = [...read("deploy/Dockerfile").matchAll(/^FROM (\S+)/gm)].map(([, image = ""]) => image);
    const images = [...from, ...Object.values(compose.services).map(({ image }) => image)];
    const exact = /:v?\d+\.\d+\.\d+(-[\w.-]+)?$|^postgres:\d+\.\d+(-[\w.-]+)?$|@sha256:[0-9a-f]{64}$/;
    // What we build ourselves.
    const others = images.filter((image) => image !== "taskflow");
    assert.deepEqual(
      others.filter((image) => !exact.test(image)),
      [],
    );
    const { dependencies } = JSON.parse(read("package.json")) as { dependencies: Record<string, string> };
    for (const image of from) assert.equal(image, `node:${dependencies.node}-bookworm-slim`);
  });

  test("mounts what exists", () => {
    for (const [name, { volumes = [] }] of Object.entries(compose.services)) {
      for (const [source = ""] of volumes.map((volume) => volume.split(":"))) {
        const there = source.startsWith(".")
          ? existsSync(join(root, "deploy", source))
          : Object.hasOwn(compose.volumes, source);
        assert.ok(there, `${name} mounts ${source}`);
      }
    }
  });

  test("asks for no secret that compose.env.example does not name", () => {
    const asked = new Set([...read("deploy/compose.yaml").matchAll(/\$\{(\w+):\?/g)].map(([, name]) => name));
    const named = [...read("deploy/compose.env.example").matchAll(/^(\w+)=$/gm)].map(([, name]) => name);
    assert.deepEqual([...asked].toSorted(), named.toSorted());
  });
});

/** Topics by app, of `app=topic,topic;app=`. */
function scopesIn(text = ""): Map<string, string[]> {
  return new Map(
    text.split(";").map((entry) => {
      const [app = "", names = ""] = entry.split("=");
      return [app, names.split(",").filter((name) => name !== "")];
    }),
  );
}

function routeOf(pubsub: string, topic: string): string {
  if (topic.startsWith("taskflow.dead-letters.")) return "/events/dead-letter";
  return pubsub === "taskflow-broadcast" ? `/events/broadcast/${topic}` : `/events/${topic}`;
}

/** docs/adr/0034: of what is shared, all but the reminders that people are told of. */
function mayComeTogether(spec: { pubsubname: string; topic: string }, app: string): boolean {
  return mayDeadLetter(spec) && !(app === "notification-service" && spec.topic === "taskflow.tasks.reminder-triggered");
}

/** A broadcast is let go, and a dead letter has nowhere further to go. */
function mayDeadLetter({ pubsubname, topic }: { pubsubname: string; topic: string }): boolean {
  return pubsubname === "taskflow-pubsub" && !topic.startsWith("taskflow.dead-letters.");
}

function assertPolicies({ policies }: Spec, target: Policies, of: string): void {
  const plural: Readonly<Record<string, string>> = {
    timeout: "timeouts",
    retry: "retries",
    circuitBreaker: "circuitBreakers",
  };
  for (const [kind, policy] of Object.entries(target))
    assert.ok(policies[plural[kind] ?? ""]?.[policy], `${of} uses ${kind} ${policy}, which is not defined`);
}

function valuesOf(component: Resource | undefined): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries((component?.spec.metadata ?? []).map(({ name, value }) => [name, value]));
}

function temporaryFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "taskflow-deploy-"));
  t.after(() => rmSync(folder, { recursive: true }));
  return folder;
}
