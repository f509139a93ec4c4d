import { create } from "zustand";
import type {
  BrowserSession,
  Credentials,
  EmailChange,
  PasswordChange,
  Registration,
  User,
  UserPatch,
} from "../../../src/contract/account.ts";
import { cookieSession } from "../../../src/contract/cookie-session.ts";
import { forgetUser } from "./database.ts";
import { Refused, send, type ApiAnswer, type ApiRequest } from "./http.ts";
import { forgetDrafts } from "./kept-drafts.ts";
import { withLock } from "./locks.ts";

const storageKey = "taskflow.session";
const endedKey = "taskflow.ended-session";
/** Set while the server has not been told of a sign-out: its cookie is still good, and no script can take it away. */
const signedOutKey = "taskflow.signed-out";
/** A token this close to its end is renewed before it is used. */
const marginMs = 30_000;

export interface StoredSession {
  readonly access_token: string;
  /** What a release before kept here; it goes into a cookie at the next request. */
  readonly refresh_token?: string;
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

const keepAnswer = ({ access_token, expires_in, user }: BrowserSession): StoredSession => {
  const session = { access_token, expires_at: Date.now() + expires_in * 1000, user };
  keepEnded(null);
  keep(session);
  return session;
};

/** One at a time of all tabs: the cookie, and what is stored of whose it is, change together. */
const inTurn = <T>(work: () => Promise<T>): Promise<T> => withLock("taskflow.session", work);

/** Asks for a session whose refresh token no script can read: it comes and goes as a cookie. */
const ask = async <T>(path: string, body: object): Promise<T> =>
  (await send<T>({ method: "POST", path, body, headers: { [cookieSession.header]: cookieSession.value } })).body;

const signIn = (path: string, body: Registration | Credentials): Promise<void> =>
  inTurn(async () => {
    // A session that was left offline ends; when that fails, the new one takes the place of its cookie.
    await finishSignOut().catch(() => undefined);
    keepAnswer(await ask<BrowserSession>(path, body));
    localStorage.removeItem(signedOutKey);
  });

/** JSON leaves out a token that is not given: then it is the cookie's that the server takes. */
const finishSignOut = async (refresh_token?: string): Promise<void> => {
  if (localStorage.getItem(signedOutKey) === null) return;
  await ask("/auth/logout", { refresh_token });
  localStorage.removeItem(signedOutKey);
};

/** Tells the server of a sign-out that it could not be told of then: now, and whenever the network is back. */
export const finishSignOuts = (): void => {
  const finish = (): void => {
    if (readStored() === null) void inTurn(() => finishSignOut()).catch(() => undefined);
  };
  finish();
  addEventListener("online", finish);
};

/** Follows what other tabs do: sign in, sign out, a renewed token. */
export const followOtherTabs = (): void => {
  addEventListener("storage", (event) => {
    if (event.key === storageKey) useSession.setState({ session: readStored(), ended: readEnded() });
  });
};

export const register = (registration: Registration): Promise<void> => signIn("/auth/register", registration);

export const login = (credentials: Credentials): Promise<void> => signIn("/auth/login", credentials);

/**
 * Signs out here at once; the server learns of it if it can be reached. The tasks kept on this device go too,
 * unless changes still wait for the server: those are kept for the next time this user signs in. So is what they typed
 * and did not save.
 */
export const logout = async (hasWaitingChanges: boolean): Promise<void> => {
  const session = readStored();
  if (session === null) return;
  localStorage.setItem(signedOutKey, "");
  keep(null);
  if (!hasWaitingChanges) await forgetUser(session.user.id);
  await inTurn(() => finishSignOut(session.refresh_token));
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
  localStorage.setItem(signedOutKey, "");
  keep(null);
  void inTurn(() => finishSignOut()).catch(() => undefined);
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

/** A session that still has its refresh token here is moved over: it gets the cookie for it. */
const usable = (session: StoredSession, refusedToken?: string): boolean =>
  session.refresh_token === undefined &&
  session.access_token !== refusedToken &&
  session.expires_at - Date.now() > marginMs;

const signedOut = (): Refused => new Refused(401, { code: "unauthenticated", title: "Signed out" }, null);

const accessToken = async (refusedToken?: string): Promise<string> => {
  const session = readStored();
  if (session === null) throw signedOut();
  return usable(session, refusedToken) ? session.access_token : renew(refusedToken);
};

/**
 * Two tabs that refresh at once would each get a token of their own: hence the turn, and the second look at what is
 * stored. Somebody else may have signed in meanwhile in this browser: then nothing of before is sent as them.
 */
const renew = (refusedToken?: string): Promise<string> => {
  const asked = readStored()?.user.id;
  return inTurn(async () => {
    const session = readStored();
    if (session === null || session.user.id !== asked) throw signedOut();
    if (usable(session, refusedToken)) return session.access_token;
    try {
      return await refresh(session);
    } catch (error) {
      // A sign-out, or a sign-in without a turn (locks.ts), may have come before the answer.
      if (error instanceof Refused && error.status === 401 && readStored()?.user.id === asked) endHere(session.user);
      throw error;
    }
  });
};

/** Nobody becomes somebody else without a word: a cookie of another account ends this session. */
const refresh = async ({ refresh_token, user }: StoredSession): Promise<string> => {
  const renewed = await ask<BrowserSession>("/auth/refresh", { refresh_token });
  if (renewed.user.id !== user.id || readStored()?.user.id !== user.id) throw signedOut();
  return keepAnswer(renewed).access_token;
};

/** A session that ended without its user's doing. What its cookie may still hold ends before the next sign-in. */
const endHere = ({ id, email }: User): void => {
  localStorage.setItem(signedOutKey, "");
  keepEnded({ id, email });
  keep(null);
};
