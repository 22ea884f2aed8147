"""Hair: a cap over the scalp and ribbons of strands grown from it, shaped once in the base mesh, hung on every shape.

::

    HairStyle -> cap (the scalp, lifted) + strands (grown along a comb, under gravity, off the head) -> ribbons
              -> HairModel (topology and binding, the same for every shape) -> hang_hair -> Piece
"""
