export type ToastPayload = { message: string; type?: "info" | "success" | "warning" | "error" };
