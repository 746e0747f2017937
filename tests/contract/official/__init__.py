"""This SDK and the official package with the same arguments: they send the same. `make compat` runs this."""
