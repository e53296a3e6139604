import { useEffect, useRef, useState, type KeyboardEvent } from "react";
import { RequestError, sendCommand, type Channel, type User, type World } from "./api";
import { explainFailure, hints, whyNotSent, type Hint } from "./commands";
import { Icon } from "./icons";
import { useChannelName } from "./sidebar";

type Properties = {
  me: User; channel: Channel; world: World | undefined; draft: string; setDraft: (text: string) => void; onSent: () => void;
};

export function Composer({ me, channel, world, draft, setDraft, onSent }: Properties) {
  const [problem, setProblem] = useState("");
  const [hidden, setHidden] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const history = useHistory(me.id, draft, setDraft);
  const name = useChannelName(channel);
  const offered = hidden ? [] : hints(draft, world?.meetings ?? []);
  useEffect(() => input.current?.focus(), []);

  const change = (text: string) => { setDraft(text); setProblem(""); setHidden(false); history.leave(); };
  const take = (hint: Hint) => { change(hint.complete); input.current?.focus(); };
  const send = async () => {
    const why = whyNotSent(draft);
    if (why) return setProblem(why);
    const text = draft.trim();
    history.add(text);
    setDraft("");
    await sendCommand(me.id, channel.id, text).catch((error: Error) => {
      if (error instanceof RequestError && error.code === "dispatch_failed") return; // Slack's own red line tells it
      setProblem(explainFailure(error, text, me.real_name || me.name, "#" + name));
      setDraft(text);
    });
    onSent();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === "Tab" && !event.shiftKey && offered[0]) { event.preventDefault(); take(offered[0]); }
    if (event.key === "Escape") setHidden(true);
    if (event.key === "ArrowUp" && history.back()) event.preventDefault();
    if (event.key === "ArrowDown" && history.forth()) event.preventDefault();
  };
  return (
    <form className="composer" onSubmit={(event) => { event.preventDefault(); void send(); }}>
      {offered.length > 0 && <Hints offered={offered} onTake={take} />}
      {problem && <p className="composer-problem" role="alert"><Icon name="alert" /><span>{problem}</span></p>}
      <div className="composer-box">
        <input
          id="command-input" ref={input} autoFocus autoComplete="off" spellCheck={false} dir="auto" value={draft}
          aria-label={`Command in ${name}, as ${me.real_name || me.name}`} aria-describedby="composer-keys"
          placeholder={`Message ${channel.is_im ? name : "#" + name}`}
          onChange={(event) => change(event.target.value)} onKeyDown={onKeyDown}
        />
        <button id="send" type="submit" aria-label="Send" data-ready={draft.trim() !== ""}><Icon name="send" /></button>
      </div>
      <p className="composer-keys" id="composer-keys"><kbd>/</kbd> commands <kbd>Tab</kbd> completes <kbd>↑</kbd> recalls <kbd>Enter</kbd> sends</p>
    </form>
  );
}

function Hints({ offered, onTake }: { offered: Hint[]; onTake: (hint: Hint) => void }) {
  return (
    <ul className="hints" aria-label="Commands">
      {offered.map((hint, index) => (
        <li key={hint.text}>
          <button type="button" tabIndex={-1} data-first={index === 0} onMouseDown={(event) => event.preventDefault()} onClick={() => onTake(hint)}>
            <span className="hint-text">{hint.text}</span><bdi className="hint-what">{hint.what}</bdi>
          </button>
        </li>
      ))}
    </ul>
  );
}

/** What this person has sent, recalled with the arrow keys; the unfinished line waits below. */
function useHistory(userID: string, draft: string, setDraft: (text: string) => void) {
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
