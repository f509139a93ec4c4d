/** How people call the fields of a task that they edit; one that is not here follows from another one. */
export const fieldNames: ReadonlyMap<string, string> = new Map([
  ["title", "title"],
  ["description", "description"],
  ["priority", "priority"],
  ["due_date", "due date"],
  ["tags", "tags"],
  ["recurrence_pattern", "repetition"],
  ["recurrence_end_date", "end of the repetition"],
  ["recurrence_basis", "what the repetition counts from"],
  ["recurrence_catch_up", "what is made up for"],
  ["recurrence_paused_until", "pause"],
]);
