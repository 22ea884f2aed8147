// The page that `axis preview` writes and `/api/preview` serves: models from the page itself or from a link.

import { Model } from "./model";
import { element, Panel, type Level } from "./panel";
import { Viewer, type Pose } from "./viewer";

interface PageData {
  title: string;
  levels: { name: string; element?: string; url?: string }[];
  before?: { element?: string; url?: string };
  poses: Record<string, Pose>;
  clip?: string;
  facts: [string, string][];
}

async function bytes(place: { element?: string; url?: string }): Promise<ArrayBuffer> {
  if (place.url) {
    const answer = await fetch(place.url);
    if (!answer.ok) throw new Error(`the model could not be loaded (${answer.status})`);
    return answer.arrayBuffer();
  }
  const text = atob((document.getElementById(place.element ?? "")?.textContent ?? "").trim());
  const out = new Uint8Array(text.length);
  for (let k = 0; k < text.length; k++) out[k] = text.charCodeAt(k);
  return out.buffer;
}

async function start(): Promise<void> {
  const data = JSON.parse(document.getElementById("axis-data")?.textContent ?? "{}") as PageData;
  const stage = document.getElementById("axis-stage");
  const controls = document.getElementById("axis-panel");
  if (!stage || !controls) return;
  try {
    const viewer = new Viewer(stage);
    const before = data.before;
    const panel = new Panel(controls, viewer, {
      levels: data.levels.map((l): Level => ({ name: l.name, load: async () => Model.read(await bytes(l)) })),
      before: before && (async () => Model.read(await bytes(before))),
      poses: data.poses,
      clip: data.clip,
      facts: data.facts,
    });
    Object.assign(window, { axisViewer: viewer });
    await panel.start();
    requestAnimationFrame(() => requestAnimationFrame(() => (document.documentElement.dataset.state = "ready")));
  } catch (problem) {
    document.documentElement.dataset.state = "failed";
    const text = problem instanceof Error ? problem.message : String(problem);
    stage.replaceChildren(element("p", { class: "axis-problem", role: "alert" }, `This avatar cannot be shown: ${text}`));
  }
}

void start();
