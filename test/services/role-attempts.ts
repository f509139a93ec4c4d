import { Client } from "pg";
import { serviceTables, type Privilege } from "../../src/main/service-tables.ts";
import type { RoleName } from "../../src/main/settings.ts";

const VERBS = ["SELECT", "INSERT", "UPDATE", "DELETE"] as const;
type Verb = (typeof VERBS)[number];

/** What `service-tables.ts` lets a service do, as `UPDATE tasks`; on some columns of a table is on the table. */
export const grantedTo = (role: RoleName): ReadonlySet<string> => {
  const { own, reads, shared } = serviceTables[role];
  const granted = [own, reads, shared].flatMap((part) => Object.entries(part));
  return new Set(granted.flatMap(([table, privileges]) => privileges.map((each) => `${verbOf(each)} ${table}`)));
};

const verbOf = (privilege: Privilege): string => privilege.split(" ", 1)[0] ?? "";

/**
 * Tries everything on every table over a service's own connection, and answers what PostgreSQL let through. EXPLAIN
 * checks privileges as the statement would, and changes nothing.
 */
export async function tryEverything(url: string, role: RoleName): Promise<ReadonlySet<string>> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const allowed = new Set<string>();
    for (const [table, columns] of await columnsByTable(client)) {
      for (const verb of VERBS) {
        const statement = statementOf(verb, table, columns, role);
        if (statement !== undefined && (await isAllowed(client, statement))) allowed.add(`${verb} ${table}`);
      }
    }
    return allowed;
  } finally {
    await client.end();
  }
}

/** From the catalogue, which everybody may read. */
async function columnsByTable(client: Client): Promise<ReadonlyMap<string, readonly string[]>> {
  const { rows } = await client.query<{ name: string; columns: string[] }>(`
    SELECT c.relname AS name, array_agg(a.attname::text ORDER BY a.attnum) FILTER (WHERE a.attidentity = '' AND a.attgenerated = '') AS columns
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v') AND NOT c.relispartition
    GROUP BY c.relname`);
  return new Map(rows.map(({ name, columns }) => [name, columns]));
}

function statementOf(verb: Verb, table: string, columns: readonly string[], role: RoleName): string | undefined {
  // The view reads two tables; nothing can be written through it.
  if (table === "audit_entries" && verb !== "SELECT") return undefined;
  const granted = columnsGranted(verb, table, role);
  if (verb === "SELECT") return `SELECT ${granted ?? "*"} FROM ${table}`;
  if (verb === "INSERT") return `INSERT INTO ${table} DEFAULT VALUES`;
  if (verb === "DELETE") return `DELETE FROM ${table}`;
  return `UPDATE ${table} SET ${granted ?? columns[0]} = NULL`;
}

/** When the grant is of some columns, those. */
function columnsGranted(verb: Verb, table: string, role: RoleName): string | undefined {
  const { own, reads, shared } = serviceTables[role];
  const parts = [own, reads, shared] as readonly Readonly<Record<string, readonly Privilege[]>>[];
  const grants = parts.flatMap((part) => part[table] ?? []).filter((each) => verbOf(each) === verb);
  return grants.map((each) => /\((.*)\)/.exec(each)?.[1]).find((columns) => columns !== undefined);
}

/** Whether PostgreSQL lets it through; throws what is no matter of privileges. */
export async function isAllowed(client: Client, statement: string): Promise<boolean> {
  try {
    await client.query(`EXPLAIN ${statement}`);
    return true;
  } catch (error) {
    if ((error as { code?: string }).code === "42501") return false;
    throw error;
  }
}
