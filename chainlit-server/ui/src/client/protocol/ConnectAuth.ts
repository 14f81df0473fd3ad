/** Sent with the Socket.IO CONNECT packet; always with all five keys. */
export type ConnectAuth = {
  sessionId: string;
  clientType: "webapp";
  threadId: string;
  userEnv: string;
  chatProfile: string;
};
