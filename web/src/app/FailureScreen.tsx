import { Component, type ReactNode } from "react";
import { Button } from "../ui/Button.tsx";
import { EmptyState } from "../ui/EmptyState.tsx";
import { TriangleAlert } from "lucide-react";
import { text } from "./messages.ts";

interface Props {
  readonly children: ReactNode;
}

/** Stands in for a screen that failed. React asks for a class here. */
export class FailureScreen extends Component<Props, { readonly hasFailed: boolean }> {
  override state = { hasFailed: false };

  static getDerivedStateFromError(): { readonly hasFailed: boolean } {
    return { hasFailed: true };
  }

  override render(): ReactNode {
    if (!this.state.hasFailed) return this.props.children;
    return (
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
    );
  }
}
