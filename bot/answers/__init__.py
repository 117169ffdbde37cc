"""From a question to an answer whose every line is cited: retrieval, extraction, abstention, conversation."""
