// The controls beside the canvas: plain elements, so that the page stays small and every reader can use it.

import { LOOKS, type Look } from "./looks";
import type { Model } from "./model";
import type { Pose, View, Viewer } from "./viewer";

export interface Level {
  name: string;
  load: () => Promise<Model>;
}

export interface Shown {
  levels: Level[];
  before?: () => Promise<Model>;
  poses: Record<string, Pose>;
  clip?: string;
  facts?: [string, string][];
}

const LOOK_NAMES: Record<Look, string> = {
  shaded: "As it is",
  clay: "Clay",
  wireframe: "Wireframe",
  normals: "Normals",
  uv: "Texture coordinates",
  weights: "Skin weights",
};

export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Record<string, string> = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

/** Fills `host` with the controls for what is shown. Text only ever becomes text. */
export class Panel {
  private model: Model | null = null;
  private readonly morphs = new Map<string, number>();
  private readonly status = element("p", { class: "axis-status", role: "status" });
  private readonly body = element("div", { class: "axis-controls" });
  private readonly look: HTMLSelectElement;
  private readonly joint = element("select");

  constructor(
    host: HTMLElement,
    private readonly viewer: Viewer,
    private readonly shown: Shown,
  ) {
    this.look = choice(LOOKS.map((l) => [l, LOOK_NAMES[l]]));
    host.replaceChildren(this.status, this.body);
  }

  /** Load the first level and offer what it has. */
  async start(): Promise<void> {
    await this.level(0, false);
    if (this.shown.clip && this.model?.clips.some((c) => c.name === this.shown.clip)) this.viewer.play(this.shown.clip);
  }

  private async level(k: number, keepView: boolean): Promise<void> {
    const model = await this.shown.levels[k].load();
    this.model = model;
    this.viewer.show(model, keepView);
    for (const [name, weight] of this.morphs) this.viewer.setMorph(name, weight);
    this.counts();
    this.build(k);
  }

  private counts(): void {
    const c = this.model?.counts;
    if (!c) return;
    const n = (v: number, one: string) => `${v.toLocaleString("en")} ${one}${v === 1 ? "" : "s"}`;
    this.status.textContent = [
      n(c.triangles, "triangle"),
      n(c.vertices, "vertex").replace("vertexs", "vertices"),
      n(c.joints, "joint"),
      n(c.morphs, "shape"),
      n(c.materials, "material"),
    ].join(" · ");
  }

  private build(level: number): void {
    const model = this.model;
    if (!model) return;
    this.body.replaceChildren(this.cameraRow(), ...this.levelRow(level), this.lookRow(model), this.switches(model));
    if (model.joints.length) this.body.append(this.poseRow());
    if (model.clips.length) this.body.append(this.clipRow(model));
    if (this.shown.before) this.body.append(this.beforeRow());
    const names = model.morphNames();
    if (names.length) this.body.append(this.morphGroup("Face", names.filter((n) => !n.startsWith("viseme_"))));
    const visemes = names.filter((n) => n.startsWith("viseme_"));
    if (visemes.length) this.body.append(this.morphGroup("Visemes", visemes));
    if (this.shown.facts?.length) this.body.append(facts(this.shown.facts));
  }

  private cameraRow(): HTMLElement {
    const row = element("div", { class: "axis-row", role: "group", "aria-label": "Camera" });
    const views: [View, string][] = [["front", "Front"], ["side", "Side"], ["back", "Back"], ["face", "Face"]];
    for (const [view, name] of views) row.append(button(name, () => this.viewer.aim(view)));
    row.append(button("Picture", () => void this.save()));
    return row;
  }

  private async save(): Promise<void> {
    const link = element("a", { download: "avatar.png", href: URL.createObjectURL(await this.viewer.picture()) });
    link.click();
    URL.revokeObjectURL(link.href);
  }

  private levelRow(level: number): HTMLElement[] {
    if (this.shown.levels.length < 2) return [];
    const select = choice(this.shown.levels.map((l, k) => [String(k), l.name]));
    select.value = String(level);
    select.addEventListener("change", () => void this.level(Number(select.value), true));
    return [labelled("Level of detail", select)];
  }

  private lookRow(model: Model): HTMLElement {
    const joints = model.joints.map((j) => j.name);
    this.joint.replaceChildren(element("option", { value: "" }, "the strongest joint"));
    for (const name of joints) this.joint.append(element("option", { value: name }, name));
    const jointRow = labelled("Weights of", this.joint);
    jointRow.hidden = this.look.value !== "weights";
    const apply = () => {
      jointRow.hidden = this.look.value !== "weights";
      this.viewer.setLook(this.look.value as Look, this.joint.value);
    };
    this.look.onchange = apply;
    this.joint.onchange = apply;
    this.viewer.onJoint = (name) => {
      this.joint.value = name;
    };
    const box = element("div", { class: "axis-controls" }, labelled("Look", this.look));
    if (joints.length) box.append(jointRow);
    return box;
  }

  private switches(model: Model): HTMLElement {
    const row = element("div", { class: "axis-row" });
    if (model.joints.length) row.append(tick("Skeleton", false, (on) => this.viewer.setSkeleton(on)));
    row.append(tick("Ground", true, (on) => this.viewer.setGround(on)));
    const dark = matchMedia("(prefers-color-scheme: dark)").matches;
    const theme = (on: boolean) => {
      document.documentElement.dataset.theme = on ? "dark" : "light";
      this.viewer.setTheme(on ? "dark" : "light");
    };
    const now = document.documentElement.dataset.theme ? document.documentElement.dataset.theme === "dark" : dark;
    this.viewer.setTheme(now ? "dark" : "light");
    row.append(tick("Dark", now, theme));
    return row;
  }

  private poseRow(): HTMLElement {
    const names = Object.keys(this.shown.poses);
    const select = choice([["", "Rest"], ...names.map((n): [string, string] => [n, spoken(n)])]);
    select.addEventListener("change", () => {
      this.viewer.setPose(select.value ? this.shown.poses[select.value] : null);
      for (const [name, weight] of this.morphs) this.viewer.setMorph(name, weight);
    });
    return labelled("Pose", select);
  }

  private clipRow(model: Model): HTMLElement {
    const select = choice([["", "None"], ...model.clips.map((c): [string, string] => [c.name, spoken(c.name)])]);
    select.value = this.shown.clip && model.clips.some((c) => c.name === this.shown.clip) ? this.shown.clip : "";
    select.addEventListener("change", () => (select.value ? this.viewer.play(select.value) : this.viewer.stop()));
    return labelled("Clip", select);
  }

  private beforeRow(): HTMLElement {
    const range = slider(0.5, (v) => this.viewer.setSplit(v));
    range.disabled = true;
    const on = tick("Before and after", false, (wanted) => {
      range.disabled = !wanted;
      if (!wanted) this.viewer.compare(null);
      else void this.shown.before?.().then((m) => this.viewer.compare(m, range.valueAsNumber));
    });
    return element("div", { class: "axis-controls" }, on, labelled("Divider", range));
  }

  private morphGroup(title: string, names: string[]): HTMLElement {
    const box = element("details", { class: "axis-morphs" }, element("summary", {}, `${title} (${names.length})`));
    const reset = button("Reset", () => {
      for (const name of names) {
        this.morphs.delete(name);
        this.viewer.setMorph(name, 0);
      }
      for (const input of box.querySelectorAll("input")) input.value = "0";
    });
    box.append(reset);
    for (const name of names) {
      const range = slider(this.morphs.get(name) ?? 0, (v) => {
        this.morphs.set(name, v);
        this.viewer.setMorph(name, v);
      });
      range.dataset.morph = name;
      box.append(labelled(spoken(name), range));
    }
    return box;
  }
}

function facts(rows: [string, string][]): HTMLElement {
  const list = element("dl", { class: "axis-facts" });
  for (const [name, value] of rows) list.append(element("dt", {}, name), element("dd", {}, value));
  return element("details", {}, element("summary", {}, "About this file"), list);
}

function spoken(name: string): string {
  const words = name.replace(/^viseme_/, "").replace(/_/g, " ").replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function button(name: string, act: () => void): HTMLButtonElement {
  const made = element("button", { type: "button" }, name);
  made.addEventListener("click", act);
  return made;
}

function choice(options: [string, string][]): HTMLSelectElement {
  return element("select", {}, ...options.map(([value, name]) => element("option", { value }, name)));
}

function slider(value: number, act: (value: number) => void): HTMLInputElement {
  const made = element("input", { type: "range", min: "0", max: "1", step: "0.01" });
  made.value = String(value);
  made.addEventListener("input", () => act(made.valueAsNumber));
  return made;
}

function tick(name: string, on: boolean, act: (on: boolean) => void): HTMLLabelElement {
  const box = element("input", { type: "checkbox" });
  box.checked = on;
  box.addEventListener("change", () => act(box.checked));
  return element("label", { class: "axis-tick" }, box, name);
}

let fields = 0;

function labelled(name: string, control: HTMLElement): HTMLElement {
  control.id ||= `axis-field-${(fields += 1)}`;
  return element("div", { class: "axis-field" }, element("label", { for: control.id }, name), control);
}
