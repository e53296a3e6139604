import { chromeIn, useChrome } from "./chrome";
import { useMemo, useRef, useState, type ReactNode } from "react";
import { chooseShortcut, sendPress, type Message } from "./api";
import { Avatar } from "./avatar";
import { Blocks } from "./blocks";
import { useSurroundings, useViewer } from "./context";
import { timeOfDay, wholeDate } from "./dates";
import { ErrorBoundary } from "./error_boundary";
import { useKeptFocus } from "./focus";
import { Icon } from "./icons";
import { InteractionProvider, type Interaction } from "./interaction";
import { MenuButton } from "./menu";
import { Mrkdwn } from "./text";

type Properties = {
  message: Message; grouped: boolean;
  /** What was said in the thread that begins here; undefined where this is itself drawn in the thread. */
  replies?: Message[];
};

export function MessageView({ message, grouped, replies }: Properties) {
  const { users } = useSurroundings();
  const [problem, setProblem] = useState("");
  const viewer = useViewer();
  const chrome = chromeIn(viewer.locale);
  const author = users.get(message.user);
  const name = author?.real_name || message.username || author?.name || message.user;
  const isApp = author ? author.is_bot : true;
  const sent = Number(message.ts) * 1000;
  const onlyYou = message.ephemeral_to !== "" || message.command !== "" || message.error !== "";
  return (
    <article className="message" data-ts={message.ts} data-ephemeral={onlyYou} data-grouped={grouped} data-kind={kindOf(message)} aria-label={`${name}, ${timeOfDay(sent, viewer)}`}>
      {onlyYou && <p className="only-you"><Icon name="eye" />{chrome("onlyYou")}</p>}
      <div className="message-margin">
        {grouped ? <time className="message-time">{timeOfDay(sent, viewer)}</time> : <Avatar user={author} name={name} />}
      </div>
      <div className="message-body">
        {!grouped && (
          <p className="message-head">
            <bdi className="message-author">{name}</bdi>
            {isApp && <span className="app-badge">APP</span>}
            {author?.is_restricted && <span className="tag">{chrome("guest")}</span>}
            <time className="message-time" dateTime={new Date(sent).toISOString()} title={wholeDate(sent, viewer)}>{timeOfDay(sent, viewer)}</time>
          </p>
        )}
        <ErrorBoundary fallback={<p className="unknown">{message.text || "This message could not be drawn."}</p>}>
          <MessageContent message={message} />
        </ErrorBoundary>
        {message.edited && <span className="edited"> {chrome("edited")}</span>}
        {replies && replies.length > 0 && <ThreadLink ts={message.ts} replies={replies} />}
      </div>
      {!onlyYou && <MessageMenu message={message} inThread={!replies} onProblem={setProblem} />}
      {problem && <p className="slack-error message-problem" role="alert"><Icon name="alert" /><span>{problem}</span></p>}
    </article>
  );
}

function ThreadLink({ ts, replies }: { ts: string; replies: Message[] }) {
  const { users, openThread } = useSurroundings();
  const chrome = useChrome();
  const authors = [...new Set(replies.map(({ user }) => user))].slice(0, 4);
  return (
    <button type="button" className="thread-link" data-thread={ts} onClick={() => openThread(ts)}>
      {authors.map((id) => <Avatar key={id} user={users.get(id)} name={users.get(id)?.real_name ?? ""} />)}
      {chrome(replies.length === 1 ? "reply" : "replies", { count: replies.length })}
    </button>
  );
}

/** Reply in a thread, and the shortcuts that the app has for messages. */
function MessageMenu({ message, inThread, onProblem }: { message: Message; inThread: boolean; onProblem: (problem: string) => void }) {
  const { me, shortcuts, openThread } = useSurroundings();
  const chrome = useChrome();
  const entries = shortcuts.filter((one) => one.message).map((one) => ({
    key: one.callback_id,
    label: <><Icon name="bolt" /> {one.name}</>,
    onChoose: () => {
      onProblem("");
      chooseShortcut(me.id, one.callback_id, message).catch((error: Error) => onProblem(`“${one.name}” did not reach the app: ${error.message}`));
    },
  }));
  return (
    <div className="message-tools">
      {!inThread && <button type="button" className="message-tool" aria-label={chrome("replyInThread")} title={chrome("replyInThread")} data-reply={message.ts} onClick={() => openThread(message.ts)}><Icon name="thread" /></button>}
      {entries.length > 0 && <MenuButton label="More actions of this message" className="message-tool" entries={entries}><Icon name="dots" /></MenuButton>}
    </div>
  );
}

function kindOf(message: Message): string {
  if (message.error) return "error";
  return message.command ? "command" : "message";
}

function MessageContent({ message }: { message: Message }) {
  return (
    <>
      {message.command && <p className="typed-command" dir="auto"><CommandText text={message.command} /></p>}
      {message.error && <p className="slack-error"><Icon name="alert" /><span>{message.text || `This failed with the error "${message.error}"`}</span></p>}
      {!message.command && !message.error && (
        message.blocks?.length
          ? <LiveBlocks message={message} />
          : <Mrkdwn text={message.text} automatic={{ links: true, broadcasts: false }} />
      )}
    </>
  );
}

function CommandText({ text }: { text: string }): ReactNode {
  const space = text.indexOf(" ");
  if (space < 0) return <b>{text}</b>;
  return <><b>{text.slice(0, space)}</b><bdi>{text.slice(space)}</bdi></>;
}

function LiveBlocks({ message }: { message: Message }) {
  const { me } = useSurroundings();
  const [failure, setFailure] = useState("");
  const { channel, ts } = message;
  const box = useRef<HTMLDivElement>(null);
  const kept = useKeptFocus(box, message.blocks);
  const interaction = useMemo((): Interaction => ({
    async press(blockID, element, chosen) {
      setFailure("");
      await sendPress({ user: me.id, channel, ts, block_id: blockID, action_id: element.action_id ?? "", ...chosen }).catch((error: Error) => {
        setFailure(error.message);
        throw error;
      });
    },
    suggest: () => Promise.reject(new Error("only dialogs can ask the app for options here")),
  }), [me.id, channel, ts]);
  return (
    <InteractionProvider value={interaction}>
      <div className="blocks" ref={box} tabIndex={-1} {...kept}><Blocks blocks={message.blocks!} /></div>
      {failure && <p className="slack-error" role="alert"><Icon name="alert" /><span>This did not reach the app: {failure}</span></p>}
    </InteractionProvider>
  );
}
