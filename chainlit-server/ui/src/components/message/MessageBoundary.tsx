import { Component, type ReactNode } from "react";
import type { StepDict } from "../../client/protocol";
import { AppContext } from "../app/context";

type Props = { step: StepDict; children: ReactNode };

/** A message that cannot be drawn is shown as plain text; the others stay. */
export class MessageBoundary extends Component<Props, { failed: boolean }> {
  static override contextType = AppContext;
  declare context: React.ContextType<typeof AppContext>;
  override state = { failed: false };

  static getDerivedStateFromError() {
    return { failed: true };
  }

  override componentDidUpdate(before: Props): void {
    const { step } = this.props;
    // Another text gets another chance, but not with each token.
    if (this.state.failed && !step.streaming && (before.step.output !== step.output || before.step.streaming)) {
      this.setState({ failed: false });
    }
  }

  override render(): ReactNode {
    if (!this.state.failed) return this.props.children;
    const { step } = this.props;
    return (
      <article className="step message broken" data-step-type={step.type} aria-label={step.name}>
        <p>{this.context?.t("page.brokenMessage")}</p>
        <pre>{step.output}</pre>
      </article>
    );
  }
}
