package io.toroid.examples.minilm;

/** What {@link ToroidEmbeddingModel} does with a text that is longer than the model takes at a time. */
public enum LongTexts {

    /** Embeds it in parts and takes their mean, weighted by their lengths: all of a text counts. langchain4j documents this. */
    WHOLE,

    /**
     * Embeds the first 128 tokens: what {@code AllMiniLmL6V2EmbeddingModel} of langchain4j 1.20.0 does in fact, since its tokenizer's
     * file cuts there before the text is divided. For stores that were filled by it.
     */
    FIRST_128_TOKENS
}
