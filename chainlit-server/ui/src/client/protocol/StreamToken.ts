export type StreamToken = { id: string; token: string; isSequence?: boolean; isInput?: boolean };
