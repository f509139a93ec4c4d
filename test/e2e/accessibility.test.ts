import assert from "node:assert/strict";
import { after, before, test, type TestContext } from "node:test";
import type { Page } from "playwright-core";
import type { TestUser } from "../harness/client.ts";
import { createSettableClock } from "../harness/settable-clock.ts";
import { until } from "../harness/until.ts";
import { violations } from "./accessible.ts";
import { focusOn, gone, live, row, toast } from "./app.ts";
import { startWeb, type Web, type WindowOptions } from "./browser.ts";
import { addRealisticNotifications } from "./realistic-notifications.ts";
import { addRealisticTasks, beginning, now } from "./realistic-tasks.ts";
import { type Screen, screens } from "./screens.ts";

let web: Web;
let busy: TestUser;
let empty: TestUser;
before(async () => {
  const clock = createSettableClock(beginning);
  web = await startWeb({ clock });
  busy = await addRealisticTasks(web.taskflow, clock);
  await addRealisticNotifications(web.taskflow, busy);
  empty = await web.taskflow.client.register();
});
after(() => web.stop());

const openAs = async (context: TestContext, user: TestUser, options: WindowOptions): Promise<Page> =>
  web.open(context, { ...options, user: await web.taskflow.client.login(user) });

for (const device of ["desktop", "phone"] as const) {
  test(`axe finds nothing on any screen, light and dark: ${device}`, async (context) => {
    const options = { device, now, reducedMotion: true, expected: /ERR_INTERNET_DISCONNECTED/ };
    const signedOut = await web.open(context, options);
    // A session of its own: on a busy machine the one from before may have ended when the last screen is looked at.
    const [full, bare] = [await openAs(context, busy, options), await openAs(context, empty, options)];
    const look = async (page: Page, { name, path, show }: Screen): Promise<string[]> => {
      await page.goto(path);
      await show(page);
      const found = await violations(page);
      await page.context().setOffline(false);
      return found.map((each) => `${name}: ${each}`);
    };
    const found: string[] = [];
    for (const screen of screens.filter(({ only = device }) => only === device)) {
      found.push(...(await look(screen.isSignedOut === true ? signedOut : full, screen)));
      if (screen.hasEmptyState === true) found.push(...(await look(bare, screen)));
    }
    assert.deepEqual(found, []);
  });
}

test("axe finds nothing in a toast and on a row that could not be saved", async (context) => {
  const user = await web.taskflow.client.register();
  await user.api("POST", "/tasks", { title: "Pay rent" });
  const page = await web.open(context, { user, expected: /422/ });
  await page.route("**/api/v1/tasks/*", (route) => route.continue({ postData: JSON.stringify({ title: " " }) }));
  await page.goto("/all");
  await live(page);
  await focusOn(page, "Pay rent");
  await page.keyboard.press("F2");
  await page.getByRole("textbox", { name: "Title" }).fill("Pay the rent");
  await page.keyboard.press("Enter");
  await page.getByRole("alert").getByText("Not saved").waitFor();
  await page.keyboard.press("p");
  await page.getByRole("menuitemradio", { name: "High" }).click();
  await toast(page, "1 task set to high priority").waitFor();
  assert.deepEqual(await violations(page), []);
});

test("who asked for less motion gets none", async (context) => {
  const user = await web.taskflow.client.register();
  for (const title of ["One", "Two"]) await user.api("POST", "/tasks", { title });
  const page = await web.open(context, { user, reducedMotion: true });
  await page.goto("/all");
  await live(page);
  const moving = () =>
    page.evaluate<string[]>(`[...document.querySelectorAll("*")].filter((element) => {
    const { transitionDuration, animationDuration } = getComputedStyle(element);
    return [transitionDuration, animationDuration].some((value) => value.split(", ").some((each) => parseFloat(each) > 0));
  }).map((element) => element.outerHTML.slice(0, 100))`);
  assert.deepEqual(await moving(), []);
  await page.getByRole("button", { name: "Complete One" }).click();
  await toast(page, "Completed “One”").waitFor();
  assert.deepEqual(await moving(), []);
  await gone(row(page, "One"));
  await page.keyboard.press("?");
  await page.getByRole("dialog", { name: "Keyboard shortcuts" }).waitFor();
  assert.deepEqual(await moving(), []);
});

test("every screen has one heading of the first level and a title of its own", async (context) => {
  const page = await openAs(context, busy, { now });
  const names = new Set<string>();
  for (const path of [
    "/today",
    "/upcoming",
    "/all",
    "/series",
    "/completed",
    "/trash",
    "/activity",
    "/statistics",
    "/settings",
    "/notifications",
    "/settings/notifications",
  ]) {
    await page.goto(path);
    await page.getByRole("heading", { level: 1 }).waitFor();
    await until(`${path} has a title`, async () => (await page.title()).endsWith(" · TaskFlow"));
    assert.equal(await page.getByRole("heading", { level: 1 }).count(), 1, path);
    names.add(await page.title());
  }
  assert.equal(names.size, 11);
});
