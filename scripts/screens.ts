// npm run screens: pictures of every screen into docs/screens, the same on every run: fixed clock, fixed tasks, no
// motion. `npm run screens -- activity statistics` takes those alone.
import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { BrowserContext } from "playwright-core";
import sharp from "sharp";
import type { TestUser } from "../test/harness/client.ts";
import { createSettableClock } from "../test/harness/settable-clock.ts";
import { contextOptions, desktop, phone, startWeb, tablet, type Web } from "../test/e2e/browser.ts";
import { addRealisticNotifications } from "../test/e2e/realistic-notifications.ts";
import { addRealisticTasks, beginning, now } from "../test/e2e/realistic-tasks.ts";
import { type Screen, screens } from "../test/e2e/screens.ts";

const folder = join(import.meta.dirname, "../docs/screens");
const sizes = { desktop, tablet, phone };
const themes = ["light", "dark"] as const;
const asked = process.argv.slice(2);
const wanted = asked.length === 0 ? screens : screens.filter(({ name }) => asked.includes(name));
const unknown = asked.filter((name) => !screens.some((screen) => screen.name === name));
if (unknown.length > 0)
  throw new Error(`No screen is called ${unknown.join(", ")}; there are ${screens.map(({ name }) => name).join(", ")}`);
type Size = keyof typeof sizes;
type Theme = (typeof themes)[number];

/** Whose tasks are shown; nobody's on the screens of signing in. */
interface Visitor {
  readonly suffix: string;
  readonly user?: TestUser;
  readonly sees: (screen: Screen) => boolean;
}

const isFor = (size: Size, { only }: Screen): boolean => only === undefined || only === size;

const openContext = (web: Web, size: Size, theme: Theme, { user }: Visitor): Promise<BrowserContext> => {
  const options = contextOptions({
    ...(user === undefined ? {} : { user }),
    theme,
    reducedMotion: true,
    baseURL: web.taskflow.url,
    device: size === "phone" ? "phone" : "desktop",
  });
  return web.browser.newContext({
    ...options,
    viewport: sizes[size],
    serviceWorkers: "block",
    ...(size === "tablet" ? { hasTouch: true } : {}),
  });
};

const picture = async (context: BrowserContext, { name, path, show }: Screen, ending: string): Promise<void> => {
  const page = await context.newPage();
  await page.clock.setFixedTime(now);
  await page.goto(path);
  await show(page);
  await page.evaluate("document.fonts.ready");
  const taken = await page.screenshot({ scale: "css", animations: "disabled", caret: "hide" });
  // A palette of 128 colours is enough for these, and a third of the size.
  await sharp(taken)
    .png({ palette: true, colours: 128, effort: 10 })
    .toFile(join(folder, `${name}-${ending}.png`));
  await context.setOffline(false);
  await page.close();
};

const takeAll = async (web: Web, visitors: readonly Visitor[]): Promise<void> => {
  for (const size of Object.keys(sizes) as Size[]) {
    for (const theme of themes) {
      for (const visitor of visitors) {
        const context = await openContext(web, size, theme, visitor);
        const seen = wanted.filter((screen) => isFor(size, screen) && visitor.sees(screen));
        for (const screen of seen) await picture(context, screen, `${size}-${theme}${visitor.suffix}`);
        await context.close();
      }
    }
  }
};

/** A page that shows all of them, by screen. */
const writeIndex = async (): Promise<void> => {
  const files = (await readdir(folder)).filter((file) => file.endsWith(".png"));
  const sections = screens.map(({ name }) => {
    const own = files.filter((file) => new RegExp(`^${name}-(desktop|tablet|phone)-`).test(file));
    return `## ${name}\n\n${own.map((file) => `[${file.slice(name.length + 1, -".png".length)}](${file})`).join(" · ")}\n`;
  });
  await writeFile(
    join(folder, "README.md"),
    `# Screens\n\nTaken by \`npm run screens\`: Chromium, desktop ${dimensions(desktop)}, tablet ${dimensions(tablet)}, phone ${dimensions(phone)}.\n\n${sections.join("\n")}`,
  );
};

const dimensions = ({ width, height }: { readonly width: number; readonly height: number }): string =>
  `${width} × ${height}`;

const clock = createSettableClock(beginning);
const web = await startWeb({ clock });
try {
  const ada = await addRealisticTasks(web.taskflow, clock, {
    email: "ada@example.org",
    name: "Ada Lovelace",
    time_zone: "Europe/London",
  });
  await addRealisticNotifications(web.taskflow, ada);
  const grace = await web.taskflow.client.register({
    email: "grace@example.org",
    name: "Grace Hopper",
    time_zone: "Europe/London",
  });
  if (asked.length === 0) await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await takeAll(web, [
    { suffix: "", sees: ({ isSignedOut }) => isSignedOut === true },
    { suffix: "", user: ada, sees: ({ isSignedOut }) => isSignedOut !== true },
    { suffix: "-empty", user: grace, sees: ({ hasEmptyState }) => hasEmptyState === true },
  ]);
  await writeIndex();
} finally {
  await web.stop();
}
