import { useEffect, useState } from "react";
import { readKnownPast } from "../../api/history.ts";
import type { Known } from "./track.ts";

/** The ends of the known past; null until they are read. */
export const useKnownPast = (): {
  readonly known: Known | null;
  readonly hasFailed: boolean;
  readonly retry: () => void;
} => {
  const [state, setState] = useState<{ known: Known | null; hasFailed: boolean }>({ known: null, hasFailed: false });
  const read = (): void =>
    void readKnownPast().then(
      (known) => setState({ known, hasFailed: false }),
      () => setState({ known: null, hasFailed: true }),
    );
  useEffect(read, []);
  return { ...state, retry: read };
};
