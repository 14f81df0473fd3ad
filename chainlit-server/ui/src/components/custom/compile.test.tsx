import { act } from "react";
import { createRoot } from "react-dom/client";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { compile, type Globals } from "./compile";

const globals = (over: Partial<Globals> = {}): Globals => ({
  updateElement: vi.fn(), deleteElement: vi.fn(), callAction: vi.fn(), sendUserMessage: vi.fn(), submitElement: vi.fn(), cancelElement: vi.fn(),
  ...over,
});

beforeEach(() => {
  vi.stubGlobal("IS_REACT_ACT_ENVIRONMENT", true);
  // The test's module loader knows no blob: addresses, but data: ones.
  vi.spyOn(URL, "revokeObjectURL").mockReturnValue(undefined);
  URL.createObjectURL = (blob) => `data:text/javascript,${encodeURIComponent((blob as Blob & { source: string }).source)}`;
  vi.stubGlobal(
    "Blob",
    class {
      source: string;
      constructor(parts: string[]) {
        this.source = parts.join("");
      }
    },
  );
});
afterEach(() => void vi.unstubAllGlobals());

it("runs an element, keeps its state when the props change, and draws hostile props as text", async () => {
  const source = `
    import { useState } from "react";
    export default function Counter() {
      const [n, setN] = useState(0);
      return <button onClick={() => { setN(n + 1); updateElement({ ...props, n }); }}>{props.title} {n}</button>;
    }`;
  const made = globals();
  const { View } = (await compile("Counter", source))(made);
  const place = document.createElement("div");
  const root = createRoot(place);
  const draw = (title: unknown) => act(() => root.render(<View props={{ title }} />));

  draw("a");
  act(() => place.querySelector("button")?.click());
  expect(place.textContent).toBe("a 1");
  expect(made.updateElement).toHaveBeenCalledWith({ title: "a", n: 0 });
  draw("<img src=x onerror=alert(1)>");
  expect(place.textContent).toBe("<img src=x onerror=alert(1)> 1");
  expect(place.querySelector("img")).toBeNull();
});

it("says what is wrong with an element", async () => {
  await expect(compile("A", 'import x from "left-pad"; export default () => x;')).rejects.toThrow(/imports "left-pad".*There is: react/);
  await expect(compile("B", "export default () => <b>")).rejects.toThrow();
  const none = await compile("C", "const a = 1;");
  expect(() => none(globals())).toThrow(/has to export a component/);
});
