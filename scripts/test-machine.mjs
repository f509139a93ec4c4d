// What the tests need beside packages, and how to get it where that is possible.
import { spawnSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { node, root } from "./bootstrap.mjs";

const chromiumNames = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];

/** Puts the browser's path into CHROMIUM_PATH, installed by apt-get as root when missing; answers why there is none. */
export function findChromium() {
  process.env["CHROMIUM_PATH"] ||= firstOnPath(chromiumNames) ?? installChromium() ?? "";
  return process.env["CHROMIUM_PATH"]
    ? undefined
    : `there is no Chromium (looked for ${chromiumNames.join(", ")}; CHROMIUM_PATH names another)`;
}

/** Finds or builds Dapr and Kafka, before a test's time runs; answers what of it this machine cannot have. */
export function findInfra() {
  const { status, stdout } = spawnSync(node, ["--input-type=module", "--eval", infraProbe], {
    cwd: root,
    encoding: "utf8",
    stdio: ["ignore", "pipe", 2],
  });
  return status === 0 ? stdout.trim() || undefined : "Dapr and Kafka could not be built";
}

const infraProbe = `
  const { ensureInfra } = await import("./test/infra/install.ts");
  const infra = await ensureInfra();
  if ("missing" in infra) process.stdout.write(infra.missing);
`;

function installChromium() {
  if (process.getuid?.() !== 0 || !firstOnPath(["apt-get"])) return undefined;
  aptGet("update", "-q");
  aptGet("install", "-q", "-y", "--no-install-recommends", "chromium");
  return firstOnPath(["chromium"]);
}

function aptGet(...args) {
  spawnSync("apt-get", args, { stdio: ["ignore", 2, 2], env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" } });
}

function firstOnPath(names) {
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find(isProgram);
}

function isProgram(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
