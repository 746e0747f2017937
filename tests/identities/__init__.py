"""Identities of clouds and workloads, each against an imitation of its servers."""
