import { useEffect, useState } from "react";
import type { PreviewQuery, RecurrencePreview } from "../../../../src/contract/recurrence.ts";
import { Refused } from "../../api/http.ts";
import { previewRecurrence } from "../../api/recurrence.ts";

/** The next dates of a pattern, as far as they are known. */
export type Preview =
  | { readonly kind: "waiting" }
  | { readonly kind: "shown"; readonly preview: RecurrencePreview }
  | { readonly kind: "refused"; readonly message: string }
  | { readonly kind: "unreachable" };

interface Answer {
  readonly key: string;
  readonly preview: Preview;
}

const waiting: Preview = { kind: "waiting" };
/** Long enough for a number of two digits to be typed. */
const pauseMs = 150;

/**
 * Follows what the server says of a pattern. What was said last stays until the next answer, so that nothing jumps;
 * `isStale` tells.
 */
export const usePreview = (query: PreviewQuery | null): { preview: Preview; isStale: boolean } => {
  const [answer, setAnswer] = useState<Answer>({ key: "", preview: waiting });
  const key = JSON.stringify(query);
  useEffect(() => {
    let isWanted = true;
    const ask = async (): Promise<void> => {
      const preview = await askServer(JSON.parse(key) as PreviewQuery);
      if (isWanted) setAnswer({ key, preview });
    };
    const timer = key === "null" ? undefined : setTimeout(() => void ask(), pauseMs);
    return () => {
      isWanted = false;
      clearTimeout(timer);
    };
  }, [key]);
  return { preview: answer.preview, isStale: answer.key !== key };
};

const askServer = async (query: PreviewQuery): Promise<Preview> => {
  try {
    return { kind: "shown", preview: await previewRecurrence(query) };
  } catch (error) {
    if (!(error instanceof Refused) || error.status >= 500) return { kind: "unreachable" };
    return { kind: "refused", message: error.errors.map(({ message }) => message).join("; ") || error.message };
  }
};
