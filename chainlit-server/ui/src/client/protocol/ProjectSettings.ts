import type { ChatProfile } from "./ChatProfile";
import type { Starter, StarterCategory } from "./Starter";
import type { UploadSpec } from "./UploadSpec";

export type ProjectSettings = {
  ui?: {
    name?: string;
    description?: string;
    cot?: "hidden" | "tool_call" | "full";
    default_theme?: "light" | "dark" | null;
    language?: string | null;
    default_sidebar_state?: "open" | "closed" | "hidden" | null;
    layout?: "default" | "wide";
    confirm_new_chat?: boolean;
    default_avatar_file_url?: string | null;
    logo_file_url?: string | null;
    chat_settings_location?: "message_composer" | "sidebar" | null;
    default_chat_settings_open?: boolean | null;
    header_links?: { name: string; display_name?: string | null; icon_url: string; url: string; target?: string | null }[] | null;
  };
  features?: {
    edit_message?: boolean;
    favorites?: boolean;
    /** Hosts whose pictures, sounds and films are shown without a click. */
    allowed_media_hosts?: string[] | null;
    user_message_markdown?: boolean;
    user_message_autoscroll?: boolean;
    assistant_message_autoscroll?: boolean;
    spontaneous_file_upload?: UploadSpec | null;
    audio?: { enabled?: boolean; sample_rate?: number } | null;
  };
  userEnv?: string[] | null;
  maskUserEnv?: boolean | null;
  dataPersistence?: boolean;
  threadResumable?: boolean;
  threadSharing?: boolean;
  markdown?: string | null;
  chatProfiles?: ChatProfile[] | null;
  starters?: Starter[] | null;
  starterCategories?: StarterCategory[] | null;
};
