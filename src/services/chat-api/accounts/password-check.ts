import type { Database } from "../../../adapters/db/database.ts";
import { DomainError, invalidField } from "../../../contract/problem.ts";
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

/** Refuses a new password that others would try first: a common one, or the account's own e-mail. */
export const refuseGuessable = async (
  passwords: PasswordHasher,
  { field, password, email }: { readonly field: string; readonly password: string; readonly email: string },
): Promise<void> => {
  const plain = password.toLowerCase();
  const [name] = email.toLowerCase().split("@");
  if (plain === email.toLowerCase() || plain === name)
    throw invalidField(field, "is the account's e-mail; choose something that nobody knows");
  if (await passwords.isCommon(password))
    throw invalidField(field, "is among the passwords that are tried first; choose a longer one, such as a few words");
};

export const wrongPassword = (field: string): DomainError => {
  const message = "is not the account's password";
  return new DomainError("wrong_password", `${field}: ${message}`, { errors: [{ field, message }] });
};
