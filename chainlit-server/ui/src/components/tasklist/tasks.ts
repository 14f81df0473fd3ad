export type TaskStatus = "ready" | "running" | "failed" | "done";
export type Task = { title: string; status: TaskStatus; forId: string | null };
export type Tasks = { status: string; tasks: Task[] };

const known: readonly unknown[] = ["ready", "running", "failed", "done"];
/** Nobody reads a longer list. */
const most = 500;

/** The list in a JSON text; null if it is none. */
export function readTasks(text: string): Tasks | null {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof data !== "object" || data === null) return null;
  const { status, tasks } = data as Record<string, unknown>;
  return {
    status: typeof status === "string" ? status : "",
    tasks: (Array.isArray(tasks) ? tasks.slice(0, most) : []).map((one: unknown): Task => {
      const { title, status, forId } = (typeof one === "object" && one !== null ? one : {}) as Record<string, unknown>;
      return {
        title: typeof title === "string" ? title : "",
        status: known.includes(status) ? (status as TaskStatus) : "ready",
        forId: typeof forId === "string" && forId !== "" ? forId : null,
      };
    }),
  };
}
