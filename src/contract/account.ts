import { type Static, Type } from "typebox";
import { Instant, Nullable, storableText, Uuid } from "./scalars.ts";

export const Scope = Type.Enum(["read", "write", "admin"]);
export type Scope = Static<typeof Scope>;

export const User = Type.Object({
  id: Uuid,
  email: Type.String(),
  name: Type.String(),
  role: Type.Enum(["user", "admin"]),
  time_zone: Type.String({ description: "IANA name" }),
  week_start: Type.Enum(["monday", "sunday", "saturday"]),
  all_day_hour: Type.Integer({ minimum: 0, maximum: 23, description: "The hour at which an all-day task reminds" }),
  created_at: Instant,
});
export type User = Static<typeof User>;

const email = Type.String({ format: "email", maxLength: 254 });
const password = Type.String({ minLength: 8, maxLength: 200, description: "8–200 characters" });
const name = Type.String({ maxLength: 100, pattern: storableText });
const timeZone = Type.String({ maxLength: 64, description: "IANA name, such as `America/New_York`" });

export const Registration = Type.Object(
  { email, password, name: Type.Optional(name), time_zone: Type.Optional(timeZone) },
  { additionalProperties: false },
);
export type Registration = Static<typeof Registration>;

export const Credentials = Type.Object(
  { email: Type.String({ maxLength: 254, pattern: storableText }), password: Type.String({ maxLength: 200 }) },
  { additionalProperties: false },
);
export type Credentials = Static<typeof Credentials>;

export const RefreshRequest = Type.Object(
  {
    refresh_token: Type.Optional(
      Type.String({ maxLength: 200, description: "Left out by a browser, which has it in its cookie" }),
    ),
  },
  { additionalProperties: false },
);
export type RefreshRequest = Static<typeof RefreshRequest>;

/** What register, login and refresh answer a browser that keeps its refresh token in a cookie. */
export const BrowserSession = Type.Object({
  access_token: Type.String(),
  token: Type.String({ description: "`access_token` again, for clients that know that name" }),
  token_type: Type.Literal("Bearer"),
  expires_in: Type.Integer({ description: "Seconds until the access token ends" }),
  user: User,
});
export type BrowserSession = Static<typeof BrowserSession>;

/** What they answer every other client, which keeps its refresh token itself. */
export const Session = Type.Object({ ...BrowserSession.properties, refresh_token: Type.String() });
export type Session = Static<typeof Session>;

export const UserPatch = Type.Object(
  {
    name: Type.Optional(name),
    time_zone: Type.Optional(timeZone),
    week_start: Type.Optional(User.properties.week_start),
    all_day_hour: Type.Optional(User.properties.all_day_hour),
  },
  { additionalProperties: false },
);
export type UserPatch = Static<typeof UserPatch>;

/** Closing an account asks for the password once more: it cannot be undone. */
export const AccountClosing = Type.Object(
  { password: Type.String({ maxLength: 200 }) },
  { additionalProperties: false },
);
export type AccountClosing = Static<typeof AccountClosing>;

/** A new password asks for the old one: a stolen access token is not enough to keep an account. */
export const PasswordChange = Type.Object(
  { current_password: Type.String({ maxLength: 200 }), new_password: password },
  { additionalProperties: false },
);
export type PasswordChange = Static<typeof PasswordChange>;

export const EmailChange = Type.Object(
  { password: Type.String({ maxLength: 200 }), email },
  { additionalProperties: false },
);
export type EmailChange = Static<typeof EmailChange>;

/** What every personal API token begins with, so that people and secret scanners know one when they see it. */
export const apiTokenPrefix = "tf_";

/** How long a token lives when its maker does not say. */
export const defaultTokenDays = 90;

export const ApiToken = Type.Object({
  id: Uuid,
  name: Type.String(),
  scopes: Type.Array(Scope),
  created_at: Instant,
  expires_at: Nullable(Instant),
  last_used_at: Nullable(Instant),
  independent: Type.Boolean({ description: "Whether it outlives the session that made it" }),
});
export type ApiToken = Static<typeof ApiToken>;

export const NewApiToken = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 100, pattern: storableText }),
    scopes: Type.Array(Scope, { minItems: 1, maxItems: 3, uniqueItems: true }),
    expires_in_days: Type.Optional(
      Nullable(
        Type.Integer({ minimum: 1, maximum: 3650, description: "90 unless said; null for a token without an end" }),
      ),
    ),
    independent: Type.Optional(
      Type.Boolean({
        description: "Whether it outlives the session that makes it; else it ends with it. Only for who signed in",
      }),
    ),
    password: Type.Optional(
      Type.String({ maxLength: 200, description: "Asked for when the sign-in was more than ten minutes ago" }),
    ),
  },
  { additionalProperties: false },
);
export type NewApiToken = Static<typeof NewApiToken>;

/** The only answer that ever carries the token itself. */
export const IssuedApiToken = Type.Object({ ...ApiToken.properties, token: Type.String() });
export type IssuedApiToken = Static<typeof IssuedApiToken>;

export const ApiTokenList = Type.Object({ tokens: Type.Array(ApiToken), next_cursor: Nullable(Type.String()) });
export type ApiTokenList = Static<typeof ApiTokenList>;
