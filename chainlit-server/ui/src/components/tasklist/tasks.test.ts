import { expect, it } from "vitest";
import { readTasks } from "./tasks";

it("reads a list", () => {
  const list = { status: "Running", tasks: [{ title: "a", status: "done", forId: "m" }, { title: "b", status: "running", forId: null }] };
  expect(readTasks(JSON.stringify(list))).toEqual(list);
});

it("makes the best of what is wrong", () => {
  expect(readTasks('{"status":1,"tasks":[null,"x",{"title":{},"status":"constructor","forId":3}]}')).toEqual({
    status: "",
    tasks: Array.from({ length: 3 }, () => ({ title: "", status: "ready", forId: null })),
  });
  for (const text of ["", "null", "1", "{"]) expect(readTasks(text)).toBeNull();
  expect(readTasks("{}")).toEqual({ status: "", tasks: [] });
});
