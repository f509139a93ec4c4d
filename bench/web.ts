import type { BrowserContext, Page } from "playwright-core";
import type { User } from "../src/contract/account.ts";
import { contextOptions, launchBrowser } from "../test/e2e/browser.ts";
import { firstViewScripts } from "../test/e2e/first-view.ts";
import { type BenchServer, machine, milliseconds, percentile, row, startServer } from "./harness.ts";

/** `node bench/web.ts`: what a person waits for in Chromium, with the built app and the server on one machine. */
const LOADS = 15;
const PRESSES = 200;
const TASKS = 30;

/** Milliseconds since 1970 on the clock that all pages of a machine share, with fractions. */
const instant = "performance.timeOrigin + performance.now()";

/** From now on the page keeps when each Enter was pressed, and answers when a text has been painted. */
const instrument = `
  addEventListener("keydown", ({ key, timeStamp }) => { if (key === "Enter") globalThis.pressedAt = performance.timeOrigin + timeStamp; }, true);
  globalThis.painted = (text) => new Promise((resolve) => {
    const look = () => {
      if (![...document.querySelectorAll("li")].some((row) => row.textContent.includes(text))) return;
      observer.disconnect();
      requestAnimationFrame(() => { const { port1, port2 } = new MessageChannel(); port1.onmessage = () => resolve(${instant}); port2.postMessage(0); });
    };
    const observer = new MutationObserver(look);
    observer.observe(document, { childList: true, subtree: true, characterData: true });
    look();
  });
`;

const signedIn = async (
  server: BenchServer,
): Promise<{
  token: string;
  context: (browser: Awaited<ReturnType<typeof launchBrowser>>) => Promise<BrowserContext>;
}> => {
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

const addTasks = async (server: BenchServer, token: string): Promise<void> => {
  const operations = Array.from({ length: TASKS }, (_, index) => ({
    op: "create",
    task: { title: `Task number ${index}` },
  }));
  await fetch(`${server.url}/api/v1/tasks/bulk`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify({ operations }),
  });
};

/** The largest contentful paint of a page, in milliseconds from its start. */
const largestPaint = (page: Page): Promise<number> =>
  page.evaluate<number>(
    `new Promise((resolve) => new PerformanceObserver((list) => resolve(list.getEntries().at(-1).startTime)).observe({ type: "largest-contentful-paint", buffered: true }))`,
  );

const load = async (page: Page): Promise<number> => {
  // The newest first: what is added is in sight.
  await page.goto("/all?sort=newest");
  await page.getByText("Task number 1", { exact: true }).waitFor();
  return largestPaint(page);
};

/** Presses Enter behind a new title again and again; milliseconds from each press to its row on `there`. */
const pressAndSee = async (here: Page, there: Page, prefix: string): Promise<number[]> => {
  const times: number[] = [];
  const field = here.getByRole("textbox", { name: "Add a task" });
  for (let index = 0; index < PRESSES; index += 1) {
    const title = `${prefix} ${index}.`;
    await field.fill(title);
    const painted = there.evaluate<number>(`painted(${JSON.stringify(title)})`);
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

const values = (times: readonly number[]): string =>
  `p50 ${milliseconds(percentile(times, 0.5))}, p95 ${milliseconds(percentile(times, 0.95))}`;

const measure = async (server: BenchServer): Promise<void> => {
  const browser = await launchBrowser();
  try {
    const user = await signedIn(server);
    await addTasks(server, user.token);
    const scripts = await firstViewScripts();
    const cold: number[] = [];
    const warm: number[] = [];
    for (let round = 0; round < LOADS; round += 1) {
      const context = await user.context(browser);
      const page = await context.newPage();
      cold.push(await load(page));
      await page.evaluate("navigator.serviceWorker.ready");
      warm.push(await load(page));
      await context.close();
    }
    const bare = await (await browser.newContext()).newPage();
    await bare.setContent(barePage);
    await bare.evaluate(instrument);
    const floor = await pressAndSee(bare, bare, "bare");
    const [here, there] = await Promise.all(
      [user.context(browser), user.context(browser)].map(async (context) => (await context).newPage()),
    );
    if (here === undefined || there === undefined) throw new Error("no windows");
    for (const page of [here, there]) {
      await load(page);
      await page.getByText("Live", { exact: true }).waitFor();
      await page.evaluate(instrument);
    }
    const own = await pressAndSee(here, here, "own");
    const other = await pressAndSee(here, there, "other");

    console.log(machine());
    console.log(row("in Chromium, built app", "measured", "beside it"));
    console.log(row("---", "---", "---"));
    console.log(
      row(
        "JavaScript of the first view, gzip",
        `${(scripts.reduce((sum, { gzipBytes }) => sum + gzipBytes, 0) / 1_000).toFixed(1)} KB`,
        "budget 150 KB",
      ),
    );
    console.log(row(`largest paint, first visit, ${LOADS} loads`, values(cold), "aim ≤ 1 s"));
    console.log(row("largest paint, second visit", values(warm), "aim ≤ 1 s"));
    console.log(
      row(`Enter to the new row on screen, ${PRESSES} presses`, values(own), `a bare page: ${values(floor)}`),
    );
    console.log(row("Enter to the new row in another window", values(other), "aim ≤ 100 ms p95"));
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
