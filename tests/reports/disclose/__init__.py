"""Tests of protecting tables of cells that come from outside a home."""
