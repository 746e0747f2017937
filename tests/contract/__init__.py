"""The SDK against two public servers that we did not write: Steady and aimock. `make contract` runs this."""
