import { create } from "zustand";
import type {
  Credentials,
  EmailChange,
  PasswordChange,
  Registration,
  Session,
  User,
  UserPatch,
} from "../../../src/contract/account.ts";
import { forgetUser } from "./database.ts";
import { Refused, send, type ApiAnswer, type ApiRequest } from "./http.ts";
import { forgetDrafts } from "./kept-drafts.ts";
import { withLock } from "./locks.ts";

const storageKey = "taskflow.session";
const endedKey = "taskflow.ended-session";
/** A token this close to its end is renewed before it is used. */
const marginMs = 30_000;

export interface StoredSession {
  readonly access_token: string;
  readonly refresh_token: string;
  /** Epoch milliseconds on this device's clock. */
  readonly expires_at: number;
  readonly user: User;
}

const readStored = (): StoredSession | null => {
  const text = localStorage.getItem(storageKey);
  return text === null ? null : (JSON.parse(text) as StoredSession);
};

/** Whose session ended without their doing, here or in another tab, and who has not signed in again since. */
export type EndedSession = Pick<User, "id" | "email">;

const readEnded = (): EndedSession | null => {
  const text = localStorage.getItem(endedKey);
  return text === null ? null : (JSON.parse(text) as EndedSession);
};

interface SessionState {
  readonly session: StoredSession | null;
  readonly ended: EndedSession | null;
}

export const useSession = create<SessionState>(() => ({ session: readStored(), ended: readEnded() }));

/** The signed-in user, or null. */
export const useUser = (): User | null => useSession((state) => state.session?.user ?? null);

const keep = (session: StoredSession | null): void => {
  if (session === null) localStorage.removeItem(storageKey);
  else localStorage.setItem(storageKey, JSON.stringify(session));
  useSession.setState({ session });
};

const keepEnded = (ended: EndedSession | null): void => {
  if (ended === null) localStorage.removeItem(endedKey);
  else localStorage.setItem(endedKey, JSON.stringify(ended));
  useSession.setState({ ended });
};

const keepAnswer = ({ access_token, refresh_token, expires_in, user }: Session): StoredSession => {
  const session = { access_token, refresh_token, expires_at: Date.now() + expires_in * 1000, user };
  keepEnded(null);
  keep(session);
  return session;
};

/** Follows what other tabs do: sign in, sign out, a renewed token. */
export const followOtherTabs = (): void => {
  addEventListener("storage", (event) => {
    if (event.key === storageKey) useSession.setState({ session: readStored(), ended: readEnded() });
  });
};

export const register = async (registration: Registration): Promise<void> => {
  keepAnswer((await send<Session>({ method: "POST", path: "/auth/register", body: registration })).body);
};

export const login = async (credentials: Credentials): Promise<void> => {
  keepAnswer((await send<Session>({ method: "POST", path: "/auth/login", body: credentials })).body);
};

/**
 * Signs out here at once; the server learns of it if it can be reached. The tasks kept on this device go too,
 * unless changes still wait for the server: those are kept for the next time this user signs in. So is what they typed
 * and did not save.
 */
export const logout = async (hasWaitingChanges: boolean): Promise<void> => {
  const session = readStored();
  keep(null);
  if (session === null) return;
  if (!hasWaitingChanges) await forgetUser(session.user.id);
  await send({ method: "POST", path: "/auth/logout", body: { refresh_token: session.refresh_token } });
};

/** Changes the signed-in user's settings. */
export const changeUser = async (patch: UserPatch): Promise<User> =>
  keepUser((await authorized<User>({ method: "PATCH", path: "/auth/me", body: patch })).body);

/** Reads the user anew: the name or zone may have been changed on another device. */
export const refreshUser = async (): Promise<void> => {
  const known = JSON.stringify(readStored()?.user);
  const { body } = await authorized<User>({ method: "GET", path: "/auth/me" });
  // What was changed here meanwhile is newer than this answer may be.
  if (JSON.stringify(readStored()?.user) === known) keepUser(body);
};

/** Changes what the user signs in as. */
export const changeEmail = async (change: EmailChange): Promise<User> =>
  keepUser((await authorized<User>({ method: "POST", path: "/auth/email", body: change })).body);

/** Changes the password. This session stays, all others end. */
export const changePassword = async (change: PasswordChange): Promise<void> => {
  await authorized({ method: "POST", path: "/auth/password", body: change });
};

/** Keeps an answer about the signed-in user; another tab may have signed somebody else in meanwhile. */
const keepUser = (user: User): User => {
  const session = readStored();
  if (session?.user.id === user.id) keep({ ...session, user });
  return user;
};

/** Closes the account for ever; what this device keeps of it goes with it. */
export const closeAccount = async (password: string): Promise<void> => {
  const userId = readStored()?.user.id;
  await authorized({ method: "DELETE", path: "/auth/me", body: { password } });
  keep(null);
  if (userId === undefined) return;
  forgetDrafts(userId);
  await forgetUser(userId);
};

/** Sends a request as the signed-in user, renewing the access token when it is about to end or was not accepted. */
export const authorized = async <T>(request: ApiRequest): Promise<ApiAnswer<T>> => {
  const token = await accessToken();
  try {
    return await send<T>(request, token);
  } catch (error) {
    if (!(error instanceof Refused) || error.code !== "unauthenticated") throw error;
    return send<T>(request, await accessToken(token));
  }
};

const usable = (session: StoredSession, refusedToken?: string): boolean =>
  session.access_token !== refusedToken && session.expires_at - Date.now() > marginMs;

const accessToken = async (refusedToken?: string): Promise<string> => {
  const session = readStored();
  if (session === null) throw new Refused(401, { code: "unauthenticated", title: "Signed out" }, null);
  return usable(session, refusedToken) ? session.access_token : renew(refusedToken);
};

/**
 * A refresh token is good once, and one used twice ends every session that grew from it. Two tabs must not both use it:
 * hence the lock, and the second look at what is stored.
 */
const renew = async (refusedToken?: string): Promise<string> =>
  withLock("taskflow.session", async () => {
    const session = readStored();
    if (session === null) throw new Refused(401, { code: "unauthenticated", title: "Signed out" }, null);
    if (usable(session, refusedToken)) return session.access_token;
    try {
      const { body } = await send<Session>({
        method: "POST",
        path: "/auth/refresh",
        body: { refresh_token: session.refresh_token },
      });
      return keepAnswer(body).access_token;
    } catch (error) {
      if (error instanceof Refused && error.status === 401) {
        keepEnded({ id: session.user.id, email: session.user.email });
        keep(null);
      }
      throw error;
    }
  });
