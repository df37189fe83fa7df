package io.toroid.op;

import io.toroid.DType;
import io.toroid.SourcePosition;
import io.toroid.Tensor;
import io.toroid.TensorException.Kind;
import io.toroid.shape.Range;
import io.toroid.shape.Relation;
import io.toroid.shape.ShapeEnvironment;
import io.toroid.shape.Size;
import io.toroid.shape.Symbol;
import io.toroid.shape.Verdict;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Sizes that depend on data, and assertions about sizes. A traced tensor gives a new symbol, whose value the compiled model
 * reads in mid-call; one that holds values gives a number.
 */
public final class DataSizes {

    private DataSizes() {
    }

    /**
     * The value of a tensor as a size.
     *
     * @param atMost a symbolic bound that the values are known to have, or null
     */
    public static Size of(Tensor tensor, Range range, Size atMost) {
        if (tensor.dtype().isFloating() || !tensor.shape().numel().equals(Size.ONE)) {
            throw Rules.mistake(Kind.SHAPE, "toSize",
                    "takes one integer, not %s; select one element, and convert it with .to(DType.I64)".formatted(tensor.type()));
        }
        if (tensor.values().isPresent()) {
            return number(Math.round(tensor.item()), range);
        }
        Tensor whole = tensor.dtype() == DType.I64 ? tensor : tensor.to(DType.I64);
        return environment(tensor).ofData(range, atMost, whole);
    }

    private static Size number(long value, Range range) {
        if (!range.contains(value)) {
            throw Rules.mistake(Kind.VALUE, "toSize", "the value is %d and must be %s".formatted(value, range));
        }
        return Size.of(value);
    }

    private static ShapeEnvironment environment(Tensor tensor) {
        return tensor.environment().orElseThrow(() -> Rules.mistake(Kind.VALUE, "toSize",
                "%s depends on no input of the model, so the size would depend on weights; compute it from an input, or write the number"
                        .formatted(tensor.type())));
    }

    /** Asserts a relation of sizes. */
    public static void check(Size left, Relation relation, Size right, String why) {
        Optional<ShapeEnvironment> environment = Stream.of(left, right)
                .flatMap(size -> size.symbols().stream()).flatMap(symbol -> symbol.owner().stream()).findFirst();
        Verdict verdict = environment
                .map(found -> found.require(left, relation, right, why, SourcePosition.current().toString()))
                .orElseGet(() -> relation.holds(left.constant(), right.constant()) ? Verdict.PROVED : Verdict.REFUTED);
        if (!verdict.isAcceptable()) {
            throw Rules.mistake(Kind.SHAPE, "check", "%s: %s %s %s does not hold%s".formatted(why, left, relation, right,
                    verdict == Verdict.PINNED ? " but for one value of a dynamic dimension; write that number in the @Spec if it is meant" : ""));
        }
    }

    /** Asserts that all elements of a tensor are true. */
    public static void check(Tensor condition, String why) {
        check(of(condition.dtype() == DType.BOOL ? condition.all() : condition.ne(0).all(), Range.of(0, 1), null),
                Relation.EQUAL, Size.ONE, why);
    }

    /** The sizes that depend on data among the symbols of a size. */
    static Stream<Symbol> in(Size size) {
        return size.symbols().stream().filter(Symbol::isData);
    }
}
