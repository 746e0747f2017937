"""The runtime of a package: which modules of it a package needs, and the text of their copies."""
