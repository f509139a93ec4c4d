import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { startTaskFlow } from "../harness/taskflow.ts";
import { until } from "../harness/until.ts";

/** The commands of a section's first shell block. */
const commandsOf = (markdown: string, heading: string): readonly string[] => {
  const block = new RegExp(`## ${heading}\\n[^]*?\`\`\`sh\\n([^]*?)\`\`\``).exec(markdown)?.[1];
  assert.ok(block, `README.md has a shell block under “${heading}”`);
  return block.trim().split("\n");
};

test("the lines of README.md's “By HTTP” do what they say", async (context) => {
  const taskFlow = await startTaskFlow({});
  context.after(() => taskFlow.stop());
  const folder = await mkdtemp(join(tmpdir(), "taskflow-readme-"));
  context.after(() => rm(folder, { recursive: true }));
  const commands = commandsOf(await readFile(new URL("../../README.md", import.meta.url), "utf8"), "By HTTP");
  // The last line listens until its time is over: two seconds for a reader, and here as long as it takes.
  const listening = commands.at(-1) ?? "";
  assert.match(listening, / --max-time 2 /);
  const script = [
    "set -euo pipefail",
    ...commands.slice(0, -1),
    `exec ${listening.replace("--max-time 2", "--max-time 600")}`,
  ].join("\n");

  const shell = spawn("bash", ["-c", script.replaceAll("http://127.0.0.1:8000", taskFlow.url)], {
    cwd: folder,
    stdio: ["ignore", "pipe", "inherit"],
  });
  context.after(() => shell.kill());
  let stdout = "";
  shell.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  await until("the last line to bring three events", () => {
    assert.equal(shell.exitCode, null, stdout);
    return (stdout.match(/^data: .*$/gm) ?? []).length >= 3;
  });

  const [list = "", undone = "", ...frames] = stdout.split(/(?<=\})(?=\{)|(?<=\})(?=id: )/);
  assert.equal(JSON.parse(list).tasks[0].title, "Pay rent");
  assert.equal(JSON.parse(undone).tasks[0].status, "pending");
  assert.deepEqual(frames.join("").match(/^event: .*$/gm), [
    "event: task.created",
    "event: task.completed",
    "event: task.updated",
  ]);
});
