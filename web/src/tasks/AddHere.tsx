import { lazy, Suspense, useEffect, type ComponentProps, type ReactElement } from "react";
import { phone, useMedia } from "../ui/media.ts";
import { focusAddField, offerAdding, stopAdding, useAdding } from "./adding.ts";
import { text } from "./messages.ts";
import { QuickAdd } from "./QuickAdd.tsx";
import styles from "./QuickAdd.module.css";
import { quickAddId } from "./quick-add-id.ts";

const Sheet = lazy(async () => ({ default: (await import("../ui/Sheet.tsx")).Sheet }));

/** The place where tasks are added to a view: a line above the list, on a phone a sheet in thumb's reach. */
export const AddHere = (props: ComponentProps<typeof QuickAdd>): ReactElement | null => {
  const isPhone = useMedia(phone);
  const isAdding = useAdding((state) => state.isAdding);
  useEffect(offerAdding, []);
  useEffect(() => {
    if (isPhone || !isAdding) return;
    focusAddField();
    stopAdding();
  }, [isPhone, isAdding]);
  if (!isPhone) return <QuickAdd {...props} />;
  if (!isAdding) return null;
  return (
    <Suspense>
      <Sheet
        anchor={null}
        label={text.add}
        onClose={stopAdding}
        initialFocus={() => document.getElementById(quickAddId)}
      >
        <div className={styles.sheet}>
          <QuickAdd {...props} />
        </div>
      </Sheet>
    </Suspense>
  );
};
