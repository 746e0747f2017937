"""What two versions of an API are to callers: surfaces, their differences, and reports of them."""
