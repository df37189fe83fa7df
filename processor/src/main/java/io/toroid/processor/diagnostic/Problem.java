package io.toroid.processor.diagnostic;

import io.toroid.SourcePosition;
import java.util.List;

/**
 * One mistake, ready to be shown.
 *
 * @param diagnostic what sort of mistake
 * @param message the whole text, with its code
 * @param positions the lines that led to it, innermost first; empty if it belongs to a declaration. The first one
 *     whose source is being compiled is where it is shown
 * @param method the method called on that line, if known: it gives the column; otherwise empty
 */
public record Problem(Diagnostic diagnostic, String message, List<SourcePosition> positions, String method) {

    public Problem {
        positions = List.copyOf(positions);
    }

    /** A mistake of a declaration. */
    public static Problem of(Diagnostic diagnostic, Object... arguments) {
        return new Problem(diagnostic, diagnostic.message(arguments), List.of(), "");
    }

    /** A mistake of one line. */
    public static Problem at(SourcePosition position, Diagnostic diagnostic, Object... arguments) {
        return new Problem(diagnostic, diagnostic.message(arguments), position.isKnown() ? List.of(position) : List.of(), "");
    }
}
