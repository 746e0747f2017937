"""The types of the face, for editors and type checkers: stubs of `sdk/compat/openai/resources` and `.../types`.

They are written from the tables of the face and from the stubs of `sdk.api`, and need no other package.
"""
