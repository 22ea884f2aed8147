// A GLB as the viewer holds it: the three.js scene, its skinned meshes, joints, face shapes and clips.

import * as THREE from "three";
import { GLTFLoader } from "three/examples/jsm/loaders/GLTFLoader.js";
import { MeshoptDecoder } from "three/examples/jsm/libs/meshopt_decoder.module.js";

export interface Counts {
  vertices: number;
  triangles: number;
  joints: number;
  morphs: number;
  materials: number;
}

/** One loaded file. Node numbers are those of the file. */
export class Model {
  readonly root: THREE.Group;
  readonly clips: THREE.AnimationClip[];
  readonly meshes: THREE.Mesh[] = [];
  readonly joints: THREE.Bone[] = [];
  readonly nodes = new Map<number, THREE.Object3D>();
  readonly counts: Counts;
  private readonly rest = new Map<THREE.Object3D, THREE.Matrix4>();

  private constructor(root: THREE.Group, clips: THREE.AnimationClip[], numbers: Map<THREE.Object3D, number>) {
    this.root = root;
    this.clips = clips;
    root.traverse((o) => {
      const number = numbers.get(o);
      if (number !== undefined && !this.nodes.has(number)) this.nodes.set(number, o);
      o.updateMatrix();
      this.rest.set(o, o.matrix.clone());
      if ((o as THREE.Mesh).isMesh) this.meshes.push(o as THREE.Mesh);
    });
    const seen = new Set<THREE.Bone>();
    for (const mesh of this.meshes) {
      mesh.frustumCulled = false; // bounds are those of the rest pose
      if ((mesh as THREE.SkinnedMesh).isSkinnedMesh)
        for (const bone of (mesh as THREE.SkinnedMesh).skeleton.bones) seen.add(bone);
    }
    this.joints.push(...seen);
    this.counts = this.counted();
  }

  /** Read a GLB. Textures are decoded by the browser; nothing is fetched. */
  static async read(data: ArrayBuffer): Promise<Model> {
    const loader = new GLTFLoader();
    loader.setMeshoptDecoder(MeshoptDecoder);
    const gltf = await loader.parseAsync(data, "");
    const numbers = new Map<THREE.Object3D, number>();
    for (const [object, place] of gltf.parser.associations)
      if ((object as THREE.Object3D).isObject3D && place.nodes !== undefined)
        numbers.set(object as THREE.Object3D, place.nodes);
    return new Model(gltf.scene, gltf.animations, numbers);
  }

  private counted(): Counts {
    let vertices = 0;
    let triangles = 0;
    const materials = new Set<THREE.Material>();
    for (const mesh of this.meshes) {
      const geometry = mesh.geometry;
      vertices += geometry.attributes.position.count;
      triangles += (geometry.index ? geometry.index.count : geometry.attributes.position.count) / 3;
      for (const m of [mesh.material].flat()) materials.add(m);
    }
    return {
      vertices,
      triangles: Math.round(triangles),
      joints: this.joints.length,
      morphs: this.morphNames().length,
      materials: materials.size,
    };
  }

  /** Names of all face shapes, each once, in the order of the file. */
  morphNames(): string[] {
    const names = new Set<string>();
    for (const mesh of this.meshes) for (const n of Object.keys(mesh.morphTargetDictionary ?? {})) names.add(n);
    return [...names];
  }

  setMorph(name: string, weight: number): void {
    for (const mesh of this.meshes) {
      const k = mesh.morphTargetDictionary?.[name];
      if (k !== undefined && mesh.morphTargetInfluences) mesh.morphTargetInfluences[k] = weight;
    }
  }

  /** Every node and face shape as the file has them. */
  reset(): void {
    for (const [o, matrix] of this.rest) matrix.decompose(o.position, o.quaternion, o.scale);
    for (const mesh of this.meshes) mesh.morphTargetInfluences?.fill(0);
  }

  /** Local matrices by node number, column-major as in glTF. */
  pose(matrices: Record<string, number[]>): void {
    this.reset();
    const matrix = new THREE.Matrix4();
    for (const [number, values] of Object.entries(matrices)) {
      const node = this.nodes.get(Number(number));
      if (node) matrix.fromArray(values).decompose(node.position, node.quaternion, node.scale);
    }
  }

  /** World bounds, skins and shapes counted in. */
  bounds(): THREE.Box3 {
    this.root.updateMatrixWorld(true);
    const box = new THREE.Box3();
    const one = new THREE.Box3();
    for (const mesh of this.meshes) {
      const skinned = mesh as THREE.SkinnedMesh;
      if (skinned.isSkinnedMesh) {
        skinned.skeleton.update();
        skinned.computeBoundingBox();
        if (skinned.boundingBox) box.union(one.copy(skinned.boundingBox).applyMatrix4(skinned.matrixWorld));
      } else {
        box.union(one.setFromObject(mesh, true));
      }
    }
    return box;
  }

  dispose(): void {
    for (const mesh of this.meshes) {
      mesh.geometry.dispose();
      for (const m of [mesh.material].flat()) m.dispose();
    }
  }
}
