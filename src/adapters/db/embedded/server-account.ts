import { execFileSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { userInfo } from "node:os";
import { Refusal } from "../../refusal.ts";

/** The system user that PostgreSQL runs as when TaskFlow is root: PostgreSQL refuses to be root. */
export interface ServerAccount {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/**
 * The account the server runs as: none (our own) unless we are root; the owner of an existing cluster; else a user
 * `taskflow` or `postgres` of this system; else a system user `taskflow`, made now.
 * @throws Refusal when the cluster is another user's, or no user can be made.
 */
export function chooseAccount(cluster: string): ServerAccount | undefined {
  const owner = existsSync(cluster) ? statSync(cluster) : undefined;
  const uid = process.getuid?.();
  if (uid !== 0) {
    if (owner && owner.uid !== uid) {
      throw new Refusal(
        `The database in ${cluster} belongs to user ${owner.uid} and this process is user ${uid}; start TaskFlow as the user who made it.`,
      );
    }
    return undefined;
  }
  if (owner?.uid === 0)
    throw new Refusal(
      `The database in ${cluster} belongs to root, and PostgreSQL does not run as root; give it to the user it ran as before, such as by: chown -R taskflow: ${cluster}`,
    );
  if (owner) return { name: nameOf(owner.uid), uid: owner.uid, gid: owner.gid };
  return findAccount("taskflow") ?? findAccount("postgres") ?? makeAccount();
}

/** The names whose processes may connect over the socket: ours, and the server's own for an administrator's psql. */
export function clientNames(account: ServerAccount | undefined): string[] {
  try {
    return [...new Set([userInfo().username, ...(account ? [account.name] : [])])];
  } catch {
    throw new Refusal(
      `This process runs as user ${process.getuid?.()}, which has no name on this system, so PostgreSQL cannot know it; set DATABASE_URL or run as a named user.`,
    );
  }
}

function findAccount(name: string): ServerAccount | undefined {
  try {
    return { name, uid: Number(id("-u", name)), gid: Number(id("-g", name)) };
  } catch {
    return undefined;
  }
}

function makeAccount(): ServerAccount {
  addUser();
  const account = findAccount("taskflow");
  if (account) return account;
  throw new Refusal(
    "PostgreSQL does not run as root and a system user for it could not be made (useradd); make a user named taskflow, start TaskFlow as another user, or set DATABASE_URL.",
  );
}

function addUser(): void {
  try {
    execFileSync(
      "useradd",
      ["--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin", "taskflow"],
      { stdio: "pipe" },
    );
  } catch {
    // Of two first starts at once one adds the user and the other fails: whether there is one now is looked at by the
    // caller.
  }
}

/** A folder that came from another machine may belong to a number that nobody has here. */
function nameOf(uid: number): string {
  try {
    return id("-un", String(uid));
  } catch {
    return String(uid);
  }
}

function id(flag: string, user: string): string {
  return execFileSync("id", [flag, user], { stdio: "pipe", encoding: "utf8" }).trim();
}
