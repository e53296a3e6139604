import type { ReactNode } from "react";
import type { TextObject } from "./api";
import { useSurroundings, useViewer } from "./context";
import { formatSlackDate, wholeDate } from "./dates";
import { emojiCharacter } from "./emoji";
import { automaticEverything, automaticNothing, parseMrkdwn, safeAddress, type Automatic, type Inline, type Paragraph } from "./mrkdwn";

/** A Block Kit text object: plain text stays as it is, but for emoji where it allows them. */
export function Text({ of }: { of: TextObject | string }) {
  if (typeof of === "string") return <PlainText text={of} emoji />;
  if (of.type === "mrkdwn") return <Mrkdwn text={of.text} automatic={of.verbatim ? automaticNothing : automaticEverything} />;
  return <PlainText text={of.text} emoji={of.emoji !== false} />;
}

export function PlainText({ text, emoji }: { text: string; emoji: boolean }) {
  if (!emoji) return <bdi className="plain-text">{text}</bdi>;
  return <bdi className="plain-text">{text.split(/(:[a-z0-9_+'-]+:)/).map((part, index) => (index % 2 ? <Emoji key={index} name={part.slice(1, -1)} /> : part))}</bdi>;
}

export function Mrkdwn({ text, automatic }: { text: string; automatic: Automatic }) {
  return <div className="mrkdwn">{parseMrkdwn(text, automatic).map((paragraph, index) => <ParagraphView key={index} of={paragraph} />)}</div>;
}

function ParagraphView({ of }: { of: Paragraph }) {
  if (of.kind === "preformatted") return <pre dir="auto">{of.text}</pre>;
  const content = of.content.map((inline, index) => <InlineView key={index} of={inline} />);
  return of.kind === "quote" ? <blockquote dir="auto">{content}</blockquote> : <p dir="auto">{content}</p>;
}

function InlineView({ of }: { of: Inline }) {
  let drawn = <Unstyled of={of} />;
  if (of.style.strike) drawn = <s>{drawn}</s>;
  if (of.style.italic) drawn = <em>{drawn}</em>;
  if (of.style.bold) drawn = <strong>{drawn}</strong>;
  return drawn;
}

function Unstyled({ of }: { of: Inline }): ReactNode {
  switch (of.kind) {
    case "text": return of.text;
    case "code": return <code dir="auto">{of.text}</code>;
    case "emoji": return <Emoji name={of.name} skinTone={of.skinTone} />;
    case "user": return <UserMention id={of.id} label={of.label} />;
    case "channel": return <ChannelMention id={of.id} label={of.label} />;
    case "group": return <span className="mention">@{of.label.replace(/^@/, "") || of.id}</span>;
    case "broadcast": return <span className="mention mention-broadcast">@{of.range}</span>;
    case "link": return <Link href={of.href}>{of.text}</Link>;
    case "date": return <SlackDate {...of} />;
  }
}

export function Emoji({ name, skinTone }: { name: string; skinTone?: number }) {
  const character = emojiCharacter(name, skinTone);
  if (!character) return <>:{name}:</>;
  return <span className="emoji" role="img" aria-label={name.replaceAll("_", " ")} title={`:${name}:`}>{character}</span>;
}

export function UserMention({ id, label }: { id: string; label?: string }) {
  const { users, me } = useSurroundings();
  const user = users.get(id);
  const className = id === me.id ? "mention mention-me" : "mention";
  return <bdi className={className}>@{user?.real_name || user?.name || label || id}</bdi>;
}

export function ChannelMention({ id, label }: { id: string; label?: string }) {
  const { channels, openChannel } = useSurroundings();
  const channel = channels.get(id);
  if (!channel) return <bdi className="mention">#{label || id}</bdi>;
  return <button type="button" className="mention mention-channel" onClick={() => openChannel(id)}>#{channel.name}</button>;
}

export function Link({ href, children }: { href: string; children: ReactNode }) {
  const address = safeAddress(href);
  if (!address) return <>{children}</>;
  return <a href={address} target="_blank" rel="noopener noreferrer" dir="auto">{children}</a>;
}

type DateProperties = { seconds: number; format: string; href?: string; fallback: string };

export function SlackDate({ seconds, format, href, fallback }: DateProperties) {
  const viewer = useViewer();
  const instant = new Date(seconds * 1000);
  if (Number.isNaN(instant.getTime())) return <>{fallback}</>;
  const drawn = (
    <time dateTime={instant.toISOString()} title={wholeDate(instant.getTime(), viewer)}>
      {formatSlackDate(seconds, format, viewer)}
    </time>
  );
  return href ? <Link href={href}>{drawn}</Link> : drawn;
}
