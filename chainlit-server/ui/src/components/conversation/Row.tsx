import { memo, useCallback } from "react";
import { useSelect } from "../../client/hooks";
import type { StepDict } from "../../client/protocol";
import { type ConversationState, isMessage } from "../../client/state";
import { useApp } from "../app/context";
import { Message } from "../message/Message";
import { MessageBoundary } from "../message/MessageBoundary";
import { StepView } from "../step/StepView";

/** One message or step. It looks only at its own part of the state, so another row that streams does not disturb it. */
export const Row = memo(function Row({ id, previous }: { id: string; previous: string | null }) {
  const { chat, t } = useApp();
  const step = useSelect(
    chat.conversation,
    useCallback((state: ConversationState) => state.steps.get(id), [id]),
  );
  const author = useSelect(
    chat.conversation,
    useCallback((state: ConversationState) => authorOf(previous === null ? undefined : state.steps.get(previous)), [previous]),
  );
  const isFirstRemembered = useSelect(
    chat.conversation,
    useCallback(
      ({ forgotten }: ConversationState) => previous !== null && forgotten.has(previous) && !forgotten.has(id),
      [id, previous],
    ),
  );
  if (step === undefined) return null;
  return (
    <MessageBoundary step={step}>
      {isFirstRemembered && <p className="forgotten">{t("page.forgotten")}</p>}
      {isMessage(step) ? <Message step={step} continues={author === authorOf(step)} /> : <StepView step={step} />}
    </MessageBoundary>
  );
});

const authorOf = (step: StepDict | undefined) =>
  step === undefined || !isMessage(step) ? null : `${step.type} ${step.name ?? ""}`;
