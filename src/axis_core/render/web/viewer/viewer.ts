// The viewer: one canvas, one or two models, drawn only when something changed.

import * as THREE from "three";
import { OrbitControls } from "three/examples/jsm/controls/OrbitControls.js";
import { RoomEnvironment } from "three/examples/jsm/environments/RoomEnvironment.js";
import { Looks, type Look } from "./looks";
import { Model } from "./model";
import { SkeletonOverlay } from "./skeleton";

export type Pose = Record<string, number[]>;
export type View = "front" | "side" | "back" | "face";

const PAPER = { light: 0xe9ecef, dark: 0x1b1e22 };

export class Viewer {
  readonly canvas: HTMLCanvasElement;
  private readonly renderer: THREE.WebGLRenderer;
  private readonly scene = new THREE.Scene();
  private readonly camera = new THREE.PerspectiveCamera(30, 1, 0.01, 100);
  private readonly controls: OrbitControls;
  private readonly observer: ResizeObserver;
  private readonly timer = new THREE.Timer();
  private readonly ground = new THREE.GridHelper(4, 16, 0x868e96, 0xadb5bd);
  model: Model | null = null;
  other: Model | null = null;
  private looks: Looks | null = null;
  private overlay: SkeletonOverlay | null = null;
  private mixer: THREE.AnimationMixer | null = null;
  private look: Look = "shaded";
  private joint: THREE.Bone | null = null;
  private showsSkeleton = false;
  private split = 0.5;
  private dragging: THREE.Bone | null = null;
  private asked = 0;
  frames = 0;
  mirror = true;
  onMarkers: (markers: Record<string, [number, number, number]>) => void = () => {};
  onJoint: (name: string) => void = () => {};

  constructor(host: HTMLElement) {
    this.renderer = new THREE.WebGLRenderer({ antialias: true, preserveDrawingBuffer: true });
    this.renderer.setPixelRatio(Math.min(devicePixelRatio, 2));
    this.renderer.toneMapping = THREE.NeutralToneMapping;
    this.canvas = this.renderer.domElement;
    this.canvas.tabIndex = 0;
    this.canvas.setAttribute("role", "img");
    this.canvas.setAttribute("aria-label", "The avatar in three dimensions. Arrow keys turn it, plus and minus zoom.");
    host.append(this.canvas);
    this.controls = new OrbitControls(this.camera, this.canvas);
    this.controls.enableDamping = false;
    this.controls.addEventListener("change", () => this.invalidate());
    const room = new THREE.PMREMGenerator(this.renderer);
    this.scene.environment = room.fromScene(new RoomEnvironment(), 0, 0.1, 100, { size: 64 }).texture;
    this.scene.environmentIntensity = 0.55;
    room.dispose();
    const key = new THREE.DirectionalLight(0xffffff, 1.6);
    key.position.set(1.5, 2.5, 2.5);
    const rim = new THREE.DirectionalLight(0xffffff, 0.7);
    rim.position.set(-2, 2, -2.5);
    this.scene.add(key, rim, new THREE.HemisphereLight(0xffffff, 0x8d8478, 0.5), this.ground);
    this.setTheme("light");
    this.observer = new ResizeObserver(() => this.resize());
    this.observer.observe(host);
    this.resize();
    this.canvas.addEventListener("keydown", (e) => this.onKey(e));
    this.canvas.addEventListener("pointerdown", (e) => this.grab(e));
    this.canvas.addEventListener("pointermove", (e) => this.move(e));
    this.canvas.addEventListener("pointerup", () => this.release());
  }

  /** Show a model; the camera is aimed at it unless `keepView`. */
  show(model: Model, keepView = false): void {
    this.remove(this.model);
    this.overlay?.dispose();
    if (this.overlay) this.scene.remove(this.overlay.group);
    this.stop();
    this.model = model;
    this.scene.add(model.root);
    this.looks = new Looks(model);
    const joint = this.joint?.name;
    this.joint = model.joints.find((j) => j.name === joint) ?? null;
    const box = model.bounds();
    this.overlay = new SkeletonOverlay(model, Math.max(box.getSize(new THREE.Vector3()).length(), 1e-3) * 0.005);
    this.overlay.group.visible = this.showsSkeleton;
    this.overlay.chosen = this.joint;
    this.scene.add(this.overlay.group);
    this.looks.apply(this.look, this.joint);
    if (!keepView) this.aim("front");
    this.invalidate();
  }

  /** A second model left of a divider; null takes it away. */
  compare(model: Model | null, split = 0.5): void {
    this.remove(this.other);
    this.other = model;
    if (model) this.scene.add(model.root);
    this.setSplit(split);
  }

  setSplit(split: number): void {
    this.split = Math.min(Math.max(split, 0), 1);
    this.invalidate();
  }

  aim(view: View): void {
    const box = this.model?.bounds() ?? new THREE.Box3();
    if (box.isEmpty()) return;
    const size = box.getSize(new THREE.Vector3());
    const middle = box.getCenter(new THREE.Vector3());
    let high = size.y;
    const head = view === "face" ? this.model?.joints.find((j) => /head$/i.test(j.name)) : undefined;
    if (head) {
      const neck = new THREE.Vector3().setFromMatrixPosition(head.matrixWorld);
      high = Math.max((box.max.y - neck.y) * 1.5, size.y * 0.05);
      middle.set(neck.x, (neck.y + box.max.y) / 2, neck.z);
    }
    const wide = head ? high : view === "side" ? size.z : size.x;
    const half = Math.tan(THREE.MathUtils.degToRad(this.camera.fov / 2));
    const far = 1.12 * Math.max(high / (2 * half), wide / (2 * half * this.camera.aspect)) + (head ? 0 : size.z / 2);
    const way = view === "side" ? [1, 0, 0] : view === "back" ? [0, 0.05, -1] : [0.28, 0.08, 1];
    this.camera.position.copy(middle).addScaledVector(new THREE.Vector3(...way).normalize(), far);
    this.camera.near = far / 100;
    this.camera.far = far * 20;
    this.camera.updateProjectionMatrix();
    this.controls.target.copy(middle);
    this.controls.update();
    this.ground.position.y = box.min.y;
    this.ground.scale.setScalar(Math.max(size.y, size.x, 1e-3) / 1.8);
    this.invalidate();
  }

  setLook(look: Look, joint = ""): void {
    this.look = look;
    this.joint = this.model?.joints.find((j) => j.name === joint) ?? null;
    if (this.overlay) this.overlay.chosen = this.joint;
    this.looks?.apply(look, this.joint);
    this.invalidate();
  }

  setSkeleton(on: boolean): void {
    this.showsSkeleton = on;
    if (this.overlay) this.overlay.group.visible = on;
    this.invalidate();
  }

  setGround(on: boolean): void {
    this.ground.visible = on;
    this.invalidate();
  }

  setTheme(theme: "light" | "dark"): void {
    this.scene.background = new THREE.Color(PAPER[theme]);
    this.invalidate();
  }

  setMorph(name: string, weight: number): void {
    this.model?.setMorph(name, weight);
    this.invalidate();
  }

  setPose(pose: Pose | null): void {
    this.stop();
    if (pose) this.model?.pose(pose);
    else this.model?.reset();
    this.invalidate();
  }

  play(clip: string): void {
    this.stop();
    const model = this.model;
    const found = model?.clips.find((c) => c.name === clip);
    if (!model || !found) return;
    this.mixer = new THREE.AnimationMixer(model.root);
    this.mixer.clipAction(found).play();
    this.timer.reset();
    this.invalidate();
  }

  /** End a clip; the model goes back to rest. */
  stop(): void {
    this.mixer?.stopAllAction();
    this.mixer = null;
    this.model?.reset();
    this.invalidate();
  }

  turn(angle: number): void {
    const from = this.camera.position.clone().sub(this.controls.target);
    from.applyAxisAngle(new THREE.Vector3(0, 1, 0), angle);
    this.camera.position.copy(this.controls.target).add(from);
    this.controls.update();
    this.invalidate();
  }

  /** What is drawn now, as a PNG. */
  picture(): Promise<Blob> {
    this.draw();
    return new Promise((done, fail) =>
      this.canvas.toBlob((b) => (b ? done(b) : fail(new Error("the browser made no picture"))), "image/png"),
    );
  }

  /** Where a joint is on the canvas, in CSS pixels. */
  jointOnScreen(name: string): [number, number] | null {
    const bone = this.model?.joints.find((j) => j.name === name);
    if (!bone || !this.overlay) return null;
    this.model?.root.updateMatrixWorld(true);
    const p = this.overlay.place(bone).project(this.camera);
    const box = this.canvas.getBoundingClientRect();
    return [box.left + ((p.x + 1) / 2) * box.width, box.top + ((1 - p.y) / 2) * box.height];
  }

  clearMarkers(): void {
    this.overlay?.clearMarkers();
    this.onMarkers({});
    this.invalidate();
  }

  invalidate(): void {
    if (!this.asked) this.asked = requestAnimationFrame((now) => this.frame(now));
  }

  dispose(): void {
    cancelAnimationFrame(this.asked);
    this.observer.disconnect();
    this.controls.dispose();
    this.model?.dispose();
    this.other?.dispose();
    this.renderer.dispose();
    this.canvas.remove();
  }

  private remove(model: Model | null): void {
    if (!model) return;
    this.scene.remove(model.root);
    if (model === this.model) this.looks?.clear();
  }

  private frame(now: number): void {
    this.asked = 0;
    if (this.mixer) {
      this.timer.update(now);
      this.mixer.update(Math.min(this.timer.getDelta(), 0.1));
      this.invalidate();
    }
    this.draw();
    this.frames += 1;
  }

  private draw(): void {
    this.scene.updateMatrixWorld(true);
    if (this.showsSkeleton) this.overlay?.update();
    const { width, height } = this.renderer.getSize(new THREE.Vector2());
    const at = this.other ? Math.round(this.split * width) : 0;
    this.renderer.setScissorTest(Boolean(this.other));
    if (this.other && this.model) {
      this.half(false);
      this.renderer.setScissor(0, 0, at, height);
      this.renderer.render(this.scene, this.camera);
      this.half(true);
      this.renderer.setScissor(at, 0, width - at, height);
    }
    this.renderer.render(this.scene, this.camera);
  }

  private half(main: boolean): void {
    if (this.model) this.model.root.visible = main;
    if (this.other) this.other.root.visible = !main;
    if (this.overlay) this.overlay.group.visible = main && this.showsSkeleton;
  }

  private resize(): void {
    const host = this.canvas.parentElement;
    if (!host?.clientWidth || !host.clientHeight) return;
    this.renderer.setSize(host.clientWidth, host.clientHeight);
    this.camera.aspect = host.clientWidth / host.clientHeight;
    this.camera.updateProjectionMatrix();
    this.invalidate();
  }

  private onKey(event: KeyboardEvent): void {
    const turns: Record<string, () => void> = {
      ArrowLeft: () => this.turn(-0.2),
      ArrowRight: () => this.turn(0.2),
      "+": () => this.zoom(0.9),
      "=": () => this.zoom(0.9),
      "-": () => this.zoom(1.1),
      "1": () => this.aim("front"),
      "2": () => this.aim("side"),
      "3": () => this.aim("back"),
      "4": () => this.aim("face"),
    };
    const act = turns[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  }

  private zoom(factor: number): void {
    this.camera.position.sub(this.controls.target).multiplyScalar(factor).add(this.controls.target);
    this.controls.update();
    this.invalidate();
  }

  private ray(event: PointerEvent): THREE.Raycaster {
    const box = this.canvas.getBoundingClientRect();
    const at = new THREE.Vector2(
      ((event.clientX - box.left) / box.width) * 2 - 1,
      1 - ((event.clientY - box.top) / box.height) * 2,
    );
    const ray = new THREE.Raycaster();
    ray.setFromCamera(at, this.camera);
    return ray;
  }

  private grab(event: PointerEvent): void {
    if (!this.showsSkeleton || !this.overlay) return;
    this.overlay.update();
    const bone = this.overlay.pick(this.ray(event));
    if (!bone) return;
    this.dragging = bone;
    this.controls.enabled = false;
    this.canvas.setPointerCapture(event.pointerId);
    this.overlay.chosen = bone;
    this.joint = bone;
    if (this.look === "weights") this.looks?.apply(this.look, bone);
    this.onJoint(bone.name);
    this.invalidate();
  }

  private move(event: PointerEvent): void {
    if (!this.dragging || !this.overlay || event.buttons === 0) return;
    const toward = this.camera.getWorldDirection(new THREE.Vector3());
    const plane = new THREE.Plane().setFromNormalAndCoplanarPoint(toward, this.overlay.place(this.dragging));
    const hit = this.ray(event).ray.intersectPlane(plane, new THREE.Vector3());
    if (!hit) return;
    this.overlay.drag(this.dragging, hit, this.mirror);
    this.onMarkers(this.overlay.markers());
    this.invalidate();
  }

  private release(): void {
    this.dragging = null;
    this.controls.enabled = true;
  }
}
