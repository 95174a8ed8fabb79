"""What files to take home are made of, whatever they say."""
