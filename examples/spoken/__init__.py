"""A spoken conversation, from one WAV file to another."""
