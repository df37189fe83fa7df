package io.toroid.processor.diagnostic;

import io.toroid.SourcePosition;

/**
 * One mistake, ready to be shown.
 *
 * @param diagnostic what sort of mistake
 * @param message the whole text, with its code
 * @param place where it is shown
 */
public record Problem(Diagnostic diagnostic, String message, Place place) {

    /** A mistake of the model as a whole. */
    public static Problem of(Diagnostic diagnostic, Object... arguments) {
        return at(new Place.Model(), diagnostic, arguments);
    }

    /** A mistake of a line, or of the model if the line is unknown. */
    public static Problem at(SourcePosition position, Diagnostic diagnostic, Object... arguments) {
        return at(Place.of(position, new Place.Model()), diagnostic, arguments);
    }

    public static Problem at(Place place, Diagnostic diagnostic, Object... arguments) {
        return new Problem(diagnostic, diagnostic.message(arguments), place);
    }
}
