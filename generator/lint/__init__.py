"""What in a document makes a poor SDK: findings, and the overlay actions that correct them."""
