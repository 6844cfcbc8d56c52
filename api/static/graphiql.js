// Starts GraphiQL on this server's own endpoint, subscriptions over graphql-transport-ws.
"use strict";
const socket = location.protocol === "https:" ? "wss:" : "ws:";
const token = sessionStorage.getItem("token"); // signed in on the start page
const signed = token ? { Authorization: `Bearer ${token}` } : {};
const fetcher = GraphiQL.createFetcher({
  url: "/graphql",
  headers: signed,
  wsConnectionParams: signed,
  subscriptionUrl: `${socket}//${location.host}/graphql`,
});
const example = `# mulu 目录: GraphQL
# 左上角的图标打开文档 / the icon at the top left opens the documentation, in both languages
{
  search(query: "人口", facets: ["type"], first: 5) {
    total
    hits { id type title resource { sources version } }
    facets { name values { value count } }
  }
}
`;
ReactDOM.createRoot(document.getElementById("graphiql")).render(
  React.createElement(GraphiQL, { fetcher, defaultQuery: example }),
);
