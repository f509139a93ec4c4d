import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { noonZone } from "../harness/noon-zone.ts";
import { detail, gone, hasKeyboard, live, openView, quickAdd, row, title } from "./app.ts";
import { phone, startWeb, type Web } from "./browser.ts";

let web: Web;
before(async () => {
  web = await startWeb();
});
after(() => web.stop());

test("on a phone the views are in a drawer, rows are 48 px high and a task fills the screen", async (context) => {
  const user = await web.taskflow.client.register({ time_zone: noonZone() });
  await user.api("POST", "/tasks", {
    title: "A title that is longer than any phone is wide, so that it has to be cut off somewhere",
    priority: "high",
    due_date: "2027-03-12T09:30",
    description: "more",
  });
  await user.api("POST", "/tasks", { title: "Short" });
  const page = await web.open(context, { user, device: "phone" });
  await page.goto("/all");
  await live(page);
  assert.equal((await row(page, "Short").boundingBox())?.height, 48);
  assert.equal(await page.evaluate("document.documentElement.scrollWidth"), phone.width);

  await page.getByRole("button", { name: "Open menu" }).tap();
  const drawer = page.getByRole("dialog", { name: "Views" });
  await drawer.getByRole("link", { name: "Upcoming" }).tap();
  await page.getByRole("heading", { level: 1, name: "Upcoming" }).waitFor();
  await gone(drawer);
  await page.getByRole("button", { name: "Open menu" }).tap();
  await openView(page, "All");

  await title(page, "Short").tap();
  await detail(page).getByRole("textbox", { name: "Title" }).waitFor();
  assert.deepEqual(await detail(page).boundingBox(), { x: 0, y: 0, ...phone });
  await detail(page).getByRole("button", { name: "No date" }).tap();
  await page
    .getByRole("dialog", { name: "Due date" })
    .getByRole("button", { name: /^Tomorrow/ })
    .tap();
  await detail(page).getByText("Tomorrow").waitFor();
  await page.goBack();
  await gone(detail(page));
  await row(page, "Short").getByText("Tomorrow").waitFor();

  await page.getByRole("button", { name: "New task" }).tap();
  await hasKeyboard(page.getByRole("dialog", { name: "Add a task" }));
  await quickAdd(page).fill("Added by thumb");
  await quickAdd(page).press("Enter");
  await page.getByRole("dialog", { name: "Add a task" }).getByRole("button", { name: "Close" }).tap();
  await row(page, "Added by thumb").waitFor();
  await page.getByRole("button", { name: "Complete Added by thumb" }).tap();
  await gone(row(page, "Added by thumb"));
});

test("on a phone the main views, adding and the search are at the bottom, in thumb's reach", async (context) => {
  const user = await web.taskflow.client.register();
  await user.api("POST", "/tasks", { title: "Something" });
  const page = await web.open(context, { user, device: "phone" });
  await page.goto("/trash");
  await page.getByRole("heading", { level: 1, name: "Trash" }).waitFor();
  const bar = page.getByRole("navigation", { name: "Main views" });
  const box = await bar.boundingBox();
  assert.equal((box?.y ?? 0) + (box?.height ?? 0), phone.height);
  for (const name of ["All", "Today", "Upcoming"]) {
    await bar.getByRole("link", { name }).tap();
    await page.getByRole("heading", { level: 1, name }).waitFor();
    assert.equal(await bar.getByRole("link", { name }).getAttribute("aria-current"), "page");
  }
  await bar.getByRole("button", { name: "Search and commands" }).tap();
  await page.getByRole("dialog", { name: "Command palette" }).waitFor();
  await page.keyboard.press("Escape");
  await page.goto("/trash");
  // Where nothing can be added, Today is where it goes.
  await bar.getByRole("button", { name: "New task" }).tap();
  await hasKeyboard(page.getByRole("dialog", { name: "Add a task" }));
  await page.getByRole("heading", { level: 1, name: "Today", includeHidden: true }).waitFor({ state: "attached" });
  const sheet = await page.getByRole("dialog", { name: "Add a task" }).boundingBox();
  assert.ok((sheet?.y ?? 0) > phone.height / 2, "the field is in the lower half");
});
