/** Sentence embeddings: all-MiniLM-L6-v2 with its published weights. */
package io.toroid.examples.minilm;
