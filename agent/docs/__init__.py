"""``heedful docs``: a page with a picture for every family and every task, made from the code."""
