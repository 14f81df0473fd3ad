import { type ReactNode, useCallback, useState } from "react";
import { useSelect } from "../../client/hooks";
import type { StepDict } from "../../client/protocol";
import { type ConversationState, selectActions, selectElements, selectNested } from "../../client/state";
import { useApp } from "../app/context";
import { type Names, useLinkedNames } from "../elements/linked";
import { ChevronIcon } from "../icons/icons";
import { NamedIcon } from "../icons/NamedIcon";
import { CodeBlock } from "../markdown/CodeBlock";
import { Markdown } from "../markdown/Markdown";
import { Actions } from "../message/Actions";
import { Elements } from "../message/Elements";
import { secondsOf, shownDuration, useRunningSeconds } from "./duration";
import "./step.css";

/** What the application did on its way to an answer; folded until somebody wants to know. */
export function StepView({ step }: { step: StepDict }) {
  const { chat, detail } = useApp();
  const { id } = step;
  const nested = useSelect(
    chat.conversation,
    useCallback((state: ConversationState) => selectNested(state, id, detail), [id, detail]),
  );
  const more = useSelect(
    chat.conversation,
    useCallback((state: ConversationState) => selectElements(state, id).length + selectActions(state, id).length > 0, [id]),
  );
  const running = useSelect(chat.conversation, isRunning);
  const failed = step.isError === true;
  const busy = step.streaming === true || (running && !step.end && !failed);
  const [chosen, setChosen] = useState<boolean | null>(null);
  const open = chosen ?? (step.defaultOpen === true && !(step.autoCollapse === true && !busy));
  const filled = nested.length > 0 || more || Boolean(step.input && step.showInput) || Boolean(step.output);
  const panel = `step-panel-${id}`;

  return (
    <div
      className={failed ? "step tool-step failed" : "step tool-step"}
      data-step-id={id}
      data-step-type={step.type}
      aria-busy={busy}
    >
      <button
        type="button"
        id={`step-${step.name ?? ""}`}
        className="step-head"
        aria-expanded={filled ? open : undefined}
        aria-controls={filled && open ? panel : undefined}
        disabled={!filled}
        onClick={() => setChosen(!open)}
      >
        <Head step={step} busy={busy} />
      </button>
      {open && filled && (
        <div id={panel} className="step-body">
          <Body step={step}>
            {nested.map((child) => (
              <Nested key={child} id={child} />
            ))}
          </Body>
        </div>
      )}
    </div>
  );
}

const isRunning = (state: ConversationState) => state.running;

function Head({ step, busy }: { step: StepDict; busy: boolean }) {
  const { t } = useApp();
  const running = useRunningSeconds(step.start, busy);
  const seconds = busy ? running : secondsOf(step);
  const icon = step.metadata?.["icon"];
  return (
    <>
      {busy ? <span className="step-busy" aria-hidden="true" /> : <ChevronIcon />}
      {typeof icon === "string" && icon !== "" && (
        <span className="step-icon">
          <NamedIcon icon={icon} />
        </span>
      )}
      <span>
        {t(busy ? "chat.messages.status.using" : "chat.messages.status.used")}{" "}
        <strong>
          <bdi>{step.name}</bdi>
        </strong>
      </span>
      {/* What took no time to speak of needs no number. */}
      {seconds !== null && seconds >= 0.1 && <span className="step-time">{shownDuration(t, seconds)}</span>}
      {step.isError === true && <span className="step-failed">{t("page.error")}</span>}
    </>
  );
}

/** In the order of the work: what went in, the steps within, what came out. Only an open step listens for what belongs to it. */
function Body({ step, children }: { step: StepDict; children: ReactNode }) {
  const { t } = useApp();
  const names = useLinkedNames(step.id);
  const growing = step.streaming === true;
  const { input, output } = step;
  return (
    <>
      {input && step.showInput && (
        <Part label={t("page.input")} text={input} language={inputLanguage(step)} growing={growing && !output} names={names} />
      )}
      {children}
      {output && (
        <Part
          label={t(step.isError === true ? "page.error" : "page.output")}
          text={output}
          language={step.language ?? ""}
          growing={growing}
          names={names}
        />
      )}
      <Elements id={step.id} text={output ?? ""} />
      <Actions id={step.id} />
    </>
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

type PartProps = { label: string; text: string; language: string; growing: boolean; names: Names | null };

function Part({ label, text, language, growing, names }: PartProps) {
  return (
    <div className="step-part">
      <div className="step-label">{label}</div>
      {language === "" || language === "text" ? (
        <div dir="auto">
          <Markdown text={text} growing={growing} names={names} />
        </div>
      ) : (
        <CodeBlock code={text} language={language} growing={growing} />
      )}
    </div>
  );
}
