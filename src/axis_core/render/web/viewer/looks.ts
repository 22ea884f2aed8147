// Ways to draw a surface: as it is, wires, normals, texture coordinates, what moves each vertex.

import * as THREE from "three";
import type { Model } from "./model";

export const LOOKS = ["shaded", "clay", "wireframe", "normals", "uv", "weights"] as const;
export type Look = (typeof LOOKS)[number];

const RAMP = [
  [28, 34, 72],
  [40, 96, 180],
  [72, 178, 128],
  [244, 200, 66],
  [216, 52, 40],
].map((c) => c.map((v) => (v / 255) ** 2.2)); // vertex colours are linear
const UNSKINNED = [0.3, 0.3, 0.3];

/** Puts a look on every mesh of a model, and takes it off again. */
export class Looks {
  private readonly own = new Map<THREE.Mesh, THREE.Material | THREE.Material[]>();
  private readonly made: THREE.Material[] = [];
  private checker: THREE.Texture | null = null;

  constructor(private readonly model: Model) {
    for (const mesh of model.meshes) this.own.set(mesh, mesh.material);
  }

  /** `joint`: the bone whose weights are shown; without one, each vertex has the colour of its strongest bone. */
  apply(look: Look, joint: THREE.Bone | null): void {
    this.clear();
    for (const mesh of this.model.meshes) {
      if (look === "shaded") continue;
      if (look === "weights") paintWeights(mesh, joint, this.model.joints);
      const material = this.material(look);
      this.made.push(material);
      mesh.material = material;
    }
  }

  clear(): void {
    for (const [mesh, material] of this.own) mesh.material = material;
    for (const material of this.made.splice(0)) material.dispose();
  }

  private material(look: Look): THREE.Material {
    switch (look) {
      case "normals":
        return new THREE.MeshNormalMaterial({ side: THREE.DoubleSide });
      case "wireframe":
        return new THREE.MeshBasicMaterial({ wireframe: true, color: 0x3a6ea5 });
      case "uv":
        return new THREE.MeshLambertMaterial({ map: this.uvChecker(), side: THREE.DoubleSide });
      case "weights":
        return new THREE.MeshLambertMaterial({ vertexColors: true, side: THREE.DoubleSide });
      default:
        return new THREE.MeshStandardMaterial({ color: 0xc9c4bd, roughness: 0.85, side: THREE.DoubleSide });
    }
  }

  private uvChecker(): THREE.Texture {
    if (this.checker) return this.checker;
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = 512;
    const ink = canvas.getContext("2d");
    if (ink) {
      for (let y = 0; y < 16; y++)
        for (let x = 0; x < 16; x++) {
          ink.fillStyle = `hsl(${(x * 360) / 16}, 60%, ${(x + y) % 2 ? 40 + y * 2 : 80 - y}%)`;
          ink.fillRect(x * 32, y * 32, 32, 32);
        }
    }
    this.checker = new THREE.CanvasTexture(canvas);
    this.checker.colorSpace = THREE.SRGBColorSpace;
    this.checker.wrapS = this.checker.wrapT = THREE.RepeatWrapping;
    return this.checker;
  }
}

function paintWeights(mesh: THREE.Mesh, joint: THREE.Bone | null, joints: THREE.Bone[]): void {
  const geometry = mesh.geometry;
  const count = geometry.attributes.position.count;
  const colours = new Float32Array(count * 3);
  const bones = (mesh as THREE.SkinnedMesh).isSkinnedMesh ? (mesh as THREE.SkinnedMesh).skeleton.bones : [];
  const index = geometry.attributes.skinIndex;
  const weight = geometry.attributes.skinWeight;
  for (let v = 0; v < count; v++) {
    let colour = UNSKINNED;
    if (bones.length && index && weight) colour = joint ? heat(v) : strongest(v);
    colours.set(colour, v * 3);
  }
  geometry.setAttribute("color", new THREE.BufferAttribute(colours, 3));

  function heat(v: number): number[] {
    let total = 0;
    for (let k = 0; k < 4; k++) if (bones[index.getComponent(v, k)] === joint) total += weight.getComponent(v, k);
    return ramp(total);
  }

  function strongest(v: number): number[] {
    let best = 0;
    for (let k = 1; k < 4; k++) if (weight.getComponent(v, k) > weight.getComponent(v, best)) best = k;
    return hue(joints.indexOf(bones[index.getComponent(v, best)]));
  }
}

function ramp(value: number): number[] {
  const at = Math.min(Math.max(value, 0), 1) * (RAMP.length - 1);
  const k = Math.min(Math.floor(at), RAMP.length - 2);
  return RAMP[k].map((c, i) => c + (RAMP[k + 1][i] - c) * (at - k));
}

function hue(k: number): number[] {
  const c = new THREE.Color().setHSL((k * 0.6180339887) % 1, 0.55 + 0.3 * (k % 2), 0.5);
  return [c.r, c.g, c.b];
}
