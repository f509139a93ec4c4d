// npm start: from a bare clone to a running TaskFlow. Arguments go to src/main/cli.ts.
import { join } from "node:path";
import { become, buildWeb, endWithNpm, installPackages, node, root } from "./bootstrap.mjs";

const args = process.argv.slice(2);
const serves =
  args[0] === "serve" || (!args.includes("--help") && !args.includes("--version") && (args[0] ?? "-").startsWith("-"));

endWithNpm();
await installPackages();
if (serves) await buildWeb();
// Small young generations keep a process of 10,000 streams below 15 KiB each (bench/streams.ts).
// After "--" Node takes no --env-file for its own.
await become(node, ["--max-semi-space-size=4", "--", join(root, "src", "main", "cli.ts"), ...args]);
