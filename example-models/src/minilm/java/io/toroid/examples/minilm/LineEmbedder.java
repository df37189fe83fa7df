package io.toroid.examples.minilm;

import java.util.ArrayList;
import java.util.List;

/**
 * Embeds the lines of a file, shows how far it is, and tells the user of each line that is too long.
 *
 * @param file its name, for messages
 * @param total how many lines there are, or 0 if nobody knows
 */
record LineEmbedder(SentenceEmbedder embedder, String file, long total, Terminal terminal, Progress progress) {

    /** A line with its embedding. */
    record Embedded(Line line, Tokens tokens, float[] embedding) {
    }

    List<Embedded> embed(List<Line> lines) {
        List<Tokens> tokens = embedder.tokenize(Line.texts(lines));
        List<float[]> embeddings = embedder.embedTokens(heads(lines, tokens), count -> progress.add(count, total));
        progress.clear();
        List<Embedded> embedded = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            embedded.add(new Embedded(lines.get(i), tokens.get(i), embeddings.get(i)));
        }
        return embedded;
    }

    /** What of the lines the model takes. */
    List<long[]> heads(List<Line> lines) {
        return heads(lines, embedder.tokenize(Line.texts(lines)));
    }

    private List<long[]> heads(List<Line> lines, List<Tokens> tokens) {
        for (int i = 0; i < lines.size(); i++) {
            if (tokens.get(i).isTooLong()) {
                progress.clear();
                terminal.err().printf("minilm: line %d of %s has %d tokens; the first %d are used%n",
                        lines.get(i).number(), file, tokens.get(i).count(), MiniLm.POSITIONS);
            }
        }
        return tokens.stream().map(Tokens::head).toList();
    }
}
