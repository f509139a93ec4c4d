import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, test } from "node:test";
import type { Locator, Page } from "playwright-core";
import type { TaskList } from "../../src/contract/task.ts";
import { createClient, type TestUser } from "../harness/client.ts";
import { noonZone } from "../harness/noon-zone.ts";
import { until } from "../harness/until.ts";
import { detail, focusOn, gone, hasKeyboard, live, pressInTurn, quickAdd, row, title, toast } from "./app.ts";
import { startWeb, type Web } from "./browser.ts";

let web: Web;
before(async () => {
  web = await startWeb();
});
after(() => web.stop());

const heading = (page: Page, name: string): Promise<void> => page.getByRole("heading", { level: 1, name }).waitFor();
const hasFocus = (page: Page, text: string): Promise<void> =>
  until(
    `“${text}” has the focus`,
    async () => (await page.evaluate<string>("document.activeElement.textContent")) === text,
  );
const fieldHasFocus = (page: Page): Promise<void> =>
  until("the field has the focus", () => quickAdd(page).evaluate((field) => field.matches(":focus")));
const close = async (page: Page, name: string, role: "dialog" | "menu" = "dialog"): Promise<void> => {
  const overlay = page.getByRole(role, { name });
  await hasKeyboard(overlay);
  await page.keyboard.press("Escape");
  await gone(overlay);
};

type Check = (page: Page, key: string) => Promise<void>;

/** What each line of the sheet promises, from a list of “One”, “Two” and “Three” with the keyboard on “Two”. */
const promises: Readonly<Record<string, Check>> = {
  "Add a task": async (page, key) => {
    await page.keyboard.press(key);
    await fieldHasFocus(page);
    await page.keyboard.press("Escape");
  },
  "Open the command palette": async (page, key) => {
    await page.keyboard.press(key);
    await close(page, "Command palette");
  },
  "Search tasks": async (page, key) => {
    await page.keyboard.press(key);
    await close(page, "Command palette");
  },
  Undo: async (page, key) => {
    await page.keyboard.press("Delete");
    await gone(row(page, "Two"));
    await hasFocus(page, "Three");
    await page.keyboard.press(key);
    await row(page, "Two").waitFor();
  },
  Redo: async (page, key) => {
    await page.keyboard.press("Delete");
    await gone(row(page, "Two"));
    await page.keyboard.press("Control+z");
    await row(page, "Two").waitFor();
    await page.keyboard.press(key);
    await gone(row(page, "Two"));
    await page.keyboard.press("Control+z");
    await row(page, "Two").waitFor();
  },
  "Show or hide the sidebar": async (page, key) => {
    await page.keyboard.press(key);
    await gone(page.getByRole("navigation", { name: "Views" }));
    await page.keyboard.press(key);
    await page.getByRole("navigation", { name: "Views" }).waitFor();
  },
  "Show all keys": async (page, key) => {
    await page.keyboard.press(key);
    await close(page, "Keyboard shortcuts");
  },
  "Next task": async (page, key) => {
    await page.keyboard.press(key);
    await hasFocus(page, "Three");
  },
  "Previous task": async (page, key) => {
    await page.keyboard.press(key);
    await hasFocus(page, "One");
  },
  Open: async (page, key) => {
    await page.keyboard.press(key);
    await detail(page).getByRole("textbox", { name: "Title" }).waitFor();
    await page.getByRole("button", { name: "Close details" }).click();
    await gone(detail(page));
  },
  Select: async (page, key) => {
    await page.keyboard.press(key);
    await page.getByText("1 selected").waitFor();
    await page.keyboard.press(key);
    await gone(page.getByText("1 selected"));
  },
  "Select on to the next task": async (page, key) => {
    await page.keyboard.press(key);
    await page.getByText("2 selected").waitFor();
    await hasFocus(page, "Selected: Three");
    await page.keyboard.press("Escape");
    await gone(page.getByText("2 selected"));
  },
  "Select on to the previous task": async (page, key) => {
    await page.keyboard.press(key);
    await page.getByText("2 selected").waitFor();
    await hasFocus(page, "Selected: One");
    await page.keyboard.press("Escape");
    await gone(page.getByText("2 selected"));
  },
  "Select all of the list": async (page, key) => {
    await page.keyboard.press(key);
    await page.getByText("3 selected").waitFor();
    await page.keyboard.press("Escape");
    await gone(page.getByText("3 selected"));
  },
  "Complete or reopen": async (page, key) => {
    await page.keyboard.press(key);
    await gone(row(page, "Two"));
    await page.keyboard.press("Control+z");
    await row(page, "Two").waitFor();
  },
  "Set due date": async (page, key) => {
    await page.keyboard.press(key);
    await close(page, "Due date");
    await hasFocus(page, "Two");
  },
  "Set priority": async (page, key) => {
    await page.keyboard.press(key);
    await close(page, "Priority", "menu");
    await hasFocus(page, "Two");
  },
  Repeat: async (page, key) => {
    await page.keyboard.press(key);
    await page.getByRole("combobox", { name: "How often" }).waitFor();
    await close(page, "Due date");
  },
  "Set reminders": async (page, key) => {
    await page.keyboard.press(key);
    await page.getByRole("checkbox", { name: /At .* on the day/ }).waitFor();
    await close(page, "Due date");
    await hasFocus(page, "Two");
  },
  "Show the history": async (page, key) => {
    await page.keyboard.press(key);
    await detail(page).getByText("You added the task").waitFor();
    await page.getByRole("button", { name: "Close details" }).click();
    await gone(detail(page));
  },
  "Skip this occurrence": async (page, key) => {
    await page.keyboard.press(key);
    await toast(page, "Only a task that repeats can be skipped").waitFor();
  },
  Rename: async (page, key) => {
    await page.keyboard.press(key);
    await page.getByRole("textbox", { name: "Title" }).waitFor();
    await page.keyboard.press("Escape");
    await hasFocus(page, "Two");
  },
  "Move to the trash": async (page, key) => {
    await page.keyboard.press(key);
    await gone(row(page, "Two"));
    await hasFocus(page, "Three");
    await page.keyboard.press("Control+z");
    await row(page, "Two").waitFor();
  },
  "Close details, clear selection": async (page, key) => {
    await page.keyboard.press("Enter");
    await detail(page).getByRole("textbox", { name: "Title" }).waitFor();
    await page.keyboard.press(key);
    await gone(detail(page));
    await focusOn(page, "Two");
    await page.keyboard.press("x");
    await page.keyboard.press(key);
    await gone(page.getByText("1 selected"));
  },
};

/** As the sheet writes a key, and as it is pressed. */
const pressed: Readonly<Record<string, string>> = {
  Ctrl: "Control",
  Del: "Delete",
  Esc: "Escape",
  "↵": "Enter",
  "⏎": "Enter",
};

interface Line {
  readonly name: string;
  readonly keys: readonly (readonly string[])[];
}

const readSheet = async (page: Page): Promise<Line[]> => {
  await page.keyboard.press("?");
  const sheet = page.getByRole("dialog", { name: "Keyboard shortcuts" });
  await hasKeyboard(sheet);
  const lines = await sheet.getByRole("listitem").all();
  const read = await Promise.all(
    lines.map(async (line) => {
      const bindings = await line.locator("span > span").all();
      const keys = await Promise.all(
        bindings.map(async (binding) =>
          (await binding.locator("kbd").allInnerTexts()).map((key) => pressed[key] ?? key),
        ),
      );
      const text = await line.innerText();
      return { name: text.split("\n")[0]?.trim() ?? "", keys };
    }),
  );
  await page.keyboard.press("Escape");
  await gone(sheet);
  return read;
};

test("every key of the sheet does what its line says", async (context) => {
  const user = await web.taskflow.client.register();
  for (const [index, name] of ["One", "Two", "Three"].entries())
    await user.api("POST", "/tasks", { title: name, due_date: `2027-03-1${index}` });
  const page = await web.open(context, { user, now: "2027-03-01T10:00:00Z" });
  await page.goto("/all");
  await live(page);
  await row(page, "Three").waitFor();
  const lines = await readSheet(page);
  assert.deepEqual(
    lines
      .filter(({ name }) => !name.startsWith("Go to "))
      .map(({ name }) => name)
      .toSorted(),
    Object.keys(promises).toSorted(),
  );

  for (const { name, keys } of lines) {
    for (const key of keys) {
      await context.test(`${name}: ${key.join(" ")}`, async () => {
        if (name.startsWith("Go to ")) {
          await pressInTurn(page, key);
          return heading(page, name.slice("Go to ".length));
        }
        await focusOn(page, "Two");
        await promises[name]?.(page, key.join("+"));
      });
    }
  }
});

test("keys do nothing while a field has the focus", async (context) => {
  const user = await web.taskflow.client.register();
  await user.api("POST", "/tasks", { title: "Stays" });
  const page = await web.open(context, { user });
  await page.goto("/all");
  await row(page, "Stays").waitFor();
  await quickAdd(page).focus();
  await page.keyboard.type("gt?[xedp");
  assert.equal(await quickAdd(page).inputValue(), "gt?[xedp");
  assert.match(page.url(), /\/all$/);
  assert.equal(await page.getByRole("dialog").count(), 0);
});

/** Everything that a task has, and where the page is: what a key that does no damage leaves as it is. */
const untouched = async (page: Page, user: TestUser, act: () => Promise<void>): Promise<void> => {
  const read = async (): Promise<unknown> => [
    (await user.api<TaskList>("GET", "/tasks?status=all")).body.tasks,
    await page.evaluate<string>("location.pathname"),
  ];
  const before = await read();
  await act();
  assert.deepEqual(await read(), before);
};

test("letters typed while something opens, or is open, are its own and touch no task", async (context) => {
  const user = await web.taskflow.client.register();
  for (const each of ["One", "Two"]) await user.api("POST", "/tasks", { title: each });
  const page = await web.open(context, { user });
  await page.goto("/all");
  await live(page);
  const words = ["e", "Delete", "x", "p", "s", "j", "Enter", "g", "t"];
  const typeOver = async (open: string, overlay: Locator): Promise<void> => {
    await focusOn(page, "One");
    await untouched(page, user, async () => {
      // At once, before what the first key opens is there, and again when it is.
      await pressInTurn(page, [open, ...words.filter((key) => key !== "Enter" && key !== "j")]);
      await overlay.waitFor();
      await hasKeyboard(overlay);
      await pressInTurn(page, ["e", "x", "s", "g", "t"]);
      await page.keyboard.press("Escape");
      await gone(overlay);
    });
    assert.equal(await page.getByText("selected").count(), 0);
  };
  await typeOver("d", page.getByRole("dialog", { name: "Due date" }));
  await typeOver("r", page.getByRole("dialog", { name: "Due date" }));
  await typeOver("p", page.getByRole("menu", { name: "Priority" }));
  await typeOver("?", page.getByRole("dialog", { name: "Keyboard shortcuts" }));
  await typeOver("Control+k", page.getByRole("dialog", { name: "Command palette" }));
});

test("nothing acts on a row that does not show that it has the focus", async (context) => {
  const user = await web.taskflow.client.register();
  for (const each of ["One", "Two", "Three"]) await user.api("POST", "/tasks", { title: each });
  const page = await web.open(context, { user });
  await page.goto("/all?sort=title");
  await live(page);
  await row(page, "One").waitFor();
  const shown = (text: string): Promise<boolean> =>
    page.evaluate<boolean>(`(() => {
      const row = [...document.querySelectorAll("main li")].find((each) => each.textContent.includes("${text}"));
      return getComputedStyle(row.firstElementChild).boxShadow !== "none";
    })()`);
  await until("the view has the focus", () => page.evaluate<boolean>(`document.activeElement.id === "main"`));
  await untouched(page, user, async () => {
    await pressInTurn(page, ["e", "Delete", "p", "d", "s"]);
    await toast(page, "No task has the focus: J goes to the first").waitFor();
  });
  assert.equal(await page.getByRole("dialog").and(page.locator(":not([aria-modal=false])")).count(), 0);

  // A click on the circle leaves the keyboard at the next row, which shows it.
  await page.getByRole("button", { name: "Complete One" }).click();
  await hasFocus(page, "Three");
  assert.equal(await shown("Three"), true);
  assert.equal(await shown("Two"), false);
});

test("keys that follow one another at once act on the row that the first went to", async (context) => {
  const user = await web.taskflow.client.register();
  for (const each of ["One", "Two", "Three"]) await user.api("POST", "/tasks", { title: each });
  const page = await web.open(context, { user });
  await page.goto("/all?sort=title");
  await live(page);
  await focusOn(page, "One");
  await pressInTurn(page, ["j", "e"]);
  await gone(row(page, "Three"));
  await Promise.all(["One", "Two"].map((each) => row(page, each).waitFor()));
});

test("j and k take the open panel along, and keys in it act on its task", async (context) => {
  const user = await web.taskflow.client.register();
  for (const each of ["One", "Two", "Three"]) await user.api("POST", "/tasks", { title: each });
  const page = await web.open(context, { user });
  await page.goto("/all?sort=title");
  await live(page);
  await focusOn(page, "Three");
  await page.keyboard.press("x");
  await focusOn(page, "One");
  await page.keyboard.press("Enter");
  const panelShows = (text: string): Promise<void> =>
    until(`the panel shows “${text}”`, async () => {
      const field = detail(page).getByRole("textbox", { name: "Title" });
      return (await field.count()) === 1 && (await field.inputValue()) === text;
    });
  await panelShows("One");
  await until("the panel has the focus", () => page.evaluate<boolean>(`document.activeElement.id === "panel"`));
  for (const [key, text] of [
    ["j", "Three"],
    ["j", "Two"],
    ["k", "Three"],
    ["j", "Two"],
  ] as const) {
    await page.keyboard.press(key);
    await panelShows(text);
  }
  // From the panel, the task in it is meant and not what is selected.
  await page.keyboard.press("e");
  await gone(row(page, "Two"));
  await row(page, "Three").waitFor();
  // From a row, the panel comes along and the keyboard stays in the list.
  await focusOn(page, "One");
  await page.keyboard.press("j");
  await panelShows("Three");
  await hasFocus(page, "Selected: Three");
  await page.goBack();
  await gone(detail(page));
});

test("from registering to restoring with the keyboard alone", async (context) => {
  const page = await web.open(context, { timeZone: noonZone() });
  const email = `${randomUUID()}@example.org`;
  await page.goto("/register");
  await page.getByRole("heading", { name: "Create your account" }).waitFor();
  const tabTo = async (name: string | RegExp, role: "textbox" | "button" | "link" = "textbox"): Promise<void> => {
    const target = name === "Password" ? page.getByLabel("Password") : page.getByRole(role, { name });
    for (let presses = 0; presses < 30; presses += 1) {
      if (await target.evaluate((element) => element.matches(":focus"))) return;
      await page.keyboard.press("Tab");
    }
    assert.fail(`${role} ${String(name)} is not reached by Tab`);
  };
  await tabTo("E-mail");
  await page.keyboard.type(email);
  await tabTo("Password");
  await page.keyboard.type("correct horse");
  await page.keyboard.press("Enter");
  await title(page, "Open me to read on").waitFor();

  await page.keyboard.press("q");
  await page.keyboard.type("Buy paint");
  await page.keyboard.press("Enter");
  await row(page, "Buy paint").waitFor();
  await page.keyboard.press("Escape");

  const moveTo = async (text: string): Promise<void> => {
    for (let presses = 0; presses < 20; presses += 1) {
      if ((await page.evaluate<string>("document.activeElement.textContent")) === text) return;
      const left = await page.evaluate<string>("document.activeElement.id");
      await page.keyboard.press("j");
      await until("the next row has the focus", () =>
        page.evaluate<boolean>(
          `document.activeElement.id.startsWith("task-") && document.activeElement.id !== ${JSON.stringify(left)}`,
        ),
      );
    }
    assert.fail(`“${text}” is not reached by j`);
  };
  await moveTo("Buy paint");
  await page.keyboard.press("F2");
  await page.getByRole("textbox", { name: "Title" }).waitFor();
  await page.keyboard.press("Control+a");
  await page.keyboard.type("Buy white paint");
  await page.keyboard.press("Enter");
  await row(page, "Buy white paint").waitFor();

  await hasFocus(page, "Buy white paint");
  await page.keyboard.press("d");
  await hasKeyboard(page.getByRole("dialog", { name: "Due date" }));
  await tabTo(/^Tomorrow/, "button");
  await page.keyboard.press("Enter");
  await gone(row(page, "Buy white paint"));
  await pressInTurn(page, ["g", "a"]);
  await heading(page, "All");

  await moveTo("Buy white paint");
  await page.keyboard.press("e");
  await gone(row(page, "Buy white paint"));
  await page.keyboard.press("Control+z");
  await row(page, "Buy white paint").waitFor();

  await moveTo("Buy white paint");
  await page.keyboard.press("Delete");
  await gone(row(page, "Buy white paint"));
  await pressInTurn(page, ["g", "x"]);
  await heading(page, "Trash");
  await row(page, "Buy white paint").waitFor();
  await tabTo("Restore Buy white paint", "button");
  await page.keyboard.press("Enter");
  await gone(row(page, "Buy white paint"));

  const { api } = createClient(web.taskflow.url);
  const { body } = await api()<{ access_token: string }>("POST", "/auth/login", { email, password: "correct horse" });
  const saved = async () =>
    (await api(body.access_token)<TaskList>("GET", "/tasks")).body.tasks.find(
      (task) => task.title === "Buy white paint",
    );
  await until("the server has it as it was left", async () => (await saved())?.completed === false);
});
