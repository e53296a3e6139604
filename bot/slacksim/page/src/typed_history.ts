import { useRef, useState } from "react";

/** What this person has sent, recalled with the arrow keys; the unfinished line waits below. */
export function useHistory(userID: string, draft: string, setDraft: (text: string) => void) {
  const key = `overtime-demo-history-${userID}`;
  const [sent, setSent] = useState(() => readHistory(key));
  const position = useRef<number | undefined>(undefined);
  const unfinished = useRef("");
  const show = (at: number) => {
    position.current = at < sent.length ? at : undefined;
    setDraft(sent[at] ?? unfinished.current);
    return true;
  };
  return {
    add(text: string) {
      const next = [...sent.filter((one) => one !== text), text].slice(-50);
      setSent(next);
      position.current = undefined;
      writeHistory(key, next);
    },
    leave() { position.current = undefined; },
    back() {
      const at = position.current ?? sent.length;
      if (at === 0) return false;
      if (position.current === undefined) unfinished.current = draft;
      return show(at - 1);
    },
    forth() {
      return position.current !== undefined && show(position.current + 1);
    },
  };
}

function readHistory(key: string): string[] {
  try {
    return JSON.parse(sessionStorage.getItem(key) ?? "[]") as string[];
  } catch {
    return [];
  }
}

function writeHistory(key: string, sent: string[]) {
  try {
    sessionStorage.setItem(key, JSON.stringify(sent));
  } catch {
    // Without storage the history lives until the page is left.
  }
}
