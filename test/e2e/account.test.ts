import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, test } from "node:test";
import type { Page } from "playwright-core";
import { until } from "../harness/until.ts";
import { violations } from "./accessible.ts";
import { detail, gone, live, openView, pill, row, title, titles, toast } from "./app.ts";
import { startWeb, type Web } from "./browser.ts";

let web: Web;
before(async () => {
  web = await startWeb();
});
after(() => web.stop());

const kept = async (page: Page): Promise<Record<string, string | undefined>> =>
  JSON.parse(await page.evaluate<string>(`localStorage["taskflow.session"]`)) as Record<string, string | undefined>;

/** What the browser's cookie holds; undefined when there is none. */
const refreshToken = async (page: Page): Promise<string | undefined> =>
  (await page.context().cookies(`${web.taskflow.url}/api/v1/auth`))[0]?.value;

/** For a page that opens: its access token has ended. */
const ageToken = `if (!sessionStorage.aged) {
  sessionStorage.aged = "yes";
  localStorage["taskflow.session"] = JSON.stringify({ ...JSON.parse(localStorage["taskflow.session"]), expires_at: 0 });
}`;

const signOut = async (page: Page): Promise<void> => {
  await page.getByRole("button", { name: "Account" }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await page.getByRole("button", { name: "Sign in" }).waitFor();
};

test("registering gives three example tasks, which one click clears", async (context) => {
  const page = await web.open(context, { timeZone: "Europe/London" });
  await page.goto("/");
  await page.getByRole("link", { name: "Create account" }).click();
  await page.getByLabel("Name").fill("Ada");
  await page.getByLabel("E-mail").fill(`${randomUUID()}@example.org`);
  await page.getByLabel("Password").fill("correct horse");
  assert.equal(await page.getByLabel("Time zone").inputValue(), "Europe/London");
  await page.getByRole("button", { name: "Create account" }).click();

  await page.getByRole("heading", { level: 1, name: "Today" }).waitFor();
  await title(page, "Open me to read on").waitFor();
  assert.equal((await titles(page)).length, 3);
  await title(page, "Open me to read on").click();
  await detail(page).getByText("This is the place for notes").waitFor();
  await page.getByRole("button", { name: "Clear examples" }).click();
  await page.getByRole("heading", { name: "All clear for today" }).waitFor();
  await gone(page.getByText("are examples"));
  await openView(page, "Trash");
  await row(page, "Open me to read on").waitFor();
});

test("what is wrong with a registration stands at its field", async (context) => {
  const { email } = await web.taskflow.client.register();
  const page = await web.open(context, { expected: /409/ });
  await page.goto("/register");
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Password").fill("correct horse");
  await page.getByRole("button", { name: "Create account" }).click();
  await page.getByText(/account with this e-mail|already/i).waitFor();
  assert.equal(await page.getByLabel("E-mail").inputValue(), email);
});

test("a wrong password is refused in plain words; the right one opens the tasks; signing out closes them", async (context) => {
  const user = await web.taskflow.client.register();
  await user.api("POST", "/tasks", { title: "Call the plumber" });
  const page = await web.open(context, { expected: /401/ });
  await page.goto("/all");
  await page.getByLabel("E-mail").fill(user.email);
  await page.getByLabel("Password").fill("not the password");
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("alert").waitFor();
  assert.match(await page.getByRole("alert").innerText(), /do not match|wrong/i);
  assert.equal(await page.getByLabel("E-mail").inputValue(), user.email);

  await page.getByLabel("Password").fill(user.password);
  await page.getByLabel("Password").press("Enter");
  await row(page, "Call the plumber").waitFor();

  await page.getByRole("button", { name: "Account" }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await page.getByRole("button", { name: "Sign in" }).waitFor();
  assert.equal(await page.getByText("Call the plumber").count(), 0);
  await page.goto("/all");
  await page.getByRole("button", { name: "Sign in" }).waitFor();
});

test("a list that arrives after signing out is not shown to the next who signs in", async (context) => {
  const [user, next] = [await web.taskflow.client.register(), await web.taskflow.client.register()];
  await user.api("POST", "/tasks", { title: "Call the plumber" });
  const page = await web.open(context, { user });
  const late = Promise.withResolvers<void>();
  await page.route(/\/api\/v1\/sync\/tasks\?.*pending/, async (route) => {
    const response = await route.fetch();
    await late.promise;
    await route.fulfill({ response });
  });
  const asked = page.waitForRequest(/\/api\/v1\/sync\/tasks\?.*pending/);
  await page.goto("/all");
  await live(page);
  const list = await asked;
  await page.getByRole("button", { name: "Account" }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await page.getByLabel("E-mail").fill(next.email);
  await page.getByLabel("Password").fill(next.password);
  late.resolve();
  await (await list.response())?.finished();
  await page.getByLabel("Password").press("Enter");
  await page.getByRole("heading", { name: "All clear for today" }).waitFor();
  await openView(page, "All");
  await page.getByRole("heading", { name: "No tasks yet" }).waitFor();
});

test("an access token that has ended is renewed without a word", async (context) => {
  const user = await web.taskflow.client.register();
  await user.api("POST", "/tasks", { title: "Water the plants" });
  const page = await web.open(context, { user });
  await page.addInitScript(ageToken);
  await page.goto("/all");
  await row(page, "Water the plants").waitFor();
  await live(page);
  const { access_token } = await kept(page);
  assert.notEqual(access_token, user.token);
  assert.notEqual(await refreshToken(page), user.session.refresh_token);
});

test("a browser that kept its refresh token where scripts can read it is moved over, and stays signed in", async (context) => {
  const user = await web.taskflow.client.register();
  await user.api("POST", "/tasks", { title: "Water the plants" });
  const page = await web.open(context, { user });
  await page.context().clearCookies();
  await page.addInitScript(`if (!sessionStorage.old) {
    sessionStorage.old = "yes";
    localStorage["taskflow.session"] = JSON.stringify({
      ...JSON.parse(localStorage["taskflow.session"]), refresh_token: "${user.session.refresh_token}",
    });
  }`);
  const other = await page.context().newPage();
  for (const tab of [page, other]) await tab.goto("/all");
  for (const tab of [page, other]) await row(tab, "Water the plants").waitFor();
  await until("the token has left the page", async () => (await kept(page)).refresh_token === undefined);
  assert.match((await refreshToken(page)) ?? "", /^[\w-]{43}$/);
  assert.equal(await page.evaluate<string>("document.cookie"), "");
});

test("several tabs whose access token ends at once all go on", async (context) => {
  const user = await web.taskflow.client.register();
  await user.api("POST", "/tasks", { title: "Water the plants" });
  const page = await web.open(context, { user });
  const tabs = [page, await page.context().newPage(), await page.context().newPage()];
  for (const tab of tabs) await tab.addInitScript(ageToken);
  await Promise.all(tabs.map((tab) => tab.goto("/all")));
  for (const tab of tabs) await live(tab);
  assert.notEqual(await refreshToken(page), user.session.refresh_token);
});

test("a cookie of another account makes nobody somebody else", async (context) => {
  const [ada, bob] = [await web.taskflow.client.register(), await web.taskflow.client.register()];
  const page = await web.open(context, { user: ada, expected: /401/ });
  await page.addInitScript(ageToken);
  const [cookie] = await page.context().cookies(`${web.taskflow.url}/api/v1/auth`);
  assert.ok(cookie);
  await page.context().addCookies([{ ...cookie, value: bob.session.refresh_token }]);
  await page.goto("/all");
  await page.getByRole("button", { name: "Sign in" }).waitFor();
  assert.equal(await page.getByLabel("E-mail").inputValue(), ada.email);
});

test("who signs in after another in the same browser has a session of their own, and signing out ends it", async (context) => {
  const [ada, bob] = [await web.taskflow.client.register(), await web.taskflow.client.register()];
  await bob.api("POST", "/tasks", { title: "Bob's task" });
  const page = await web.open(context, { user: ada, expected: /401/ });
  await page.goto("/all");
  await live(page);
  const first = await refreshToken(page);
  await signOut(page);
  await page.getByLabel("E-mail").fill(bob.email);
  await page.getByLabel("Password").fill(bob.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await openView(page, "All");
  await row(page, "Bob's task").waitFor();
  const refresh = (refresh_token: string | undefined) =>
    web.taskflow.client.api()("POST", "/auth/refresh", { refresh_token });
  assert.equal((await refresh(first)).status, 401, "the first session was ended");
  const second = await refreshToken(page);
  await signOut(page);
  await until("the cookie is gone", async () => (await refreshToken(page)) === undefined);
  assert.equal((await refresh(second)).status, 401);
});

test("a sign-out without a connection ends the session as soon as there is one", async (context) => {
  const user = await web.taskflow.client.register();
  const page = await web.open(context, { user, expected: /ERR_|Failed to load/ });
  await page.goto("/all");
  await live(page);
  const token = await refreshToken(page);
  await until("the shell is kept", () => page.evaluate<boolean>("navigator.serviceWorker.controller !== null"));
  await page.context().setOffline(true);
  await signOut(page);
  assert.equal(await refreshToken(page), token, "only the server can take it away");
  await page.context().setOffline(false);
  await until("the cookie is gone", async () => (await refreshToken(page)) === undefined);
  const { status } = await web.taskflow.client.api()("POST", "/auth/refresh", { refresh_token: token });
  assert.equal(status, 401);
});

test("a session that was ended elsewhere asks to sign in, and keeps what was not sent yet", async (context) => {
  const user = await web.taskflow.client.register();
  const page = await web.open(context, { user, expected: /401|Failed to load|ERR_/ });
  await page.goto("/all");
  await live(page);
  await page.context().setOffline(true);
  await pill(page, /Offline|Reconnecting/).waitFor();
  await page.getByRole("textbox", { name: "Add a task" }).fill("Written on the train");
  await page.keyboard.press("Enter");
  await pill(page, /1 change waiting/).waitFor();
  await web.taskflow.query("DELETE FROM refresh_tokens");
  await page.evaluate(
    `localStorage["taskflow.session"] = JSON.stringify({ ...JSON.parse(localStorage["taskflow.session"]), expires_at: 0 })`,
  );
  await page.context().setOffline(false);
  await page.getByRole("button", { name: "Sign in" }).waitFor();
  await page.getByLabel("E-mail").fill(user.email);
  await page.getByLabel("Password").fill(user.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await row(page, "Written on the train").waitFor();
  await live(page);
  await until("it is on the server", async () => (await web.taskflow.events(user.userId)).length > 0);
  assert.deepEqual(
    (await web.taskflow.events(user.userId)).map(({ event_type }) => event_type),
    ["task.created"],
  );
});

/** Has the account, when the page reads it, answered no sooner than `answer` is called, with what it was before. */
const holdAccount = async (
  page: Page,
): Promise<{ readonly isRead: Promise<void>; readonly answer: () => Promise<void> }> => {
  const [read, held] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  await page.route("**/api/v1/auth/me", async (route) => {
    if (route.request().method() !== "GET") return route.continue();
    const response = await route.fetch();
    read.resolve();
    await held.promise;
    await route.fulfill({ response });
  });
  const answered = page.waitForResponse(
    (response) => response.request().method() === "GET" && response.url().endsWith("/auth/me"),
  );
  const answer = async (): Promise<void> => {
    held.resolve();
    await (await answered).finished();
  };
  return { isRead: read.promise, answer };
};

test("the zone of the settings decides what is due today", async (context) => {
  const user = await web.taskflow.client.register({ time_zone: "UTC" });
  await user.api("POST", "/tasks", { title: "Call Tokyo", due_date: "2027-03-10T16:30:00Z" });
  const page = await web.open(context, { user, now: "2027-03-10T10:00:00Z" });
  await page.goto("/today");
  await row(page, "Call Tokyo").getByText("16:30").waitFor();
  const account = await holdAccount(page);
  await page.goto("/settings");
  await account.isRead;
  await page.getByLabel("Time zone").selectOption("Asia/Tokyo");
  await toast(page, "Saved").waitFor();
  await account.answer();
  await openView(page, "Today");
  await page.getByRole("heading", { name: "All clear for today" }).waitFor();
  await openView(page, "Upcoming");
  await row(page, "Call Tokyo").getByText("01:30").waitFor();
});

test("the theme follows the system until one is chosen, and stays chosen", async (context) => {
  const user = await web.taskflow.client.register();
  const page = await web.open(context, { user, theme: "dark" });
  const background = () => page.evaluate<string>("getComputedStyle(document.body).backgroundColor");
  await page.goto("/today");
  await page.getByRole("heading", { level: 1, name: "Today" }).waitFor();
  const dark = await background();
  await page.getByRole("button", { name: "Account" }).click();
  await page.getByRole("menuitemradio", { name: "Light" }).click();
  await page.locator("html[data-theme=light]").waitFor();
  const light = await background();
  assert.notEqual(light, dark);
  await page.reload();
  assert.equal(await background(), light);
});

test("an API token asks for the password when the sign-in was a while ago", async (context) => {
  const user = await web.taskflow.client.register();
  await web.taskflow.query("UPDATE refresh_tokens SET signed_in_at = now() - interval '1 hour' WHERE user_id = $1", [
    user.userId,
  ]);
  const page = await web.open(context, { user, expected: /403/ });
  await page.goto("/settings");
  const form = page.getByRole("form", { name: "Create token" });
  await form.getByLabel("What is it for?").fill("backup script");
  await form.getByRole("button", { name: "Create token" }).click();
  const password = form.getByLabel("Current password");
  await password.waitFor();
  await until("it has the focus", () => page.evaluate<boolean>('document.activeElement?.type === "password"'));
  await password.fill("not the password");
  await password.press("Enter");
  await form.getByText("is not the account's password").waitFor();
  assert.deepEqual(await violations(page), []);
  await password.fill(user.password);
  await password.press("Enter");
  const token = await page.locator("code").innerText();
  assert.equal((await web.taskflow.client.api(token)("GET", "/tasks")).status, 200);
  assert.equal(await password.count(), 0);
});

test("an API token is shown once, works, and is revoked", async (context) => {
  const user = await web.taskflow.client.register();
  const page = await web.open(context, { user });
  await page.goto("/settings");
  await page.getByLabel("What is it for?").fill("Backup script");
  await page.getByLabel("It may").selectOption("read");
  await page.getByRole("button", { name: "Create token" }).click();
  await page.getByText("Copy it now").waitFor();
  const token = await page.locator("code").innerText();
  assert.equal((await web.taskflow.client.api(token)("GET", "/tasks")).status, 200);
  await page.reload();
  await page.getByText("Backup script").waitFor();
  assert.equal(await page.getByText(token).count(), 0);
  const revoke = page.getByRole("button", { name: "Revoke Backup script" });
  const asked = page.getByRole("dialog", { name: "Revoke Backup script" });
  await revoke.click();
  await asked.getByRole("button", { name: "Cancel" }).click();
  await revoke.click();
  await asked.getByRole("button", { name: "Revoke", exact: true }).click();
  await page.getByText("No tokens yet.").waitFor();
  assert.equal((await web.taskflow.client.api(token)("GET", "/tasks")).status, 401);
});

test("closing the account takes its password and everything it has", async (context) => {
  const user = await web.taskflow.client.register();
  const page = await web.open(context, { user, expected: /401|403|422/ });
  await page.goto("/settings");
  await page.getByRole("button", { name: "Close account" }).click();
  const dialog = page.getByRole("dialog", { name: "Close account" });
  await dialog.getByLabel("Password").fill("not the password");
  await dialog.getByRole("button", { name: "Close account for good" }).click();
  await dialog
    .getByText(/password/i)
    .nth(2)
    .waitFor();
  await dialog.getByLabel("Password").fill(user.password);
  await dialog.getByRole("button", { name: "Close account for good" }).click();
  await page.getByRole("button", { name: "Sign in" }).waitFor();
  assert.equal(
    (await web.taskflow.client.api()("POST", "/auth/login", { email: user.email, password: user.password })).status,
    401,
  );
});
