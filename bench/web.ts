import { writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import type { Browser, BrowserContext, Page } from "playwright-core";
import type { User } from "../src/contract/account.ts";
import { contextOptions, launchBrowser } from "../test/e2e/browser.ts";
import { firstViewScripts } from "../test/e2e/first-view.ts";
import { type BenchServer, machine, milliseconds, percentile, row, startServer } from "./harness.ts";

/**
 * `node bench/web.ts [--loads 15] [--presses 200] [--each 60] [--profile keys.cpuprofile]`: what a person waits for in
 * Chromium, with the built app and the server on one machine. `--each` is how often each key is pressed in a long list;
 * `--profile` writes where their time goes, for Chromium's own tools.
 */
const { values: flags } = parseArgs({
  options: {
    loads: { type: "string", default: "15" },
    presses: { type: "string", default: "200" },
    each: { type: "string", default: "60" },
    profile: { type: "string" },
  },
});
const LOADS = Number(flags.loads);
const PRESSES = Number(flags.presses);
const PRESSES_OF_EACH = Number(flags.each);
const TASKS = 30;
/** Of a long list. */
const MANY_TASKS = 2_000;
const PER_REQUEST = 500;

/** Milliseconds since 1970 on the clock that all pages of a machine share, with fractions. */
const instant = "performance.timeOrigin + performance.now()";

/** From now on the page keeps when each key was pressed, and answers when a condition has been painted. */
const instrument = `
  addEventListener("keydown", ({ timeStamp }) => { globalThis.pressedAt = performance.timeOrigin + timeStamp; }, true);
  globalThis.painted = (isThere) => new Promise((resolve) => {
    const look = () => {
      if (!isThere()) return;
      observer.disconnect();
      requestAnimationFrame(() => { const { port1, port2 } = new MessageChannel(); port1.onmessage = () => resolve(${instant}); port2.postMessage(0); });
    };
    const observer = new MutationObserver(look);
    observer.observe(document, { childList: true, subtree: true, characterData: true, attributes: true });
    look();
  });
`;

const hasRow = (text: string): string =>
  `() => [...document.querySelectorAll("li")].some((row) => row.textContent.includes(${JSON.stringify(text)}))`;

interface SignedIn {
  readonly token: string;
  readonly context: (browser: Browser) => Promise<BrowserContext>;
}

const signedIn = async (server: BenchServer): Promise<SignedIn> => {
  const [token = ""] = await server.users(1);
  const user = (await (
    await fetch(`${server.url}/api/v1/auth/me`, { headers: { authorization: `Bearer ${token}` } })
  ).json()) as User;
  const session = {
    access_token: token,
    refresh_token: token,
    token,
    token_type: "Bearer" as const,
    expires_in: 900,
    user,
  };
  const options = contextOptions({ baseURL: server.url, user: { session } });
  return { token, context: (browser) => browser.newContext(options) };
};

const addTasks = async (server: BenchServer, token: string, count: number): Promise<void> => {
  for (let from = 0; from < count; from += PER_REQUEST) {
    const operations = Array.from({ length: Math.min(PER_REQUEST, count - from) }, (_, index) => ({
      op: "create",
      task: { title: `Task number ${from + index}` },
    }));
    await fetch(`${server.url}/api/v1/tasks/bulk`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify({ operations }),
    });
  }
};

/** The largest contentful paint of a page, in milliseconds from its start. */
const largestPaint = (page: Page): Promise<number> =>
  page.evaluate<number>(
    `new Promise((resolve) => new PerformanceObserver((list) => resolve(list.getEntries().at(-1).startTime)).observe({ type: "largest-contentful-paint", buffered: true }))`,
  );

const load = async (page: Page): Promise<number> => {
  // The newest first: what is added is in sight.
  await page.goto("/all?sort=newest");
  await page.locator("main li a").first().waitFor();
  return largestPaint(page);
};

/** Says on the error stream how far it is: the figures come at the end. */
const stage = (name: string): void => console.error(`${new Date().toISOString().slice(11, 19)} ${name}`);

/** Presses Enter behind a new title again and again; milliseconds from each press to its row on `there`. */
const pressAndSee = async (here: Page, there: Page, prefix: string): Promise<number[]> => {
  const times: number[] = [];
  const field = here.getByRole("textbox", { name: "Add a task" });
  for (let index = 0; index < PRESSES; index += 1) {
    const title = `${prefix} ${index}.`;
    await field.fill(title);
    const painted = there.evaluate<number>(`painted(${hasRow(title)})`);
    await field.press("Enter");
    times.push((await painted) - (await here.evaluate<number>("pressedAt")));
  }
  return times;
};

/**
 * A page with nothing but a field that adds its text to a list: what the browser itself needs from a press to a paint.
 */
const barePage = `<form><input aria-label="Add a task"></form><ul></ul><script>
  document.forms[0].onsubmit = (event) => { event.preventDefault(); document.querySelector("ul").prepend(Object.assign(document.createElement("li"), { textContent: document.querySelector("input").value })); };
</script>`;

/** A key pressed on the row of a task, and what is on the page when its change shows. */
interface Pressed {
  readonly name: string;
  readonly key: string;
  readonly shows: (title: string) => string;
  /** Back to the row, for the next press. */
  readonly back?: string;
}

/** In the order of a round: undo takes back what `e` did. */
const pressedKeys: readonly Pressed[] = [
  {
    name: "open (Enter)",
    key: "Enter",
    shows: (title) => `() => document.querySelector("aside textarea")?.value === ${JSON.stringify(title)}`,
    back: "Escape",
  },
  {
    name: "`d`",
    key: "d",
    shows: () => `() => document.querySelector("[role=dialog] table") !== null`,
    back: "Escape",
  },
  {
    name: "palette (Ctrl-K)",
    key: "Control+k",
    shows: () => `() => document.querySelector("[role=dialog] [role=option]") !== null`,
    back: "Escape",
  },
  {
    name: "`e`",
    key: "e",
    shows: (title) => `() => document.querySelector('button[aria-label="Reopen ${title}"]') !== null`,
  },
  {
    name: "undo (Ctrl-Z)",
    key: "Control+z",
    shows: (title) => `() => document.querySelector('button[aria-label="Complete ${title}"]') !== null`,
  },
];

/** Presses each key on row after row of a long list; milliseconds from the press to the frame that shows it. */
const pressEach = async (page: Page): Promise<Map<string, number[]>> => {
  const times = new Map<string, number[]>(pressedKeys.map(({ name }) => [name, []]));
  for (let index = 0; index < PRESSES_OF_EACH; index += 1) {
    const title = await page.evaluate<string>(
      `(() => { const links = [...document.querySelectorAll("main li a")]; const link = links[Math.min(${index % 10}, links.length - 1)]; link.focus(); return link.textContent; })()`,
    );
    for (const { name, key, shows, back } of pressedKeys) {
      const painted = page.evaluate<number>(`painted(${shows(title)})`);
      await page.keyboard.press(key);
      const took = (await painted) - (await page.evaluate<number>("pressedAt"));
      // The first of each waits for what is loaded when it is first asked for.
      if (index > 0) times.get(name)?.push(took);
      if (back === undefined) continue;
      await page.keyboard.press(back);
      await page.waitForFunction(
        `document.querySelector("[role=dialog]:not([aria-modal=false]), aside") === null && document.activeElement?.textContent === ${JSON.stringify(title)}`,
      );
    }
  }
  return times;
};

const values = (times: readonly number[]): string =>
  `p50 ${milliseconds(percentile(times, 0.5))}, p95 ${milliseconds(percentile(times, 0.95))}`;

/** A window of another user, with a list that is long. */
const openLongList = async (server: BenchServer, browser: Browser): Promise<Page> => {
  const user = await signedIn(server);
  await addTasks(server, user.token, MANY_TASKS);
  const page = await (await user.context(browser)).newPage();
  await load(page);
  await page.getByText(`${MANY_TASKS.toLocaleString("en")} tasks to do`).waitFor();
  await page.getByText("Live", { exact: true }).waitFor();
  // What is one key away is loaded a moment after the first view.
  await page.waitForLoadState("networkidle");
  await page.evaluate(instrument);
  return page;
};

/** Largest paints of first and second visits, each by a browser that has nothing of the app. */
const measureLoads = async (browser: Browser, user: SignedIn): Promise<{ cold: number[]; warm: number[] }> => {
  const [cold, warm]: [number[], number[]] = [[], []];
  for (let round = 0; round < LOADS; round += 1) {
    const context = await user.context(browser);
    const page = await context.newPage();
    cold.push(await load(page));
    await page.evaluate("navigator.serviceWorker.ready");
    warm.push(await load(page));
    await context.close();
  }
  return { cold, warm };
};

const measureFloor = async (browser: Browser): Promise<number[]> => {
  const bare = await (await browser.newContext()).newPage();
  await bare.setContent(barePage);
  await bare.evaluate(instrument);
  const floor = await pressAndSee(bare, bare, "bare");
  await bare.context().close();
  return floor;
};

/** From the press in one window to the row in it, and in another window of the same user. */
const measureWindows = async (browser: Browser, user: SignedIn): Promise<{ own: number[]; other: number[] }> => {
  const open = async (): Promise<Page> => {
    const page = await (await user.context(browser)).newPage();
    await load(page);
    await page.getByText("Live", { exact: true }).waitFor();
    await page.evaluate(instrument);
    return page;
  };
  const [here, there] = [await open(), await open()];
  const own = await pressAndSee(here, here, "own");
  const other = await pressAndSee(here, there, "other");
  for (const page of [here, there]) await page.context().close();
  return { own, other };
};

const measureLongList = async (browser: Browser, server: BenchServer): Promise<Map<string, number[]>> => {
  const page = await openLongList(server, browser);
  const stopProfile = flags.profile === undefined ? undefined : await startProfile(page, flags.profile);
  const each = await pressEach(page);
  each.set("add (Enter)", await pressAndSee(page, page, "long"));
  await stopProfile?.();
  return each;
};

const startProfile = async (page: Page, file: string): Promise<() => Promise<void>> => {
  const session = await page.context().newCDPSession(page);
  await session.send("Profiler.enable");
  await session.send("Profiler.start");
  return async () => writeFile(file, JSON.stringify((await session.send("Profiler.stop")).profile));
};

const measure = async (server: BenchServer): Promise<void> => {
  const browser = await launchBrowser();
  try {
    const user = await signedIn(server);
    await addTasks(server, user.token, TASKS);
    stage("loads");
    const { cold, warm } = await measureLoads(browser, user);
    stage("a bare page");
    const floor = await measureFloor(browser);
    stage("two windows");
    const { own, other } = await measureWindows(browser, user);
    stage(`${MANY_TASKS} tasks`);
    const each = await measureLongList(browser, server);

    const bytes = (await firstViewScripts()).reduce((sum, { gzipBytes }) => sum + gzipBytes, 0);
    const rows = [
      row("in Chromium, built app", "measured", "beside it"),
      row("---", "---", "---"),
      row("JavaScript of the first view, gzip", `${(bytes / 1_000).toFixed(1)} KB`, "budget 150 KB"),
      row(`largest paint, first visit, ${LOADS} loads`, values(cold), "aim ≤ 1 s"),
      row("largest paint, second visit", values(warm), "aim ≤ 1 s"),
      row(`Enter to the new row on screen, ${PRESSES} presses`, values(own), `a bare page: ${values(floor)}`),
      row("Enter to the new row in another window", values(other), "aim ≤ 100 ms p95"),
      ...[...each].map(([name, times]) =>
        row(`${name} to its frame, ${MANY_TASKS} tasks, ${times.length} presses`, values(times), "aim ≤ 50 ms p95"),
      ),
    ];
    console.log([machine(), ...rows].join("\n"));
  } finally {
    await browser.close();
  }
};

const server = await startServer({});
try {
  await measure(server);
} finally {
  await server.stop();
}
