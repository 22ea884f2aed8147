"""The adapter: Litestar routes that call one service function each."""
