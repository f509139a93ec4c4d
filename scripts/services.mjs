// npm run services: the five-service shape on this machine, without containers. `npm run services -- --help` says more.
import { join } from "node:path";
import { become, buildWeb, endWithNpm, installPackages, node, root } from "./bootstrap.mjs";

const args = process.argv.slice(2);

endWithNpm();
await installPackages();
if (!args.includes("--help")) await buildWeb();
await become(node, ["--", join(root, "scripts", "services", "main.ts"), ...args]);
