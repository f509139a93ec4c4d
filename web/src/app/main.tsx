import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { followDrafts } from "../api/drafts.ts";
import { finishSignOuts, followOtherTabs } from "../api/session.ts";
import { startClock } from "../time/clock.ts";
import "@fontsource-variable/inter/wght.css";
import "../ui/tokens.css";
import "../ui/base.css";
import { App } from "./App.tsx";
import { followPointer } from "./follow-pointer.ts";

/**
 * After an update the server no longer has the old build's files: the page is loaded anew. Not while the server is
 * away: then there would be no page.
 */
addEventListener("vite:preloadError", () => {
  fetch("/health/live").then(
    ({ ok }) => ok && location.reload(),
    () => undefined,
  );
});

followOtherTabs();
followDrafts();
finishSignOuts();
startClock();
followPointer();

const root = document.getElementById("root");
if (root === null) throw new Error("The page has no root");
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);

if (import.meta.env.PROD && "serviceWorker" in navigator) {
  addEventListener("load", () => void navigator.serviceWorker.register("/sw.js"));
}
