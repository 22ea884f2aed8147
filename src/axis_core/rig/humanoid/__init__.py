"""Joints of two-legged bodies with arms."""
