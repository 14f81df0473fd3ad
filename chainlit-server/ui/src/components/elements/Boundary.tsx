import { Component, type ReactNode } from "react";

type Props = { name: string; resetKey: unknown; onError: (error: Error) => ReactNode; children: ReactNode };

/** What cannot be drawn is replaced by a word about it; another `resetKey` tries again. */
export class Boundary extends Component<Props, { error: Error | null }> {
  override state: { error: Error | null } = { error: null };

  static getDerivedStateFromError(error: unknown) {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  override componentDidUpdate(before: Props): void {
    if (this.state.error !== null && before.resetKey !== this.props.resetKey) this.setState({ error: null });
  }

  override render(): ReactNode {
    return this.state.error === null ? this.props.children : this.props.onError(this.state.error);
  }
}
