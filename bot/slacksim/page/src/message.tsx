import { useMemo, useState, type ReactNode } from "react";
import { sendPress, type Message } from "./api";
import { Avatar } from "./avatar";
import { Blocks } from "./blocks";
import { useSurroundings, useViewer } from "./context";
import { timeOfDay, wholeDate } from "./dates";
import { ErrorBoundary } from "./error_boundary";
import { Icon } from "./icons";
import { InteractionProvider, type Interaction } from "./interaction";
import { Mrkdwn } from "./text";

export function MessageView({ message, grouped }: { message: Message; grouped: boolean }) {
  const { users } = useSurroundings();
  const viewer = useViewer();
  const author = users.get(message.user);
  const name = author?.real_name || message.username || author?.name || message.user;
  const isApp = author ? author.is_bot : true;
  const sent = Number(message.ts) * 1000;
  const onlyYou = message.ephemeral_to !== "" || message.command !== "" || message.error !== "";
  return (
    <article className="message" data-ts={message.ts} data-ephemeral={onlyYou} data-grouped={grouped} data-kind={kindOf(message)} aria-label={`${name}, ${timeOfDay(sent, viewer)}`}>
      {onlyYou && <p className="only-you"><Icon name="eye" />Only visible to you</p>}
      <div className="message-margin">
        {grouped ? <time className="message-time">{timeOfDay(sent, viewer)}</time> : <Avatar user={author} name={name} />}
      </div>
      <div className="message-body">
        {!grouped && (
          <p className="message-head">
            <bdi className="message-author">{name}</bdi>
            {isApp && <span className="app-badge">APP</span>}
            {author?.is_restricted && <span className="tag">guest</span>}
            <time className="message-time" dateTime={new Date(sent).toISOString()} title={wholeDate(sent, viewer)}>{timeOfDay(sent, viewer)}</time>
          </p>
        )}
        <ErrorBoundary fallback={<p className="unknown">{message.text || "This message could not be drawn."}</p>}>
          <MessageContent message={message} />
        </ErrorBoundary>
        {message.edited && <span className="edited"> (edited)</span>}
      </div>
    </article>
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
      <Blocks blocks={message.blocks!} />
      {failure && <p className="slack-error" role="alert"><Icon name="alert" /><span>This did not reach the app: {failure}</span></p>}
    </InteractionProvider>
  );
}
