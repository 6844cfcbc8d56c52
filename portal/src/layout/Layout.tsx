// What surrounds every page: brand, search, menu, language and colours; and what must be
// said whatever the page: offline, sign in.
import { MoonOutlined, SunOutlined } from "@ant-design/icons";
import { Button, Tooltip } from "antd";
import { type ReactNode, useEffect, useRef, useSyncExternalStore } from "react";
import { Link, NavLink, useLocation } from "react-router";
import { ask, missing, token } from "../api/client";
import { HealthDocument } from "../api/generated";
import { queries } from "../api/use";
import { FileLink } from "../parts/FileLink";
import { look, useDark } from "../look/look";
import { routes } from "../routes";
import { useCommon } from "../words/common";
import { inLanguage, language } from "../words/language";
import { useKeptFocus } from "./focus";
import { useNearing } from "./nearing";
import { SearchBox } from "./SearchBox";

export function Layout({ children }: { children: ReactNode }) {
  const said = useCommon();
  const main = useFreshPage();
  useKeptFocus(main);
  useNearing();
  const { pathname } = useLocation();
  return (
    <>
      <a className="skip" href="#main">
        {said.skip}
      </a>
      <header className="head">
        <div className="head-line">
          <Link to="/" className="brand">
            <img src="/static/mulu.svg" alt="" width={28} height={28} />
            <strong>{said.brand}</strong>
            <span>{said.motto}</span>
          </Link>
          <Menu />
          {pathname !== "/" && <SearchBox />}
          <div className="head-tools">
            <Tools />
          </div>
        </div>
      </header>
      <Offline />
      <Down />
      <main id="main" ref={main} tabIndex={-1}>
        {children}
      </main>
      <footer className="foot">
        <span>{said.footer}</span>
        <nav aria-label={said.api}>
          <a href="/graphiql">GraphQL</a>
          <FileLink path="/export">{said.exportAll}</FileLink>
          <a href="/readyz">{said.health}</a>
        </nav>
      </footer>
    </>
  );
}

function Menu() {
  const said = useCommon();
  const chosen = language.use();
  return (
    <nav className="menu" aria-label={said.menu}>
      {routes.map(
        ({ path, menu }) =>
          menu && (
            <NavLink key={path} to={path} end>
              {inLanguage(menu, chosen)}
            </NavLink>
          ),
      )}
    </nav>
  );
}

function Tools() {
  const said = useCommon();
  const chosen = language.use();
  const dark = useDark();
  const signedIn = token.use();
  return (
    <>
      <Tooltip title={dark ? said.light : said.dark}>
        <Button
          type="text"
          aria-label={dark ? said.light : said.dark}
          icon={dark ? <SunOutlined /> : <MoonOutlined />}
          onClick={() => look.set(dark ? "light" : "dark")}
        />
      </Tooltip>
      <Button
        type="text"
        lang={chosen === "zh" ? "en" : "zh-CN"}
        title={said.languageTitle}
        onClick={() => language.set(chosen === "zh" ? "en" : "zh")}
      >
        {said.language}
      </Button>
      {signedIn && (
        <Button
          type="text"
          onClick={() => {
            token.set("");
            window.location.reload();
          }}
        >
          {said.signOut}
        </Button>
      )}
    </>
  );
}

function watchNetwork(changed: () => void): () => void {
  window.addEventListener("online", changed);
  window.addEventListener("offline", changed);
  return () => {
    window.removeEventListener("online", changed);
    window.removeEventListener("offline", changed);
  };
}

function Offline() {
  const said = useCommon();
  const online = useSyncExternalStore(watchNetwork, () => navigator.onLine);
  return online ? null : (
    <p className="offline" role="status">
      {said.offlineBar}
    </p>
  );
}

/** Milliseconds between two questions whether what was down is back. */
const AGAIN = 5_000;

/** What of the ledger does not answer, and what can be done meanwhile. */
function Down() {
  const said = useCommon();
  const parts = missing.use();
  const down = parts.length > 0;
  useEffect(() => {
    if (!down) return;
    const timer = setInterval(() => {
      void ask(HealthDocument, {}).then(
        ({ freshness }) => {
          missing.set(freshness.missing);
          if (freshness.missing.length === 0) void queries.invalidateQueries();
        },
        () => undefined, // still down, or no network: said already
      );
    }, AGAIN);
    return () => clearInterval(timer);
  }, [down]);
  if (!down) return null;
  return (
    <p className="offline" role="status">
      {parts.map((part) => said.down[part as keyof typeof said.down] ?? part).join(" ")}
    </p>
  );
}

/** A new page begins at its top, with the keyboard there too; the first one where it is. */
function useFreshPage() {
  const { pathname } = useLocation();
  const main = useRef<HTMLElement>(null);
  const first = useRef(true);
  useEffect(() => {
    if (first.current) {
      first.current = false;
      return;
    }
    window.scrollTo(0, 0);
    if (!main.current?.contains(document.activeElement)) main.current?.focus({ preventScroll: true });
  }, [pathname]);
  return main;
}
