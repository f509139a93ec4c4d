/**
 * Whether the user is at the screen with a finger: a row does not show then that it has the focus, and the first key
 * shows it before any key acts on it.
 */
const touched = "touch";

const root = document.documentElement;

/** Follows what the user points with. Once, at the start. */
export const followPointer = (): void => {
  document.addEventListener("pointerdown", ({ pointerType }) => (root.dataset["pointer"] = pointerType), true);
};

/** A key was pressed: from now on rows show the focus. Answers whether they did not until now. */
export const showFocus = (): boolean => {
  const wasHidden = root.dataset["pointer"] === touched;
  delete root.dataset["pointer"];
  return wasHidden;
};
