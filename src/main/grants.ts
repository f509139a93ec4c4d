import { type Db, sql, type Tx } from "../adapters/db/database.ts";
import { type RoleName, roleNames } from "./settings.ts";
import { databaseRoleOf, serviceFunctions, serviceTables } from "./service-tables.ts";

/** Two that grant at once would change the same rows of the catalogue. */
const LOCK = "taskflow grants";

/**
 * Gives each service's role that the server has what `service-tables.ts` says, and takes everything else away. All of
 * it at once, so that a service that works meanwhile lacks nothing. Answers whom.
 */
export const grantServiceTables = async (db: Db): Promise<readonly RoleName[]> => {
  const roles = await existingRoles(db);
  if (roles.length === 0) return [];
  await db.transaction().execute(async (tx) => {
    await sql`SELECT pg_advisory_xact_lock(hashtextextended(${LOCK}, 0))`.execute(tx);
    const schema = await schemaOf(tx);
    const history = await historyOf(tx);
    for (const role of roles) await sql.raw(grantsOf(role, schema, history).join(";\n")).execute(tx);
  });
  return roles;
};

const existingRoles = async (db: Db): Promise<readonly RoleName[]> => {
  const { rows } = await sql<{ name: string }>`SELECT rolname AS name FROM pg_roles`.execute(db);
  const names = new Set(rows.map(({ name }) => name));
  return roleNames.filter((role) => names.has(databaseRoleOf(role)));
};

const schemaOf = async (tx: Tx): Promise<string> => {
  const { rows } = await sql<{ name: string }>`SELECT quote_ident(current_schema()) AS name`.execute(tx);
  return rows[0]?.name ?? "public";
};

interface History {
  /** The history's table and its partitions: commands and archives read a month by itself. */
  readonly tables: readonly string[];
  /** VACUUM by one who is not the owner, from PostgreSQL 17 on. */
  readonly canMaintain: boolean;
}

const historyOf = async (tx: Tx): Promise<History> => {
  const { rows } = await sql<{ name: string }>`
    SELECT relid::regclass::text AS name FROM pg_partition_tree('task_events')`.execute(tx);
  const version = await sql<{ new: boolean }>`
    SELECT current_setting('server_version_num')::int >= 170000 AS new`.execute(tx);
  return { tables: rows.map(({ name }) => name), canMaintain: version.rows[0]?.new === true };
};

const grantsOf = (role: RoleName, schema: string, { tables, canMaintain }: History): string[] => {
  const to = databaseRoleOf(role);
  const { own, reads, shared } = serviceTables[role];
  const granted = [own, reads, shared].flatMap((part) => Object.entries(part));
  const onHistory = canMaintain ? "SELECT, MAINTAIN" : "SELECT";
  return [
    `REVOKE ALL ON ALL TABLES IN SCHEMA ${schema} FROM ${to}`,
    `REVOKE CREATE ON SCHEMA ${schema} FROM ${to}`,
    `GRANT USAGE ON SCHEMA ${schema} TO ${to}`,
    // To see whether the schema is up to date.
    `GRANT SELECT ON kysely_migration TO ${to}`,
    ...granted.map(([table, privileges]) => `GRANT ${privileges.join(", ")} ON ${table} TO ${to}`),
    ...(serviceFunctions[role] ?? []).map((name) => `GRANT EXECUTE ON FUNCTION ${name} TO ${to}`),
    ...(role === "audit-logger" ? tables.map((table) => `GRANT ${onHistory} ON ${table} TO ${to}`) : []),
  ];
};
