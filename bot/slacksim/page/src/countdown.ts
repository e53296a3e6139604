/** Time that is left, as 4:05, 59:59 or 1:00:00; "0:00" when over. Milliseconds. */
export function formatCountdown(milliseconds: number): string {
  const seconds = Math.max(0, Math.ceil(milliseconds / 1000));
  const two = (value: number) => String(value).padStart(2, "0");
  const minutes = Math.floor(seconds / 60) % 60;
  const hours = Math.floor(seconds / 3600);
  const tail = two(seconds % 60);
  return hours > 0 ? `${hours}:${two(minutes)}:${tail}` : `${minutes}:${tail}`;
}

export type Urgency = "calm" | "soon" | "urgent" | "over";

const minute = 60_000;

/** Ten minutes before its end a meeting is "soon" over, and "urgent" in the last three. */
export function urgency(milliseconds: number): Urgency {
  if (milliseconds <= 0) return "over";
  if (milliseconds <= 3 * minute) return "urgent";
  return milliseconds <= 10 * minute ? "soon" : "calm";
}

/** Part of the bar that is filled, 0 to 1: an hour or more fills it. */
export function barShare(milliseconds: number): number {
  return Math.min(1, Math.max(0, milliseconds / (60 * minute)));
}

/** For screen readers, by the minute so that it is not read out each second. */
export function spokenCountdown(milliseconds: number): string {
  if (milliseconds <= 0) return "ended";
  const minutes = Math.ceil(milliseconds / minute);
  return minutes === 1 ? "ends within a minute" : `ends in ${minutes} minutes`;
}
