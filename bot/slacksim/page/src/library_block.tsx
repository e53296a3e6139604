import { Message } from "slack-blocks-to-jsx";
import "slack-blocks-to-jsx/dist/style.css";
import type { Block } from "./api";
import { ChannelMention, Emoji, Link, SlackDate, UserMention } from "./text";
import { useSurroundings } from "./context";

type Properties = Parameters<typeof Message>[0];
type Hooks = NonNullable<Properties["hooks"]>;

const hooks: Hooks = {
  user: ({ id, name }) => <UserMention id={id} label={name} />,
  channel: ({ id, name }) => <ChannelMention id={id} label={name} />,
  emoji: ({ name }) => <Emoji name={name} />,
  date: ({ timestamp, format, link, fallback }) => (
    <SlackDate seconds={Number(timestamp)} format={format} href={link ?? undefined} fallback={fallback} />
  ),
  link: ({ href, children }) => <Link href={href}>{children}</Link>,
};

/** What the page does not draw itself (rich text, tables, Markdown, alerts, cards …), by slack-blocks-to-jsx. */
export default function LibraryBlock({ block }: { block: Block }) {
  const { users, channels } = useSurroundings();
  const data = {
    users: [...users.values()].map(({ id, real_name, name }) => ({ id, name: real_name || name, avatar: "" })),
    channels: [...channels.values()].map(({ id, name }) => ({ id, name })),
    user_groups: [],
  };
  const blocks = [withoutRemotePictures(block)] as unknown as Properties["blocks"];
  return (
    <div className="library-block">
      <Message blocks={blocks} data={data} hooks={hooks} withoutWrapper name="" logo="" />
    </div>
  );
}

const nothing = "data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==";
const pictureFields = new Set(["image_url", "thumbnail_url", "video_url", "author_icon", "provider_icon_url", "icon_url", "url_private"]);

/** A copy that makes the browser fetch nothing: the page shows text of strangers. */
export function withoutRemotePictures(block: Block): Block {
  const copy = JSON.stringify(block, (key, value: unknown) => {
    if (typeof value !== "string") return value;
    if (pictureFields.has(key) && !value.startsWith("data:image/")) return nothing;
    return block.type === "markdown" && key === "text" ? value.replaceAll("![", "[") : value;
  });
  return JSON.parse(copy) as Block;
}
