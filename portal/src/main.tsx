import "./look/nonce";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./App";
import "./look/look.css";
import { loadAhead } from "./routes";

loadAhead(window.location).catch(() => undefined); // what fails here fails again where it is told

const root = document.getElementById("root");
if (!root) throw new Error("index.html has a #root");
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
