package io.toroid.processor.codegen.java;

import io.toroid.Tensor;
import io.toroid.shape.Symbol;
import java.util.List;
import java.util.stream.Collectors;

/** What Javadoc says of sizes that depend on data. */
final class DataSizeText {

    private DataSizeText() {
    }

    /** {@code ; the data decide u0, which is 0 to 1000, at most n}, or nothing if all sizes follow from the inputs'. */
    static String of(List<Tensor> tensors) {
        return tensors.stream().flatMap(tensor -> tensor.shape().sizes().stream()).flatMap(size -> size.symbols().stream())
                .filter(Symbol::isData).distinct()
                .map(symbol -> "; the data decide {@code %s}, which is %s%s".formatted(symbol, symbol.declared(), bound(symbol)))
                .collect(Collectors.joining());
    }

    private static String bound(Symbol symbol) {
        return symbol.below().map(below -> ", at most {@code %s}".formatted(below.minus(1))).orElse("");
    }
}
