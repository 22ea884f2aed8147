// The skeleton over the surface: bones as lines, joints as dots that can be pointed at and dragged.

import * as THREE from "three";
import type { Model } from "./model";

const BONE = 0x1864ab;
const JOINT = 0xf08c00;
const CHOSEN = 0xe03131;

export class SkeletonOverlay {
  readonly group = new THREE.Group();
  private readonly lines: THREE.LineSegments;
  private readonly dots: THREE.InstancedMesh;
  private readonly pairs: [THREE.Bone, THREE.Bone][] = [];
  private readonly moved = new Map<THREE.Bone, THREE.Vector3>();
  chosen: THREE.Bone | null = null;

  constructor(
    private readonly model: Model,
    radius: number,
  ) {
    for (const bone of model.joints)
      if ((bone.parent as THREE.Bone | null)?.isBone && model.joints.includes(bone.parent as THREE.Bone))
        this.pairs.push([bone.parent as THREE.Bone, bone]);
    const geometry = new THREE.BufferGeometry();
    geometry.setAttribute("position", new THREE.BufferAttribute(new Float32Array(this.pairs.length * 6), 3));
    const over = { depthTest: false, depthWrite: false, transparent: true };
    this.lines = new THREE.LineSegments(geometry, new THREE.LineBasicMaterial({ color: BONE, ...over }));
    this.dots = new THREE.InstancedMesh(
      new THREE.SphereGeometry(radius, 10, 8),
      new THREE.MeshBasicMaterial(over),
      Math.max(model.joints.length, 1),
    );
    this.dots.count = model.joints.length;
    this.lines.renderOrder = 10;
    this.dots.renderOrder = 11;
    this.lines.frustumCulled = this.dots.frustumCulled = false;
    this.group.add(this.lines, this.dots);
  }

  place(bone: THREE.Bone, out = new THREE.Vector3()): THREE.Vector3 {
    const moved = this.moved.get(bone);
    return moved ? out.copy(moved) : out.setFromMatrixPosition(bone.matrixWorld);
  }

  /** Bring lines and dots to where the bones are now. */
  update(): void {
    const at = this.lines.geometry.attributes.position as THREE.BufferAttribute;
    const p = new THREE.Vector3();
    this.pairs.forEach(([a, b], k) => {
      this.place(a, p);
      at.setXYZ(2 * k, p.x, p.y, p.z);
      this.place(b, p);
      at.setXYZ(2 * k + 1, p.x, p.y, p.z);
    });
    at.needsUpdate = true;
    const matrix = new THREE.Matrix4();
    const colour = new THREE.Color();
    this.model.joints.forEach((bone, k) => {
      const size = bone === this.chosen ? 1.7 : /Index|Middle|Ring|Little|Thumb|Pinky/i.test(bone.name) ? 0.5 : 1;
      matrix.makeScale(size, size, size).setPosition(this.place(bone, p));
      this.dots.setMatrixAt(k, matrix);
      this.dots.setColorAt(k, colour.setHex(bone === this.chosen || this.moved.has(bone) ? CHOSEN : JOINT));
    });
    this.dots.instanceMatrix.needsUpdate = true;
    if (this.dots.instanceColor) this.dots.instanceColor.needsUpdate = true;
    this.dots.computeBoundingSphere();
  }

  /** The joint under a ray, the nearest of those that it meets. */
  pick(ray: THREE.Raycaster): THREE.Bone | null {
    const hit = ray.intersectObject(this.dots, false)[0];
    return hit?.instanceId === undefined ? null : this.model.joints[hit.instanceId];
  }

  /** Where a marker was dragged to; the bone itself stays until the rig is made anew. */
  drag(bone: THREE.Bone, to: THREE.Vector3, mirror: boolean): void {
    this.moved.set(bone, to.clone());
    const twin = mirror ? this.twin(bone) : null;
    if (twin) this.moved.set(twin, new THREE.Vector3(-to.x, to.y, to.z));
  }

  twin(bone: THREE.Bone): THREE.Bone | null {
    const swap: Record<string, string> = { left: "right", right: "left", Left: "Right", Right: "Left", L: "R", R: "L" };
    const name = bone.name.replace(/left|right|Left|Right|(?<=[_.])[LR]$/, (s) => swap[s]);
    return name === bone.name ? null : (this.model.joints.find((j) => j.name === name) ?? null);
  }

  markers(): Record<string, [number, number, number]> {
    return Object.fromEntries([...this.moved].map(([bone, p]) => [bone.name, [p.x, p.y, p.z]]));
  }

  clearMarkers(): void {
    this.moved.clear();
  }

  dispose(): void {
    this.lines.geometry.dispose();
    this.dots.geometry.dispose();
    this.dots.dispose();
  }
}
