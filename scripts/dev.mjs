// npm run dev: the server restarts on a change below src/, the web app reloads in place (Vite, which passes /api to the
// server).
import { spawn } from "node:child_process";
import { join } from "node:path";
import { endWithNpm, installPackages, node, root } from "./bootstrap.mjs";

endWithNpm();
await installPackages();

const env = { ...process.env, TASKFLOW_PORT: process.env["TASKFLOW_PORT"] || "8000" };
const children = [
  spawn(
    node,
    [
      "--watch",
      "--watch-preserve-output",
      "--",
      join(root, "src", "main", "cli.ts"),
      "serve",
      ...process.argv.slice(2),
    ],
    { cwd: root, env, stdio: "inherit" },
  ),
  spawn(node, [join(root, "node_modules", "vite", "bin", "vite.js")], {
    cwd: join(root, "web"),
    env,
    stdio: "inherit",
  }),
];

let ending = false;

function end(signal) {
  ending = true;
  for (const child of children) child.kill(signal);
}

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => end(signal));
for (const child of children) {
  child.once("exit", (code) => {
    if (!ending) process.exitCode = code ?? 1;
    end("SIGTERM");
  });
}
