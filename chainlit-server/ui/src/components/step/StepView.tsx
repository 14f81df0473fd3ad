import { useCallback, useState } from "react";
import { useSelect } from "../../client/hooks";
import type { StepDict } from "../../client/protocol";
import { type ConversationState, selectNested } from "../../client/state";
import { useApp } from "../app/context";
import { ChevronIcon } from "../icons/icons";
import { CodeBlock } from "../markdown/CodeBlock";
import { Markdown } from "../markdown/Markdown";
import { Elements } from "../message/Elements";
import "./step.css";

/** What the application did on its way to an answer; folded until somebody wants to know. */
export function StepView({ step }: { step: StepDict }) {
  const { t, chat, detail } = useApp();
  const nested = useSelect(
    chat.conversation,
    useCallback((state: ConversationState) => selectNested(state, step.id, detail), [step.id, detail]),
  );
  const busy = useSelect(
    chat.conversation,
    useCallback((state: ConversationState) => state.running && !state.steps.get(step.id)?.end, [step.id]),
  );
  const [chosen, setChosen] = useState<boolean | null>(null);
  const open = chosen ?? (step.defaultOpen === true && !(step.autoCollapse === true && !busy));
  const filled = nested.length > 0 || Boolean(step.input && step.showInput) || Boolean(step.output);
  const panel = `step-panel-${step.id}`;
  const status = t(busy ? "chat.messages.status.using" : "chat.messages.status.used");

  return (
    <div className={step.isError === true ? "step tool-step failed" : "step tool-step"} data-step-type={step.type}>
      <button
        type="button"
        id={`step-${step.name ?? ""}`}
        className="step-head"
        aria-expanded={filled ? open : undefined}
        aria-controls={filled && open ? panel : undefined}
        disabled={!filled}
        onClick={() => setChosen(!open)}
      >
        {busy ? <span className="step-busy" aria-hidden="true" /> : <ChevronIcon />}
        <span>
          {status} <strong dir="auto">{step.name}</strong>
        </span>
        {step.isError === true && <span className="step-failed">{t("page.error")}</span>}
      </button>
      {open && filled && (
        <div id={panel} className="step-body">
          {step.input && step.showInput && (
            <Part label={t("page.input")} text={step.input} language={inputLanguage(step)} />
          )}
          {step.output && (
            <Part label={t(step.isError === true ? "page.error" : "page.output")} text={step.output} language={step.language ?? ""} />
          )}
          <Elements id={step.id} />
          {nested.map((id) => (
            <Nested key={id} id={id} />
          ))}
        </div>
      )}
    </div>
  );
}

const inputLanguage = (step: StepDict) => (typeof step.showInput === "string" ? step.showInput : "");

function Nested({ id }: { id: string }) {
  const { chat } = useApp();
  const step = useSelect(
    chat.conversation,
    useCallback((state: ConversationState) => state.steps.get(id), [id]),
  );
  return step === undefined ? null : <StepView step={step} />;
}

function Part({ label, text, language }: { label: string; text: string; language: string }) {
  return (
    <div className="step-part">
      <div className="step-label">{label}</div>
      {language === "" || language === "text" ? (
        <Markdown text={text} growing={false} />
      ) : (
        <CodeBlock code={text} language={language} growing={false} />
      )}
    </div>
  );
}
