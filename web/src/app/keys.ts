/** What was pressed, as far as it matters here. */
export interface Press {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
}

/** Milliseconds within which the second key of a sequence must follow. */
const sequenceMs = 1200;

/** A press in the notation of the bindings: `e`, `?`, `Delete`, `Ctrl k`. Null for what is never bound. */
export const nameOf = ({ key, ctrlKey, metaKey, altKey }: Press): string | null => {
  if (altKey || key === "Control" || key === "Meta" || key === "Shift") return null;
  const isLetter = key.length === 1;
  if (ctrlKey || metaKey) return isLetter ? `Ctrl ${key.toLowerCase()}` : null;
  return isLetter ? key.toLowerCase() : key;
};

/**
 * Reads presses as bindings: single keys, chords (`Ctrl k`), and sequences (`g t`).
 * Answers the binding that is complete, or null; time is given in milliseconds.
 */
export const createKeyReader = (bindings: ReadonlySet<string>): ((press: Press, now: number) => string | null) => {
  const firsts = new Set(
    [...bindings]
      .filter((binding) => !binding.startsWith("Ctrl ") && binding.includes(" "))
      .map((binding) => binding.split(" ")[0]),
  );
  let pending: { readonly key: string; readonly at: number } | null = null;
  return (press, now) => {
    const name = nameOf(press);
    if (name === null) return null;
    const sequence = pending !== null && now - pending.at <= sequenceMs ? `${pending.key} ${name}` : null;
    pending = null;
    if (sequence !== null && bindings.has(sequence)) return sequence;
    if (bindings.has(name)) return name;
    if (firsts.has(name)) pending = { key: name, at: now };
    return null;
  };
};
