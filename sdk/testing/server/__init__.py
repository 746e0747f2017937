"""What every request passes: it is recorded, checked and read, and what was scripted for it is done."""
