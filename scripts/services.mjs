// npm run services: the five-service shape on this machine, without containers. `npm run services -- --help` says more.
import { join } from "node:path";
import { become, buildWeb, installPackages, node, root } from "./bootstrap.mjs";

const args = process.argv.slice(2);

installPackages();
if (!args.includes("--help")) buildWeb();
become(node, ["--", join(root, "scripts", "services", "main.ts"), ...args]);
