// What every first command of a bare clone needs. Plain JavaScript without packages: it runs on the machine's own
// Node (20 or newer), before there is a node_modules.
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { constants } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** The Node that runs TaskFlow: a dependency like any other. */
export const node = join(root, "node_modules", ".bin", process.platform === "win32" ? "node.exe" : "node");

const oldestNode = 20;

/** Ends with one plain sentence. */
export function refuse(sentence) {
  process.stderr.write(`taskflow: ${sentence}\n`);
  process.exit(1);
}

/** Installs the packages of package-lock.json when node_modules does not hold just these. */
export function installPackages() {
  if (Number.parseInt(process.versions.node, 10) < oldestNode) {
    refuse(
      `This is Node ${process.versions.node}; Node ${oldestNode} or newer is needed to begin (it then installs the Node it runs on).`,
    );
  }
  if (packagesAreCurrent()) return;
  say("Installing packages (npm ci) …");
  npm(["ci", "--no-audit", "--no-fund", "--loglevel=error"], "The packages could not be installed");
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
export function buildWeb() {
  const stamp = join(root, "web", "dist", ".sources");
  const sources = hashFiles(["web", "src/contract", "package-lock.json"]);
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === sources) return;
  say("Building the web app …");
  npm(["run", "build", "--workspace=web", "--silent"], "The web app could not be built");
  writeFileSync(stamp, sources);
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
 * Becomes the program where Node can (22.15 and newer, not on Windows); else runs it and passes signals and its end on.
 */
export function become(program, programArgs) {
  if (process.execve && process.platform !== "win32") process.execve(program, [program, ...programArgs], process.env);
  const child = spawn(program, programArgs, { stdio: "inherit" });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.once("exit", (code, signal) => process.exit(code ?? 128 + constants.signals[signal]));
}

function npm(args, failure) {
  const cli = process.env["npm_execpath"];
  const [file, first] = cli ? [process.execPath, [cli]] : ["npm", []];
  // What npm prints is progress, not the command's answer: it goes to stderr.
  const { status } = spawnSync(file, [...first, ...args], {
    cwd: root,
    stdio: ["ignore", 2, 2],
    shell: !cli && process.platform === "win32",
  });
  if (status !== 0) refuse(`${failure} (npm ${args[0]} ended with code ${status}).`);
}

function say(line) {
  process.stderr.write(`${line}\n`);
}
