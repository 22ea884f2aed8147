"""Clothes: pieces of the body's own helper surfaces, cut, draped over the shape and hemmed.

::

    Garment -> Cut (which surface, where it ends, how far it stands off)
            -> Sheet (the surface clipped there; topology, the same for every shape)
            -> drape (displacements for one shape, over what is worn below) -> Piece (positions, hems, collar)

Who wears too little gets the rest in :mod:`axis_core.body.dress.wardrobe`, for every age, and nothing can leave it out.
"""
