// The creator for other sites: a person from words and sliders in a frame, handed over by postMessage.
//
// To the page around it:  {source: "axis-creator", type: "ready"}
//                         {source: "axis-creator", type: "exported", url, avatar_id, asset_id}
//                         {source: "axis-creator", type: "failed", error}
// From that page:         {target: "axis-creator", type: "set", prompt?, theme?}
// Only pages whose origin the server allows to frame it are heard and told.

import { render } from "preact";
import { call, settings, type Result } from "./api";
import { Make } from "./make";
import { attempt, problem, result, running } from "./state";
import { effect } from "@preact/signals";

const query = new URLSearchParams(location.search);
const origin = query.get("origin") ?? "";
const allowed = origin === location.origin || (settings.embedders ?? []).includes(origin);

function post(message: Record<string, unknown>): void {
  if (allowed && parent !== window) parent.postMessage({ source: "axis-creator", ...message }, origin);
}

async function handOver(made: Result): Promise<void> {
  const name = query.get("name") ?? "Avatar";
  const avatar = await call<{ avatar_id: string }>("POST", "/portal/api/avatars", { name, export_id: made.export_id });
  const url = new URL(`${settings.prefix}/avatars/${avatar.avatar_id}.glb`, location.href).href;
  post({ type: "exported", url, avatar_id: avatar.avatar_id, asset_id: made.asset_id ?? null });
}

function Creator() {
  const made = result.value;
  return (
    <main class="creator">
      {problem.value && (
        <div class="problem" role="alert">
          {problem.value}
        </div>
      )}
      <Make />
      {made && !running.value && (
        <button type="button" class="main use" onClick={attempt(() => handOver(made))}>
          Use this avatar
        </button>
      )}
    </main>
  );
}

effect(() => {
  if (problem.value) post({ type: "failed", error: problem.value });
});
addEventListener("message", (event) => {
  if (!allowed || event.origin !== origin || event.data?.target !== "axis-creator") return;
  if (event.data.theme === "dark" || event.data.theme === "light")
    document.documentElement.dataset.theme = event.data.theme;
});

const theme = query.get("theme");
if (theme === "dark" || theme === "light") document.documentElement.dataset.theme = theme;
const app = document.getElementById("app");
if (app) render(<Creator />, app);
document.documentElement.dataset.state = "ready";
post({ type: "ready" });
