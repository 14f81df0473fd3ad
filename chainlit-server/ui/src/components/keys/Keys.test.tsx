import { act } from "react";
import { createRoot, type Root } from "react-dom/client";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { createTranslate } from "../../client/i18n/translate";
import type { ProjectSettings } from "../../client/protocol";
import { UserEnv } from "../../client/userEnv";
import { AppContext, type AppValue } from "../app/context";
import { Keys } from "./Keys";

let root: Root;
let place: HTMLElement;
const done = vi.fn();

function draw(settings: ProjectSettings, lacking: string | null = null) {
  const userEnv = new UserEnv(settings.userEnv ?? []);
  const app = { t: createTranslate({}), root: "/app", settings, userEnv } as AppValue;
  act(() =>
    root.render(
      <AppContext.Provider value={app}>
        <Keys lacking={lacking} onDone={done} />
      </AppContext.Provider>,
    ),
  );
  return userEnv;
}

const field = (name: string) => place.querySelector<HTMLInputElement>(`[id="${name}"]`);

beforeEach(() => {
  vi.stubGlobal("IS_REACT_ACT_ENVIRONMENT", true);
  localStorage.clear();
  done.mockClear();
  window.history.replaceState(null, "", "/app/?x=1");
  place = document.createElement("div");
  document.body.append(place);
  root = createRoot(place);
});
afterEach(() => {
  act(() => root.unmount());
  place.remove();
  vi.unstubAllGlobals();
});

it("has a masked field for each key, and saves what is in it", () => {
  const env = draw({ userEnv: ["A", "B"] });
  expect(field("A")?.type).toBe("password");
  for (const name of ["A", "B"]) (field(name) as HTMLInputElement).value = `${name}!`;
  act(() => place.querySelector<HTMLButtonElement>("#submit-env")?.click());
  expect(done).toHaveBeenCalledTimes(1);
  expect(JSON.parse(env.text())).toEqual({ A: "A!", B: "B!" });
});

it("takes no empty key", () => {
  draw({ userEnv: ["A"] });
  act(() => place.querySelector<HTMLButtonElement>("#submit-env")?.click());
  expect(done).not.toHaveBeenCalled();
});

it.each([
  [false, "text"],
  [true, "password"],
  [null, "password"],
])("with maskUserEnv %s is a field of type %s", (maskUserEnv, type) => {
  draw({ userEnv: ["A"], maskUserEnv });
  expect(field("A")?.type).toBe(type);
});

it("asks for a key that the server missed", () => {
  draw({}, "C");
  expect(field("C")).not.toBe(null);
});

it("has an address of its own, and leaves to where the reader was", () => {
  draw({ userEnv: ["A"] });
  expect(window.location.pathname).toBe("/app/env");
  act(() => root.render(null));
  expect(`${window.location.pathname}${window.location.search}`).toBe("/app/?x=1");
});
