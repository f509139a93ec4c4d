// npm start: from a bare clone to a running TaskFlow. Arguments go to src/main/cli.ts.
import { spawn } from "node:child_process";
import { constants } from "node:os";
import { join } from "node:path";
import { buildWeb, installPackages, node, root } from "./bootstrap.mjs";

const args = process.argv.slice(2);
const serves = args[0] === "serve" || (!args.includes("--help") && !args.includes("--version") && (args[0] ?? "-").startsWith("-"));

installPackages();
if (serves) buildWeb();
// After "--" Node takes no --env-file for its own.
become(node, ["--", join(root, "src", "main", "cli.ts"), ...args]);

/** Becomes the program where Node can (22.15 and newer, not on Windows); else runs it and passes signals and its end on. */
function become(program, programArgs) {
  if (process.execve && process.platform !== "win32") process.execve(program, [program, ...programArgs], process.env);
  const child = spawn(program, programArgs, { stdio: "inherit" });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.once("exit", (code, signal) => process.exit(code ?? 128 + constants.signals[signal]));
}
