import { act } from "react";
import { createRoot } from "react-dom/client";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { createTranslate } from "../../client/i18n/translate";
import type { StepDict } from "../../client/protocol";
import { AppContext, type AppValue } from "../app/context";
import { MessageBoundary } from "./MessageBoundary";

const app = { t: createTranslate({}) } as AppValue;

function Fragile({ step }: { step: StepDict }) {
  if (step.output === "bad") throw new Error("cannot draw this");
  return <article>{step.output}</article>;
}

beforeEach(() => {
  vi.stubGlobal("IS_REACT_ACT_ENVIRONMENT", true);
  vi.spyOn(console, "error").mockReturnValue(undefined);
});
afterEach(() => void vi.unstubAllGlobals());

it("keeps a message that cannot be drawn from taking the others with it", () => {
  const place = document.createElement("div");
  const root = createRoot(place);
  const draw = (...steps: StepDict[]) =>
    act(() =>
      root.render(
        <AppContext.Provider value={app}>
          {steps.map((step) => (
            <MessageBoundary key={step.id} step={step}>
              <Fragile step={step} />
            </MessageBoundary>
          ))}
        </AppContext.Provider>,
      ),
    );

  draw({ id: "1", output: "good" }, { id: "2", output: "bad" }, { id: "3", output: "fine" });
  expect([...place.querySelectorAll("article")].map((one) => one.querySelector("pre")?.textContent ?? one.textContent)).toEqual([
    "good",
    "bad",
    "fine",
  ]);
  expect(place.querySelectorAll(".broken")).toHaveLength(1);

  draw({ id: "1", output: "good" }, { id: "2", output: "better" }, { id: "3", output: "fine" });
  expect(place.querySelectorAll(".broken")).toHaveLength(0);
  expect(place.textContent).toBe("goodbetterfine");
});
