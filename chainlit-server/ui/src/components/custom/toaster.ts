export type ToastKind = "info" | "success" | "warning" | "error";

let show: ((text: string, kind: ToastKind) => void) | null = null;

/** Where the notices of elements go to; they know the page only by this. */
export const toaster = {
  bind(next: (text: string, kind: ToastKind) => void): void {
    show = next;
  },
  show(text: unknown, kind: ToastKind): void {
    show?.(typeof text === "string" ? text : String(text), kind);
  },
};
