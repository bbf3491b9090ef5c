"""nginx's own language, whichever controller or implementation speaks it."""
