import { accessSync, constants, existsSync, mkdirSync, readdirSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { Refusal } from "./refusal.ts";

/** What TaskFlow writes into its folder first, by any way of starting: one of them makes the folder ours. */
const marks = ["taskflow.lock", "secrets.json", "postgres/PG_VERSION", "audit/heads.ndjson"];

/**
 * Makes the data folder, or checks that it is one: ours (or empty) and writable.
 * Returns its absolute path; throws a Refusal that says what is wrong with it.
 */
export function openDataFolder(path: string): string {
  const folder = resolve(path);
  makeFolder(folder);
  if (!statSync(folder).isDirectory())
    throw new Refusal(`The data folder ${folder} is a file; name a folder in TASKFLOW_DATA_DIR.`);
  checkAccess(folder);
  checkOurs(folder);
  return folder;
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EEXIST") return;
    throw new Refusal(`The data folder ${folder} cannot be made (${code}); name another one in TASKFLOW_DATA_DIR.`);
  }
}

function checkAccess(folder: string): void {
  try {
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const owner = `it belongs to user ${statSync(folder).uid}, this process is user ${process.getuid?.()}`;
    throw new Refusal(
      `The data folder ${folder} is not writable (${code}; ${owner}); name another one in TASKFLOW_DATA_DIR.`,
    );
  }
}

/** A folder of someone else's files is refused before anything is written into it. */
function checkOurs(folder: string): void {
  // The marks second: of two starts at once, what the other one writes in between is ours too.
  const others = readdirSync(folder).filter((name) => !name.startsWith(".") && name !== "lost+found");
  if (others.length === 0 || marks.some((mark) => existsSync(join(folder, mark)))) return;
  const seen = others.slice(0, 3).join(", ") + (others.length > 3 ? ", …" : "");
  throw new Refusal(
    `The folder ${folder} holds other things (${seen}) and is not TaskFlow's; name an empty or new folder in TASKFLOW_DATA_DIR.`,
  );
}
