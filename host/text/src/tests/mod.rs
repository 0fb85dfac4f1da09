mod evasions;
mod laws;
mod word_lists;
