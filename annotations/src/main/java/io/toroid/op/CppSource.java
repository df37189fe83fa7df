package io.toroid.op;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * What an operator of the author's own computes, in C++20 without exceptions and without what needs the C++ standard library at run time.
 *
 * <p>The body sees the parameters of the schema under their names. A {@code Tensor} is a {@code TensorView}: {@code data}, {@code numel},
 * {@code ndim}, {@code sizes[]}, and elements by {@code x[i]}; its elements are row-major. {@code Tensor[]}, {@code Tensor?[]}, {@code int[]},
 * {@code float[]} and {@code bool[]} have {@code count}, {@code list[i]} and {@code for (const auto& one : list)}. An {@code int} is an
 * {@code int64_t}, a {@code float} a {@code double}, a {@code str} a {@code const char*}, a {@code ScalarType} a {@code Dtype}, whose
 * {@code code} is its number in PyTorch; a {@code Device} has {@code type} and {@code index}, 0 and -1 for the CPU. The tensors of a list have one
 * element type; one that is left out of a {@code Tensor?[]} has no elements. What is optional, in a list too, is tested ({@code if (bias)}); if it is no tensor, its value is {@code *bias}. Results have the names that the schema gives
 * them, or {@code result}, or {@code result0}, {@code result1} and so on; all of their elements are to be written. A tensor that the schema
 * marks, {@code Tensor(a!) x}, is written where it stands.
 *
 * <p>{@code call.fail("the step %g is not positive", step)} ends the run with that message; return after it.
 * {@code parallel_for(pool, count, grain, [&](int64_t begin, int64_t end) { ... })} shares work among threads.
 *
 * @param includes headers, such as {@code <cmath>} or {@code <toroid/math.h>}
 * @param declarations functions and types that the body uses
 * @param body the statements of the function
 */
public record CppSource(List<String> includes, String declarations, String body) {

    public CppSource {
        includes = List.copyOf(includes);
        Objects.requireNonNull(declarations, "declarations");
        Objects.requireNonNull(body, "body");
    }

    /** The statements of the function. */
    public static CppSource of(String body) {
        return new CppSource(List.of(), "", body);
    }

    /** With one more header. */
    public CppSource including(String header) {
        List<String> more = new ArrayList<>(includes);
        more.add(header);
        return new CppSource(more, declarations, body);
    }

    /** With functions and types that the body uses. */
    public CppSource declaring(String text) {
        return new CppSource(includes, declarations + text, body);
    }
}
