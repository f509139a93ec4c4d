import type { EmptyTrashAnswer } from "../../../src/contract/task.ts";
import { authorized } from "./session.ts";

/** Takes what was moved to the trash until an instant away for good. Answers how many tasks. */
export const emptyTrash = async (until: string): Promise<number> => {
  const query = new URLSearchParams({ status: "deleted", trashed_until: until });
  return (await authorized<EmptyTrashAnswer>({ method: "DELETE", path: `/tasks?${query}` })).body.purged;
};
