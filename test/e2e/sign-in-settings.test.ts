import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, test } from "node:test";
import type { Locator, Page } from "playwright-core";
import { violations } from "./accessible.ts";
import { holdToast, live, row } from "./app.ts";
import { startWeb, type Web } from "./browser.ts";

let web: Web;
before(async () => {
  web = await startWeb();
});
after(() => web.stop());

const form = (page: Page, name: string): Locator => page.getByRole("form", { name });
const field = (page: Page, of: string, name: string): Locator => form(page, of).getByLabel(name);

/** As if a quarter of an hour had passed: the session has to be renewed. */
const ageSession = async (page: Page): Promise<void> => {
  await page.evaluate(
    `localStorage["taskflow.session"] = JSON.stringify({ ...JSON.parse(localStorage["taskflow.session"]), expires_at: 0 })`,
  );
  await page.reload();
};

test("a new password: a wrong one is said at its field; this device stays signed in, and another one is asked for it", async (context) => {
  const user = await web.taskflow.client.register();
  await user.api("POST", "/tasks", { title: "Call the plumber" });
  const here = await web.open(context, { user, expected: /403/ });
  const there = await web.open(context, { user: await web.taskflow.client.login(user), expected: /401/ });
  for (const page of [here, there]) {
    await page.goto("/settings");
    await live(page);
  }
  const [current, next] = [
    field(here, "Change password", "Current password"),
    field(here, "Change password", "New password"),
  ];
  await current.fill("not the password");
  await next.fill("another long password");
  await next.press("Enter");
  await form(here, "Change password").getByText("is not the account's password").waitFor();
  assert.equal(await current.getAttribute("aria-invalid"), "true");
  assert.equal(await next.inputValue(), "another long password", "what was typed is kept");
  assert.deepEqual(await violations(here), []);

  await current.fill(user.password);
  await current.press("Enter");
  await holdToast(here, "Password changed; other devices are signed out");
  assert.deepEqual([await current.inputValue(), await next.inputValue()], ["", ""]);
  await ageSession(here);
  await here.getByRole("heading", { level: 1, name: "Settings" }).waitFor();
  await live(here);

  // At once: nobody has to wait until its access token is over, nor to touch it.
  await there.getByRole("button", { name: "Sign in" }).waitFor();
  await there.getByLabel("E-mail").fill(user.email);
  await there.getByLabel("Password").fill("another long password");
  await there.getByLabel("Password").press("Enter");
  await there.getByRole("heading", { level: 1, name: "Settings" }).waitFor();
  await there.goto("/all");
  await row(there, "Call the plumber").waitFor();
});

test("a new e-mail: one that is taken is said at its field; the new one shows at once, and signs in", async (context) => {
  const user = await web.taskflow.client.register();
  const other = await web.taskflow.client.register();
  const page = await web.open(context, { user, expected: /409/ });
  await page.goto("/settings");
  await live(page);
  const [email, password] = [
    field(page, "Change e-mail", "New e-mail"),
    field(page, "Change e-mail", "Current password"),
  ];
  await email.fill(other.email);
  await password.fill(user.password);
  await password.press("Enter");
  await form(page, "Change e-mail").getByText("there is another account with this e-mail").waitFor();
  assert.equal(await email.getAttribute("aria-invalid"), "true");

  const fresh = `${randomUUID()}@example.org`;
  await email.fill(fresh);
  await email.press("Enter");
  await holdToast(page, `You now sign in as ${fresh}`);
  await page.getByText(`Signed in as ${fresh}.`).waitFor();
  await web.taskflow.client.login({ ...user, email: fresh });
  await page.reload();
  await page.getByText(`Signed in as ${fresh}.`).waitFor();
});
