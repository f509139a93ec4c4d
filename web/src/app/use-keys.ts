import { useEffect } from "react";
import { commands, type Command } from "./commands.ts";
import { showFocus } from "./follow-pointer.ts";
import { keyOwner } from "./key-owner.ts";
import { createKeyReader } from "./keys.ts";
import { text } from "./messages.ts";

/** Pressed in a row, Enter opens it: it is a link. The browser does that itself. */
const leftToBrowser = new Set(["Enter"]);
/** What a key does wherever one is. */
const anywhere = new Set(["Ctrl k"]);
/** A layer that has not got the focus yet is left and walked through all the same. */
const passing = new Set(["Escape", "Tab"]);

const byKey: ReadonlyMap<string, Command> = new Map(
  commands.flatMap((command) =>
    command.keys.filter((key) => !leftToBrowser.has(key)).map((key) => [key, command] as const),
  ),
);

const actsOnTask = ({ group, isKeyOnly }: Command): boolean => group === text.groupTask && isKeyOnly !== true;

const elementOf = ({ target }: KeyboardEvent): Element | null => (target instanceof Element ? target : null);

/** What is typed while a layer is on its way reaches nothing behind it. */
const keepFromBehind = (event: KeyboardEvent): void => {
  const isChord = event.ctrlKey || event.metaKey || event.altKey;
  if (isChord || passing.has(event.key) || keyOwner(elementOf(event)) !== "nobody") return;
  event.preventDefault();
  event.stopImmediatePropagation();
};

/** Runs commands by their keys, where the keys are theirs. */
export const useKeys = (): void => {
  useEffect(() => {
    const read = createKeyReader(new Set(byKey.keys()));
    let wasHidden = false;
    const lookFirst = (event: KeyboardEvent): void => {
      wasHidden = showFocus();
      keepFromBehind(event);
    };
    const run = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.isComposing) return;
      const binding = read(event, event.timeStamp);
      const command = binding === null ? undefined : byKey.get(binding);
      if (binding === null || command === undefined || command.isPossible?.() === false) return;
      if (!anywhere.has(binding) && keyOwner(elementOf(event)) !== "commands") return;
      event.preventDefault();
      if (!(wasHidden && actsOnTask(command))) command.run();
    };
    document.addEventListener("keydown", lookFirst, true);
    document.addEventListener("keydown", run);
    return () => {
      document.removeEventListener("keydown", lookFirst, true);
      document.removeEventListener("keydown", run);
    };
  }, []);
};
