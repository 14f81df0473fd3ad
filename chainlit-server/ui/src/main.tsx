import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./components/app/App";
import { theme } from "./components/theme/theme";
import "./styles/tokens.css";
import "./styles/base.css";

theme.start();

const place = document.getElementById("root");
if (place !== null) {
  createRoot(place).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
}
