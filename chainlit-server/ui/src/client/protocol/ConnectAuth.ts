/** Sent with the Socket.IO CONNECT packet; always with all six keys. */
export type ConnectAuth = {
  sessionId: string;
  clientType: "webapp";
  threadId: string;
  userEnv: string;
  chatProfile: string;
  /** Earlier steps of a long conversation are asked for when the reader goes up to them. */
  pages: true;
};
