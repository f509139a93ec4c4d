import type { NewTask, WrittenTask } from "../../src/contract/task.ts";
import type { TestUser } from "../harness/client.ts";
import type { TaskFlow } from "../harness/taskflow.ts";

/** The moment at which the pages of {@link addRealisticTasks} are looked at: a Wednesday morning. */
export const now = "2027-03-10T08:40:00Z";

interface Example extends NewTask {
  /** When it was completed, or thrown away. */
  readonly completedAt?: string;
  readonly deletedAt?: string;
}

const notes = "Ask for:\n\n- the **inspection report** of last year\n- who holds the *spare key*\n\nTheir number is in [the contract](https://example.org/contract).";

/** Thirty tasks to do, as someone may have them, and what they did or threw away before. */
const examples: readonly Example[] = [
  { title: "Renew the passport", due_date: "2027-03-05", priority: "high", description: "Photos are in the drawer." },
  { title: "Send invoice 2027-014 to Kowalski & Sons", due_date: "2027-03-09T17:00" },
  { title: "Water the plants", due_date: "2027-03-09", priority: "low" },
  { title: "Stand-up with the platform team", due_date: "2027-03-10T09:15", recurrence_pattern: "weekly:MON,WED" },
  { title: "Review Priya’s pull request on the outbox relay", due_date: "2027-03-10", priority: "high", description: "Mind the order of events." },
  { title: "Pay rent", due_date: "2027-03-10", priority: "high" },
  { title: "Call the landlord about the boiler", due_date: "2027-03-10T14:30", description: notes },
  { title: "Book a table for Friday", due_date: "2027-03-10" },
  { title: "Pick up the parcel", due_date: "2027-03-10T18:00", priority: "low" },
  { title: "Prepare the slides for the quarterly review, with the figures of the northern branch and the comparison to last year", due_date: "2027-03-11", priority: "high" },
  { title: "Dentist", due_date: "2027-03-11T11:00" },
  { title: "Buy a present for Noor", due_date: "2027-03-11" },
  { title: "Dinner with Amélie and Jürgen", due_date: "2027-03-12T19:30" },
  { title: "Back up the photos", due_date: "2027-03-13", priority: "low" },
  { title: "Long run, 18 km", due_date: "2027-03-14T08:00" },
  { title: "Webinar: PostgreSQL for busy people", due_date: "2027-03-15T16:00:00Z", description: "The link is in the calendar." },
  { title: "Submit the travel expenses", due_date: "2027-03-15" },
  { title: "Service the bicycle", due_date: "2027-03-18" },
  { title: "Order new running shoes", due_date: "2027-03-20", priority: "low" },
  { title: "Mum’s birthday", due_date: "2027-03-23", priority: "high" },
  { title: "File the tax return", due_date: "2027-05-31", priority: "high", description: "The folder on the shelf has all receipts." },
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
  { title: "Publish the release notes", completedAt: "2027-03-09T15:20:00Z", priority: "high", description: "Version 2.4" },
  { title: "Groceries for the week", completedAt: "2027-03-09T11:05:00Z", due_date: "2027-03-08" },
  { title: "Answer the survey of the housing association", completedAt: "2027-03-06T18:45:00Z", priority: "low" },
  { title: "Old shopping list", deletedAt: "2027-03-09T20:00:00Z" },
  { title: "Ask Sam about the projector", deletedAt: "2027-03-08T09:30:00Z", due_date: "2027-03-09" },
];

/** Gives a user these tasks. Their times are fixed, so that a page with the clock at {@link now} looks the same every day. */
export const addRealisticTasks = async ({ query }: TaskFlow, { api }: TestUser): Promise<void> => {
  for (const [index, { completedAt = null, deletedAt = null, ...task }] of examples.entries()) {
    const { id } = (await api<WrittenTask>("POST", "/tasks", task)).body;
    if (completedAt !== null) await api("POST", `/tasks/${id}/complete`);
    if (deletedAt !== null) await api("DELETE", `/tasks/${id}`);
    const createdAt = new Date(Date.parse("2027-03-01T08:00:00Z") + index * 60_000);
    const values = [id, createdAt, completedAt, deletedAt];
    await query("UPDATE tasks SET created_at = $2::timestamptz, updated_at = coalesce($3::timestamptz, $4::timestamptz, $2::timestamptz), completed_at = $3, deleted_at = $4 WHERE id = $1 OR parent_recurring_task_id = $1", values);
  }
};
