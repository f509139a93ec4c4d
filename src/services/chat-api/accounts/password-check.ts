import type { Database } from "../../../adapters/db/database.ts";
import { DomainError } from "../../../contract/problem.ts";
import type { PasswordHasher } from "../../../ports.ts";
import { readUser, type UserRow } from "./users.ts";

export interface PasswordCheckDeps {
  readonly database: Database;
  readonly passwords: PasswordHasher;
}

/** The user, when the password in this field of the request is the account's; `wrong_password` otherwise. */
export const confirmPassword = async (
  { database, passwords }: PasswordCheckDeps,
  userId: string,
  { field, password }: { readonly field: string; readonly password: string },
): Promise<UserRow> => {
  const user = await readUser(database, userId);
  if (!(await passwords.verify(user.password_hash, password))) throw wrongPassword(field);
  return user;
};

export const wrongPassword = (field: string): DomainError => {
  const message = "is not the account's password";
  return new DomainError("wrong_password", `${field}: ${message}`, { errors: [{ field, message }] });
};
