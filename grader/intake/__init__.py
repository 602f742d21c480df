"""Hand-ins as instructors have them: folders, zips and rosters, read without believing them."""
