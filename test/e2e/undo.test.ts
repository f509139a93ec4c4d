import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Task, WrittenTask } from "../../src/contract/task.ts";
import { until } from "../harness/until.ts";
import { focusOn, holdToast, live, row, toast } from "./app.ts";
import { startWeb, type Web } from "./browser.ts";

let web: Web;
before(async () => {
  web = await startWeb();
});
after(() => web.stop());

test("undo and redo go through what was done here, field by field, and leave what was done elsewhere", async (context) => {
  const user = await web.taskflow.client.register();
  const { body } = await user.api<WrittenTask>("POST", "/tasks", { title: "Book the hotel" });
  const page = await web.open(context, { user });
  await page.goto("/all");
  await live(page);
  const read = async (): Promise<Task> => (await user.api<Task>("GET", `/tasks/${body.id}`)).body;
  const saved = (title: string, priority: string): Promise<void> =>
    until(`the server has “${title}” with ${priority} priority`, async () => {
      const task = await read();
      return task.title === title && task.priority === priority;
    });

  await focusOn(page, "Book the hotel");
  await page.keyboard.press("p");
  await page.getByRole("menuitemradio", { name: "High" }).click();
  await saved("Book the hotel", "high");
  await focusOn(page, "Book the hotel");
  await page.keyboard.press("F2");
  await page.getByRole("textbox", { name: "Title" }).fill("Book the cabin");
  await page.keyboard.press("Enter");
  await saved("Book the cabin", "high");
  await user.api("PATCH", `/tasks/${body.id}`, { due_date: "2027-03-12" });
  await row(page, "Book the cabin").getByText("12 Mar").waitFor();

  await focusOn(page, "Book the cabin");
  await page.keyboard.press("Control+z");
  await row(page, "Book the hotel").waitFor();
  await toast(page, "Undone: Renamed to “Book the cabin”").waitFor();
  await focusOn(page, "Book the hotel");
  await page.keyboard.press("Control+z");
  await saved("Book the hotel", "medium");
  assert.equal((await read()).due_date, "2027-03-12", "what came from elsewhere stays");
  await row(page, "Book the hotel").getByText("12 Mar").waitFor();

  await holdToast(page, "Undone: 1 task set to high priority");
  await page.getByRole("button", { name: "Redo" }).click();
  await saved("Book the hotel", "high");
  await toast(page, "Redone: 1 task set to high priority").waitFor();
  await focusOn(page, "Book the hotel");
  await page.keyboard.press("Control+Shift+z");
  await saved("Book the cabin", "high");
  await page.keyboard.press("Control+y");
  await toast(page, "Nothing to redo").waitFor();
  await page.keyboard.press("Control+z");
  await saved("Book the hotel", "high");
  assert.equal((await read()).due_date, "2027-03-12");
});
