"""The pages: server-rendered, in the words of the API, useful without a script."""
