import { TriangleAlert } from "lucide-react";
import type { ReactElement, ReactNode } from "react";
import { Button } from "../ui/Button.tsx";
import { EmptyState } from "../ui/EmptyState.tsx";
import { ErrorBoundary } from "../ui/ErrorBoundary.tsx";
import { text } from "./messages.ts";

/** Stands in for a screen that failed. */
export const FailureScreen = ({ children }: { readonly children: ReactNode }): ReactElement => (
  <ErrorBoundary
    renderFailure={() => (
      <EmptyState
        icon={<TriangleAlert size={26} aria-hidden />}
        title={text.failed}
        isPage
        action={
          <Button look="primary" onClick={() => location.reload()}>
            {text.reload}
          </Button>
        }
      >
        {text.failedText}
      </EmptyState>
    )}
  >
    {children}
  </ErrorBoundary>
);
