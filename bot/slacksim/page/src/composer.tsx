import { useChrome } from "./chrome";
import { useEffect, useId, useRef, useState, type KeyboardEvent, type ReactNode } from "react";
import { chooseShortcut, RequestError, say, sendCommand, type Channel, type User, type World } from "./api";
import { explainFailure, hints, whyNotSent, type Hint } from "./commands";
import { useSurroundings } from "./context";
import { Icon } from "./icons";
import { MenuButton } from "./menu";
import { useChannelName } from "./sidebar";
import { useHistory } from "./typed_history";

type Properties = {
  me: User; channel: Channel; world: World | undefined; draft: string; setDraft: (text: string) => void; onSent: () => void;
  /** The thread that is written in; without it, the conversation. */
  threadTS?: string;
};

/** Where one types: a combobox whose list completes commands, meetings and names. */
export function Composer({ me, channel, world, draft, setDraft, onSent, threadTS = "" }: Properties) {
  const [problem, setProblem] = useState("");
  const input = useRef<HTMLInputElement>(null);
  const history = useHistory(me.id, draft, setDraft);
  const { users } = useSurroundings();
  const name = useChannelName(channel);
  const change = (text: string) => { setDraft(text); setProblem(""); history.leave(); };
  const list = useHintList(hints(draft, world?.meetings ?? [], [...users.values()]), (hint) => { change(hint.complete); input.current?.focus(); });
  useEffect(() => input.current?.focus(), [threadTS]);

  const send = async () => {
    const why = whyNotSent(draft);
    if (why) return setProblem(why);
    const text = draft.trim();
    history.add(text);
    setDraft("");
    const work = text.startsWith("/") && !threadTS ? sendCommand(me.id, channel.id, text) : say(me.id, channel.id, threadTS, text);
    await work.catch((error: Error) => {
      if (error instanceof RequestError && error.code === "dispatch_failed") return; // Slack's own red line tells it
      setProblem(explainFailure(error, text, me.real_name || me.name, "#" + name));
      setDraft(text);
    });
    onSent();
  };
  const chrome = useChrome();
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    const taken = list.onKey(event.key, event.shiftKey)
      || (event.key === "ArrowUp" && history.back()) || (event.key === "ArrowDown" && history.forth());
    if (taken) event.preventDefault();
    if (taken && !list.open) list.hide(); // what was recalled is a whole line
  };
  const place = threadTS ? chrome("replyHere") : chrome("message", { name: channel.is_im ? name : "#" + name });
  return (
    <form className="composer" data-thread={threadTS !== ""} onSubmit={(event) => { event.preventDefault(); void send(); }}>
      {list.drawn}
      {problem && <p className="composer-problem" role="alert"><Icon name="alert" /><span>{problem}</span></p>}
      <div className="composer-box">
        {!threadTS && <Shortcuts me={me} onProblem={setProblem} />}
        <input
          id={threadTS ? "thread-input" : "command-input"} className="composer-input" ref={input} autoFocus autoComplete="off" spellCheck={false} dir="auto" value={draft}
          aria-label={threadTS ? `Reply in the thread, as ${me.real_name || me.name}` : `Command in ${name}, as ${me.real_name || me.name}`}
          placeholder={place} onChange={(event) => { list.show(); change(event.target.value); }} onKeyDown={onKeyDown} onBlur={list.hide}
          {...list.attributes}
        />
        <button id={threadTS ? "thread-send" : "send"} className="send" type="submit" aria-label="Send" data-ready={draft.trim() !== ""}><Icon name="send" /></button>
      </div>
      {!threadTS && <p className="composer-keys"><kbd>/</kbd> commands <kbd>@</kbd> mentions <kbd>Tab</kbd> completes <kbd>↑</kbd> recalls <kbd>Enter</kbd> sends</p>}
    </form>
  );
}

/** The app's global shortcuts, as behind the plus of Slack's composer. */
function Shortcuts({ me, onProblem }: { me: User; onProblem: (problem: string) => void }) {
  const { shortcuts } = useSurroundings();
  const entries = shortcuts.filter((one) => !one.message).map((one) => ({
    key: one.callback_id,
    label: <><Icon name="bolt" /> {one.name}</>,
    onChoose: () => void chooseShortcut(me.id, one.callback_id).catch((error: Error) => onProblem(`“${one.name}” did not reach the app: ${error.message}`)),
  }));
  if (entries.length === 0) return null;
  return <MenuButton label="Shortcuts" className="composer-plus" entries={entries} upward><Icon name="plus" /></MenuButton>;
}

/** The list of a combobox: arrow keys move in it, Tab takes the one that is marked or else the first, Enter what was marked. */
function useHintList(offered: Hint[], take: (hint: Hint) => void) {
  const [hidden, setHidden] = useState(false);
  const [marked, setMarked] = useState(-1);
  const id = useId();
  const open = !hidden && offered.length > 0;
  const at = open ? Math.min(marked, offered.length - 1) : -1;
  useEffect(() => { document.getElementById(`${id}-${at}`)?.scrollIntoView({ block: "nearest" }); }, [at]);
  const move = (step: number) => setMarked((at + step + offered.length + (at < 0 && step < 0 ? 1 : 0)) % offered.length);
  const choose = (hint: Hint) => { setMarked(-1); take(hint); };
  const onKey = (key: string, shift: boolean): boolean => {
    if (!open) return false;
    if (key === "ArrowDown") move(1);
    else if (key === "ArrowUp") move(-1);
    else if (key === "Tab" && !shift) choose(offered[Math.max(at, 0)]!);
    else if (key === "Enter" && at >= 0) choose(offered[at]!);
    else if (key === "Escape") setHidden(true);
    else return false;
    return true;
  };
  const drawn: ReactNode = open && (
    <ul className="hints" id={id} role="listbox" aria-label="Completions">
      {offered.map((hint, index) => (
        <li key={hint.text} id={`${id}-${index}`} role="option" aria-selected={index === at} data-first={index === 0 && at < 0} onMouseDown={(event) => event.preventDefault()} onClick={() => choose(hint)}>
          <span className="hint-text">{hint.text}</span><bdi className="hint-what">{hint.what}</bdi>
        </li>
      ))}
    </ul>
  );
  return {
    open, drawn, onKey,
    hide: () => { setHidden(true); setMarked(-1); },
    show: () => { setHidden(false); setMarked(-1); },
    attributes: {
      role: "combobox", "aria-autocomplete": "list", "aria-expanded": open, "aria-controls": open ? id : undefined,
      "aria-activedescendant": at >= 0 ? `${id}-${at}` : undefined,
    } as const,
  };
}
