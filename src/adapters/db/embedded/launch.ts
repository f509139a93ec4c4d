import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { Refusal } from "../../refusal.ts";
import type { Binaries } from "./binaries.ts";
import type { ServerAccount } from "./server-account.ts";

/** Starts one of PostgreSQL's programs as the server's account. */
export type Launch = (program: string, args: readonly string[]) => ChildProcess;

interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly uid?: number;
  readonly gid?: number;
}

/** Nothing of our environment: it holds secrets, and PG… variables that would change what the server does. */
const env = { PATH: process.env["PATH"] ?? "/usr/bin:/bin", LC_ALL: "C", TZ: "UTC" };

/**
 * How to run the binaries on this machine, tried out before anything is written.
 * @throws Refusal when they do not run, or the account cannot reach the data folder.
 */
export function createLaunch(binaries: Binaries, account: ServerAccount | undefined, dataDir: string): Launch {
  const ways = account ? [asUser(account), asUserPastClosedFolders(account)] : [asOurselves];
  let complaint = "";
  for (const way of ways) {
    const probe = run(way("/bin/sh", ["-c", 'cd "$1" && exec "$2" --version', "sh", dataDir, binaries.postgres]));
    if (probe.status === 0) return launchBy(way);
    complaint = probe.stderr.trim().split("\n")[0] ?? "";
  }
  throw new Refusal(
    `The embedded PostgreSQL does not run here (${complaint || "no reason given"}); set DATABASE_URL to a PostgreSQL server of your own (15 or newer).`,
  );
}

function launchBy(way: (file: string, args: readonly string[]) => Command): Launch {
  return (program, args) => {
    const { file, args: all, ...ids } = way(program, args);
    // A session of its own: Ctrl-C in the terminal goes to us, and we stop the server last.
    return spawn(file, all, { ...ids, env, cwd: "/", detached: true, stdio: ["pipe", "pipe", "pipe"] });
  };
}

function run({ file, args, ...ids }: Command): { status: number | null; stderr: string } {
  const { status, stderr, error } = spawnSync(file, args, { ...ids, env, cwd: "/", encoding: "utf8" });
  return { status, stderr: error ? error.message : stderr };
}

const asOurselves = (file: string, args: readonly string[]): Command => ({ file, args });

function asUser({ uid, gid }: ServerAccount) {
  return (file: string, args: readonly string[]): Command => ({ file, args, uid, gid });
}

/**
 * A checkout below /root (mode 700) is out of reach for every other user. The one capability that lets a process search
 * and read closed folders is enough for the server to find its programs and its cluster there; it still writes only
 * what it owns.
 */
function asUserPastClosedFolders({ uid, gid }: ServerAccount) {
  const capability = "+dac_read_search";
  // Without this bit access(2), by which initdb looks for postgres, takes no account of capabilities.
  const bits = "--securebits=+no_setuid_fixup";
  const flags = [
    `--reuid=${uid}`,
    `--regid=${gid}`,
    "--clear-groups",
    bits,
    `--inh-caps=${capability}`,
    `--ambient-caps=${capability}`,
  ];
  return (file: string, args: readonly string[]): Command => ({
    file: "setpriv",
    args: [...flags, "--", file, ...args],
  });
}
