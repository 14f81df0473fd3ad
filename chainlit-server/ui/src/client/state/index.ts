export { event, reduce, reduceAll } from "./reduce";
export { isMessage, isShown, isUserMessage, selectActions, selectElements, selectHistory, selectNested, selectRows } from "./select";
export type { Detail } from "./select";
export { emptyConversation, TOP } from "./types";
export type { ChatEvent, ConversationState, OpenAsk, Toast, ToastKind } from "./types";
