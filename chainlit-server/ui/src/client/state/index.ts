export { readElement } from "./elements";
export { fitValue, initialsOf, widgetsOf } from "./form";
export type { ChatSettings, Form, FormValues } from "./form";
export { selectModes, selectOption } from "./offers";
export { event, reduce, reduceAll } from "./reduce";
export {
  isLastAnswer,
  isMessage,
  isShown,
  isUserMessage,
  selectActions,
  selectElements,
  selectHistory,
  selectLinked,
  selectNested,
  selectRows,
  selectScored,
  selectTaskList,
} from "./select";
export type { Detail } from "./select";
export { emptyConversation, TOP } from "./types";
export type { ChatEvent, ConversationState, OpenAsk, SideView, Toast, ToastKind } from "./types";
