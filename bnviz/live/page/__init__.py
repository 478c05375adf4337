"""What a page is made of before anything of it is drawn: its head, headers, files, and the pictures of links to it."""
