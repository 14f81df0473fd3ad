import type {
  ActionDict,
  AskSpec,
  Command,
  ElementDict,
  FeedbackDict,
  Mode,
  ServerEvents,
  StepDict,
  StepPage,
  ThreadDict,
} from "../protocol";
import type { ChatSettings, FormValues } from "./form";

/** Key of the top level in `children`. */
export const TOP = "";

export type ToastKind = "info" | "success" | "warning" | "error";

export type Toast = { id: number; text: string; kind: ToastKind };

/** An edit on its way: the new text, and the own messages that were written after it. */
export type Edit = { output: string; later: readonly string[] };

/**
 * What stands beside the conversation. `elements` are ids; `key` is the application's name for this content, `null` when
 * it has none or when the reader opened an element. `byItself`: it came with a message, nobody asked for it.
 */
export type SideView = { title: string; elements: readonly string[]; key: string | null; byItself: boolean };

/** The application waits for an answer to the message `stepId`, at most `until` (milliseconds of the wall clock). */
export type OpenAsk = { stepId: string; parentId: string | null; spec: AskSpec; until: number | null };

/**
 * What is known of the conversation. Every part is replaced, never changed, when an event touches it, so that a
 * component that shows one message is not disturbed by another.
 */
export type ConversationState = {
  steps: ReadonlyMap<string, StepDict>;
  /** Ids below each parent in order of arrival. A new identity means that the tree (not only a text) changed. */
  children: ReadonlyMap<string, readonly string[]>;
  /** Steps shown at the top level until the parent that they name arrives: parent id to ids. */
  orphans: ReadonlyMap<string, readonly string[]>;
  /** Steps that are being streamed. */
  streaming: ReadonlySet<string>;
  /** Own messages that the server has not got yet. */
  queued: ReadonlySet<string>;
  /** Own messages that were handed to the connection that there is now. */
  fresh: ReadonlySet<string>;
  /** Edited messages of which the server has not shown the new text yet. */
  edits: ReadonlyMap<string, Edit>;
  elements: ReadonlyMap<string, ElementDict>;
  sideView: SideView | null;
  actions: ReadonlyMap<string, ActionDict>;
  running: boolean;
  ask: OpenAsk | null;
  threadId: string | null;
  /** Whether something can be said here; `stored` can only be read, `shared` is somebody's, come by its link. */
  view: "live" | "stored" | "shared";
  /** The conversation `threadId` is on its way. */
  opening: boolean;
  /** What the reader said of steps, as the database has it; the steps themselves may come later. */
  feedbacks: ReadonlyMap<string, FeedbackDict>;
  /** The server has steps that come before the first of these. */
  hasEarlier: boolean;
  /** The thread that the newest step from the server belongs to. */
  liveThread: string | null;
  /** Steps that the server does not know any more: it was started anew, and the session with it. */
  forgotten: ReadonlySet<string>;
  toasts: readonly Toast[];
  /** Number of the newest toast, so that none is used twice. */
  lastToast: number;
  /** Commands on offer, and the id of the chosen one. */
  commands: readonly Command[];
  command: string | null;
  /** Modes on offer, and the options that the reader chose: mode id to option id. */
  modes: readonly Mode[];
  chosenModes: Readonly<Record<string, string>>;
  settings: ChatSettings | null;
  favorites: readonly StepDict[];
  /** Tokens that the models have used in this chat. */
  tokens: number;
};

/** What the reader does, in the same form as what the server says. */
export type LocalEvents = {
  user_sent: StepDict;
  user_edited: { id: string; output: string };
  user_stopped: null;
  stop_lost: null;
  ask_answered: null;
  message_queued: { id: string };
  /** `isNew`: it is a message, not an edit of one. */
  message_delivered: { id: string; isNew: boolean };
  connection_lost: null;
  side_opened: { id: string };
  side_closed: null;
  toast_dismissed: { id: number };
  command_chosen: { id: string | null };
  mode_chosen: { mode: string; option: string };
  settings_confirmed: FormValues;
  favorite_marked: { id: string; favorite: boolean };
  /** The reader wants to see a stored conversation. */
  thread_awaited: { id: string };
  /** It came, only to be read. */
  thread_viewed: { thread: ThreadDict; shared: boolean };
  /** There is none for this reader. */
  thread_missed: null;
  earlier_loaded: { threadId: string } & StepPage;
  /** A stored conversation, of which the steps are known from elsewhere. */
  feedbacks_known: ThreadDict;
  feedback_given: { id: string; feedback: FeedbackDict | null };
  reset: null;
};

type Events = ServerEvents & LocalEvents;

export type KnownEvent = { [Name in keyof Events]: { name: Name; data: Events[Name] } }[keyof Events];

/** Anything may come from the wire: an unknown name is ignored, a payload is looked at before it is used. */
export type ChatEvent = { name: string; data: unknown };

export const emptyConversation: ConversationState = {
  steps: new Map(),
  children: new Map(),
  orphans: new Map(),
  streaming: new Set(),
  queued: new Set(),
  fresh: new Set(),
  edits: new Map(),
  elements: new Map(),
  sideView: null,
  actions: new Map(),
  running: false,
  ask: null,
  threadId: null,
  view: "live",
  opening: false,
  feedbacks: new Map(),
  hasEarlier: false,
  liveThread: null,
  forgotten: new Set(),
  toasts: [],
  lastToast: 0,
  commands: [],
  command: null,
  modes: [],
  chosenModes: {},
  settings: null,
  favorites: [],
  tokens: 0,
};
