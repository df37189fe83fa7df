package io.toroid.shape;

import java.util.function.ToLongFunction;

/**
 * A relation that a model needs and nobody could prove: the compiled model tests it at each call.
 *
 * @param why   what needs it, for the message: {@code "aten.add: the sizes of axis 0"}
 * @param where the source position as text, or empty
 */
public record Check(Size left, Relation relation, Size right, String why, String where) {
    public boolean holds(ToLongFunction<Symbol> values) {
        return relation.holds(left.evaluate(values), right.evaluate(values));
    }

    @Override
    public String toString() {
        return left + " " + relation + " " + right;
    }
}
