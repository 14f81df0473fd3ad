import { useCallback, useSyncExternalStore } from "react";
import type { Store } from "./store";

/** The whole value of a store. */
export function useStore<T>(store: Store<T>): T {
  return useSyncExternalStore(store.subscribe, store.get);
}

/** A part of a store. `select` has to give the same identity for the same state. */
export function useSelect<T, Part>(store: Store<T>, select: (state: T) => Part): Part {
  const read = useCallback(() => select(store.get()), [store, select]);
  return useSyncExternalStore(store.subscribe, read);
}
