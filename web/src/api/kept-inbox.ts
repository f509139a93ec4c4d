import { emptyInbox, keptPart, type Inbox } from "./inbox.ts";

const keyOf = (userId: string): string => `taskflow.inbox.${userId}`;

/**
 * What this device kept of a user's inbox: small, and wanted with the first paint, which is why it is not in the
 * database.
 */
export const readKeptInbox = (userId: string): Inbox => {
  const kept = localStorage.getItem(keyOf(userId));
  // An earlier version of the app kept less.
  return kept === null ? emptyInbox : { ...emptyInbox, ...(JSON.parse(kept) as Partial<Inbox>) };
};

export const keepInbox = (userId: string, inbox: Inbox): void =>
  localStorage.setItem(keyOf(userId), JSON.stringify(keptPart(inbox)));

export const forgetInbox = (userId: string): void => localStorage.removeItem(keyOf(userId));
