// npm run check: layout, types, lint, layering, generated files, links of the docs. `npm run check -- lint` runs one.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { installPackages, node, root } from "./bootstrap.mjs";

const bin = (path) => join(root, "node_modules", path);

const checks = {
  format: [[bin("oxfmt/bin/oxfmt"), "--check", "."]],
  types: [[bin("typescript-native/bin/tsc"), "--noEmit", "-p", "."]],
  "types of web": [
    [bin("typescript-native/bin/tsc"), "--noEmit", "-p", "web"],
    [bin("typescript-native/bin/tsc"), "--noEmit", "-p", "web/worker"],
  ],
  lint: [[bin("oxlint/bin/oxlint"), "--type-aware", "--deny-warnings"]],
  layering: [
    [bin("dependency-cruiser/bin/dependency-cruise.mjs"), "--config", ".dependency-cruiser.cjs", "src", "web/src"],
  ],
  unused: [[bin("knip/bin/knip.js"), "--no-progress"]],
  "recurrence table": [["scripts/recurrence-conformance.ts", "--check"]],
  "event schemas": [["scripts/event-schemas.ts", "--check"]],
  links: [
    [
      bin("remark-cli/cli.js"),
      "--frail",
      "--quiet",
      "README.md",
      "ARCHITECTURE.md",
      "CONTRIBUTING.md",
      "CHANGELOG.md",
      "bench/RESULTS.md",
      "docs",
    ],
  ],
};

await installPackages();
const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !Object.hasOwn(checks, name));
if (unknown.length > 0) {
  process.stderr.write(`No check is called ${unknown.join(", ")}; there are ${Object.keys(checks).join(", ")}.\n`);
  process.exit(1);
}
const failed = (asked.length === 0 ? Object.keys(checks) : asked).filter((name) => !passes(name));
process.stdout.write(failed.length === 0 ? "every check passed\n" : `failed: ${failed.join(", ")}\n`);
process.exit(failed.length === 0 ? 0 : 1);

function passes(name) {
  const startedAt = performance.now();
  const ok = checks[name].every(
    (args) => spawnSync(node, args, { cwd: root, stdio: ["ignore", "inherit", "inherit"] }).status === 0,
  );
  process.stdout.write(`${name}: ${ok ? "ok" : "FAILED"} (${((performance.now() - startedAt) / 1000).toFixed(1)} s)\n`);
  return ok;
}
