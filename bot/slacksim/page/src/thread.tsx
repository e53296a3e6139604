import { useChrome } from "./chrome";
import type { Channel, Message, User, World } from "./api";
import { useState } from "react";
import { Composer } from "./composer";
import { useSurroundings } from "./context";
import { publicReplies, repliesTo } from "./conversation";
import { Icon } from "./icons";
import { MessageView } from "./message";
import { useChannelName } from "./sidebar";

type Properties = { first: Message; messages: Message[]; me: User; channel: Channel; world: World | undefined; onSent: () => void };

/** A thread beside its conversation: its first message, the replies, and where one replies. */
export function Thread({ first, messages, me, channel, world, onSent }: Properties) {
  const { openThread } = useSurroundings();
  const [draft, setDraft] = useState("");
  const chrome = useChrome();
  const replies = repliesTo(first.ts, messages);
  const count = publicReplies(replies).length;
  return (
    <aside className="thread" aria-label="Thread" data-thread={first.ts}>
      <div className="conversation-head">
        <h2>{chrome("thread")} <bdi className="thread-place">{useChannelName(channel)}</bdi></h2>
        <button type="button" className="modal-close" aria-label="Close the thread" onClick={() => openThread(undefined)}><Icon name="close" /></button>
      </div>
      <div className="messages-scroll" tabIndex={0} role="region" aria-label="Replies">
        <div id="thread-messages" role="log" aria-live="polite">
          <MessageView message={first} grouped={false} />
          {count > 0 && <div className="day"><span>{chrome(count === 1 ? "reply" : "replies", { count })}</span></div>}
          {replies.map((message) => <MessageView key={message.ts} message={message} grouped={false} />)}
        </div>
      </div>
      <Composer me={me} channel={channel} world={world} draft={draft} setDraft={setDraft} onSent={onSent} threadTS={first.ts} />
    </aside>
  );
}
