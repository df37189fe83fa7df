package io.toroid.processor.compiled;

import io.toroid.Tensor;
import java.util.ArrayList;
import java.util.List;

/** The types of two bytes and one: stored so, computed in f32 where they are floating, wrapping around where they are integers. */
final class NarrowCases {

    private final List<GraphCase> cases = new ArrayList<>();

    static List<GraphCase> all() {
        NarrowCases narrow = new NarrowCases();
        narrow.floats();
        return narrow.cases;
    }

    private void floats() {
        for (String dtype : List.of("f16", "bf16")) {
            cases.add(GraphCase.of("narrow_add_" + dtype, "%1$s[n, m], %1$s[m]".formatted(dtype), x -> x.get(0).add(x.get(1)))
                    .dim("n", 1, 5).dim("m", 1, 37).values(Values.SPECIAL));
        }
    }
}
