"""Bodies of kernels in the words of the array API standard: the same on NumPy, cupy and array-api-strict.

They are the oracles of the compiled twins in ``kernels/cpu`` and what runs on a GPU. Each takes the namespace of its
arrays first. Shapes and errors are checked by the kernel above.
"""
