import assert from "node:assert/strict";
import { after, before, test, type TestContext } from "node:test";
import type { CDPSession, Page } from "playwright-core";
import type { TaskList } from "../../src/contract/task.ts";
import type { TestUser } from "../harness/client.ts";
import { until } from "../harness/until.ts";
import { detail, focusOn, gone, hasKeyboard, live, row, title } from "./app.ts";
import { startWeb, type Web } from "./browser.ts";
import { focusIs } from "./focus.ts";

let web: Web;
before(async () => {
  web = await startWeb();
});
after(() => web.stop());

const names = ["A", "B", "C", "D", "E"];

const open = async (context: TestContext, device: "desktop" | "phone"): Promise<{ page: Page; user: TestUser }> => {
  const user = await web.taskflow.client.register();
  const operations = names.map((each) => ({ op: "create", task: { title: `Task ${each}` } }));
  await user.api("POST", "/tasks/bulk", { operations });
  const page = await web.open(context, { user, device });
  await page.goto("/all?sort=title");
  await live(page);
  await row(page, "Task E").waitFor();
  return { page, user };
};

/** Waits until exactly these are selected. */
const selected = async (page: Page, wanted: string): Promise<void> => {
  let found = "";
  await until(`selected: ${wanted}`, async () => {
    const links = await page.getByRole("main").getByRole("listitem").getByRole("link").allTextContents();
    found = links
      .filter((text) => text.startsWith("Selected: "))
      .map((text) => text.slice(-1))
      .join("");
    return found === wanted;
  }).catch((error: unknown) => {
    throw new Error(`selected should be ${wanted}, and is ${found}`, { cause: error });
  });
};

test("rows are selected by Ctrl-click, Shift-click, Shift with j, k and the arrows, and Ctrl-A", async (context) => {
  const { page } = await open(context, "desktop");
  const click = (letter: string, modifier: "Shift" | "ControlOrMeta"): Promise<void> =>
    title(page, `Task ${letter}`).click({ modifiers: [modifier] });
  await click("B", "ControlOrMeta");
  await selected(page, "B");
  await focusIs(page, "row Selected: Task B");
  await click("D", "Shift");
  await selected(page, "BCD");
  await click("C", "Shift");
  await selected(page, "BC");
  await click("A", "Shift");
  await selected(page, "AB");
  await click("E", "ControlOrMeta");
  await selected(page, "ABE");
  await click("B", "ControlOrMeta");
  await selected(page, "AE");
  assert.equal(await detail(page).count(), 0);
  assert.equal(page.context().pages().length, 1);
  await page.keyboard.press("Escape");
  await selected(page, "");

  await focusOn(page, "Task B");
  for (const [key, then] of [
    ["Shift+j", "BC"],
    ["Shift+J", "BCD"],
    ["Shift+k", "BC"],
    ["Shift+ArrowUp", "B"],
    ["Shift+ArrowUp", "AB"],
    ["Shift+ArrowDown", "B"],
    ["Control+a", "ABCDE"],
  ] as const) {
    await page.keyboard.press(key);
    await selected(page, then);
  }
  await page.keyboard.press("Escape");
  await selected(page, "");
});

test("Ctrl-A in a field selects its text and no rows", async (context) => {
  const { page } = await open(context, "desktop");
  await page.getByRole("textbox", { name: "Add a task" }).fill("Some words");
  await page.keyboard.press("Control+a");
  await page.keyboard.press("Backspace");
  assert.equal(await page.getByRole("textbox", { name: "Add a task" }).inputValue(), "");
  await selected(page, "");
});

interface Finger {
  readonly down: (letter: string) => Promise<void>;
  readonly move: (dx: number, dy: number) => Promise<void>;
  readonly up: () => Promise<void>;
}

/** A finger on the screen, as the browser gets it from the machine. */
const fingerOn = async (page: Page): Promise<Finger> => {
  const session: CDPSession = await page.context().newCDPSession(page);
  let at = { x: 0, y: 0 };
  const send = (type: "touchStart" | "touchMove" | "touchEnd"): Promise<unknown> =>
    session.send("Input.dispatchTouchEvent", { type, touchPoints: type === "touchEnd" ? [] : [at] });
  return {
    async down(letter) {
      const box = await row(page, `Task ${letter}`).boundingBox();
      assert.ok(box);
      at = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
      await send("touchStart");
    },
    async move(dx, dy) {
      const from = at;
      for (let step = 1; step <= 5; step += 1) {
        at = { x: from.x + (dx * step) / 5, y: from.y + (dy * step) / 5 };
        await send("touchMove");
      }
    },
    up: async () => void (await send("touchEnd")),
  };
};

test("with a finger: a long press selects, then taps do; swipes complete and ask for a date", async (context) => {
  const { page, user } = await open(context, "phone");
  const finger = await fingerOn(page);
  await finger.down("B");
  await page.getByText("1 selected").waitFor();
  await finger.up();
  await selected(page, "B");
  await title(page, "Task D").tap();
  await selected(page, "BD");
  await title(page, "Task B").tap();
  await selected(page, "D");
  assert.equal(await detail(page).count(), 0);
  await page.getByRole("toolbar").getByRole("button", { name: "Clear selection" }).tap();
  await selected(page, "");

  await finger.down("A");
  await finger.move(140, 4);
  await row(page, "Task A").and(page.locator("[data-reached]")).waitFor();
  await finger.up();
  await gone(row(page, "Task A"));
  await until(
    "the server has it",
    async () => (await user.api<TaskList>("GET", "/tasks?status=completed")).body.total === 1,
  );

  await finger.down("B");
  await finger.move(40, 2);
  await finger.up();
  await finger.down("C");
  await finger.move(-140, 4);
  await finger.up();
  const picker = page.getByRole("dialog", { name: "Due date" });
  await hasKeyboard(picker);
  await picker.getByRole("button", { name: /^Tomorrow/ }).tap();
  await gone(picker);
  await row(page, "Task C").getByText("Tomorrow").waitFor();
  await row(page, "Task B").waitFor();
  assert.equal(await detail(page).count(), 0);

  await title(page, "Task D").tap();
  await detail(page).getByRole("textbox", { name: "Title" }).waitFor();
});
