import { serve, type ToWire } from "./wire";

const hear = serve((message) => self.postMessage(message));
self.onmessage = ({ data }: MessageEvent<ToWire>) => hear(data);
