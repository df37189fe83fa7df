package io.toroid.processor.diagnostic;

import io.toroid.SourcePosition;
import java.util.List;

/** Where a problem of a model is shown. It names places by their meaning, so that it needs nothing of javac. */
public sealed interface Place {

    /** The model's class. */
    record Model() implements Place {
    }

    /** The weight file, as the {@code @Model} annotation names it. */
    record Weights() implements Place {
    }

    /** An entry's declaration. */
    record Entry(String name) implements Place {
    }

    /**
     * A line.
     *
     * @param positions the calls that led to it, innermost first; the first one whose source is being compiled is
     *     shown
     * @param method name of the method called on the innermost line, which gives the column; empty if unknown
     * @param otherwise shown if there is no source for any of them
     */
    record Line(List<SourcePosition> positions, String method, Place otherwise) implements Place {

        public Line {
            positions = List.copyOf(positions);
        }
    }

    /** A line without its callers. */
    static Place of(SourcePosition position, Place otherwise) {
        return position.isKnown() ? new Line(List.of(position), "", otherwise) : otherwise;
    }
}
