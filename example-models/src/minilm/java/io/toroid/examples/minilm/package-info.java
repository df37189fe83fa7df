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
 * }</pre>
 *
 * <p>Once it is compiled, a script runs it faster, in pipes too (Maven keeps standard input to itself), and with its own exit code. It
 * needs {@code JAVA_HOME} to be a JDK 25, or {@code java} to be of one:
 *
 * <pre>{@code
 * export PATH=$PWD/example-models/src/minilm/bin:$PATH
 * minilm search notes.txt "how do I return a parcel" --top 3
 * grep -v '^#' notes.txt | minilm embed > embeddings.jsonl
 * }</pre>
 */
package io.toroid.examples.minilm;
