// npm start: from a bare clone to a running TaskFlow. Arguments go to src/main/cli.ts.
import { join } from "node:path";
import { become, buildWeb, installPackages, node, root } from "./bootstrap.mjs";

const args = process.argv.slice(2);
const serves = args[0] === "serve" || (!args.includes("--help") && !args.includes("--version") && (args[0] ?? "-").startsWith("-"));

installPackages();
if (serves) buildWeb();
// After "--" Node takes no --env-file for its own.
become(node, ["--", join(root, "src", "main", "cli.ts"), ...args]);
