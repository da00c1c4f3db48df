"""Making what is started by double click: a folder with Python, Qt and the playground in it, and packages.

`python3 packaging/dev.py bundle` runs `packaging/make_bundle.py`, which puts the modules here together.
"""
