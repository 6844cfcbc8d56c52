// Choosing resources by name as one types, one or several, of any class or of some.
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Select } from "antd";
import { useDeferredValue, useState } from "react";
import { ask } from "../api/client";
import { PickDocument, PickedTitlesDocument } from "../api/generated";
import { useModel } from "../api/model";
import { useAsk } from "../api/use";
import { language } from "../words/language";
import { titlesOf, together } from "./titles";

export interface ResourcePickProps {
  value: readonly string[];
  onChange: (ids: string[]) => void;
  types?: readonly string[];
  many?: boolean;
  label: string;
  hint?: string;
  id?: string;
  invalid?: boolean;
  autoFocus?: boolean;
}

export function ResourcePick({ value, onChange, types, many, label, hint, id, invalid, autoFocus }: ResourcePickProps) {
  const model = useModel();
  const chosen = language.use();
  const [typed, setTyped] = useState("");
  const query = useDeferredValue(typed.trim());
  const found = useAsk(PickDocument, { query, types: types ? [...types] : null }, { enabled: query !== "", keep: true });
  const titles = useTitles(value);
  const listed = query ? (found.data?.search.hits ?? []) : [];
  const options = listed.map((hit) => ({
    value: hit.id,
    label: hit.title,
    note: [model.classLabel(hit.type, chosen), ending(hit.id)].join(" · "),
  }));
  const known = new Set(options.map((option) => option.value));
  const here = value.filter((one) => !known.has(one)).map((one) => ({ value: one, label: titles.get(one) ?? one, note: ending(one) }));
  return (
    <Select
      id={id}
      className="pick"
      mode={many ? "multiple" : undefined}
      value={many ? [...value] : value[0]}
      onChange={(next: string | string[] | undefined) => {
        setTyped("");
        onChange(next === undefined ? [] : Array.isArray(next) ? next : [next]);
      }}
      showSearch={{ filterOption: false, onSearch: setTyped, searchValue: typed }}
      options={[...options, ...(query ? [] : here)]}
      labelRender={({ value: of, label: shown }) => titles.get(String(of)) ?? shown ?? String(of)}
      optionRender={(option) => (
        <span className="pick-option">
          {option.label}
          <small className="soft">{option.data.note}</small>
        </span>
      )}
      notFoundContent={null}
      allowClear
      aria-label={label}
      placeholder={hint ?? label}
      status={invalid ? "error" : undefined}
      autoFocus={autoFocus}
    />
  );
}

/** What these resources are called; all that a page wants to know at once is one question. */
export function useTitles(ids: readonly string[]): ReadonlyMap<string, string> {
  const first = ids.slice(0, MOST);
  const asked = useQuery({
    queryKey: [PickedTitlesDocument.toString(), first],
    queryFn: () => titles(first),
    enabled: first.length > 0,
    placeholderData: keepPreviousData,
  });
  return asked.data ?? NONE;
}

const MOST = 500;
const NONE: ReadonlyMap<string, string> = new Map();
const titles = together(async (ids) => titlesOf(ids, (await ask(PickedTitlesDocument, { ids })).resources), MOST);

/** The end of an id, which tells the most. */
export const ending = (id: string): string => id.slice(id.indexOf(":") + 1).replace(/^.*\/(?=[^/]+$)/, "");
