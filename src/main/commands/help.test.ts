import assert from "node:assert/strict";
import { test } from "node:test";
import { settings } from "../settings.ts";
import { helpText } from "./help.ts";

const help = helpText({ serve: { help: "Run TaskFlow.", run: async () => undefined } });

test("the help names every command and every setting with its default and its line", () => {
  assert.match(help, /^ {2}serve {2}Run TaskFlow\.$/m);
  for (const setting of Object.values(settings)) {
    const facts = help.split("\n").find((line) => line.startsWith(`  ${setting.name}  `));
    assert.ok(facts, setting.name);
    if (setting.default !== undefined) assert.ok(facts.includes(`default ${setting.default}`), facts);
    assert.ok(help.includes(`      ${setting.help}\n`), setting.name);
  }
});

test("the help says which settings are secret, and fits a terminal", () => {
  const secrets = Object.values(settings).filter(({ secret }) => secret).length;
  assert.equal(help.match(/ \(secret\)$/gm)?.length, secrets);
  for (const line of help.split("\n")) assert.ok(line.length <= 125, line);
});
