import { Fragment, useEffect, useLayoutEffect, useMemo, useRef, useState, type ReactNode } from "react";
import type { Channel, Message, World } from "./api";
import { useSurroundings, useViewer } from "./context";
import { dayName, isoDay } from "./dates";
import { Icon } from "./icons";
import { MessageView } from "./message";
import { ChannelIcon, useChannelName } from "./sidebar";

type Properties = {
  channel: Channel; messages: Message[]; world: World | undefined; write: (text: string) => void; sockets: number;
  /** The tabs of the app, above its direct messages. */
  tabs?: ReactNode;
};

export function Conversation({ channel, messages: all, world, write, sockets, tabs }: Properties) {
  const name = useChannelName(channel);
  const messages = useMemo(() => all.filter((message) => !isReply(message)), [all]);
  const list = useRef<HTMLDivElement>(null);
  const { atEnd, toEnd, onScroll } = useStickToEnd(list, channel.id, messages);
  return (
    <>
      <ConversationHead channel={channel} />
      {tabs}
      {sockets === 0 && <p className="banner" role="status"><Icon name="plug" />No Socket Mode connection: what is sent now fails, as it would in Slack.</p>}
      <div className="messages-scroll" ref={list} onScroll={onScroll} tabIndex={0} role="region" aria-label="Messages">
        <Beginning channel={channel} name={name} empty={messages.length === 0} world={world} write={write} />
        <div id="messages" key={channel.id} role="log" aria-live="polite" aria-relevant="additions text">
          <MessageList messages={messages} all={all} />
        </div>
      </div>
      {!atEnd && <button type="button" className="to-end" onClick={toEnd}><Icon name="down" />Newest messages</button>}
    </>
  );
}

export function ConversationHead({ channel }: { channel: Channel }) {
  return (
    <div className="conversation-head">
      <ChannelIcon channel={channel} />
      <h2><bdi>{useChannelName(channel)}</bdi></h2>
      {channel.is_ext_shared && <span className="tag">shared with another company</span>}
      {channel.is_private && !channel.is_im && <span className="tag">private</span>}
    </div>
  );
}

/** A reply is drawn in its thread alone. */
export function isReply({ ts, thread_ts: thread }: Message): boolean {
  return thread !== undefined && thread !== ts;
}

/** What everybody reads in a thread. Slack counts no answer that one person alone sees. */
export function publicReplies(replies: Message[]): Message[] {
  return replies.filter((message) => message.ephemeral_to === "");
}

/** What was said in the thread that begins with this message. */
export function repliesTo(ts: string, messages: Message[]): Message[] {
  return messages.filter((message) => message.thread_ts === ts && message.ts !== ts);
}

function MessageList({ messages, all }: { messages: Message[]; all: Message[] }) {
  const viewer = useViewer();
  const day = (message: Message) => isoDay(new Date(Number(message.ts) * 1000), viewer.timeZone);
  return messages.map((message, index) => {
    const before = messages[index - 1];
    const newDay = !before || day(before) !== day(message);
    return (
      <Fragment key={`${message.ts}/${message.user}/${message.ephemeral_to}`}>
        {newDay && <div className="day"><span>{dayName(Number(message.ts) * 1000, viewer)}</span></div>}
        <MessageView message={message} grouped={!newDay && belongsTo(before, message)} replies={publicReplies(repliesTo(message.ts, all))} />
      </Fragment>
    );
  });
}

/** Slack leaves the name out where the same author goes on within five minutes. */
function belongsTo(before: Message, message: Message): boolean {
  const special = before.command || message.command || before.error || message.error;
  if (special || before.user !== message.user || before.ephemeral_to || message.ephemeral_to) return false;
  return Number(message.ts) - Number(before.ts) < 300;
}

function Beginning({ channel, name, empty, world, write }: { channel: Channel; name: string; empty: boolean; world: World | undefined; write: (text: string) => void }) {
  if (!empty) return null;
  const { me } = useSurroundings();
  const running = world?.meetings.filter((meeting) => meeting.state === "running") ?? [];
  const meeting = running.find(({ host }) => host === me.real_name) ?? running[0];
  const examples = [`/extend ${meeting?.id ?? "914083136"} 30`, "/extend list", "/extend help"];
  return (
    <div className="beginning">
      <div className="beginning-icon"><ChannelIcon channel={channel} /></div>
      <h3>This is the beginning of {channel.is_im ? <>your messages with <bdi>{name}</bdi></> : <bdi>#{name}</bdi>}</h3>
      <p>Type a command below, mention @overtime, or take one of these:</p>
      <p className="beginning-examples">{examples.map((text) => <button type="button" key={text} className="example" onClick={() => write(text)}>{text}</button>)}</p>
    </div>
  );
}

/** Keeps the newest message in sight, unless the person has scrolled up to read. */
function useStickToEnd(list: React.RefObject<HTMLDivElement | null>, channelID: string, messages: Message[]) {
  const [atEnd, setAtEnd] = useState(true);
  const sticks = useRef(true);
  const toEnd = () => list.current?.scrollTo({ top: list.current.scrollHeight });
  useLayoutEffect(() => { sticks.current = true; toEnd(); }, [channelID]);
  useLayoutEffect(() => { if (sticks.current) toEnd(); }, [messages]);
  useEffect(() => {
    const observer = new ResizeObserver(() => { if (sticks.current) toEnd(); });
    if (list.current) observer.observe(list.current);
    const content = document.getElementById("messages");
    if (content) observer.observe(content);
    return () => observer.disconnect();
  }, [channelID]);
  const onScroll = () => {
    const element = list.current!;
    sticks.current = element.scrollHeight - element.scrollTop - element.clientHeight < 40;
    setAtEnd(sticks.current);
  };
  return { atEnd, toEnd, onScroll };
}
