import type { Database } from "../../../adapters/db/database.ts";
import { DomainError, invalidField } from "../../../contract/problem.ts";
import type { Clock, Identity, PasswordHasher } from "../../../ports.ts";
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

/** How long after a sign-in it is not asked for again. */
const RECENT_MS = 10 * 60_000;

const signedInStatement = "SELECT max(signed_in_at) AS at FROM refresh_tokens WHERE family_id = $1 AND expires_at > $2";

/**
 * Makes sure that the owner of the account is at the other end, and not just somebody with an access token: by the
 * password, or by a sign-in of the last ten minutes.
 * @throws DomainError `wrong_password`, or `password_required` when there is none and the sign-in was longer ago
 */
export const confirmPresence = async (
  deps: PasswordCheckDeps & { readonly clock: Clock },
  { userId, sessionId }: Identity,
  password: string | undefined,
): Promise<void> => {
  if (password !== undefined) return void (await confirmPassword(deps, userId, { field: "password", password }));
  const now = deps.clock.now();
  const values = [sessionId, new Date(now)];
  const [signedIn] = await deps.database.prepared<{ at: Date | null }>("signed-in-at", signedInStatement, values);
  if (now - (signedIn?.at?.getTime() ?? 0) <= RECENT_MS) return;
  const message = "is asked for again, because the sign-in was more than ten minutes ago";
  throw new DomainError("password_required", `password: ${message}`, { errors: [{ field: "password", message }] });
};

export const wrongPassword = (field: string): DomainError => {
  const message = "is not the account's password";
  return new DomainError("wrong_password", `${field}: ${message}`, { errors: [{ field, message }] });
};
