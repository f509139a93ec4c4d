import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { Client } from "pg";
import { serviceTables } from "../../src/main/service-tables.ts";
import { type RoleName, roleNames } from "../../src/main/settings.ts";
import { createTestDatabase } from "../harness/postgres.ts";
import { makeDatabaseRoles } from "../services/database-roles.ts";
import { grantedTo, isAllowed, tryEverything } from "../services/role-attempts.ts";

const source = join(import.meta.dirname, "../../src");

/** How events get into the log, and from the outbox to the bus. */
const producing = ["adapters/event-log/append.ts", "adapters/event-log/relay.ts"] as const;

/** What each service's statements stand in: its own folder, and the adapters that it is given. */
const folders: Readonly<Record<RoleName, readonly string[]>> = {
  "chat-api": ["services/chat-api", "adapters/auth", ...producing, "adapters/reminder-states.ts"],
  "recurring-processor": ["services/recurring"],
  "reminder-service": ["services/reminder", "adapters/auth", ...producing, "adapters/delivery-trace.ts"],
  "notification-service": ["services/notification", "adapters/auth", "adapters/event-log/read.ts"],
  "audit-logger": ["services/audit", "adapters/auth", "adapters/event-log/read.ts", "adapters/directory.ts"],
};
const everyService = ["adapters/dead-letters.ts"];

const textOf = (path: string): string => {
  if (path.endsWith(".ts")) return readFileSync(join(source, path), "utf8");
  const files = readdirSync(join(source, path), { recursive: true, encoding: "utf8" });
  return files
    .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"))
    .map((file) => readFileSync(join(source, path, file), "utf8"))
    .join("\n");
};

const statementsOf = (role: RoleName): string => [...folders[role], ...everyService].map(textOf).join("\n");

const patterns: readonly { readonly verb: string; readonly pattern: RegExp }[] = [
  { verb: "SELECT", pattern: /(?:(?<!DELETE )FROM|JOIN|USING) (\w+)/g },
  { verb: "SELECT", pattern: /(?:selectFrom|[jJ]oin)\(\s*"(\w+)/g },
  { verb: "INSERT", pattern: /INSERT INTO (\w+)/g },
  { verb: "INSERT", pattern: /insertInto\(\s*"(\w+)/g },
  { verb: "UPDATE", pattern: /INSERT INTO (\w+)(?:(?!INSERT INTO)[^`])*DO UPDATE/g },
  { verb: "UPDATE", pattern: /(?<!DO |KEY |FOR )UPDATE (\w+)/g },
  { verb: "UPDATE", pattern: /updateTable\(\s*"(\w+)/g },
  { verb: "DELETE", pattern: /DELETE FROM (\w+)/g },
  { verb: "DELETE", pattern: /deleteFrom\(\s*"(\w+)/g },
];

/** Every table that the query builder knows: a new one is found here before anybody was granted it. */
const tables = [...textOf("adapters/db/schema.ts").matchAll(/^ {2}(\w+): \w+(?:Table|View);$/gm)].map(
  ([, name = ""]) => name,
);

test("a service has the privileges that its statements need, and no table that they do not name", () => {
  assert.ok(tables.length > 25);
  for (const role of roleNames) {
    const text = statementsOf(role);
    const needed = patterns.flatMap(({ verb, pattern }) =>
      [...text.matchAll(pattern)].map(([, name = ""]) => ({ verb, name })),
    );
    const granted = grantedTo(role);
    const lacking = needed
      .filter(({ name }) => tables.includes(name))
      .map(({ verb, name }) => `${verb} ${name}`)
      .filter((each) => !granted.has(each));
    assert.deepEqual([...new Set(lacking)], [], role);
    const { own, reads, shared } = serviceTables[role];
    const named = [own, reads, shared].flatMap((part) => Object.keys(part));
    // Every process follows what has ended, whoever answers users asks more of the same adapter.
    const used = text + textOf("adapters/auth/credential-watch.ts");
    assert.deepEqual(
      named.filter((name) => !used.includes(name)),
      [],
      `${role} does not use it`,
    );
  }
});

test("each service's role may do what is its own, and PostgreSQL refuses everything else", async (t) => {
  const database = await createTestDatabase();
  t.after(() => database.drop());
  const urls = await makeDatabaseRoles(database.url);
  for (const role of roleNames) {
    const allowed = await tryEverything(urls.of(role), role);
    const expected = [...grantedTo(role), "SELECT kysely_migration"];
    assert.deepEqual([...allowed].toSorted(), expected.toSorted(), role);
  }
  await t.test("what is granted by columns keeps the others: no password for anyone but chat-api", async () => {
    for (const role of roleNames) {
      const passwords = await attempts(urls.of(role), ["SELECT password_hash FROM users"]);
      assert.deepEqual(passwords, [role === "chat-api"], role);
    }
  });
  await t.test("nobody changes the schema or the history, or erases what nobody asked to", async () => {
    const forbidden = [
      "CREATE TABLE mine ()",
      "DROP TABLE tasks",
      "ALTER TABLE task_events DISABLE TRIGGER ALL",
      "UPDATE task_events SET task_title = ''",
      "DELETE FROM task_events",
      "TRUNCATE task_events",
      "DELETE FROM audit_reads",
    ];
    for (const role of roleNames) for (const statement of forbidden) await refused(urls.of(role), statement);
    const mine = "CREATE TEMP TABLE account_erasures (user_id uuid)";
    const user = "00000000-0000-0000-0000-000000000001";
    await refused(
      urls.of("audit-logger"),
      `${mine}; INSERT INTO pg_temp.account_erasures VALUES ('${user}'); SELECT erase_history('${user}')`,
    );
    for (const role of roleNames.filter((each) => each !== "audit-logger"))
      await refused(urls.of(role), "SELECT make_history_partition('2026-01-01')");
  });
  await t.test("the state's role has a schema of its own, and sees no table of TaskFlow", async () => {
    await run(urls.state, "CREATE TABLE dapr_state (key text); SELECT FROM taskflow_state.dapr_state");
    for (const table of tables) await refused(urls.state, `SELECT FROM ${table}`);
    for (const role of roleNames) await refused(urls.of(role), "SELECT FROM taskflow_state.dapr_state");
  });
});

async function attempts(url: string, statements: readonly string[]): Promise<readonly boolean[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const allowed: boolean[] = [];
    for (const statement of statements) allowed.push(await isAllowed(client, statement));
    return allowed;
  } finally {
    await client.end();
  }
}

async function run(url: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

const refused = (url: string, statement: string): Promise<void> =>
  assert.rejects(run(url, statement), { code: "42501" }, `${statement} as ${new URL(url).searchParams.get("user")}`);
