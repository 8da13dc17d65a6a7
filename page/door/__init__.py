"""What stands between the network and the page: who comes in, how much of it at a time, and what is written down."""
