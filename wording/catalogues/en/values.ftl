### Values.

less-than-a-second = less than a second
