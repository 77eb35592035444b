// A message as Pub/Sub pushes it: a device has enrolled.
import { Buffer } from "node:buffer";

const device = {
  name: "enterprises/LC01abcdef/devices/3dc9d72fbd517bbc",
  enrollmentTokenName: "enterprises/LC01abcdef/enrollmentTokens/q7Zk1m0tT3bVv4Yd2h9sWc8pLxR5nEoUa6iGfJkBz0M",
  state: "PROVISIONING",
};

export const pushBody = {
  message: {
    messageId: "1184",
    publishTime: "2026-09-20T10:20:00Z",
    attributes: { notificationType: "ENROLLMENT" },
    data: Buffer.from(JSON.stringify(device)).toString("base64"),
  },
  subscription: "projects/p/subscriptions/s",
};

const marked: unknown[] = [];
export const markUsed = (...words: readonly unknown[]): void => {
  marked.push(words);
};

export const finish = (): void => {
  if (marked.length !== 1) throw new Error("the message was not taken for an enrollment");
};
