import { type Database, type Schema, violatedConstraint } from "../../../adapters/db/database.ts";
import type { User } from "../../../contract/account.ts";
import { DomainError } from "../../../contract/problem.ts";

export type UserRow = Schema["users"];

export const userFromRow = (row: UserRow): User => ({
  id: row.id,
  email: row.email,
  name: row.name,
  role: row.role,
  time_zone: row.time_zone,
  week_start: row.week_start,
  all_day_hour: row.all_day_hour,
  created_at: row.created_at.toISOString(),
});

/** E-mail addresses are compared and kept without case. */
export const canonicalEmail = (email: string): string => email.toLowerCase();

/** What to throw for an error of a write: the refusal when another account has the e-mail, itself otherwise. */
export const emailTaken = (error: unknown, detail: string): unknown =>
  violatedConstraint(error) === "users_email" ? new DomainError("email_taken", detail) : error;

export const findUserByEmail = async (database: Database, email: string): Promise<UserRow | undefined> => {
  const text = "SELECT * FROM users WHERE lower(email) = $1 AND disabled_at IS NULL";
  const [row] = await database.prepared<UserRow>("user-by-email", text, [canonicalEmail(email)]);
  return row;
};

/** @throws DomainError `unauthenticated` when the account was closed since its token was made. */
export const readUser = async (database: Database, id: string): Promise<UserRow> => {
  const text = "SELECT * FROM users WHERE id = $1 AND disabled_at IS NULL";
  const [row] = await database.prepared<UserRow>("user-by-id", text, [id]);
  return openAccount(row);
};

export const openAccount = (row: UserRow | undefined): UserRow => {
  if (row === undefined) throw new DomainError("unauthenticated", "this account is closed");
  return row;
};
