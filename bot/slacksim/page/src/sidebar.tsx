import type { Channel, User } from "./api";
import { Avatar, slackbotID } from "./avatar";
import { useSurroundings } from "./context";
import { Icon } from "./icons";

type Properties = { team: string; channels: Channel[]; open: string; unread: Map<string, number>; onOpen: (id: string) => void };

export function Sidebar({ team, channels, open, unread, onOpen }: Properties) {
  const rooms = channels.filter((channel) => !channel.is_im);
  const direct = channels.filter((channel) => channel.is_im);
  const draw = (channel: Channel) => (
    <li key={channel.id}>
      <ChannelLink channel={channel} open={channel.id === open} unread={unread.get(channel.id) ?? 0} onOpen={onOpen} />
    </li>
  );
  return (
    <nav className="sidebar" aria-label="Conversations">
      <p className="sidebar-team"><bdi>{team}</bdi></p>
      <h2>Channels</h2>
      <ul>{rooms.map(draw)}</ul>
      <h2>Direct messages</h2>
      <ul>{direct.map(draw)}</ul>
      {direct.length === 0 && <p className="sidebar-note">None yet. The bot writes here when it has something for you alone.</p>}
      <p className="sidebar-foot">A stand-in for Slack, on this machine alone. The bot behind it is the real one.</p>
    </nav>
  );
}

type LinkProperties = { channel: Channel; open: boolean; unread: number; onOpen: (id: string) => void };

function ChannelLink({ channel, open, unread, onOpen }: LinkProperties) {
  return (
    <button type="button" className="channel-link" data-channel={channel.id} data-unread={unread > 0} aria-current={open ? "page" : undefined} onClick={() => onOpen(channel.id)}>
      <ChannelIcon channel={channel} />
      <bdi className="channel-name">{useChannelName(channel)}</bdi>
      {channel.is_ext_shared && <span className="channel-shared" title="Shared with another company"><Icon name="shared" /><span className="hidden-text">shared with another company</span></span>}
      {unread > 0 && (channel.is_im
        ? <span className="unread-count">{unread}<span className="hidden-text"> unread</span></span>
        : <span className="unread-dot"><span className="hidden-text">unread</span></span>)}
    </button>
  );
}

export function ChannelIcon({ channel }: { channel: Channel }) {
  const { users } = useSurroundings();
  if (channel.is_im) {
    return <Avatar user={appOf(users)} name="" />;
  }
  return <Icon name={channel.is_private ? "lock" : "hash"} />;
}

/** The app's own user: the one bot that is not Slack's. */
function appOf(users: Map<string, User>): User | undefined {
  return [...users.values()].find((user) => user.is_bot && user.id !== slackbotID);
}

/** A direct message is a conversation with the app, so it carries the app's name. */
export function useChannelName(channel: Channel): string {
  const { users } = useSurroundings();
  if (!channel.is_im) return channel.name;
  const bot = appOf(users);
  return bot?.real_name || bot?.name || "App";
}
