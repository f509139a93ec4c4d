import { type Database, sql } from "../../../adapters/db/database.ts";
import type { Registration } from "../../../contract/account.ts";
import { DomainError } from "../../../contract/problem.ts";
import { visibleText } from "../../../domain/visible-text.ts";
import type { Clock, PasswordHasher } from "../../../ports.ts";
import { refuseGuessable } from "./password-check.ts";
import { canonicalEmail, emailTaken, type UserRow } from "./users.ts";
import { readZone } from "./zone.ts";

export interface RegistrationDeps {
  readonly database: Database;
  readonly clock: Clock;
  readonly passwords: PasswordHasher;
  readonly newId: () => string;
  readonly registration: "open" | "closed";
}

type NewUser = Pick<UserRow, "id" | "email" | "name" | "password_hash" | "time_zone" | "created_at">;

/** Makes an account. The first one of an installation is its administrator. */
export const createRegistration =
  (deps: RegistrationDeps) =>
  async (input: Registration): Promise<UserRow> => {
    if (deps.registration === "closed")
      throw new DomainError("registration_closed", "this installation takes no new accounts");
    const time_zone = readZone(input.time_zone ?? "UTC");
    await refuseGuessable(deps.passwords, { field: "password", password: input.password, email: input.email });
    const password_hash = await deps.passwords.hash(input.password);
    return insertUser(deps.database, {
      id: deps.newId(),
      email: canonicalEmail(input.email),
      name: visibleText((input.name ?? "").toWellFormed()),
      password_hash,
      time_zone,
      created_at: new Date(deps.clock.now()),
    });
  };

/** Registrations take turns, so that of two first ones at once only one finds no other user. */
const insertUser = async (database: Database, user: NewUser): Promise<UserRow> => {
  try {
    return await database.kysely.transaction().execute(async (tx) => {
      await sql`SELECT pg_advisory_xact_lock(hashtext('taskflow registration'))`.execute(tx);
      const { rows } = await sql<UserRow>`
        WITH registered AS (
          INSERT INTO users (id, email, name, password_hash, time_zone, created_at, role)
          SELECT ${user.id}, ${user.email}, ${user.name}, ${user.password_hash}, ${user.time_zone}, ${user.created_at},
            CASE WHEN EXISTS (SELECT FROM users) THEN 'user' ELSE 'admin' END
          RETURNING *
        ), head AS (
          INSERT INTO event_heads (user_id, time_zone) SELECT id, time_zone FROM registered
        )
        SELECT * FROM registered`.execute(tx);
      const [row] = rows;
      if (row === undefined) throw new Error("an insert of one user returned none");
      return row;
    });
  } catch (error) {
    throw emailTaken(error, "there is an account with this e-mail; sign in instead");
  }
};
