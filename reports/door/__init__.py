"""The boards' door as its users meet it: addresses, formats, pages. Running their SQL belongs to
``warehouse.door``.
"""
