import type { NotificationType } from "../../src/contract/notification.ts";
import type { Task, TaskList } from "../../src/contract/task.ts";
import type { TestUser } from "../harness/client.ts";
import type { TaskFlow } from "../harness/taskflow.ts";
import { until } from "../harness/until.ts";

interface Example {
  readonly type: NotificationType;
  /** The task's title, or what a digest says. */
  readonly title: string;
  readonly body: string;
  readonly at: string;
  readonly isRead?: true;
}

const reminder = "task.reminder.triggered";

/** What a user was told of {@link addRealisticTasks} up to its morning. */
const examples: readonly Example[] = [
  {
    type: reminder,
    title: "Review Priya’s pull request on the outbox relay",
    body: "Due 10 Mar.",
    at: "2027-03-10T08:30:00Z",
  },
  {
    type: reminder,
    title: "Call the landlord about the boiler",
    body: "Due 10 Mar, 14:30.",
    at: "2027-03-10T08:00:00Z",
  },
  {
    type: "digest",
    title: "4 notifications",
    body: "Water the plants, Pay rent, Dentist and 1 more.",
    at: "2027-03-10T07:00:00Z",
  },
  { type: "task.completed", title: "Cancel the gym", body: "Completed.", at: "2027-03-10T07:55:00Z", isRead: true },
  {
    type: reminder,
    title: "Send invoice 2027-014 to Kowalski & Sons",
    body: "Due 9 Mar, 17:00.",
    at: "2027-03-09T16:45:00Z",
    isRead: true,
  },
  { type: reminder, title: "Water the plants", body: "Due 9 Mar. 3 h late.", at: "2027-03-09T12:00:00Z", isRead: true },
  { type: reminder, title: "Renew the passport", body: "Due 5 Mar.", at: "2027-03-05T09:00:00Z", isRead: true },
];

/** Lets a reminder have been given on time; it is planned by events, a moment after its task. */
const giveReminder = (query: TaskFlow["query"], reminderId: string): Promise<void> =>
  until("the reminder is planned", async () => {
    const planned = await query(
      `WITH given AS (
         UPDATE reminder_schedule SET status = 'sent', fired_at = remind_at + interval '4 milliseconds', late_ms = 4 WHERE reminder_id = $1 RETURNING *
       )
       INSERT INTO reminder_steps (reminder_id, task_id, at, what, remind_at, late_ms)
       SELECT reminder_id, task_id, fired_at, 'fired', remind_at, late_ms FROM given RETURNING 1`,
      [reminderId],
    );
    return planned.length > 0;
  });

/** Puts them where the service would have: it goes by the clock of the database, which no test turns. */
export const addRealisticNotifications = async ({ query }: TaskFlow, { api, userId }: TestUser): Promise<void> => {
  const { tasks } = (await api<TaskList>("GET", "/tasks?status=all&limit=100")).body;
  for (const { type, title, body, at, isRead } of examples) {
    const task: Task | undefined = tasks.find((each) => each.title === title);
    const reminderId = type === reminder ? (task?.reminders?.[0]?.id ?? null) : null;
    await query(
      `INSERT INTO notifications (id, user_id, type, title, body, task_id, reminder_id, critical, count, occurred_at, in_inbox, read_at, created_at)
       VALUES (gen_random_uuid(), $1, $2, $3, $4, $5, $6, $7, $8, $9, true, $10, $9)`,
      [
        userId,
        type,
        title,
        body,
        task?.id ?? null,
        reminderId,
        task?.priority === "high" && type === reminder,
        type === "digest" ? 4 : 1,
        at,
        isRead === true ? at : null,
      ],
    );
    if (reminderId !== null) await giveReminder(query, reminderId);
  }
};
