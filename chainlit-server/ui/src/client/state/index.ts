export { readElement } from "./elements";
export { event, reduce, reduceAll } from "./reduce";
export { isMessage, isShown, isUserMessage, selectActions, selectElements, selectHistory, selectLinked, selectNested, selectRows, selectTaskList } from "./select";
export type { Detail } from "./select";
export { emptyConversation, TOP } from "./types";
export type { ChatEvent, ConversationState, OpenAsk, SideView, Toast, ToastKind } from "./types";
