/** What was pressed, as far as it matters here. */
export interface Press {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
}

/** Milliseconds within which the second key of a sequence must follow. */
const sequenceMs = 1200;

/**
 * A press in the notation of the bindings: `e`, `?`, `Delete`, `Ctrl k`, `Shift j`. Null for what is never bound. Signs
 * need Shift on one keyboard and not on another, so it is told of letters alone.
 */
export const nameOf = ({ key, ctrlKey, metaKey, altKey, shiftKey }: Press): string | null => {
  if (altKey || key === "Control" || key === "Meta" || key === "Shift") return null;
  const lower = key.toLowerCase();
  const shift = shiftKey && lower !== key.toUpperCase() ? "Shift " : "";
  if (key.length > 1) return ctrlKey || metaKey ? null : key;
  return ctrlKey || metaKey ? `Ctrl ${shift}${lower}` : `${shift}${lower}`;
};

const isChord = (binding: string): boolean => binding.startsWith("Ctrl ") || binding.startsWith("Shift ");

/**
 * Reads presses as bindings: single keys, chords (`Ctrl k`), and sequences (`g t`).
 * Answers the binding that is complete, or null; time is given in milliseconds.
 */
export const createKeyReader = (bindings: ReadonlySet<string>): ((press: Press, now: number) => string | null) => {
  const firsts = new Set(
    [...bindings]
      .filter((binding) => !isChord(binding) && binding.includes(" "))
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
