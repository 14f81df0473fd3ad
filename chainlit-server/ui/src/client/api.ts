import type { ActionDict, ElementDict, ProjectSettings } from "./protocol";

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
};

export type Api = ReturnType<typeof createApi>;

/** The HTTP routes that the page uses, below the root path. */
export function createApi(root: string, fetcher: typeof fetch = (...args) => fetch(...args)) {
  async function call<T>(path: string, init: RequestInit = {}): Promise<T> {
    const answer = await fetcher(`${root}${path}`, { credentials: "include", ...init });
    if (!answer.ok) throw new ApiError(answer.status, await readDetail(answer));
    return (await answer.json()) as T;
  }
  const post = <T>(path: string, body: unknown, init: RequestInit = {}) =>
    call<T>(path, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
      ...init,
    });

  return {
    authConfig: () => call<AuthConfig>("/auth/config"),
    login: (username: string, password: string) =>
      call<unknown>("/login", { method: "POST", body: new URLSearchParams({ username, password }) }),
    headerLogin: () => call<unknown>("/auth/header", { method: "POST" }),
    logout: () => post<unknown>("/logout", {}),
    settings: (language: string) =>
      call<ProjectSettings>(`/project/settings?language=${encodeURIComponent(language)}`),
    translations: async (language: string) =>
      (await call<{ translation?: unknown }>(`/project/translations?language=${encodeURIComponent(language)}`))
        .translation,
    setSessionCookie: (sessionId: string) =>
      // The socket waits for this answer, but not for ever.
      post<unknown>("/set-session-cookie", { session_id: sessionId }, { signal: AbortSignal.timeout(3000) }),
    runAction: (sessionId: string, action: ActionDict) =>
      post<{ success?: boolean; response?: unknown }>("/project/action", { sessionId, action }),
    updateElement: (sessionId: string, element: ElementDict) =>
      post<{ success?: boolean }>("/project/element", { sessionId, element }, { method: "PUT" }),
    deleteElement: (sessionId: string, element: ElementDict) =>
      post<{ success?: boolean }>("/project/element", { sessionId, element }, { method: "DELETE" }),
    threadElement: (threadId: string, id: string) =>
      call<unknown>(`/project/thread/${encodeURIComponent(threadId)}/element/${encodeURIComponent(id)}`),
    customElementUrl: (name: string) => `${root}/public/elements/${encodeURIComponent(name)}.jsx`,
    upload: (sessionId: string, file: File, askParentId: string | null) => {
      const body = new FormData();
      body.append("file", file);
      const query = new URLSearchParams({ session_id: sessionId });
      if (askParentId !== null) query.set("ask_parent_id", askParentId);
      return call<{ id: string }>(`/project/file?${query}`, { method: "POST", body });
    },
    fileUrl: (sessionId: string, key: string) =>
      `${root}/project/file/${encodeURIComponent(key)}?session_id=${encodeURIComponent(sessionId)}`,
    logoUrl: (theme: "light" | "dark") => `${root}/logo?theme=${theme}`,
    /** The server knows pictures by names of plain letters; any other author has that of the application. */
    avatarUrl: (author: string) =>
      `${root}/avatars/${/^[\w .-]*[a-zA-Z0-9_][\w .-]*$/.test(author) ? encodeURIComponent(author) : "default"}`,
    oauthUrl: (provider: string) => `${root}/auth/oauth/${encodeURIComponent(provider)}`,
  };
}

async function readDetail(answer: Response): Promise<string | null> {
  try {
    const body: unknown = await answer.json();
    const detail = typeof body === "object" && body !== null && "detail" in body ? body.detail : null;
    return typeof detail === "string" ? detail : null;
  } catch {
    return null;
  }
}
