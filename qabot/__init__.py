"""qabot answers questions from a folder of news articles, word for word and with the citation."""
