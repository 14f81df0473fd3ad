// Notices, under the name that Chainlit's elements import them by.
import { type ToastKind, toaster } from "../toaster";

const kind = (name: ToastKind) => (text: unknown) => toaster.show(text, name);

export const toast = Object.assign(kind("info"), {
  message: kind("info"),
  info: kind("info"),
  success: kind("success"),
  warning: kind("warning"),
  error: kind("error"),
});
