// What every first command of a bare clone needs. Plain JavaScript without packages: it runs on the machine's own
// Node (20 or newer), before there is a node_modules.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { constants } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { watchParent } from "./end-with-parent.mjs";
import { lockInstall } from "./install-lock.mjs";

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** The Node that runs TaskFlow: a dependency like any other. */
export const node = join(root, "node_modules", ".bin", process.platform === "win32" ? "node.exe" : "node");

const oldestNode = 20;
const stopSignals = ["SIGINT", "SIGTERM", "SIGHUP"];
/** npm, when it started us: its end is ours. A shell may end before what it started in the background. */
const npmPid = process.env["npm_lifecycle_event"] === undefined ? undefined : process.ppid;

/** Stops this process, as SIGTERM does, when the npm that runs it is gone: killed, it passes no signal on. */
export function endWithNpm() {
  if (npmPid !== undefined) watchParent(npmPid);
}

/** Ends with one plain sentence. */
export function refuse(sentence) {
  process.stderr.write(`taskflow: ${sentence}\n`);
  process.exit(1);
}

/** Installs the packages of package-lock.json when node_modules does not hold just these. */
export async function installPackages() {
  if (Number.parseInt(process.versions.node, 10) < oldestNode) {
    refuse(
      `This is Node ${process.versions.node}; Node ${oldestNode} or newer is needed to begin (it then installs the Node it runs on).`,
    );
  }
  await oneAtATime(packagesAreCurrent, async (lock) => {
    say("Installing packages (npm ci) …");
    await npm(["ci", "--no-audit", "--no-fund", "--loglevel=error"], "The packages could not be installed", lock);
  });
  if (!existsSync(node))
    refuse(
      "The packages are installed, but Node is not among them: npm was told to run no install scripts. Run npm ci --ignore-scripts=false.",
    );
}

/**
 * npm keeps what it installed in node_modules/.package-lock.json. What is missing there must be optional (other
 * platforms).
 */
function packagesAreCurrent() {
  const installed = readLock(join(root, "node_modules", ".package-lock.json"));
  const wanted = readLock(join(root, "package-lock.json"));
  if (!installed || !wanted || !existsSync(node)) return false;
  return Object.entries(wanted).every(([path, { version, integrity, optional }]) => {
    const found = installed[path];
    if (path === "") return true;
    return found ? found.version === version && found.integrity === integrity : optional === true;
  });
}

function readLock(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")).packages : undefined;
}

/** Builds web/dist when its sources are not the ones it was built from. */
export async function buildWeb() {
  const stamp = join(root, "web", "dist", ".sources");
  const sources = hashFiles(["web", "src/contract", "package-lock.json"]);
  const isBuilt = () => existsSync(stamp) && readFileSync(stamp, "utf8") === sources;
  await oneAtATime(isBuilt, async (lock) => {
    say("Building the web app …");
    await npm(["run", "build", "--workspace=web", "--silent"], "The web app could not be built", lock);
    writeFileSync(stamp, sources);
  });
}

/** Does what is not done yet; of several that begin at once one does it and the others wait for it. */
async function oneAtATime(isDone, work) {
  if (isDone()) return;
  const lock = await lockInstall(root, () => say("Another TaskFlow installs or builds here; waiting for it …"));
  try {
    if (!isDone()) await work(lock);
  } finally {
    lock.release();
  }
}

function hashFiles(paths) {
  const hash = createHash("sha256");
  for (const file of paths.flatMap((path) => listFiles(path)))
    hash
      .update(file)
      .update("\0")
      .update(readFileSync(join(root, file)))
      .update("\0");
  return hash.digest("hex");
}

const notSources = new Set(["node_modules", "dist"]);

function listFiles(path) {
  if (statSync(join(root, path)).isFile()) return [path];
  const names = readdirSync(join(root, path)).filter((name) => !notSources.has(name));
  return names.toSorted().flatMap((name) => listFiles(`${path}/${name}`));
}

/**
 * Becomes the program where Node can (22.15 and newer, not on Windows); else runs it, passes signals on, and ends as it
 * ends.
 */
export async function become(program, programArgs) {
  const canBecome = process.execve !== undefined && process.platform !== "win32";
  const args = [...endingWith(canBecome ? npmPid : process.pid), ...programArgs];
  if (canBecome) process.execve(program, [program, ...args], process.env);
  const { code, signal } = await endOf(spawn(program, args, { stdio: "inherit" }));
  process.exit(code ?? 128 + constants.signals[signal]);
}

/** The option by which a Node ends with another process. */
function endingWith(pid) {
  return pid === undefined
    ? []
    : [`--import=${pathToFileURL(join(root, "scripts", "end-with-parent.mjs"))}?parent=${pid}`];
}

/** Waits for a child; signals that come meanwhile are the child's. */
async function endOf(child) {
  let stopped;
  const passOn = (signal) => {
    stopped = signal;
    child.kill(signal);
  };
  for (const signal of stopSignals) process.on(signal, passOn);
  const [code, signal] = await once(child, "exit");
  for (const name of stopSignals) process.off(name, passOn);
  return { code, signal, stopped };
}

async function npm(args, failure, lock) {
  const cli = process.env["npm_execpath"];
  const [file, first] = cli ? [process.execPath, [cli]] : ["npm", []];
  const child = spawn(file, [...first, ...args], {
    cwd: root,
    // What npm prints is progress, not the command's answer: it goes to stderr.
    stdio: ["ignore", 2, 2, ...lock.inherit],
    shell: !cli && process.platform === "win32",
  });
  const { code, stopped } = await endOf(child);
  if (stopped) process.exit(128 + constants.signals[stopped]);
  if (code !== 0) refuse(`${failure} (npm ${args[0]} ended with code ${code}).`);
}

function say(line) {
  process.stderr.write(`${line}\n`);
}
