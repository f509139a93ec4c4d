import assert from "node:assert/strict";
import { after, before, test, type TestContext } from "node:test";
import type { Page } from "playwright-core";
import type { Task, WrittenTask } from "../../src/contract/task.ts";
import type { TestUser } from "../harness/client.ts";
import { until } from "../harness/until.ts";
import { detail, focusOn, gone, live, openView, pill, row, title, toast } from "./app.ts";
import { startWeb, type Web } from "./browser.ts";

let web: Web;
before(async () => {
  web = await startWeb();
});
after(() => web.stop());

interface Devices {
  readonly user: TestUser;
  readonly id: string;
  /** In the tunnel: it has the list, and no network. */
  readonly away: Page;
  readonly home: Page;
  readonly read: () => Promise<Task>;
}

/** Two devices that show the same task, one of which is then without a network. */
const twoDevices = async (context: TestContext, description = "Two nights"): Promise<Devices> => {
  const user = await web.taskflow.client.register();
  const { body } = await user.api<WrittenTask>("POST", "/tasks", {
    title: "Book the hotel",
    description,
  });
  const open = async (): Promise<Page> => {
    const page = await web.open(context, { user, expected: /ERR_|Failed to load resource/ });
    await page.goto("/all");
    await live(page);
    await row(page, "Book the hotel").waitFor();
    return page;
  };
  const [away, home] = [await open(), await open()];
  await away.context().setOffline(true);
  await pill(away, /Offline/).waitFor();
  return { user, id: body.id, away, home, read: async () => (await user.api<Task>("GET", `/tasks/${body.id}`)).body };
};

const rename = async (page: Page, from: string, to: string): Promise<void> => {
  await focusOn(page, from);
  await page.keyboard.press("F2");
  await page.getByRole("textbox", { name: "Title" }).fill(to);
  await page.keyboard.press("Enter");
  await row(page, to).waitFor();
};

const backOnline = async (page: Page): Promise<void> => {
  await page.context().setOffline(false);
  await live(page);
  await gone(page.getByText(/waiting/));
};

test("two devices change different fields of a task, one of them offline: both changes are kept", async (context) => {
  const { away, home, read } = await twoDevices(context);
  await rename(away, "Book the hotel", "Book the hotel in Ghent");
  await focusOn(home, "Book the hotel");
  await home.keyboard.press("p");
  await home.getByRole("menuitemradio", { name: "High" }).click();
  await until("the server has the priority", async () => (await read()).priority === "high");
  await backOnline(away);
  for (const page of [away, home]) await row(page, "Book the hotel in Ghent").getByText("High priority").waitFor();
  const { title: written, priority, description } = await read();
  assert.deepEqual([written, priority, description], ["Book the hotel in Ghent", "high", "Two nights"]);
});

test("a rename made offline before one made online does not replace it: it waits on its row, and can be used", async (context) => {
  const { away, home, read } = await twoDevices(context);
  await rename(away, "Book the hotel", "Book the hotel in Ghent");
  await rename(home, "Book the hotel", "Book the hotel in Bruges");
  await until("the server has the title of home", async () => (await read()).title === "Book the hotel in Bruges");
  await backOnline(away);
  const waits = row(away, "Book the hotel in Bruges").getByRole("alert");
  await waits.getByText("Not saved: it was renamed “Book the hotel in Bruges” later, on another device").waitFor();
  await toast(away, "Not saved: it was renamed “Book the hotel in Bruges” later, on another device").waitFor();
  assert.equal((await read()).title, "Book the hotel in Bruges");

  await waits.getByRole("button", { name: "Try again" }).click();
  const field = away.getByRole("main").getByRole("textbox", { name: "Title" });
  assert.equal(await field.inputValue(), "Book the hotel in Ghent");
  await field.press("Enter");
  for (const page of [home, away]) await row(page, "Book the hotel in Ghent").waitFor();
});

test("a rename made offline after one made online takes its place, says so, and the other one is a click away", async (context) => {
  const { away, home, read } = await twoDevices(context);
  await rename(home, "Book the hotel", "Book the hotel in Bruges");
  await until("the server has the title of home", async () => (await read()).title === "Book the hotel in Bruges");
  await rename(away, "Book the hotel", "Book the hotel in Ghent");
  await backOnline(away);
  await toast(
    away,
    "“Book the hotel in Ghent” took the place of “Book the hotel in Bruges”, which another device had written meanwhile",
  ).waitFor();
  for (const page of [home, away]) await row(page, "Book the hotel in Ghent").waitFor();
  await away.getByRole("button", { name: "Show history" }).click();
  await detail(away).getByRole("list", { name: "History" }).getByText("in Bruges").first().waitFor();
});

const describe = async (page: Page, text: string): Promise<void> => {
  await title(page, "Book the hotel").click();
  await detail(page).getByRole("button", { name: "Edit description" }).click();
  const field = detail(page).getByRole("textbox", { name: "Description" });
  await field.fill(text);
  await field.press("Control+Enter");
  await gone(field);
};

test("two devices change different lines of a description, one of them offline: both changes are in it", async (context) => {
  const { away, home, user, id, read } = await twoDevices(context, "Two nights\nA quiet room\nBy train");
  await describe(away, "Two nights, with breakfast\nA quiet room\nBy train");
  await describe(home, "Two nights\nA quiet room\nBy bus");
  await until("the server has what home wrote", async () => /By bus/.test((await read()).description ?? ""));
  await backOnline(away);
  await toast(away, "Two devices changed the description of “Book the hotel”: it has the changes of both").waitFor();
  const merged = "Two nights, with breakfast\nA quiet room\nBy bus";
  await until("the server has both", async () => (await read()).description === merged);
  for (const page of [home, away]) await detail(page).getByText("Two nights, with breakfast").waitFor();
  const { body } = await user.api<{ events: object[] }>("GET", `/audit/tasks/${id}`);
  assert.ok(body.events.length <= 3, "the merged text is one change");
});

test("two devices change the same line of a description: both versions are kept, and that is said until it is read", async (context) => {
  const { away, home, read } = await twoDevices(context);
  await describe(away, "Two nights, with breakfast");
  await describe(home, "Three nights");
  await until("the server has what home wrote", async () => (await read()).description === "Three nights");
  await backOnline(away);
  await toast(
    away,
    "Two devices changed the same lines in the description of “Book the hotel”: it has both versions of them",
  ).waitFor();
  await until(
    "the server has both",
    async () => (await read()).description === "Three nights\nTwo nights, with breakfast",
  );
  await away.getByRole("button", { name: "Show history" }).click();
  await detail(away).getByRole("list", { name: "History" }).getByText("Three nights").first().waitFor();
});

test("a task that is deleted on one device and renamed offline on another: it stays in the trash, and the new name waits there", async (context) => {
  const { away, home, read } = await twoDevices(context);
  await rename(away, "Book the hotel", "Book the hotel in Ghent");
  await focusOn(home, "Book the hotel");
  await home.keyboard.press("Delete");
  await until("the server has it in the trash", async () => (await read()).deleted_at !== null);
  await backOnline(away);
  await gone(row(away, "Book the hotel in Ghent"));
  await openView(away, "Trash");
  await row(away, "Book the hotel").getByRole("alert").getByText("Not saved").waitFor();
  await away.getByRole("button", { name: "Restore Book the hotel" }).click();
  await openView(away, "All");
  await row(away, "Book the hotel").getByRole("button", { name: "Try again" }).click();
  assert.equal(await away.getByRole("textbox", { name: "Title" }).inputValue(), "Book the hotel in Ghent");
  await away.keyboard.press("Enter");
  await until("the new name is saved", async () => (await read()).title === "Book the hotel in Ghent");
});

test("a title that is looked at in its field, and not changed, does not take back what another device makes of it", async (context) => {
  const { away, home, user, id, read } = await twoDevices(context);
  await away.close();
  await title(home, "Book the hotel").click();
  const field = detail(home).getByRole("textbox", { name: "Title" });
  await field.focus();
  await user.api("PATCH", `/tasks/${id}`, { title: "Book the hotel in Bruges", description: "Three nights" });
  await row(home, "Book the hotel in Bruges").waitFor();
  await home.keyboard.press("Tab");
  await until("the field shows it", async () => (await field.inputValue()) === "Book the hotel in Bruges");

  await detail(home).getByRole("button", { name: "Edit description" }).click();
  await detail(home).getByRole("textbox", { name: "Description" }).waitFor();
  await user.api("PATCH", `/tasks/${id}`, { description: "Four nights", priority: "high" });
  await row(home, "Book the hotel in Bruges").getByText("High priority").waitFor();
  await home.keyboard.press("Escape");
  await detail(home).getByText("Four nights").waitFor();

  await focusOn(home, "Book the hotel in Bruges");
  await home.keyboard.press("F2");
  await home.getByRole("main").getByRole("textbox", { name: "Title" }).waitFor();
  await user.api("PATCH", `/tasks/${id}`, { title: "Book the hotel in Lille" });
  await detail(home).getByText("Book the hotel in Lille").waitFor();
  await home.keyboard.press("Enter");
  await row(home, "Book the hotel in Lille").waitFor();
  const { title: written, description, version } = await read();
  assert.deepEqual([written, description, version], ["Book the hotel in Lille", "Four nights", 4]);
});

test("what is being typed stays while another device changes the same text; saved, it has both", async (context) => {
  const { away, home, id, user, read } = await twoDevices(context);
  await away.context().setOffline(false);
  await live(away);
  await title(home, "Book the hotel").click();
  await detail(home).getByRole("button", { name: "Edit description" }).click();
  const field = detail(home).getByRole("textbox", { name: "Description" });
  await field.fill("Two nights\nWith breakfast");
  await user.api("PATCH", `/tasks/${id}`, { description: "Three nights", priority: "high" });
  await row(home, "Book the hotel").getByText("High priority").waitFor();
  assert.equal(await field.inputValue(), "Two nights\nWith breakfast");
  await home.keyboard.press("Control+Enter");
  const both = "Three nights\nTwo nights\nWith breakfast";
  await until("what was typed is saved", async () => (await read()).description === both);
  await title(away, "Book the hotel").click();
  await detail(away).getByText("With breakfast").waitFor();
});

test("what cannot be undone any more says so in the toast and at the task, in words", async (context) => {
  const { away, home, id, user, read } = await twoDevices(context);
  await home.close();
  await focusOn(away, "Book the hotel");
  await away.keyboard.press("p");
  await away.getByRole("menuitemradio", { name: "High" }).click();
  await backOnline(away);
  await until("the server has the priority", async () => (await read()).priority === "high");
  await away.context().setOffline(true);
  await pill(away, /Offline/).waitFor();
  await user.api("PATCH", `/tasks/${id}`, { priority: "low" });
  await away.keyboard.press("Control+z");
  await toast(away, "Undone: 1 task set to high priority").waitFor();
  assert.equal(await away.getByRole("button", { name: "Undo" }).count(), 0);
  await backOnline(away);
  await toast(away, "Not undone: “Book the hotel” (another priority) has changed since").waitFor();
  await gone(away.getByText("Undone: 1 task set to high priority"));
  await row(away, "Book the hotel")
    .getByRole("alert")
    .getByText(/^Not undone: “Book the hotel” \(another priority\)/)
    .waitFor();
});
