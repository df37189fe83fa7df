package io.toroid.shape;

import java.util.Optional;

/**
 * A computer algebra system behind the canonical form: asked only what {@link Size} itself cannot decide.
 *
 * <p>An empty answer means "don't know". Implementations are thread-safe and may be slow to start, so an environment takes a
 * supplier and asks it late.
 */
public interface Solver {
    /** A solver that knows nothing. */
    Solver NONE = new Solver() {
        @Override
        public Optional<Boolean> equal(Size a, Size b) {
            return Optional.empty();
        }

        @Override
        public Optional<Size> solve(Size expression, Symbol unknown, Size value) {
            return Optional.empty();
        }

        @Override
        public Size simplify(Size size) {
            return size;
        }
    };

    /** True if the two are equal for all values of their symbols, false if they differ for all, else empty. */
    Optional<Boolean> equal(Size a, Size b);

    /** The only {@code unknown} for which {@code expression == value}, as an expression of the other symbols. */
    Optional<Size> solve(Size expression, Symbol unknown, Size value);

    /** An equal size that is no longer in text; the size itself if nothing better is found. */
    Size simplify(Size size);
}
