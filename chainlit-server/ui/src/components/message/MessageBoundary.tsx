import { Component, type ReactNode } from "react";
import type { StepDict } from "../../client/protocol";
import { AppContext } from "../app/context";

type Props = { step: StepDict; children: ReactNode };

/** A message that cannot be drawn is shown as plain text; the others stay. */
export class MessageBoundary extends Component<Props, { broken: StepDict | null }> {
  static override contextType = AppContext;
  declare context: React.ContextType<typeof AppContext>;
  override state = { broken: null as StepDict | null };

  override componentDidCatch(): void {
    this.setState({ broken: this.props.step });
  }

  static getDerivedStateFromError() {
    return {};
  }

  override componentDidUpdate(): void {
    // Another content gets another chance.
    const { broken } = this.state;
    if (broken !== null && broken.output !== this.props.step.output && !this.props.step.streaming) {
      this.setState({ broken: null });
    }
  }

  override render(): ReactNode {
    if (this.state.broken === null) return this.props.children;
    return (
      <article className="step message broken" data-step-type={this.props.step.type}>
        <p>{this.context?.t("page.brokenMessage")}</p>
        <pre>{this.props.step.output}</pre>
      </article>
    );
  }
}
