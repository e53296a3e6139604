import { useChrome } from "./chrome";
import { useEffect, useId, useRef, useState, type KeyboardEvent } from "react";
import type { InputValue, Option } from "./api";
import { placeholder, type ValueProperties } from "./controls";
import { useInteraction } from "./interaction";
import { Text } from "./text";

type Field = "selected_option" | "selected_user" | "selected_channel" | "selected_conversation";
type Groups = { label: string; options: Option[] }[];

/** One choice out of a list that is known. */
export function PlainSelect({ element, label, value, onChange, groups, field, describedBy }: ValueProperties & { groups: Groups; field: Field }) {
  const chrome = useChrome();
  const all = groups.flatMap((group) => group.options);
  const current = field === "selected_option" ? value.selected_option?.value : value[field];
  const choose = (wanted: string) => {
    const option = all.find((candidate) => candidate.value === wanted) ?? null;
    onChange({ ...value, [field]: field === "selected_option" ? option : (option?.value ?? null) });
  };
  const draw = (option: Option) => <option key={option.value} value={option.value}>{option.text.text}</option>;
  return (
    <select className="field select" aria-label={label} aria-describedby={describedBy} aria-invalid={describedBy !== undefined} value={current ?? ""} onChange={(event) => choose(event.target.value)} data-action={element.action_id}>
      <option value="">{placeholder(element) ?? chrome("choose")}</option>
      {groups.map((group, index) => (group.label ? <optgroup key={index} label={group.label}>{group.options.map(draw)}</optgroup> : group.options.map(draw)))}
    </select>
  );
}

/** Check marks or radio buttons. */
export function ChoiceList({ element, label, value, onChange, options, single, describedBy }: ValueProperties & { options: Option[]; single?: boolean }) {
  const name = useId();
  const chosen = single ? [value.selected_option?.value] : (value.selected_options ?? []).map((option) => option.value);
  const toggle = (option: Option) => onChange(single ? { ...value, selected_option: option } : toggled(value, option));
  return (
    <fieldset className="choices" aria-label={label} aria-describedby={describedBy} data-action={element.action_id}>
      {options.map((option) => (
        <label key={option.value}>
          <input type={single ? "radio" : "checkbox"} name={name} value={option.value} checked={chosen.includes(option.value)} onChange={() => toggle(option)} />
          <span><Text of={option.text} />{option.description && <small><Text of={option.description} /></small>}</span>
        </label>
      ))}
    </fieldset>
  );
}

function toggled(value: InputValue, option: Option): InputValue {
  const before = value.selected_options ?? [];
  const without = before.filter((candidate) => candidate.value !== option.value);
  return { ...value, selected_options: without.length < before.length ? without : [...before, option] };
}

/** Options that the app is asked for while one types (block_suggestion). */
export function ExternalSelect({ element, blockID, label, value, onChange, describedBy }: ValueProperties) {
  const many = element.type.startsWith("multi_");
  const [typed, setTyped] = useState("");
  const [open, setOpen] = useState(false);
  const { options, state } = useSuggestions({ element, blockID }, typed, open);
  const input = useRef<HTMLInputElement>(null);
  const chosen = many ? (value.selected_options ?? []) : value.selected_option ? [value.selected_option] : [];
  const back = () => setTimeout(() => input.current?.focus()); // once it is drawn again
  const choose = (option: Option) => {
    onChange(many ? toggled(value, option) : { ...value, selected_option: option });
    setTyped("");
    setOpen(false);
  };
  const list = useOptionList(options, choose);
  const remove = (option: Option) => { onChange(many ? toggled(value, option) : { ...value, selected_option: null }); back(); };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === "Escape" && open) { event.preventDefault(); event.stopPropagation(); setOpen(false); return; }
    if (event.key === "Enter") event.preventDefault(); // it chooses; it does not submit
    if (event.key === "ArrowDown" && !open) { event.preventDefault(); setOpen(true); return; }
    if (open && list.onKey(event.key)) event.preventDefault();
  };
  return (
    <div className="combobox" onBlur={(event) => { if (!event.currentTarget.contains(event.relatedTarget)) setOpen(false); }}>
      {chosen.map((option) => (
        <span className="chip" key={option.value}>
          <Text of={option.text} />
          <button type="button" aria-label={`Remove ${option.text.text}`} data-action={element.action_id} onClick={() => remove(option)}>×</button>
        </span>
      ))}
      {(many || chosen.length === 0) && (
        <input
          className="field" role="combobox" ref={input} aria-label={label} aria-autocomplete="list" aria-expanded={open} aria-controls={list.id} data-action={element.action_id}
          aria-activedescendant={open ? list.active : undefined} aria-describedby={describedBy} aria-invalid={describedBy !== undefined}
          placeholder={placeholder(element)} value={typed} dir="auto" autoComplete="off" autoFocus={element.focus_on_load} data-focus-on-load={element.focus_on_load || undefined}
          onClick={() => setOpen(true)} onChange={(event) => { setTyped(event.target.value); setOpen(true); }} onKeyDown={onKeyDown}
        />
      )}
      {open && (
        <ul className="combobox-list" id={list.id} role="listbox" aria-label={label}>
          {options.map((option, index) => (
            <li key={option.value} id={list.idOf(index)} role="option" aria-selected={index === list.at} data-value={option.value} onMouseDown={(event) => event.preventDefault()} onClick={() => choose(option)}>
              <Text of={option.text} />{option.description && <small><Text of={option.description} /></small>}
            </li>
          ))}
          {options.length === 0 && <li className="combobox-note" role="status">{state}</li>}
        </ul>
      )}
    </div>
  );
}

/** The options of a combobox, and which of them the arrow keys have reached; the first is it from the start. */
function useOptionList(options: Option[], choose: (option: Option) => void) {
  const [marked, setMarked] = useState(0);
  const id = useId();
  useEffect(() => setMarked(0), [options]);
  const at = Math.min(marked, options.length - 1);
  useEffect(() => { document.getElementById(`${id}-${at}`)?.scrollIntoView({ block: "nearest" }); }, [at]);
  const onKey = (key: string): boolean => {
    if (options.length === 0) return false;
    if (key === "ArrowDown") setMarked((at + 1) % options.length);
    else if (key === "ArrowUp") setMarked((at - 1 + options.length) % options.length);
    else if (key === "Enter") choose(options[at]!);
    else return false;
    return true;
  };
  return { id, at, active: at >= 0 ? `${id}-${at}` : undefined, idOf: (index: number) => `${id}-${index}`, onKey };
}

function useSuggestions({ element, blockID }: Pick<ValueProperties, "element" | "blockID">, typed: string, open: boolean) {
  const { suggest } = useInteraction();
  const chrome = useChrome();
  const [options, setOptions] = useState<Option[]>([]);
  const [state, setState] = useState("");
  useEffect(() => {
    if (!open) return;
    const least = element.min_query_length ?? 3;
    if (typed.length < least) {
      setOptions([]);
      setState(chrome("typeMore", { count: least }));
      return;
    }
    let current = true;
    setState(chrome("searching"));
    const timer = setTimeout(() => {
      suggest(blockID, element, typed).then(
        (found) => { if (current) { setOptions(found); setState(chrome("nothingFound")); } },
        (error: Error) => { if (current) { setOptions([]); setState(`The app did not answer: ${error.message}`); } },
      );
    }, 150);
    return () => { current = false; clearTimeout(timer); };
  }, [typed, open, blockID, element.action_id]);
  return { options, state };
}
