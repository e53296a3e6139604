import { useCallback, useEffect, useState } from "react";
import type { Channel, State, User } from "./api";

const userKey = "overtime-demo-user";
const channelKey = "overtime-demo-channel";

/** Who looks at the page and at which conversation: in the address, and remembered for the next visit. */
export type Choice = { user: User; channel: Channel };

export function useChoice(state: State | undefined) {
  const [userID, setUserID] = useState(() => remembered("user", userKey));
  const [channelID, setChannelID] = useState(() => remembered("channel", channelKey));
  const choice = state && resolveChoice(state, userID, channelID);

  useEffect(() => {
    if (choice) remember(choice.user.id, choice.channel.id);
  }, [choice?.user.id, choice?.channel.id]);

  const chooseUser = useCallback((id: string) => setUserID(id), []);
  const chooseChannel = useCallback((id: string) => setChannelID(id), []);
  return { choice, chooseUser, chooseChannel };
}

/** What is asked for where it exists, else the first person and the first conversation. */
export function resolveChoice(state: State, userID: string, channelID: string): Choice | undefined {
  const people = state.users.filter((user) => !user.is_bot);
  const user = people.find(({ id }) => id === userID) ?? people[0];
  if (!user) return undefined;
  const channels = visibleChannels(state.channels, user.id);
  const channel = channels.find(({ id }) => id === channelID) ?? channels.find(({ is_im }) => !is_im) ?? channels[0];
  return channel && { user, channel };
}

/** A direct message is seen by its person alone, a channel by its members. */
export function visibleChannels(channels: Channel[], userID: string): Channel[] {
  return channels.filter((channel) => (channel.is_im ? channel.user === userID : (channel.members?.includes(userID) ?? true)));
}

function remembered(name: string, key: string): string {
  const query = new URLSearchParams(location.search);
  const hash = new URLSearchParams(location.hash.replace(/^#/, ""));
  return query.get(name) ?? hash.get(name) ?? readStorage(key) ?? "";
}

function readStorage(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function remember(userID: string, channelID: string) {
  const query = new URLSearchParams(location.search);
  query.set("user", userID);
  query.set("channel", channelID);
  history.replaceState(null, "", `${location.pathname}?${query}`);
  try {
    localStorage.setItem(userKey, userID);
    localStorage.setItem(channelKey, channelID);
  } catch {
    // Storage can be switched off in the browser; the address still holds the choice.
  }
}
