import { useEffect } from "react";
import { commands } from "./commands.ts";
import { createKeyReader } from "./keys.ts";

/** Pressed in a row, Enter opens it: it is a link. The browser does that itself. */
const leftToBrowser = new Set(["Enter"]);
const anywhere = new Set(["Ctrl k"]);

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || target.matches("input, textarea, select"));

/** A dialog or menu that is open has the keyboard for itself. */
const isInOverlay = (target: EventTarget | null): boolean =>
  target instanceof Element && target.closest("[role=dialog], [role=menu], [role=listbox]") !== null;

/** Runs commands by their keys; never while a field has the focus. */
export const useKeys = (): void => {
  useEffect(() => {
    const byKey = new Map(
      commands.flatMap((command) =>
        command.keys.filter((key) => !leftToBrowser.has(key)).map((key) => [key, command] as const),
      ),
    );
    const read = createKeyReader(new Set(byKey.keys()));
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.isComposing) return;
      const isBusy = isTyping(event.target) || isInOverlay(event.target);
      const binding = read(event, event.timeStamp);
      const command = binding === null ? undefined : byKey.get(binding);
      if (binding === null || command === undefined || (isBusy && !anywhere.has(binding))) return;
      event.preventDefault();
      command.run();
    };
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, []);
};
