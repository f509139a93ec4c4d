import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { IssuedApiToken } from "../../src/contract/account.ts";
import { eventTypes } from "../../src/contract/event.ts";
import type { NotificationPreferences } from "../../src/contract/notification.ts";
import type { Problem } from "../../src/contract/problem.ts";
import { assertInvalid, assertRefused } from "../harness/refusal.ts";
import { startTaskFlow, type TaskFlow } from "../harness/taskflow.ts";

let taskflow: TaskFlow;
before(async () => {
  taskflow = await startTaskFlow();
});
after(() => taskflow.stop());

const path = "/notification-preferences";

test("preferences are whole before anything was chosen: reminders on, everything else off", async () => {
  const { api } = await taskflow.client.register();
  const { status, body } = await api<NotificationPreferences>("GET", path);
  assert.equal(status, 200);
  assert.deepEqual([body.quiet_hours, body.critical_only, Object.keys(body.events)], [null, false, [...eventTypes]]);
  assert.deepEqual(body.events["task.reminder.triggered"], {
    stream: true,
    inbox: true,
    push: true,
    email: true,
    webhook: true,
  });
  assert.deepEqual(body.events["task.completed"], {
    stream: false,
    inbox: false,
    push: false,
    email: false,
    webhook: false,
  });
});

test("a change changes what it is sent, and is answered whole", async () => {
  const { api } = await taskflow.client.register();
  const quiet_hours = { start: "22:00", end: "07:00" };
  await api("PUT", path, { quiet_hours });
  await api("PUT", path, { critical_only: true });
  await api("PUT", path, { events: { "task.completed": { inbox: true } } });
  const { body } = await api<NotificationPreferences>("PUT", path, {
    events: { "task.completed": { stream: true }, "task.reminder.triggered": { email: false } },
  });
  assert.deepEqual([body.quiet_hours, body.critical_only], [quiet_hours, true]);
  assert.deepEqual(body.events["task.completed"], {
    stream: true,
    inbox: true,
    push: false,
    email: false,
    webhook: false,
  });
  assert.deepEqual(body.events["task.reminder.triggered"], {
    stream: true,
    inbox: true,
    push: true,
    email: false,
    webhook: true,
  });
  assert.deepEqual((await api("GET", path)).body, body);
  assert.deepEqual((await api<NotificationPreferences>("PUT", path, {})).body, body);
  assert.equal((await api<NotificationPreferences>("PUT", path, { quiet_hours: null })).body.quiet_hours, null);
});

test("a whole answer can be sent back as it is", async () => {
  const { api } = await taskflow.client.register();
  const { body } = await api<NotificationPreferences>("GET", path);
  assert.deepEqual((await api("PUT", path, body)).body, body);
});

test("what is not valid is refused by the field's name", async () => {
  const { api } = await taskflow.client.register();
  const wrong: [body: unknown, field: string][] = [
    [{ quiet_hours: { start: "24:00", end: "07:00" } }, "quiet_hours.start"],
    [{ quiet_hours: { start: "22:00" } }, "quiet_hours.end"],
    [{ quiet_hours: { start: "22:00", end: "22:00" } }, "quiet_hours.end"],
    [{ critical_only: "yes" }, "critical_only"],
    [{ events: { "task.exploded": { inbox: true } } }, "events.task.exploded"],
    [{ events: { "task.completed": { pigeon: true } } }, "events.task.completed.pigeon"],
    [{ events: { "task.completed": { inbox: 1 } } }, "events.task.completed.inbox"],
    [{ sound: "loud" }, "sound"],
  ];
  for (const [body, field] of wrong) assertInvalid(await api<Problem>("PUT", path, body), field);
});

test("one user's preferences are not another's, and a token that may only read changes none", async () => {
  const [ada, bob] = [await taskflow.client.register(), await taskflow.client.register()];
  await ada.api("PUT", path, { critical_only: true });
  assert.equal((await bob.api<NotificationPreferences>("GET", path)).body.critical_only, false);
  const { body } = await ada.api<IssuedApiToken>("POST", "/auth/tokens", { name: "reader", scopes: ["read"] });
  assertRefused(await taskflow.client.api(body.token)<Problem>("PUT", path, {}), 403, "insufficient_scope");
  assertRefused(await taskflow.client.api()<Problem>("GET", path), 401, "unauthenticated");
});

test("preferences and everything told go with an account that is closed", async () => {
  const user = await taskflow.client.register();
  await user.api("PUT", path, { critical_only: true });
  await user.api("POST", "/notifications/test", { channel: "inbox" });
  await user.api("POST", "/notifications/test", { channel: "stream" });
  assert.equal((await user.api("DELETE", "/auth/me", { password: user.password })).status, 204);
  for (const table of ["notification_preferences", "notifications", "notification_deliveries", "stream_notices"])
    assert.deepEqual(await taskflow.query(`SELECT FROM ${table} WHERE user_id = $1`, [user.userId]), [], table);
});
