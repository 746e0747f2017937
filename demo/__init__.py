"""The program of `make demo`: it shows both jobs of this repository in a minute."""
