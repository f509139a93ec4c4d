import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { describe, test, type TestContext } from "node:test";
import { promisify } from "node:util";

const run = promisify(execFile);
const INSTALL = join(import.meta.dirname, "install.ts");
/** Builds into the folder that it is told, slowly enough for a second one to come, and counts itself. */
const FAKE_GO =
  '#!/bin/sh\necho built >> "$BUILDS"\nsleep 1\nwhile [ "$1" != -o ]; do shift; done\n: > "$2/daprd"; : > "$2/scheduler"\n';
const FAKE_MVN =
  '#!/bin/sh\nfor argument; do case $argument in -DoutputDirectory=*) : > "${argument#*=}/kafka.jar" ;; esac; done\n';
const FAKE_JAVA = "#!/bin/sh\necho 'openjdk version \"VERSION.0.1\"' >&2\n";

describe("installing Dapr and Kafka", () => {
  test("names what is missing, in words", async (t) => {
    const machine = fakeMachine(t, {});
    await assert.rejects(machine.install(), /missing: java 17 or newer/);
    machine.add("java", FAKE_JAVA.replace("VERSION", "11"));
    await assert.rejects(machine.install(), /missing: java 17 or newer \(.* is 11/);
    machine.add("java", FAKE_JAVA.replace("VERSION", "17"));
    await assert.rejects(machine.install(), /missing: go \(not on PATH, and needed for building Dapr/);
    machine.add("go", FAKE_GO);
    await assert.rejects(machine.install(), /missing: mvn \(not on PATH, and needed for fetching Kafka/);
  });

  test("builds once when two begin together, and not again", async (t) => {
    const machine = fakeMachine(t, { java: FAKE_JAVA.replace("VERSION", "21"), go: FAKE_GO, mvn: FAKE_MVN });
    const [one, two] = await Promise.all([machine.install(), machine.install()]);
    assert.deepEqual(one, two);
    assert.deepEqual(await machine.install(), one);
    assert.equal(machine.builds(), 1);
  });

  test("leaves nothing that looks finished when a build fails, and builds anew", async (t) => {
    const machine = fakeMachine(t, {
      java: FAKE_JAVA.replace("VERSION", "21"),
      go: "#!/bin/sh\necho 'no such module' >&2; exit 1\n",
      mvn: FAKE_MVN,
    });
    await assert.rejects(machine.install(), /building Dapr [^]*failed \(exit 1\)[^]*no such module/);
    assert.deepEqual(
      readdirSync(machine.cache).filter((name) => /^dapr-\w+$/.test(name)),
      [],
    );
    machine.add("go", FAKE_GO);
    await machine.install();
    assert.equal(machine.builds(), 1);
  });

  test("takes a daprd on PATH only when it is the pinned version and its scheduler lies beside it", async (t) => {
    const machine = fakeMachine(t, { java: FAKE_JAVA.replace("VERSION", "21"), go: FAKE_GO, mvn: FAKE_MVN });
    machine.add("daprd", "#!/bin/sh\necho 1.0.0\n");
    assert.notEqual((await machine.install()).daprd, machine.command("daprd"));
    const { dapr } = (await import("./install.ts")).versions;
    machine.add("daprd", `#!/bin/sh\necho ${dapr}\n`);
    assert.notEqual((await machine.install()).daprd, machine.command("daprd"));
    machine.add("scheduler", "#!/bin/sh\n");
    assert.equal((await machine.install()).daprd, machine.command("daprd"));
  });
});

/** A PATH with these commands and a shell, and an empty cache. */
function fakeMachine(t: TestContext, commands: Readonly<Record<string, string>>) {
  const cache = mkdtempSync(join(tmpdir(), "taskflow-install-"));
  const bin = mkdtempSync(join(tmpdir(), "taskflow-path-"));
  t.after(() => [cache, bin].forEach((folder) => rmSync(folder, { recursive: true })));
  symlinkSync("/bin/sleep", join(bin, "sleep"));
  const builds = join(bin, "builds");
  const command = (name: string) => join(bin, name);
  const add = (name: string, script: string) => {
    writeFileSync(command(name), script);
    chmodSync(command(name), 0o755);
  };
  for (const [name, script] of Object.entries(commands)) add(name, script);
  const env = { PATH: [bin].join(delimiter), TASKFLOW_INFRA_DIR: cache, BUILDS: builds };
  return {
    cache,
    add,
    command,
    install: async () => JSON.parse((await run(process.execPath, [INSTALL], { env })).stdout) as Record<string, string>,
    builds: () => readFileSync(builds, "utf8").trim().split("\n").length,
  };
}
