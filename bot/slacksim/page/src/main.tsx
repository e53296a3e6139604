import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app";
import { ErrorBoundary } from "./error_boundary";
import "./style/base.css";
import "./style/frame.css";
import "./style/message.css";
import "./style/composer.css";
import "./style/world.css";

const failed = <p className="starting">The page met an error in its own code. Reload it to go on.</p>;

createRoot(document.getElementById("root")!).render(
  <StrictMode>
    <ErrorBoundary fallback={failed}><App /></ErrorBoundary>
  </StrictMode>,
);
