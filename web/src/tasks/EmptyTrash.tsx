import { Trash2 } from "lucide-react";
import { lazy, Suspense, useState, type ReactElement } from "react";
import type { Task } from "../../../src/contract/task.ts";
import { useTasks } from "../api/tasks-store.ts";
import { Button } from "../ui/Button.tsx";
import { text } from "./messages.ts";

const Question = lazy(async () => ({ default: (await import("./EmptyTrashQuestion.tsx")).EmptyTrashQuestion }));

/** Takes the trash away for good, after a question: it is the one thing done to tasks that cannot be undone. */
export const EmptyTrash = ({ tasks }: { readonly tasks: readonly Task[] }): ReactElement => {
  const isOnline = useTasks((state) => state.connection === "live");
  const [asked, setAsked] = useState<readonly Task[] | null>(null);
  return (
    <>
      <Button look="quiet" disabled={!isOnline || tasks.length === 0} onClick={() => setAsked(tasks)}>
        <Trash2 size={16} aria-hidden />
        {text.emptyTheTrash}
      </Button>
      {asked !== null && (
        <Suspense>
          <Question tasks={asked} onClose={() => setAsked(null)} />
        </Suspense>
      )}
    </>
  );
};
