import assert from "node:assert/strict";
import { after, before, test, type TestContext } from "node:test";
import type { Page } from "playwright-core";
import type { NewTask, Task } from "../../src/contract/task.ts";
import { detail, focusOn, gone, hasKeyboard, live, quickAdd, row, runCommand, title, toast } from "./app.ts";
import { startWeb, type Web } from "./browser.ts";
import { focusIs } from "./focus.ts";

let web: Web;
before(async () => {
  web = await startWeb();
});
after(() => web.stop());

const now = "2027-03-01T10:00:00Z";

const openWith = async (context: TestContext, tasks: readonly NewTask[], path: string): Promise<Page> => {
  const user = await web.taskflow.client.register();
  await user.api("POST", "/tasks/bulk", { operations: tasks.map((task) => ({ op: "create", task })) });
  const page = await web.open(context, { user, now });
  await page.goto(path);
  await live(page);
  await row(page, tasks[0]?.title ?? "").waitFor();
  return page;
};

const name = (index: number): string => `Task ${String(index).padStart(2, "0")}`;
const dialog = (page: Page, label: string) => page.getByRole("dialog", { name: label });
const titleField = (page: Page) => detail(page).getByRole("textbox", { name: "Title" });
const bulk = (page: Page, action: string) => page.getByRole("toolbar").getByRole("button", { name: action });

const openPanel = async (page: Page): Promise<void> => {
  await page.keyboard.press("Enter");
  await focusIs(page, "the panel");
};

/** What can be done from a row, and where the focus is afterwards: on the row itself or on the one that follows it. */
const actions: Readonly<Record<string, (page: Page, here: string, next: string) => Promise<void>>> = {
  "complete by key": async (page, _here, next) => {
    await page.keyboard.press("e");
    await focusIs(page, `row ${next}`);
  },
  "complete by the circle": async (page, here, next) => {
    await page.getByRole("button", { name: `Complete ${here}` }).click();
    await gone(row(page, here));
    await focusIs(page, `row ${next}`);
  },
  "delete, and undo": async (page, here, next) => {
    await page.keyboard.press("Delete");
    await gone(row(page, here));
    await focusIs(page, `row ${next}`);
    await page.keyboard.press("Control+z");
    await row(page, here).waitFor();
    await focusIs(page, `row ${next}`);
  },
  "delete by the row's button": async (page, here, next) => {
    await row(page, here)
      .getByRole("button", { name: `Delete ${here}` })
      .click();
    await gone(row(page, here));
    await focusIs(page, `row ${next}`);
  },
  "set a date": async (page, here) => {
    await page.keyboard.press("d");
    await focusIs(page, "a layer");
    await dialog(page, "Due date")
      .getByRole("button", { name: /^Tomorrow/ })
      .click();
    await focusIs(page, `row ${here}`);
  },
  "leave the date as it is": async (page, here) => {
    await page.keyboard.press("d");
    await focusIs(page, "a layer");
    await page.keyboard.press("Escape");
    await focusIs(page, `row ${here}`);
  },
  "set a priority": async (page, here) => {
    await page.keyboard.press("p");
    await page.getByRole("menuitemradio", { name: "High" }).click();
    await focusIs(page, `row ${here}`);
  },
  "set a priority by the row's button": async (page, here) => {
    await row(page, here)
      .getByRole("button", { name: `Set priority of ${here}` })
      .click();
    await page.getByRole("menuitemradio", { name: "Low" }).click();
    await focusIs(page, `row ${here}`);
  },
  rename: async (page, here) => {
    await page.keyboard.press("F2");
    await hasKeyboard(page.getByRole("textbox", { name: "Title" }));
    await page.keyboard.press("End");
    await page.keyboard.type("!");
    await page.keyboard.press("Enter");
    await focusIs(page, `row ${here}!`);
  },
  "not rename": async (page, here) => {
    await page.keyboard.press("F2");
    await hasKeyboard(page.getByRole("textbox", { name: "Title" }));
    await page.keyboard.press("Escape");
    await focusIs(page, `row ${here}`);
  },
  "open and close": async (page, here) => {
    await openPanel(page);
    await page.keyboard.press("Escape");
    await gone(detail(page));
    await focusIs(page, `row ${here}`);
  },
  "open by a click, close by the button": async (page, here) => {
    await title(page, here).click();
    await focusIs(page, "the panel");
    await detail(page).getByRole("button", { name: "Close details" }).click();
    await focusIs(page, `row ${here}`);
  },
  "open and go back": async (page, here) => {
    await openPanel(page);
    await page.goBack();
    await focusIs(page, `row ${here}`);
  },
  "Enter and Escape in the panel's title": async (page, here) => {
    await openPanel(page);
    for (const key of ["Enter", "Escape"]) {
      await titleField(page).focus();
      await page.keyboard.press(key);
      await focusIs(page, "the panel");
      await detail(page).waitFor();
    }
    await page.keyboard.press("Escape");
    await focusIs(page, `row ${here}`);
  },
  "a description, saved": async (page) => {
    await openPanel(page);
    await detail(page)
      .getByRole("button", { name: /Add a description/ })
      .click();
    await page.keyboard.type("Words");
    await page.keyboard.press("Control+Enter");
    await detail(page).getByText("Words").waitFor();
    await focusIs(page, "the panel");
    await page.keyboard.press("Escape");
  },
  "complete, reopen, delete and restore in the panel": async (page, here) => {
    await openPanel(page);
    for (const [action, then] of [
      ["Complete", "Reopen"],
      ["Reopen", "Complete"],
      ["Delete", "Restore"],
      ["Restore", "Delete"],
    ] as const) {
      await detail(page).getByRole("button", { name: action }).click();
      await detail(page).getByRole("button", { name: then }).waitFor();
      await focusIs(page, "the panel");
    }
    await page.keyboard.press("Escape");
    await row(page, here).waitFor();
    await gone(detail(page));
  },
  "a picker from the panel": async (page, here) => {
    await openPanel(page);
    await page.keyboard.press("d");
    await focusIs(page, "a layer");
    await page.keyboard.press("Escape");
    await focusIs(page, "the panel");
    await page.keyboard.press("d");
    await dialog(page, "Due date")
      .getByRole("button", { name: /^Tomorrow/ })
      .click();
    await focusIs(page, "the panel");
    await page.keyboard.press("Escape");
    await focusIs(page, `row ${here}`);
  },
  "take a change back in the history": async (page, here) => {
    await page.keyboard.press("p");
    await page.getByRole("menuitemradio", { name: "High" }).click();
    await focusIs(page, `row ${here}`);
    await page.keyboard.press("h");
    await focusIs(page, "the panel");
    await detail(page).getByRole("button", { name: "Revert" }).first().click();
    await toast(page, `Reverted a change of “${here}”`).waitFor();
    await focusIs(page, "the panel");
    await page.keyboard.press("Escape");
    await gone(detail(page));
  },
  "open by a search": async (page, here) => {
    await runCommand(page, here, new RegExp(`^${here}`));
    await focusIs(page, "the panel");
    await page.keyboard.press("Escape");
    await focusIs(page, `row ${here}`);
  },
  "the palette and the sheet of keys, closed": async (page, here) => {
    for (const [key, label] of [
      ["Control+k", "Command palette"],
      ["?", "Keyboard shortcuts"],
    ] as const) {
      await page.keyboard.press(key);
      await hasKeyboard(dialog(page, label));
      await page.keyboard.press("Escape");
      await gone(dialog(page, label));
      await focusIs(page, `row ${here}`);
    }
  },
  "to add and not to": async (page, here) => {
    await page.keyboard.press("q");
    await hasKeyboard(quickAdd(page));
    await page.keyboard.press("Escape");
    await focusIs(page, `row ${here}`);
  },
  "select and let go": async (page, here) => {
    await page.keyboard.press("x");
    await bulk(page, "Clear selection").click();
    await gone(page.getByRole("toolbar"));
    await focusIs(page, `row ${here}`);
  },
  "complete what is selected": async (page, here, next) => {
    await page.keyboard.press("x");
    await bulk(page, "Complete").click();
    await gone(row(page, here));
    await focusIs(page, `row ${next}`);
  },
  "delete what is selected": async (page, here, next) => {
    await page.keyboard.press("x");
    await bulk(page, "Delete").click();
    await gone(row(page, here));
    await focusIs(page, `row ${next}`);
  },
  "the sidebar hidden and shown": async (page, here) => {
    await page.keyboard.press("[");
    await gone(page.getByRole("navigation", { name: "Views" }));
    await focusIs(page, `row ${here}`);
    await page.keyboard.press("[");
    await page.getByRole("navigation", { name: "Views" }).waitFor();
    await focusIs(page, `row ${here}`);
  },
};

test("after everything that can be done with a row the focus is on it, on the next, or in its panel", async (context) => {
  const names = Object.keys(actions);
  // Every action has two rows of its own.
  const tasks = Array.from({ length: names.length * 2 + 1 }, (_, index) => ({ title: name(index) }));
  const page = await openWith(context, tasks, "/all?sort=title");
  for (const [index, action] of names.entries()) {
    await context.test(action, async () => {
      await row(page, name(index * 2)).waitFor();
      await focusOn(page, name(index * 2));
      await actions[action]?.(page, name(index * 2), name(index * 2 + 1));
      await page.evaluate(`document.querySelector("main").scrollTo(0, ${index} * 80)`);
    });
  }
});

test("when the last row goes, the focus is at what the empty view offers, and an undo brings it back", async (context) => {
  const page = await openWith(context, [{ title: "Only one" }], "/all");
  for (const key of ["e", "Delete"]) {
    await focusOn(page, "Only one");
    await page.keyboard.press(key);
    await gone(row(page, "Only one"));
    await focusIs(page, "first step Add a task");
    await page.keyboard.press("Control+z");
    await row(page, "Only one").waitFor();
    await focusIs(page, "row Only one");
  }
});

test("rescheduling all that is late leaves the focus in the list", async (context) => {
  const tasks = ["First", "Second"].map((each) => ({ title: each, due_date: "2027-02-20" }));
  const page = await openWith(context, tasks, "/today");
  await page.getByRole("button", { name: "Reschedule all to today" }).click();
  await gone(page.getByRole("button", { name: "Reschedule all to today" }));
  await focusIs(page, "row First");
});

test("restoring from the trash goes to the next, and at last to the view", async (context) => {
  const user = await web.taskflow.client.register();
  for (const each of ["Older", "Newer"]) {
    const { body } = await user.api<Task>("POST", "/tasks", { title: each });
    await user.api("DELETE", `/tasks/${body.id}`);
  }
  const page = await web.open(context, { user });
  await page.goto("/trash");
  await row(page, "Older").waitFor();
  await page.getByRole("button", { name: "Restore Newer" }).press("Enter");
  await gone(row(page, "Newer"));
  await focusIs(page, "row Older");
  await page.getByRole("button", { name: "Restore Older" }).press("Enter");
  await gone(row(page, "Older"));
  await focusIs(page, "the view");
});

test("a view that was gone to, and a page that was loaded, have the focus themselves", async (context) => {
  const page = await openWith(context, [{ title: "Something" }], "/all");
  await focusIs(page, "the view");
  await focusOn(page, "Something");
  await Promise.all([page.keyboard.press("g"), page.keyboard.press("u")]);
  await page.getByRole("heading", { level: 1, name: "Upcoming" }).waitFor();
  await focusIs(page, "first step Add a task");
  await page.goto("/all");
  await title(page, "Something").click();
  await focusIs(page, "the panel");
  await page.reload();
  await focusIs(page, "the panel");
  assert.equal(await titleField(page).inputValue(), "Something");
});
