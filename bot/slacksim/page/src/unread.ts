import { useEffect, useState } from "react";
import type { Message } from "./api";

/** The last message that each person has read in each conversation, kept for this tab's life. */
type ReadMarks = Record<string, string>;

const key = "overtime-demo-read";

/** How many messages wait, by channel, for this person; what is open counts as read. */
export function useUnread(messages: Message[], userID: string, openChannel: string): Map<string, number> {
  const [marks, setMarks] = useState(readMarks);
  const newest = messages.filter(({ channel }) => channel === openChannel).at(-1)?.ts;

  useEffect(() => {
    if (!newest) return;
    setMarks((before) => {
      const after = { ...before, [`${userID}/${openChannel}`]: newest };
      writeMarks(after);
      return after;
    });
  }, [newest, userID, openChannel]);

  return countUnread(messages, marks, userID, openChannel);
}

export function countUnread(messages: Message[], marks: ReadMarks, userID: string, openChannel: string): Map<string, number> {
  const unread = new Map<string, number>();
  for (const { channel, ts, user } of messages) {
    const isNew = Number(ts) > Number(marks[`${userID}/${channel}`] ?? 0);
    if (channel !== openChannel && user !== userID && isNew) unread.set(channel, (unread.get(channel) ?? 0) + 1);
  }
  return unread;
}

function readMarks(): ReadMarks {
  try {
    return JSON.parse(sessionStorage.getItem(key) ?? "{}") as ReadMarks;
  } catch {
    return {};
  }
}

function writeMarks(marks: ReadMarks) {
  try {
    sessionStorage.setItem(key, JSON.stringify(marks));
  } catch {
    // Without storage the marks live until the page is left.
  }
}

/** What this person may see: their own private answers, commands and errors, and what is public. */
export function visibleMessages(messages: Message[], userID: string): Message[] {
  return messages
    .filter((message) => {
      if (message.ephemeral_to) return message.ephemeral_to === userID;
      return !(message.command || message.error) || message.user === userID;
    })
    .sort((left, right) => Number(left.ts) - Number(right.ts));
}
