import type { Db } from "../../../adapters/db/database.ts";
import type { EmailChange, PasswordChange } from "../../../contract/account.ts";
import type { CredentialWatch, Identity } from "../../../ports.ts";
import { confirmPassword, type PasswordCheckDeps, refuseGuessable, wrongPassword } from "./password-check.ts";
import { endOtherSessions } from "./sessions.ts";
import { canonicalEmail, emailTaken, type UserRow } from "./users.ts";

/** Both throw `wrong_password`, also when the password was changed by another request meanwhile. */
export interface CredentialChanges {
  /** Ends the user's other sessions, with the API tokens that end with them. */
  changePassword(person: Identity, change: PasswordChange): Promise<void>;
  /** @throws DomainError `email_taken` */
  changeEmail(person: Identity, change: EmailChange): Promise<UserRow>;
}

/** What a person signs in with. */
export const createCredentialChanges = (
  deps: PasswordCheckDeps & { readonly credentials: Pick<CredentialWatch, "look"> },
): CredentialChanges => ({
  async changePassword({ userId, sessionId }, { current_password, new_password }) {
    const user = await confirmPassword(deps, userId, { field: "current_password", password: current_password });
    await refuseGuessable(deps.passwords, { field: "new_password", password: new_password, email: user.email });
    const hash = await deps.passwords.hash(new_password);
    await deps.database.kysely.transaction().execute(async (tx) => {
      if ((await update(tx, user, { password_hash: hash })) === undefined) throw wrongPassword("current_password");
      await endOtherSessions(tx, userId, sessionId);
    });
    await deps.credentials.look();
  },

  async changeEmail({ userId }, { password, email }) {
    const user = await confirmPassword(deps, userId, { field: "password", password });
    try {
      const changed = await update(deps.database.kysely, user, { email: canonicalEmail(email) });
      if (changed === undefined) throw wrongPassword("password");
      return changed;
    } catch (error) {
      throw emailTaken(error, "there is another account with this e-mail");
    }
  },
});

/**
 * Undefined, and nothing changed, when the password is no longer the one that was confirmed, or the account was closed.
 */
const update = (
  db: Db,
  user: UserRow,
  change: Partial<Pick<UserRow, "password_hash" | "email">>,
): Promise<UserRow | undefined> =>
  db
    .updateTable("users")
    .set(change)
    .where("id", "=", user.id)
    .where("password_hash", "=", user.password_hash)
    .where("disabled_at", "is", null)
    .returningAll()
    .executeTakeFirst();
