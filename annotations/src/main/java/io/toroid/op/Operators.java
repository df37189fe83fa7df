package io.toroid.op;

import java.lang.reflect.Field;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * All operators, by name. A new operator is a constant in its family's class and is found here by itself.
 */
public final class Operators {

    private static final Map<String, Operator> ALL = Stream.of(
                    UnaryOperators.class,
                    BinaryOperators.class,
                    TernaryOperators.class,
                    ActivationOperators.class,
                    ComparisonOperators.class,
                    ConditionalOperators.class,
                    ReductionOperators.class,
                    NormOperators.class,
                    ScanOperators.class,
                    SortingOperators.class,
                    ScatterOperators.class,
                    HistogramOperators.class,
                    NormalizationOperators.class,
                    MatrixOperators.class,
                    AttentionOperators.class,
                    ConvolutionOperators.class,
                    PoolingOperators.class,
                    ResamplingOperators.class,
                    LossOperators.class,
                    ViewOperators.class,
                    RearrangingOperators.class,
                    StridedOperators.class,
                    PaddingOperators.class,
                    SplittingOperators.class,
                    JoiningOperators.class,
                    IndexingOperators.class,
                    DataSizedOperators.class,
                    CreationOperators.class,
                    RandomOperators.class,
                    ControlFlow.class,
                    UpdateOperators.class)
            .flatMap(family -> Stream.of(family.getDeclaredFields()))
            .filter(field -> field.getType() == Operator.class)
            .map(Operators::read)
            .sorted(Comparator.comparing(Operator::name))
            .collect(Collectors.toMap(Operator::name, operator -> operator,
                    (first, second) -> {
                        throw new IllegalStateException("two operators are named " + first.name());
                    },
                    LinkedHashMap::new));

    private Operators() {
    }

    /** Every operator, in the order of the names. */
    public static Collection<Operator> all() {
        return java.util.Collections.unmodifiableCollection(ALL.values());
    }

    /** The operator of a qualified name, such as {@code aten.add.Tensor}. */
    public static Optional<Operator> byName(String name) {
        return Optional.ofNullable(ALL.get(name));
    }

    private static Operator read(Field field) {
        try {
            return (Operator) field.get(null);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }
}
