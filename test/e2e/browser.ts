import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type ConsoleMessage,
  type Page,
} from "playwright-core";
import type { TestUser } from "../harness/client.ts";
import { startTaskFlow, type StartInput, type TaskFlow } from "../harness/taskflow.ts";

const flags = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
const LONGEST_WAIT_MS = 120_000;

/** Chromium as the distribution has it; `npm test` says where. */
export const launchBrowser = (): Promise<Browser> =>
  chromium.launch({
    executablePath: process.env.CHROMIUM_PATH ?? "/usr/bin/chromium",
    args: flags,
    timeout: LONGEST_WAIT_MS,
  });

export const desktop = { width: 1440, height: 900 };
export const tablet = { width: 834, height: 1112 };
export const phone = { width: 390, height: 844 };

export interface WindowOptions {
  /** Signed in from the start; otherwise the window opens signed out. */
  readonly user?: Pick<TestUser, "session">;
  readonly device?: "desktop" | "phone";
  readonly theme?: "light" | "dark";
  /** The time that the page's clock stands at. */
  readonly now?: string;
  readonly timeZone?: string;
  readonly reducedMotion?: boolean;
  /** What the browser may complain of in this test, such as an answer 401; anything else fails it. */
  readonly expected?: RegExp;
  readonly baseURL?: string;
}

/** One server and one browser for the tests of a file; every window has storage of its own and ends with its test. */
export interface Web {
  readonly taskflow: TaskFlow;
  readonly browser: Browser;
  /** A window that nothing was opened in yet, as on a device of its own. */
  open(test: TestContext, options?: WindowOptions): Promise<Page>;
  stop(): Promise<void>;
}

/** The app that is tested: web/dist, or the build that the environment names. */
export const build: Readonly<Record<string, string>> =
  process.env.TASKFLOW_WEB_DIST === undefined ? {} : { TASKFLOW_WEB_DIST: process.env.TASKFLOW_WEB_DIST };

export const startWeb = async ({ env = {}, ...input }: StartInput = {}): Promise<Web> => {
  const [taskflow, browser] = await Promise.all([
    startTaskFlow({ ...input, env: { ...build, ...env } }),
    launchBrowser(),
  ]);
  return {
    taskflow,
    browser,
    open: (test, options = {}) => openWindow(test, browser, { baseURL: taskflow.url, ...options }),
    async stop() {
      await browser.close();
      await taskflow.stop();
    },
  };
};

/**
 * Opens a window that fails its test by any error in the console, breach of the content security policy or unhandled
 * error.
 */
export const openWindow = async (test: TestContext, browser: Browser, options: WindowOptions): Promise<Page> => {
  const context = await browser.newContext(contextOptions(options));
  context.setDefaultTimeout(LONGEST_WAIT_MS);
  const complaints = watch(context, options.expected);
  test.after(async () => {
    await context.close();
    assert.deepEqual(complaints, []);
  });
  const page = await context.newPage();
  if (options.now !== undefined) await page.clock.setFixedTime(options.now);
  return page;
};

export const contextOptions = ({
  user,
  device = "desktop",
  theme = "light",
  timeZone = "UTC",
  reducedMotion = false,
  baseURL = "",
}: WindowOptions): BrowserContextOptions => ({
  baseURL,
  viewport: device === "phone" ? phone : desktop,
  ...(device === "phone" ? { hasTouch: true, isMobile: true } : {}),
  colorScheme: theme,
  timezoneId: timeZone,
  locale: "en-GB",
  reducedMotion: reducedMotion ? "reduce" : "no-preference",
  ...(user === undefined
    ? {}
    : {
        storageState: {
          cookies: [refreshCookie(user, baseURL)],
          origins: [{ origin: baseURL, localStorage: [storedSession(user)] }],
        },
      }),
});

/** Far away, also for a page whose clock stands years ahead: the token itself is good for its time. */
const NEVER = 8_640_000_000_000;

/** What the web app keeps of a session, as if the user had signed in on this device before. */
const storedSession = ({ session }: Pick<TestUser, "session">) => ({
  name: "taskflow.session",
  value: JSON.stringify({
    access_token: session.access_token,
    expires_at: NEVER,
    user: session.user,
  }),
});

/** What the server would have set: the page itself does not know it. */
const refreshCookie = ({ session }: Pick<TestUser, "session">, baseURL: string) => {
  const { hostname, port } = new URL(baseURL);
  return {
    name: `taskflow_refresh_${port}`,
    value: session.refresh_token,
    domain: hostname,
    path: "/api/v1/auth",
    expires: -1,
    httpOnly: true,
    secure: false,
    sameSite: "Strict" as const,
  };
};

const watch = (context: BrowserContext, expected: RegExp | undefined): string[] => {
  const complaints: string[] = [];
  const complain = (text: string): void => {
    if (expected?.test(text) !== true) complaints.push(text);
  };
  context.on("console", (message: ConsoleMessage) => {
    if (message.type() === "error") complain(`${message.text()} (${message.location().url})`);
  });
  context.on("weberror", (error) => complain(`unhandled: ${error.error().message}`));
  return complaints;
};
