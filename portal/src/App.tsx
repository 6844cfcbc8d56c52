import { QueryClientProvider } from "@tanstack/react-query";
import { Button, ConfigProvider, Result } from "antd";
import english from "antd/locale/en_US";
import chinese from "antd/locale/zh_CN";
import { type ReactNode, useEffect, useMemo } from "react";
import { createBrowserRouter, Link, Route, RouterProvider, Routes } from "react-router";
import { signIn } from "./api/client";
import { ModelDocument } from "./api/generated";
import { Model, ModelContext } from "./api/model";
import { queries, useAsk } from "./api/use";
import { Layout } from "./layout/Layout";
import { useDark } from "./look/look";
import { themeOf } from "./look/theme";
import { later } from "./parts/later";
import { Answer, Fenced } from "./parts/states";
import { routes } from "./routes";
import { useCommon } from "./words/common";
import { language } from "./words/language";

const SignIn = later(() => import("./layout/SignIn"), () => null);

/** Its own routes are inside; this kind of router lets a page with unsaved changes be kept. */
const router = createBrowserRouter([{ path: "*", element: <Pages /> }]);

function Pages() {
  return (
    <WithModel>
      <Layout>
        <Fenced>
          <Routes>
            {routes.map(({ path, page: Page }) => (
              <Route key={path} path={path} element={<Page />} />
            ))}
            <Route path="*" element={<Missing />} />
          </Routes>
        </Fenced>
      </Layout>
    </WithModel>
  );
}

export function App() {
  const dark = useDark();
  const chosen = language.use();
  useEffect(() => {
    document.documentElement.dataset.look = dark ? "dark" : "light";
    document.documentElement.lang = chosen === "zh" ? "zh-CN" : "en";
  }, [dark, chosen]);
  const theme = useMemo(() => themeOf(dark), [dark]);
  return (
    <ConfigProvider theme={theme} locale={chosen === "zh" ? chinese : english} button={{ autoInsertSpace: false }}>
      <QueryClientProvider client={queries}>
        <RouterProvider router={router} />
        <AskedToSignIn />
      </QueryClientProvider>
    </ConfigProvider>
  );
}

function WithModel({ children }: { children: ReactNode }) {
  const asked = useAsk(ModelDocument, {}, { staleTime: Number.POSITIVE_INFINITY });
  const model = useMemo(() => asked.data && new Model(asked.data.ontology, asked.data.zone), [asked.data]);
  return (
    <Answer asked={{ ...asked, data: model }}>
      {(loaded) => <ModelContext value={loaded}>{children}</ModelContext>}
    </Answer>
  );
}

function AskedToSignIn() {
  const wanted = signIn.use();
  return wanted ? <SignIn /> : null;
}

function Missing() {
  const said = useCommon();
  return (
    <Result
      status="404"
      title={said.missingTitle}
      subTitle={said.missingText}
      extra={
        <Link to="/">
          <Button type="primary">{said.toHome}</Button>
        </Link>
      }
    />
  );
}
