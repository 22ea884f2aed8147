"""Payment processors: one of them is chosen by the setting ``AXIS_PAYMENTS``; none is the default."""
