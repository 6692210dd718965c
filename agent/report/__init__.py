"""What was played, to look at: recorded episodes, videos and the HTML report."""
