export type FeedbackDict = {
  id?: string;
  forId?: string;
  threadId?: string;
  value: 0 | 1;
  comment?: string | null;
};
