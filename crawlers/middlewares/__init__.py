"""What stands between the spiders and the network: addresses, pauses, robots.txt, retries, keys."""
