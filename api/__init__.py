"""How it is reached: HTTP, the command line, and the composition root."""

from api.guard import check_folders

check_folders()
