import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Page } from "playwright-core";
import { createClient } from "../harness/client.ts";
import { createTestDatabase } from "../harness/postgres.ts";
import { until } from "../harness/until.ts";
import { freePort } from "../infra/ports.ts";
import { startTaskflow } from "../start/taskflow.ts";
import { add, focusOn, gone, live, openView, pill, row, titles } from "./app.ts";
import { build, openWindow, startWeb, type Web } from "./browser.ts";

let web: Web;
before(async () => {
  web = await startWeb();
});
after(() => web.stop());

/** What a server of its own needs; it goes when the processes of all tests have ended. */
const needed = new AsyncDisposableStack();
after(() => needed.disposeAsync());

/** What a browser says of requests that have no network. */
const expected = /ERR_|Failed to load resource/;

/** The shell has been kept: from here on the app opens without a network. */
const shellIsKept = (page: Page): Promise<unknown> => page.evaluate("navigator.serviceWorker.ready");

test("offline: what is done is kept and told, the last list opens again, and back online each change is sent once", async (context) => {
  const user = await web.taskflow.client.register();
  await user.api("POST", "/tasks", { title: "Known before" });
  const page = await web.open(context, { user, expected });
  await page.goto("/all");
  await live(page);
  await row(page, "Known before").waitFor();
  await shellIsKept(page);

  await page.context().setOffline(true);
  await pill(page, /Offline/).waitFor();
  await add(page, "Written in the tunnel");
  await page.getByRole("button", { name: "Complete Known before" }).click();
  await gone(row(page, "Known before"));
  await pill(page, "Offline, 2 changes waiting").waitFor();
  await until("both are kept", async () => (await waiting(page)) === 2);

  await page.reload();
  await row(page, "Written in the tunnel").waitFor();
  assert.deepEqual(await titles(page), ["Written in the tunnel"]);
  await pill(page, /2 changes waiting/).waitFor();

  await page.context().setOffline(false);
  await live(page);
  await until("both changes are on the server", async () => (await web.taskflow.events(user.userId)).length >= 3);
  await gone(page.getByText(/waiting/));
  const events = await web.taskflow.events(user.userId);
  assert.deepEqual(events.map(({ event_type }) => event_type).toSorted(), [
    "task.completed",
    "task.created",
    "task.created",
  ]);
  assert.deepEqual(await titles(page), ["Written in the tunnel"]);
});

test("an answer that is lost on its way is asked for again, and the task is made once", async (context) => {
  const user = await web.taskflow.client.register();
  const page = await web.open(context, { user, expected });
  await page.goto("/all");
  await live(page);
  let lost = 0;
  await page.route("**/api/v1/tasks", async (route) => {
    if (route.request().method() !== "POST" || lost > 0) return route.continue();
    lost += 1;
    await route.fetch();
    await route.abort("connectionreset");
  });
  await add(page, "Sent twice");
  await until("it was lost once", () => lost === 1);
  await gone(page.getByText(/waiting/));
  await until("nothing waits", async () => (await waiting(page)) === 0);
  assert.equal((await web.taskflow.events(user.userId)).length, 1);
  assert.deepEqual(await titles(page), ["Sent twice"]);
});

test("a server that is killed and started again while the page is open: nothing is lost, nothing comes twice", async (context) => {
  const database = needed.adopt(await createTestDatabase(), ({ drop }) => drop());
  const dataDir = needed.adopt(await mkdtemp(join(tmpdir(), "taskflow-e2e-")), (folder) =>
    rm(folder, { recursive: true }),
  );
  const env = {
    ...build,
    DATABASE_URL: database.url,
    TASKFLOW_DATA_DIR: dataDir,
    TASKFLOW_RATE_LIMITS: "off",
    TASKFLOW_PORT: String(await freePort()),
  };
  const killed = startTaskflow(context, { env });
  const url = await killed.ready;
  const user = await createClient(url).register();
  const page = await openWindow(context, web.browser, { baseURL: url, user, expected });
  await page.goto("/all");
  await live(page);
  await add(page, "Before");

  killed.kill("SIGKILL");
  await killed.ended;
  await pill(page, /^(Reconnecting|Offline)/).waitFor();
  await add(page, "Meanwhile");
  await focusOn(page, "Before");
  await page.keyboard.press("e");
  await gone(row(page, "Before"));
  await pill(page, /changes waiting/).waitFor();

  await startTaskflow(context, { env }).ready;
  await live(page);
  await gone(page.getByText(/waiting/));
  assert.deepEqual(await titles(page), ["Meanwhile"]);
  await user.api("POST", "/tasks", { title: "Afterwards" });
  await row(page, "Afterwards").waitFor();
  await openView(page, "Completed");
  await row(page, "Before").waitFor();
  await until("nothing waits", async () => (await waiting(page)) === 0);
  const { body } = await user.api<{ tasks: { title: string }[] }>("GET", "/tasks?status=all");
  assert.deepEqual(body.tasks.map(({ title }) => title).toSorted(), ["Afterwards", "Before", "Meanwhile"]);
});

test("the first look without a network says so, and comes by itself when there is one", async (context) => {
  const user = await web.taskflow.client.register();
  await user.api("POST", "/tasks", { title: "Waiting for the network" });
  const page = await web.open(context, { user, expected });
  await page.route("**/api/v1/**", (route) => route.abort("internetdisconnected"));
  await page.goto("/all");
  await pill(page, /Reconnecting|Offline/).waitFor();
  await page.unroute("**/api/v1/**");
  await row(page, "Waiting for the network").waitFor();
  await live(page);
});

const waiting = (page: Page): Promise<number> =>
  page.evaluate<number>(`new Promise(async (resolve) => {
    const [{ name }] = await indexedDB.databases();
    indexedDB.open(name).onsuccess = ({ target: { result } }) => {
      result.transaction("queue").objectStore("queue").count().onsuccess = ({ target }) => { result.close(); resolve(target.result); };
    };
  })`);
