// The search box: a combobox (ARIA) with names as one types. `/` comes here from anywhere;
// Enter searches, or opens the suggestion that ↑ ↓ chose; Escape closes.
import { SearchOutlined } from "@ant-design/icons";
import { useDeferredValue, useEffect, useId, useRef, useState } from "react";
import { useLocation, useNavigate } from "react-router";
import { SuggestDocument } from "../api/generated";
import { useModel } from "../api/model";
import { useAsk } from "../api/use";
import { readSearch, resourceAddress, searchAddress } from "../parts/address";
import { useCommon } from "../words/common";
import { language } from "../words/language";

export function SearchBox({ large = false }: { large?: boolean }) {
  const said = useCommon();
  const { pathname, search } = useLocation();
  const shown = pathname === "/search" ? readSearch(new URLSearchParams(search)).q : "";
  // Another address brings other words: the box starts afresh with them.
  return (
    <form role="search" className={large ? "search-box large" : "search-box"} aria-label={said.search}>
      <Box key={shown} initial={shown} large={large} />
    </form>
  );
}

function Box({ initial, large }: { initial: string; large: boolean }) {
  const said = useCommon();
  const model = useModel();
  const chosenLanguage = language.use();
  const go = useNavigate();
  const list = useId();
  const box = useRef<HTMLInputElement>(null);
  const [text, setText] = useState(initial);
  const [open, setOpen] = useState(false);
  const [at, setAt] = useState(-1);
  useSlash(box);

  const prefix = useDeferredValue(text.trim());
  const asked = useAsk(SuggestDocument, { prefix }, { enabled: open && prefix !== "", keep: true });
  const found = open && prefix ? (asked.data?.suggest ?? []) : [];

  const leave = (address: string) => {
    setOpen(false);
    box.current?.blur();
    void go(address);
  };
  const submit = () => {
    const hit = found[at];
    leave(hit ? resourceAddress(hit.id) : searchAddress({ q: text.trim() }));
  };
  const move = (by: number) => setAt((now) => (now + by + 1 + found.length + 1) % (found.length + 1) - 1);

  return (
    <>
      <SearchOutlined className="search-icon" />
      <input
        ref={box}
        type="search"
        role="combobox"
        aria-label={said.search}
        aria-expanded={found.length > 0}
        aria-controls={list}
        aria-autocomplete="list"
        aria-activedescendant={at >= 0 ? `${list}-${at}` : undefined}
        autoComplete="off"
        placeholder={said.searchHint}
        title={said.searchKey}
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setAt(-1);
          setOpen(true);
        }}
        onFocus={() => setOpen(text !== initial)}
        onBlur={() => setOpen(false)}
        onKeyDown={(event) => {
          if (event.nativeEvent.isComposing) return; // an input method is at work: its keys are its own
          if (event.key === "ArrowDown" || event.key === "ArrowUp") {
            event.preventDefault();
            if (open) move(event.key === "ArrowDown" ? 1 : -1);
            else setOpen(true);
          } else if (event.key === "Enter") {
            event.preventDefault();
            submit();
          } else if (event.key === "Escape") {
            if (found.length) event.preventDefault(); // closes the list; what is typed goes with the next one
            setOpen(false);
            setAt(-1);
          }
        }}
      />
      {!large && <kbd aria-hidden="true">/</kbd>}
      {large && (
        <button type="button" className="search-go" onClick={submit}>
          {said.search}
        </button>
      )}
      <ul id={list} role="listbox" aria-label={said.suggestions} className="suggestions" hidden={!found.length}>
        {found.map((hit, index) => (
          <li
            key={hit.id}
            id={`${list}-${index}`}
            role="option"
            aria-selected={index === at}
            onMouseDown={(event) => {
              event.preventDefault(); // before the blur that closes the list
              leave(resourceAddress(hit.id));
            }}
          >
            <span>{hit.title}</span>
            <small>{model.classLabel(hit.type, chosenLanguage)}</small>
          </li>
        ))}
      </ul>
    </>
  );
}

/** `/` brings the keyboard here, unless it is being typed somewhere. */
function useSlash(box: React.RefObject<HTMLInputElement | null>) {
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement;
      if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
      if (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName)) return;
      event.preventDefault();
      box.current?.focus();
      box.current?.select();
    };
    window.addEventListener("keydown", pressed);
    return () => window.removeEventListener("keydown", pressed);
  }, [box]);
}
