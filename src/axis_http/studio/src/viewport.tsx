// The viewer inside the Studio: the canvas, its controls, and what the service knows of an export.

import { useEffect, useRef } from "preact/hooks";
import { Model } from "axis-viewer/model";
import { Panel } from "axis-viewer/panel";
import { Viewer } from "axis-viewer/viewer";
import { bytes, call, type ViewerData } from "./api";
import { tell } from "./state";

type Marks = Record<string, [number, number, number]>;

interface Props {
  exportId: string;
  before: File | null;
  onMarkers?: (markers: Marks) => void;
  onReady?: (viewer: Viewer) => void;
}

export function Viewport({ exportId, before, onMarkers, onReady }: Props) {
  const stage = useRef<HTMLDivElement>(null);
  const controls = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!stage.current || !controls.current) return;
    let gone = false;
    let viewer: Viewer;
    try {
      viewer = new Viewer(stage.current);
    } catch {
      tell(new Error("this browser offers no WebGL, so the avatar cannot be drawn; it can be downloaded all the same"));
      return;
    }
    viewer.onMarkers = (m) => onMarkers?.(m);
    const host = controls.current;
    void (async () => {
      const data = await call<ViewerData>("GET", `/api/exports/${exportId}/viewer`);
      if (gone) return;
      const glb = before && /\.(glb|vrm)$/i.test(before.name) ? before : null;
      const panel = new Panel(host, viewer, {
        levels: data.levels.map((l) => ({ name: l.name, load: async () => Model.read(await bytes(l.url)) })),
        before: glb ? async () => Model.read(await glb.arrayBuffer()) : undefined,
        poses: data.poses,
        facts: data.facts,
      });
      await panel.start();
      Object.assign(window, { axisViewer: viewer });
      if (stage.current) stage.current.dataset.state = "ready";
      onReady?.(viewer);
    })().catch(tell);
    return () => {
      gone = true;
      viewer.dispose();
    };
  }, [exportId]);
  return (
    <div class="viewport">
      <div class="axis-stage" ref={stage} data-state="loading" />
      <div class="axis-side" ref={controls} role="group" aria-label="Look" />
    </div>
  );
}
