"""The lessons themselves, one file each: text, trials with their checks, published tables, quiz."""
