import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { noonZone } from "../harness/noon-zone.ts";
import { add, detail, gone, live, openView, quickAdd, row, title } from "./app.ts";
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

  await quickAdd(page).tap();
  await add(page, "Added by thumb");
  await page.getByRole("button", { name: "Complete Added by thumb" }).tap();
  await gone(row(page, "Added by thumb"));
});

test("on a phone every button that is touched is at least 24 px in both directions", async (context) => {
  const user = await web.taskflow.client.register();
  await user.api("POST", "/tasks", { title: "Something", due_date: "2027-03-12" });
  const page = await web.open(context, { user, device: "phone" });
  for (const view of [
    "/today",
    "/all",
    "/all?show=palette",
    "/settings",
    "/notifications",
    "/settings/notifications",
  ]) {
    await page.goto(view);
    // What lies over it may hide it from everyone: it counts that it is there.
    await page.locator("h1").waitFor({ state: "attached" });
    const small = await page.evaluate<
      string[]
    >(`[...document.querySelectorAll("button, input, select")].filter((element) => {
      const { width, height } = element.getBoundingClientRect();
      return element.checkVisibility() && width > 1 && (width < 24 || height < 24) && element.closest("label") === null;
    }).map((element) => element.outerHTML)`);
    assert.deepEqual(small, [], view);
  }
});
