/**
 * Sentence embeddings: all-MiniLM-L6-v2 with its published weights, as a model ({@link io.toroid.examples.minilm.MiniLm}), a class that
 * embeds sentences ({@link io.toroid.examples.minilm.SentenceEmbedder}), a model for langchain4j
 * ({@link io.toroid.examples.minilm.ToroidEmbeddingModel}), and a command line.
 *
 * <p>The Maven profile {@code minilm} adds all this to the module; with it, the first build downloads the weights, 83 MB. The command
 * runs where Maven is called. Its arguments are one property, in which quotes keep words together as they do in a shell:
 *
 * <pre>{@code
 * mvn -q -Pminilm compile exec:exec@minilm \
 *     -Dminilm.args="search example-models/src/minilm/samples/notes.txt 'how do I return a parcel'"
 * mvn -q -Pminilm compile exec:exec@minilm -Dminilm.args="embed notes.txt --format table"
 * mvn -q -Pminilm compile exec:exec@minilm -Dminilm.args="padding notes.txt"
 * mvn -q -Pminilm compile exec:exec@minilm -Dminilm.args="embed" < notes.txt > embeddings.jsonl
 * }</pre>
 */
package io.toroid.examples.minilm;
