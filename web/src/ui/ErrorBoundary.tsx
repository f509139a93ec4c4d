import { Component, type ReactNode } from "react";

interface Props {
  readonly children: ReactNode;
  /** Shown instead of what failed. */
  readonly renderFailure: (tryAgain: () => void) => ReactNode;
  /** What is shown; when it changes, it is tried again. */
  readonly of?: unknown;
}

interface State {
  readonly hasFailed: boolean;
  readonly of: unknown;
}

/** Keeps what fails within from taking the page along. React asks for a class here. */
export class ErrorBoundary extends Component<Props, State> {
  override state: State = { hasFailed: false, of: this.props.of };

  static getDerivedStateFromError(): Pick<State, "hasFailed"> {
    return { hasFailed: true };
  }

  static getDerivedStateFromProps({ of }: Props, state: State): State | null {
    return of === state.of ? null : { hasFailed: false, of };
  }

  readonly #tryAgain = (): void => this.setState({ hasFailed: false });

  override render(): ReactNode {
    return this.state.hasFailed ? this.props.renderFailure(this.#tryAgain) : this.props.children;
  }
}
