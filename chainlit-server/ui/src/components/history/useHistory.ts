import type { History } from "../../client/history/history";
import { useApp } from "../app/context";

/** The stored conversations, for what is shown only where there are any. */
export function useHistory(): History {
  const { history } = useApp();
  if (history === null) throw new Error("there are no stored conversations");
  return history;
}
