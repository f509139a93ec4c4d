import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Client } from "pg";
import { runMigrations } from "../../src/main/schema.ts";
import { databaseRoleOf, STATE_DATABASE_ROLE } from "../../src/main/service-tables.ts";
import { type RoleName, roleNames } from "../../src/main/settings.ts";

const rolesFile = join(import.meta.dirname, "../../deploy/postgres/roles.sql");
const quiet = { debug() {}, info() {}, warn() {}, error() {} };

/** Where each connects: a service as its own role, and chat-api's sidecar as that of the state. */
export interface DatabaseUrls {
  readonly of: (role: RoleName) => string;
  readonly state: string;
}

/**
 * Does what an operator does to an embedded server's database whose services are to have roles of their own, with the
 * file that ships: makes the roles, makes the schema, grants.
 */
export async function makeDatabaseRoles(ownerUrl: string): Promise<DatabaseUrls> {
  const client = new Client({ connectionString: asRole(ownerUrl, "postgres") });
  await client.connect();
  try {
    await client.query(readFileSync(rolesFile, "utf8"));
  } finally {
    await client.end();
  }
  await runMigrations(ownerUrl, quiet, { grants: "always" });
  const urls = new Map(roleNames.map((role) => [role, asRole(ownerUrl, databaseRoleOf(role))]));
  return { of: (role) => urls.get(role) ?? ownerUrl, state: asRole(ownerUrl, STATE_DATABASE_ROLE) };
}

/** The same database as another role: over the socket of an embedded server, the kernel says who we are. */
export const asRole = (url: string, role: string): string => url.replace("user=taskflow", `user=${role}`);
