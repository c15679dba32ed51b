"""Scripts that put no blank between words, so that no sign tells where a word ends."""

JOINED_LETTERS = "\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af"  # for a class of a pattern
