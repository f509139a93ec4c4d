// npm run format: gives every source its layout. `npm run check -- format` says which have another.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { installPackages, node, root } from "./bootstrap.mjs";

await installPackages();
const args = [join(root, "node_modules", "oxfmt", "bin", "oxfmt"), "."];
process.exit(spawnSync(node, args, { cwd: root, stdio: "inherit" }).status ?? 1);
