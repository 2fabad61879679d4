"""One loader a data set; each says how large it is, where it comes from and under which licence."""
