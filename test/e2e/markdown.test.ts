import assert from "node:assert/strict";
import { after, before, test, type TestContext } from "node:test";
import type { Page } from "playwright-core";
import type { BulkAnswer, NewTask, Task } from "../../src/contract/task.ts";
import { hostileTexts } from "../../web/src/tasks/markdown/hostile-texts.ts";
import type { TestUser } from "../harness/client.ts";
import { noonZone } from "../harness/noon-zone.ts";
import { until } from "../harness/until.ts";
import { violations } from "./accessible.ts";
import { detail, live, row, title } from "./app.ts";
import { startWeb, type Web } from "./browser.ts";

let web: Web;
before(async () => {
  web = await startWeb();
});
after(() => web.stop());

interface Opened {
  readonly page: Page;
  readonly user: TestUser;
  readonly read: () => Promise<Task>;
}

/** Opens a task in the panel. */
const openTask = async (context: TestContext, task: NewTask, expected?: RegExp): Promise<Opened> => {
  const user = await web.taskflow.client.register({ time_zone: noonZone() });
  const { body } = await user.api<Task>("POST", "/tasks", task);
  const page = await web.open(context, { user, ...(expected === undefined ? {} : { expected }) });
  await page.goto(`/all?task=${body.id}`);
  await live(page);
  await detail(page).getByRole("textbox", { name: "Title" }).waitFor();
  return { page, user, read: async () => (await user.api<Task>("GET", `/tasks/${body.id}`)).body };
};

const MAX_DESCRIPTION = 5_000;

/** As many texts to a description as it takes. */
const packed = (texts: readonly string[]): string[] => {
  const all: string[] = [];
  for (const text of texts) {
    const last = all.at(-1);
    if (last !== undefined && last.length + text.length + 2 <= MAX_DESCRIPTION) all.splice(-1, 1, `${last}\n\n${text}`);
    else all.push(text);
  }
  return all;
};

test("a fence with attributes is a code block, and the page goes on", async (context) => {
  const { page } = await openTask(context, { title: "Fence", description: '```x style="color:red"\nhello\n```' });
  await detail(page).locator("pre").getByText("hello").waitFor();
  await row(page, "Fence").waitFor();
});

test("no text breaks out: nothing runs, nothing but known attributes is on the page, every panel opens", async (context) => {
  const isShort = (text: string): boolean => text.length < 1_000;
  const isSendable = (text: string): boolean => text.trim() !== "" && text.isWellFormed() && !text.includes("\0");
  const heavy = hostileTexts.filter((text) => !isShort(text) && isSendable(text)).filter((_, index) => index % 9 === 0);
  const texts = [...packed(hostileTexts.filter((text) => isShort(text) && isSendable(text))), ...heavy];
  const { page, user } = await openTask(context, { title: "First" });
  const { body } = await user.api<BulkAnswer>("POST", "/tasks/bulk", {
    operations: texts.map((description, index) => ({ op: "create", task: { title: `Text ${index}`, description } })),
  });
  for (const task of body.tasks) {
    await title(page, task.title).click();
    await detail(page).getByRole("region", { name: "Description" }).waitFor();
    await until("the panel shows this task", () =>
      page.evaluate<boolean>(`document.querySelector("aside textarea")?.value === ${JSON.stringify(task.title)}`),
    );
  }
  const names = await page.evaluate<string[]>(`[...document.querySelectorAll("section[aria-label=Description] *")]
    .flatMap((element) => element.getAttributeNames().map((name) => element.localName + " " + name))`);
  const known =
    /^(?:a (?:href|target|rel)|ol start|input (?:type|aria-label|checked)|(?:div|button|p|svg|path|rect|circle) .*|td|th)/;
  assert.deepEqual(
    names.filter((name) => !known.test(name)),
    [],
  );
  assert.equal(await page.evaluate("window.pwned"), undefined);
});

test("a check box ticks itself in the text, by click and by key, and leaves the editor closed", async (context) => {
  const description = "Pack:\n\n- [ ] socks\n- [x] shirts";
  const { page, read } = await openTask(context, { title: "Trip", description });
  const socks = detail(page).getByRole("checkbox", { name: "socks" });
  await socks.check();
  await until("the tick is saved", async () => (await read()).description === "Pack:\n\n- [x] socks\n- [x] shirts");
  await detail(page).getByRole("checkbox", { name: "shirts" }).focus();
  await page.keyboard.press("Space");
  await until("it is saved too", async () => (await read()).description === "Pack:\n\n- [x] socks\n- [ ] shirts");
  assert.equal(await socks.isChecked(), true);
  assert.equal(await detail(page).getByRole("textbox", { name: "Description" }).count(), 0);
  assert.deepEqual(await violations(page), []);
});

test("a picture from elsewhere is fetched when it is asked for, and line ends stay", async (context) => {
  const { page } = await openTask(context, {
    title: "Look",
    description: "one\ntwo ![A cat](https://pictures.example/cat.png)",
  });
  const asked: string[] = [];
  await page.route("https://pictures.example/**", (route) => {
    asked.push(route.request().url());
    return route.fulfill({ contentType: "image/svg+xml", body: '<svg xmlns="http://www.w3.org/2000/svg"/>' });
  });
  const show = detail(page).getByRole("button", { name: "Show picture “A cat” from pictures.example" });
  await show.waitFor();
  assert.deepEqual(asked, []);
  await show.click();
  await detail(page).getByRole("img", { name: "A cat" }).waitFor();
  await until("the picture was fetched", () => asked.length === 1);
  assert.match(await detail(page).getByRole("region", { name: "Description" }).innerText(), /one\ntwo/);
});

test("links in a title lead away, the rest of the row opens the task", async (context) => {
  const { page } = await openTask(context, { title: "Read https://example.org/news today" });
  const link = page.getByRole("main").getByRole("link", { name: "example.org/news", exact: true });
  assert.equal(await link.getAttribute("href"), "https://example.org/news");
  assert.equal(await link.getAttribute("target"), "_blank");
  await page.context().route("https://example.org/**", (route) => route.fulfill({ body: "news" }));
  const [opened] = await Promise.all([page.waitForEvent("popup"), link.click()]);
  await opened.close();
  await detail(page).getByRole("link", { name: "example.org/news" }).waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("main").getByRole("link", { name: "Read example.org/news today" }).press("Enter");
  await detail(page).getByRole("textbox", { name: "Title" }).waitFor();
  assert.deepEqual(await violations(page), []);
});

test("a task that cannot be shown leaves the page alone, and its text can be mended", async (context) => {
  const user = await web.taskflow.client.register({ time_zone: noonZone() });
  const { body } = await user.api<Task>("POST", "/tasks", { title: "Broken", description: "Its text" });
  await user.api<Task>("POST", "/tasks", { title: "Sound" });
  const page = await web.open(context, { user, expected: /not iterable|reminders|is not a function/ });
  await page.route("**/api/v1/sync/tasks?**", async (route) => {
    const response = await route.fetch();
    const answer = (await response.json()) as { tasks: Task[] };
    const tasks = answer.tasks.map((task) => (task.id === body.id ? { ...task, reminders: 5 } : task));
    await route.fulfill({ response, json: { ...answer, tasks } });
  });
  await page.goto(`/all?task=${body.id}`);
  await row(page, "Sound").waitFor();
  await detail(page).getByRole("alert").getByText("This task cannot be shown in full").waitFor();
  await row(page, "Broken").getByText("cannot be shown in full").waitFor();
  await detail(page).getByText("Its text", { exact: true }).click();
  await detail(page).getByRole("textbox", { name: "Description" }).fill("Its new text");
  await page.keyboard.press("Control+Enter");
  await until("the text is saved", async () => {
    const { body: now } = await user.api<Task>("GET", `/tasks/${body.id}`);
    return now.description === "Its new text";
  });
});
