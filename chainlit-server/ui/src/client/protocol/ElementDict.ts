export type ElementDict = {
  id: string;
  threadId?: string | null;
  type?: "image" | "text" | "pdf" | "tasklist" | "audio" | "video" | "file" | "plotly" | "dataframe" | "custom";
  url?: string | null;
  chainlitKey?: string | null;
  name?: string;
  display?: "inline" | "side" | "page";
  objectKey?: string | null;
  size?: "small" | "medium" | "large" | null;
  props?: Record<string, unknown> | null;
  page?: number | null;
  autoPlay?: boolean | null;
  playerConfig?: Record<string, unknown> | null;
  language?: string | null;
  forId?: string;
  mime?: string | null;
};
