/**
 * Every metric of ours there is: what `/metrics` shows is declared here and nowhere else. Seconds are the unit of time.
 */
export const metricDefinitions = {
  taskflow_http_request_seconds: {
    kind: "histogram",
    help: "HTTP requests by route, method and status",
    labels: ["method", "route", "status"],
  },
  taskflow_task_write_retries_total: {
    kind: "counter",
    help: "Task writes decided again because something had changed",
    labels: ["reason"],
  },
  taskflow_events_published_total: {
    kind: "counter",
    help: "Events the bus has taken from the outbox",
    labels: ["producer"],
  },
  taskflow_publish_failures_total: { kind: "counter", help: "Tries to publish that failed", labels: ["producer"] },
  taskflow_outbox_publish_seconds: {
    kind: "histogram",
    help: "From the write's commit until the bus had the event",
    labels: ["producer"],
  },
  taskflow_outbox_waiting: { kind: "gauge", help: "Events in the outbox", labels: ["producer"] },
  taskflow_outbox_lag_seconds: { kind: "gauge", help: "Age of the oldest event in the outbox", labels: ["producer"] },
  taskflow_events_consumed_total: {
    kind: "counter",
    help: "Events whose effect is committed",
    labels: ["consumer", "type"],
  },
  taskflow_event_retries_total: {
    kind: "counter",
    help: "Deliveries that a consumer failed",
    labels: ["consumer", "type"],
  },
  taskflow_consumer_lag_seconds: {
    kind: "gauge",
    help: "Age of the event that was tried last, when it was tried: it grows while a consumer fails",
    labels: ["consumer"],
  },
  taskflow_events_refused_total: {
    kind: "counter",
    help: "Deliveries that were no valid event or not allowed",
    labels: ["consumer", "reason"],
  },
  taskflow_dead_letters_total: { kind: "counter", help: "Events that went to the dead letters", labels: ["consumer"] },
  taskflow_recurring_plans_total: {
    kind: "counter",
    help: "Plans of series that the owner of tasks was asked to carry out",
    labels: ["outcome"],
  },
  taskflow_recurring_dates_total: { kind: "counter", help: "Dates in the plans that were carried out", labels: [] },
  taskflow_recurring_dead_total: { kind: "counter", help: "Series of which nothing can be made any more", labels: [] },
  taskflow_recurring_set_aside: {
    kind: "gauge",
    help: "Series that could not be kept since the start and are named in readiness",
    labels: [],
  },
  taskflow_recurring_late_seconds: {
    kind: "histogram",
    help: "From the moment a series was due for a look until it was looked at",
    labels: [],
  },
  taskflow_reminder_tasks_learned_total: {
    kind: "counter",
    help: "Events that changed what is known of a task's reminders",
    labels: [],
  },
  taskflow_reminders_pending: { kind: "gauge", help: "Reminders to come", labels: [] },
  taskflow_reminders_fired_total: { kind: "counter", help: "Reminders given", labels: [] },
  taskflow_reminder_late_seconds: {
    kind: "histogram",
    help: "From a reminder's instant until it was given",
    labels: [],
  },
  taskflow_reminder_overdue_seconds: {
    kind: "gauge",
    help: "How long the oldest reminder that is not given has been due",
    labels: [],
  },
  taskflow_reminder_job_failures_total: { kind: "counter", help: "Jobs that the scheduler did not take", labels: [] },
  taskflow_reminder_jobs_refused_total: {
    kind: "counter",
    help: "Posts of jobs that did not come from the sidecar",
    labels: ["reason"],
  },
  taskflow_streams_open: { kind: "gauge", help: "Open live streams", labels: [] },
  taskflow_stream_broadcasts_total: {
    kind: "counter",
    help: "Events this replica was given for its streams",
    labels: [],
  },
  taskflow_stream_events_total: { kind: "counter", help: "Events written to streams", labels: [] },
  taskflow_stream_replays_total: {
    kind: "counter",
    help: "Reads of the event log for streams that were behind",
    labels: [],
  },
  taskflow_stream_resyncs_total: { kind: "counter", help: "Streams told to load everything anew", labels: [] },
  taskflow_stream_notifications_total: {
    kind: "counter",
    help: "Notifications put on streams, one by one or as a number",
    labels: [],
  },
  taskflow_notifications_total: { kind: "counter", help: "Notifications made of events", labels: ["type"] },
  taskflow_notification_deliveries_total: {
    kind: "counter",
    help: "Deliveries by a worker and what became of them",
    labels: ["channel", "status"],
  },
  taskflow_notification_delivery_seconds: {
    kind: "histogram",
    help: "From the moment a delivery was due until its batch was settled",
    labels: ["channel"],
  },
  taskflow_notification_overdue_seconds: {
    kind: "gauge",
    help: "How long the oldest delivery that no worker has taken has been due",
    labels: ["channel"],
  },
  taskflow_audit_batches_total: { kind: "counter", help: "Batches written to the history", labels: [] },
  taskflow_audit_rows_total: { kind: "counter", help: "Rows written to the history", labels: [] },
  taskflow_audit_lag_seconds: { kind: "histogram", help: "From the event until its row was committed", labels: [] },
  taskflow_audit_waiting_users: { kind: "gauge", help: "Users of whom an entry waits for an earlier one", labels: [] },
  taskflow_audit_waiting_seconds: { kind: "gauge", help: "How long the oldest of them has waited", labels: [] },
  taskflow_audit_caught_up_total: {
    kind: "counter",
    help: "Entries read from the event log because the bus did not bring them",
    labels: [],
  },
  taskflow_audit_archive_failures_total: { kind: "counter", help: "Tries to archive a month that failed", labels: [] },
  taskflow_audit_erased_rows_total: {
    kind: "counter",
    help: "Rows whose words were erased with their account",
    labels: [],
  },
  taskflow_audit_archived_rows_total: { kind: "counter", help: "Rows that left the table for an archive", labels: [] },
  taskflow_streams_dropped_total: { kind: "counter", help: "Streams ended because the peer read nothing", labels: [] },
} as const satisfies Record<
  string,
  { kind: "counter" | "gauge" | "histogram"; help: string; labels: readonly string[] }
>;

type Definitions = typeof metricDefinitions;
/** The names of the metrics of a kind. */
export type MetricName<Kind extends Definitions[keyof Definitions]["kind"]> = {
  [Name in keyof Definitions]: Definitions[Name]["kind"] extends Kind ? Name : never;
}[keyof Definitions];
