"""Skin weights of a mesh on a given skeleton: bone heat that never fails.

A vertex belongs to the bone that is nearest in a distance that knows which way the surface looks and what lies between;
the sharp choice is then spread over the surface by one linear solve for all joints. Small and rigid parts follow as
wholes. Every vertex has an owner before the solve, so none is ever left without weight, whatever the mesh.

References
----------
Baran, Popović, *Automatic Rigging and Animation of 3D Characters*, SIGGRAPH 2007, doi:10.1145/1276377.1276467.
Sharp, Crane, *A Laplacian for Nonmanifold Triangle Meshes*, SGP 2020, doi:10.1111/cgf.14069.
"""

from axis_core.kernels.skin_weights.solve import SkinMethod, skin_weights


__all__ = ["SkinMethod", "skin_weights"]
