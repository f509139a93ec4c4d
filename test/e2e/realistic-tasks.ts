import { createHash } from "node:crypto";
import type { Registration } from "../../src/contract/account.ts";
import type { NewTask, TaskPatch, WrittenTask } from "../../src/contract/task.ts";
import type { TestUser } from "../harness/client.ts";
import type { SettableClock } from "../harness/settable-clock.ts";
import type { TaskFlow } from "../harness/taskflow.ts";

/** The moment at which the pages of {@link addRealisticTasks} are looked at: a Wednesday morning. */
export const now = "2027-03-10T08:40:00Z";
/** When the account began. */
export const beginning = "2027-02-08T08:00:00Z";

interface Example extends NewTask {
  /** When it was added; the first of March unless said. */
  readonly addedAt?: string;
  /** What it was like at first, and when it came to be as it is. */
  readonly atFirst?: TaskPatch;
  readonly changedAt?: string;
  /** When it was completed, or thrown away. */
  readonly completedAt?: string;
  readonly deletedAt?: string;
}

const notes =
  "Ask for:\n\n- the **inspection report** of last year\n- who holds the *spare key*\n\nTheir number is in [the contract](https://example.org/contract).";

/** Thirty tasks to do, as someone may have them, and what they did or threw away before. */
const examples: readonly Example[] = [
  {
    title: "Renew the passport",
    due_date: "2027-03-05",
    priority: "high",
    description: "Photos are in the drawer.",
    reminders: [{ offset: "PT0S" }],
  },
  { title: "Send invoice 2027-014 to Kowalski & Sons", due_date: "2027-03-09T17:00", reminders: [{ offset: "PT15M" }] },
  { title: "Water the plants", due_date: "2027-03-09", priority: "low", reminders: [{ offset: "PT0S" }] },
  { title: "Stand-up with the platform team", due_date: "2027-03-10T09:15", recurrence_pattern: "weekly:MON,WED" },
  {
    title: "Review Priya’s pull request on the outbox relay",
    due_date: "2027-03-10",
    priority: "high",
    description: "Mind the order of events.",
    reminders: [{ remind_at: "2027-03-10T08:30:00Z" }],
  },
  { title: "Pay rent", due_date: "2027-03-10", priority: "high", reminders: [{ offset: "PT0S" }] },
  {
    title: "Call the landlord about the boiler",
    due_date: "2027-03-10T14:30",
    description: notes,
    reminders: [{ offset: "P1D" }, { offset: "PT15M" }, { remind_at: "2027-03-10T12:00:00Z" }],
    atFirst: {
      title: "Call the landlord",
      due_date: "2027-03-08",
      priority: "low",
      description: notes.replace("inspection report", "inspection certificate"),
    },
    changedAt: "2027-03-06T19:10:00Z",
  },
  { title: "Book a table for Friday", due_date: "2027-03-10" },
  { title: "Pick up the parcel", due_date: "2027-03-10T18:00", priority: "low" },
  {
    title:
      "Prepare the slides for the quarterly review, with the figures of the northern branch and the comparison to last year",
    due_date: "2027-03-11",
    priority: "high",
  },
  {
    title: "Dentist",
    due_date: "2027-03-11T11:00",
    atFirst: { due_date: "2027-03-04T08:30" },
    changedAt: "2027-03-09T09:15:00Z",
  },
  { title: "Buy a present for Noor", due_date: "2027-03-11" },
  { title: "Dinner with Amélie and Jürgen", due_date: "2027-03-12T19:30" },
  { title: "Back up the photos", due_date: "2027-03-13", priority: "low" },
  { title: "Long run, 18 km", due_date: "2027-03-14T08:00" },
  {
    title: "Webinar: PostgreSQL for busy people",
    due_date: "2027-03-15T16:00:00Z",
    description: "The link is in the calendar.",
  },
  { title: "Submit the travel expenses", due_date: "2027-03-15" },
  { title: "Service the bicycle", due_date: "2027-03-18" },
  { title: "Order new running shoes", due_date: "2027-03-20", priority: "low" },
  { title: "Mum’s birthday", due_date: "2027-03-23", priority: "high" },
  {
    title: "File the tax return",
    due_date: "2027-05-31",
    priority: "high",
    description: "The folder on the shelf has all receipts.",
  },
  { title: "Renew the domain", due_date: "2028-01-15" },
  { title: "Learn the second movement" },
  { title: "Sort the books", priority: "low" },
  { title: "Look for a course in pottery" },
  { title: "Plan the summer holiday", description: "Trains rather than planes?" },
  { title: "東京のホテルを予約する" },
  { title: "Repair the garden gate", priority: "low" },
  { title: "Write to Grandma" },
  { title: "Read “The Design of Everyday Things”", priority: "low" },

  { title: "Cancel the gym", completedAt: "2027-03-10T07:55:00Z" },
  { title: "Take out the recycling", completedAt: "2027-03-10T07:10:00Z", due_date: "2027-03-10" },
  {
    title: "Publish the release notes",
    completedAt: "2027-03-09T15:20:00Z",
    priority: "high",
    description: "Version 2.4",
  },
  { title: "Groceries for the week", completedAt: "2027-03-09T11:05:00Z", due_date: "2027-03-08" },
  { title: "Answer the survey of the housing association", completedAt: "2027-03-06T18:45:00Z", priority: "low" },
  {
    title: "Return the library books",
    addedAt: "2027-02-08T09:00:00Z",
    completedAt: "2027-02-10T17:30:00Z",
    due_date: "2027-02-11",
  },
  {
    title: "Change the winter tyres",
    addedAt: "2027-02-08T09:05:00Z",
    completedAt: "2027-02-13T10:15:00Z",
    due_date: "2027-02-12",
  },
  {
    title: "Plan the team offsite",
    addedAt: "2027-02-08T09:10:00Z",
    completedAt: "2027-02-16T14:00:00Z",
    priority: "high",
    due_date: "2027-02-16",
  },
  {
    title: "Vaccinate the cat",
    addedAt: "2027-02-12T07:40:00Z",
    completedAt: "2027-02-18T16:20:00Z",
    due_date: "2027-02-18T16:00",
  },
  {
    title: "Clean the coffee machine",
    addedAt: "2027-02-14T10:00:00Z",
    completedAt: "2027-02-19T08:10:00Z",
    priority: "low",
  },
  {
    title: "Write the design for retries",
    addedAt: "2027-02-15T09:00:00Z",
    completedAt: "2027-02-20T15:45:00Z",
    priority: "high",
    due_date: "2027-02-22",
  },
  {
    title: "Order the prescription",
    addedAt: "2027-02-20T12:00:00Z",
    completedAt: "2027-02-23T09:30:00Z",
    due_date: "2027-02-23",
  },
  {
    title: "Call the insurance",
    addedAt: "2027-02-22T08:30:00Z",
    completedAt: "2027-02-25T11:00:00Z",
    due_date: "2027-02-24",
  },
  {
    title: "Sort out the invoices of February",
    addedAt: "2027-02-24T08:00:00Z",
    completedAt: "2027-03-01T16:40:00Z",
    priority: "high",
    due_date: "2027-03-01",
  },
  { title: "Book the train to Ghent", addedAt: "2027-02-26T19:00:00Z", completedAt: "2027-03-02T20:15:00Z" },
  {
    title: "Try the new bakery",
    addedAt: "2027-02-27T09:00:00Z",
    completedAt: "2027-03-05T07:50:00Z",
    priority: "low",
  },
  {
    title: "Test the backup",
    addedAt: "2027-03-01T10:00:00Z",
    completedAt: "2027-03-08T10:30:00Z",
    due_date: "2027-03-07",
  },
  { title: "Old shopping list", deletedAt: "2027-03-09T20:00:00Z" },
  { title: "Ask Sam about the projector", deletedAt: "2027-03-08T09:30:00Z", due_date: "2027-03-09" },
];

interface Step {
  readonly at: string;
  readonly run: (user: TestUser, headers: Readonly<Record<string, string>>) => Promise<unknown>;
}

/** An access token ends after a quarter of an hour. */
const sessionMs = 10 * 60_000;
const firstAdded = Date.parse("2027-03-01T08:00:00Z");

/** What the user did about one example, each at its time. */
const stepsOf = ({ addedAt, atFirst, changedAt, completedAt, deletedAt, ...task }: Example, index: number): Step[] => {
  let id = "";
  const add: Step["run"] = async ({ api }, headers) => {
    id = (await api<WrittenTask>("POST", "/tasks", { ...task, ...atFirst }, headers)).body.id;
  };
  const step = (at: string | undefined, run: Step["run"]): Step[] => (at === undefined ? [] : [{ at, run }]);
  return [
    ...step(addedAt ?? new Date(firstAdded + index * 60_000).toISOString(), add),
    ...step(changedAt, ({ api }, headers) => api("PATCH", `/tasks/${id}`, { priority: "medium", ...task }, headers)),
    ...step(completedAt, ({ api }, headers) => api("POST", `/tasks/${id}/complete`, undefined, headers)),
    ...step(deletedAt, ({ api }, headers) => api("DELETE", `/tasks/${id}`, undefined, headers)),
  ];
};

/**
 * A user who did all of this since the beginning of February, by the server's clock; it stands at {@link now}
 * afterwards. So a page with its clock there looks the same every day.
 */
export const addRealisticTasks = async (
  { client }: TaskFlow,
  clock: SettableClock,
  registration: Partial<Registration> = {},
): Promise<TestUser> => {
  clock.set(beginning);
  let user = await client.register(registration);
  let signedInAt = Date.parse(beginning);
  const setClock = async (at: string): Promise<void> => {
    clock.set(at);
    if (Date.parse(at) - signedInAt < sessionMs) return;
    user = await client.login(user);
    signedInAt = Date.parse(at);
  };
  const steps = examples.flatMap(stepsOf).toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at));
  for (const [index, { at, run }] of steps.entries()) {
    await setClock(at);
    // The history shows which request it was.
    await run(user, { "x-correlation-id": createHash("sha256").update(String(index)).digest("hex").slice(0, 32) });
  }
  await setClock(now);
  return user;
};
