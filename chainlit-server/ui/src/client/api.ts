import type { ThreadPage } from "./history/list";
import type { ActionDict, ElementDict, FeedbackDict, ProjectSettings, StepPage, ThreadDict } from "./protocol";
import { sendFile, type SendOptions } from "./upload/send";

/** The server answered, but not with success. `detail` is its own explanation, if it gave one. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly detail: string | null,
  ) {
    super(detail ?? `HTTP ${status}`);
  }
}

export type AuthConfig = {
  requireLogin?: boolean | null;
  passwordAuth?: boolean;
  headerAuth?: boolean;
  oauthProviders?: string[];
  default_theme?: "light" | "dark" | null;
  ui?: {
    login_page_image?: string | null;
    login_page_image_filter?: string | null;
    login_page_image_dark_filter?: string | null;
  };
};

/** Which conversations are listed. */
export type ThreadsWanted = { first: number; cursor: string | null; search: string; archived: boolean };

export type ExportFormat = "json" | "markdown" | "html";

/** Whom the server takes the reader for; null where nobody logs in. */
export type ApiUser = { identifier: string; display_name?: string | null; metadata?: Record<string, unknown> } | null;

export type Api = ReturnType<typeof createApi>;

/** The HTTP routes that the page uses, below the root path. */
export function createApi(
  root: string,
  fetcher: typeof fetch = (...args) => fetch(...args),
  onLoggedOut: () => void = () => undefined,
) {
  async function call<T>(path: string, init: RequestInit = {}): Promise<T> {
    const answer = await fetcher(`${root}${path}`, { credentials: "include", ...init });
    if (!answer.ok) {
      const error = new ApiError(answer.status, await readDetail(answer));
      if (isLoggedOut(error)) onLoggedOut();
      throw error;
    }
    return (await answer.json()) as T;
  }
  const send = <T>(method: string, path: string, body: unknown, init: RequestInit = {}) =>
    call<T>(path, {
      method,
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
      ...init,
    });
  const thread = (id: string) => `/project/thread/${encodeURIComponent(id)}`;
  const post = <T>(path: string, body: unknown, init?: RequestInit) => send<T>("POST", path, body, init);

  return {
    authConfig: () => call<AuthConfig>("/auth/config"),
    login: (username: string, password: string) =>
      call<unknown>("/login", { method: "POST", body: new URLSearchParams({ username, password }) }),
    headerLogin: () => call<unknown>("/auth/header", { method: "POST" }),
    logout: (everywhere: boolean) => post<unknown>("/logout", everywhere ? { everywhere } : {}),
    user: () => call<ApiUser>("/user"),
    settings: (language: string, profile: string) => {
      const query = new URLSearchParams({ language, ...(profile === "" ? {} : { chat_profile: profile }) });
      return call<ProjectSettings>(`/project/settings?${query}`);
    },
    translations: async (language: string) =>
      (await call<{ translation?: unknown }>(`/project/translations?language=${encodeURIComponent(language)}`))
        .translation,
    setSessionCookie: (sessionId: string) =>
      // The socket waits for this answer, but not for ever.
      post<unknown>("/set-session-cookie", { session_id: sessionId }, { signal: AbortSignal.timeout(3000) }),
    runAction: (sessionId: string, action: ActionDict) =>
      post<{ success?: boolean; response?: unknown }>("/project/action", { sessionId, action }),
    updateElement: (sessionId: string, element: ElementDict) =>
      send<{ success?: boolean }>("PUT", "/project/element", { sessionId, element }),
    deleteElement: (sessionId: string, element: ElementDict) =>
      send<{ success?: boolean }>("DELETE", "/project/element", { sessionId, element }),
    threadElement: (threadId: string, id: string) =>
      call<unknown>(`${thread(threadId)}/element/${encodeURIComponent(id)}`),
    threads: ({ first, cursor, search, archived }: ThreadsWanted) =>
      post<ThreadPage>("/project/threads", {
        pagination: { first, ...(cursor === null ? {} : { cursor }) },
        filter: { ...(search === "" ? {} : { search }), ...(archived ? { archived } : {}) },
      }),
    /** The last `count` steps of it. */
    thread: (id: string, count: number) => call<ThreadDict | null>(`${thread(id)}?count=${count}`),
    /** Steps that come before one of them. */
    steps: (id: string, before: string, sessionId: string) =>
      call<StepPage>(`${thread(id)}/steps?${new URLSearchParams({ before, session_id: sessionId })}`),
    changeThread: (threadId: string, change: { name: string } | { archived: boolean }, sessionId: string) =>
      send<unknown>("PUT", "/project/thread", { threadId, sessionId, ...change }),
    deleteThread: (threadId: string, sessionId: string) => send<unknown>("DELETE", "/project/thread", { threadId, sessionId }),
    shareThread: (threadId: string, isShared: boolean, expiresAt: string | null, sessionId: string) =>
      send<unknown>("PUT", "/project/thread/share", { threadId, isShared, expiresAt, sessionId }),
    sharedThread: (id: string) => call<ThreadDict | null>(`/project/share/${encodeURIComponent(id)}`),
    exportUrl: (id: string, format: ExportFormat) => `${root}${thread(id)}/export?format=${format}`,
    customElementUrl: (name: string) => `${root}/public/elements/${encodeURIComponent(name)}.jsx`,
    upload: (sessionId: string, file: File, askParentId: string | null, options: SendOptions) => {
      const query = new URLSearchParams({ session_id: sessionId });
      if (askParentId !== null) query.set("ask_parent_id", askParentId);
      return sendFile(`${root}/project/file?${query}`, file, options);
    },
    giveFeedback: async (sessionId: string, feedback: FeedbackDict) =>
      (await send<{ feedbackId?: string }>("PUT", "/feedback", { feedback, sessionId })).feedbackId,
    withdrawFeedback: (feedbackId: string) => send<unknown>("DELETE", "/feedback", { feedbackId }),
    fileUrl: (sessionId: string, key: string) =>
      `${root}/project/file/${encodeURIComponent(key)}?session_id=${encodeURIComponent(sessionId)}`,
    /** A picture that the application names: a path of its own folder, or an address as it is. */
    iconUrl: (icon: string) => (icon.startsWith("/public") ? `${root}${icon}` : icon),
    logoUrl: (theme: "light" | "dark") => `${root}/logo?theme=${theme}`,
    /** The server knows pictures by names of plain letters; any other author has that of the application. */
    avatarUrl: (author: string) =>
      `${root}/avatars/${/^[\w .-]*[a-zA-Z0-9_][\w .-]*$/.test(author) ? encodeURIComponent(author) : "default"}`,
    oauthUrl: (provider: string) => `${root}/auth/oauth/${encodeURIComponent(provider)}`,
  };
}

/** The reader's login has ended, or there was none. What belongs to somebody else is refused in other words. */
export const isLoggedOut = (error: unknown): boolean =>
  error instanceof ApiError && error.status === 401 && error.detail === "Invalid authentication token";

async function readDetail(answer: Response): Promise<string | null> {
  try {
    const body: unknown = await answer.json();
    const detail = typeof body === "object" && body !== null && "detail" in body ? body.detail : null;
    return typeof detail === "string" ? detail : null;
  } catch {
    return null;
  }
}
