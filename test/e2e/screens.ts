import type { Locator, Page } from "playwright-core";
import { detail, gone, live, openAdd, pill, quickAdd, row } from "./app.ts";

/** One thing that can be on the screen, and the way there. */
export interface Screen {
  readonly name: string;
  readonly path: string;
  readonly isSignedOut?: true;
  /** Worth a look without any task as well. */
  readonly hasEmptyState?: true;
  readonly only?: "phone" | "desktop";
  /** From the address to the screen; resolves when all of it is there. */
  show(page: Page): Promise<void>;
}

const there = async (page: Page, what: Locator): Promise<void> => {
  await what.waitFor();
  await live(page);
};

const view = (name: string): Screen => ({
  name: name.toLowerCase(),
  path: `/${name.toLowerCase()}`,
  hasEmptyState: true,
  show: async (page) => {
    await page.getByRole("heading", { level: 1, name }).waitFor();
    await live(page);
    await page.getByRole("main").getByRole("listitem").or(page.locator("main h2")).first().waitFor();
  },
});

const today = view("Today");

/** Something that is opened from Today. */
const over = (name: string, open: (page: Page) => Promise<void>, only?: Screen["only"]): Screen => ({
  name,
  path: "/today",
  ...(only === undefined ? {} : { only }),
  show: async (page) => {
    await today.show(page);
    await open(page);
  },
});

const openTask = async (page: Page): Promise<void> => {
  // By key: a pointer that rests where the row was would bring up its hints.
  await row(page, "Call the landlord about the boiler").getByRole("link").press("Enter");
  await detail(page).getByText("spare key").waitFor();
};

const select = async (page: Page, text: string): Promise<void> => {
  await row(page, text).getByRole("link").focus();
  await page.keyboard.press("x");
};

const openDue = async (page: Page): Promise<void> => {
  await row(page, "Pick up the parcel").getByRole("button", { name: /18:00/ }).click();
  await page.getByRole("dialog", { name: "Due date" }).getByLabel("Time", { exact: true }).waitFor();
};

const openReminders =
  (task: string) =>
  async (page: Page): Promise<void> => {
    await row(page, task).getByRole("link").focus();
    await page.keyboard.press("r");
    await page.getByRole("dialog", { name: "Due date" }).getByRole("checkbox").first().waitFor();
  };

/** Every screen and overlay, for pictures and for the accessibility checks. None changes what the user has. */
export const screens: readonly Screen[] = [
  {
    name: "login",
    path: "/login",
    isSignedOut: true,
    show: (page) => page.getByRole("button", { name: "Sign in" }).waitFor(),
  },
  {
    name: "register",
    path: "/register",
    isSignedOut: true,
    show: (page) => page.getByRole("button", { name: "Create account" }).waitFor(),
  },
  today,
  view("Upcoming"),
  view("All"),
  view("Series"),
  view("Completed"),
  view("Trash"),
  { name: "settings", path: "/settings", show: (page) => there(page, page.getByText("No tokens yet.")) },
  {
    name: "not-found",
    path: "/nowhere",
    show: (page) => there(page, page.getByRole("heading", { name: "There is nothing at this address" })),
  },
  over("detail", openTask),
  over("detail-editing", async (page) => {
    await openTask(page);
    await detail(page).getByRole("button", { name: "Edit description" }).click();
    await detail(page).getByRole("textbox", { name: "Description" }).waitFor();
  }),
  over("palette", async (page) => {
    await page.getByRole("button", { name: "Search and commands" }).click();
    await page.getByRole("combobox").fill("re");
    await page.getByRole("option").first().waitFor();
  }),
  over("keys", async (page) => {
    await page.getByRole("button", { name: "Account" }).click();
    await page.getByRole("menuitem", { name: "Keyboard shortcuts" }).click();
    await page.getByRole("dialog", { name: "Keyboard shortcuts" }).waitFor();
    await gone(page.getByRole("menu"));
  }),
  over("due", openDue),
  over("repeat", async (page) => {
    await row(page, "Stand-up with the platform team").getByRole("link").focus();
    await page.keyboard.press("y");
    await page.getByRole("dialog", { name: "Due date" }).getByRole("list", { name: "Next dates" }).waitFor();
  }),
  over("detail-repeating", async (page) => {
    await row(page, "Stand-up with the platform team").getByRole("link").click();
    await detail(page).getByText("Next dates").waitFor();
  }),
  {
    name: "series-detail",
    path: "/series",
    show: async (page) => {
      await page.getByRole("link", { name: "Stand-up with the platform team" }).click();
      await detail(page).getByRole("heading", { name: "History" }).waitFor();
      await detail(page).getByText("Next dates").waitFor();
    },
  },
  over("history", async (page) => {
    await row(page, "Call the landlord about the boiler").getByRole("link").focus();
    await page.keyboard.press("h");
    await detail(page).getByText("You added the task").waitFor();
  }),
  {
    name: "activity",
    path: "/activity",
    hasEmptyState: true,
    show: (page) =>
      there(page, page.getByText("You completed Cancel the gym").or(page.getByText("Nothing has happened yet"))),
  },
  {
    name: "activity-filtered",
    path: "/activity?type=task.completed&from=2027-03-01",
    show: async (page) => {
      await there(page, page.getByText("You completed Cancel the gym"));
      await page.getByRole("button", { name: /^When: / }).click();
      await page.getByRole("dialog", { name: "When" }).getByLabel("From").waitFor();
    },
  },
  {
    name: "as-it-was",
    path: "/all?as_of=2027-03-05T18:00:00.000Z",
    show: (page) => there(page, page.getByText(/different now/)),
  },
  {
    name: "statistics",
    path: "/statistics",
    hasEmptyState: true,
    show: (page) =>
      there(
        page,
        page
          .getByRole("img", { name: /^By priority/ })
          .locator("path")
          .first()
          .or(page.getByText("Nothing to count yet")),
      ),
  },
  {
    name: "statistics-tables",
    path: "/statistics?days=90&table=day&table=week&table=priority",
    show: (page) => there(page, page.getByRole("table").last()),
  },
  over("reminders", openReminders("Call the landlord about the boiler")),
  over("reminders-all-day", openReminders("Pay rent")),
  {
    name: "notifications",
    path: "/notifications",
    hasEmptyState: true,
    show: (page) => there(page, page.getByRole("main").getByRole("heading", { level: 2 }).first()),
  },
  over(
    "bell",
    async (page) => {
      await page.getByRole("button", { name: /^Notifications/ }).click();
      await page.getByRole("dialog", { name: "Notifications" }).getByRole("heading", { name: "Earlier" }).waitFor();
    },
    "desktop",
  ),
  {
    name: "why",
    path: "/notifications",
    show: async (page) => {
      // From March 2027 on the database's clock has the service tell of it too.
      await page.getByRole("button", { name: "Why: Send invoice 2027-014 to Kowalski & Sons" }).first().click();
      await page.getByRole("list", { name: "What happened" }).getByRole("listitem").first().waitFor();
    },
  },
  {
    name: "notification-settings",
    path: "/settings/notifications",
    show: (page) => there(page, page.getByRole("switch").first()),
  },
  over("priority", async (page) => {
    await row(page, "Pay rent").getByRole("link").focus();
    await page.keyboard.press("p");
    await page.getByRole("menu", { name: "Priority" }).waitFor();
  }),
  over("account", async (page) => {
    await page.getByRole("button", { name: "Account" }).click();
    await page.getByRole("menu", { name: "Account" }).waitFor();
  }),
  over("adding", async (page) => {
    await openAdd(page);
    await quickAdd(page).fill("Bring the ladder back to Tom");
  }),
  over("pasted", async (page) => {
    await openAdd(page);
    await quickAdd(page).focus();
    await page.evaluate(`{
      const clipboardData = new DataTransfer();
      clipboardData.setData("text/plain", "Flour\\nEggs\\nButter");
      document.activeElement.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
    }`);
    await page.getByRole("button", { name: "Add 3 tasks" }).waitFor();
  }),
  over("renaming", async (page) => {
    await row(page, "Pay rent").getByRole("link").focus();
    await page.keyboard.press("F2");
    await page.getByRole("textbox", { name: "Title" }).waitFor();
  }),
  over("selected", async (page) => {
    for (const text of ["Pay rent", "Book a table for Friday"]) await select(page, text);
    await page.getByRole("toolbar").waitFor();
  }),
  over(
    "row-actions",
    async (page) => {
      await row(page, "Pay rent").hover();
      await page.getByRole("button", { name: "Rename Pay rent" }).waitFor();
    },
    "desktop",
  ),
  over("offline", async (page) => {
    await page.context().setOffline(true);
    await pill(page, /Offline/).waitFor();
  }),
  over(
    "drawer",
    async (page) => {
      await page.getByRole("button", { name: "Open menu" }).click();
      await page.getByRole("dialog", { name: "Views" }).getByRole("link", { name: "Trash" }).waitFor();
    },
    "phone",
  ),
];
