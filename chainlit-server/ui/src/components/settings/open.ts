import { createStore } from "../../client/store";

/** Whether the chat's settings are shown. The button and the panel are far from each other. */
export const settingsOpen = createStore(false);
