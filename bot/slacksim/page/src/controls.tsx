import { useState } from "react";
import type { Chosen, Element, InputValue, Option } from "./api";
import { OverflowMenu, PressButton } from "./buttons";
import { useSurroundings } from "./context";
import { useInteraction, usePending } from "./interaction";
import { ChoiceList, ExternalSelect, PlainSelect } from "./selects";

type Properties = {
  element: Element; blockID: string; label?: string; input?: boolean;
  /** The element that says what is wrong with the value. */
  describedBy?: string;
};

/** Any interactive element of Block Kit, live. An `input` only collects; the others act when they change. */
export function Control(properties: Properties) {
  const { element, blockID } = properties;
  if (element.type === "button" || element.type === "workflow_button") return <PressButton element={element} blockID={blockID} />;
  if (element.type === "overflow") return <OverflowMenu element={element} blockID={blockID} />;
  return <ValueControl {...properties} />;
}

function ValueControl({ element, blockID, label, input, describedBy }: Properties) {
  const { values, setValue, press } = useInteraction();
  const [own, setOwn] = useState<InputValue>(() => initialValue(element));
  const [pending, begin] = usePending();
  const value = values?.[blockID]?.[element.action_id ?? ""] ?? own;
  const change = (next: InputValue) => {
    setOwn(next);
    setValue?.(blockID, element, next);
    if (!input) begin(press(blockID, element, chosenIn(next)));
  };
  return (
    <span className="control" aria-busy={pending}>
      <ValueElement element={element} blockID={blockID} label={label ?? placeholder(element) ?? element.action_id ?? ""} value={value} onChange={change} describedBy={describedBy} />
      {pending && <span className="spinner" />}
    </span>
  );
}

export type ValueProperties = {
  element: Element; blockID: string; label: string; value: InputValue; onChange: (value: InputValue) => void;
  describedBy?: string;
};

function ValueElement(properties: ValueProperties) {
  const { element } = properties;
  const { users, channels } = useSurroundings();
  const people = () => [...users.values()].filter((user) => !user.is_bot).map((user) => named(user.real_name || user.name, user.id));
  const rooms = () => [...channels.values()].filter((channel) => !channel.is_im).map((channel) => named("#" + channel.name, channel.id));
  switch (element.type) {
    case "static_select": return <PlainSelect {...properties} groups={optionGroups(element)} field="selected_option" />;
    case "users_select": return <PlainSelect {...properties} groups={[{ label: "", options: people() }]} field="selected_user" />;
    case "channels_select": return <PlainSelect {...properties} groups={[{ label: "", options: rooms() }]} field="selected_channel" />;
    case "conversations_select": return <PlainSelect {...properties} groups={[{ label: "", options: rooms() }]} field="selected_conversation" />;
    case "external_select":
    case "multi_external_select": return <ExternalSelect {...properties} />;
    case "radio_buttons": return <ChoiceList {...properties} options={element.options ?? []} single />;
    case "checkboxes": return <ChoiceList {...properties} options={element.options ?? []} />;
    case "multi_static_select": return <ChoiceList {...properties} options={optionGroups(element).flatMap((group) => group.options)} />;
    case "multi_users_select": return <ChoiceList {...properties} options={people()} />;
    case "multi_channels_select":
    case "multi_conversations_select": return <ChoiceList {...properties} options={rooms()} />;
    default: return <TypedInput {...properties} />;
  }
}

const inputTypes: Record<string, { type: string; field: "value" | "selected_date" | "selected_time" | "selected_date_time" }> = {
  plain_text_input: { type: "text", field: "value" },
  email_text_input: { type: "email", field: "value" },
  url_text_input: { type: "url", field: "value" },
  number_input: { type: "number", field: "value" },
  datepicker: { type: "date", field: "selected_date" },
  timepicker: { type: "time", field: "selected_time" },
  datetimepicker: { type: "datetime-local", field: "selected_date_time" },
};

function TypedInput({ element, label, value, onChange, describedBy }: ValueProperties) {
  const kind = inputTypes[element.type];
  if (!kind) return <span className="unknown">An element of the type “{element.type}” is not drawn by this page.</span>;
  const shared = {
    "aria-label": label, "aria-describedby": describedBy, "aria-invalid": describedBy !== undefined, "data-action": element.action_id, placeholder: placeholder(element), autoFocus: element.focus_on_load, "data-focus-on-load": element.focus_on_load || undefined,
    minLength: element.min_length, maxLength: element.max_length, dir: "auto", className: "field",
  };
  if (element.multiline) {
    return <textarea {...shared} rows={4} value={value.value ?? ""} onChange={(event) => onChange({ ...value, value: event.target.value || null })} />;
  }
  const step = element.type === "number_input" ? (element.is_decimal_allowed ? "any" : 1) : undefined;
  return (
    <input
      {...shared} type={kind.type} step={step} min={element.min_value} max={element.max_value}
      value={shownValue(value, kind.field)}
      onChange={(event) => onChange({ ...value, [kind.field]: storedValue(event.target.value, kind.field) })}
    />
  );
}

function shownValue(value: InputValue, field: "value" | "selected_date" | "selected_time" | "selected_date_time"): string {
  const stored = value[field];
  if (field !== "selected_date_time" || !stored) return String(stored ?? "");
  const local = new Date(Number(stored) * 1000);
  return new Date(local.getTime() - local.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

function storedValue(text: string, field: string): string | number | null {
  if (text === "") return null;
  return field === "selected_date_time" ? Math.floor(new Date(text).getTime() / 1000) : text;
}

const named = (text: string, value: string): Option => ({ text: { type: "plain_text", text, emoji: false }, value });

export const placeholder = (element: Element): string | undefined => element.placeholder?.text;

function optionGroups(element: Element): { label: string; options: Option[] }[] {
  if (element.option_groups) return element.option_groups.map((group) => ({ label: group.label.text, options: group.options }));
  return [{ label: "", options: element.options ?? [] }];
}

/** What an element holds before anybody touched it, in the shape of `view.state.values`. */
export function initialValue(element: Element): InputValue {
  const { type } = element;
  if (type === "checkboxes" || type.startsWith("multi_")) return { type, selected_options: element.initial_options ?? [] };
  if (type === "static_select" || type === "external_select" || type === "radio_buttons") {
    return { type, selected_option: element.initial_option ?? null };
  }
  if (type === "users_select") return { type, selected_user: element.initial_user ?? null };
  if (type === "channels_select") return { type, selected_channel: element.initial_channel ?? null };
  if (type === "conversations_select") return { type, selected_conversation: element.initial_conversation ?? null };
  if (type === "datepicker") return { type, selected_date: element.initial_date ?? null };
  if (type === "timepicker") return { type, selected_time: element.initial_time ?? null };
  if (type === "datetimepicker") return { type, selected_date_time: element.initial_date_time ?? null };
  return { type, value: element.initial_value ?? null };
}

function chosenIn(value: InputValue): Chosen {
  if (value.selected_options) return { value: "", selected_options: value.selected_options };
  const chosen = value.selected_option?.value ?? value.selected_user ?? value.selected_channel ?? value.selected_conversation;
  const picked = value.selected_date ?? value.selected_time ?? value.selected_date_time;
  return { value: String(chosen ?? picked ?? value.value ?? ""), selected_option: value.selected_option ?? undefined };
}
